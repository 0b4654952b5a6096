"""The score tables: the diagnosis's own numbers, and what holds every level down."""

from fractions import Fraction

import pytest

from app.reporting.context import scores
from app.reporting.context.scores_areas import widest_areas
from tests.reports.drawing import words_of
from tests.reports.sample_sources import case, choices, decided, interviewed, red_line, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


@pytest.mark.parametrize("name", CASES)
def test_every_dimension_stands_with_its_score_and_level(name: str) -> None:
    source = case(name)
    rows = {row.code: row for lens in scores.build(source).lenses for row in lens.rows}
    assert len(rows) == len(source.model.dimensions)
    for dimension in source.model.content.dimensions:
        found = source.diagnosis.scorecard.dimensions[dimension.id]
        assert rows[dimension.code].score == source.wording.score(found.score)
        assert rows[dimension.code].level == source.wording.level(found.level)


def test_target_minus_score_is_the_printed_gap() -> None:
    source = case(CASES[0])
    rows = {row.code: row for lens in scores.build(source).lenses for row in lens.rows}
    found = source.diagnosis.scorecard.dimensions["team"]
    target = source.target("team")
    assert found.score is not None
    assert target is not None
    assert rows["T"].gap == source.wording.signed(target - found.score)


def test_the_areas_farthest_from_their_targets_come_first() -> None:
    source = case(CASES[0])
    card, names = source.diagnosis.scorecard, widest_areas(source, 28)
    titles = {area.title: card.areas[area.id] for area in source.model.areas.values()}
    gaps = []
    for name in names:
        found = titles[name.rpartition("（")[0]]
        assert found.score is not None
        assert found.level is not None
        gaps.append(Fraction(max(found.level + 1, 3)) - found.score)
    assert gaps == sorted(gaps, reverse=True)


def test_a_dimension_held_by_a_critical_area_names_it() -> None:
    held = decided(case(CASES[1]), choices("M", 5) | red_line())
    method = held.diagnosis.scorecard.dimensions["method"]
    assert method.held_by == ("compliance",)
    rows = {row.code: row for lens in scores.build(held).lenses for row in lens.rows}
    assert "被合规底线（L1）压在L2" in rows["M"].hold


def test_a_dimension_held_by_a_gate_names_who_holds_it() -> None:
    values = choices("T", 5) | choices("M", 1)
    held = decided(case(CASES[1]), values)
    team = held.diagnosis.scorecard.dimensions["team"]
    assert team.held_by == ("foundation-team",)
    rows = {row.code: row for lens in scores.build(held).lenses for row in lens.rows}
    method = held.diagnosis.scorecard.dimensions["method"]
    assert f"被系统化方法（L{method.level}）压在L{team.level}" in rows["T"].hold


def test_a_red_flag_is_printed_in_full() -> None:
    built = scores.build(decided(case(CASES[0]), red_line()))
    assert len(built.warnings) == 1
    assert "封号" in built.warnings[0]


def test_areas_without_a_score_are_told_and_not_tabled() -> None:
    built = scores.build(source_of(interviewed(("private-domain-head", choices("P", 2)))))
    tabled = {row.code for group in built.areas for row in group.rows}
    assert "M1" not in tabled
    assert "M1 战略共识" in built.unrated
    assert all(group.rows for group in built.areas)


def test_an_assessment_without_answers_has_neither_plot_nor_panels() -> None:
    built = scores.build(source_of(interviewed()))
    assert built.plot is None
    assert built.grids == ()
    assert built.panels == ()
    assert built.areas == ()
    assert "评出0个" in built.headline


def test_the_heat_map_prints_the_step_scores_of_the_table() -> None:
    source = case(CASES[0])
    built = scores.build(source)
    drawn = words_of(built.grids[0].drawing)
    for step in ("ip", "connect", "activate", "tier", "repurchase"):
        score = source.diagnosis.scorecard.dimensions[step].score
        assert source.wording.score(score) in drawn


def test_a_panel_names_its_weakest_line() -> None:
    source = case(CASES[0])
    view = next(view for view in source.diagnosis.panels if view.panel.id == "four-loops")
    weakest = min(view.cells, key=lambda cell: cell.value or Fraction(9))
    panel = next(p for p in scores.build(source).panels if p.title == view.panel.title)
    assert f"最短的是{weakest.title}" in panel.says


def test_self_reports_are_labelled_as_such() -> None:
    built = scores.build(case("self-check"))
    assert "自评" in built.self_reported
    assert {row.confidence for lens in built.lenses for row in lens.rows} == {"低"}
