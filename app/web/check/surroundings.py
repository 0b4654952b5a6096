"""What every page of a self-check has around it: whose it is, and the language it speaks."""

from typing import Any, Final

from flask import g, request

from app.services.errors import NotFoundError
from app.services.selfcheck.house import CheckHouse, check_house
from app.web.check import blueprint
from app.web.principal import Visitor, database
from app.web.wording import NAMES

LANGUAGE: Final = "lang"
"""The word of the address that says which language a page without cookies speaks."""


@blueprint.before_request
def look_around() -> None:
    """Find out whose self-check it is, and which language somebody without a cookie wants."""
    who = g.principal
    if isinstance(who, Visitor):
        g.house = who.house
        return
    try:
        g.house = check_house(database(), (request.view_args or {}).get("slug", ""))
    except NotFoundError:
        g.house = None
    wanted = request.args.get(LANGUAGE, "")
    if wanted in NAMES:
        g.locale = wanted


@blueprint.context_processor
def _around() -> dict[str, Any]:
    wanted = request.args.get(LANGUAGE, "")
    return {
        "house": g.get("house"),
        "visiting": isinstance(g.principal, Visitor),
        "slug": (request.view_args or {}).get("slug", ""),
        # Kept from page to page as long as there is no cookie to keep it.
        "asked_language": wanted if wanted in NAMES else None,
    }


def house() -> CheckHouse:
    """Return whose self-check it is; raises ``NotFoundError`` where there is none."""
    found: CheckHouse | None = g.house
    if found is None:
        raise NotFoundError
    return found
