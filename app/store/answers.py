"""Reading and writing answers: the log is the truth, the current ones are its newest view."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, inspect, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app.store.changes import touch
from app.store.engagements import seen_by
from app.store.rows import CurrentAnswer, Engagement, LoggedAnswer, Response
from app.store.scope import ScopedSession, walled

# Every save asks these, so they are put together once.
_HELD: Final = walled(
    select(Response)
    .where(Response.id == bindparam("response"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_OF_RESPONSE: Final = LoggedAnswer.response_id == bindparam("response")
_LAST: Final = (
    select(func.max(LoggedAnswer.revision))
    .where(_OF_RESPONSE, LoggedAnswer.item == bindparam("item"))
    .scalar_subquery()
)
_KEYED: Final = (
    select(func.count(LoggedAnswer.revision))
    .where(_OF_RESPONSE, LoggedAnswer.key == bindparam("key"))
    .scalar_subquery()
)
_BEFORE: Final = walled(
    select(CurrentAnswer, _LAST, _KEYED)
    .select_from(Response)
    .outerjoin(
        CurrentAnswer,
        (CurrentAnswer.tenant_id == Response.tenant_id)
        & (CurrentAnswer.response_id == Response.id)
        & (CurrentAnswer.item == bindparam("item")),
    )
    .where(Response.id == bindparam("response"))
)
# What a save writes names its tenant itself: a unit of work takes longer than the database.
_LOG: Final = insert(LoggedAnswer).execution_options(dml_strategy="raw")
_SAVED: Final = (
    update(Response)
    .where(Response.tenant_id == bindparam("tenant"), Response.id == bindparam("response"))
    .values(saved_at=bindparam("at"))
)
_LOGGED: Final = tuple(column.key for column in inspect(LoggedAnswer).column_attrs)
_SHOWN: Final = ("kind", "value", "evidence", "note", "quote", "actor", "at", "revision")


def locked_response(session: ScopedSession, response: str) -> Response | None:
    """Return a response held for writing: its saves come one after the other.

    What the session knew of it before is read anew: somebody may have written while it waited.
    """
    return session.scalars(_HELD, {"response": response}).first()


def locked_with_engagement(
    session: ScopedSession, response: str, member: str | None
) -> tuple[Response, Engagement] | None:
    """Do as ``locked_response`` with its engagement, one a member may see (None sees all)."""
    told = {"response": response, **({} if member is None else {"member": member})}
    found = session.execute(_held_in_engagement(member is None), told).first()
    if found is None:
        return None
    held, engagement = found
    return held, engagement


@cache
def _held_in_engagement(everything: bool) -> Select[Response, Engagement]:
    return walled(
        select(Response, Engagement)
        .join(
            Engagement,
            (Engagement.tenant_id == Response.tenant_id)
            & (Engagement.id == Response.engagement_id),
        )
        .where(
            Response.id == bindparam("response"),
            seen_by(None if everything else bindparam("member")),
        )
        .with_for_update(of=Response)
        .execution_options(populate_existing=True)
    )


def by_key(session: ScopedSession, response: str, key: str) -> LoggedAnswer | None:
    """Return the answer stored under an idempotency key."""
    query = select(LoggedAnswer).where(
        LoggedAnswer.response_id == response, LoggedAnswer.key == key
    )
    return session.scalars(query).first()


@dataclass(frozen=True, slots=True)
class Before:
    """What a save finds: the current answer, the highest revision the item ever had (0: none).

    ``is_repeated``: something was stored under the save's idempotency key already.
    """

    current: CurrentAnswer | None
    revision: int
    is_repeated: bool


def before_saving(session: ScopedSession, response: str, item: str, key: str) -> Before:
    """Return what a save of an item finds, in one query; the response is held already."""
    told = {"response": response, "item": item, "key": key}
    for current, revision, keyed in session.execute(_BEFORE, told):
        return Before(current, revision or 0, bool(keyed))
    return Before(None, 0, False)


def current_answer(session: ScopedSession, response: str, item: str) -> CurrentAnswer | None:
    """Return the current answer to an item."""
    return session.find(CurrentAnswer, response, item)


def append_answer(
    session: ScopedSession,
    response: Response,
    logged: LoggedAnswer,
    current: CurrentAnswer | None,
) -> None:
    """Store an answer; a standing one becomes current in the same transaction.

    ``response`` is held already.
    """
    told = {name: getattr(logged, name) for name in _LOGGED}
    session.execute(_LOG, {**told, "tenant_id": session.tenant})
    when = {"tenant": session.tenant, "response": response.id, "at": logged.at}
    session.connection().execute(_SAVED, when)
    set_committed_value(response, "saved_at", logged.at)
    touch(session, response.engagement_id)
    if not logged.standing:
        return
    if current is None:
        current = CurrentAnswer(response_id=logged.response_id, item=logged.item)
        session.add(current)
    for name in _SHOWN:
        setattr(current, name, getattr(logged, name))


def current_answers(session: ScopedSession, responses: Iterable[str]) -> Sequence[CurrentAnswer]:
    """Return every current answer of some responses."""
    return session.scalars(
        select(CurrentAnswer)
        .where(CurrentAnswer.response_id.in_(list(responses)))
        .order_by(CurrentAnswer.response_id, CurrentAnswer.item)
    ).all()


def responses_of(session: ScopedSession, engagement: str) -> Sequence[Response]:
    """Return the responses of an engagement in the order they were begun."""
    return session.scalars(
        select(Response)
        .where(Response.engagement_id == engagement)
        .order_by(Response.created_at, Response.id)
    ).all()


def history_of(
    session: ScopedSession, response: str, item: str | None = None
) -> Sequence[LoggedAnswer]:
    """Return every answer ever given in a response (to one item), oldest first."""
    query = select(LoggedAnswer).where(LoggedAnswer.response_id == response)
    if item is not None:
        query = query.where(LoggedAnswer.item == item)
    return session.scalars(
        query.order_by(LoggedAnswer.at, LoggedAnswer.item, LoggedAnswer.revision)
    ).all()


def of_engagement(engagement: str) -> ColumnElement[bool]:
    """Return the condition for the current answers of an engagement.

    Not a join: SQLite would go through every answer of the tenant to find the few of one
    engagement (530 ms of 420,000 rows, where this takes 2).
    """
    return CurrentAnswer.response_id.in_(
        select(Response.id).where(Response.engagement_id == engagement)
    )


def stamp_of(session: ScopedSession, engagement: str) -> tuple[Any, ...]:
    """Return a value that changes with every answer of an engagement: count and revisions."""
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(CurrentAnswer.revision), 0),
            func.max(CurrentAnswer.at),
        )
        .select_from(CurrentAnswer)
        .where(of_engagement(engagement))
    ).one()
    return tuple(row)


def rebuild_current(session: ScopedSession, response: str) -> Sequence[CurrentAnswer]:
    """Return what the current answers must be, computed from the log alone; nothing is stored."""
    newest: dict[str, LoggedAnswer] = {}
    for logged in history_of(session, response):
        known = newest.get(logged.item)
        if logged.standing and (known is None or logged.revision > known.revision):
            newest[logged.item] = logged
    return [
        CurrentAnswer(
            tenant_id=logged.tenant_id,
            response_id=logged.response_id,
            item=logged.item,
            **{name: getattr(logged, name) for name in _SHOWN},
        )
        for logged in newest.values()
    ]
