"""Every word of the respondent's pages exists in both languages and fills in the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.pofile import read_po

from app.web.wording import words_of

ROOT: Final = Path(__file__).resolve().parents[2] / "app"
CATALOGUE: Final = ROOT / "translations" / "en" / "LC_MESSAGES" / "web-respond.po"
HAN: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
SHOWN: Final = re.compile(r"""(?:_|say)\(\s*(?:"([^"]*)"|'([^']*)')""")
ELSEWHERE: Final = (
    ROOT / "web" / "workspace" / "templates" / "workspace" / "guests.html",
    ROOT / "web" / "workspace" / "templates" / "workspace" / "invitation.html",
    ROOT / "web" / "workspace" / "templates" / "workspace" / "reopen.html",
    ROOT / "web" / "workspace" / "views_reopen.py",
    ROOT / "services" / "invitations" / "export.py",
)
"""Where the workspace speaks of respondents; most of its words stand in its own catalogue."""


def keys(paths: Iterator[Path]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            found |= {match[1] or match[2] for match in SHOWN.finditer(text)}
        else:
            nodes = ast.walk(ast.parse(text))
            found |= {
                node.value
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


def own_paths() -> Iterator[Path]:
    yield from sorted((ROOT / "web" / "respond").rglob("*.html"))
    yield from sorted((ROOT / "web" / "respond").glob("*.py"))
    yield from sorted((ROOT / "services" / "respondents").glob("*.py"))


def slots(text: str) -> set[str]:
    return {name.partition("|")[0] for _, name, _, _ in Formatter().parse(text) if name}


def test_every_chinese_word_has_its_english_and_the_same_gaps() -> None:
    shown = {key for key in keys(own_paths()) if HAN.search(key)}
    assert len(shown) > 100
    english = words_of("en")
    assert sorted(key for key in shown if key not in english) == []
    assert sorted(key for key in shown if HAN.search(english[key])) == []
    assert sorted(key for key in shown if slots(key) != slots(english[key])) == []


def test_no_english_stands_for_a_word_that_is_gone() -> None:
    shown = keys(own_paths()) | keys(iter(ELSEWHERE))
    with CATALOGUE.open("rb") as file:
        kept = {str(message.id) for message in read_po(file) if message.id}
    assert sorted(kept - shown) == []
