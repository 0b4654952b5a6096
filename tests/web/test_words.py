"""Both languages are whole: every text is translated, and no page speaks two of them."""

import html
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from app.store.rows import Member
from app.store.scope import INSTALLATION
from app.web.principal import LOCALE_COOKIE
from tests.web.matrix.cells import Cell, cells_of
from tests.web.matrix.judging import Court
from tests.web.matrix.principals import PRINCIPALS
from tests.web.messages import contradicting, misfilled, missing, strays, translated, vain
from tests.web.test_matrix import told

BY_NAME = {principal.name: principal for principal in PRINCIPALS}
READERS = (
    "owner",
    "viewer on the team",
    "respondent",
    "respondent who has submitted",
    "visitor",
    "visitor who has asked",
    "client contact",
    "anonymous",
)
HOW = "run: python -m tests.web.messages"
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
NAMES = re.compile(r"诊脉|中文")
HIDDEN = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
FOREIGN = {
    locale: re.compile(rf'<(\w+)\b[^>]*\blang="{other}"[^>]*>.*?</\1>', re.DOTALL)
    for locale, other in (("en", "zh-Hans"), ("zh-Hans", "en"))
}
IN_THE_LANGUAGE_OF_THE_REPORT = ("reports.section", "portal.section")
READ_ALOUD = re.compile(r'\b(?:title|alt|placeholder|aria-label|data-label|value)="([^"]*)"')
MARK = re.compile(r"canary\w*( [a-z]+)?", re.IGNORECASE)
SENTENCE = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,}){2,}\b")
"""Three words in small letters: more than a term of the trade."""


@pytest.mark.parametrize("locale", translated())
def test_every_text_of_the_screens_is_translated(locale: str) -> None:
    assert missing(locale) == [], HOW


@pytest.mark.parametrize("locale", translated())
def test_nothing_is_translated_that_no_screen_says(locale: str) -> None:
    assert vain(locale) == [], HOW


@pytest.mark.parametrize("locale", translated())
def test_no_text_is_translated_in_two_ways(locale: str) -> None:
    assert contradicting(locale) == [], HOW


@pytest.mark.parametrize("locale", translated())
def test_translations_fill_in_the_same_and_hold_no_chinese(locale: str) -> None:
    assert misfilled(locale) == [], HOW


def test_chinese_stands_only_where_it_can_be_looked_up() -> None:
    assert strays() == [], HOW


# -- what people read ----------------------------------------------------------------------------


def looks(court: Court, name: str) -> Iterator[Cell]:
    """Return one cell for every page a person can open."""
    world, principal = court.held.world, BY_NAME[name]
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in ("static", *IN_THE_LANGUAGE_OF_THE_REPORT):
            continue
        for cell in cells_of(world, rule, principal):
            if cell.method == "GET" and cell.statuses & {200, 404} and "/" not in cell.kind:
                yield cell
                break


def empty_forms(court: Court, name: str) -> Iterator[Cell]:
    """Return every change a person may make, with nothing filled in."""
    world, principal = court.held.world, BY_NAME[name]
    kind = "not mine" if "own" in principal.untried else "own"
    for rule in world.app.url_map.iter_rules():
        for cell in cells_of(world, rule, principal):
            if cell.method == "POST" and cell.kind in (kind, "own"):
                yield cell
                break


def read(court: Court, cell: Cell, locale: str, blank: bool = False) -> str:
    """Return everything a person reads in an answer, one piece after the other."""
    world = court.held.world
    browser = world.app.test_client(use_cookies=False)
    cookies = [cell.principal.cookie(world), f"{LOCALE_COOKIE}={locale}"]
    answer = browser.open(
        cell.path,
        method=cell.method,
        headers={"Cookie": "; ".join(filter(None, cookies))},
        query_string=dict(cell.sent.query),
        data={} if blank and cell.sent.json is None else None,
        json={} if blank and cell.sent.json is not None else None,
        buffered=True,
    )
    court.held.undo()
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            texts = [name for name in book.namelist() if "sharedStrings" in name or "sheet" in name]
            return TAG.sub(" ", " ".join(book.read(name).decode() for name in texts))
    if answer.mimetype == "application/json":
        return answer.get_data(as_text=True).encode().decode("unicode_escape")
    if answer.mimetype != "text/html":
        return ""
    # What says it is in another language, such as the page that speaks both, is no leftover.
    foreign = FOREIGN[locale].sub(" ", answer.text.partition("<body")[2])
    page = HIDDEN.sub(" ", foreign)
    spoken = " | ".join(READ_ALOUD.findall(page))
    return MARK.sub("", html.unescape(f"{TAG.sub(' ', page)} {spoken}"))


@pytest.fixture
def reading(court: Court) -> Iterator[Court]:
    """The populated installation, in which people can be given another language."""
    yield court
    court.held.undo()


def speak(court: Court, locale: str) -> None:
    """Give everybody a language."""
    with court.held.world.database.writing(INSTALLATION) as session:
        session.execute(update(Member).values(locale=locale))


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", READERS)
def test_no_chinese_is_left_on_an_english_page(reading: Court, name: str) -> None:
    found = []
    for blank, cells in ((False, looks), (True, empty_forms)):
        for cell in cells(reading, name):
            speak(reading, "en")
            text = NAMES.sub("", read(reading, cell, "en", blank))
            rest = sorted({text[max(m.start() - 12, 0) : m.end() + 12] for m in HAN.finditer(text)})
            found += [f"{cell.name}: …{' '.join(one.split())}…" for one in rest[:3]]
    assert not found, told(found)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", READERS)
def test_no_english_is_left_on_a_chinese_page(reading: Court, name: str) -> None:
    found = []
    for blank, cells in ((False, looks), (True, empty_forms)):
        for cell in cells(reading, name):
            text = read(reading, cell, "zh-Hans", blank)
            rest = sorted(set(SENTENCE.findall(" ".join(text.split()))))
            found += [f"{cell.name}: {one}" for one in rest[:3]]
    assert not found, told(found)
