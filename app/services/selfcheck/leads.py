"""Leads: what a consultancy does with those who asked. Owners and consultants alone see them.

An accepted lead becomes a client and an engagement that holds everything answered already, graded
as what somebody says of themselves, so that nothing is asked twice. The engagement is begun under
the newest release of the model: what a newer release asks otherwise is asked again, and told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, cast

from app.domain.bounds import REASON_LIMIT
from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.answers.answering import SELF_CHECK, AnswerKind, Given
from app.services.answers.assembling import FACTS, INTERVIEW
from app.services.engagements.clients import ClientWords, add_client, check_client
from app.services.engagements.importing import Sheet, keep_sheet
from app.services.engagements.undertaking import (
    EngagementWords,
    add_engagement,
    check_engagement,
    newest_release,
)
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.releases import languages_of, model_of
from app.services.respondents.consenting import Agreed, kept_text
from app.services.respondents.responding import Page, pages_of
from app.services.selfcheck.answering import LeadState, asked_of, model_under, standings
from app.services.selfcheck.house import house_of_row
from app.services.selfcheck.result import (
    Result,
    answers_of,
    diagnosis_from,
    facts_of,
    frozen_check,
    result_from,
)
from app.store.interviews import names_of
from app.store.members import own_consultancy
from app.store.rows import Engagement, Lead, SelfCheck
from app.store.scope import ScopedSession
from app.store.selfchecks import (
    find_lead,
    held_lead,
    lead_of_engagement,
    list_leads,
)

SELF_REPORTED: Final = "E0"


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead in the list: who asks, when, what the answers came to, what became of it."""

    id: str
    company: str
    person: str
    asked_at: datetime
    index: Fraction | None
    level: int | None
    state: LeadState
    engagement: str


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One page of the list: those that wait first. ``waiting`` counts them all."""

    lines: tuple[LeadLine, ...]
    waiting: int
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead with its result and every answer, in the reader's language."""

    line: LeadLine
    contact: str
    note: str
    locale: str
    role: str
    consent: Agreed
    answered_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
    model: MaturityModel
    result: Result
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Accepting:
    """What is said of an accepted lead: client, engagement, the label its answers go by.

    ``note`` is kept with the client.
    """

    name: str
    title: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a lead became; ``left`` counts the answers whose question is another one by now."""

    engagement: str
    carried: int
    left: int


def lead_page(acting: Acting, page: int = 1) -> LeadPage:
    """Return a page of the consultancy's leads; raises ``NotAllowedError``."""
    acting.must_write()
    with acting.reading() as session:
        found = list_leads(session, page)
    lines = tuple(_line(row) for row in found.leads)
    return LeadPage(lines, found.waiting, found.total, found.page, found.pages)


def lead_view(acting: Acting, lead: str) -> LeadView:
    """Return a lead; raises ``NotFoundError`` and ``NotAllowedError``."""
    acting.must_write()
    with acting.reading() as session:
        found = find_lead(session, lead)
        if found is None:
            raise NotFoundError
        row, check = found
        house = house_of_row(own_consultancy(session))
        document = kept_text(session, row.consent_version)
        names = names_of(session, [row.decided_by or ""])
    model = model_under(acting, check)
    _form, plan = asked_of(check, model)
    return LeadView(
        line=_line(row),
        contact=row.contact,
        note=row.note,
        locale=row.locale,
        role=plan.role.title,
        consent=Agreed(row.consent_version, document, row.asked_at),
        answered_at=check.saved_at or check.created_at,
        decided_at=row.decided_at,
        decided_by=names.get(row.decided_by or "", ""),
        reason=row.reason,
        model=model,
        result=result_from(frozen_check(acting, check, house, acting.locale)),
        pages=pages_of(plan, model, standings(check.answers)),
    )


def lead_behind(acting: Acting, engagement: str) -> str:
    """Return the lead an engagement came from; empty for none, and for people who only look."""
    if acting.role not in ("owner", "consultant"):
        return ""
    with acting.reading() as session:
        found = lead_of_engagement(session, engagement)
    return found[0].id if found is not None else ""


def self_check_behind(acting: Acting, engagement: str) -> Diagnosis | None:
    """Return the diagnosis of the self-check an engagement came from, None where it came from none.

    It is what the stranger saw, whatever was verified in the engagement since: the consultant's
    own diagnosis differs from it by the self-rating. Raises ``NotFoundError``.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
    return self_check_of(acting, opened)


def self_check_of(acting: Acting, opened: Opened) -> Diagnosis | None:
    """Return the same of an engagement that was opened already."""
    with acting.reading() as session:
        found = lead_of_engagement(session, opened.engagement.id)
        if found is None:
            return None
        house = house_of_row(own_consultancy(session))
    return diagnosis_from(frozen_check(acting, found[1], house, acting.locale))


def _line(row: Lead) -> LeadLine:
    return LeadLine(
        id=row.id,
        company=row.company,
        person=row.person,
        asked_at=row.asked_at,
        index=None if row.index is None else Fraction(row.index),
        level=row.level,
        state=cast(LeadState, row.state),
        engagement=row.engagement_id or "",
    )


# -- deciding --------------------------------------------------------------------------------------


def accept_lead(acting: Acting, lead: str, words: Accepting) -> Accepted:
    """Make a client and an engagement of a lead, with the answers filled in.

    All of it or nothing, and once: ``ConflictError`` ("accepted") where it was done before. A
    declined one may still be accepted. Raises ``NotFoundError``, ``NotAllowedError`` and
    ``RefusedError`` (``name``, ``title``).
    """
    digest = newest_release(acting)
    view = lead_view(acting, lead)
    client = _client(view, words)
    check_client(acting, client)
    model = model_of(acting.database, acting.settings, digest)
    begun = EngagementWords(words.title, _full_form(model), _language(acting, digest, view.locale))
    check_engagement(acting, digest, begun)
    with acting.writing() as session:
        row, check = _held(session, lead)
        if row.state == "accepted":
            raise ConflictError("accepted", "这条线索已经接受过了，项目已经建好。")
        made = add_client(acting, session, client)
        engagement = add_engagement(acting, session, made.id, digest, begun)
        carried, left = _carry(acting, session, check, engagement, words.label)
        row.state, row.engagement_id, row.reason = "accepted", engagement.id, ""
        row.decided_at, row.decided_by = acting.now, acting.person
        record(
            acting,
            session,
            "lead.accepted",
            "lead",
            row.id,
            engagement.id,
            title=words.title,
            answers=carried,
        )
        return Accepted(engagement.id, carried, left)


def decline_lead(acting: Acting, lead: str, reason: str) -> None:
    """Decline a lead; ``reason`` is for the consultancy alone, and nobody is written to.

    Declining again only changes the reason. Raises ``NotFoundError``, ``NotAllowedError``,
    ``RefusedError``, and ``ConflictError`` ("accepted").
    """
    acting.must_write()
    if len(reason) > REASON_LIMIT:
        raise RefusedError({"reason": "写得太长了，请缩短。"})
    with acting.writing() as session:
        row, _check = _held(session, lead)
        if row.state == "accepted":
            raise ConflictError("accepted", "这条线索已经接受过了，项目已经建好。")
        if row.state == "new":
            row.state, row.decided_at, row.decided_by = "declined", acting.now, acting.person
            record(acting, session, "lead.declined", "lead", row.id)
        row.reason = reason.strip()


def _held(session: ScopedSession, lead: str) -> tuple[Lead, SelfCheck]:
    found = held_lead(session, lead)
    if found is None:
        raise NotFoundError
    return found


def _client(view: LeadView, words: Accepting) -> ClientWords:
    given = {
        each.item.id: each.standing.value
        for page in view.pages
        for each in page.posed
        if each.standing is not None and each.standing.kind == "given"
    }
    stores = given.get("stores")
    reached = " ".join(filter(None, (view.line.person, view.contact)))
    return ClientWords(
        name=words.name,
        archetype=str(given.get("archetype", "")),
        city_tier=str(given.get("city-tier", "")),
        stores=None if stores is None else int(Fraction(stores)),
        contact=reached,
        note=words.note,
    )


def _full_form(model: MaturityModel) -> str:
    """Return the form that asks everything, which a diagnosis is made with."""
    whole = (form.id for form in model.content.forms if form.every_question)
    return next(whole, model.content.forms[0].id)


def _language(acting: Acting, digest: str, wanted: str) -> str:
    languages = languages_of(acting.database, acting.settings, digest)
    return wanted if wanted in languages else languages[0]


# -- carrying over ---------------------------------------------------------------------------------


def _carry(
    acting: Acting, session: ScopedSession, check: SelfCheck, engagement: Engagement, label: str
) -> tuple[int, int]:
    """Store the answers in an engagement; return how many, and how many could not be."""
    old = model_under(acting, check, "")
    new = model_of(acting.database, acting.settings, engagement.release_digest)
    said = tuple(_given(check.answers, old, new))
    at = check.saved_at or check.created_at
    facts = [one for one in said if one.item in new.fact_parts]
    answers = [one for one in said if one.item in new.questions]
    if facts:
        keep_sheet(acting, session, engagement, Sheet(FACTS, actor=SELF_CHECK, at=at), facts)
    if answers and check.role in new.roles:
        sheet = Sheet(INTERVIEW, check.role, label, actor=SELF_CHECK, at=at)
        keep_sheet(acting, session, engagement, sheet, answers)
    return len(said), len(check.answers) - len(said)


def _given(stored: Mapping[str, Any], old: MaturityModel, new: MaturityModel) -> Iterator[Given]:
    """Yield the answers whose question means the same in both releases."""
    for name, answer in answers_of(stored, old).items():
        question = new.questions.get(name)
        if question is not None and _same_question(old.questions[name], question, old, new):
            kind: AnswerKind = "unknown" if answer.value is None else "given"
            yield Given(name, kind, answer.value, SELF_REPORTED)
    for part, fact in facts_of(stored, old).items():
        known = new.fact_parts.get(part)
        if known is not None and _same_part(old.fact_parts[part], known, old, new):
            yield Given(part, "given", fact.value, SELF_REPORTED)


def _same_question(one: Question, other: Question, old: MaturityModel, new: MaturityModel) -> bool:
    if one != other or one.area is None:
        return one == other
    return other.area in new.areas and old.areas[one.area].anchors == new.areas[one.area].anchors


def _same_part(one: FactPart, other: FactPart, old: MaturityModel, new: MaturityModel) -> bool:
    if one.id != "archetype":
        return one == other
    return one == other and old.content.archetypes == new.content.archetypes
