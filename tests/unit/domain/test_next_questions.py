"""What to ask next: what hangs on the answer, who can give it, and what is settled."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.behind import Grounds
from app.domain.expression import Reference
from app.domain.index_shares import index_shares
from app.domain.model import MaturityModel
from app.domain.next_questions import NextBest, NextQuestion, Reason, ReasonKind, next_questions
from app.domain.response import (
    Adjudication,
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    FindingDecision,
    Respondent,
)
from app.domain.roadmap import first_work
from app.domain.rules import confidence_in, evaluate_rules, urgency
from app.domain.stage import classify
from app.domain.world import World
from tests.enterprises import Enterprise, enterprises, private_domain_model
from tests.published_cases import published_case

ALL = 1_000


def company(
    *people: tuple[str, Mapping[str, Answer]], facts: Mapping[str, int] | None = None
) -> Assessment:
    given_ = {name: FactValue(Fraction(value)) for name, value in (facts or {}).items()}
    respondents = tuple(Respondent(role, "", answers) for role, answers in people)
    return Assessment("full", ClientProfile("小店"), given_, respondents)


def asked(
    assessment: Assessment, role: str | None = None, model: MaturityModel | None = None
) -> dict[str, NextQuestion]:
    world = World(model or private_domain_model(), assessment)
    return {found.item: found for found in next_questions(world, role, ALL)}


def reason(found: NextQuestion | None, kind: ReasonKind) -> Reason | None:
    return next((r for r in found.reasons if r.kind == kind), None) if found else None


def without_fact(assessment: Assessment, part: str) -> Assessment:
    facts = {name: value for name, value in assessment.facts.items() if name != part}
    return replace(assessment, facts=facts)


def worths(world: World) -> dict[str, Fraction]:
    """Return the priority each rule would have if it held, on full confidence, by code."""
    verdict, roadmap = classify(world), world.model.content.roadmap
    assert roadmap is not None
    first = first_work(roadmap, verdict)
    return {
        rule.code: urgency(world, rule, first).priority / confidence_in(world, rule)
        for rule in world.model.rules.values()
    }


def known_company() -> Assessment:
    """Return a company of which everything is known, and every word of it on the systems."""
    return Enterprise(stores=40, archetype="store-frequent", people=12, evidence=3).assessment()


# -- what rules wait for -----------------------------------------------------------------------


def test_a_fact_that_one_rule_waits_for_is_worth_that_rules_part_of_all() -> None:
    assessment = without_fact(known_company(), "stores")
    found = asked(assessment)["stores"]
    told = reason(found, "rules")
    world = World(private_domain_model(), assessment)
    worth = worths(world)
    undecided = [item.rule.code for item in evaluate_rules(world).undecided]
    assert undecided == ["RU-22"]
    assert told == Reason("rules", worth["RU-22"] / sum(worth.values()), ("RU-22",))
    assert (found.kind, found.parts) == ("fact", ("stores",))


def test_all_that_rules_wait_for_adds_up_to_no_more_than_all_they_could_find() -> None:
    blank = asked(company())
    gains = [told.gain for found in blank.values() if (told := reason(found, "rules"))]
    assert Fraction(1, 2) < sum(gains) <= 1


def test_a_question_is_asked_for_every_rule_that_waits_for_its_area() -> None:
    told = reason(asked(company())["pilot-review"], "rules")
    assert told is not None
    assert "RU-22" in told.ids


def test_the_most_urgent_rule_is_named_first() -> None:
    world = World(private_domain_model(), company())
    told = reason(next_questions(world)[0], "rules")
    assert told is not None
    ranks = [worths(world)[code] for code in told.ids]
    assert len(ranks) > 1
    assert ranks == sorted(ranks, reverse=True)


def test_a_rejected_rule_asks_nothing() -> None:
    assessment = without_fact(known_company(), "stores")
    rejected = {"no-working-pilot": FindingDecision("rejected", "没有门店业务")}
    assert "stores" not in asked(replace(assessment, decisions=rejected))


@pytest.mark.parametrize(
    ("role", "settles"), [("store", True), ("operations", False), ("private-domain-head", False)]
)
def test_a_gap_is_settled_by_the_side_that_is_silent(role: str, settles: bool) -> None:
    answers = {"strategy-shared": Answer(4, "E3")}
    found = asked(company(("ceo", answers)), role).get("strategy-shared")
    told = reason(found, "rules")
    assert (told is not None and "RU-03" in told.ids) is settles


def test_a_measure_waits_only_for_the_facts_it_is_computed_from() -> None:
    grounds = Grounds(World(private_domain_model(), company(facts={"gross-margin": 30})))
    waits = grounds.waits_for(Reference("name", ("roi",)))
    assert set(waits.facts) == {"private-gmv", "private-cost"}
    assert not waits.questions
    assert set(grounds.of(Reference("name", ("roi",))).facts) == {
        "private-gmv",
        "private-cost",
        "gross-margin",
    }


def test_a_computed_question_waits_for_the_facts_of_its_formula() -> None:
    blank = asked(company())
    assert "specialist-load" not in blank
    told = reason(blank["specialists"], "unanswered")
    assert told is not None
    assert told.ids == ("capacity",)


# -- whom it is asked of -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["ceo", "store", "it", "customer"])
def test_a_role_is_asked_only_what_it_can_answer(private_domain: MaturityModel, role: str) -> None:
    found = asked(company(), role)
    assert found
    for item in found.values():
        if item.kind == "fact":
            assert role in private_domain.facts[item.item].roles
        else:
            question = private_domain.questions[item.item]
            assert role in (*question.primary, *question.secondary)


def test_a_consultant_sees_everything_anybody_can_answer() -> None:
    everything = asked(company())
    assert asked(company(), "consultant").keys() == everything.keys()
    for role in ("ceo", "store", "it", "customer", "private-domain-head"):
        assert asked(company(), role).keys() <= everything.keys()


def test_a_short_form_asks_whoever_fills_it_in_what_it_lists_and_no_more(
    private_domain: MaturityModel,
) -> None:
    form = private_domain.forms["self-check"]
    found = asked(replace(company(), form=form.id), "store")
    assert {f.item for f in found.values() if f.kind == "question"} <= set(form.questions)
    assert {f.item for f in found.values() if f.kind == "fact"} <= set(form.facts)
    assert "stores" in found
    assert "strategy-shared" in found


def test_what_a_role_did_not_know_is_asked_of_others() -> None:
    assessment = company(("operations", {"learning": Answer(None)}))
    assert "learning" not in asked(assessment, "operations")
    assert "learning" in asked(assessment, "store")
    assert "learning" in asked(assessment)


def test_a_colleague_who_knows_makes_the_role_worth_asking_again() -> None:
    people = (
        ("operations", {"learning": Answer(None)}),
        ("operations", {"learning": Answer(2, "E0")}),
    )
    assert reason(asked(company(*people), "operations")["learning"], "weak-evidence")


# -- evidence ----------------------------------------------------------------------------------


def test_a_claim_is_asked_for_evidence_until_something_was_seen(
    private_domain: MaturityModel,
) -> None:
    question = next(
        q
        for q in private_domain.questions.values()
        if q.primary == ("operations",) and q.type == "choice"
    )
    claimed = company(("operations", {question.id: Answer(2, "E0")}))
    seen = company(("operations", {question.id: Answer(2, "E2")}))
    told = reason(asked(claimed, "operations")[question.id], "weak-evidence")
    share = index_shares(World(private_domain, claimed))[question.id]
    assert told == Reason(
        "weak-evidence",
        share * (Fraction(8, 10) - Fraction(3, 10)),
        (str(question.area),),
        "E0",
        "E2",
    )
    assert reason(asked(seen, "operations").get(question.id), "weak-evidence") is None


def test_an_option_that_counts_in_full_only_on_system_data_asks_for_it() -> None:
    seen = company(("operations", {"learning": Answer(5, "E2")}))
    told = reason(asked(seen, "operations")["learning"], "weak-evidence")
    assert told is not None
    assert (told.has, told.wants) == ("E2", "E3")


def test_a_role_that_has_shown_its_evidence_is_not_asked_to_show_that_of_others() -> None:
    assessment = company(
        ("operations", {"learning": Answer(2, "E0")}), ("store", {"learning": Answer(2, "E2")})
    )
    assert reason(asked(assessment, "store").get("learning"), "weak-evidence") is None
    assert reason(asked(assessment, "operations")["learning"], "weak-evidence")


def test_showing_the_evidence_of_every_role_adds_up_to_showing_all() -> None:
    assessment = company(
        ("operations", {"learning": Answer(2, "E0")}), ("store", {"learning": Answer(2, "E1")})
    )
    parts = [
        told.gain
        for role in ("operations", "store")
        if (told := reason(asked(assessment, role)["learning"], "weak-evidence"))
    ]
    whole = reason(asked(assessment)["learning"], "weak-evidence")
    assert whole is not None
    assert sum(parts) == whole.gain


def test_evidence_is_not_asked_for_where_the_form_fixes_the_confidence() -> None:
    answers = {"learning": Answer(4, "E0")}
    own = replace(company(("private-domain-head", answers)), form="self-check")
    kinds = {r.kind for found in asked(own).values() for r in found.reasons}
    assert "weak-evidence" not in kinds
    assert "role-missing" not in kinds


# -- who has not been heard --------------------------------------------------------------------


def test_a_role_that_should_answer_first_is_asked_though_others_have() -> None:
    assessment = company(("store", {"learning": Answer(2, "E3")}), ("operations", {}))
    told = reason(asked(assessment, "operations")["learning"], "role-missing")
    share = index_shares(World(private_domain_model(), assessment))["learning"]
    assert told == Reason("role-missing", share / 2, ("operations",))
    assert told == reason(asked(assessment)["learning"], "role-missing")


def test_nobody_in_particular_is_missed_where_a_role_was_never_heard() -> None:
    """A company without shops has no shop managers to ask."""
    assessment = company(("operations", {"learning": Answer(2, "E3")}))
    assert "learning" not in asked(assessment)
    assert reason(asked(assessment, "store")["learning"], "role-missing")


def test_what_the_consultant_ruled_on_is_settled() -> None:
    assessment = company(("store", {"learning": Answer(4, "E0")}))
    assert "learning" in asked(assessment)
    ruled = replace(assessment, adjudications={"learning": Adjudication(2, "看过培训记录")})
    assert "learning" not in asked(ruled)
    assert "learning" not in asked(ruled, "operations")


# -- contradictions ----------------------------------------------------------------------------


def tiering(claim: str, number: str | None) -> Assessment:
    """Return a firm that claims to tier its customers and perhaps tells how many have tags."""
    answers = {"tags-and-tiers": Answer(4, "E2" if claim == "seen" else "E1")}
    if number is not None:
        grade = Answer(Fraction(22), "E3" if number == "seen" else "E1")
        answers["tag-coverage"] = grade
    return company(("it", answers))


@pytest.mark.parametrize(
    ("claim", "number", "put_to"),
    [
        ("told", "seen", {"tags-and-tiers"}),
        ("seen", "told", {"tag-coverage"}),
        ("told", "told", {"tags-and-tiers", "tag-coverage"}),
        ("seen", "seen", set()),
    ],
)
def test_a_contradiction_is_put_to_the_side_that_was_not_seen(
    claim: str, number: str, put_to: set[str]
) -> None:
    assessment = tiering(claim, number)
    told = {
        name: found
        for name, item in asked(assessment, "it").items()
        if (found := reason(item, "contradiction")) and "CO-27" in found.ids
    }
    assert told.keys() == put_to
    world = World(private_domain_model(), assessment)
    if put_to:
        shares = index_shares(world)
        share = sum(shares[q.id] for q in world.model.questions_of["tagging"])
        lost = world.evidence("tagging") - world.area("tagging").trust
        assert sum(found.gain for found in told.values()) == share * lost


def test_a_claim_that_lacks_its_number_asks_for_the_number() -> None:
    told = reason(asked(tiering("seen", None), "it")["tag-coverage"], "unchecked-claim")
    assert told is not None
    assert "CO-27" in told.ids


# -- the list ----------------------------------------------------------------------------------


def test_most_worth_comes_first_and_the_list_is_as_long_as_asked_for() -> None:
    world = World(private_domain_model(), published_case("case-1-mother-baby"))
    everything = next_questions(world, limit=ALL)
    assert [found.gain for found in everything] == sorted(
        (found.gain for found in everything), reverse=True
    )
    assert next_questions(world, limit=3) == everything[:3]


def test_what_is_worth_the_same_is_asked_in_asking_order(private_domain: MaturityModel) -> None:
    places = {name: place for place, name in enumerate(private_domain.questions)}
    found = [f for f in asked(company()).values() if f.kind == "question"]
    for before, after in pairwise(found):
        if before.gain == after.gain:
            assert places[before.item] < places[after.item]


def test_a_company_of_which_all_is_known_and_seen_is_asked_nothing() -> None:
    people = tuple(
        replace(person, answers={n: replace(a, evidence="E3") for n, a in person.answers.items()})
        for person in known_company().respondents
    )
    facts = {n: replace(f, evidence="E3") for n, f in known_company().facts.items()}
    complete = replace(known_company(), respondents=people, facts=facts)
    left = asked(complete)
    assert {r.kind for found in left.values() for r in found.reasons} <= {"rules", "role-missing"}


def test_another_model_is_asked_its_own_questions(kitchen_hygiene: MaturityModel) -> None:
    world = World(kitchen_hygiene, Assessment("full", ClientProfile("Riverside")))
    found = next_questions(world, limit=ALL)
    assert {item.item for item in found if item.kind == "question"} <= set(
        kitchen_hygiene.questions
    )
    assert any(reason(item, "rules") for item in found)


@settings(max_examples=40)
@given(enterprise=enterprises(most_unknown=9), role=st.sampled_from([None, "ceo", "store", "it"]))
def test_every_reason_is_a_positive_share_and_the_gain_their_sum(
    enterprise: Enterprise, role: str | None
) -> None:
    world = World(private_domain_model(), enterprise.assessment())
    best = NextBest(world)
    found = best.asked_of(role, ALL)
    assert found == best.asked_of(role, ALL)
    for item in found:
        assert item.reasons
        assert item.gain == sum(r.gain for r in item.reasons)
        assert all(0 < r.gain <= 1 for r in item.reasons)
        assert len({r.kind for r in item.reasons}) == len(item.reasons)


@settings(max_examples=25)
@given(enterprise=enterprises(most_unknown=9))
def test_no_rule_waits_for_something_that_is_not_asked(enterprise: Enterprise) -> None:
    world = World(private_domain_model(), enterprise.assessment())
    named = {
        code
        for found in next_questions(world, limit=ALL)
        if (told := reason(found, "rules"))
        for code in told.ids
    }
    grounds = Grounds(world)
    for item in evaluate_rules(world).undecided:
        if any(grounds.waits_for(need) for need in item.needs if need.function != "gap"):
            assert item.rule.code in named, item
