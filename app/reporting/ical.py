"""A calendar as other programs subscribe to it: all-day events with a title, and nothing else.

The format is iCalendar (RFC 5545): CRLF line ends, commas and semicolons escaped, no line longer
than 75 octets.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

LINE: Final = 75
"""Octets of a line; the rest goes on in the next, which begins with a blank."""
MEDIA_TYPE: Final = "text/calendar"


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day. ``key`` tells it from all others and stays the same from day to day."""

    key: str
    day: date
    title: str


def calendar_text(name: str, events: Iterable[Event], now: datetime) -> str:
    """Return a calendar of this name; ``now`` stamps every event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhenmai//Portal//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, now: datetime) -> list[str]:
    uid = hashlib.sha256(event.key.encode()).hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@zhenmai",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(event.title)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    for letter in ("\\", ";", ","):
        plain = plain.replace(letter, f"\\{letter}")
    return plain


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces that fit, never parting a character."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece
