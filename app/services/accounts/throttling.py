"""How often somebody may try: sliding windows over the failed tries of a key.

A try is written down before it is checked and taken back when it succeeds, so that many at once
cannot slip through. A refused try does not count: nobody is kept out longer than the window.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from app.services.errors import ThrottledError
from app.settings import Settings
from app.store.attempts import (
    forget_before,
    forget_key,
    note_tries,
    nth_newest,
    one_at_a_time,
    take_back,
)
from app.store.database import Database
from app.store.scope import INSTALLATION, ScopedSession


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``tries`` within a time."""

    tries: int
    within: timedelta


_FIVE_MINUTES: Final = timedelta(minutes=5)
SIGN_IN: Final = (Limit(10, _FIVE_MINUTES),)
ALL_SIGN_INS: Final = (Limit(1000, _FIVE_MINUTES),)
SECOND_FACTOR: Final = (Limit(5, _FIVE_MINUTES), Limit(20, timedelta(hours=1)))
RESET: Final = (Limit(5, timedelta(days=1)),)
INVITING: Final = (Limit(100, timedelta(days=1)),)
_LONGEST: Final = timedelta(days=1)
_NOBODY: Final = "nobody"
_SLACK: Final = timedelta(minutes=1)
"""Processes' clocks differ a little; tries further ahead are from before a clock was set back."""


@dataclass(frozen=True, slots=True)
class Door:
    """What is tried, by whom: a hash, with the limits that hold there."""

    key: str
    limits: tuple[Limit, ...]


def door(settings: Settings, name: str, who: str, limits: tuple[Limit, ...]) -> Door:
    """Return the door ``name`` as ``who`` (an address, an account) stands before it."""
    words = f"door:{name}:{who}".encode()
    return Door(hmac.new(settings.key.encode(), words, hashlib.sha256).hexdigest(), limits)


def network_of(address: str) -> str:
    """Return what stands for a caller's address: of IPv6 the half that a household is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> 64:x}/64"


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries that were written down and may be taken back."""

    doors: tuple[Door, ...]
    numbers: tuple[int, ...]


def knock(database: Database, now: datetime, *doors: Door) -> Tries:
    """Write down a try at every door; raises ``ThrottledError`` where one is closed for now."""
    with database.writing(INSTALLATION) as session:
        one_at_a_time(session)
        seconds = max(_closed_for(session, one, now) for one in doors)
        if seconds:
            raise ThrottledError(seconds)
        return Tries(doors, note_tries(session, [one.key for one in doors], now))


def _closed_for(session: ScopedSession, one: Door, now: datetime) -> int:
    """Return the seconds until a door takes another try; 0 is now."""
    waits = [0]
    for limit in one.limits:
        nth = nth_newest(session, one.key, limit.tries, now - limit.within, now + _SLACK)
        if nth is not None:
            waits.append(max(1, ceil((nth + limit.within - now).total_seconds())))
    return max(waits)


def succeed(
    session: ScopedSession, tries: Tries, now: datetime, cleared: Sequence[Door] = ()
) -> None:
    """Take the tries back, forget all earlier ones at the doors ``cleared``, and sweep old ones."""
    take_back(session, tries.numbers)
    for one in cleared:
        forget_key(session, one.key)
    forget_before(session, now - _LONGEST)


def forget_old_tries(database: Database, now: datetime) -> None:
    """Sweep the tries that no limit looks back to, where nobody signs in for a long time."""
    with database.writing(INSTALLATION) as session:
        forget_before(session, now - _LONGEST)


def forget(session: ScopedSession, one: Door) -> None:
    """Forget all tries at a door."""
    forget_key(session, one.key)


def do_the_same_work(database: Database, now: datetime) -> None:
    """Write a try that counts for nobody, where a known account would have had a row written.

    So the time an answer takes does not tell whether there is an account.
    """
    with database.writing(INSTALLATION) as session:
        note_tries(session, [_NOBODY], now)
