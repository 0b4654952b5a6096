"""The agenda of one interview: what a role is asked, in which order, in how many minutes.

A role's interview has a planned length (45 to 60 minutes in the private-domain model); the time
boxes of the sections are those of the whole questionnaire. A section therefore gets its own minutes
× the share of its questions that this role is asked, all scaled to the length of the interview, but
never less than a minute nor more than the section's own box: three open questions do not fill half
an interview because little else is asked. Whole minutes by largest remainders, so that they add up.

The method plans no time for opening and closing: a section begins with its introduction, and the
last one closes with the open questions. Facts come on a sheet sent ahead of the interviews
("research and diagnosis", step 03.1), so they stand first and take none of its minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.domain.definitions.questionnaire import Fact, Form, Question, Role, Section
from app.domain.model import MaturityModel
from app.domain.scoring import questions_asked


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One time box in whole ``minutes``.

    ``questions`` in asking order, the first ``primary`` of them are those the role is the first
    source of. The item of the ``facts`` has no section.
    """

    section: Section | None
    minutes: int
    questions: tuple[Question, ...] = ()
    primary: int = 0
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of an interview with ``role``, which carries its guide; ``minutes`` in all.

    The guide: what to ``asks_about``, what one ``must_see``, the ``trap`` to watch for. What to ask
    to see for one answer stands with the question.
    """

    role: Role
    minutes: int
    items: tuple[AgendaItem, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return every question of the interview, in the order of the agenda."""
        return tuple(question for item in self.items for question in item.questions)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return every fact the role can give."""
        return tuple(fact for item in self.items for fact in item.facts)

    @property
    def size(self) -> int:
        """Return how many answers the role can give: to questions, and to each part of a fact."""
        return len(self.questions) + sum(len(fact.parts) for fact in self.facts)


def agenda(model: MaturityModel, form: Form, role: Role) -> Agenda:
    """Return the agenda of an interview with a role; without items where it is asked nothing.

    The sections of a role without a planned length keep their own minutes.
    """
    boxes = [box for section in model.content.sections if (box := _box(section, form, role))]
    weights = [_weight(box) for box in boxes]
    most = [max(box.section.minutes, 1) for box in boxes]
    planned = role.minutes or ceil(sum(weights, Fraction(0)))
    minutes = min(max(planned, len(boxes)), sum(most))
    spread = time_boxes(minutes, weights, most)
    items = [
        AgendaItem(box.section, given, box.questions, box.primary)
        for box, given in zip(boxes, spread, strict=True)
    ]
    facts = tuple(
        fact
        for fact in model.content.facts
        if (form.every_fact or fact.id in form.facts)
        and (form.everyone_counts or role.id in fact.roles)
    )
    if facts:
        items.insert(0, AgendaItem(None, 0, facts=facts))
    return Agenda(role, minutes, tuple(items))


def time_boxes(minutes: int, weights: Sequence[Fraction], most: Sequence[int]) -> tuple[int, ...]:
    """Divide whole minutes by positive weights, at least 1 and at most ``most`` for each.

    ``minutes`` lies between the number of weights and the sum of ``most``; the parts add up to it.
    Largest remainders, ties to the first: the Hare–Niemeyer method (M. L. Balinski & H. P. Young,
    Fair Representation, 1982), applied to the one common scale at which the bounded parts add up.
    """

    def parts(scale: Fraction) -> list[Fraction]:
        bounds = zip(weights, most, strict=True)
        return [min(max(scale * weight, Fraction(1)), Fraction(cap)) for weight, cap in bounds]

    if not weights:
        return ()
    # Between two neighbouring scales at which a part meets a bound, the sum grows evenly.
    turns = [
        bound / weight for weight, cap in zip(weights, most, strict=True) for bound in (1, cap)
    ]
    below = max((turn for turn in turns if sum(parts(turn)) <= minutes), default=min(turns))
    growing = [
        weight for weight, cap in zip(weights, most, strict=True) if 1 <= below * weight < cap
    ]
    missing = minutes - sum(parts(below), Fraction(0))
    scale = below + missing / sum(growing, Fraction(0)) if growing else below
    return _rounded(minutes, parts(scale))


def _rounded(minutes: int, exact: Sequence[Fraction]) -> tuple[int, ...]:
    given = [floor(part) for part in exact]
    by_remainder = sorted(range(len(given)), key=lambda place: given[place] - exact[place])
    for place in by_remainder[: minutes - sum(given)]:
        given[place] += 1
    return tuple(given)


@dataclass(frozen=True, slots=True)
class _Box:
    section: Section
    questions: tuple[Question, ...]
    primary: int


def _box(section: Section, form: Form, role: Role) -> _Box | None:
    asked = [q for q in questions_asked(form, section.questions) if q.type != "computed"]
    primary = [q for q in asked if form.everyone_counts or role.id in q.primary]
    secondary = [q for q in asked if q not in primary and role.id in q.secondary]
    if not primary and not secondary:
        return None
    return _Box(section, (*primary, *secondary), len(primary))


def _weight(box: _Box) -> Fraction:
    askable = sum(question.type != "computed" for question in box.section.questions)
    return max(box.section.minutes, 1) * Fraction(len(box.questions), askable)
