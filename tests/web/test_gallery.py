"""The components' words, in both languages, and the names the application must give them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.reporting.phrases import CATALOGUES
from tests.web.gallery.rendering import LOCALES, PAGES, WEB, page

HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
OWN_NAMES = ("诊脉", "中文", "三百")
"""Chinese on an English page on purpose: the product, the other language, what somebody typed."""


def _words(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


@pytest.mark.parametrize("name", PAGES)
def test_an_english_page_has_no_chinese_left(name: str) -> None:
    text = page(name, "en")
    for own in OWN_NAMES:
        text = text.replace(own, "")
    assert not HAN.findall(text), sorted(set(re.findall(rf".{{0,20}}{HAN.pattern}+", text)))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_to_the_content_security_policy(name: str, locale: str) -> None:
    text = page(name, locale)
    assert " style=" not in text
    assert not re.search(r"<style|<script(?![^>]* src=)|\son[a-z]+=|javascript:", text)


def test_no_area_of_the_screens_says_a_word_of_the_frame_differently() -> None:
    folder = CATALOGUES / "en" / "LC_MESSAGES"
    frame = _words(folder / "web-layout.po")
    others = [path for path in folder.glob("web-*.po") if path.name != "web-layout.po"]
    differing = {
        (path.name, key): (words[key], frame[key])
        for path in others
        for words in [_words(path)]
        for key in frame.keys() & words.keys()
        if words[key] != frame[key]
    }
    assert not differing


def test_every_word_of_the_frame_is_still_said_somewhere() -> None:
    said = "".join(
        re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for path in (WEB / "templates").rglob("*.html")
    )
    frame = _words(CATALOGUES / "en" / "LC_MESSAGES" / "web-layout.po")
    assert not [key for key in frame if f'_("{key}"' not in said and f"_('{key}'" not in said]
