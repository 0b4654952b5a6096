"""The addresses of secret links: built when they are shown or mailed, stored nowhere."""

from collections.abc import Mapping
from typing import Final

from app.services.tokens import Purpose, derived_token, token_hash
from app.settings import Settings

PLACES: Final[Mapping[Purpose, str]] = {
    "invitation": "i",
    "joining": "join",
    "reset": "reset",
    "owner": "start",
    "pulse": "p",
    "portal": "enter",
    "calendar": "calendar",
}
"""The first part of the path a link of each purpose leads to."""


def link_to(settings: Settings, purpose: Purpose, token: str) -> str:
    """Return the whole address of a link, as people open it."""
    return f"{settings.address}/{PLACES[purpose]}/{token}"


def standing_link(
    settings: Settings, purpose: Purpose, tenant: str, subject: str, issue: int, kept: str
) -> str | None:
    """Return the link whose hash the database keeps, under the key of now or a former one.

    None where no key makes it any more: the link has to be issued anew.
    """
    for key in (settings.key, *settings.old_secret_keys):
        token = derived_token(key, purpose, tenant, subject, issue)
        if token_hash(token) == kept:
            return link_to(settings, purpose, token)
    return None
