"""Load by phase and the month of a post: what exceeds capacity is seen, and nothing collides."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.charts import (
    Contribution,
    LoadCell,
    LoadRow,
    Theme,
    Words,
    WorkPanel,
    load_grid,
    work_waterfalls,
)
from app.reporting.phrases import translation
from tests.reports.drawing import SVG, TITLE, assert_legible, chinese, english, lines, texts

FEW = settings(max_examples=40)
label = st.one_of(chinese, english)
languages = st.sampled_from([Words(), Words.translated(translation("en"))])


def test_a_load_beyond_capacity_crosses_the_line_and_is_bold() -> None:
    theme = Theme()
    svg = load_grid(
        [("PH1", "试点")],
        [LoadRow("客服", (LoadCell(150, 100),)), LoadRow("内容", (LoadCell(50, 100),))],
        title=TITLE,
        theme=theme,
    )
    root = ElementTree.fromstring(svg)
    (line,) = {x for x, _, _, _ in lines(svg, stroke=theme.alert)}
    bars = list(root.iter(f"{SVG}rect"))
    ends = [float(b.get("x", "")) + float(b.get("width", "")) for b in bars]
    assert [bar.get("fill") == theme.alert for bar in bars] == [False, True, False]
    assert ends[1] > line > ends[2]
    bold = [t.text for t in root.iter(f"{SVG}text") if t.get("font-weight") == "700"]
    assert bold == ["PH1", "150%"]
    with pytest.raises(ValueError, match="1 of 2"):
        load_grid([("a", ""), ("b", "")], [LoadRow("x", (None,))], title=TITLE)


def test_the_pieces_of_a_post_end_at_their_sum_and_show_what_exceeds_it() -> None:
    theme = Theme()
    pieces = (Contribution("社群", Decimal("60.5")), Contribution("会话", Decimal("59.5")))
    svg = work_waterfalls([WorkPanel("客服", pieces, 100)], title=TITLE, theme=theme)
    assert [w.text for w in texts(svg)][-4:] == ["会话", "59.5", "合计", "120"]
    rects = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    first, second, total, beyond = (float(r.get("width", "")) for r in rects)
    assert first + second == pytest.approx(total + beyond, abs=0.3)
    assert rects[3].get("fill") == theme.alert
    assert beyond / total == pytest.approx(0.2, abs=0.01)


cells = st.one_of(
    st.none(),
    st.builds(
        LoadCell,
        st.integers(0, 400),
        st.one_of(st.none(), st.integers(0, 200)),
        st.sampled_from(["", "118.5%"]),
        st.booleans(),
    ),
)


@FEW
@given(
    columns=st.lists(st.tuples(st.sampled_from(["PH1", "PH-R"]), label), min_size=1, max_size=7),
    rows=st.lists(st.tuples(label, st.lists(cells, min_size=7, max_size=7)), max_size=6),
    words=languages,
)
def test_a_load_grid_is_legible(
    columns: list[tuple[str, str]],
    rows: list[tuple[str, list[LoadCell | None]]],
    words: Words,
) -> None:
    drawn = [LoadRow(name, tuple(found[: len(columns)])) for name, found in rows]
    assert_legible(load_grid(columns, drawn, title=TITLE, words=words))


@FEW
@given(
    panels=st.lists(
        st.builds(
            WorkPanel,
            label,
            st.lists(
                st.builds(Contribution, label, st.one_of(st.none(), st.integers(0, 9000))),
                max_size=6,
            ).map(tuple),
            st.one_of(st.none(), st.integers(0, 9000)),
        ),
        max_size=5,
    ),
    words=languages,
)
def test_small_waterfalls_are_legible(panels: list[WorkPanel], words: Words) -> None:
    assert_legible(work_waterfalls(panels, title=TITLE, words=words))
