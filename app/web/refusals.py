"""Members and contacts who are refused something leave a line in the consultancy's record."""

import logging
from collections.abc import Callable

from flask import current_app, g, request

from app.services.acting import Acting
from app.services.record.refusals import note_forbidden, note_missing
from app.store.errors import StoreError
from app.web.policies import Right, right_of
from app.web.principal import Contact, Member

log = logging.getLogger(__name__)

_NOTES: dict[int, Callable[[Acting, str], None]] = {403: note_forbidden, 404: note_missing}


def note_refusal(status: int) -> None:
    """Write down that the caller was refused, if it is known and the route is not everybody's.

    Addresses of links, which carry a secret, are everybody's; so none gets into the record.
    """
    who, note = g.get("principal"), _NOTES.get(status)
    if note is None or not isinstance(who, Member | Contact) or request.endpoint is None:
        return
    if right_of(current_app, request.endpoint) in (None, Right.PUBLIC):
        return
    try:
        note(who.acting, f"{request.method} {request.path}")
    except StoreError:
        # The refusal stands all the same; only its line is missing.
        log.warning("a refusal could not be recorded", exc_info=True)
