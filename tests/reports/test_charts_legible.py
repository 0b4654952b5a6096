"""No label of any chart is clipped or covered, whatever a client types and scores."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.charts import (
    COLUMN,
    BarRow,
    Contribution,
    GanttGate,
    GanttPhase,
    GanttRow,
    GapRow,
    HeatRow,
    KpiNode,
    LoadBar,
    LoadPart,
    OrgUnit,
    PerceptionRow,
    ProcessStep,
    RadarAxis,
    RoleScore,
    Scenario,
    StageReading,
    StatusItem,
    Theme,
    Words,
    bar_list,
    chinese_amount,
    forecast_chart,
    gantt,
    gap_plot,
    heatmap,
    kpi_tree,
    load_bars,
    organisation_chart,
    perception_plot,
    process_map,
    radar,
    stage_chevrons,
    status_panel,
    waterfall,
)
from app.reporting.phrases import translation
from tests.reports.drawing import (
    HOSTILE,
    TITLE,
    assert_legible,
    chinese,
    english,
    lines,
    texts,
)

LONG_WORD = "Kundenbeziehungsmanagementplattformbetreiber"
LONG_NAME = "广东省某某母婴用品连锁经营管理有限公司华南大区私域运营与会员增长中心（筹备组）"
FEW = settings(max_examples=40)

# What a client may type.

label = st.one_of(chinese, english, st.sampled_from([HOSTILE, "复购", LONG_WORD, LONG_NAME]))
note = st.one_of(st.just(""), label)
marks = st.one_of(st.none(), st.integers(0, 60).map(lambda n: Fraction(n, 10)))
amounts = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=2),
)
languages = st.sampled_from([Words(), Words.translated(translation("en"))])
widths = st.sampled_from([COLUMN, 460.0])


@FEW
@given(
    axes=st.lists(
        st.builds(RadarAxis, label, marks, marks, marks, st.sampled_from(["", "压住总级别"])),
        min_size=3,
        max_size=10,
    ),
    words=languages,
    width=st.sampled_from([300.0, 330.0, 420.0]),
)
def test_a_radar_is_legible(axes: list[RadarAxis], words: Words, width: float) -> None:
    assert_legible(radar(axes, title=TITLE, words=words, width=width))


@FEW
@given(
    columns=st.lists(label, min_size=1, max_size=8),
    rows=st.lists(st.tuples(label, st.lists(marks, min_size=8, max_size=8)), max_size=6),
    words=languages,
)
def test_a_heat_map_is_legible(
    columns: list[str], rows: list[tuple[str, list[Fraction | None]]], words: Words
) -> None:
    grid = [HeatRow(name, tuple(values[: len(columns)])) for name, values in rows]
    assert_legible(heatmap(columns, grid, title=TITLE, words=words))


@FEW
@given(
    rows=st.lists(
        st.builds(
            GapRow, label, marks, marks, marks, st.sampled_from(["", "M1"]),
            st.sampled_from(["", "系统方法", HOSTILE * 3]),
        ),
        max_size=12,
    ),
    grouped=st.booleans(),
    words=languages,
    width=widths,
)  # fmt: skip
def test_a_gap_plot_is_legible(
    rows: list[GapRow], grouped: bool, words: Words, width: float
) -> None:
    assert_legible(
        gap_plot(rows, title=TITLE, grouped=grouped, alert_from=2, words=words, width=width)
    )


@FEW
@given(
    rows=st.lists(
        st.builds(
            PerceptionRow,
            label,
            st.lists(st.builds(RoleScore, label, marks), max_size=8).map(tuple),
            marks,
            marks,
            st.sampled_from(["", "Q-M1.1"]),
        ),
        max_size=4,
    ),
    words=languages,
)
def test_a_perception_plot_is_legible(rows: list[PerceptionRow], words: Words) -> None:
    assert_legible(perception_plot(rows, title=TITLE, words=words))


days = st.integers(-14, 600)
gantt_rows = st.lists(
    st.builds(
        lambda name, start, length, owner, soft, group: GanttRow(
            name, start, None if length is None else start + length, owner, soft, group
        ),
        label,
        days,
        st.one_of(st.none(), st.integers(0, 300)),
        note,
        st.booleans(),
        st.sampled_from(["", "试点", HOSTILE * 3]),
    ),
    max_size=8,
)
gantt_phases = st.lists(st.tuples(label, st.integers(1, 200)), max_size=6)
gantt_gates = st.lists(st.builds(GanttGate, label, days), max_size=5)


def phases_of(lengths: list[tuple[str, int]]) -> list[GanttPhase]:
    start, phases = -14, []
    for name, length in lengths:
        phases.append(GanttPhase(name, start, start + length))
        start += length
    return phases


@FEW
@given(
    rows=gantt_rows,
    lengths=gantt_phases,
    gates=gantt_gates,
    today=st.one_of(st.none(), days),
    dated=st.booleans(),
    words=languages,
)
def test_a_gantt_chart_is_legible_and_no_line_crosses_an_owner(
    rows: list[GanttRow],
    lengths: list[tuple[str, int]],
    gates: list[GanttGate],
    today: int | None,
    dated: bool,
    words: Words,
) -> None:
    theme = Theme()
    svg = gantt(
        rows,
        title=TITLE,
        phases=phases_of(lengths),
        gates=gates,
        today=today,
        dates=(lambda day: f"{day % 12 + 1:02}-01") if dated else None,
        words=words,
    )
    assert_legible(svg)
    upright = [
        *lines(svg, stroke=theme.muted, stroke_dasharray="1 2.5"),
        *lines(svg, stroke=theme.alert),
    ]
    for x, top, _, bottom in upright:
        for written in texts(svg):
            inside = written.left < x - 0.6 and x + 0.6 < written.right
            assert not (inside and written.top + 1.5 < bottom and top < written.bottom - 1.5)


@FEW
@given(
    stages=st.lists(st.tuples(st.sampled_from(["", "ST1"]), label), min_size=2, max_size=6),
    verdict=st.integers(0, 5),
    readings=st.lists(st.tuples(label, st.integers(0, 6), note, st.booleans()), max_size=4),
    words=languages,
)
def test_stage_chevrons_are_legible(
    stages: list[tuple[str, str]],
    verdict: int,
    readings: list[tuple[str, int, str, bool]],
    words: Words,
) -> None:
    count = len(stages)
    read = [
        StageReading(name, None if stage == 6 else stage % count, text, alert)
        for name, stage, text, alert in readings
    ]
    assert_legible(stage_chevrons(stages, verdict % count, read, title=TITLE, words=words))


parts = st.lists(
    st.builds(LoadPart, label, st.integers(0, 400).map(lambda n: Decimal(n) / 10)), max_size=6
).map(tuple)
capacities = st.one_of(st.none(), st.integers(0, 400).map(lambda n: Decimal(n) / 10))


@settings(max_examples=60)
@given(
    bars=st.lists(st.builds(LoadBar, label, parts, capacities), max_size=5),
    common=st.booleans(),
    unit=st.sampled_from(["", "人", " hours a month"]),
    words=languages,
)
def test_no_load_label_meets_another_label_its_leader_or_a_capacity_tick(
    bars: list[LoadBar], common: bool, unit: str, words: Words
) -> None:
    theme = Theme()
    svg = load_bars(bars, title=TITLE, common_scale=common, unit=unit, words=words)
    assert_legible(svg)
    ticks = list(lines(svg, stroke=theme.alert, stroke_width="2"))
    leaders = list(lines(svg, stroke=theme.muted, stroke_width="0.6"))
    for x, top, _, bottom in [*ticks, *leaders]:
        for written in texts(svg):
            across = written.left < x < written.right
            assert not (across and written.top < bottom - 0.6 and top < written.bottom - 0.6)


states = st.sampled_from([None, "filled", "vacant", "shared", "unknown"])
units = st.recursive(
    st.builds(OrgUnit, label, note, states),
    lambda below: st.builds(
        OrgUnit, label, note, states, st.sampled_from(["", "总部", "门店"]),
        st.lists(below, max_size=3).map(tuple),
    ),
    max_leaves=8,
)  # fmt: skip


@FEW
@given(
    head=st.builds(
        OrgUnit, label, note, states, st.just(""), st.lists(units, max_size=8).map(tuple)
    ),
    words=languages,
)
def test_an_organisation_chart_is_legible(head: OrgUnit, words: Words) -> None:
    assert_legible(organisation_chart(head, title=TITLE, words=words))


answers = st.sampled_from([None, True, False])
figures = st.sampled_from([None, "6%", "18,400", "4小时"])


@FEW
@given(
    steps=st.lists(
        st.builds(
            ProcessStep, label, note, figures, answers, answers,
            st.sampled_from(["", "公域", "私域", "a rather long zone"]),
        ),
        min_size=1,
        max_size=9,
    ),
    weakest=st.one_of(st.none(), st.integers(0, 8)),
    per_line=st.sampled_from([4, 7]),
    words=languages,
)  # fmt: skip
def test_a_process_map_is_legible(
    steps: list[ProcessStep], weakest: int | None, per_line: int, words: Words
) -> None:
    weak = None if weakest is None else weakest % len(steps)
    assert_legible(process_map(steps, title=TITLE, weakest=weak, per_line=per_line, words=words))


@FEW
@given(
    rows=st.lists(st.builds(BarRow, label, amounts, note, st.booleans()), max_size=8),
    words=languages,
    width=widths,
)
def test_a_bar_list_is_legible(rows: list[BarRow], words: Words, width: float) -> None:
    assert_legible(bar_list(rows, title=TITLE, words=words, width=width))
    assert_legible(bar_list(rows, title=TITLE, format=chinese_amount, words=words))


@FEW
@given(
    items=st.lists(st.builds(Contribution, label, amounts), max_size=8),
    start=st.one_of(st.none(), st.builds(Contribution, label, amounts)),
    words=languages,
)
def test_a_waterfall_is_legible(
    items: list[Contribution], start: Contribution | None, words: Words
) -> None:
    assert_legible(waterfall(items, start=start, title=TITLE, words=words))


@FEW
@given(
    points=st.lists(st.sampled_from(["1月", "M12", "2026年12月"]), min_size=1, max_size=24),
    names=st.lists(label, max_size=5),
    values=st.lists(amounts, min_size=24, max_size=24),
    words=languages,
)
def test_a_forecast_is_legible(
    points: list[str], names: list[str], values: list[int | Decimal | None], words: Words
) -> None:
    scenarios = [
        Scenario(name, tuple(values[index:] + values[:index])[: len(points)], index == 0)
        for index, name in enumerate(names)
    ]
    assert_legible(
        forecast_chart(points, scenarios, title=TITLE, format=chinese_amount, words=words)
    )


@FEW
@given(
    items=st.lists(
        st.builds(StatusItem, label, st.sampled_from([None, "done", "part", "missing"]), note),
        max_size=11,
    ),
    words=languages,
)
def test_a_status_panel_is_legible(items: list[StatusItem], words: Words) -> None:
    assert_legible(status_panel(items, title=TITLE, words=words))


nodes = st.recursive(
    st.builds(KpiNode, label, note, st.booleans(), st.booleans()),
    lambda below: st.builds(
        KpiNode, label, note, st.booleans(), st.booleans(), st.lists(below, max_size=4).map(tuple)
    ),
    max_leaves=20,
)


@FEW
@given(root=nodes, words=languages)
def test_a_kpi_tree_is_legible(root: KpiNode, words: Words) -> None:
    assert_legible(kpi_tree(root, title=TITLE, words=words))
