"""Failed tries at a door, counted in the database: they outlive a restart and all processes share
them. The keys are hashes; nobody is named here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from app.store.rows import Attempt
from app.store.scope import ScopedSession

_LOCK: Final = 0x7A_68_64_72
"""PostgreSQL's advisory lock of the doors: counting and noting a try is one step."""


def one_at_a_time(session: ScopedSession) -> None:
    """Have others wait who count tries now, so that many at once cannot all be the tenth.

    SQLite has one writer anyway. Needs the scope of the installation.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def nth_newest(
    session: ScopedSession, key: str, n: int, since: datetime, until: datetime
) -> datetime | None:
    """Return when the ``n``-th newest try of that time was; None where there are fewer."""
    found: datetime | None = session.scalar(
        select(Attempt.at)
        .where(Attempt.key == key, Attempt.at > since, Attempt.at <= until)
        .order_by(Attempt.at.desc(), Attempt.id.desc())
        .offset(n - 1)
        .limit(1)
    )
    return found


def note_tries(session: ScopedSession, keys: Sequence[str], at: datetime) -> tuple[int, ...]:
    """Write down one try for each key; return their numbers, for taking them back."""
    rows = [Attempt(key=key, at=at) for key in keys]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def take_back(session: ScopedSession, tries: Sequence[int]) -> None:
    """Forget single tries: they were none, as they succeeded."""
    session.execute(delete(Attempt).where(Attempt.id.in_(tries)))


def forget_key(session: ScopedSession, key: str) -> None:
    """Forget all tries of a key, after a success."""
    session.execute(delete(Attempt).where(Attempt.key == key))


def forget_before(session: ScopedSession, before: datetime) -> None:
    """Forget tries that no limit looks back to any more."""
    session.execute(delete(Attempt).where(Attempt.at < before))
