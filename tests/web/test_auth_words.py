"""Every word of the accounts' screens exists in both languages and fills in the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

import pytest

from app.services.accounts import passwords
from app.web.wording import say_in, words_of

ROOT: Final = Path(__file__).resolve().parents[2] / "app"
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
SHOWN: Final = re.compile(r"""_\(\s*(?:"([^"]*)"|'([^']*)')""")
PROGRAMS: Final = (
    *sorted((ROOT / "web" / "auth").glob("*.py")),
    ROOT / "web" / "problems.py",
    ROOT / "web" / "admin" / "views_members.py",
    *(
        ROOT / "services" / "accounts" / f"{name}.py"
        for name in (
            "joining",
            "members",
            "own_password",
            "passwords",
            "second_factor",
            "signing_in",
        )
    ),
)
PAGES: Final = (
    *sorted((ROOT / "web" / "auth" / "templates").rglob("*.html")),
    *sorted((ROOT / "web" / "admin" / "templates" / "admin").glob("*member*.html")),
)
NAMES: Final = frozenset(("诊脉", *(word for word in passwords.WORN_OUT if HAN.search(word))))
"""The product's own name, and words that passwords are compared with."""


def keys() -> Iterator[str]:
    for path in PROGRAMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in PAGES:
        for match in SHOWN.finditer(path.read_text(encoding="utf-8")):
            yield match[1] or match[2]


KEYS: Final = sorted({key for key in keys() if HAN.search(key)} - NAMES - {passwords.WORDS})


def test_there_are_words_to_look_at() -> None:
    assert len(KEYS) > 150


@pytest.mark.parametrize("key", KEYS)
def test_a_word_of_the_accounts_has_its_english(key: str) -> None:
    english = words_of("en").get(key)
    assert english, f"no English for {key}"
    assert not HAN.search(english)
    assert slots(english) == slots(key)


def slots(text: str) -> set[str]:
    return {name.partition("|")[0] for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("n", "words"), [(1, "1 minute."), (2, "2 minutes.")])
def test_numbers_choose_their_word(n: int, words: str) -> None:
    assert say_in("en")("为了保护账号，请{n}分钟后再试。", n=n).endswith(words)
