"""Requests that change something must come from our own pages; redirects stay here."""

from urllib.parse import urlsplit

from flask import Flask, request, url_for
from werkzeug.exceptions import BadRequest, Forbidden

from app.web.policies import SAFE
from app.web.principal import settings

_OWN = ("same-origin", "none")


def check_origin() -> None:
    """Refuse a change that another site asks for; what browsers tell cannot be forged there."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN:
        raise Forbidden
    origin = request.headers.get("Origin")
    if origin is None or _is_own(origin):
        return
    # A page that hides its address, as those of secret links do, also hides its origin; then the
    # browser's own word counts. Phones too old to give it (iOS before 16.4) are not shut out: the
    # form token, which no other site can read, decides about them alone.
    if origin == "null" and site in (None, "same-origin"):
        return
    raise Forbidden


def check_address() -> None:
    """Refuse an address with a NUL in it: nothing here is called so, and PostgreSQL takes none."""
    asked = (word for pair in request.args.items(multi=True) for word in pair)
    if any("\0" in word for word in (request.path, *asked)):
        raise BadRequest


def _is_own(origin: str) -> bool:
    told = urlsplit(origin)
    return (told.scheme, told.netloc) == (request.scheme, request.host) or (
        origin.rstrip("/") == settings().address
    )


def local_path(wanted: str | None, default: str = "workspace.home") -> str:
    """Return where to go next: the wanted path if it is one of ours, else the default page."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")):
        parts = urlsplit(wanted)
        clean = not any(ord(letter) < 33 or letter == "\\" for letter in wanted)
        if clean and not parts.scheme and not parts.netloc:
            return wanted
    return url_for(default)


def init_origins(app: Flask) -> None:
    """Have every change checked before anybody is recognised."""
    app.before_request(check_address)
    app.before_request(check_origin)
