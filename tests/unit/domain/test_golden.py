"""The golden table of the method: five enterprises given by their area scores alone."""

from dataclasses import dataclass
from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.rules import evaluate_rules
from app.domain.scoring import AreaScore, reached
from app.domain.stage import StageVerdict, classify
from app.domain.world import World


@dataclass(frozen=True)
class Golden:
    """One row: area scores by code as printed, and what must come out."""

    archetype: str
    scores: dict[str, str]
    overall: str
    index: str
    level: int
    binding: str | None
    dimensions: dict[str, int]


def row(**dimensions: str) -> dict[str, str]:
    """Return area scores by code from one line of scores per dimension."""
    return {
        f"{code}{place}": score
        for code, scores in dimensions.items()
        for place, score in enumerate(scores.split(), 1)
    }


def same(score: str, **others: str) -> dict[str, str]:
    sizes = {"M": 6, "P": 6, "T": 6, "I": 2, "C": 2, "A": 2, "S": 2, "R": 2}
    codes = [f"{code}{place}" for code, size in sizes.items() for place in range(1, size + 1)]
    return dict.fromkeys(codes, score) | others


def every(level: int, **others: int) -> dict[str, int]:
    return dict.fromkeys("MPTICASR", level) | others


GOLDEN = {
    "case 1 at the start": Golden(
        archetype="store-frequent",
        scores=row(
            M="2 1.5 1.5 1 1 2.5",
            P="1.5 1 1.3 1.5 1.5 1.5",
            T="1.5 1.5 1 1.5 1.5 2",
            I="1 1",
            C="2 1.7",
            A="1.5 1.5",
            S="1.3 1",
            R="2 1.5",
        ),
        overall="1.4603",
        index="11.5075",
        level=1,
        binding=None,
        dimensions=every(1, C=2, R=2),
    ),
    "case 2 at the start": Golden(
        archetype="store-infrequent",
        scores=row(
            M="3.5 2.5 3 2.5 2.3 3",
            P="3 2 2.3 2.3 2.8 2",
            T="2.5 2.2 2.3 1.8 2.3 2.3",
            I="2.3 2",
            C="3.3 3.5",
            A="2.8 2.3",
            S="2 1.7",
            R="3 2.2",
        ),
        overall="2.47846",
        index="36.9615",
        level=2,
        binding=None,
        dimensions=every(2, M=3, C=3),
    ),
    "case 1 afterwards": Golden(
        archetype="store-frequent",
        scores=same("3", M2="2.6", T5="2.6", S2="2.5", R2="2.5"),
        overall="2.9376",
        index="48.44",
        level=3,
        binding=None,
        dimensions=every(3),
    ),
    "illegal hero": Golden(
        archetype="store-frequent",
        scores=same("4.5", M6="1"),
        overall="4.416",
        index="85.4",
        level=2,
        binding="compliance",
        dimensions=every(4, M=2, P=3, T=3),
    ),
    "all at the bottom": Golden("online-frequent", same("1"), "1", "0", 1, None, every(1)),
    "all at the top": Golden("online-frequent", same("5"), "5", "100", 5, None, every(5)),
}


def world_of(
    model: MaturityModel,
    scores: dict[str, str],
    archetype: str = "online-frequent",
    facts: dict[str, FactValue] | None = None,
    respondents: tuple[Respondent, ...] = (),
) -> World:
    """Return a world in which the areas have these scores, whatever anybody answered."""
    codes = {area.code: area.id for area in model.areas.values()}
    areas = {}
    for code, score in scores.items():
        exact = Fraction(score)
        level = reached(model.content.scale, exact)
        areas[codes[code]] = AreaScore(exact, level, Fraction(1), Fraction(0), asked=True)
    client = ClientProfile("某企业", archetype)
    return World(model, Assessment("full", client, facts or {}, respondents), areas)


@pytest.mark.parametrize("golden", GOLDEN.values(), ids=GOLDEN.keys())
def test_the_golden_table_comes_out_to_the_last_digit(
    private_domain: MaturityModel, golden: Golden
) -> None:
    card = world_of(private_domain, golden.scores, golden.archetype).scorecard
    assert card.overall == Fraction(golden.overall)
    assert card.index == Fraction(golden.index)
    assert card.level == golden.level
    assert (card.binding.gate.id if card.binding else None) == golden.binding
    codes = {dimension.code: dimension.id for dimension in private_domain.dimensions.values()}
    levels = {code: card.dimensions[name].level for code, name in codes.items()}
    assert levels == golden.dimensions


def test_the_hero_would_be_level_four_without_the_compliance_gate(
    private_domain: MaturityModel,
) -> None:
    card = world_of(private_domain, GOLDEN["illegal hero"].scores).scorecard
    assert card.by_score == 4
    assert [gate.id for gate in card.red_flags()] == ["compliance"]


def test_after_the_remedy_all_five_ones_stand(private_domain: MaturityModel) -> None:
    golden = GOLDEN["case 1 afterwards"]
    world = world_of(private_domain, golden.scores, golden.archetype)
    panel = next(panel for panel in private_domain.content.panels if panel.id == "five-ones")
    full = next(status.at_least for status in panel.statuses if status.mark == "full")
    scores = [world.number(item.value) for item in panel.items]
    assert len(scores) == 5
    levels = [reached(private_domain.content.scale, score) for score in scores if score]
    assert levels == [full] * 5


def test_a_level_is_reached_a_quarter_below_it_and_not_a_hair_lower(
    private_domain: MaturityModel,
) -> None:
    at = world_of(private_domain, same("2.75")).scorecard
    below = world_of(private_domain, same("2.749999999999999999")).scorecard
    assert (at.level, below.level) == (3, 2)


def facts_of(**numbers: int | str | bool) -> dict[str, FactValue]:
    values = {
        name.replace("_", "-"): Fraction(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else value
        for name, value in numbers.items()
    }
    return {name: FactValue(value) for name, value in values.items()}


def fired(world: World) -> tuple[StageVerdict, set[str]]:
    verdict = classify(world)
    assert verdict is not None
    return verdict, {rule.code for rule in evaluate_rules(world).fired()}


def test_case_one_is_an_overdue_model_run_with_its_seven_rules(
    private_domain: MaturityModel,
) -> None:
    golden = GOLDEN["case 1 at the start"]
    facts = facts_of(
        stores=300,
        users=120_000,
        new_adds=14_500,
        months_since_launch=7,
        target_users=500_000,
        data_weeks=5,
        wecom_verified=True,
        units_at_pilot=0,
    )
    verdict, rules = fired(world_of(private_domain, golden.scores, golden.archetype, facts))
    assert verdict.stage.code == "ST1"
    assert verdict.overdue
    assert verdict.mismatch == "scale-ahead"
    assert rules >= {"RU-07", "RU-13", "RU-17", "RU-22", "RU-23", "RU-24", "RU-33"}


def test_case_two_has_the_scale_of_the_last_stage_and_its_seven_rules(
    private_domain: MaturityModel,
) -> None:
    golden = GOLDEN["case 2 at the start"]
    facts = facts_of(
        users=60_000,
        new_adds=850,
        months_since_launch=50,
        data_weeks=20,
        wecom_verified=True,
        goal_type="stock",
        activity_trend="down",
        ip_count=1,
        price_bands=4,
    )
    people = (
        Respondent("private-domain-head", "", {"function-owners": Answer(("overall",), "E2")}),
        Respondent("consultant", "", {"template-match": Answer(Fraction(45), "E2")}),
    )
    world = world_of(private_domain, golden.scores, golden.archetype, facts, people)
    verdict, rules = fired(world)
    assert verdict.scale is not None
    assert verdict.stages[verdict.scale].code == "ST4"
    assert rules >= {"RU-26", "RU-29", "RU-34", "RU-35", "RU-41", "RU-43", "RU-47"}


def test_weights_follow_the_archetype_and_business_customers_overlay_them(
    private_domain: MaturityModel,
) -> None:
    scores = same("3", R1="5", R2="5")
    frequent = world_of(private_domain, scores, "store-frequent").scorecard
    rare = world_of(private_domain, scores, "store-infrequent").scorecard
    business = facts_of(business_model="b2b")
    overlaid = world_of(private_domain, scores, "store-frequent", business).scorecard
    # Repurchase weighs .24, .18 and .16 of the steps, which weigh .4: two levels more of it.
    assert frequent.overall == 3 + Fraction("0.4") * Fraction("0.24") * 2
    assert rare.overall == 3 + Fraction("0.4") * Fraction("0.18") * 2
    assert overlaid.overall == 3 + Fraction("0.4") * Fraction("0.16") * 2
