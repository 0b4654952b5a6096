"""What the charts build on: colours, numbers, widths and line breaks, places."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.charts import (
    BarRow,
    RadarAxis,
    Theme,
    bar_list,
    chinese_amount,
    contrast_ratio,
    darken_to_contrast,
    percent,
    plain,
    radar,
    score,
    signed_score,
)
from app.reporting.charts.metrics import (
    clean,
    text_width,
    wrap,
)
from app.reporting.charts.placement import (
    nice_ticks,
    spread,
    staircase,
)
from tests.reports.drawing import (
    SVG,
    TITLE,
    chinese,
    english,
)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_ratio("#000", "#fff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast_ratio("#ffffff", "#777777") == contrast_ratio("#777777", "#ffffff")


@given(st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=60)
def test_any_brand_colour_becomes_legible_on_paper(channels: tuple[int, int, int]) -> None:
    colour = "#{:02x}{:02x}{:02x}".format(*channels)
    darker = darken_to_contrast(colour, 4.5)
    assert contrast_ratio(darker, "#ffffff") >= 4.5
    if contrast_ratio(colour, "#ffffff") >= 4.5:
        assert darker == colour


def test_what_is_no_colour_is_refused() -> None:
    for text in ("red", "#12345", "#12345g", '#fff" onload="x'):
        with pytest.raises(ValueError, match="not a hex colour"):
            darken_to_contrast(text)


def test_text_colours_of_the_theme_reach_the_contrast_of_running_text() -> None:
    theme = Theme()
    for colour in (theme.ink, theme.muted, theme.accent, theme.alert, theme.warn, theme.ok):
        assert contrast_ratio(colour, theme.paper) >= 4.5
        assert contrast_ratio(theme.muted, theme.accent_pale) >= 4.5


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (score(Fraction(5, 4)), "1.3"),
        (score(1.25), "1.3"),
        (score(-0.04), "0.0"),
        (signed_score(Decimal("1.55")), "+1.6"),
        (signed_score(-1), "-1.0"),
        (signed_score(0), "0.0"),
        (plain(1234567), "1,234,567"),
        (plain(Decimal("2.50")), "2.5"),
        (percent(Fraction(61, 200)), "30.5%"),
        (chinese_amount(9999), "9,999"),
        (chinese_amount(13000), "1.3万"),
        (chinese_amount(-250_000_000), "-2.5亿"),
    ],
)
def test_numbers_are_printed_as_a_table_would(printed: str, expected: str) -> None:
    assert printed == expected


def test_a_wrapped_label_keeps_numbers_with_units_and_punctuation_off_line_starts() -> None:
    for width in range(50, 200, 7):
        for line in wrap("首批10家店，第15天裁决（10家里7家达标）。", 11, width):
            assert line[0] not in "，）。"
            assert line[-1] != "（"
            if width > 60:
                assert not line.endswith(("10", "15", "7", "第"))


@given(text=st.one_of(chinese, english), width=st.integers(24, 300))
@settings(max_examples=100)
def test_a_wrapped_label_loses_no_character_and_stays_within_its_width(
    text: str, width: int
) -> None:
    wrapped = wrap(text, 11, width)
    assert "".join(wrapped).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 11) <= width or len(line) == 1 for line in wrapped)


def test_a_last_line_of_one_character_is_avoided() -> None:
    lines_ = wrap("会员转介绍与流失召回计划", 11, 11 * 11 + 1)
    assert [len(line) for line in lines_] == [6, 6]


def test_a_thin_gap_separates_chinese_from_digits_without_a_space() -> None:
    svg = bar_list([BarRow("第15天", 3)], title=TITLE)
    element = next(e for e in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert element.text == "第15天"
    assert element.get("dx") == "0 .99 0 .99"


@given(
    wanted=st.lists(st.floats(0, 300), max_size=9),
    sizes=st.lists(st.floats(1, 60), min_size=9, max_size=9),
)
@settings(max_examples=100)
def test_labels_moved_apart_never_overlap_and_keep_their_order(
    wanted: list[float], sizes: list[float]
) -> None:
    sizes = sizes[: len(wanted)]
    places = spread(wanted, sizes, 4, 0, 300)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    for one, two in pairwise(order):
        assert places[two] - places[one] >= (sizes[one] + sizes[two]) / 2 + 4 - 1e-6
    if wanted and sum(sizes) + 4 * (len(sizes) - 1) <= 300:
        assert all(p - s / 2 >= -1e-6 for p, s in zip(places, sizes, strict=True))
        assert all(p + s / 2 <= 300 + 1e-6 for p, s in zip(places, sizes, strict=True))


def test_a_label_that_collides_with_nothing_stays_where_it_wants_to_be() -> None:
    assert spread([50, 200], [20, 20], 4, 0, 300) == [50, 200]


def test_a_leader_never_passes_through_a_nearer_label() -> None:
    assert staircase([0, 10, 20, 200], [15, 5, 40, 10], 2) == [1, 0, 0, 0]


@given(low=st.floats(-1e6, 1e6), span=st.floats(0, 1e6))
@settings(max_examples=60)
def test_ticks_enclose_what_is_drawn(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] >= low + span - max(span, 1) * 1e-3
    assert 2 <= len(ticks) <= 13


def test_quotation_marks_in_a_latin_label_are_no_wider_than_they_look() -> None:
    assert clean("Stores’ “guides”") == 'Stores\' "guides"'
    assert clean("门店的“导购”") == "门店的“导购”"


def test_a_radar_gives_a_long_word_its_room_rather_than_break_it() -> None:
    words = ("Standardised process", "Professional team", "Repurchase")
    drawn = radar([RadarAxis(word, 1) for word in words], title="Scores", width=300.0)
    shown = [node.text or "" for node in ElementTree.fromstring(drawn).iter() if node.text]
    for word in ("Standardised", "Professional", "Repurchase"):
        assert any(word in text for text in shown), shown
