"""Interviews of an engagement: who is asked, how far each is, who is in one right now.

A response of the kind "interview" is one person asked by a consultant. What a person says of the
company's figures goes to the one sheet of facts, and what the consultant rules to the one sheet of
rulings; both are responses too, begun when they are first needed.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.agenda import Agenda, agenda
from app.domain.definitions.questionnaire import Form, Role
from app.domain.model import MaturityModel
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.answers.answering import answerable
from app.services.answers.assembling import ADJUDICATION, FACTS, INTERVIEW, SELF
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.interviews.together import HERE
from app.services.record.recording import record
from app.services.releases import model_of
from app.store.answers import history_of, locked_response, responses_of
from app.store.errors import TakenError
from app.store.interviews import (
    has_answers,
    interview_of,
    items_answered,
    present_members,
    sheet_of,
)
from app.store.rows import Response
from app.store.scope import ScopedSession
from app.store.types import new_id


@dataclass(frozen=True, slots=True)
class Asked:
    """One person who is asked, or the sheet of facts.

    ``answered`` of ``asked`` items have an answer; ``asked`` includes what was answered although
    the role is not asked it. ``minutes`` is the planned length of an interview, ``concluded_at``
    when it was closed or sent; ``present`` are the names of those who have it open.
    """

    id: str
    kind: str
    role: str
    title: str
    label: str
    answered: int
    asked: int
    minutes: int
    begun_at: datetime
    saved_at: datetime | None
    concluded_at: datetime | None
    present: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything has an answer."""
        return self.answered >= self.asked


@dataclass(frozen=True, slots=True)
class RoleOffered:
    """A role an interview can be begun with."""

    id: str
    title: str
    minutes: int
    questions: int
    people: int


@dataclass(frozen=True, slots=True)
class Board:
    """The interviews of an engagement: by consultants, by link, and the sheet of facts.

    ``facts`` is None until somebody begins the sheet; ``fact_parts`` is how much is asked on it.
    """

    interviews: tuple[Asked, ...]
    by_link: tuple[Asked, ...]
    facts: Asked | None
    fact_parts: int
    roles: tuple[RoleOffered, ...]


def interview_board(acting: Acting, engagement: str) -> Board:
    """Return the board of an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        responses = responses_of(session, engagement)
        answered = items_answered(session, engagement)
        here = present_members(session, (row.id for row in responses), acting.now - HERE)
    model = model_in(acting, opened)
    form = model.forms[opened.engagement.form]
    plans = {role.id: agenda(model, form, role) for role in model.content.roles}
    sheet = frozenset(parts_asked(model, form))
    present: dict[str, list[str]] = {}
    for presence, name in here:
        present.setdefault(presence.response_id, []).append(name)
    people = [
        _asked(
            row,
            plans.get(row.role),
            sheet,
            answered.get(row.id, frozenset()),
            present.get(row.id, ()),
        )
        for row in responses
        if row.kind != ADJUDICATION
    ]
    interviews = tuple(person for person in people if person.kind == INTERVIEW)
    return Board(
        interviews=interviews,
        by_link=tuple(person for person in people if person.kind == SELF),
        facts=next((person for person in people if person.kind == FACTS), None),
        fact_parts=len(sheet),
        roles=_offered(plans.values(), interviews),
    )


def _asked(
    row: Response,
    plan: Agenda | None,
    sheet: frozenset[str],
    answered: frozenset[str],
    present: Sequence[str],
) -> Asked:
    asked = sheet if plan is None else frozenset(question.id for question in plan.questions)
    if plan is not None and row.kind == SELF:
        # Who answers by link keeps company figures among their own answers.
        asked |= {part.id for fact in plan.facts for part in fact.parts}
    return Asked(
        id=row.id,
        kind=row.kind,
        role=row.role,
        title=plan.role.title if plan is not None else "",
        label=row.label,
        answered=len(answered),
        asked=len(asked | answered),
        minutes=plan.minutes if plan is not None else 0,
        begun_at=row.created_at,
        saved_at=row.saved_at,
        concluded_at=row.submitted_at,
        present=tuple(present),
    )


def _offered(plans: Iterable[Agenda], interviews: Sequence[Asked]) -> tuple[RoleOffered, ...]:
    people = Counter(person.role for person in interviews)
    return tuple(
        RoleOffered(
            plan.role.id,
            plan.role.title,
            plan.minutes,
            len(plan.questions),
            people[plan.role.id],
        )
        for plan in plans
        if plan.questions and plan.role.side != "system"
    )


def askable_roles(model: MaturityModel, form: Form) -> tuple[Role, ...]:
    """Return the roles of people who are asked anything, in the order of the model."""
    return tuple(
        role
        for role in model.content.roles
        if role.side != "system" and agenda(model, form, role).questions
    )


def parts_asked(model: MaturityModel, form: Form) -> tuple[str, ...]:
    """Return the ids of the fact parts a form asks for."""
    return tuple(
        part.id
        for fact in model.content.facts
        if form.every_fact or fact.id in form.facts
        for part in fact.parts
    )


def model_in(acting: Acting, opened: Opened) -> MaturityModel:
    """Return the model of an engagement in the person's language."""
    digest = opened.engagement.release_digest
    return model_of(acting.database, acting.settings, digest, acting.locale)


# -- beginning and ending ------------------------------------------------------------------------


def begin_interview(acting: Acting, engagement: str, role: str, label: str) -> str:
    """Begin an interview with somebody in ``role``, and return its id.

    ``label`` tells people of one role apart. Raises ``NotFoundError``, ``NotAllowedError``, and
    ``RefusedError`` for a role nobody is asked in and for a label that is taken.
    """
    try:
        with acting.writing() as session:
            opened = open_engagement(acting, session, engagement)
            acting.must_write()
            model = model_in(acting, opened)
            form = model.forms[opened.engagement.form]
            if role not in {found.id for found in askable_roles(model, form)}:
                raise RefusedError({"role": "请从列表里选一个角色。"})
            if interview_of(session, engagement, INTERVIEW, role, label) is not None:
                raise _taken(label)
            row = _begin(acting, session, opened, INTERVIEW, role, label)
            ensure_sheet(acting, session, opened, FACTS)
            _record(acting, session, "interview.begun", row)
            return row.id
    except TakenError:
        # Somebody else began the same one between our look and our commit.
        raise _taken(label) from None


def _taken(label: str) -> RefusedError:
    if label:
        return RefusedError({"label": "这个角色下已经有「{label}」，请换一个标签。"}, label=label)
    return RefusedError(
        {"label": "这个角色已经有一场没有标签的访谈，请写一个区分的标签，如店名或区域。"}
    )


def _begin(
    acting: Acting, session: ScopedSession, opened: Opened, kind: str, role: str, label: str
) -> Response:
    row = Response(
        id=new_id(),
        engagement_id=opened.engagement.id,
        kind=kind,
        role=role,
        label=label,
        release_digest=opened.engagement.release_digest,
        created_at=acting.now,
        created_by=acting.person,
    )
    session.add(row)
    session.flush()
    return row


def ensure_sheet(acting: Acting, session: ScopedSession, opened: Opened, kind: str) -> Response:
    """Return the engagement's sheet of facts or of rulings, begun if there is none yet."""
    found = sheet_of(session, opened.engagement.id, kind)
    return found or _begin(acting, session, opened, kind, "", "")


def open_sheet(acting: Acting, engagement: str, kind: str) -> str:
    """Begin the sheet of an engagement where nobody has, and return its id."""
    for last in (False, True):
        try:
            with acting.writing() as session:
                opened = open_engagement(acting, session, engagement)
                acting.must_write()
                return ensure_sheet(acting, session, opened, kind).id
        except TakenError:
            # Two people began it at the same time: the other one's is there now.
            if last:
                raise
    raise AssertionError


def rename_interview(acting: Acting, engagement: str, response: str, label: str) -> None:
    """Give an interview another label; raises as ``begin_interview`` does."""
    try:
        with acting.writing() as session:
            row = _writable(acting, session, engagement, response, (INTERVIEW,))
            if row.label == label:
                return
            if interview_of(session, engagement, INTERVIEW, row.role, label) is not None:
                raise _taken(label)
            row.label = label
            _record(acting, session, "interview.renamed", row)
    except TakenError:
        raise _taken(label) from None


def discard_interview(acting: Acting, engagement: str, response: str) -> None:
    """Remove an interview that was begun by mistake.

    Raises ``ConflictError`` where anything was ever answered in it.
    """
    with acting.writing() as session:
        row = _writable(acting, session, engagement, response, (INTERVIEW,))
        if has_answers(session, row.id):
            raise ConflictError("answered", "这场访谈已经有答案，不能删除。")
        _record(acting, session, "interview.discarded", row)
        session.delete(row)


def conclude_interview(acting: Acting, engagement: str, response: str) -> str:
    """Close an interview: it takes no more answers. Return the digest of what it holds.

    Closing it again changes nothing.
    """
    with acting.writing() as session:
        row = _writable(acting, session, engagement, response, (INTERVIEW,))
        if row.submitted_at is None:
            row.submitted_at, row.snapshot = acting.now, snapshot_of(session, row.id)
            _record(acting, session, "interview.concluded", row, row.snapshot)
        return row.snapshot or ""


def reopen_interview(acting: Acting, engagement: str, response: str) -> None:
    """Let a closed interview be changed again; one that is open stays as it is."""
    with acting.writing() as session:
        row = _writable(acting, session, engagement, response, (INTERVIEW,))
        if row.submitted_at is None:
            return
        _record(acting, session, "interview.reopened", row, row.snapshot or "")
        row.submitted_at, row.snapshot, row.reopened_at = None, None, acting.now


def _record(
    acting: Acting, session: ScopedSession, action: str, row: Response, snapshot: str = ""
) -> None:
    told = {"role": row.role, "label": row.label, "snapshot": snapshot}
    kept = {name: value for name, value in told.items() if value}
    record(acting, session, action, "interview", row.id, row.engagement_id, **kept)


def snapshot_of(session: ScopedSession, response: str) -> str:
    """Return the digest of the answers that stand in a response, whatever their order."""
    standing: Mapping[str, tuple[int, str]] = {
        row.item: (row.revision, row.digest)
        for row in sorted(history_of(session, response), key=lambda row: row.revision)
        if row.standing
    }
    text = json.dumps(sorted(standing.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _writable(
    acting: Acting,
    session: ScopedSession,
    engagement: str,
    response: str,
    kinds: Sequence[str],
) -> Response:
    """Return a response of the engagement held for this transaction, or raise."""
    open_engagement(acting, session, engagement)
    found = locked_response(session, response)
    if found is None or found.engagement_id != engagement or found.kind not in kinds:
        raise NotFoundError
    return answerable(acting, session, response)
