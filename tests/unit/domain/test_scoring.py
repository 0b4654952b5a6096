"""From answers to levels: who counts, what evidence is worth, what holds a level down."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.scoring import AreaScore, area_level, confidence_word, list_score, reached
from app.domain.world import World

GRADES: tuple[EvidenceCode, ...] = ("E0", "E1", "E2", "E3")
CLIENT = ClientProfile("某企业", "store-frequent")


def person(role: str, **answers: AnswerValue | Answer | None) -> Respondent:
    """Return a respondent; question ids with underscores, a bare value is well evidenced."""
    given = {
        name.replace("_", "-"): value if isinstance(value, Answer) else Answer(value, "E3")
        for name, value in answers.items()
    }
    return Respondent(role, "", given)


def asked(
    model: MaturityModel,
    *people: Respondent,
    form: str = "full",
    facts: Mapping[str, FactValue] | None = None,
    adjudications: Mapping[str, Adjudication] | None = None,
) -> World:
    return World(model, Assessment(form, CLIENT, facts or {}, people, adjudications or {}))


def levelled(model: MaturityModel, score: str = "4.5", **changed: str) -> World:
    """Return a world whose areas all have one score, but for those named by code."""
    areas = {}
    for area in model.areas.values():
        exact = Fraction(changed.get(area.code, score))
        level = reached(model.content.scale, exact)
        areas[area.id] = AreaScore(exact, level, Fraction(1), Fraction(0), asked=True)
    return World(model, Assessment("full", CLIENT), areas)


# -- who counts ----------------------------------------------------------------------------------


def test_forty_store_managers_do_not_drown_one_head(private_domain: MaturityModel) -> None:
    head = person("private-domain-head", appraisal_work=3)
    stores = [person("store", appraisal_work=1) for _ in range(40)]
    assert asked(private_domain, head, *stores).question("appraisal-work").score == 2


def test_people_of_one_role_are_averaged_before_the_roles_are(
    private_domain: MaturityModel,
) -> None:
    people = [person("operations", sop_completeness=value) for value in (1, 2)]
    people.append(person("private-domain-head", sop_completeness=3))
    world = asked(private_domain, *people)
    assert world.question("sop-completeness").score == Fraction(9, 4)


def test_a_secondary_role_counts_half(private_domain: MaturityModel) -> None:
    world = asked(
        private_domain, person("ceo", strategy_shared=3), person("store", strategy_shared=1)
    )
    assert world.question("strategy-shared").score == Fraction(7, 3)


def test_a_secondary_role_alone_still_gives_a_score(private_domain: MaturityModel) -> None:
    world = asked(private_domain, person("store", strategy_shared=2))
    assert world.question("strategy-shared").score == 2


def test_a_role_not_asked_is_heard_but_does_not_count(private_domain: MaturityModel) -> None:
    people = [person("ceo", strategy_shared=3), person("sales", strategy_shared=1)]
    world = asked(private_domain, *people)
    assert world.question("strategy-shared").score == 3
    assert world.agreement("strategy-shared").gap == 2


def test_the_consultants_adjudication_replaces_what_everybody_said(
    private_domain: MaturityModel,
) -> None:
    people = [person("private-domain-head", sop_completeness=3)]
    verdict = {"sop-completeness": Adjudication(1, "两店无文档")}
    result = asked(private_domain, *people, adjudications=verdict).question("sop-completeness")
    assert result.score == 1
    assert (result.adjudicated, result.answers) == (True, 1)


def test_in_a_self_check_whoever_fills_it_in_counts(private_domain: MaturityModel) -> None:
    head = person("private-domain-head", learning=2)
    assert asked(private_domain, head, form="self-check").area("training").score == 2
    assert asked(private_domain, head).area("training").score is None


# -- what evidence is worth ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "scores"),
    [
        (1, (1, 1, 1, 1)),
        (2, (2, 2, 2, 2)),
        (3, (3, 3, 3, 3)),
        (4, (3, 3, 4, 4)),
        (5, (3, 3, 4, 5)),
    ],
)
def test_a_high_option_needs_evidence(
    private_domain: MaturityModel, option: int, scores: tuple[int, ...]
) -> None:
    for grade, score in zip(GRADES, scores, strict=True):
        answer = Answer(option, grade)
        world = asked(private_domain, person("private-domain-head", posts_filled=answer))
        assert world.question("posts-filled").score == score


def test_better_evidence_and_a_better_option_never_lower_a_score(
    private_domain: MaturityModel,
) -> None:
    scores = {
        (option, grade): asked(
            private_domain, person("private-domain-head", posts_filled=Answer(option, grade))
        )
        .question("posts-filled")
        .score
        or Fraction(0)
        for option in range(1, 6)
        for grade in GRADES
    }
    for option, grade in scores:
        for other, better in scores:
            if other >= option and better >= grade:
                assert scores[other, better] >= scores[option, grade]


def test_a_self_check_is_not_capped_but_is_never_trusted(private_domain: MaturityModel) -> None:
    head = person("private-domain-head", posts_filled=Answer(5, "E0"))
    world = asked(private_domain, head, form="self-check")
    assert world.area("capacity").score == 5
    assert private_domain.forms["self-check"].confidence == "low"


def test_the_cap_does_not_touch_what_people_perceive(private_domain: MaturityModel) -> None:
    people = [
        person("ceo", strategy_shared=Answer(5, "E0")),
        person("store", strategy_shared=Answer(2, "E0")),
    ]
    world = asked(private_domain, *people)
    assert world.question("strategy-shared").score == Fraction(3 + 1, 1) / Fraction(3, 2)
    assert world.agreement("strategy-shared").gap == 3


@pytest.mark.parametrize(("grade", "score"), [("E0", 3), ("E1", 3), ("E2", 5), ("E3", 5)])
def test_a_yes_nobody_has_seen_proof_of_is_worth_three(
    private_domain: MaturityModel, grade: EvidenceCode, score: int
) -> None:
    rule = person("operations", disband_rule=Answer(True, grade))
    assert asked(private_domain, rule).question("disband-rule").score == score
    no = person("operations", disband_rule=Answer(False, grade))
    assert asked(private_domain, no).question("disband-rule").score == 1


def test_confidence_is_the_weighted_trust_of_the_evidence(private_domain: MaturityModel) -> None:
    said = person("operations", stranger_to_member=Answer(2, "E0"), funnel_steps=Fraction(3))
    trust = asked(private_domain, said).area("acquisition").trust
    assert trust == Fraction("0.6") * Fraction("0.3") + Fraction("0.4")
    assert confidence_word(private_domain.content.rating, trust) == "medium"
    assert confidence_word(private_domain.content.rating, Fraction(3, 4)) == "high"
    assert confidence_word(private_domain.content.rating, Fraction(499, 1000)) == "low"


# -- kinds of questions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "score"), [(0, 5), (1, 4), (3, 4), (4, 3), (7, 3), (8, 2), (14, 2), (15, 1)]
)
def test_a_number_on_the_edge_of_a_band_falls_where_the_table_says(
    private_domain: MaturityModel, days: int, score: int
) -> None:
    it = person("it", report_days=Fraction(days))
    assert asked(private_domain, it).question("report-days").score == score


def test_the_funnel_scores_its_steps_evenly(private_domain: MaturityModel) -> None:
    for steps, score in ((0, "1"), (7, "5"), (4, "23/7")):
        operations = person("operations", funnel_steps=Fraction(steps))
        result = asked(private_domain, operations).question("funnel-steps")
        assert result.score == Fraction(score)


def test_a_list_scores_its_share_and_a_list_of_breaches_one_level_each(
    private_domain: MaturityModel,
) -> None:
    scale = private_domain.content.scale
    written = private_domain.questions["strategy-written"]
    breaches = private_domain.questions["compliance-breaches"]
    assert list_score(written, ("goal-type", "users"), scale) == 1 + Fraction(8, 7)
    scores = [
        list_score(breaches, tuple(item.id for item in breaches.items[:count]), scale)
        for count in range(8)
    ]
    assert scores == [5, 4, 3, 2, 1, 1, 1, 1]


def test_an_item_stands_when_half_the_weight_confirms_it(private_domain: MaturityModel) -> None:
    people = [
        person("private-domain-head", loops_running=("growth", "operation")),
        person("it", loops_running=("growth",)),
    ]
    world = asked(private_domain, *people)
    assert world.question("loops-running").items == frozenset(("growth", "operation"))
    people.append(person("it", loops_running=()))
    people.append(person("private-domain-head", loops_running=()))
    again = asked(private_domain, *people).question("loops-running")
    assert again.items == frozenset(("growth",))


def test_a_breach_anybody_reports_stands(private_domain: MaturityModel) -> None:
    people = [
        person("operations", compliance_breaches=("shills",)),
        *(person("it", compliance_breaches=()) for _ in range(5)),
    ]
    result = asked(private_domain, *people).question("compliance-breaches")
    assert result.items == frozenset(("shills",))
    assert result.score == Fraction(9, 2)


def test_a_rate_is_compared_with_the_benchmark_of_the_clients_kind(
    private_domain: MaturityModel,
) -> None:
    benchmark = Fraction(private_domain.benchmarks["add-rate"].values["store-frequent"])
    for share, score in (("0.39", 1), ("0.4", 2), ("0.7", 3), ("1", 4), ("1.4", 5)):
        rate = benchmark * Fraction(share)
        world = asked(private_domain, person("it", add_rate=rate))
        assert world.question("add-rate").score == score


def test_a_rate_nobody_answered_is_taken_from_the_facts(private_domain: MaturityModel) -> None:
    benchmark = Fraction(private_domain.benchmarks["repurchase-90d"].values["store-frequent"])
    facts = {"repurchase-90d": FactValue(benchmark, "E2")}
    result = asked(private_domain, facts=facts).question("repurchase-rate")
    assert result.score == 3
    assert result.trust == Fraction(4, 5)


@pytest.mark.parametrize(
    ("users", "score"),
    [(1_999, 3), (2_000, 4), (2_800, 5), (4_800, 5), (4_801, 3), (6_001, 2), (8_001, 1)],
)
def test_the_load_of_specialists_is_computed_and_scored(
    private_domain: MaturityModel, users: int, score: int
) -> None:
    facts = {
        "users": FactValue(Fraction(users)),
        "specialists": FactValue(Fraction(1)),
        "aov": FactValue(Fraction(300)),
    }
    assert asked(private_domain, facts=facts).question("specialist-load").score == score


# -- what nobody knows ---------------------------------------------------------------------------


def test_dont_know_is_missing_and_not_worst(private_domain: MaturityModel) -> None:
    people = [
        person("operations", stranger_to_member=3, funnel_steps=Fraction(7)),
        person("store", stranger_to_member=None),
    ]
    area = asked(private_domain, *people).area("acquisition")
    assert area.score == Fraction("0.6") * 3 + Fraction("0.4") * 5
    assert area.missing == 0


def test_thirty_percent_missing_is_rated_and_more_is_not(private_domain: MaturityModel) -> None:
    # User insight weighs .5, .2, .3; conversion and service .6, .4.
    rated = asked(
        private_domain,
        person("operations", user_understanding=3, users_interviewed=Fraction(30)),
    ).area("user-insight")
    assert (rated.score, rated.missing) == (Fraction(23, 7), Fraction("0.3"))
    unrated = asked(private_domain, person("sales", selling_service=3)).area("conversion-service")
    assert (unrated.score, unrated.level, unrated.missing) == (None, None, Fraction("0.4"))


def test_an_area_not_rated_leaves_its_dimension_to_the_others(
    private_domain: MaturityModel,
) -> None:
    codes = {area.code: area.id for area in private_domain.areas.values()}
    known = AreaScore(Fraction(2), 2, Fraction(1), Fraction(0), asked=True)
    missing = AreaScore(None, None, Fraction(0), Fraction(1), asked=True)
    areas = dict.fromkeys(codes.values(), known) | {codes["M1"]: missing}
    world = World(private_domain, Assessment("full", CLIENT), areas)
    assert world.dimension("method").score == 2
    assert world.scorecard.overall == 2


def test_with_nothing_answered_nothing_is_rated(private_domain: MaturityModel) -> None:
    card = asked(private_domain).scorecard
    assert (card.overall, card.index, card.level, card.binding) == (None, None, None, None)


# -- what holds a level down ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "gate", "level"),
    [
        ("3.75", "3", 4),
        ("3.75", "2.9", 3),
        ("3.74", "5", 3),
        ("5", "1", 2),
        ("5", "1.99", 2),
        ("1", "5", 1),
    ],
)
def test_a_gate_question_holds_its_area_one_level_above_itself(
    private_domain: MaturityModel, score: str, gate: str, level: int
) -> None:
    found, held_by = area_level(private_domain, Fraction(score), {"Q-M5.1": Fraction(gate)})
    assert found == level
    by_score = reached(private_domain.content.scale, Fraction(score))
    assert (held_by is not None) == (level < by_score)


def test_the_gate_question_that_binds_is_named(private_domain: MaturityModel) -> None:
    people = [
        person("private-domain-head", ownership=1, posts_filled=5),
        person(
            "private-domain-head",
            function_owners=("overall", "traffic", "content", "operations", "sales", "tech"),
            step_owners=("ip", "connect", "activate", "tier", "repurchase"),
        ),
    ]
    area = asked(private_domain, *people).area("organisation")
    assert area.score == 3
    assert (area.level, area.held_by) == (2, "Q-T1.1")


def test_a_critical_area_holds_its_dimension_one_level_above_itself(
    private_domain: MaturityModel,
) -> None:
    process = levelled(private_domain, P2="1.5").dimension("process")
    assert (process.by_score, process.level, process.held_by) == (4, 2, ("sop-system",))
    # The same weakness in an area that is not critical lowers the score only.
    other = levelled(private_domain, P1="1.5").dimension("process")
    assert (other.level, other.held_by) == (4, ())


def test_process_and_team_stand_at_most_one_level_above_method(
    private_domain: MaturityModel,
) -> None:
    world = levelled(private_domain, M1="1", M2="1", M3="1", M4="1", M5="1", M6="2")
    assert world.dimension("method").level == 1
    assert world.dimension("process").level == 2
    assert world.dimension("process").held_by == ("foundation-process",)
    assert world.dimension("team").level == 2
    # The five steps do not rest on method.
    assert world.dimension("connect").level == 4


def test_the_whole_stands_at_most_one_level_above_the_weakest_key(
    private_domain: MaturityModel,
) -> None:
    world = levelled(private_domain, T1="1")
    card = world.scorecard
    assert card.by_score == 4
    assert world.dimension("team").level == 2
    assert card.level == 3
    assert card.binding is not None
    assert (card.binding.gate.id, card.binding.binds) == ("all-three", ("team",))


def test_a_compliance_breach_holds_the_whole_at_level_two(private_domain: MaturityModel) -> None:
    card = levelled(private_domain, M6="1").scorecard
    assert card.level == 2
    assert card.binding is not None
    assert card.binding.gate.id == "compliance"
    mended = levelled(private_domain, M6="1.75").scorecard
    assert mended.red_flags() == ()
    assert mended.level == 4


def test_no_gate_is_named_where_none_lowers_the_level(private_domain: MaturityModel) -> None:
    card = levelled(private_domain, "3").scorecard
    assert (card.level, card.by_score, card.binding) == (3, 3, None)
