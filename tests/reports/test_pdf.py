"""A small document with everything that a report has, on paper and as a file."""

import gc
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest

from app.reporting.fonts import FONT_STACK
from app.reporting.pdf import render_pdf
from app.reporting.rendering import RenderedPdf, RenderError
from tests.reports.sample_document import STYLE, render

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rendered() -> RenderedPdf:
    return render()


@pytest.fixture
def document(rendered: RenderedPdf) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(rendered.data)
    yield document
    document.close()


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    pages = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    document.close()
    return "\n".join(pages)


def test_the_file_is_pdf_ua_1_without_a_failure(rendered: RenderedPdf) -> None:
    report = page_validation.validate_pdf_bytes(rendered.data, profile="pdf-ua-1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_the_page_count_is_that_of_the_file(
    rendered: RenderedPdf, document: pypdfium2.PdfDocument
) -> None:
    assert rendered.pages == len(document) == 2


def test_chinese_text_can_be_read_out_of_the_file(rendered: RenderedPdf) -> None:
    text = text_of(rendered.data)
    for words in ("增长诊断", "三百家门店", "张喆与𠮷野商谈", "雷达图", "15天试点", "✓"):
        assert words in text


def test_contents_and_footer_carry_page_numbers(document: pypdfium2.PdfDocument) -> None:
    first = document[0].get_textpage().get_text_range()
    assert "对策" in first
    assert "1 / 2" in first
    assert "2" in next(line for line in first.splitlines() if line.startswith("对策"))


def test_bookmarks_follow_the_headings(document: pypdfium2.PdfDocument) -> None:
    found = [
        (bookmark.level, bookmark.get_title(), bookmark.get_dest().get_index())
        for bookmark in document.get_toc()
    ]
    assert found == [(0, "增长诊断", 0), (1, "对策与编制", 1), (2, "第一步", 1)]


def test_title_author_and_day_are_in_the_file(document: pypdfium2.PdfDocument) -> None:
    metadata = document.get_metadata_dict()
    assert metadata["Title"] == "示例诊断报告"
    assert metadata["Author"] == "示例咨询"
    assert metadata["CreationDate"] == metadata["ModDate"] == "D:20261121"


def test_regular_and_bold_are_two_embedded_fonts(document: pypdfium2.PdfDocument) -> None:
    faces = {
        (text.get_font().get_base_name(), text.get_font().is_embedded)
        for index in range(len(document))
        for text in document[index].get_objects()
        if isinstance(text, pypdfium2.PdfTextObj)
    }
    names = {name.partition("+")[2] for name, _ in faces}
    assert names == {"Zhenmai-Sans", "Zhenmai-Sans-Bold"}
    assert all(embedded for _, embedded in faces)


def test_bold_is_drawn_darker_than_regular() -> None:
    def ink(body: str) -> int:
        page = pypdfium2.PdfDocument(render(body, STYLE).data)[0]
        return sum(255 - level for level in bytes(page.render(grayscale=True).buffer))

    assert ink("<p><b>国国国国国国国国</b></p>") > 1.15 * ink("<p>国国国国国国国国</p>")


def test_a_rare_hanzi_is_drawn_as_itself_and_not_as_another() -> None:
    """Text extraction alone would pass with wrong glyphs, so the pictures are compared."""

    def picture(character: str) -> bytes:
        page = pypdfium2.PdfDocument(render(f"<p>{character}</p>", STYLE).data)[0]
        return bytes(page.render(scale=2, grayscale=True).buffer)

    # A document may bring either or both: the picture of one does not depend on the other.
    both = pypdfium2.PdfDocument(render("<p>𠮷</p><p>吉</p>", STYLE).data)[0]
    assert picture("𠮷") != picture("吉")
    assert bytes(both.render(scale=2, grayscale=True).buffer) not in (picture("𠮷"), picture("吉"))


def test_two_processes_write_the_same_bytes(rendered: RenderedPdf) -> None:
    program = (
        "import hashlib; from tests.reports.sample_document import render;"
        "print(hashlib.sha256(render().data).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=ROOT,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(rendered.data).hexdigest()}


def test_a_second_render_in_the_same_process_writes_the_same_bytes() -> None:
    assert render().data == render().data


def test_the_phases_are_told_in_order() -> None:
    phases: list[str] = []
    render_pdf(
        f'<html lang="zh"><body style="font-family:{FONT_STACK}">诊',
        {},
        {},
        title="t",
        author="a",
        language="zh",
        identifier="1",
        created=date(2026, 1, 1),
        progress=phases.append,
    )
    assert phases == ["fonts", "layout", "drawing"]


def test_a_picture_from_the_assets_is_drawn() -> None:
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50">'
        b'<rect width="50" height="50" fill="#c00"/></svg>'
    )
    data = render('<p><img src="asset:logo.svg" alt="标志"></p>', logo_svg=logo).data
    picture = pypdfium2.PdfDocument(data)[0].render().to_numpy()
    assert ((picture == (0, 0, 204)).all(axis=2)).any()


def test_emoji_and_separators_that_a_phone_sends_do_not_stop_the_render() -> None:
    text = text_of(render("<p>⚠\ufe0f注意⚡快\u2028换行\u2029换段</p>").data)
    assert "注意" in text
    assert "换段" in text


def test_a_failed_render_leaves_the_garbage_collector_on() -> None:
    with pytest.raises(RenderError):
        render("<p>\ue123</p>")
    assert gc.isenabled()
