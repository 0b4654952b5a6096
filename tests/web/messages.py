"""Every text of the screens that a catalogue must give: ``python -m tests.web.messages``.

Chinese stands in the code only as a key, so each Chinese string in a module of the screens, the
forms or the services is one, whether it is looked up there or handed on in a table or an error. In
templates each stands in ``_("…")``; a Chinese text outside is a mistake, told as such. A text that
paper and screens share stands in ``messages.po`` alone. Run as a program it prints what the
catalogues lack, hold in vain, or say in two ways.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from app.reporting.phrases import CATALOGUES, SOURCE_LOCALE, catalogue, locales
from tests.reports.messages import HAN, ROOT, fields

FOLDERS: Final = ("web", "forms", "services", "store", "jobs")
APP: Final = ROOT / "app"

SILENT: Final[Mapping[str, str]] = {
    "services/engagements/demo.py": "names of the people and clients of the demo workspace",
    "services/engagements/demo_rounds.py": "names of a client of the demo workspace",
    "services/engagements/demo_portal.py": "names and words of people of the demo workspace",
    "services/engagements/demo_coaching.py": "what people said in the demo workspace",
    "services/casework/issuing.py": "words of the report, looked up by its own catalogue",
    "services/casework/summarising.py": "words of the report, looked up by its own catalogue",
    "services/working_days.py": "names of holidays as the calendar has them",
    "services/casework/checking.py": "what the command line tells authors of models",
    "services/casework/printing.py": "what the command line tells authors of answers",
    "jobs/mail.py": "the name a sender has where nobody set one",
    "web/wording.py": "languages by their own names",
}
"""Modules whose Chinese nobody reads as a text of the screens, and what it is."""

READ_NOT_SHOWN: Final[Mapping[str, str]] = {
    "forms/numerals.py:SCALES": "numerals that people type",
    "services/accounts/passwords.py:WORDS": "words that make a bad password",
}
"""Tables of what is read from people, never shown to them."""
FIRST_SHOWN: Final[Mapping[str, str]] = {
    "services/invitations/lists.py:COLUMNS": "headings a list may have beside that of the template",
    "services/coaching/sheets.py:COLUMNS": "headings a sheet may have beside those handed out",
}
"""Tables in which only the first text of each row is shown; the others are read from people."""
LOOK_UPS: Final = frozenset({"_", "say", "say_all", "gettext", "translate", "refused"})
"""The names under which a text is looked up; what stands there is a key, Chinese or not."""

_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff]")
_PATTERN: Final = re.compile(r"\][+*{]|\\s|\.\*")
"""What only regular expressions hold."""
NAMES: Final = frozenset({"诊脉", "中文"})
"""What stays Chinese in every language: the product's name, a language's own name."""


@cache
def messages() -> Mapping[str, str]:
    """Return every key of the screens with the place it stands first."""
    found: dict[str, str] = {}
    for text, place in (*_in_code(), *_in_templates()):
        found.setdefault(text, place)
    return found


@cache
def catalogues(locale: str) -> Mapping[str, Mapping[str, str]]:
    """Return the catalogues of the screens in a language by their names."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((CATALOGUES / locale / "LC_MESSAGES").glob("web-*.po")):
        with path.open("rb") as file:
            found[path.name] = {
                str(message.id): str(message.string) for message in read_po(file) if message.id
            }
    return found


def translated() -> tuple[str, ...]:
    """Return the languages the screens are translated to."""
    return tuple(locale for locale in locales() if locale != SOURCE_LOCALE)


def missing(locale: str) -> list[str]:
    """Return the texts without a translation, with their places."""
    given = {**catalogue(locale)}
    for words in catalogues(locale).values():
        given |= {text: said for text, said in words.items() if said}
    wanted = {text: place for text, place in messages().items() if _IDEOGRAPH.search(text)}
    return [f"{place}: {text}" for text, place in wanted.items() if text not in given]


def vain(locale: str) -> list[str]:
    """Return what a catalogue translates though no screen says it."""
    wanted = messages()
    return [
        f"{name}: {text}"
        for name, words in catalogues(locale).items()
        for text in words
        if text not in wanted
    ]


def contradicting(locale: str) -> list[str]:
    """Return the texts that two catalogues of the screens translate otherwise."""
    first: dict[str, tuple[str, str]] = {}
    found = []
    for name, words in catalogues(locale).items():
        for text, said in words.items():
            there, other = first.setdefault(text, (name, said))
            if said != other:
                found.append(f"{name}: {text!r} is {said!r}, in {there} {other!r}")
    return found


def misfilled(locale: str) -> list[str]:
    """Return the translations that fill in something else than their text, or hold Chinese."""
    return [
        f"{name}: {text!r} → {said!r}"
        for name, words in catalogues(locale).items()
        for text, said in words.items()
        if fields(text) != fields(said) or HAN.search(_without_names(said))
    ]


def strays() -> list[str]:
    """Return the places where Chinese can not be looked up.

    In templates that is outside ``_("…")``, in code inside an f-string, in scripts anywhere.
    """
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) and _holds_text(node)
    ]
    for path in _templates():
        tree = _parsed(path)
        keys = {id(node) for node, _ in _looked_up(tree)}
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {text.strip()}"
            for node, text in _texts(tree)
            if HAN.search(_without_names(text)) and id(node) not in keys
        ]
    for path in sorted((APP / "web" / "static").glob("js/*.js")):
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
            for number, line in enumerate(_without_comments(path), start=1)
            if re.search("[\u3400-\u9fff]{2}", line)
        ]
    return found


# -- code --------------------------------------------------------------------------------------


def _modules() -> list[Path]:
    every = [path for folder in FOLDERS for path in sorted((APP / folder).rglob("*.py"))]
    return [path for path in every if path.relative_to(APP).as_posix() not in SILENT]


def _in_code() -> Iterator[tuple[str, str]]:
    for path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        quiet = {id(text) for text in _quiet(tree, path.relative_to(APP).as_posix())}
        keys = {id(text) for text in _asked_for(tree)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            is_text = _IDEOGRAPH.search(node.value) and not _PATTERN.search(node.value)
            if id(node) in keys or (is_text and id(node) not in quiet and node.value not in NAMES):
                yield node.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def _asked_for(tree: ast.Module) -> Iterator[ast.AST]:
    """Return the constants that stand where a text is looked up."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) in LOOK_UPS:
            yield from node.args[:1]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            # say_in(locale)("…")
            yield from node.args[:1]


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _quiet(tree: ast.Module, name: str) -> Iterator[ast.AST]:
    """Return the constants that nobody reads as a text of the screens."""
    for node in ast.walk(tree):
        yield from _docstrings(node)
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Call) and _called(node.func) in ("compile", "fullmatch"):
            yield from node.args
        elif isinstance(node, ast.Dict):
            # Words of each language side by side need no catalogue.
            pairs = zip(node.keys, node.values, strict=True)
            yield from (said for key, said in pairs if getattr(key, "value", "") in locales())
    for statement in tree.body:
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        table = f"{name}:{target.id}" if isinstance(target, ast.Name) else ""
        if table in READ_NOT_SHOWN:
            yield from ast.walk(statement)
        elif table in FIRST_SHOWN:
            for row in ast.walk(statement):
                yield from row.elts[1:] if isinstance(row, ast.Tuple) else ()


def _holds_text(node: ast.JoinedStr) -> bool:
    parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    return any(_IDEOGRAPH.search(str(part)) for part in parts)


def _docstrings(node: ast.AST) -> Iterator[ast.AST]:
    body = getattr(node, "body", None)
    for statement in body if isinstance(body, list) else ():
        if isinstance(statement, ast.Expr):
            yield statement.value


# -- templates and scripts ---------------------------------------------------------------------


def _templates() -> list[Path]:
    return sorted((APP / "web").rglob("*.html"))


@cache
def _parsed(path: Path) -> nodes.Template:
    return Environment().parse(path.read_text(encoding="utf-8"))


def _in_templates() -> Iterator[tuple[str, str]]:
    for path in _templates():
        for node, text in _looked_up(_parsed(path)):
            yield text, f"{path.relative_to(ROOT)}:{node.lineno}"


def _looked_up(tree: nodes.Template) -> Iterator[tuple[nodes.Const, str]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in LOOK_UPS:
            for argument in call.args[:1]:
                yield from _constants(argument)


def _constants(node: nodes.Node) -> Iterator[tuple[nodes.Const, str]]:
    """Return the texts an argument can be: it may choose between two."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node, node.value
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _constants(branch)


def _texts(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str]]:
    for data in tree.find_all(nodes.TemplateData):
        yield data, data.data
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str):
            yield constant, constant.value


def _without_names(text: str) -> str:
    for name in NAMES:
        text = text.replace(name, "")
    return text


def _without_comments(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    blank = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    return [re.sub(r"(^|\s)//.*", "", line) for line in blank.splitlines()]


def main() -> None:
    """Print what each catalogue lacks, holds in vain, or says in two ways."""
    for locale in translated():
        for title, found in (
            ("lacks", missing(locale)),
            ("holds in vain", vain(locale)),
            ("says in two ways", contradicting(locale)),
            ("fills in otherwise", misfilled(locale)),
        ):
            for line in found:
                sys.stdout.write(f"{locale} {title} {line}\n")
    for line in strays():
        sys.stdout.write(f"cannot be looked up: {line}\n")


if __name__ == "__main__":
    main()
