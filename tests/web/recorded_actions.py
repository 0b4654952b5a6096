"""Every action the program writes into the record, read from its code.

An action stands as a constant where ``record`` is called, or it is put together there from
constants, or handed on to a function that calls ``record``. What cannot be read so is told.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from app.domain.response import FindingVerdict

SERVICES: Final = Path(__file__).resolve().parents[2] / "app" / "services"
RECORDING: Final = frozenset({"record", "_record"})
ACTION: Final = re.compile(r"[a-z]+\.[a-z_]+")
VERDICTS: Final = FindingVerdict.__args__  # type: ignore[attr-defined]  # the words of a Literal
SPELLED: Final[Mapping[str, tuple[str, ...]]] = {
    "words.verdict": VERDICTS,
    "_DONE[name]": ("mailed", "reminded"),
}
"""What stands in the braces of an action put together → the words it can be."""


def actions() -> dict[str, str]:
    """Return every action with the place it is written first."""
    found: dict[str, str] = {}
    for path in sorted(SERVICES.rglob("*.py")):
        for action, line in _actions_in(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(action, f"{path.name}:{line}")
    return found


def detail_names() -> dict[str, str]:
    """Return every name of a detail with the place it is written first."""
    found: dict[str, str] = {}
    for path in sorted(SERVICES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in RECORDING:
                for keyword in node.keywords:
                    names = [keyword.arg] if keyword.arg else _keys(tree, keyword.value)
                    for name in names:
                        found.setdefault(name, f"{path.name}:{node.lineno}")
    return found


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _actions_in(tree: ast.Module) -> Iterator[tuple[str, int]]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    recording = [call for call in calls if _called(call) in RECORDING and len(call.args) > 2]
    if not recording:
        return
    for call in recording:
        yield from ((action, call.lineno) for action in _spelled(tree, call.args[2]))
    # A function of the module that is handed the action: then the constant stands at its call.
    for call in calls:
        for argument in call.args:
            text = argument.value if isinstance(argument, ast.Constant) else None
            if isinstance(text, str) and _called(call) and ACTION.fullmatch(text):
                yield text, call.lineno


def _spelled(tree: ast.Module, node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield from _joined(node)
    elif isinstance(node, ast.Name):
        for value in _assigned(tree, node.id):
            yield from _spelled(tree, value)


def _joined(node: ast.JoinedStr) -> Iterator[str]:
    words = [""]
    for part in node.values:
        if isinstance(part, ast.Constant):
            more = [str(part.value)]
        elif isinstance(part, ast.FormattedValue):
            more = list(_choices(part.value))
        else:
            raise TypeError(ast.unparse(node))
        words = [before + after for before in words for after in more]
    yield from words


def _choices(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        for branch in (node.body, node.orelse):
            yield from _choices(branch)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    else:
        text = ast.unparse(node)
        if text not in SPELLED:
            raise LookupError(f"say in tests/web/recorded_actions.py what {text} can be")
        yield from SPELLED[text]


def _assigned(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = [target for target in node.targets if isinstance(target, ast.Name)]
            yield from (node.value for target in targets if target.id == name)


def _keys(tree: ast.Module, node: ast.expr) -> list[str]:
    values = list(_assigned(tree, node.id)) if isinstance(node, ast.Name) else [node]
    dicts = [one for value in values for one in ast.walk(value) if isinstance(one, ast.Dict)]
    return [str(key.value) for one in dicts for key in one.keys if isinstance(key, ast.Constant)]
