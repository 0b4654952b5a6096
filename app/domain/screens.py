"""A questionnaire as one person fills it in on a phone: small screens in asking order.

A section of more than ``MOST`` questions is divided into screens that differ by one question at
most, so that nobody turns a page for the last one. A fact with several parts stays on one screen
where it fits: its parts stand together in the respondent's books. Facts come last: what somebody
sees at work is answered at once, figures have to be looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from app.domain.agenda import Agenda
from app.domain.definitions.questionnaire import Fact, FactPart, Question, Section

MOST: Final = 6
"""Items on one screen."""

SECONDS: Final[Mapping[str, int]] = {
    "choice": 40,
    "yes-no": 30,
    "multi": 60,
    "number": 60,
    "text": 120,
}
"""What one answer takes somebody who reads the options and types on a phone; our own estimate."""
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Screen:
    """What is asked at once: questions of a section, or (``section`` None) parts of facts.

    ``number`` counts all screens from 1; this is the ``place``-th (from 1) of ``of`` screens of its
    section.
    """

    number: int
    section: Section | None
    place: int
    of: int
    questions: tuple[Question, ...] = ()
    parts: tuple[FactPart, ...] = ()

    @property
    def items(self) -> tuple[Question | FactPart, ...]:
        """Everything asked here, in order."""
        return (*self.questions, *self.parts)


def screens(plan: Agenda) -> tuple[Screen, ...]:
    """Return the screens of everything a role is asked."""
    found: list[Screen] = []
    for item in plan.items:
        runs = _divided(item.questions)
        for place, run in enumerate(runs, start=1):
            found.append(Screen(len(found) + 1, item.section, place, len(runs), questions=run))
    groups = _grouped(plan.facts)
    for place, parts in enumerate(groups, start=1):
        found.append(Screen(len(found) + 1, None, place, len(groups), parts=parts))
    return tuple(found)


def minutes_alone(plan: Agenda) -> int:
    """Return the minutes it takes to fill in everything alone, rounded up to the next five.

    An interview with the same role takes longer: one talks about the answers and looks at evidence.
    """
    parts = (part for fact in plan.facts for part in fact.parts)
    items: tuple[Question | FactPart, ...] = (*plan.questions, *parts)
    return ceil(sum(SECONDS[item.type] for item in items) / 60 / _STEP) * _STEP


def _divided(questions: Sequence[Question]) -> list[tuple[Question, ...]]:
    """Divide into as few runs as possible, the longer ones first."""
    if not questions:
        return []
    runs = ceil(len(questions) / MOST)
    least, longer = divmod(len(questions), runs)
    found, start = [], 0
    for place in range(runs):
        size = least + (place < longer)
        found.append(tuple(questions[start : start + size]))
        start += size
    return found


def _grouped(facts: Sequence[Fact]) -> list[tuple[FactPart, ...]]:
    """Put facts together while they fit; one that is too long for a screen is cut."""
    groups: list[list[FactPart]] = []
    for fact in facts:
        if not groups or len(groups[-1]) + min(len(fact.parts), MOST) > MOST:
            groups.append([])
        for part in fact.parts:
            if len(groups[-1]) == MOST:
                groups.append([])
            groups[-1].append(part)
    return [tuple(group) for group in groups]
