"""Random but permitted enterprises, drawn by a few knobs; the same knobs give the same one.

A property test draws an ``Enterprise``: a seed and what decides its shape. Its answers and facts
follow from them. So a failing example prints in one line, and shrinks to few people, few users and
plain answers.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from app.content.loader import load_model
from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    PlanControls,
    Respondent,
)
from app.domain.world import World

AS_OF: Final = date(2026, 11, 21)
MOST_USERS: Final = 2_000_000  # 200 × 10^(100/25)
MOST_STORES: Final = 600
ARCHETYPES: Final = ("online-frequent", "online-infrequent", "store-infrequent", "store-frequent")
EVIDENCE: Final[tuple[EvidenceCode, ...]] = ("E0", "E1", "E2", "E3")
ASKED: Final = (
    "private-domain-head",
    "operations",
    "it",
    "ceo",
    "store",
    "content",
    "sales",
    "regional-head",
    "operations",
    "store",
    "consultant",
    "customer",
    "store",
    "it",
)
"""Whom an enterprise of n respondents has asked: the first n of these."""


@cache
def private_domain_model() -> MaturityModel:
    """Return the private-domain model as authors wrote it.

    Property tests take it from here: an argument of theirs is printed with every failing example,
    and a whole model fills a screen four thousand times.
    """
    return load_model(Path(__file__).resolve().parents[1] / "questionnaires" / "private-domain")


def random_answer(question: Question, random_: random.Random) -> AnswerValue:
    """Return an answer that the question permits."""
    if question.type == "choice":
        return random_.randint(1, 5)
    if question.type == "multi":
        return tuple(item.id for item in question.items if random_.random() < 0.5)
    if question.type == "yes-no":
        return random_.random() < 0.5
    if question.type == "text":
        return "一句话"
    low, high = int(question.minimum or 0), int(question.maximum or 100)
    return Fraction(random_.randint(low, min(high, low + 100)))


def answer_at(
    question: Question, score: int, unit: Fraction, random_: random.Random | None = None
) -> AnswerValue:
    """Return an answer worth ``score`` (1–5), as exactly as the question allows.

    ``unit`` is what the bands are multiples of (1, or the client's benchmark). With ``random_`` a
    list is any list of that worth and a number any number of the band, its bounds included.
    """
    if question.type == "choice":
        return score
    if question.type == "yes-no":
        return score >= 3
    if question.type == "text":
        return "一句话"
    if question.type == "multi":
        names = [item.id for item in question.items]
        picked = 5 - score if question.negative else round(Fraction(len(names) * (score - 1), 4))
        if random_ is not None:
            random_.shuffle(names)
        return tuple(sorted(names[: min(picked, len(names))]))
    low, high = _span(question, score)
    place = Fraction(random_.randint(0, 8) if random_ is not None else 4, 8)
    value = (low + (high - low) * place) * unit
    if question.integer:
        value = Fraction(ceil(value))
    return min(max(value, Fraction(question.minimum or 0)), Fraction(question.maximum or value))


def _span(question: Question, score: int) -> tuple[Fraction, Fraction]:
    """Return between which numbers (of the bands' unit) an answer is worth ``score``."""
    low, high = Fraction(question.minimum or 0), Fraction(question.maximum or 100)
    if not question.bands:
        exact = low + (high - low) * Fraction(score - 1, 4)
        return exact, exact
    bounds = [band.below if band.below is not None else band.up_to for band in question.bands]
    edges = [low, *(Fraction(bound) for bound in bounds if bound is not None)]
    # The last band has no end of its own; far beyond its beginning nothing new happens.
    edges.append(min(high, 2 * edges[-1] + 2))
    worth = {band.score: span for band, span in zip(question.bands, pairwise(edges), strict=True)}
    return worth[min(worth, key=lambda known: abs(known - score))]


@dataclass(frozen=True)
class Enterprise:
    """An enterprise in one line: everything about it follows from these knobs.

    ``level`` is what its people say it stands at, ``spread`` by how many levels single answers
    stray; ``evidence`` is the best grade shown; ``unknown`` and ``facts_unknown`` tell how many of
    ten answers and facts nobody knows.
    """

    seed: int = 0
    users: int = 200
    stores: int = 0
    archetype: str | None = None
    level: int = 1
    spread: int = 0
    people: int = 1
    evidence: int = 0
    unknown: int = 0
    facts_unknown: int = 0
    customers: int = 0

    def assessment(
        self, controls: PlanControls | None = None, **facts: int | Fraction
    ) -> Assessment:
        """Return its assessment; ``facts`` replace figures by part id with underscores."""
        model, random_ = private_domain_model(), random.Random(self.seed)
        told = {name.replace("_", "-"): value for name, value in facts.items()}
        client = ClientProfile("某企业", self._archetype())
        known = {**dict(self._facts(random_)), **{k: FactValue(Fraction(told[k])) for k in told}}
        plain = Assessment("full", client, known)
        units = World(model, plain)
        people = tuple(
            Respondent(role, str(place), dict(self._answers(role, units, random_)))
            for place, role in enumerate(ASKED[: self.people])
        )
        return Assessment(
            form="full",
            client=client,
            facts=known,
            respondents=people,
            adjudications=dict(self._adjudications(units, random_)),
            pulse=tuple(self._customer(random_) for _ in range(self.customers)),
            controls=controls or PlanControls(),
        )

    def _archetype(self) -> str | None:
        """Return the archetype; one of shops needs shops."""
        if self.archetype in ARCHETYPES[2:] and not self.stores:
            return ARCHETYPES[0]
        return self.archetype

    def _answers(
        self, role: str, world: World, random_: random.Random
    ) -> Iterator[tuple[str, Answer]]:
        for question in world.model.questions.values():
            if question.type == "computed" or role not in (*question.primary, *question.secondary):
                continue
            grade = EVIDENCE[random_.randint(max(0, self.evidence - 1), self.evidence)]
            worth = self.level + random_.randint(-self.spread, self.spread)
            value = answer_at(question, min(max(worth, 1), 5), unit_of(world, question), random_)
            silent = random_.randint(0, 9) < self.unknown
            yield question.id, Answer(None if silent else value, grade)

    def _adjudications(
        self, world: World, random_: random.Random
    ) -> Iterator[tuple[str, Adjudication]]:
        asked = [q for q in world.model.questions.values() if q.type not in ("computed", "text")]
        for question in asked:
            if self.people > 3 and random_.randint(0, 30) == 0:
                value = answer_at(question, self.level, unit_of(world, question), random_)
                yield question.id, Adjudication(value, "看过原件")

    def _customer(self, random_: random.Random) -> Mapping[str, AnswerValue]:
        answers: dict[str, AnswerValue] = {"would-recommend": Fraction(random_.randint(0, 10))}
        for item in ("knows-purpose", "content-helps", "answers-in-time"):
            answers[item] = Fraction(random_.randint(1, 5))
        return answers

    def _facts(self, random_: random.Random) -> Iterator[tuple[str, FactValue]]:
        """Yield facts that can be true together."""
        numbers = self._numbers(random_)
        texts: dict[str, str | bool] = {
            "business-model": random_.choice(["b2c", "b2c", "both", "b2b"]),
            "city-tier": random_.choice(["tier-1", "new-tier-1", "other"]),
            "goal-type": random_.choice(["new-users", "stock"]),
            "activity-trend": random_.choice(["up", "flat", "down"]),
        }
        flags: dict[str, str | bool] = {
            "wecom-verified": random_.random() < 0.9,
            "mixed-groups": random_.random() < 0.3 and numbers["active-groups"] > 0,
            "sensitive-data": random_.random() < 0.3,
            "hero-dependent": random_.random() < 0.3,
        }
        yield "users", FactValue(Fraction(self.users))
        yield "stores", FactValue(Fraction(self.stores))
        for name, number in numbers.items():
            if random_.randint(0, 9) >= self.facts_unknown:
                yield name, FactValue(Fraction(number))
        for name, plain in {**texts, **flags}.items():
            if random_.randint(0, 9) >= self.facts_unknown:
                yield name, FactValue(plain)

    def _numbers(self, random_: random.Random) -> dict[str, int | Fraction]:
        users, stores = self.users, self.stores
        months, group = random_.randint(0, 60), random_.choice([60, 120, 180, 300])
        groups = random_.randint(0, users // group)
        aov = random_.choice([30, 90, 300, 1_000, 3_000, 15_000])
        orders = Fraction(random_.choice([1, 2, 4, 12, 24, 80]), 2)
        specialists = Fraction(users, random_.choice([500, 2_000, 4_000, 8_000, 40_000]))
        specialists = Fraction(round(specialists * 2), 2)
        gmv = int(users * aov * orders / random_.choice([12, 24, 60, 240]))
        adds, add_cost = users // random_.choice([3, 8, 20, 100]), random_.randint(1, 60)
        cost = 1_500 * ceil(specialists) + add_cost * adds + random_.randint(0, 4 * users)
        return {
            "new-adds": adds,
            "aov": aov,
            "orders-per-year": orders,
            "months-since-launch": months,
            "data-weeks": random_.randint(0, int(Fraction(9, 2) * (months + 1))),
            "active-groups": groups,
            "group-size": group if groups else 0,
            "specialists": specialists,
            "staff-manager": Fraction(random_.choice([0, 1, 2]), 2),
            "staff-content": Fraction(random_.choice([0, 1, 2, 4]), 2),
            "staff-traffic": random_.choice([0, 0, 1]),
            "staff-sales": random_.choice([0, 0, 1, 4]),
            "staff-service": random_.choice([0, 0, 1, 3]),
            "staff-data": Fraction(random_.choice([0, 1, 5]), 5),
            "private-gmv": gmv,
            "total-gmv": gmv * random_.randint(1, 30),
            "gross-margin": random_.randint(5, 80),
            "private-cost": cost,
            "target-users": users + random_.choice([0, users // 10, users, 9 * users]),
            "ip-count": random_.randint(0, 4),
            "price-bands": random_.randint(1, 5),
            "add-cost": add_cost,
            "repurchase-90d": random_.randint(1, 60) if gmv else 0,
            "dormant-share": random_.randint(0, 90),
            "units-at-pilot": random_.choice(
                [0, 0, min(1, stores + groups), (stores + groups) // 3]
            ),
        }


def unit_of(world: World, question: Question) -> Fraction:
    """Return what the bands of a question are multiples of for this client: a benchmark, or 1."""
    benchmark = question.relative_to and world.benchmark(question.relative_to)
    return benchmark or Fraction(1)


def enterprises(
    *, users: st.SearchStrategy[int] | None = None, most_unknown: int = 4, fewest_people: int = 1
) -> st.SearchStrategy[Enterprise]:
    """Return a strategy for enterprises of every archetype, from 200 to two million users."""
    sizes = st.integers(0, 100).map(lambda place: int(200 * 10 ** (place / 25)))
    silence = st.sampled_from([0, 0, *range(most_unknown + 1)])
    return st.builds(
        Enterprise,
        seed=st.integers(0, 10_000),
        users=sizes if users is None else users,
        stores=st.one_of(st.just(0), st.integers(0, 12), st.integers(0, MOST_STORES)),
        archetype=st.sampled_from([None, *ARCHETYPES]),
        level=st.integers(1, 5),
        spread=st.sampled_from([0, 1, 1, 2]),
        people=st.integers(fewest_people, len(ASKED)),
        evidence=st.sampled_from([3, 3, 2, 1, 0]),
        unknown=silence,
        facts_unknown=silence,
    )
