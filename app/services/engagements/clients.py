"""Clients: who is diagnosed, and what goes on for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from app.domain.bounds import CONTACT_LIMIT, NAME_LIMIT
from app.domain.definitions.questionnaire import Choice, FactPart
from app.services.access import sees_as
from app.services.acting import Acting
from app.services.engagements.offers import newest_model
from app.services.engagements.progress import EDITION
from app.services.errors import NotFoundError, RefusedError
from app.services.record.recording import record
from app.store.clients import (
    PAGE,
    EngagementInList,
    engagements_of,
    find_client,
    list_clients,
)
from app.store.rows import Client
from app.store.scope import ScopedSession
from app.store.types import new_id

NOTE_LIMIT = 2_000
NEWEST = 3
"""Engagements of each client in the list of clients."""


@dataclass(frozen=True, slots=True)
class ClientWords:
    """What is said of a client; ids are those of the model, empty is "not said"."""

    name: str
    industry: str = ""
    archetype: str = ""
    business_model: str = ""
    city_tier: str = ""
    stores: int | None = None
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EngagementLine:
    """An engagement in a list: the step it is at and its first figures, as last computed.

    ``stale``: something changed since, so step and figures have to be computed anew.
    """

    id: str
    title: str
    interviewed_on: date | None
    archived_at: datetime | None
    stale: bool
    begun: bool
    step: str
    index: Fraction | None
    asked: int
    answered: int
    worked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in the list, with the newest engagements the person sees and how many ``more``."""

    id: str
    name: str
    industry: str
    archetype: str
    engagements: tuple[EngagementLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One page of the list of clients."""

    clients: tuple[ClientLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client's page: titles of what was chosen from the model, and the engagements."""

    id: str
    words: ClientWords
    archetype: str
    business_model: str
    city_tier: str
    created_at: datetime
    archived_at: datetime | None
    engagements: tuple[EngagementLine, ...]


def client_page(
    acting: Acting, words: str = "", *, archived: bool = False, page: int = 1
) -> ClientPage:
    """Return a page of the clients the person sees whose name or industry holds ``words``."""
    member = sees_as(acting)
    with acting.reading() as session:
        listed = list_clients(session, member, words.strip(), archived=archived, page=max(page, 1))
        ids = [row.id for row in listed.clients]
        engagements = engagements_of(session, ids, member, EDITION) if ids else ()
    of_client: dict[str, list[EngagementInList]] = {client: [] for client in ids}
    for one in engagements:
        if archived or one.archived_at is None:
            of_client[one.client].append(one)
    titles = newest_model(acting.settings, acting.locale).archetypes
    lines = tuple(
        ClientLine(
            id=row.id,
            name=row.name,
            industry=row.industry,
            archetype=titles[row.archetype].title if row.archetype in titles else "",
            engagements=tuple(_line(one) for one in of_client[row.id][:NEWEST]),
            more=max(len(of_client[row.id]) - NEWEST, 0),
        )
        for row in listed.clients
    )
    return ClientPage(lines, listed.total, max(page, 1), max(ceil(listed.total / PAGE), 1))


def client_view(acting: Acting, client: str) -> ClientView:
    """Return a client with its engagements; raises ``NotFoundError``."""
    with acting.reading() as session:
        row = open_client(acting, session, client)
        engagements = engagements_of(session, [row.id], sees_as(acting), EDITION)
    model = newest_model(acting.settings, acting.locale)
    archetype = model.archetypes.get(row.archetype)
    return ClientView(
        id=row.id,
        words=_words(row),
        archetype=archetype.title if archetype else "",
        business_model=_choice(model.fact_parts.get("business-model"), row.business_model),
        city_tier=_choice(model.fact_parts.get("city-tier"), row.city_tier),
        created_at=row.created_at,
        archived_at=row.archived_at,
        engagements=tuple(_line(one) for one in engagements),
    )


def open_client(acting: Acting, session: ScopedSession, client: str) -> Client:
    """Return a client's row; raises ``NotFoundError`` where the person may not see it."""
    row = find_client(session, client, sees_as(acting))
    if row is None:
        raise NotFoundError
    return row


def create_client(acting: Acting, words: ClientWords) -> str:
    """Store a new client and return its id; raises ``NotAllowedError`` and ``RefusedError``."""
    acting.must_write()
    _check(acting, words)
    with acting.writing() as session:
        row = Client(id=new_id(), created_at=acting.now, created_by=acting.person)
        _take(row, words)
        session.add(row)
        _record(acting, session, "client.created", row)
        return row.id


def change_client(acting: Acting, client: str, words: ClientWords) -> None:
    """Change what is said of a client; raises as ``create_client``, and ``NotFoundError``."""
    acting.must_write()
    _check(acting, words)
    with acting.writing() as session:
        row = open_client(acting, session, client)
        _take(row, words)
        _record(acting, session, "client.changed", row)


def archive_client(acting: Acting, client: str, *, archived: bool) -> None:
    """Put a client away with its engagements, or take it out again; nothing is deleted."""
    acting.must_write()
    with acting.writing() as session:
        row = open_client(acting, session, client)
        if (row.archived_at is not None) == archived:
            return
        row.archived_at = acting.now if archived else None
        _record(acting, session, f"client.{'archived' if archived else 'restored'}", row)


def _check(acting: Acting, words: ClientWords) -> None:
    """Refuse words no form would let through, whichever way they come in."""
    model = newest_model(acting.settings, acting.locale)
    wrong = {}
    if not words.name.strip() or len(words.name) > NAME_LIMIT:
        wrong["name"] = "请填写客户名称。"
    if len(words.industry) > NAME_LIMIT:
        wrong["industry"] = "行业写得太长了，请缩短。"
    if len(words.contact) > CONTACT_LIMIT or len(words.note) > NOTE_LIMIT:
        wrong["note"] = "联系方式或备注写得太长了，请缩短。"
    archetype = model.archetypes.get(words.archetype)
    if words.archetype and (archetype is None or archetype.overlay is not None):
        wrong["archetype"] = "选项里没有这一项，请刷新页面后重新选择。"
    if wrong:
        raise RefusedError(wrong)


def _take(row: Client, words: ClientWords) -> None:
    row.name, row.industry, row.archetype = words.name, words.industry, words.archetype
    row.business_model, row.city_tier = words.business_model, words.city_tier
    row.stores, row.contact, row.note = words.stores, words.contact, words.note


def _words(row: Client) -> ClientWords:
    return ClientWords(
        name=row.name,
        industry=row.industry,
        archetype=row.archetype,
        business_model=row.business_model,
        city_tier=row.city_tier,
        stores=row.stores,
        contact=row.contact,
        note=row.note,
    )


def _record(acting: Acting, session: ScopedSession, action: str, row: Client) -> None:
    record(acting, session, action, "client", row.id, name=row.name)


def _choice(part: FactPart | None, chosen: str) -> str:
    choices: Sequence[Choice] = part.choices if part else ()
    return next((choice.title for choice in choices if choice.id == chosen), "")


def _line(row: EngagementInList) -> EngagementLine:
    return EngagementLine(
        id=row.id,
        title=row.title,
        interviewed_on=row.interviewed_on,
        archived_at=row.archived_at,
        stale=bool(row.stale),
        begun=bool(row.begun),
        step=row.step or "",
        index=None if row.index is None else Fraction(row.index),
        asked=row.asked or 0,
        answered=row.answered or 0,
        worked_at=row.worked_at,
    )
