"""The charts as a reader meets them: escaped, complete, the same every time."""

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from app.reporting.charts import (
    BarRow,
    Contribution,
    GanttGate,
    GanttPhase,
    GanttRow,
    GapRow,
    HeatRow,
    KpiNode,
    LoadBar,
    LoadCell,
    LoadPart,
    LoadRow,
    OrgUnit,
    PerceptionRow,
    ProcessStep,
    RadarAxis,
    RoleScore,
    Scenario,
    StageReading,
    StandingPoint,
    StatusItem,
    Theme,
    Words,
    WorkPanel,
    bar_list,
    chinese_amount,
    contrast_ratio,
    forecast_chart,
    gantt,
    gap_plot,
    heatmap,
    kpi_tree,
    load_bars,
    load_grid,
    organisation_chart,
    perception_plot,
    process_map,
    radar,
    stage_chevrons,
    standings_chart,
    status_mark,
    status_panel,
    waterfall,
    work_waterfalls,
)
from app.reporting.charts.heatmap import (
    cell_colour,
)
from app.reporting.phrases import translation
from tests.reports.drawing import (
    HOSTILE,
    SVG,
    TITLE,
    assert_legible,
    lines,
    texts,
    words_of,
)

# Every chart once, with names that try to break out of the markup and with what is unknown.


def one_of_each(words: Words) -> dict[str, Markup]:
    name = HOSTILE
    return {
        "radar": radar(
            [RadarAxis(name, None, 3, 1, name), RadarAxis("B", 2), RadarAxis("C", 5)],
            title=name,
            desc=name,
            words=words,
        ),
        "heatmap": heatmap([name, "B"], [HeatRow(name, (None, 2))], title=name, words=words),
        "gap_plot": gap_plot(
            [GapRow(name, None, 3, None, "M1", name)], title=name, grouped=True, words=words
        ),
        "perception_plot": perception_plot(
            [PerceptionRow(name, (RoleScore(name, 2), RoleScore("B", None)), 2, None)],
            title=name,
            words=words,
        ),
        "gantt": gantt(
            [GanttRow(name, 0, 9, name, group=name)],
            phases=[GanttPhase(name, 0, 90)],
            gates=[GanttGate(name, 15)],
            title=name,
            words=words,
        ),
        "stage_chevrons": stage_chevrons(
            [("ST0", name), ("ST1", "B")],
            0,
            [StageReading(name, None), StageReading(name, 1, name)],
            title=name,
            words=words,
        ),
        "load_bars": load_bars(
            [LoadBar(name, (LoadPart(name, 1),), None)], unit="<", title=name, words=words
        ),
        "load_grid": load_grid(
            [(name, name)], [LoadRow(name, (LoadCell(3, None),))], title=name, words=words
        ),
        "work_waterfalls": work_waterfalls(
            [WorkPanel(name, (Contribution(name, 3),), None), WorkPanel("B", (), 1)],
            title=name,
            words=words,
        ),
        "organisation_chart": organisation_chart(
            OrgUnit(name, children=(OrgUnit(name, name, "unknown", name),)), title=name, words=words
        ),
        "process_map": process_map(
            [ProcessStep(name, name, None, zone=name)], weakest=0, title=name, words=words
        ),
        "bar_list": bar_list([BarRow(name, None, name)], title=name, words=words),
        "waterfall": waterfall(
            [Contribution(name, None), Contribution("B", -3)], total=name, title=name, words=words
        ),
        "forecast_chart": forecast_chart(
            [name], [Scenario(name, (None,)), Scenario("B", (3,))], title=name, words=words
        ),
        "standings_chart": standings_chart(
            [StandingPoint(name, 0, 50, "2", name)], [name], title=name, words=words
        ),
        "status_panel": status_panel([StatusItem(name, None, name)], title=name, words=words),
        "kpi_tree": kpi_tree(KpiNode(name, known=False), title=name, words=words),
    }


CHARTS = sorted(one_of_each(Words()))
WITHOUT_UNKNOWNS = ("gantt", "standings_chart")
"""What takes no value that could be unknown."""


@pytest.mark.parametrize("chart", CHARTS)
def test_a_name_with_markup_in_it_is_printed_and_not_interpreted(chart: str) -> None:
    svg = one_of_each(Words())[chart]
    assert_legible(svg)
    root = ElementTree.fromstring(svg)
    assert root[0].text == HOSTILE
    assert HOSTILE.replace(" ", "") in words_of(svg).replace(" ", "")


@pytest.mark.parametrize("chart", [name for name in CHARTS if name not in WITHOUT_UNKNOWNS])
@pytest.mark.parametrize("words", [Words(), Words.translated(translation("en"))], ids=["zh", "en"])
def test_what_is_unknown_says_so_in_the_reports_language(chart: str, words: Words) -> None:
    svg = one_of_each(words)[chart]
    assert words.unassessed in words_of(svg)


def test_an_english_chart_contains_no_chinese_of_its_own() -> None:
    english_words = Words.translated(translation("en"))
    assert not [
        name for name in Words.__dataclass_fields__ if not getattr(english_words, name).isascii()
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_the_same_values_give_the_same_bytes(chart: str) -> None:
    assert one_of_each(Words())[chart] == one_of_each(Words())[chart]


@pytest.mark.parametrize("chart", CHARTS)
def test_coordinates_are_written_with_one_decimal_at_most(chart: str) -> None:
    root = ElementTree.fromstring(one_of_each(Words())[chart])
    for element in root.iter():
        for name in ("x", "y", "width", "height", "cx", "cy", "r", "d", "viewBox"):
            assert not re.search(r"\.\d\d", element.get(name, ""))


def test_the_theme_s_font_and_colours_reach_the_drawing() -> None:
    theme = Theme.branded("#ff6a00", font_family="Zhenmai Sans, serif")
    svg = bar_list([BarRow("门店扫码", 3)], title=TITLE, theme=theme)
    root = ElementTree.fromstring(svg)
    assert root.get("font-family") == "Zhenmai Sans, serif"
    assert theme.accent in svg


def test_a_chart_without_alternative_text_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        bar_list([BarRow("门店扫码", 3)], title="  ")


def test_a_control_character_in_a_name_does_not_break_the_document() -> None:
    svg = bar_list([BarRow("门\x00店\n扫码\x1f", 3)], title="a\x08b")
    assert "门店 扫码" in words_of(svg)
    assert ElementTree.fromstring(svg)[0].text == "ab"


# What single charts promise beyond legibility.


def test_an_unknown_axis_interrupts_the_radars_line() -> None:
    theme = Theme()
    axes = [RadarAxis(str(n), None if n == 2 else 3) for n in range(5)]
    svg = radar(axes, title=TITLE)
    drawn = list(lines(svg, stroke=theme.accent, stroke_width="1.8"))
    assert len(drawn) == 3 + 1  # five sides less the two at the unknown axis, and the key's sample
    assert svg.count("<circle") == 4


def test_a_radar_of_two_or_eleven_axes_is_refused() -> None:
    for count in (2, 11):
        with pytest.raises(ValueError, match="3 to 10"):
            radar([RadarAxis("a", 1)] * count, title=TITLE)


def test_the_line_of_last_time_is_legible_on_paper_and_on_the_tint_of_now() -> None:
    axes = [RadarAxis(f"维度{n}", now, previous=2) for n, now in enumerate((3, 2, 4))]
    svg, theme = ElementTree.fromstring(radar(axes, title=TITLE)), Theme()
    last = [line for line in svg.iter(f"{SVG}path") if line.get("stroke-dasharray")]
    assert len(last) == 2, "the line and its sample in the key"
    for line in last:
        assert float(line.get("stroke-width") or 0) >= 1.5
        for ground in (theme.paper, theme.accent_soft):
            assert contrast_ratio(line.get("stroke") or "", ground) >= 3
    hollow = [dot for dot in svg.iter(f"{SVG}circle") if dot.get("fill") == theme.paper]
    assert len(hollow) == len(axes)


def test_the_radar_prints_now_and_target_beside_the_axis() -> None:
    svg = radar([RadarAxis("连接", Fraction(9, 5), 3)] * 3, title=TITLE)
    assert [w.text for w in texts(svg)].count("1.8") == 3
    assert [w.text for w in texts(svg)].count("→3.0") == 3


def test_the_lowest_cells_of_a_heat_map_are_marked_by_a_word_unless_most_are_lowest() -> None:
    svg = heatmap(
        ["a", "b", "c"],
        [HeatRow("x", (1, 2, 3)), HeatRow("y", (Decimal("1.0"), None, 4))],
        title=TITLE,
    )
    assert words_of(svg).count("最低") == 2
    mostly = heatmap(["a", "b", "c"], [HeatRow("x", (1, 1, 3))], title=TITLE)
    assert "最低" not in words_of(mostly)
    alike = heatmap(["a", "b"], [HeatRow("x", (2, 2))], title=TITLE)
    assert "最低" not in words_of(alike)


@pytest.mark.parametrize("accent", ["#1d4e6f", "#7a1fa2", "#00695c", "#ff6a00", "#ffd400", "#000"])
def test_the_number_in_every_shade_of_a_heat_map_is_legible(accent: str) -> None:
    theme = Theme.branded(accent)
    for step in range(41):
        fill = cell_colour(step / 40, theme)
        best = max(contrast_ratio(fill, theme.paper), contrast_ratio(fill, theme.ink))
        assert best >= 4.5


def test_a_heat_map_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 of 2"):
        heatmap(["a", "b"], [HeatRow("x", (1,))], title=TITLE)


def in_reading_order(svg: str, names: list[str]) -> list[str]:
    places = {written.text: written.top for written in texts(svg) if written.text in names}
    return sorted(places, key=lambda name: places[name])


def test_areas_stand_in_the_order_of_their_gap_and_unknown_ones_last() -> None:
    rows = [
        GapRow("甲", Decimal("2.9"), 3),
        GapRow("乙", None, 3),
        GapRow("丙", Fraction(1), Decimal("3.5")),
        GapRow("丁", 4, 3),
    ]
    svg = gap_plot(rows, title=TITLE)
    assert in_reading_order(svg, ["甲", "乙", "丙", "丁"]) == ["丙", "甲", "丁", "乙"]
    assert {"+2.5", "+0.1", "-1.0"} <= {written.text for written in texts(svg)}


def test_grouped_areas_keep_the_order_of_their_groups() -> None:
    rows = [
        GapRow("甲", 3, 4, group="流程"),
        GapRow("乙", 1, 4, group="团队"),
        GapRow("丙", 2, 4, group="流程"),
    ]
    svg = gap_plot(rows, title=TITLE, grouped=True)
    names = ["甲", "乙", "丙", "流程", "团队"]
    assert in_reading_order(svg, names) == ["流程", "丙", "甲", "团队", "乙"]


def test_twenty_eight_grouped_areas_fit_on_an_a4_page() -> None:
    rows = [GapRow("SOP体系与执行检查", 1 + n % 3, 4, 2, f"P{n}", f"组{n % 8}") for n in range(28)]
    svg = gap_plot(rows, title=TITLE, grouped=True)
    height = float(ElementTree.fromstring(svg).get("height", ""))
    assert height < 247 / 25.4 * 96  # A4 less 25 mm above and below


def test_roles_that_score_alike_share_one_label() -> None:
    row = PerceptionRow("Q", (RoleScore("运营", 2), RoleScore("店长", Decimal("2.0"))), 2, 2)
    assert "运营、店长 2.0" in words_of(perception_plot([row], title=TITLE))


@pytest.mark.parametrize(
    ("top", "front", "words"),
    [(3, 1, "高层评得更高"), (1, 3, "一线评得更高"), (2, 2, "差别不大")],
)
def test_the_direction_of_a_perception_gap_is_said_in_words(
    top: int, front: int, words: str
) -> None:
    row = PerceptionRow("Q", (RoleScore("高层", top), RoleScore("店长", front)), top, front)
    assert words in words_of(perception_plot([row], title=TITLE))


def test_two_halves_of_a_plan_share_one_time_axis() -> None:
    rows = [GanttRow("一", 0, 20), GanttRow("二", 100, 200)]
    halves = [gantt([row], title=TITLE, span=(-14, 300), width=500) for row in rows]
    days = [
        {w.text: w.left for w in texts(half) if re.fullmatch(r"D\d+|第\d+月", w.text)}
        for half in halves
    ]
    assert days[0].keys() == days[1].keys()
    assert {"D0", "D15", "D90"} <= days[0].keys()
    assert any(day.startswith("第") for day in days[0])
    assert days[0]["D90"] - days[0]["D0"] > 90


def test_a_short_bar_keeps_its_owner_beside_it() -> None:
    svg = gantt([GanttRow("试点", 0, 3, "区域负责人")], title=TITLE, span=(0, 90))
    bar = next(e for e in ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    owner = next(written for written in texts(svg) if written.text == "区域负责人")
    assert owner.left > float(bar.get("x", "")) + float(bar.get("width", ""))


def test_the_verdict_is_said_and_not_only_filled() -> None:
    svg = stage_chevrons([("ST0", "未启动"), ("ST1", "跑模型")], 1, title=TITLE)
    verdict = next(written for written in texts(svg) if written.text == "判定")
    stage = next(written for written in texts(svg) if written.text == "ST1 跑模型")
    assert stage.left < (verdict.left + verdict.right) / 2 < stage.right
    assert verdict.top > stage.bottom


def test_a_stage_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no stage 2"):
        stage_chevrons([("ST0", "a"), ("ST1", "b")], 2, title=TITLE)


def test_load_and_capacity_are_printed_with_their_unit() -> None:
    parts = (LoadPart("新友承接", Decimal("3.1")), LoadPart("社群日常", Decimal("7.3")))
    svg = load_bars([LoadBar("运营专员", parts, 9)], title=TITLE, unit="人")
    assert {"10.4人", "定编 9人"} <= {written.text for written in texts(svg)}


@pytest.mark.parametrize("accent", ["#1d4e6f", "#ff6a00", "#ffd400", "#4caf50"])
def test_the_label_in_every_piece_of_a_load_is_legible(accent: str) -> None:
    theme = Theme.branded(accent)
    parts = tuple(LoadPart("活", 1) for _ in range(4))
    root = ElementTree.fromstring(load_bars([LoadBar("岗", parts, 4)], title=TITLE, theme=theme))
    pieces = [rect.get("fill", "") for rect in root.iter(f"{SVG}rect")]
    labels = [t.get("fill", theme.ink) for t in root.iter(f"{SVG}text") if t.text == "活 1"]
    assert len(pieces) == len(labels) == 4
    for piece, label in zip(pieces, labels, strict=True):
        assert contrast_ratio(piece, label) >= 4.5


def test_every_part_of_a_load_keeps_its_label() -> None:
    parts = tuple(LoadPart(f"活{n}", Decimal(n) / 100) for n in range(1, 9))
    svg = load_bars([LoadBar("运营专员", parts, 9), LoadBar("客服", (), 9)], title=TITLE)
    for number in range(1, 9):
        assert f"活{number} " in words_of(svg)


def test_filled_vacant_and_shared_posts_differ_in_line_and_word() -> None:
    def frame(state: str) -> tuple[int, list[str], str]:
        unit = OrgUnit("岗位", "", state)  # type: ignore[arg-type]  # one of the literals
        svg = organisation_chart(unit, title=TITLE)
        return svg.count("<rect"), re.findall('dasharray="(.*?)"', svg), words_of(svg)

    looks = [frame(state) for state in ("filled", "vacant", "shared", "unknown")]
    assert len({(look[0], *look[1]) for look in looks}) == 4
    assert [look[2].removeprefix("岗位") for look in looks] == ["在岗", "空缺", "兼任", "未评"]


def test_the_weakest_step_is_named() -> None:
    steps = [ProcessStep(f"步骤{n}", "加粉率", "6%", True, False) for n in range(7)]
    svg = process_map(steps, title=TITLE, weakest=5)
    mark = next(written for written in texts(svg) if written.text == "最弱一步")
    step = next(written for written in texts(svg) if written.text == "6 步骤5")
    assert mark.left == pytest.approx(step.left, abs=1)
    assert 0 < step.top - mark.bottom < 15
    with pytest.raises(ValueError, match="no step 7"):
        process_map(steps, title=TITLE, weakest=7)


def test_a_waterfall_adds_up_exactly() -> None:
    items = [Contribution("a", Decimal("0.1")) for _ in range(3)] + [Contribution("b", -1)]
    svg = waterfall(items, start=Contribution("s", Decimal("0.7")), title=TITLE, total="净额")
    printed = [written.text for written in texts(svg)]
    assert printed[-1] == "0"
    assert "+0.1" in printed
    assert "-1" in printed


def test_a_forecast_names_every_scenario_at_the_end_of_its_line() -> None:
    scenarios = [
        Scenario("乐观", (120_000, 228_000)),
        Scenario("基准", (120_000, 166_000), main=True),
        Scenario("保守", (120_000, 165_000)),
    ]
    svg = forecast_chart(["1月", "12月"], scenarios, title=TITLE, format=chinese_amount)
    assert {"乐观 22.8万", "基准 16.6万", "保守 16.5万"} <= {w.text for w in texts(svg)}
    with pytest.raises(ValueError, match="1 of 2"):
        forecast_chart(["1", "2"], [Scenario("x", (1,))], title=TITLE)


def test_standings_name_every_client_and_keep_their_labels_apart() -> None:
    points = [StandingPoint(f"客户{n}", 0, 40 + n, "2", "团队") for n in range(8)]
    svg = standings_chart(points, ["起步", "扩规模"], title=TITLE)
    assert {f"客户{n}" for n in range(8)} <= {w.text for w in texts(svg)}
    assert_legible(svg)
    many = [StandingPoint(f"客户{n}", n % 2, n, "1", "团队") for n in range(30)]
    assert "团队" not in {
        w.text for w in texts(standings_chart(many, ["起步", "扩规模"], title=TITLE))
    }
    with pytest.raises(ValueError, match="columns"):
        standings_chart([StandingPoint("x", 2, 1, "1")], ["起步"], title=TITLE)
    with pytest.raises(ValueError, match="0 and 100"):
        standings_chart([StandingPoint("x", 0, 101, "1")], ["起步"], title=TITLE)


def test_the_four_status_signs_differ_in_shape() -> None:
    def shape(svg: Markup) -> str:
        return re.sub(r'(stroke|fill)="#\w+"', "", svg.split("</title>")[1])

    signs = [status_mark(status) for status in ("done", "part", "missing", None)]
    assert len({shape(sign) for sign in signs}) == 4
    names = [ElementTree.fromstring(sign)[0].text for sign in signs]
    assert names == ["已有", "部分", "没有", "未评"]
