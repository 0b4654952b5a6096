"""A questionnaire as the invited person sees it: what is asked, what was answered, how far it is.

Everybody answers for their own link alone and sees nobody else's answers, also not the company
figures others have given. What is asked is that of the release the answers were begun under; no
later edit of a questionnaire changes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from app.domain.agenda import Agenda, agenda
from app.domain.definitions.questionnaire import Fact, FactPart, Role
from app.domain.model import MaturityModel
from app.domain.screens import Screen, minutes_alone, screens
from app.forms.fields.value import Item
from app.services.acting import Acting
from app.services.answers.answering import SUBMITTED, Standing, answerable, standing_of
from app.services.answers.saving import Typed, keep_typed
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.releases import model_of
from app.services.respondents.entering import is_good
from app.store.answers import current_answers
from app.store.attachments import attachments_of
from app.store.respondents import Invited, find_invited
from app.store.rows import Attachment, Response
from app.store.scope import ScopedSession

State: TypeAlias = Literal["new", "answering", "submitted", "withdrawn"]

CONSENT, WITHDRAWN = "consent", "withdrawn"
_REFUSALS: Mapping[State, tuple[str, str]] = {
    "new": (CONSENT, "请先看过说明并同意，再开始答题。刚才的内容没有保存。"),
    "withdrawn": (WITHDRAWN, "您已经撤回同意，不再收新的答案。刚才的内容没有保存。"),
    "submitted": (SUBMITTED, "这份问卷已经提交，刚才的改动没有保存。"),
}
"""Why answers are not taken in a state: a word for programs, a Chinese key for people."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo kept beside an answer."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Posed:
    """One item as it is asked: a question, or one part of ``fact``, with what stands."""

    item: Item
    fact: Fact | None
    standing: Standing | None
    photos: tuple[Photo, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it has an answer, "don't know" included."""
        return self.standing is not None and self.standing.kind != "cleared"


@dataclass(frozen=True, slots=True)
class Page:
    """One screen with what was answered on it."""

    screen: Screen
    posed: tuple[Posed, ...]

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.screen.number

    @property
    def done(self) -> int:
        """How many items have an answer."""
        return sum(each.done for each in self.posed)

    @property
    def asked(self) -> int:
        """How many items there are."""
        return len(self.posed)


@dataclass(frozen=True, slots=True)
class Paged:
    """What somebody is asked, screen by screen, with what was answered."""

    pages: tuple[Page, ...]

    @property
    def questions(self) -> int:
        """How many questions there are, company figures not counted."""
        return sum(len(page.screen.questions) for page in self.pages)

    @property
    def figures(self) -> int:
        """How many company figures are asked for."""
        return sum(len(page.screen.parts) for page in self.pages)

    @property
    def asked(self) -> int:
        """How many items there are in all."""
        return sum(page.asked for page in self.pages)

    @property
    def done(self) -> int:
        """How many of them have an answer."""
        return sum(page.done for page in self.pages)

    def page(self, number: int) -> Page:
        """Return a screen; raises ``NotFoundError``."""
        for page in self.pages:
            if page.number == number:
                return page
        raise NotFoundError

    @property
    def next_open(self) -> Page | None:
        """The first screen with something unanswered; None where everything has an answer."""
        return next((page for page in self.pages if page.done < page.asked), None)


@dataclass(frozen=True, slots=True)
class Questionnaire(Paged):
    """Everything one respondent may know.

    ``response`` names their answers, empty before consent. ``who`` asks on behalf of ``client``;
    ``consultant`` is a name and ``contact`` how to reach them, each empty where nobody said.
    ``minutes`` is what it takes to fill in alone. ``front``: answers of the role are printed only
    from ``least`` people on. ``receipt`` is the digest of what was submitted.
    """

    state: State
    response: str
    model: MaturityModel
    role: Role
    who: str
    consultant: str
    contact: str
    client: str
    minutes: int
    least: int
    expires_at: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    reopened_at: datetime | None
    reopen_reason: str
    receipt: str

    @property
    def front(self) -> bool:
        """Whether the role is of the front line."""
        return self.role.side == "front"

    @property
    def pictured(self) -> bool:
        """Whether photos may be added: people of the enterprise have something to show."""
        return self.role.side != "customer"


@dataclass(frozen=True, slots=True)
class PageKept:
    """What became of a screen: items ``saved``, and what stands where another device was faster."""

    saved: tuple[str, ...]
    overtaken: Mapping[str, Standing]


def open_questionnaire(acting: Acting) -> Questionnaire:
    """Return the respondent's questionnaire; raises ``NotFoundError`` where the link is void."""
    with acting.reading() as session:
        own = own_rows(acting, session)
        ids = [own.response.id] if own.response else []
        rows, kept = current_answers(session, ids), attachments_of(session, ids)
    model = model_for(acting, own)
    plan = plan_for(own, model)
    answers = {row.item: standing_of(row) for row in rows}
    brand, response = own.consultancy, own.response
    return Questionnaire(
        state=state_of(response),
        response=response.id if response else "",
        model=model,
        role=plan.role,
        who=brand.brand_name or brand.name,
        consultant=brand.brand_consultant,
        contact=brand.brand_contact,
        client=own.client.name,
        minutes=minutes_alone(plan),
        pages=pages_of(plan, model, answers, kept),
        least=model.content.rating.agreement.minimum_group,
        expires_at=own.invitation.expires_at,
        saved_at=response.saved_at if response else None,
        submitted_at=response.submitted_at if response else None,
        reopened_at=response.reopened_at if response else None,
        reopen_reason=response.reopen_reason if response else "",
        receipt=(response.snapshot or "") if response else "",
    )


def save_page(acting: Acting, number: int, typed: Sequence[Typed], key: str) -> PageKept:
    """Store what changed on a screen, all in one transaction.

    ``key`` names the screen as it was shown: sending the same one twice saves once. Raises
    ``NotFoundError``, ``RefusedError`` for what is not asked there, and ``ConflictError``
    ("consent", "withdrawn", "submitted") where no answers are taken.
    """
    with acting.writing() as session:
        own = own_rows(acting, session)
        found = held_response(acting, session, own)
        plan = plan_for(own, model_for(acting, own))
        asked = next((one.items for one in screens(plan) if one.number == number), None)
        if asked is None:
            raise NotFoundError
        if {one.item for one in typed} - {item.id for item in asked}:
            raise RefusedError({"item": "这一屏没有这道题。"})
        saved, overtaken = keep_typed(acting, session, found, typed, key)
    return PageKept(saved, overtaken)


# -- for the services of one respondent ------------------------------------------------------------


def own_rows(acting: Acting, session: ScopedSession) -> Invited:
    """Return what belongs to the respondent; raises ``NotFoundError`` where the link is void."""
    found = find_invited(session, acting.person) if acting.role == "respondent" else None
    if found is None or not is_good(found.invitation, found.engagement, acting.now):
        raise NotFoundError
    return found


def held_response(acting: Acting, session: ScopedSession, own: Invited) -> Response:
    """Return the respondent's answers held for writing.

    Raises ``ConflictError`` in the states that take none.
    """
    if own.response is None:
        raise not_taken("new")
    found = answerable(acting, session, own.response.id)
    state = state_of(found)
    if state != "answering":
        raise not_taken(state)
    return found


def not_taken(state: State) -> ConflictError:
    """Return the refusal of answers in a state."""
    return ConflictError(*_REFUSALS[state])


def state_of(response: Response | None) -> State:
    """Return where a respondent is; without consent nothing has begun."""
    if response is None or response.consented_at is None:
        return "new"
    if response.withdrawn_at is not None:
        return "withdrawn"
    return "submitted" if response.submitted_at is not None else "answering"


def model_for(acting: Acting, own: Invited, locale: str | None = None) -> MaturityModel:
    """Return the model the person answers under, in a language (theirs by default)."""
    bound = own.response or own.engagement
    return model_of(acting.database, acting.settings, bound.release_digest, locale or acting.locale)


def plan_for(own: Invited, model: MaturityModel) -> Agenda:
    """Return what the person's role is asked; raises ``NotFoundError`` for a role nobody asks."""
    role = model.roles.get(own.invitation.role)
    plan = agenda(model, model.forms[own.engagement.form], role) if role is not None else None
    if plan is None or not plan.items:
        raise NotFoundError
    return plan


def items_of(plan: Agenda) -> tuple[Item, ...]:
    """Return everything a plan asks, in order."""
    return tuple(item for screen in screens(plan) for item in screen.items)


def photos_in(kept: Iterable[Attachment], item: str) -> tuple[Photo, ...]:
    """Return the photos beside one answer, oldest first."""
    return tuple(Photo(row.id, row.name) for row in kept if row.item == item)


def pages_of(
    plan: Agenda,
    model: MaturityModel,
    answers: Mapping[str, Standing],
    kept: Sequence[Attachment] = (),
) -> tuple[Page, ...]:
    """Return the screens of a plan with what was answered, and the photos ``kept`` beside it."""
    return tuple(_page(screen, model, answers, kept) for screen in screens(plan))


def _page(
    screen: Screen,
    model: MaturityModel,
    answers: Mapping[str, Standing],
    kept: Sequence[Attachment],
) -> Page:
    return Page(
        screen,
        tuple(
            Posed(
                item,
                model.fact_of[item.id] if isinstance(item, FactPart) else None,
                answers.get(item.id),
                photos_in(kept, item.id),
            )
            for item in screen.items
        ),
    )
