"""Sections for a browser: no style in any tag, and every width of a column in the style sheet."""

import re
from dataclasses import replace

import pytest

from app.reporting.context.report import PARTS, ReportContext, build_context
from app.reporting.context.source import Brand, Source
from app.reporting.on_screen import (
    MOST_WIDTHS,
    section_on_screen,
    shown_sections,
    style_on_screen,
)
from app.services.casework.assessing import Assessed, assess_file
from app.services.casework.issuing import compose_page, edition_of, report_of
from tests.reports.sample_sources import DAY, QUESTIONNAIRES, case

EXAMPLES = QUESTIONNAIRES / "private-domain" / "examples"
TAG = re.compile(r"<[a-zA-Z][^>]*>")


def source_of(name: str) -> Source:
    found = assess_file(EXAMPLES / f"{name}.yaml", QUESTIONNAIRES, DAY, DAY, lambda _step: None)
    return Source.of(found.diagnosis, edition_of(found, report_of(found)), Brand("x", "/logo"))


@pytest.fixture(scope="module", params=["case-1-mother-baby", "self-check", "customer-pulse"])
def source(request: pytest.FixtureRequest) -> Source:
    name: str = request.param
    return source_of(name)


def test_no_section_needs_a_style_in_a_tag(source: Source) -> None:
    definition = report_of(Assessed(source.diagnosis, ""))
    for section in shown_sections(definition):
        found = section_on_screen(source, definition, section)
        if found is None:
            continue
        tags = TAG.findall(found.html)
        assert [tag for tag in tags if " style=" in tag or "<style" in tag] == [], section.id
        assert [tag for tag in tags if re.search(r" on\w+=|<script|javascript:", tag)] == []
        style = style_on_screen(source, definition, found.widths)
        for width in found.widths:
            name = "w-" + width.replace(".", "_").replace("%", "pc")
            assert f'<col class="{name}">' in found.html
            assert f"col.{name} {{ width: {width} }}" in style
        assert "@page" not in style


def test_a_section_alone_says_what_it_says_in_the_report() -> None:
    source = case("case-2-jewellery")
    definition = report_of(Assessed(source.diagnosis, ""))
    page = compose_page(source, definition).html
    widths = re.compile(r'<col style="width:([^"]+)">')
    starts = {one.id: page.index(f'<section class="{one.id}"') for one in definition.sections}
    ends = [*sorted(starts.values())[1:], page.index("</body>")]
    for section in shown_sections(definition):
        found = section_on_screen(source, definition, section)
        assert found is not None
        start = starts[section.id]
        printed = page[start : next(end for end in ends if end > start)]
        shown = found.html
        assert len(widths.findall(printed)) == shown.count('<col class="w-')
        assert _words(shown) == _words(printed), section.id


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_part_of_the_full_report_can_be_built_alone() -> None:
    source = case("case-2-jewellery")
    assert set(PARTS) == set(ReportContext.__dataclass_fields__)
    whole = build_context(source)
    assert PARTS["scores"](source) == whole.scores


def test_what_is_no_width_never_reaches_a_style_sheet() -> None:
    source = case("case-2-jewellery")
    definition = report_of(Assessed(source.diagnosis, ""))
    for odd in ("19mm}", "1e9mm", "url(x)", "-5mm", "9999mm", "19mm;color:red", "１９mm", ""):
        with pytest.raises(ValueError, match="not the widths"):
            style_on_screen(source, definition, [odd])
    many = [f"{number}.{place}mm" for number in range(30) for place in range(10)]
    assert len(many) > MOST_WIDTHS
    with pytest.raises(ValueError, match="not the widths"):
        style_on_screen(source, definition, many)


def test_another_language_is_marked_as_on_paper() -> None:
    path = EXAMPLES / "case-2-jewellery.en.yaml"
    found = assess_file(path, QUESTIONNAIRES, DAY, DAY, lambda _step: None, "en")
    definition = report_of(found)
    source = Source.of(found.diagnosis, replace(edition_of(found, definition)))
    section = next(one for one in shown_sections(definition) if one.id == "appendix")
    shown = section_on_screen(source, definition, section)
    assert shown is not None
    assert 'lang="zh' in shown.html
