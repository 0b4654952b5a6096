"""The smallest single change: it does remove the finding, and nothing smaller does."""

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.answers import read_assessment
from app.domain.change import Change, apply
from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.definitions.rule import Rule
from app.domain.model import MaturityModel, compile_model
from app.domain.response import Answer, AnswerValue, Assessment, Respondent
from app.domain.reversal import Reversal, Reversals
from app.domain.rules import Diagnostics, evaluate_rules
from app.domain.stage import classify
from app.domain.world import World
from tests.enterprises import Enterprise, enterprises, private_domain_model
from tests.reports.diagnosed import CASES, EXAMPLES, full, said

TRIES = 30
"""Other changes tried per rule, next to those found."""


def read(assessment: Assessment, rule: Rule | None = None) -> World:
    """Return the world of an assessment, with its stage known where it may be read."""
    world = World(private_domain_model(), assessment)
    if rule is None or "stage" in rule.when:
        classify(world)
    return world


def holds(assessment: Assessment, rule: Rule) -> bool | None:
    return read(assessment, rule).holds(rule.when)


def fired(diagnostics: Diagnostics, random_: random.Random, most: int) -> list[Rule]:
    rules = list(diagnostics.fired())
    random_.shuffle(rules)
    return rules[:most]


# -- other changes, made without the code under test -------------------------------------------


def other_changes(world: World, rule: Rule, random_: random.Random) -> Iterator[Change]:
    """Yield random single changes of what a rule's area and condition speak of, and of others."""
    model = world.model
    near = random_.sample(list(model.questions.values()), 6)
    near += [q for q in model.questions.values() if q.area == rule.area]
    near += [model.questions[name] for name in named(model, rule) if name in model.questions]
    near += [q for name in named(model, rule) for q in model.questions_of.get(name, ())]
    facts = [model.fact_parts[name] for name in named(model, rule) if name in model.fact_parts]
    for _ in range(TRIES):
        if facts and random_.random() < 0.4:
            change = fact_change(world, random_.choice(facts), random_)
        else:
            question = random_.choice(near)
            change = question_change(world, question, random_)
        if change is not None:
            yield change


def named(model: MaturityModel, rule: Rule) -> list[str]:
    canonical = model.vocabulary.canonical
    return [(canonical(r) or r.arguments)[0] for r in model.expression(rule.when).references]


def question_change(world: World, question: Question, random_: random.Random) -> Change | None:
    found = world.question(question.id)
    if not found.answers and not found.adjudicated:
        return None
    if question.type == "choice" and found.score is not None:
        option = random_.randint(1, 5)
        size = abs(option - found.score) / 4
        return Change("question", question.id, None, option, size, "E3") if size else None
    if question.type == "yes-no" and found.score is not None:
        yes = random_.random() < 0.5
        size = abs((5 if yes else 1) - found.score) / 4
        return Change("question", question.id, None, yes, size, "E3") if size else None
    if question.type == "multi" and found.items is not None:
        names = [item.id for item in question.items]
        turned = set(random_.sample(names, random_.randint(1, len(names))))
        after = tuple(name for name in names if (name in found.items) != (name in turned))
        return Change("question", question.id, None, after, Fraction(len(turned), len(names)), "E2")
    if question.type == "number" and found.value is not None:
        number = near_number(question, found.value, random_)
        return number and Change("question", question.id, None, number[0], number[1], "E2")
    return None


def fact_change(world: World, part: FactPart, random_: random.Random) -> Change | None:
    given_ = world.figures.given(part.id)
    value = given_.value if given_ is not None else None
    if part.type == "number" and isinstance(value, Fraction):
        number = near_number(part, value, random_)
        return number and Change("fact", part.id, value, number[0], number[1])
    if part.type == "yes-no" and isinstance(value, bool):
        return Change("fact", part.id, value, not value, Fraction(1))
    return None


def near_number(
    bounds: Question | FactPart, before: Fraction, random_: random.Random
) -> tuple[Fraction, Fraction] | None:
    """Return another number on the grid, and how far off it is by the larger of the two."""
    step = Fraction(1) if bounds.integer else Fraction(1, 10)
    reach = Fraction(random_.choice([1, 5, 20, 60, 100, 300]), 100)
    wanted = before * (1 + reach * random_.randint(-100, 100) / 100) + random_.randint(-2, 2) * step
    after = round(wanted / step) * step
    low, high = Fraction(bounds.minimum or 0), Fraction(bounds.maximum or 10**9)
    if after == before or not low <= after <= high:
        return None
    return after, abs(after - before) / max(abs(after), abs(before))


def possible(before: World, after: World) -> bool:
    """Return whether facts can be true together, as far as they could before."""
    return not any(
        after.holds(check.when) and not before.holds(check.when)
        for check in before.model.content.fact_checks
    )


# -- properties --------------------------------------------------------------------------------


@settings(max_examples=25)
@given(enterprise=enterprises(most_unknown=2), seed=st.integers(0, 1000))
def test_the_change_removes_the_finding_and_nothing_smaller_does(
    enterprise: Enterprise, seed: int
) -> None:
    random_ = random.Random(seed)
    said_ = enterprise.assessment()
    world = read(said_)
    found = Reversals(world)
    for rule in fired(evaluate_rules(world), random_, most=4):
        undone = found.of(rule)
        size = Fraction(10)
        if undone.change is not None:
            size = undone.change.size
            changed = apply(said_, undone.change)
            assert holds(changed, rule) is False, (rule.code, undone.change)
            assert possible(world, read(changed, rule))
        for other in other_changes(world, rule, random_):
            if other.size < size:
                after = read(apply(said_, other), rule)
                removed = after.holds(rule.when) is False
                assert not removed or not possible(world, after), (rule.code, other)


# -- single findings ---------------------------------------------------------------------------


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> World:
    path = EXAMPLES / f"{request.param}.yaml"
    return read(read_assessment(path.read_bytes(), path.name, private_domain_model()))


def test_every_finding_of_the_published_cases_is_undone_by_its_change(case: World) -> None:
    found = Reversals(case)
    for finding in evaluate_rules(case).findings:
        undone = found.of_finding(finding)
        if undone.change is not None:
            changed = apply(case.assessment, undone.change)
            assert holds(changed, finding.rule) is False, finding.rule.code
            left = {i.rule.id for i in finding.collapsed if holds(changed, i.rule) is True}
            assert set(undone.leaves) == left
            sizes = [undone.change.size, *(other.size for other in undone.alternatives)]
            assert sizes == sorted(sizes)


def undone_by(rule: str, *people: Respondent, **facts: AnswerValue) -> Reversal:
    """Return the reversal of a rule that fires for what these people say."""
    told = {name.replace("_", "-"): value for name, value in facts.items()}
    world = read(full(*people, facts=told))
    found = world.model.rules[rule]
    assert world.holds(found.when) is True
    return Reversals(world).of(found)


def changed(undone: Reversal) -> Change:
    assert undone.change is not None
    return undone.change


def test_a_number_stops_at_the_limit_of_the_condition() -> None:
    undone = undone_by("new-friends-delete", said("it", "", deletion_rate=Answer(Fraction(17))))
    assert changed(undone).after == 12
    assert changed(undone).size == Fraction(5, 17)


def test_a_limit_that_is_not_allowed_itself_is_left_by_one_step() -> None:
    undone = undone_by(
        "zombie-groups",
        said(
            "operations",
            "",
            group_run=Answer(4, "E3"),
            zombie_share=Answer(Fraction(31)),
            disband_rule=Answer(True, "E2"),
        ),
    )
    assert changed(undone).after == Fraction(299, 10)


def test_a_level_is_undone_by_the_question_that_moves_it_with_the_fewest_options() -> None:
    undone = undone_by(
        "no-value-columns",
        said("content", "", content_received=Answer(2, "E2"), columns_kept=Answer(Fraction(3))),
    )
    found = changed(undone)
    assert (found.name, found.before, found.after) == ("content-received", 2, 3)
    assert found.size == Fraction(1, 4)
    assert [(str(e.reference), e.before, e.after) for e in undone.effects] == [
        ("level(content_value)", 2, 3)
    ]


def test_an_option_is_changed_with_the_evidence_it_needs_to_count() -> None:
    undone = undone_by(
        "no-value-columns",
        said("content", "", content_received=Answer(2, "E2"), columns_kept=Answer(Fraction(2))),
    )
    found = changed(undone)
    assert (found.name, found.after, found.evidence) == ("content-received", 4, "E2")


def test_of_a_list_no_more_items_change_than_the_condition_asks_for() -> None:
    sold = ("content", "traffic")
    undone = undone_by(
        "key-posts-vacant", said("private-domain-head", "", function_owners=Answer(sold))
    )
    after = changed(undone).after
    assert isinstance(after, tuple)
    assert set(after) == {*sold, "operations", "sales"}


def test_a_gap_is_undone_by_one_persons_answer() -> None:
    undone = undone_by(
        "perception-gap",
        said("ceo", "", strategy_shared=Answer(3, "E2")),
        said("store", "甲", strategy_shared=Answer(2, "E2")),
    )
    found = changed(undone)
    assert (found.kind, found.respondent, found.size) == ("respondent", 0, Fraction(1, 4))
    assert (found.before, found.after) == (3, 2)


def test_a_fact_is_named_where_no_answer_stands_behind_the_condition() -> None:
    undone = undone_by("one-ip-for-all-price-bands", ip_count=1, price_bands=3)
    assert [(c.name, c.after) for c in (changed(undone), *undone.alternatives)] == [
        ("price-bands", 2),
        ("ip-count", 2),
    ]


def test_what_stands_behind_a_computed_figure_is_searched_too() -> None:
    question = private_domain_model().questions["tool-functions"]
    every = Answer(tuple(item.id for item in question.items))
    asked = said("it", "", tools_used=Answer(3, "E2"), tool_functions=every)
    undone = undone_by("specialists-overloaded", asked, users=7000, specialists=1)
    found = (changed(undone), *undone.alternatives)
    assert {change.name for change in found} == {"users", "specialists", "tools-used"}
    (tool,) = [change for change in found if change.name == "tools-used"]
    assert (tool.after, tool.evidence) == (5, "E3")


def test_facts_that_could_not_be_true_together_are_not_proposed() -> None:
    world = read(
        full(facts={"units-at-pilot": 0, "months-since-launch": 7, "stores": 0, "active-groups": 0})
    )
    rule = world.model.rules["pilot-overdue"]
    undone = Reversals(world).of(rule)
    assert {c.name for c in (changed(undone), *undone.alternatives)} == {"months-since-launch"}


def test_where_no_single_change_will_do_none_is_told() -> None:
    undone = undone_by(
        "zombie-groups",
        said(
            "operations",
            "",
            group_run=Answer(1, "E2"),
            zombie_share=Answer(Fraction(60)),
            disband_rule=Answer(False),
        ),
    )
    assert undone.change is None
    assert undone.alternatives == ()


def test_findings_of_the_family_that_stay_are_named() -> None:
    person = said(
        "operations", "", reports_used=Answer(2, "E2"), weekly_metrics=Answer(("orders",))
    )
    world = read(full(person))
    (finding,) = [f for f in evaluate_rules(world).findings if f.rule.family == "data-blind"]
    assert finding.collapsed
    undone = Reversals(world).of_finding(finding)
    change = undone.change
    expected = tuple(
        item.rule.id
        for item in finding.collapsed
        if change is None or holds(apply(world.assessment, change), item.rule) is True
    )
    assert undone.leaves == expected


def test_weak_evidence_is_undone_by_evidence_for_the_same_answers() -> None:
    model = private_domain_model()
    base = model.rules["weak-evidence"]
    rule = replace(base, when="confidence(positioning) < 0.5")
    weak = compile_model(replace(model.content, rules=(rule,)), "")
    people = said(
        "operations",
        "",
        positioning_decided=Answer(2, "E0"),
        group_service_unique=Answer(False, "E0"),
    )
    undone = Reversals(World(weak, full(people))).of(rule)
    found = changed(undone)
    assert (found.kind, found.name, found.evidence) == ("evidence", "positioning-decided", "E2")
    after = World(weak, apply(full(people), found))
    assert after.holds(rule.when) is False
    assert after.question("positioning-decided").score == 2
