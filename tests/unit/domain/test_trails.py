"""Every printed number recombines exactly from the answers behind it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings

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
from app.domain.scoring import index_of
from app.domain.stage import classify
from app.domain.trail import Bound, Trail, shares_of
from app.domain.trails import Trails
from app.domain.world import World
from tests.enterprises import Enterprise, enterprises, private_domain_model
from tests.published_cases import CASES, published_case


def every(trail: Trail) -> Iterator[Trail]:
    yield trail
    for child in trail.children:
        yield from every(child)


def assert_recombines(trail: Trail) -> None:
    """Check that every value down the trail is exactly the sum of its children's contributions."""
    for node in every(trail):
        shares = sum((child.share for child in node.children), Fraction(0))
        assert shares in (0, 1), node
        if node.value is None or node.kind in ("computed", "answer", "adjudication", "fact"):
            continue
        contributions = [c.contribution for c in node.children if c.contribution is not None]
        assert sum(contributions) == node.value, node


def person(role: str, label: str = "", **answers: Answer) -> Respondent:
    return Respondent(role, label, {name.replace("_", "-"): a for name, a in answers.items()})


def trails(
    *people: Respondent,
    facts: Mapping[str, FactValue] | None = None,
    rulings: Mapping[str, Adjudication] | None = None,
) -> Trails:
    said = Assessment("full", ClientProfile("小店"), facts or {}, people, rulings or {})
    return Trails(World(private_domain_model(), said))


@pytest.mark.parametrize("name", CASES)
def test_the_published_cases_recombine_down_to_every_answer(name: str) -> None:
    world = World(private_domain_model(), published_case(name))
    trail = Trails(world).overall()
    assert_recombines(trail)
    assert trail.value == world.scorecard.overall
    assert trail.value is not None
    assert index_of(world.model.content.scale, trail.value) == world.scorecard.index
    said = [node for node in every(trail) if node.kind == "answer"]
    scored = {question.id for question in world.model.questions.values() if question.area}
    assert len(said) == sum(
        question in scored
        for respondent in world.assessment.respondents
        for question in respondent.answers
    )


@settings(max_examples=25)
@given(enterprise=enterprises(most_unknown=9))
def test_every_enterprise_recombines_exactly(enterprise: Enterprise) -> None:
    world = World(private_domain_model(), enterprise.assessment())
    trail = Trails(world).overall()
    assert_recombines(trail)
    for node in every(trail):
        if node.kind == "lens":
            assert node.value == world.scorecard.lenses[node.id]
        elif node.kind == "dimension":
            assert node.value == world.scorecard.dimensions[node.id].score
        elif node.kind == "area":
            assert node.value == world.scorecard.areas[node.id].score
        elif node.kind == "question":
            assert node.value == world.question(node.id).score


def test_a_model_of_another_field_recombines_too(
    kitchen_hygiene: MaturityModel,
) -> None:
    answers = {
        q.id: Answer(2, "E3") for q in kitchen_hygiene.questions.values() if q.type == "choice"
    }
    people = (Respondent("manager", "", answers), Respondent("cook", "", answers))
    world = World(kitchen_hygiene, Assessment("full", ClientProfile("R"), respondents=people))
    assert_recombines(Trails(world).overall())


def test_a_trail_is_followed_as_far_as_asked(private_domain: MaturityModel) -> None:
    found = Trails(World(private_domain, published_case(CASES[0])))
    assert {node.kind for node in every(found.overall(0))} == {"overall"}
    assert {node.kind for node in every(found.overall(2))} == {"overall", "lens", "dimension"}
    assert {node.kind for node in every(found.area("strategy", 1))} == {"area", "question"}
    assert {node.kind for node in every(found.question("strategy-shared", 1))} == {
        "question",
        "role",
    }


def test_roles_count_by_their_weight_and_people_evenly_inside_a_role() -> None:
    found = trails(
        person("ceo", learning=Answer(5, "E3")),
        person("operations", "甲", learning=Answer(1, "E0")),
        person("operations", "乙", learning=Answer(2, "E1")),
        person("operations", "丙", learning=Answer(None)),
        person("store", learning=Answer(4, "E2")),
    ).question("learning")
    roles = {child.id: child for child in found.children}
    assert {name: role.share for name, role in roles.items()} == {
        "ceo": 0,
        "operations": Fraction(1, 2),
        "store": Fraction(1, 2),
    }
    assert roles["operations"].value == Fraction(3, 2)
    assert roles["operations"].trust == Fraction(4, 10)
    people = roles["operations"].children
    assert [(p.said.label, p.share) for p in people if p.said] == [
        ("甲", Fraction(1, 2)),
        ("乙", Fraction(1, 2)),
        ("丙", Fraction(0)),
    ]
    assert found.value == Fraction(11, 4)


def test_an_answer_held_down_by_its_evidence_says_what_it_needs() -> None:
    found = trails(person("operations", learning=Answer(5, "E1"))).question("learning")
    (answer,) = found.children[0].children
    assert answer.value == 3
    assert answer.said is not None
    assert answer.said.value == 5
    assert answer.bounds == (Bound("evidence", ("E3",), Fraction(3)),)


def test_a_ruling_stands_for_all_answers_and_they_stay_in_sight() -> None:
    ruling = Adjudication(2, "翻过培训签到表")
    found = trails(
        person("operations", learning=Answer(3, "E2")), rulings={"learning": ruling}
    ).question("learning")
    told, role = found.children
    assert told.kind == "adjudication"
    assert [told.value, told.share] == [2, 1]
    assert told.said is not None
    assert told.said.reason == "翻过培训签到表"
    assert [role.value, role.share] == [3, 0]


def test_a_question_answered_by_a_fact_leads_to_the_fact() -> None:
    facts = {"repurchase-90d": FactValue(Fraction(20), "E3")}
    found = trails(facts=facts).question("repurchase-rate")
    (fact,) = found.children
    assert (fact.kind, fact.id, fact.value) == ("fact", "repurchase-90d", found.value)
    assert fact.said is not None
    assert fact.said.value == 20


def test_a_computed_question_leads_to_the_facts_of_its_formula() -> None:
    facts = {
        "users": FactValue(Fraction(9_000)),
        "specialists": FactValue(Fraction(3)),
        "aov": FactValue(Fraction(3_000)),
    }
    found = trails(facts=facts).question("specialist-load")
    (computed,) = found.children
    assert computed.kind == "computed"
    assert {child.id for child in computed.children} == {"users", "specialists", "aov"}


def test_what_held_a_level_down_is_named() -> None:
    found = Trails(World(private_domain_model(), published_case(CASES[1])))
    world = found.world
    for name, dimension in world.scorecard.dimensions.items():
        bounds = found.dimension(name, 0).bounds
        assert bool(bounds) is bool(dimension.held_by)
    for name, area in world.scorecard.areas.items():
        kinds = {bound.kind for bound in found.area(name, 0).bounds}
        assert ("gate-question" in kinds) is (area.held_by is not None)
        refuted = any(name in item.areas for item in world.contradicted)
        assert ("contradiction" in kinds) is refuted


def test_an_area_without_a_level_names_the_questions_missing() -> None:
    found = trails(person("operations", learning=Answer(3, "E2"))).area("training")
    assert found.value is None
    assert found.bounds == (Bound("missing", ("ramp-days",)),)


def test_the_lowest_alone_makes_up_a_minimum() -> None:
    parts = [
        ("a", Fraction(1), Fraction(3)),
        ("b", Fraction(1), Fraction(2)),
        ("c", Fraction(1), None),
    ]
    assert shares_of("minimum", parts) == {"a": 0, "b": 1, "c": 0}
    assert shares_of("weighted-mean", [("c", Fraction(1), None)]) == {"c": 0}


@pytest.mark.parametrize("name", CASES)
def test_every_comparison_of_a_finding_leads_to_something_that_was_said(name: str) -> None:
    world = World(private_domain_model(), published_case(name))
    classify(world)
    given_, found = Trails(world), evaluate_rules(world).findings
    for finding in found:
        leaves = given_.finding(finding)
        assert [leaf.atom for leaf in leaves] == list(finding.trace.atoms())
        assert any(leaf.decisive for leaf in leaves)
        assert all(leaf.questions or leaf.facts for leaf in leaves)


def test_the_pilot_finding_reads_the_shops_and_the_questions_on_replication() -> None:
    world = World(private_domain_model(), published_case(CASES[0]))
    classify(world)
    finding = next(f for f in evaluate_rules(world).findings if f.rule.id == "no-working-pilot")
    shops, level = Trails(world).finding(finding)
    assert (shops.facts, shops.questions) == (("stores",), ())
    assert (level.facts, level.questions) == ((), ("pilot-review", "replicated-units"))
