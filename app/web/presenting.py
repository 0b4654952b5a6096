"""What every template has at hand: words, numbers, days, and who is looking."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.reporting.numerals import Number, rounded
from app.web.principal import Contact, Member, Visitor
from app.web.wording import BABEL, NAMES, say_in

STATIC: Final = Path(__file__).resolve().parent / "static"
_DEFAULT_ZONE: Final = "Asia/Shanghai"
_MOMENTS: Final = {"zh-Hans": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}
_DAYS: Final = {"zh-Hans": "y年M月d日", "en": "d MMMM y"}
_SHORT_DAYS: Final = {"zh-Hans": "M月d日", "en": "d MMM"}


def zone() -> ZoneInfo:
    """Return the zone times are shown in: the member's, to others that of the consultancy."""
    who = g.principal
    knows = isinstance(who, Member | Contact | Visitor)
    return ZoneInfo(who.acting.zone if knows else _DEFAULT_ZONE)


def moment(value: datetime | None) -> str:
    """Return an instant as the person's clock shows it."""
    return "—" if value is None else _moment(value, zone(), g.locale)


@lru_cache(maxsize=4096)
def _moment(value: datetime, where: ZoneInfo, locale: str) -> str:
    # Kept, because lists are full of moments and the library takes its time over each.
    return format_datetime(value, _MOMENTS[locale], tzinfo=where, locale=BABEL[locale])


def day(value: date | datetime | None) -> str:
    """Return a day in full; of an instant, the day it is where the person is."""
    return _day(value, _DAYS)


def short_day(value: date | datetime | None) -> str:
    """Return a day without its year."""
    return _day(value, _SHORT_DAYS)


def _day(value: date | datetime | None, patterns: Mapping[str, str]) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return format_date(value, patterns[g.locale], locale=BABEL[g.locale])


def number(value: Number | None, places: int = 0) -> str:
    """Return a number with separators and fixed places; a dash for nothing."""
    return "—" if value is None else f"{rounded(value, places):,}".replace("-", "−")


@cache
def _version(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


def asset(name: str) -> str:
    """Return the address of one of our files; it changes with the file, so it may be kept.

    A file that changes under a running server is told apart after its next start.
    """
    return path_to("static", filename=name, v=_version(name))


def path_to(endpoint: str, **values: Any) -> str:
    """Return ``url_for``'s address; built once, as a list has hundreds and a page forty."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    try:
        return _path_to(g.app, endpoint, tuple(values.items()))
    except TypeError:  # a list among the values
        return url_for(endpoint, **values)


@lru_cache(maxsize=16_384)
def _path_to(_app: Flask, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    # An installation is at the root of its host (``Settings``), so nothing else decides.
    return url_for(endpoint, **dict(values))


def csrf_field() -> Markup:
    """Return the hidden field that proves a form is ours."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


class Viewer:
    """Who is looking, as templates see them."""

    def __init__(self, who: Member) -> None:
        signed_in = who.signed_in
        self.id = signed_in.acting.person
        self.name = signed_in.acting.name
        self.role = signed_in.acting.role
        self.email = signed_in.email
        self.consultancy_name = signed_in.consultancy
        self.locale = signed_in.acting.locale
        self.zone = signed_in.acting.zone
        self.writes = self.role in ("owner", "consultant")
        self.owns = self.role == "owner"
        self.verified = signed_in.verified


def _context() -> dict[str, Any]:
    who = g.principal
    query = request.query_string.decode("utf-8", "replace")
    return {
        "member": Viewer(who) if isinstance(who, Member) else None,
        "contact": who.contact_in if isinstance(who, Contact) else None,
        "locale": g.locale,
        "locales": list(NAMES.items()),
        "here": f"{request.path}?{query}" if query else request.path,
    }


def say(text: str, /, **values: Any) -> str:
    """Return a text in the language of the request."""
    return say_in(g.locale)(text, **values) if values else _said(g.locale, text)


@lru_cache(maxsize=8192)
def _said(locale: str, text: str) -> str:
    return say_in(locale)(text)


def init_presenting(app: Flask) -> None:
    """Give the templates their words and filters; a name nobody defined is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(moment=moment, day=day, short_day=short_day, number=number)
    # Macros that are imported see globals alone, not what a request puts into its template.
    app.jinja_env.globals.update(
        {
            "_": say,
            "asset": asset,
            "csrf_field": csrf_field,
            "csrf_token": generate_csrf,
            "url_for": path_to,
        }
    )
    app.context_processor(_context)
