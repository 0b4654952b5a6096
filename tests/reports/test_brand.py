"""A consultancy's logo and confidentiality line: where they stand, and that nothing else moves."""

from dataclasses import replace
from io import BytesIO

import page as page_validation
import pypdfium2
import pytest
from PIL import Image

from app.content.answers import read_assessment
from app.domain.bounds import CONFIDENTIALITY_WIDTH
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.reporting.context.source import Brand, Source
from app.reporting.rendering import RenderedPdf
from app.services.casework.assessing import Assessed, assess_file
from app.services.casework.issuing import compose_page, edition_of, render_report, report_of
from tests.reports.sample_sources import DAY, QUESTIONNAIRES, case

LINE = "仅供客户内部使用，未经书面同意不得外传。"
LONGEST = "密" * (CONFIDENTIALITY_WIDTH // 2)
EXAMPLES = QUESTIONNAIRES / "private-domain" / "examples"
POINTS_FROM_EDGE = 8.5
"""Three millimetres, within which printers do not print."""


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGBA", (900, 300), (29, 78, 111, 255)).save(file, "PNG")
    return file.getvalue()


def texts(rendered: RenderedPdf) -> list[str]:
    document = pypdfium2.PdfDocument(rendered.data)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def images(rendered: RenderedPdf, page: int) -> int:
    document = pypdfium2.PdfDocument(rendered.data)
    return sum(1 for _ in document[page].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


@pytest.fixture(scope="module")
def kitchen(kitchen_hygiene: MaturityModel, riverside: bytes) -> Assessed:
    said = read_assessment(riverside, "riverside.yaml", kitchen_hygiene)
    client = replace(
        said.client,
        name="示例中央厨房食品科技集团有限公司华东大区供应链分公司",
        consultancy="Bench & Co",
    )
    return Assessed(diagnose(kitchen_hygiene, replace(said, client=client), DAY), "ab" * 32)


def test_the_line_replaces_the_reports_own_words_on_the_cover() -> None:
    source = case("case-1-mother-baby")
    own = compose_page(source, report_of(Assessed(source.diagnosis, ""))).html
    branded = replace(source, brand=Brand(LINE))
    page = compose_page(branded, report_of(Assessed(source.diagnosis, ""))).html
    assert "机密：内含" in own
    assert "running-line" not in own
    assert f'<p class="confidential">{LINE}</p>' in page
    assert f'<div class="running-line">{LINE}</div>' in page
    # Nothing else differs between the two.
    plain = page.replace(f'<div class="running-line">{LINE}</div>', "")
    cover, mark = '<p class="confidential">', "</p>"
    start = own.index(cover)
    end = own.index(mark, start)
    assert plain == own[:start] + f"{cover}{LINE}" + own[end:]


def test_a_full_report_carries_logo_and_line_and_is_accessible(kitchen: Assessed) -> None:
    brand = Brand(LONGEST, "asset:logo.png")
    rendered = render_report(kitchen, brand=brand, assets={"logo.png": picture()})
    report = page_validation.validate_pdf_bytes(rendered.data, profile="pdf-ua-1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    pages = texts(rendered)
    assert all(LONGEST in page for page in pages)
    assert images(rendered, 0) == 1
    assert sum(images(rendered, number) for number in range(1, rendered.pages)) == 0
    document = pypdfium2.PdfDocument(rendered.data)
    for number in range(1, len(document)):
        text = document[number].get_textpage()
        lowest = min(text.get_charbox(place)[1] for place in range(text.count_chars()))
        assert lowest > POINTS_FROM_EDGE


def test_a_short_report_carries_them_without_a_line_moving() -> None:
    found = assess_file(EXAMPLES / "self-check.yaml", QUESTIONNAIRES, DAY, DAY, lambda _step: None)
    plain = render_report(found)
    branded = render_report(
        found, brand=Brand(LINE, "asset:logo.png"), assets={"logo.png": picture()}
    )
    assert branded.pages == plain.pages
    line = "".join(LINE.split())
    assert [page.replace(line, "") for page in texts(branded)] == texts(plain)
    assert all(line in page for page in texts(branded))
    assert [images(branded, number) for number in range(branded.pages)] == [1, 0, 0]
    report = page_validation.validate_pdf_bytes(branded.data, profile="pdf-ua-1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_the_logo_has_a_text_alternative_in_the_reports_language(kitchen: Assessed) -> None:
    definition = report_of(kitchen)
    edition = edition_of(kitchen, definition)
    for locale, words in (("en-GB", "Logo of Bench &amp; Co"), ("zh-Hans", "Bench &amp; Co的标志")):
        said = replace(edition, locale=locale)
        source = Source.of(kitchen.diagnosis, said, Brand("", "asset:logo.png"))
        assert f'alt="{words}"' in compose_page(source, definition).html


def test_a_chinese_line_is_marked_as_such_in_an_english_report() -> None:
    path = EXAMPLES / "case-2-jewellery.en.yaml"
    found = assess_file(path, QUESTIONNAIRES, DAY, DAY, lambda _step: None, "en")
    definition = report_of(found)
    edition = edition_of(found, definition)
    for line, mark in ((LINE, ' lang="zh-Hans"'), ("For the board only.", "")):
        source = Source.of(found.diagnosis, edition, Brand(line))
        assert f'<p class="confidential"{mark}>{line}</p>' in compose_page(source, definition).html
