"""Every fixed text of the reports that a catalogue must give: ``python -m tests.reports.messages``.

Chinese stands in the code only as a key of the catalogue, so each Chinese string in a module of the
reports is one, whether it is looked up there or handed on in a table. In templates each stands in
``_("…")``; a Chinese text outside is a mistake, told as such. Run as a program it prints what the
catalogues lack or hold in vain.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from jinja2 import Environment, nodes

from app.content.report_folder import read_report
from app.domain.vocabulary import MEASURES
from app.reporting.phrases import SOURCE_LOCALE, catalogue, locales

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LOOK_UPS = {"translate", "say", "_say", "t"}
"""The names under which code looks a fixed text up; what stands there is a key, Chinese or not."""

SERVICES = ("casework/issuing", "reports/previewing", "casework/summarising")
"""Services that put fixed words into reports."""

SILENT = {
    "app/reporting/fonts.py",
    "app/reporting/pdf.py",
    "app/reporting/clauses.py",
    "app/reporting/glossing.py",
    "app/reporting/numerals.py",
    "app/reporting/charts/metrics.py",
    "app/reporting/charts/numbers.py",
}
"""Modules whose Chinese no reader sees as such: typefaces, line breaks, marks, Chinese numerals."""


def messages() -> dict[str, str]:
    """Return every key of the catalogues with the place it stands first."""
    found: dict[str, str] = {}
    for text, place in (*_in_code(), *_in_templates(), *_in_data()):
        found.setdefault(text, place)
    return found


def untranslatable() -> list[str]:
    """Return the places where Chinese can not be looked up.

    In a template that is outside ``_("…")``, in code inside an f-string.
    """
    strays = [
        f"{path.name}:{node.lineno}: {ast.unparse(node)}"
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) and HAN.search(ast.unparse(node))
    ]
    for path in _templates():
        tree = Environment().parse(path.read_text(encoding="utf-8"))
        keys = {id(node) for node, _ in _looked_up(tree)}
        strays += [
            f"{path.name}:{node.lineno}: {text.strip()}"
            for node, text in _texts(tree)
            if HAN.search(text) and id(node) not in keys
        ]
    return strays


def fields(text: str) -> list[str]:
    """Return the placeholders of a text, unnamed ones by their place, each once, sorted."""
    names, place = set(), 0
    for _, name, _, _ in Formatter().parse(text):
        if name == "":
            name, place = str(place), place + 1
        if name is not None:
            names.add(name.split("|")[0])
    return sorted(names)


def _modules() -> list[Path]:
    services = [ROOT / "app" / "services" / f"{name}.py" for name in SERVICES]
    paths = (*sorted((ROOT / "app" / "reporting").rglob("*.py")), *services)
    return [path for path in paths if path.relative_to(ROOT).as_posix() not in SILENT]


def _in_code() -> Iterator[tuple[str, str]]:
    for path in _modules():
        tree, looked_up = ast.parse(path.read_text(encoding="utf-8")), set[int]()
        docs = {id(text) for node in ast.walk(tree) for text in _docstrings(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in LOOK_UPS:
                looked_up.update(id(argument) for argument in node.args[:1])
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and (HAN.search(node.value) or id(node) in looked_up)
                and id(node) not in docs
            ):
                yield node.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _docstrings(node: ast.AST) -> Iterator[ast.AST]:
    body = getattr(node, "body", None)
    for statement in body if isinstance(body, list) else ():
        if isinstance(statement, ast.Expr):
            yield statement.value


def _templates() -> list[Path]:
    return sorted((ROOT / "reports").rglob("*.j2"))


def _in_templates() -> Iterator[tuple[str, str]]:
    for path in _templates():
        tree = Environment().parse(path.read_text(encoding="utf-8"))
        for node, text in _looked_up(tree):
            yield text, f"{path.relative_to(ROOT)}:{node.lineno}"


def _looked_up(tree: nodes.Template) -> Iterator[tuple[nodes.Const, str]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_":
            for text in call.args[:1]:
                if isinstance(text, nodes.Const) and HAN.search(text.value):
                    yield text, text.value


def _texts(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str]]:
    for data in tree.find_all(nodes.TemplateData):
        yield data, data.data
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str):
            yield constant, constant.value


def _in_data() -> Iterator[tuple[str, str]]:
    for folder in sorted(path.parent for path in (ROOT / "reports").glob("*/report.yaml")):
        definition = read_report(folder)
        yield definition.title, f"{folder.name}/report.yaml"
        for section in definition.sections:
            yield section.title, f"{folder.name}/report.yaml"
    for title in MEASURES.values():
        if HAN.search(title):
            yield title, "app/domain/vocabulary.py"


def main() -> None:
    """Print what each catalogue lacks, with its place, and what nothing asks for."""
    wanted = messages()
    for locale in locales():
        if locale == SOURCE_LOCALE:
            continue
        given = catalogue(locale)
        for text, place in wanted.items():
            if text not in given:
                sys.stdout.write(f"{locale} lacks {text!r} ({place})\n")
        for text in given:
            if text not in wanted:
                sys.stdout.write(f"{locale} holds in vain {text!r}\n")


if __name__ == "__main__":
    main()
