"""Claims against numbers: what is found, what it does to confidence, and what it never touches."""

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.contradictions import Contradictions, find_contradictions
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.rules import evaluate_rules
from app.domain.stage import classify
from app.domain.world import World
from tests.enterprises import private_domain_model, random_answer

SEEDS = st.integers(0, 10**6)
ASKED = (
    "ceo",
    "private-domain-head",
    "operations",
    "store",
    "it",
    "sales",
    "content",
    "consultant",
)
EVIDENCE: tuple[EvidenceCode, ...] = ("E0", "E1", "E2", "E3")


def company(
    *people: tuple[str, Mapping[str, Answer]], facts: Mapping[str, int] | None = None
) -> Assessment:
    given = {name: FactValue(Fraction(value)) for name, value in (facts or {}).items()}
    respondents = tuple(Respondent(role, "", answers) for role, answers in people)
    return Assessment("full", ClientProfile("小店"), given, respondents)


def tiering(coverage: Answer | None, *, claim: int = 4) -> Assessment:
    """Return a firm that claims to tier its customers, with the share that has tags."""
    answers = {"tags-and-tiers": Answer(claim, "E2")}
    if coverage is not None:
        answers["tag-coverage"] = coverage
    return company(("it", answers))


def found_in(model: MaturityModel, assessment: Assessment) -> Contradictions:
    return find_contradictions(World(model, assessment))


def codes(found: Contradictions) -> list[str]:
    return [item.contradiction.code for item in found.found]


def without_contradictions(model: MaturityModel) -> MaturityModel:
    return replace(model, content=replace(model.content, contradictions=()))


def random_company(model: MaturityModel, seed: int) -> Assessment:
    """Return answers of all sorts; some of them do not know, some facts are not given."""
    random_ = random.Random(seed)
    people = []
    for number, role in enumerate(ASKED):
        answers = {
            question.id: Answer(
                None if random_.random() < 0.1 else random_answer(question, random_),
                random_.choice(EVIDENCE),
            )
            for question in model.questions.values()
            if question.type != "computed" and role in (*question.primary, *question.secondary)
        }
        people.append(Respondent(role, str(number), answers))
    numbers = {
        "users": random_.randint(100, 200_000),
        "target-users": random_.randint(100, 2_000_000),
        "new-adds": random_.randint(0, 20_000),
        "units-at-pilot": random_.randint(0, 3),
        "staff-manager": random_.randint(0, 1),
        "staff-content": random_.randint(0, 2),
        "staff-service": random_.randint(0, 2),
        "specialists": random_.randint(0, 20),
        "aov": random_.randint(20, 20_000),
        "private-gmv": random_.randint(0, 1_000_000),
        "private-cost": random_.randint(1, 1_000_000),
        "gross-margin": random_.randint(5, 80),
        "months-since-launch": random_.randint(0, 60),
    }
    facts = {
        name: FactValue(Fraction(value))
        for name, value in numbers.items()
        if random_.random() < 0.9
    }
    archetype = random_.choice([*model.archetypes, None])
    return Assessment("full", ClientProfile("某企业", archetype), facts, tuple(people))


def test_a_claim_and_a_number_that_cannot_both_be_so_are_found(
    private_domain: MaturityModel,
) -> None:
    found = found_in(private_domain, tiering(Answer(Fraction(22), "E3")))
    assert codes(found) == ["CO-27"]
    (item,) = found.found
    assert [sentence.values for sentence in item.says] == [(Fraction(22),)]
    assert {str(reference) for atom in item.trace.decisive() for reference in atom.references} == {
        "value(tags_and_tiers)",
        "value(tag_coverage)",
    }


@pytest.mark.parametrize(("coverage", "claim"), [(40, 4), (22, 2)])
def test_an_honest_answer_contradicts_nothing(
    private_domain: MaturityModel, coverage: int, claim: int
) -> None:
    answers = tiering(Answer(Fraction(coverage), "E3"), claim=claim)
    assert codes(found_in(private_domain, answers)) == []


@pytest.mark.parametrize("coverage", [None, Answer(None)])
def test_a_claim_without_its_number_waits_for_the_number(
    private_domain: MaturityModel, coverage: Answer | None
) -> None:
    found = found_in(private_domain, tiering(coverage))
    needs = {item.contradiction.code: item.needs for item in found.undecided}
    assert codes(found) == []
    assert [str(reference) for reference in needs["CO-27"]] == ["value(tag_coverage)"]


def test_a_contradiction_lowers_the_trust_of_its_areas_and_of_their_dimension(
    private_domain: MaturityModel,
) -> None:
    assessment = tiering(Answer(Fraction(22), "E3"))
    world = World(private_domain, assessment)
    plain = World(without_contradictions(private_domain), assessment)
    assert plain.area("tagging").trust == Fraction(88, 100)
    assert world.area("tagging").trust == Fraction(88, 100) * Fraction(7, 10)
    assert world.dimension("tier").trust == plain.dimension("tier").trust * Fraction(7, 10)
    assert replace(world.area("tagging"), trust=Fraction(0)) == replace(
        plain.area("tagging"), trust=Fraction(0)
    )
    assert find_contradictions(world).lowered[0].evidence == Fraction(88, 100)


def test_each_contradiction_counts_and_the_floor_stays(private_domain: MaturityModel) -> None:
    rating = private_domain.content.rating
    one = {"strategy-shared": Answer(3, "E2"), "strategy-written": Answer((), "E2")}
    two = one | {
        "strategy-shared": Answer(4, "E2"),
        "budget-months": Answer(Fraction(1), "E2"),
    }
    three = {"target-users": 900_000, "users": 10_000, "new-adds": 100}
    for answers, facts, left in (
        (one, {}, rating.contradiction_discount),
        (two, {}, rating.contradiction_discount**2),
        (two, three, rating.contradiction_floor),
    ):
        world = World(private_domain, company(("ceo", answers), facts=facts))
        assert world.area("strategy").trust == world.evidence("strategy") * Fraction(left), left
    assert rating.contradiction_discount**3 < rating.contradiction_floor


def test_adjudicating_the_claim_settles_the_contradiction(private_domain: MaturityModel) -> None:
    assessment = tiering(Answer(Fraction(22), "E3"))
    ruling = {"tags-and-tiers": Adjudication(2, "翻看5位用户，只有手工备注")}
    world = World(private_domain, replace(assessment, adjudications=ruling))
    assert find_contradictions(world).found == ()
    assert world.area("tagging").trust == world.evidence("tagging")


def test_conditions_that_ask_for_confidence_read_the_evidence_alone(
    private_domain: MaturityModel,
) -> None:
    """So no rule can fire, or fall silent, because of a contradiction."""
    world = World(private_domain, tiering(Answer(Fraction(22), "E1")))
    plain = World(without_contradictions(private_domain), world.assessment)
    assert world.area("tagging").trust < Fraction(Decimal("0.5")) < plain.area("tagging").trust
    assert world.low_confidence_areas() == plain.low_confidence_areas()


@given(seed=SEEDS)
def test_contradictions_change_nothing_but_confidence(seed: int) -> None:
    private_domain = private_domain_model()
    assessment = random_company(private_domain, seed)
    world = World(private_domain, assessment)
    plain = World(without_contradictions(private_domain), assessment)
    with_, without = world.scorecard, plain.scorecard
    for name, area in with_.areas.items():
        assert replace(area, trust=Fraction(0)) == replace(without.areas[name], trust=Fraction(0))
        assert area.trust <= without.areas[name].trust
        touched = any(name in item.areas for item in world.contradicted)
        assert (area.trust < without.areas[name].trust) == (
            touched and without.areas[name].trust > 0
        )
    for name, dimension in with_.dimensions.items():
        assert replace(dimension, trust=Fraction(0)) == replace(
            without.dimensions[name], trust=Fraction(0)
        )
    assert (with_.overall, with_.index, with_.level) == (
        without.overall,
        without.index,
        without.level,
    )
    assert classify(world) == classify(plain)
    first, second = evaluate_rules(world), evaluate_rules(plain)
    assert [(f.rule.id, f.severity, f.priority) for f in first.findings] == [
        (f.rule.id, f.severity, f.priority) for f in second.findings
    ]
    assert [(u.rule.id, u.needs) for u in first.undecided] == [
        (u.rule.id, u.needs) for u in second.undecided
    ]


@given(seed=SEEDS)
def test_without_numbers_no_claim_is_contradicted(seed: int) -> None:
    private_domain = private_domain_model()
    assessment = random_company(private_domain, seed)
    claims = tuple(
        replace(
            person,
            answers={
                name: answer
                for name, answer in person.answers.items()
                if private_domain.questions[name].type == "choice"
            },
        )
        for person in assessment.respondents
    )
    assert found_in(private_domain, replace(assessment, facts={}, respondents=claims)).found == ()


@given(seed=SEEDS)
def test_without_people_no_number_is_contradicted(seed: int) -> None:
    """What is left is the one pair that sets a target among the facts against the pace."""
    private_domain = private_domain_model()
    assessment = replace(random_company(private_domain, seed), respondents=())
    assert codes(found_in(private_domain, assessment)) in ([], ["CO-03"])


@given(seed=SEEDS)
def test_the_order_of_respondents_does_not_matter(seed: int) -> None:
    private_domain = private_domain_model()
    assessment = random_company(private_domain, seed)
    turned = replace(assessment, respondents=assessment.respondents[::-1])
    assert found_in(private_domain, assessment) == found_in(private_domain, turned)


def test_every_pair_is_found_somewhere_and_missing_somewhere(private_domain: MaturityModel) -> None:
    seen = [
        set(codes(found_in(private_domain, random_company(private_domain, n)))) for n in range(400)
    ]
    every = {item.code for item in private_domain.contradictions.values()}
    assert set().union(*seen) == every
    assert set.intersection(*seen) == set()
