"""Time zones as people read them: how far from UTC, and the place that names them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

_CONTINENTS: Final = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic"}
    | {"Australia", "Europe", "Indian", "Pacific"}
)
_WINTER_AND_SUMMER: Final = tuple(datetime(2037, month, 1, tzinfo=UTC) for month in (1, 7))
"""Far enough ahead that the newest rule of a zone decides; the smaller offset is no summer time."""


@cache
def zones() -> frozenset[str]:
    """Return every time zone named after a place, under each of its names."""
    return frozenset(n for n in available_timezones() if n.partition("/")[0] in _CONTINENTS)


@cache
def zone_names(locale: str) -> tuple[tuple[str, str], ...]:
    """Return the time zones to choose from with their names in a language, from west to east.

    ``locale`` is as the screens write it. A zone with several names (Asia/Harbin is Asia/Shanghai)
    comes once. The order of Chinese names is that of their common characters' pinyin.
    """
    aliases = _aliases()
    found = {aliases.get(name, name) for name in zones()} & zones()
    by_place = sorted(found, key=lambda name: _city(name, locale).encode("gb18030"))
    ordered = sorted(by_place, key=_offset)
    return tuple((name, zone_name(name, locale)) for name in ordered)


def zone_name(name: str, locale: str) -> str:
    """Return how a time zone is called in a language: ``UTC+08:00 上海``."""
    minutes = round(_offset(name) / timedelta(minutes=1))
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours:02}:{rest:02} {_city(name, locale)}"


def _offset(name: str) -> timedelta:
    """Return how far ahead of UTC a zone's clocks are, without summer time."""
    moments = (moment.astimezone(ZoneInfo(name)).utcoffset() for moment in _WINTER_AND_SUMMER)
    return min(offset for offset in moments if offset is not None)


def _city(name: str, locale: str) -> str:
    named = Locale.parse(locale, sep="-").time_zones
    # The names are kept under whatever a zone was called when they were collected.
    own, *others = _names_of(name)
    for known in (own, *others):
        city: str = named.get(known, {}).get("city", "")
        if city:
            return city
    return own.rpartition("/")[2].replace("_", " ")


@cache
def _names_of(name: str) -> tuple[str, ...]:
    aliases = _aliases()
    own = aliases.get(name, name)
    return (own, *sorted(other for other, now in aliases.items() if now == own))


@cache
def _aliases() -> Mapping[str, str]:
    found: Mapping[str, str] = get_global("zone_aliases")
    return found
