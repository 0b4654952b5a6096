"""Enterprises made to order: real answers and facts that bring a sample world of a rule about.

A rule's examples say under which levels, numbers and items it fires; here somebody answers the
questions so that these come out. What an example asks cannot always be met (no answers bring an
area to level 4 while a question that weighs a third of it stands at 1): then the nearest is made.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import floor

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.rule import Scalar
from app.domain.definitions.structure import EvidenceCode
from app.domain.expression import Expression, Reference
from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.world import World
from tests.enterprises import Enterprise, answer_at, unit_of

SHOP_MANAGERS = 20  # so that their mean can be any twentieth of a level
ASKED = (
    "ceo",
    "private-domain-head",
    "regional-head",
    "operations",
    "it",
    "content",
    "sales",
    "consultant",
    *["store"] * SHOP_MANAGERS,
)
USUAL = 3
"""The level at which everything stands that an example does not speak of."""

SCALE_FACTS: Mapping[int, Mapping[str, int]] = {
    0: {"users": 250},
    1: {"users": 2_000, "new-adds": 200},
    2: {"users": 50_000, "new-adds": 5_000, "target-users": 500_000, "months-since-launch": 12},
    3: {"users": 50_000, "new-adds": 5_000, "target-users": 50_000, "months-since-launch": 12},
    4: {"users": 50_000, "new-adds": 500, "target-users": 50_000, "months-since-launch": 12},
}
"""Facts that read as each stage of scale."""


def enterprise_like(
    model: MaturityModel, condition: Expression, sample: Mapping[str, Scalar]
) -> Assessment:
    """Return an enterprise that comes as near as answers can to a sample world of a condition."""
    return _Aim(model, condition, sample).assessment()


class _Aim:
    """Answers and facts being set so that each reference of a sample takes its value."""

    def __init__(
        self, model: MaturityModel, condition: Expression, sample: Mapping[str, Scalar]
    ) -> None:
        self._model = model
        usual = Enterprise(users=4_000, stores=12, archetype="store-frequent")
        self._facts = dict(usual.assessment(data_weeks=30, months_since_launch=12).facts)
        self._facts["wecom-verified"] = FactValue(value=True)
        self._said: dict[str, AnswerValue] = {}
        self._of_shops: dict[str, list[int]] = {}
        self._grades: dict[str, EvidenceCode] = {}
        self._fixed: set[str] = set()
        self._levels: dict[str, int] = {}
        world = self._world()
        self._units = {name: unit_of(world, q) for name, q in model.questions.items()}
        for area in model.areas:
            self._answer_area(area, USUAL)
        wanted = dict(_wanted(condition, sample))
        for reference in sorted(wanted, key=lambda item: ORDER.index(item.function)):
            self._aim(reference, wanted[reference])
        self._settle()

    def assessment(self) -> Assessment:
        """Return the assessment as it stands."""
        shops = iter(range(SHOP_MANAGERS))
        return Assessment(
            form="full",
            client=ClientProfile("某企业", "store-frequent"),
            facts=dict(self._facts),
            respondents=tuple(
                self._person(place, role, next(shops) if role == "store" else None)
                for place, role in enumerate(ASKED)
            ),
        )

    def _world(self) -> World:
        return World(self._model, self.assessment())

    def _person(self, place: int, role: str, shop: int | None) -> Respondent:
        answers = {}
        for name, value in self._said.items():
            question = self._model.questions[name]
            if role not in (*question.primary, *question.secondary):
                continue
            if shop is not None and name in self._of_shops:
                value = self._of_shops[name][shop]
            answers[name] = Answer(value, self._grades.get(question.area or "", "E3"))
        return Respondent(role, str(place), answers)

    # -- levers ----------------------------------------------------------------------------

    def _aim(self, reference: Reference, value: Fraction | bool | str) -> None:
        canonical = self._model.vocabulary.canonical(reference)
        assert canonical is not None
        name, *items = canonical
        if reference.function == "name":
            self._aim_name(name, value)
        elif isinstance(value, Fraction):
            self._aim_number(reference.function, name, items, value)
        else:
            self._pick(name, items, Fraction(bool(value)))

    def _aim_name(self, name: str, value: Fraction | bool | str) -> None:
        if name in self._model.fact_parts:
            self._facts[name] = FactValue(value)
            return
        levers: Mapping[str, Callable[[Fraction], None]] = {
            "overall_level": self._aim_overall,
            "scale_stage": self._aim_scale,
            "stage": self._aim_stage,
            "low_confidence_areas": self._aim_confidence,
            "load_ratio": self._aim_load,
            "roi": self._aim_roi,
            "ltv_cac": self._aim_lifetime,
            "alpha": lambda _value: None,  # no lever of its own: it follows from everybody's views
        }
        assert isinstance(value, Fraction)
        levers[name](value)

    def _aim_number(self, function: str, name: str, items: list[str], value: Fraction) -> None:
        if function == "level":
            self._levels[name] = int(value)
            self._answer_area(name, int(value))
        elif function == "gap":
            self._aim_gap(name, value)
        elif function == "share":
            self._pick(name, items, value)
        elif function == "count":
            every = [item.id for item in self._model.questions[name].items]
            self._pick(name, every, value / len(every))
        elif name in self._model.dimensions:
            self._aim_dimension(name, value)
        elif self._model.questions[name].type == "computed":
            self._fixed.add(name)
            self._aim_load(value)
        else:
            question = self._model.questions[name]
            self._fixed.add(name)
            exact = function == "value"
            self._said[name] = value if exact else self._worth(question, floor(value))

    def _worth(self, question: Question, score: int) -> AnswerValue:
        return answer_at(question, min(max(score, 1), 5), self._units[question.id])

    def _answer_area(self, area: str, score: int, other: int | None = None) -> None:
        """Answer an area's free questions: choices worth ``score``, the others ``other``."""
        for question in self._model.questions_of[area]:
            if question.type != "computed" and question.id not in self._fixed:
                worth = score if other is None or question.type == "choice" else other
                self._said[question.id] = self._worth(question, worth)

    def _pick(self, name: str, items: list[str], share: Fraction) -> None:
        """Have a share of ``items`` picked in a list, the others as they are."""
        self._fixed.add(name)
        before = self._said[name]
        assert isinstance(before, tuple)
        picked = items[: round(share * len(items))]
        self._said[name] = (*(item for item in before if item not in items), *picked)

    def _aim_gap(self, name: str, gap: Fraction) -> None:
        """Have the top say one level and the shops levels whose mean lies ``gap`` below."""
        self._fixed.add(name)
        top = 3 if gap > 0 else 2
        whole, part = divmod(round((top - gap) * SHOP_MANAGERS), SHOP_MANAGERS)
        self._said[name] = top
        self._of_shops[name] = [whole + (shop < part) for shop in range(SHOP_MANAGERS)]

    def _aim_dimension(self, name: str, score: Fraction) -> None:
        """Bring areas to the level below ``score``, and enough of the heaviest to the one above."""
        low = floor(score)
        missing = score - low
        areas = sorted(self._model.dimensions[name].areas, key=lambda area: -Fraction(area.weight))
        for area in areas:
            above = Fraction(area.weight) <= missing
            missing -= Fraction(area.weight) if above else 0
            self._answer_area(area.id, low + above)

    def _aim_overall(self, level: Fraction) -> None:
        for area in self._model.areas:
            self._answer_area(area, int(level))

    def _aim_scale(self, place: Fraction) -> None:
        for part, number in SCALE_FACTS[int(place)].items():
            self._facts[part] = FactValue(Fraction(number))
        self._facts["goal-type"] = FactValue("stock")

    def _aim_stage(self, place: Fraction) -> None:
        self._aim_scale(place)
        self._aim_overall(min(place + 1, Fraction(5)))
        # Nobody knows the economics: they do not hold the verdict back.
        self._facts.pop("add-cost", None)

    def _aim_confidence(self, areas: Fraction) -> None:
        for place, area in enumerate(self._model.areas):
            self._grades[area] = "E0" if place < areas else "E3"

    def _aim_roi(self, roi: Fraction) -> None:
        for part, number in {
            "private-cost": Fraction(100_000),
            "gross-margin": Fraction(50),
            "private-gmv": (roi + 1) * 200_000,
        }.items():
            self._facts[part] = FactValue(number)

    def _aim_lifetime(self, ratio: Fraction) -> None:
        self._facts["add-cost"] = FactValue(Fraction(1))
        at_one = self._world().measure("ltv_cac")
        assert at_one is not None
        self._facts["add-cost"] = FactValue(at_one / ratio)

    def _aim_load(self, load: Fraction) -> None:
        world = self._world()
        users, capacity = world.figures.number("users"), world.measure("capacity")
        assert users is not None
        assert capacity is not None
        self._facts["specialists"] = FactValue(users / (load * capacity))

    def _settle(self) -> None:
        """Bring areas of a wanted level there beside the answers that are fixed, or near it."""
        for area, level in self._levels.items():
            reached: dict[int, tuple[int, int]] = {}
            for chosen, other in sorted(
                product(range(1, 6), repeat=2), key=lambda pair: sum(abs(s - level) for s in pair)
            ):
                self._answer_area(area, chosen, other)
                found = self._world().level(area)
                if found is not None:
                    reached.setdefault(found, (chosen, other))
                if found == level:
                    break
            else:
                nearest = min(reached, key=lambda found: abs(found - level))
                self._answer_area(area, *reached[nearest])


ORDER = ("name", "level", "score", "confidence", "gap", "count", "share", "has", "value")
"""Facts first; then what many answers make up; then single answers, which are then left alone."""


def _wanted(
    condition: Expression, sample: Mapping[str, Scalar]
) -> Iterator[tuple[Reference, Fraction | bool | str]]:
    values = {name.replace(" ", ""): value for name, value in sample.items()}
    for reference in condition.references:
        value = values.get(str(reference).replace(" ", ""))
        if value is not None:
            yield reference, value if isinstance(value, bool | str) else Fraction(value)
