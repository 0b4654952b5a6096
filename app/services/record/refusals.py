"""Doors that stayed shut, on record: who asked for something that is not theirs, or is not there.

The two are recorded alike, as they are answered alike: a line tells nobody which ids exist. Each
address stands once an hour and person, and no person fills the record with them.
"""

from datetime import timedelta
from typing import Final

from app.services.acting import Acting
from app.services.record.recording import record
from app.store.record import subjects_since

WITHIN: Final = timedelta(hours=1)
MOST: Final = 60
"""Lines about one person within that time; by then everybody who reads the record knows."""
_TOLD_BY: Final = 80
"""Characters by which addresses are told apart: the method, the engagement and what is in it."""
_SHOWN: Final = 300


def note_missing(acting: Acting, request: str) -> None:
    """Write down that somebody asked for what they may not see or what there is not.

    ``request`` is method and path, without a query. Raises ``StoreError``.
    """
    _note(acting, "access.missing", request)


def note_forbidden(acting: Acting, request: str) -> None:
    """Write down that somebody tried what their role does not allow. Raises ``StoreError``."""
    _note(acting, "access.forbidden", request)


def _note(acting: Acting, action: str, request: str) -> None:
    asked = request[:_TOLD_BY]
    with acting.reading() as session:
        told = subjects_since(session, acting.person, "access", acting.now - WITHIN, MOST)
    if len(told) >= MOST or asked in told:
        return
    with acting.writing() as session:
        record(acting, session, action, "request", asked, request=request[:_SHOWN])
