"""The English report: whole, in English but for what is marked Chinese, with the same numbers."""

import json
import re
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from app.reporting.context.source import Source
from app.reporting.document import diagnosis_document
from app.services.casework.assessing import Assessed, assess_file
from app.services.casework.issuing import compose_page, edition_of, report_of
from tests.reports.messages import HAN

ROOT = Path(__file__).resolve().parents[2]
QUESTIONNAIRES = ROOT / "questionnaires"
EXAMPLES = QUESTIONNAIRES / "private-domain" / "examples"
TODAY = date(2026, 11, 21)
CASES = ("case-1-mother-baby", "case-2-jewellery", "self-check", "customer-pulse")
TAGGED = re.compile(r'<span lang="zh-Hans">[^<]*</span>')
HAN_RUN = re.compile(f"{HAN.pattern}+")
TAGS = re.compile(r"<(/?)(\w+)[^>]*>")
BLOCKS = {"p", "td", "th", "li", "h1", "h2", "h3", "div", "section", "figcaption", "tr", "br"}
BLOCKS |= {"tbody", "thead", "table", "text", "title", "desc"}
RUN_ON = re.compile(r"[a-z)”][.;:?!][A-Z“][a-z]|[a-z][,;][a-z]|[a-z]\((?!s\))|[.,;:]{2}(?!\.)")
"""Two sentences, or a word and a bracket, without the blank between them."""


@cache
def assessed(name: str, locale: str | None) -> Assessed:
    path = EXAMPLES / f"{name}.yaml"
    return assess_file(path, QUESTIONNAIRES, None, TODAY, lambda _step: None, locale)


def source_of(found: Assessed) -> Source:
    return Source.of(found.diagnosis, edition_of(found, report_of(found)))


@cache
def page(name: str, locale: str | None) -> str:
    found = assessed(name, locale)
    return compose_page(source_of(found), report_of(found)).html


def runs(html: str) -> list[str]:
    """The texts of a page: what stands inside one block, inline marks taken away."""
    text = re.sub(r'<span class="ref">.*?</span></span>', " ", html)
    text = TAGS.sub(lambda tag: "\n" if tag[2] in BLOCKS else "", text)
    return [unescape(line).strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_chinese_but_what_is_marked_as_such(name: str) -> None:
    html = TAGGED.sub("", page(f"{name}.en", "en"))
    assert [text for text in runs(html) if HAN.search(text)] == []


@pytest.mark.parametrize("name", CASES)
def test_the_english_report_has_every_section_of_the_chinese_one(name: str) -> None:
    sections = re.compile(r'<section class="([\w-]+)"')
    assert sections.findall(page(f"{name}.en", "en")) == sections.findall(page(name, None))


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_runs_into_the_next(name: str) -> None:
    assert [text for text in runs(page(f"{name}.en", "en")) if RUN_ON.search(text)] == []


def test_the_page_says_its_language() -> None:
    assert '<html lang="en">' in page("case-1-mother-baby.en", "en")
    assert '<html lang="zh-Hans">' in page("case-1-mother-baby", None)


def test_the_chinese_term_follows_at_first_use_and_only_there() -> None:
    html = page("case-1-mother-baby.en", "en")
    assert len(re.findall(r'\(<span lang="zh-Hans">加粉率</span>\)', html)) == 1


def test_what_a_client_said_in_chinese_is_printed_as_given_and_tagged() -> None:
    found = assessed("case-1-mother-baby", "en")
    said = {
        run
        for person in found.diagnosis.assessment.respondents
        for answer in person.answers.values()
        for run in HAN_RUN.findall(answer.note)
        if len(run) > 8
    }
    html = page("case-1-mother-baby", "en")
    printed = {run for run in said if run in html}
    assert printed
    assert {run for run in printed if f'<span lang="zh-Hans">{run}</span>' not in html} == set()


def numbers(value: Any, path: str = "") -> dict[str, float]:
    """Every number of a JSON document by its path."""
    if isinstance(value, bool):
        return {}
    if isinstance(value, int | float):
        return {path: value}
    if isinstance(value, dict):
        parts = [numbers(item, f"{path}/{key}") for key, item in value.items()]
    elif isinstance(value, list):
        parts = [numbers(item, f"{path}/{place}") for place, item in enumerate(value)]
    else:
        return {}
    return {key: number for part in parts for key, number in part.items()}


def document(name: str, locale: str | None) -> Any:
    return diagnosis_document(source_of(assessed(name, locale)))


@pytest.mark.parametrize("name", CASES)
def test_both_languages_give_the_same_numbers(name: str) -> None:
    english = document(name, "en")
    chinese = document(name, None)
    assert numbers(english) == numbers(chinese)
    assert english["report"]["language"] == "en"
    assert chinese["report"]["language"] == "zh-Hans"


@pytest.mark.parametrize("name", CASES)
def test_the_english_answers_are_the_chinese_ones_in_english(name: str) -> None:
    one = document(name, None)
    other = document(f"{name}.en", None)
    assert numbers(one) == numbers(other)


@pytest.mark.parametrize("name", CASES)
def test_the_data_is_in_the_report_s_language(name: str) -> None:
    written = json.dumps(document(f"{name}.en", "en"), ensure_ascii=False)
    assert not HAN.search(written)
