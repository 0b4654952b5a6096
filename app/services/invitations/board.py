"""How far invited respondents are: who got the link, opened it, began, answered, submitted."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from app.domain.agenda import Agenda, agenda
from app.domain.model import MaturityModel
from app.domain.screens import minutes_alone
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.services.invitations.inviting import link_of
from app.services.releases import model_of
from app.store.interviews import answer_counts
from app.store.invitations import find_invitations, invitations_of, invited_responses
from app.store.rows import Consultancy, Invitation, Response

LETTER_EVERY: Final = timedelta(days=1)
"""One invitation gets at most one letter in this time."""
SOON: Final = timedelta(days=3)
_DIGITS: Final = re.compile(r"(\d+)")

Status: TypeAlias = Literal[
    "new", "sent", "opened", "answering", "submitted", "withdrawn", "expired", "revoked"
]
OPEN: Final = ("new", "sent", "opened", "answering")
GONE: Final = ("withdrawn", "revoked")
"""Whoever is so is asked no more."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One invitation: whom, how far, what can be done.

    ``answered`` of ``asked`` items have an answer. ``last_at`` is the last sign of life.
    ``ends_soon``: the link stops working within three days, and somebody still needs it.
    ``can_write``: a letter may go out now. ``response`` is the id of the answers, empty before
    consent.
    """

    id: str
    role: str
    role_title: str
    label: str
    contact_name: str
    email: str
    phone: str
    status: Status
    answered: int
    asked: int
    created_at: datetime
    mailed_at: datetime | None
    reminded_at: datetime | None
    opened_at: datetime | None
    begun_at: datetime | None
    submitted_at: datetime | None
    last_at: datetime | None
    expires_at: datetime
    ends_soon: bool
    can_write: bool
    response: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the person is still asked and has not submitted; the link may have expired."""
        return self.is_asked and self.status != "submitted"

    @property
    def is_asked(self) -> bool:
        """Whether the person counts among those asked."""
        return self.status not in GONE

    @property
    def name(self) -> str:
        """What tells the person apart: the label, else the role."""
        return self.label or self.role_title


@dataclass(frozen=True, slots=True)
class GuestRole:
    """The people of one role, how many of them are asked, and how many have submitted."""

    id: str
    title: str
    guests: tuple[Guest, ...]

    @property
    def submitted(self) -> int:
        """How many have submitted."""
        return sum(guest.status == "submitted" for guest in self.guests)

    @property
    def asked(self) -> int:
        """How many are asked."""
        return sum(guest.is_asked for guest in self.guests)


@dataclass(frozen=True, slots=True)
class GuestBoard:
    """All invitations of an engagement by role, in the order of the model, then by label.

    ``shows_own_result``: whether people see what their answers come to once they have sent them.
    """

    roles: tuple[GuestRole, ...]
    shows_own_result: bool

    @property
    def guests(self) -> tuple[Guest, ...]:
        """Everybody."""
        return tuple(guest for role in self.roles for guest in role.guests)

    @property
    def asked(self) -> int:
        """How many are asked."""
        return sum(role.asked for role in self.roles)

    @property
    def submitted(self) -> int:
        """How many have submitted."""
        return sum(role.submitted for role in self.roles)


@dataclass(frozen=True, slots=True)
class Card:
    """What is handed to a respondent: where the link leads, who asks, how long it takes."""

    invitation: str
    role_title: str
    label: str
    link: str
    who: str
    client: str
    minutes: int
    expires_at: datetime


def guest_board(acting: Acting, engagement: str) -> GuestBoard:
    """Return the progress board of an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        rows = invitations_of(session, engagement)
        responses = invited_responses(session, engagement)
        counts = answer_counts(session, engagement)
    model, plans = _plans(acting, opened, rows)
    guests = [
        _guest(acting, row, responses.get(row.id), counts, model, plans.get(row.role))
        for row in sorted(rows, key=lambda row: _in_order(row.label))
    ]
    return GuestBoard(
        tuple(
            GuestRole(role.id, role.title, people)
            for role in model.content.roles
            if (people := tuple(guest for guest in guests if guest.role == role.id))
        ),
        opened.engagement.shows_own_result,
    )


def guest_of(acting: Acting, engagement: str, invitation: str) -> Guest:
    """Return one invitation; raises ``NotFoundError``, also where it is of another engagement."""
    for guest in guest_board(acting, engagement).guests:
        if guest.id == invitation:
            return guest
    raise NotFoundError


def cards(acting: Acting, engagement: str, chosen: Collection[str] = ()) -> Sequence[Card]:
    """Return what to hand out for some invitations, by default for all that can still be used.

    Raises ``NotFoundError`` (also where one of the chosen is not of this engagement) and
    ``NotAllowedError``: a link is a right to answer.
    """
    acting.must_write()
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        rows = (
            find_invitations(session, engagement, chosen)
            if chosen
            else invitations_of(session, engagement)
        )
        done = {
            name
            for name, one in invited_responses(session, engagement).items()
            if one.submitted_at is not None
        }
        consultancy = session.get(Consultancy, session.tenant)
    if chosen and len(rows) != len(set(chosen)):
        raise NotFoundError
    model, plans = _plans(acting, opened, rows)
    order = list(model.roles)
    return [
        Card(
            invitation=row.id,
            role_title=model.roles[row.role].title,
            label=row.label,
            link=link,
            who=(consultancy.brand_name or consultancy.name) if consultancy else "",
            client=opened.client.name,
            minutes=minutes_alone(plans[row.role]),
            expires_at=row.expires_at,
        )
        for row in sorted(rows, key=lambda row: (order.index(row.role), _in_order(row.label)))
        if row.id not in done and (link := link_of(acting, row)) is not None
    ]


def status_of(row: Invitation, response: Response | None, answered: int, now: datetime) -> Status:
    """Return how far an invitation is. What was submitted counts, whatever became of the link.

    Who took their consent back counts no more, and nobody writes to them.
    """
    if response is not None and response.withdrawn_at is not None:
        return "withdrawn"
    if response is not None and response.submitted_at is not None:
        return "submitted"
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= now:
        return "expired"
    if answered:
        return "answering"
    if row.opened_at is not None or response is not None:
        return "opened"
    return "new" if row.mailed_at is None else "sent"


def may_write_to(row: Invitation, status: Status, now: datetime) -> bool:
    """Tell whether a letter may go out: an address, a link that is of use, none sent today."""
    last = max((at for at in (row.mailed_at, row.reminded_at) if at is not None), default=None)
    return bool(row.email) and status in OPEN and (last is None or now - last >= LETTER_EVERY)


def _in_order(label: str) -> list[tuple[bool, int, str]]:
    """Return what puts labels in the order people expect: store 2 before store 10."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part.casefold())
        for part in _DIGITS.split(label)
        if part
    ]


def _plans(
    acting: Acting, opened: Opened, rows: Iterable[Invitation]
) -> tuple[MaturityModel, Mapping[str, Agenda]]:
    """Return the model, and what is asked in the roles of those invited."""
    engagement = opened.engagement
    model = model_of(acting.database, acting.settings, engagement.release_digest, acting.locale)
    form = model.forms[engagement.form]
    invited = {row.role for row in rows} & model.roles.keys()
    return model, {role: agenda(model, form, model.roles[role]) for role in invited}


def _guest(
    acting: Acting,
    row: Invitation,
    response: Response | None,
    counts: Mapping[str, int],
    model: MaturityModel,
    plan: Agenda | None,
) -> Guest:
    asked = plan.size if plan else 0
    answered = min(counts.get(response.id, 0), asked) if response else 0
    status = status_of(row, response, answered, acting.now)
    moments = [row.opened_at]
    if response is not None:
        moments += [response.consented_at, response.saved_at, response.submitted_at]
    return Guest(
        id=row.id,
        role=row.role,
        role_title=model.roles[row.role].title if row.role in model.roles else row.role,
        label=row.label,
        contact_name=row.contact_name,
        email=row.email,
        phone=row.phone,
        status=status,
        answered=answered,
        asked=asked,
        created_at=row.created_at,
        mailed_at=row.mailed_at,
        reminded_at=row.reminded_at,
        opened_at=row.opened_at,
        begun_at=(response.consented_at or response.created_at) if response else None,
        submitted_at=response.submitted_at if response else None,
        last_at=max((at for at in moments if at is not None), default=None),
        expires_at=row.expires_at,
        ends_soon=status in OPEN and row.expires_at - acting.now < SOON,
        can_write=may_write_to(row, status, acting.now),
        response=response.id if response else "",
    )
