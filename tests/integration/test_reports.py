"""The published cases on paper: whole, accessible, the same bytes twice, nothing left unsaid.

A full report takes half a minute: the first case is drawn in Chinese and the second in English
here, and the second in Chinese by ``test_demo_report``.
"""

import re
from datetime import date
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest

from app.reporting.context.source import Source
from app.reporting.rendering import RenderedPdf
from app.services.casework.assessing import Assessed, assess_file
from app.services.casework.issuing import compose_page, edition_of, render_report, report_of

ROOT = Path(__file__).resolve().parents[2]
QUESTIONNAIRES = ROOT / "questionnaires"
EXAMPLES = QUESTIONNAIRES / "private-domain" / "examples"
SHORT = ("self-check", "customer-pulse")
FULL = ("case-1-mother-baby", "case-2-jewellery")
TODAY = date(2026, 11, 21)
MEGABYTE = 1_000_000


def assessed(name: str) -> Assessed:
    return assess_file(EXAMPLES / f"{name}.yaml", QUESTIONNAIRES, None, TODAY, lambda _step: None)


def composed(found: Assessed) -> str:
    definition = report_of(found)
    source = Source.of(found.diagnosis, edition_of(found, definition))
    return compose_page(source, definition).html


@pytest.fixture(scope="module", params=(FULL[0], *SHORT))
def case(request: pytest.FixtureRequest) -> tuple[str, Assessed, RenderedPdf]:
    name: str = request.param
    found = assessed(name)
    return name, found, render_report(found)


def test_the_file_is_accessible(case: tuple[str, Assessed, RenderedPdf]) -> None:
    report = page_validation.validate_pdf_bytes(case[2].data, profile="pdf-ua-1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


@pytest.mark.parametrize("name", SHORT)
def test_a_short_report_renders_to_the_same_bytes(name: str) -> None:
    assert render_report(assessed(name)).data == render_report(assessed(name)).data


def test_every_page_names_client_report_and_place(
    case: tuple[str, Assessed, RenderedPdf],
) -> None:
    name, found, rendered = case
    client = found.diagnosis.assessment.client.name
    document = pypdfium2.PdfDocument(rendered.data)
    first = 1 if name.startswith("case") else 0  # a cover carries no footer
    for number in range(first, len(document)):
        text = document[number].get_textpage().get_text_range()
        assert f"{number + 1} / {len(document)}" in text, number
        assert client in text, number


def test_the_file_is_small(case: tuple[str, Assessed, RenderedPdf]) -> None:
    assert len(case[2].data) < 3 * MEGABYTE


@pytest.mark.parametrize("name", FULL)
def test_a_full_report_is_composed_the_same_twice(name: str) -> None:
    assert composed(assessed(name)) == composed(assessed(name))


@pytest.mark.parametrize("name", [*FULL, *SHORT])
def test_nothing_unformatted_reaches_the_page(name: str) -> None:
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", composed(assessed(name)), flags=re.DOTALL)
    for leak in ("None", "Fraction(", "Decimal(", "Markup(", "{{", "}}", "nan", "&lt;span"):
        assert leak not in text, leak


@pytest.mark.parametrize(
    ("name", "index", "level"), [("case-1-mother-baby", "11.9", 1), ("case-2-jewellery", "37.2", 2)]
)
def test_the_summary_says_what_the_diagnosis_found(name: str, index: str, level: int) -> None:
    found = assessed(name)
    page = composed(found)
    summary = page[page.index('id="summary"') : page.index('id="contents"')]
    assert index in summary
    assert f"L{level} " in summary
    for finding in found.diagnosis.diagnostics.findings[:3]:
        assert finding.rule.finding in summary
        assert finding.rule.code in summary


def test_every_section_of_the_full_report_is_there() -> None:
    found = assessed("case-1-mother-baby")
    page = composed(found)
    for section in report_of(found).sections:
        assert f'<section class="{section.id}"' in page


@pytest.fixture(scope="module")
def english() -> RenderedPdf:
    path = EXAMPLES / "case-2-jewellery.en.yaml"
    found = assess_file(path, QUESTIONNAIRES, None, TODAY, lambda _step: None, "en")
    return render_report(found)


def test_the_english_file_is_accessible(
    english: RenderedPdf,
) -> None:
    report = page_validation.validate_pdf_bytes(english.data, profile="pdf-ua-1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_the_english_summary_is_one_page_too(english: RenderedPdf) -> None:
    document = pypdfium2.PdfDocument(english.data)
    heads = [page.get_textpage().get_text_range()[:60] for page in document]
    assert "Conclusions on one page" in heads[1]
    assert "Contents" in heads[2]
