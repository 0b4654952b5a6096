"""The trade depends on nothing: import-linter forbids known packages, this all the others."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "app" / "domain").rglob("*.py"))


def imported_names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_imports_the_standard_library_and_itself_alone(path: Path) -> None:
    foreign = [
        name
        for name in imported_names(path.read_text(encoding="utf-8"))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not f"{name}.".startswith("app.domain.")
    ]
    assert foreign == []


def test_there_is_a_domain_to_look_at() -> None:
    assert len(MODULES) > 10
