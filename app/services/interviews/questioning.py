"""One interview as the person who asks sees it: agenda, questions, what was said so far.

The sheet of facts is asked the same way: its items are the parts of facts. In an interview the
facts its role can give stand first; their answers are kept on the engagement's one sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.agenda import Agenda, agenda
from app.domain.definitions.questionnaire import Fact, FactPart, Form, Question, Role, Section
from app.domain.model import MaturityModel
from app.domain.pace import time_spent
from app.domain.scoring import questions_asked
from app.forms.fields import is_asked
from app.forms.fields.value import Item
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.answers.answering import Standing, standing_of
from app.services.answers.assembling import FACTS, INTERVIEW
from app.services.errors import NotFoundError
from app.services.interviews.interviewing import model_in, parts_asked
from app.services.interviews.together import Here, others_in, stamp_of
from app.store.answers import current_answers
from app.store.attachments import attachments_of
from app.store.interviews import answered_at, find_response, names_of, sheet_of
from app.store.rows import Attachment, Response
from app.store.scope import ScopedSession

FACTS_KEY: Final = "facts"
"""The part of an interview that asks for facts; no section of a model has this id."""

_CUSTOMER: Final = "customer"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture kept beside an answer."""

    id: str
    name: str
    added_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Posed:
    """One item as it is asked: a question, or one part of ``fact``.

    ``primary`` where the role is its first source; ``standing`` is what was answered, by ``who``.
    """

    item: Item
    fact: Fact | None
    primary: bool
    standing: Standing | None
    who: str
    photos: tuple[Photo, ...]

    @property
    def done(self) -> bool:
        """Whether it has an answer, "don't know" included."""
        return self.standing is not None and self.standing.kind != "cleared"


@dataclass(frozen=True, slots=True)
class Part:
    """One time box: its items, and the ``response`` that keeps their answers.

    ``section`` is None for the facts. ``spent`` is None where nothing was asked yet.
    """

    key: str
    section: Section | None
    response: str
    minutes: int
    spent: timedelta | None
    posed: tuple[Posed, ...]

    @property
    def done(self) -> int:
        """How many items have an answer."""
        return sum(each.done for each in self.posed)


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview, or the sheet of facts (``role`` None), with everything said so far.

    ``everything``: all questions of the form are listed, not the role's alone; ``beyond`` is how
    many more that would be. ``last_at`` is when something was saved last; ``stamp`` names the state
    of the answers (see ``app.services.interviews.together``).
    """

    opened: Opened
    model: MaturityModel
    id: str
    role: Role | None
    label: str
    minutes: int
    parts: tuple[Part, ...]
    everything: bool
    beyond: int
    begun_at: datetime
    last_at: datetime | None
    concluded_at: datetime | None
    others: tuple[Here, ...]
    stamp: str

    @property
    def asked(self) -> int:
        """How many items there are."""
        return sum(len(part.posed) for part in self.parts)

    @property
    def done(self) -> int:
        """How many of them have an answer."""
        return sum(part.done for part in self.parts)

    def part(self, key: str | None) -> Part:
        """Return the part with this key; without one, the first that is not done.

        Facts come in ahead of interviews: what is missing of them is asked last.
        """
        for part in self.parts:
            if part.key == key:
                return part
        by_turn = sorted(self.parts, key=lambda part: part.section is None)
        return next((part for part in by_turn if part.done < len(part.posed)), by_turn[0])


@dataclass(frozen=True, slots=True)
class _Said:
    """Everything stored that an interview shows."""

    response: Response
    sheet: Response | None
    answers: Mapping[tuple[str, str], Standing]
    names: Mapping[str, str]
    photos: Mapping[tuple[str, str], Sequence[Attachment]]
    saves: Sequence[tuple[str, datetime]]
    others: tuple[Here, ...]
    stamp: str


def open_interview(
    acting: Acting, engagement: str, response: str, *, everything: bool = False
) -> Interview:
    """Return an interview, or the sheet of facts, as it stands; raises ``NotFoundError``.

    ``everything`` lists all questions of the form instead of those the role is asked; a customer
    is asked theirs alone.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        said = _read(acting, session, engagement, response)
    model = model_in(acting, opened)
    form = model.forms[opened.engagement.form]
    role = model.roles.get(said.response.role)
    if said.response.kind == FACTS:
        return _interview(opened, model, said, None, _facts_sheet(model, form), 0, False)
    if role is None:
        raise NotFoundError
    plan = agenda(model, form, role)
    may_all = role.side != _CUSTOMER
    whole = _everything(model, form) if may_all else _planned(plan)
    boxes = whole if everything and may_all else _planned(plan)
    boxes = _with_answered(boxes, whole, said)
    beyond = _questions(whole) - _questions(boxes)
    return _interview(opened, model, said, role, boxes, beyond, everything and may_all, plan)


def _read(acting: Acting, session: ScopedSession, engagement: str, response: str) -> _Said:
    found = find_response(session, engagement, response)
    if found is None or found.kind not in (INTERVIEW, FACTS):
        raise NotFoundError
    sheet = found if found.kind == FACTS else sheet_of(session, engagement, FACTS)
    kept = [found.id] if sheet is None else list(dict.fromkeys((found.id, sheet.id)))
    rows = current_answers(session, kept)
    photos: dict[tuple[str, str], list[Attachment]] = {}
    for photo in attachments_of(session, kept):
        photos.setdefault((photo.response_id, photo.item), []).append(photo)
    actors = {row.actor for row in rows} | {
        p.added_by for found_ in photos.values() for p in found_
    }
    return _Said(
        response=found,
        sheet=sheet,
        answers={(row.response_id, row.item): standing_of(row) for row in rows},
        names=names_of(session, actors),
        photos=photos,
        saves=answered_at(session, found.id),
        others=others_in(acting, session, found.id),
        stamp=stamp_of(found, rows),
    )


# -- what is asked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Box:
    """One part before answers are put in: ``primary`` of its questions come first."""

    section: Section | None
    minutes: int
    questions: tuple[Question, ...] = ()
    primary: int = 0
    facts: tuple[Fact, ...] = ()

    @property
    def key(self) -> str:
        return self.section.id if self.section is not None else FACTS_KEY


def _questions(boxes: Iterable[_Box]) -> int:
    return sum(len(box.questions) for box in boxes)


def _planned(plan: Agenda) -> tuple[_Box, ...]:
    return tuple(
        _Box(item.section, item.minutes, item.questions, item.primary, item.facts)
        for item in plan.items
    )


def _everything(model: MaturityModel, form: Form) -> tuple[_Box, ...]:
    boxes = []
    if facts := tuple(f for f in model.content.facts if form.every_fact or f.id in form.facts):
        boxes.append(_Box(None, 0, facts=facts))
    for section in model.content.sections:
        asked = tuple(filter(is_asked, questions_asked(form, section.questions)))
        if asked:
            boxes.append(_Box(section, section.minutes, asked, len(asked)))
    return tuple(boxes)


def _facts_sheet(model: MaturityModel, form: Form) -> tuple[_Box, ...]:
    return tuple(box for box in _everything(model, form) if box.section is None)


def _with_answered(
    boxes: tuple[_Box, ...], whole: tuple[_Box, ...], said: _Said
) -> tuple[_Box, ...]:
    """Add what was answered although the role is not asked it: nothing is hidden."""
    shown = {question.id for box in boxes for question in box.questions}
    given = {item for (response, item) in said.answers if response == said.response.id}
    extra = {
        box.key: tuple(q for q in box.questions if q.id in given and q.id not in shown)
        for box in whole
    }
    by_key = {box.key: box for box in boxes}
    merged = []
    for box in whole:
        known = by_key.get(box.key)
        more = extra[box.key]
        if known is not None:
            questions = (*known.questions, *more)
            merged.append(_Box(known.section, known.minutes, questions, known.primary, known.facts))
        elif more:
            merged.append(_Box(box.section, 0, more))
    return tuple(merged)


# -- putting it together ---------------------------------------------------------------------------


def _interview(
    opened: Opened,
    model: MaturityModel,
    said: _Said,
    role: Role | None,
    boxes: tuple[_Box, ...],
    beyond: int,
    everything: bool,
    plan: Agenda | None = None,
) -> Interview:
    own = {question.id: box.key for box in boxes for question in box.questions}
    if role is None:
        own = {part.id: box.key for box in boxes for fact in box.facts for part in fact.parts}
    spent = time_spent(
        said.response.created_at, [(own[item], at) for item, at in said.saves if item in own]
    )
    parts = tuple(
        part
        for box in boxes
        if (part := _part(box, said, spent.get(box.key))) is not None and part.posed
    )
    moments = [at for _, at in said.saves]
    return Interview(
        opened=opened,
        model=model,
        id=said.response.id,
        role=role,
        label=said.response.label,
        minutes=plan.minutes
        if plan is not None and not everything
        else sum(b.minutes for b in boxes),
        parts=parts,
        everything=everything,
        beyond=beyond,
        begun_at=said.response.created_at,
        last_at=moments[-1] if moments else None,
        concluded_at=said.response.submitted_at,
        others=said.others,
        stamp=said.stamp,
    )


def _part(box: _Box, said: _Said, spent: timedelta | None) -> Part | None:
    if box.section is None:
        if said.sheet is None:
            return None
        response = said.sheet.id
        posed = tuple(
            _posed(said, response, part, fact, True) for fact in box.facts for part in fact.parts
        )
    else:
        response = said.response.id
        posed = tuple(
            _posed(said, response, question, None, place < box.primary)
            for place, question in enumerate(box.questions)
        )
    return Part(box.key, box.section, response, box.minutes, spent, posed)


def _posed(
    said: _Said, response: str, item: Question | FactPart, fact: Fact | None, primary: bool
) -> Posed:
    standing = said.answers.get((response, item.id))
    return Posed(
        item=item,
        fact=fact,
        primary=primary,
        standing=standing,
        who=said.names.get(standing.actor, "") if standing is not None else "",
        photos=tuple(
            Photo(row.id, row.name, row.added_at, said.names.get(row.added_by, ""))
            for row in said.photos.get((response, item.id), ())
        ),
    )


def item_asked(model: MaturityModel, form: Form, response: Response, item: str) -> Item | None:
    """Return the question or fact part that a response may answer, or None.

    The sheet of facts takes fact parts, an interview takes questions; staff may say what they see
    of any question of the form, customers answer theirs alone, and computed ones nobody.
    """
    if response.kind == FACTS:
        return model.fact_parts[item] if item in parts_asked(model, form) else None
    question = model.questions.get(item)
    role = model.roles.get(response.role)
    if question is None or role is None or not is_asked(question):
        return None
    if not (form.every_question or question.id in form.questions):
        return None
    asked = role.id in (*question.primary, *question.secondary) or form.everyone_counts
    return question if asked or role.side != _CUSTOMER else None
