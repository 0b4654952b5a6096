"""Consent: asked for before the first question, kept word for word, withdrawn at any time.

Withdrawing keeps what was said and that it was withdrawn, takes no more answers, and leaves the
answers out of every diagnosis from then on. Who agrees again goes on where they stopped and has to
send the answers again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.services.acting import Acting
from app.services.answers.assembling import SELF
from app.services.errors import ConflictError
from app.services.record.recording import record
from app.services.respondents.handing_over import take_back
from app.services.respondents.responding import model_for, own_rows, state_of
from app.store.answers import locked_response
from app.store.errors import TakenError
from app.store.respondents import Invited, held_invitation, labels_of
from app.store.rows import ConsentText, Response
from app.store.scope import ScopedSession
from app.store.types import new_id

NOTICE_CHANGED: Final = "notice-changed"
RETENTION_MONTHS: Final = 24
"""How long answers are kept after the end of an engagement."""
_TRIES: Final = 4
"""Many people of one role agree to the same text at once; one of them is the first to store it."""

Document = Mapping[str, Sequence[tuple[str, str]]]
"""A text of consent: its points, each with a title, by language."""


@dataclass(frozen=True, slots=True)
class Titles:
    """What the notice calls things in one language."""

    model: str
    role: str


def titles_in(acting: Acting, locales: Iterable[str]) -> Mapping[str, Titles]:
    """Return what model and role are called in each language; raises ``NotFoundError``."""
    with acting.reading() as session:
        own = own_rows(acting, session)
    found = {}
    for locale in locales:
        model = model_for(acting, own, locale)
        found[locale] = Titles(model.content.title, model.roles[own.invitation.role].title)
    return found


def version_of(document: Document) -> str:
    """Return the version of a text: a digest of its words in all languages."""
    text = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the respondent agreed to last, and when."""

    version: str
    document: Document
    at: datetime


def agreed_text(acting: Acting) -> Agreed | None:
    """Return what the respondent agreed to, None before consent; raises ``NotFoundError``."""
    with acting.reading() as session:
        found = own_rows(acting, session).response
        if found is None or found.consent_version is None or found.consented_at is None:
            return None
        document = kept_text(session, found.consent_version)
    return Agreed(found.consent_version, document, found.consented_at)


def kept_text(session: ScopedSession, version: str) -> Document:
    """Return a text somebody agreed to, as it was then."""
    text = session.find(ConsentText, version)
    points = text.document if text is not None else {}
    return {locale: [(title, words) for title, words in given] for locale, given in points.items()}


def agree(acting: Acting, document: Document, version: str) -> None:
    """Record that the respondent agrees to a text; ``version`` is what they had before them.

    Agreeing twice is agreeing once. Raises ``NotFoundError``, and ``ConflictError``
    ("notice-changed") where the text is another one by now.
    """
    if version_of(document) != version:
        raise ConflictError(NOTICE_CHANGED, "说明刚刚更新过，请再看一遍。")
    for last in range(_TRIES, 0, -1):
        try:
            with acting.writing() as session:
                _agree(acting, session, document, version)
            return
        except TakenError:
            # The same link on another phone, or the same text by somebody else: it is there now.
            if last == 1:
                raise


def _agree(acting: Acting, session: ScopedSession, document: Document, version: str) -> None:
    held_invitation(session, acting.person)
    own = own_rows(acting, session)
    if state_of(own.response) not in ("new", "withdrawn"):
        return
    keep_text(session, document, version, acting.now)
    found = own.response
    if found is None:
        found = _begun(acting, session, own)
    found.consent_version, found.consented_at = version, acting.now
    found.withdrawn_at = None
    found.submitted_at, found.snapshot = None, None
    session.flush()
    record(
        acting,
        session,
        "response.consented",
        "response",
        found.id,
        found.engagement_id,
        version=version,
    )


def keep_text(session: ScopedSession, document: Document, version: str, now: datetime) -> None:
    """Keep a text somebody agrees to, once; ``version`` is its digest (see ``version_of``)."""
    if session.find(ConsentText, version) is None:
        session.add(ConsentText(digest=version, document=_plain(document), created_at=now))
        session.flush()


def _begun(acting: Acting, session: ScopedSession, own: Invited) -> Response:
    invitation, engagement = own.invitation, own.engagement
    taken = labels_of(session, engagement.id, SELF, invitation.role)
    row = Response(
        id=new_id(),
        engagement_id=engagement.id,
        kind=SELF,
        role=invitation.role,
        label=_free(invitation.label, taken),
        invitation_id=invitation.id,
        release_digest=engagement.release_digest,
        created_at=acting.now,
    )
    session.add(row)
    return row


def _free(label: str, taken: frozenset[str]) -> str:
    """Return a label nobody of the role has: a replaced link must not lock its owner out."""
    found, number = label, 1
    while found in taken:
        number += 1
        found = f"{label} {number}".strip()
    return found


def withdraw(acting: Acting) -> None:
    """Take consent back; doing so twice, or before agreeing, changes nothing.

    Raises ``NotFoundError``.
    """
    with acting.writing() as session:
        own = own_rows(acting, session)
        if own.response is None:
            return
        found = locked_response(session, own.response.id)
        if found is None or state_of(found) not in ("answering", "submitted"):
            return
        found.withdrawn_at = acting.now
        take_back(acting, session, found)
        record(
            acting,
            session,
            "response.withdrawn",
            "response",
            found.id,
            found.engagement_id,
            version=found.consent_version or "",
        )


def _plain(document: Document) -> dict[str, Any]:
    return {locale: [list(point) for point in points] for locale, points in document.items()}
