"""What an engagement still lacks before a diagnosis is worth issuing.

Worth issuing means, by the model's own limits: every role without which a question has no first
source has been heard, no area that was asked about is left without a level, and of the facts no
more is missing than may be missing of an area's questions (``missing_limit``). More is better, and
listed; these three are what a diagnosis cannot do without.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.definitions.questionnaire import Fact, Question
from app.domain.index_shares import index_shares
from app.domain.scoring import questions_asked
from app.domain.world import World

LackKind: TypeAlias = Literal["answers", "roles", "areas", "facts"]

OUTSIDE: Final = frozenset({"customer", "consultant", "system"})
"""Sides that are not people of the enterprise: nothing waits for them."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing a diagnosis cannot do without: ids of the roles, areas or facts missing.

    ``answers`` names nothing: nobody has answered yet.
    """

    kind: LackKind
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleCoverage:
    """One role of the enterprise that the form asks first: how many people, how much of it.

    ``questions`` are the scored ones the role is primary for, ``answered`` those of them that
    somebody in the role answered; ``required`` where for one of them no other role is primary.
    """

    role: str
    respondents: int
    questions: int
    answered: int
    required: bool

    @property
    def heard(self) -> bool:
        """Whether somebody in the role answered at all."""
        return self.answered > 0


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a diagnosis there is, and what it still lacks.

    ``begun`` says that somebody answered or gave a fact; what the client's profile says does not
    count for that. ``respondents`` counts the people who answered anything, by role. ``answered``
    is the share of the index (0–1) that has a score. Facts count by part: ``facts_missing`` are the
    ids of facts not given in full. ``open_areas`` were asked about and have no level.
    """

    begun: bool
    roles: tuple[RoleCoverage, ...]
    respondents: Mapping[str, int]
    answered: Fraction
    facts_given: int
    facts_asked: int
    facts_missing: tuple[str, ...]
    open_areas: tuple[str, ...]
    lacks: tuple[Lack, ...]

    @property
    def worth_issuing(self) -> bool:
        """Whether a diagnosis lacks nothing it cannot do without."""
        return not self.lacks

    @property
    def roles_heard(self) -> int:
        """How many of the expected roles were heard."""
        return sum(role.heard for role in self.roles)


def completeness(world: World) -> Completeness:
    """Return how complete an assessment is."""
    shares, figures = index_shares(world), world.figures
    answered = sum(
        (share for name, share in shares.items() if world.question(name).score is not None),
        Fraction(0),
    )
    respondents: dict[str, int] = {}
    for person in world.assessment.respondents:
        if person.answers:
            respondents[person.role] = respondents.get(person.role, 0) + 1
    facts = _facts_asked(world)
    given = {fact.id: sum(figures.given(p.id) is not None for p in fact.parts) for fact in facts}
    found = Completeness(
        begun=bool(respondents or world.assessment.facts),
        roles=_roles(world, respondents),
        respondents=respondents,
        answered=answered,
        facts_given=sum(given.values()),
        facts_asked=sum(len(fact.parts) for fact in facts),
        facts_missing=tuple(fact.id for fact in facts if given[fact.id] < len(fact.parts)),
        open_areas=tuple(
            name for name in world.model.areas if (a := world.area(name)).asked and a.level is None
        ),
        lacks=(),
    )
    return _with_lacks(found, Fraction(world.model.content.rating.missing_limit))


def _facts_asked(world: World) -> list[Fact]:
    form = world.form
    return [f for f in world.model.content.facts if form.every_fact or f.id in form.facts]


def _roles(world: World, respondents: Mapping[str, int]) -> tuple[RoleCoverage, ...]:
    """Return the coverage of every role asked first, in the order of the model.

    Where one person fills in the whole form, no role in particular is expected.
    """
    if world.form.everyone_counts:
        return ()
    inside = {role.id for role in world.model.content.roles if role.side not in OUTSIDE}
    asked = questions_asked(world.form, world.model.questions.values())
    scored = [q for q in asked if q.type not in ("text", "computed")]
    spoken = {
        (person.role, name)
        for person in world.assessment.respondents
        for name, answer in person.answers.items()
        if answer.value is not None
    }
    first = {role: [q for q in scored if role in q.primary] for role in world.model.roles}
    return tuple(
        RoleCoverage(
            role=role,
            respondents=respondents.get(role, 0),
            questions=len(questions),
            answered=sum((role, question.id) in spoken for question in questions),
            required=any(_only_source(question, role, inside) for question in questions),
        )
        for role, questions in first.items()
        if role in inside and questions
    )


def _only_source(question: Question, role: str, inside: set[str]) -> bool:
    return all(other == role or other not in inside for other in question.primary)


def _with_lacks(found: Completeness, missing_limit: Fraction) -> Completeness:
    lacks: list[Lack] = []
    if not found.answered:
        lacks.append(Lack("answers", ()))
    if unheard := tuple(role.role for role in found.roles if role.required and not role.heard):
        lacks.append(Lack("roles", unheard))
    if found.open_areas:
        lacks.append(Lack("areas", found.open_areas))
    if found.facts_asked - found.facts_given > missing_limit * found.facts_asked:
        lacks.append(Lack("facts", found.facts_missing))
    return replace(found, lacks=tuple(lacks))
