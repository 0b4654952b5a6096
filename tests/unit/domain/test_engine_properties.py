"""What holds for every enterprise: order does not matter, unknown is not worst, more is more."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.scoring import reached
from app.domain.world import World
from tests.enterprises import random_answer

AS_OF = date(2026, 11, 21)
SEEDS = st.integers(0, 10**6)
ROLES = (
    "ceo",
    "private-domain-head",
    "operations",
    "operations",
    "store",
    "it",
    "sales",
    "content",
)


def random_enterprise(model: MaturityModel, seed: int) -> Assessment:
    """Return a random but permitted assessment; the same seed gives the same one."""
    random_ = random.Random(seed)
    people = []
    for number, role in enumerate(ROLES):
        answers = {
            question.id: Answer(
                None if random_.random() < 0.1 else random_answer(question, random_),
                random_.choice(["E0", "E1", "E2", "E3"]),
            )
            for question in model.questions.values()
            if question.type != "computed" and role in (*question.primary, *question.secondary)
        }
        people.append(Respondent(role, str(number), answers))
    numbers = {
        "users": random_.randint(100, 2_000_000),
        "stores": random_.randint(0, 500),
        "new-adds": random_.randint(0, 20_000),
        "aov": random_.randint(20, 20_000),
        "specialists": random_.randint(0, 40),
        "months-since-launch": random_.randint(0, 60),
        "private-gmv": random_.randint(0, 10_000_000),
        "gross-margin": random_.randint(5, 80),
        "private-cost": random_.randint(1, 1_000_000),
        "orders-per-year": random_.randint(1, 20),
        "add-cost": random_.randint(1, 100),
        "target-users": random_.randint(1_000, 3_000_000),
        "data-weeks": random_.randint(0, 60),
    }
    facts = {
        name: FactValue(Fraction(value))
        for name, value in numbers.items()
        if random_.random() < 0.85
    }
    archetype = random_.choice([*model.archetypes, None])
    return Assessment("full", ClientProfile("某企业", archetype), facts, tuple(people))


def comparable(diagnosis: Diagnosis) -> tuple[object, ...]:
    return (
        diagnosis.scorecard,
        [(f.rule.id, f.priority) for f in diagnosis.diagnostics.findings],
        [(u.rule.id, u.needs) for u in diagnosis.diagnostics.undecided],
        diagnosis.stage and (diagnosis.stage.verdict, diagnosis.stage.scale),
        diagnosis.roadmap and [(t.id, t.start, t.end) for t in diagnosis.roadmap.tasks],
        diagnosis.staffing and [(h.phase, h.fte) for h in diagnosis.staffing.horizons],
        diagnosis.alpha,
    )


@given(seed=SEEDS)
def test_the_order_of_respondents_is_irrelevant(private_domain: MaturityModel, seed: int) -> None:
    enterprise = random_enterprise(private_domain, seed)
    turned = replace(enterprise, respondents=enterprise.respondents[::-1])
    assert comparable(diagnose(private_domain, enterprise, AS_OF)) == comparable(
        diagnose(private_domain, turned, AS_OF)
    )


@given(seed=SEEDS, step=st.integers(0, 10**6))
def test_a_better_choice_never_lowers_a_score_or_level(
    private_domain: MaturityModel, seed: int, step: int
) -> None:
    enterprise = random_enterprise(private_domain, seed)
    choices = [
        (place, name)
        for place, person in enumerate(enterprise.respondents)
        for name, answer in person.answers.items()
        if private_domain.questions[name].type == "choice"
        and isinstance(answer.value, int)
        and answer.value < 5
    ]
    place, name = choices[step % len(choices)]
    person = enterprise.respondents[place]
    answer = person.answers[name]
    assert isinstance(answer.value, int)
    better = replace(answer, value=answer.value + 1)
    people = list(enterprise.respondents)
    people[place] = replace(person, answers={**person.answers, name: better})
    before = World(private_domain, enterprise).scorecard
    after = World(private_domain, replace(enterprise, respondents=tuple(people))).scorecard
    for area, score in before.areas.items():
        assert (after.areas[area].score or 0) >= (score.score or 0), area
        assert (after.areas[area].level or 0) >= (score.level or 0), area
    for dimension, found in before.dimensions.items():
        assert (after.dimensions[dimension].level or 0) >= (found.level or 0), dimension
    assert (after.index or 0) >= (before.index or 0)
    assert (after.level or 0) >= (before.level or 0)


@given(seed=SEEDS)
def test_an_unanswered_area_is_unrated_not_worst(private_domain: MaturityModel, seed: int) -> None:
    enterprise = random_enterprise(private_domain, seed)
    silenced = {question.id for question in private_domain.questions_of["strategy"]}
    people = tuple(
        replace(
            person,
            answers={k: v for k, v in person.answers.items() if k not in silenced},
        )
        for person in enterprise.respondents
    )
    world = World(private_domain, replace(enterprise, respondents=people))
    assert world.area("strategy").score is None
    assert world.area("strategy").level is None
    method = private_domain.dimensions["method"]
    others = [a for a in method.areas if a.id != "strategy" and world.area(a.id).score is not None]
    total = sum((Fraction(a.weight) for a in others), Fraction(0))
    expected = sum(
        (Fraction(a.weight) * (world.area(a.id).score or 0) for a in others), Fraction(0)
    )
    assert world.dimension("method").score == expected / total


@given(seed=SEEDS)
def test_tasks_respect_prerequisites_and_the_start(
    private_domain: MaturityModel, seed: int
) -> None:
    enterprise = random_enterprise(private_domain, seed)
    roadmap = diagnose(private_domain, enterprise, AS_OF).roadmap
    assert roadmap is not None
    order = [phase.phase.id for phase in roadmap.phases]
    home = {sop: item for item in roadmap.initiatives for sop in item.sops}
    first = roadmap.phases[0].start
    assert all(task.start >= first for task in roadmap.tasks)
    assert all(task.end >= task.start for task in roadmap.tasks)
    for sop, item in home.items():
        for needed in private_domain.sops[sop].requires:
            if needed in home and home[needed].template.id != item.template.id:
                assert order.index(home[needed].phase) <= order.index(item.phase), (sop, needed)


@given(score=st.fractions(1, 5))
def test_a_level_is_reached_a_quarter_early_and_never_outside_the_scale(
    private_domain: MaturityModel, score: Fraction
) -> None:
    level = reached(private_domain.content.scale, score)
    assert 1 <= level <= 5
    assert score >= level - Fraction(1, 4) or level == 1
    assert score < level + 1 - Fraction(1, 4) or level == 5
