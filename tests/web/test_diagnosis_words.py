"""Every word of the diagnosis's screens exists in both languages and fills in the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.pofile import read_po

from app.reporting.phrases import CATALOGUES
from app.web.wording import words_of

ROOT: Final = Path(__file__).resolve().parents[2] / "app"
HAN: Final = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
SHOWN: Final = re.compile(r"""\b_\(\s*(?:"([^"]*)"|'([^']*)')""")
PROGRAMS: Final = (
    *sorted((ROOT / "web" / "diagnosis").glob("*.py")),
    ROOT / "services" / "diagnosis" / "deciding.py",
)
PAGES: Final = sorted((ROOT / "web" / "diagnosis" / "templates").rglob("*.html"))
OWN: Final = CATALOGUES / "en" / "LC_MESSAGES" / "web-diagnosis.po"


def keys() -> Iterator[str]:
    for path in PROGRAMS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in told:
                value = node.value
                if isinstance(value, str) and HAN.search(value):
                    yield value
    for path in PAGES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for match in SHOWN.finditer(text):
            yield match[1] or match[2]


KEYS: Final = frozenset(keys())


def own() -> dict[str, str]:
    with OWN.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


def slots(text: str) -> set[str]:
    return {name.partition("|")[0] for _, name, _, _ in Formatter().parse(text) if name}


def test_every_word_has_its_english() -> None:
    assert len(KEYS) > 200
    assert sorted(key for key in KEYS if key not in words_of("en")) == []


def test_no_english_stands_for_a_word_that_is_gone() -> None:
    assert sorted(set(own()) - KEYS) == []


def test_both_languages_fill_in_the_same() -> None:
    assert [key for key, text in own().items() if slots(key) != slots(text)] == []


def test_no_chinese_is_left_in_english() -> None:
    assert [text for text in own().values() if HAN.search(text)] == []


def test_no_template_speaks_chinese_past_the_look_up() -> None:
    left = []
    for path in PAGES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = SHOWN.sub("", text)
        left += [f"{path.name}: {line.strip()}" for line in text.splitlines() if HAN.search(line)]
    assert left == []
