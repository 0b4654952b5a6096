"""At which stage an enterprise stands: three readings, a verdict, gates, and the way back."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, ClientProfile, FactValue, Respondent
from app.domain.scoring import AreaScore, reached
from app.domain.stage import GateCheck, StageVerdict, classify
from app.domain.world import World

Given = int | str | bool | None

GROWING: Mapping[str, Given] = {
    "users": 20_000,
    "target-users": 100_000,
    "new-adds": 3_000,
    "months-since-launch": 8,
    "data-weeks": 30,
    "wecom-verified": True,
    "goal-type": "new-users",
}
"""Far from its goal, growing 15% a month, with half a year of data; no money figures yet."""

PROFITABLE: Mapping[str, Given] = {
    "aov": 200,
    "orders-per-year": 6,
    "gross-margin": 40,
    "add-cost": 10,
    "private-gmv": 400_000,
    "private-cost": 100_000,
}
"""LTV is many times CAC, and the month earns 60% on its cost."""


def fact(value: int | str | bool) -> FactValue:
    # bool is a kind of int: a flag must not become the number 1.
    if isinstance(value, int) and not isinstance(value, bool):
        return FactValue(Fraction(value))
    return FactValue(value)


def classified(
    model: MaturityModel,
    score: str,
    facts: Mapping[str, Given],
    *people: Respondent,
    **areas: str,
) -> StageVerdict:
    """Classify an enterprise whose areas all have one score but for those named by code."""
    scores = {}
    for area in model.areas.values():
        exact = Fraction(areas.get(area.code, score))
        level = reached(model.content.scale, exact)
        scores[area.id] = AreaScore(exact, level, Fraction(1), Fraction(0), asked=True)
    values = {name: fact(value) for name, value in facts.items() if value is not None}
    client = ClientProfile("某企业", "store-frequent")
    verdict = classify(World(model, Assessment("full", client, values, people), scores))
    assert verdict is not None
    return verdict


def codes(verdict: StageVerdict) -> tuple[str | None, str | None, str | None, str]:
    """Return the readings of scale, economics and capability, and the verdict."""
    scale, economics, capability = (
        verdict.stages[place].code if place is not None else None
        for place in (verdict.scale, verdict.economics, verdict.capability)
    )
    return scale, economics, capability, verdict.stage.code


# -- the scale reading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "scale"),
    [
        ({"users": 299}, "ST0"),
        ({"users": 300}, "ST1"),
        ({"users": 2_999}, "ST1"),
        ({"wecom-verified": False}, "ST0"),
        ({"months-since-launch": 3}, "ST1"),
        ({"months-since-launch": 4}, "ST2"),
        ({}, "ST2"),
        ({"users": 79_999, "new-adds": 8_000}, "ST2"),
        ({"users": 80_000, "new-adds": 8_000}, "ST3"),
        ({"new-adds": 999}, "ST3"),
        ({"new-adds": 999, "goal-type": "stock"}, "ST4"),
        ({"goal-type": "stock"}, "ST2"),
    ],
)
def test_scale_is_read_from_users_time_growth_and_goal(
    private_domain: MaturityModel, changes: Mapping[str, Given], scale: str
) -> None:
    assert codes(classified(private_domain, "3", {**GROWING, **changes}))[0] == scale


def test_without_the_facts_there_is_no_scale_reading(private_domain: MaturityModel) -> None:
    assert classified(private_domain, "3", {}).scale is None


# -- the economic and the capability reading -----------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "economics"),
    [
        ({}, "ST4"),
        ({"private-cost": 161_000}, "ST2"),
        ({"add-cost": 70}, "ST3"),
        ({"add-cost": 130}, "ST1"),
        ({"add-cost": None}, None),
    ],
)
def test_economics_are_read_from_lifetime_value_cost_and_return(
    private_domain: MaturityModel, changes: Mapping[str, Given], economics: str | None
) -> None:
    facts = {**GROWING, **PROFITABLE, **changes}
    assert codes(classified(private_domain, "3", facts))[1] == economics


@pytest.mark.parametrize(
    ("score", "areas", "capability"),
    [
        ("1", {}, "ST1"),
        ("2", {}, "ST1"),
        ("2", {"P1": "3", "P2": "3", "T1": "3", "M5": "3"}, "ST2"),
        ("3", {}, "ST3"),
        ("3", {"P2": "2"}, "ST1"),
        ("4", {}, "ST4"),
        ("4", {"M5": "2.7"}, "ST1"),
    ],
)
def test_capability_needs_its_level_and_four_foundations_at_three(
    private_domain: MaturityModel, score: str, areas: dict[str, str], capability: str
) -> None:
    assert codes(classified(private_domain, score, GROWING, **areas))[2] == capability


# -- the verdict ---------------------------------------------------------------------------------


def test_with_economics_known_capability_may_lag_one_stage(private_domain: MaturityModel) -> None:
    facts = {**GROWING, **PROFITABLE, "new-adds": 900, "goal-type": "stock"}
    assert codes(classified(private_domain, "2", facts)) == ("ST4", "ST4", "ST1", "ST2")


def test_with_economics_unknown_capability_may_not_lag(private_domain: MaturityModel) -> None:
    assert codes(classified(private_domain, "2", GROWING)) == ("ST2", None, "ST1", "ST1")


def test_the_lowest_reading_decides(private_domain: MaturityModel) -> None:
    poor = {**GROWING, **PROFITABLE, "add-cost": 130, "new-adds": 900}
    assert codes(classified(private_domain, "4", poor)) == ("ST3", "ST1", "ST4", "ST1")
    small = {**GROWING, **PROFITABLE, "users": 2_000}
    assert codes(classified(private_domain, "4", small)) == ("ST1", "ST4", "ST4", "ST1")


@pytest.mark.parametrize(("weeks", "verdict"), [(11, "ST1"), (12, "ST2"), (None, "ST2")])
def test_less_than_twelve_weeks_of_data_prove_nothing_beyond_the_model_stage(
    private_domain: MaturityModel, weeks: int | None, verdict: str
) -> None:
    facts = {**GROWING, **PROFITABLE, "data-weeks": weeks}
    assert classified(private_domain, "3", facts).stage.code == verdict


def test_without_any_fact_or_answer_the_stage_is_undecided(private_domain: MaturityModel) -> None:
    world = World(private_domain, Assessment("full", ClientProfile("某企业")))
    verdict = classify(world)
    assert verdict is not None
    assert not verdict.decided
    assert codes(verdict)[:3] == (None, None, None)
    assert world.measure("stage") is None


# -- mismatch, overdue, regress ------------------------------------------------------------------


def test_scale_two_stages_ahead_of_the_verdict_is_a_mismatch(
    private_domain: MaturityModel,
) -> None:
    facts = {**GROWING, **PROFITABLE, "new-adds": 900, "goal-type": "stock"}
    verdict = classified(private_domain, "2", facts)
    assert (verdict.mismatch, verdict.ahead_by) == ("scale-ahead", 2)


def test_capability_ahead_of_scale_is_a_mismatch_too(private_domain: MaturityModel) -> None:
    verdict = classified(private_domain, "4", {**GROWING, **PROFITABLE, "users": 2_000})
    assert (verdict.mismatch, verdict.ahead_by) == ("capability-ahead", 0)


def test_readings_that_agree_are_no_mismatch(private_domain: MaturityModel) -> None:
    facts = {**GROWING, **PROFITABLE}
    verdict = classified(private_domain, "2", facts, P1="3", P2="3", T1="3", M5="3")
    assert codes(verdict) == ("ST2", "ST4", "ST2", "ST2")
    assert verdict.mismatch is None


@pytest.mark.parametrize(("months", "overdue"), [(5, False), (6, True), (None, False)])
def test_a_model_run_is_overdue_after_six_months(
    private_domain: MaturityModel, months: int | None, overdue: bool
) -> None:
    verdict = classified(private_domain, "1", {**GROWING, "months-since-launch": months})
    assert verdict.stage.code == "ST1"
    assert verdict.overdue is overdue


def test_a_later_stage_is_never_overdue(private_domain: MaturityModel) -> None:
    verdict = classified(private_domain, "3", {**GROWING, **PROFITABLE, "months-since-launch": 60})
    assert verdict.stage.code == "ST2"
    assert not verdict.overdue


def test_losing_money_after_scaling_leads_back_to_the_model_stage(
    private_domain: MaturityModel,
) -> None:
    losing = {**GROWING, **PROFITABLE, "private-cost": 161_000, "months-since-launch": 9}
    verdict = classified(private_domain, "3", losing)
    assert verdict.stage.code == "ST1"
    assert [rule.id for rule in verdict.regress] == ["loss-after-scale"]
    young = classified(private_domain, "3", {**losing, "months-since-launch": 8})
    assert young.regress == ()
    assert young.stage.code == "ST2"


# -- exit gates ----------------------------------------------------------------------------------


def gate(verdict: StageVerdict, code: str) -> dict[str, GateCheck]:
    place = [stage.code for stage in verdict.stages].index(code)
    return {check.item.id: check for check in verdict.gates[place]}


def test_a_gate_shows_todays_value_beside_what_passes_what_fails_and_what_nobody_measured(
    private_domain: MaturityModel,
) -> None:
    facts = {**GROWING, **PROFITABLE, "data-weeks": 5}
    checks = gate(classified(private_domain, "2", facts), "ST1")
    shown = {name: (check.value, check.passed) for name, check in checks.items()}
    assert shown["users"] == (Fraction(20_000), True)
    assert shown["data"] == (Fraction(5), False)
    assert shown["deletion"] == shown["stable-conversion"] == (None, None)
    assert checks["stable-conversion"].item.needs


def test_the_next_stage_is_in_preparation_when_seven_tenths_of_the_gate_pass(
    private_domain: MaturityModel,
) -> None:
    # Five of the eight lines pass without the deletion rate, which makes the sixth.
    facts = {**GROWING, **PROFITABLE, "users": 20_000, "months-since-launch": 3}
    unmeasured = classified(private_domain, "3", facts)
    assert unmeasured.stage.code == "ST1"
    assert sum(check.passed is True for check in gate(unmeasured, "ST1").values()) == 5
    assert not unmeasured.preparing
    it = Respondent("it", "", {"deletion-rate": Answer(Fraction(10), "E3")})
    assert classified(private_domain, "3", facts, it).preparing


def test_rules_may_speak_of_the_stage_once_it_is_classified(private_domain: MaturityModel) -> None:
    values = {name: fact(value) for name, value in GROWING.items() if value is not None}
    world = World(private_domain, Assessment("full", ClientProfile("某企业"), values))
    rule = private_domain.rules["scale-ahead-of-capability"]
    assert world.holds(rule.when) is None
    classify(world)
    assert world.measure("scale_stage") == 2


def test_a_model_without_stages_has_no_verdict(private_domain: MaturityModel) -> None:
    bare = replace(private_domain, content=replace(private_domain.content, stage_model=None))
    assert classify(World(bare, Assessment("full", ClientProfile("某企业")))) is None
