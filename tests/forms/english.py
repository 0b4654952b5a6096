"""The English catalogue of the forms, and the Chinese keys that stand in their code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from app.reporting.phrases import Phrase

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "web-forms.po"
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def words() -> dict[str, str]:
    """Return the English of every key."""
    with CATALOGUE.open("rb") as file:
        messages = read_po(file)
    return {str(one.id): Phrase(one.string) for one in messages if one.id}


WORDS = words()


def english(text: str) -> str:
    """Return the English of a key; a key without English is a mistake."""
    return WORDS[text]


def strings() -> Iterator[tuple[str, str]]:
    """Yield every Chinese string in the code of the forms with the module it stands in."""
    for path in sorted((ROOT / "app" / "forms").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in told:
                continue
            if isinstance(node.value, str) and HAN.search(node.value):
                yield node.value, path.name
