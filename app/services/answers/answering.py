"""Saving one answer: appended to the log, made current, acknowledged after the commit.

The sender names the revision it had seen (``base``) and a key of its own. The same key again
gives the same reply; a base that is no longer current is refused with both values, and the value
that lost stays on record.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from app.domain.response import AnswerValue
from app.services.access import sees_as
from app.services.acting import Acting
from app.services.answers.values import encoded
from app.services.errors import ConflictError, NotFoundError, RefusedError, ServiceError
from app.store.answers import (
    append_answer,
    before_saving,
    by_key,
    current_answer,
    locked_response,
    locked_with_engagement,
)
from app.store.rows import CurrentAnswer, Engagement, LoggedAnswer, Response
from app.store.scope import ScopedSession

AnswerKind: TypeAlias = Literal["given", "unknown", "cleared"]

SELF_CHECK: Final = "self-check"
"""Who said an answer that came with a lead, in place of a member's id: nobody has verified it."""
SUBMITTED = "submitted"
KEY_REUSED = "key-reused"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a person gives it: validated already, not yet stored."""

    item: str
    kind: AnswerKind
    value: AnswerValue | None = None
    evidence: str = ""
    note: str = ""
    quote: str = ""

    @property
    def digest(self) -> str:
        """A hash of everything said."""
        said = [self.item, self.kind, encoded(self.value), self.evidence, self.note, self.quote]
        text = json.dumps(said, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer as it stands: in JSON values, with its revision, who gave it and when."""

    item: str
    revision: int
    kind: str
    value: Any
    evidence: str
    note: str
    quote: str
    actor: str
    at: datetime | None


class StaleAnswerError(ServiceError):
    """Somebody else answered meanwhile: ``standing`` is what counts now."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.item)
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a save: how the answer stands, or (``stale``) what stood in its way.

    ``repeated`` where the same save came before: nothing was stored this time.
    """

    standing: Standing
    stale: bool = False
    repeated: bool = False

    def settled(self) -> Standing:
        """Return how the answer stands, or raise ``StaleAnswerError``.

        To be called after the commit: a value that came too late stays on record.
        """
        if self.stale:
            raise StaleAnswerError(self.standing)
        return self.standing


def save_answer(acting: Acting, response: str, given: Given, base: int, key: str) -> Standing:
    """Store an answer on top of revision ``base`` (0 for the first) and return how it stands.

    Raises ``NotFoundError``, ``NotAllowedError``, ``StaleAnswerError`` (nothing overwritten, the
    value kept on record), ``ConflictError`` ("submitted": the response takes no more answers) and
    ``RefusedError`` (the key was used for another answer).
    """
    with acting.writing() as session:
        found = answerable(acting, session, response)
        kept = keep_answer(acting, session, found, given, base, key)
    return kept.settled()


def keep_answer(
    acting: Acting, session: ScopedSession, found: Response, given: Given, base: int, key: str
) -> Kept:
    """Store an answer in the transaction at work, for whoever stores more with it.

    ``found`` comes from ``answerable``. Raises ``ConflictError`` and ``RefusedError`` as
    ``save_answer`` does; a stale answer is told in what is returned, so that it is committed.
    """
    before = before_saving(session, found.id, given.item, key)
    known = by_key(session, found.id, key) if before.is_repeated else None
    if known is not None:
        return _replayed(session, known, given, base)
    if found.submitted_at is not None:
        raise ConflictError(SUBMITTED, "这份答卷已经提交，不再接受修改。")
    current = before.current
    seen = current.revision if current else 0
    logged = LoggedAnswer(
        response_id=found.id,
        item=given.item,
        revision=max(seen, before.revision) + 1,
        base=base,
        key=key,
        kind=given.kind,
        value=encoded(given.value),
        evidence=given.evidence,
        note=given.note,
        quote=given.quote,
        digest=given.digest,
        standing=base == seen,
        actor=acting.person if acting.role != "respondent" else "",
        at=acting.now,
    )
    append_answer(session, found, logged, current)
    if logged.standing:
        return Kept(standing_of(logged))
    return Kept(_now(current, given.item), stale=True)


def answerable(acting: Acting, session: ScopedSession, response: str) -> Response:
    """Return a response the person may write into, held for this transaction.

    A respondent writes into the response of their own link alone; members into those of
    engagements they work on, viewers into none.
    """
    return answerable_in(acting, session, response)[0]


def answerable_in(
    acting: Acting, session: ScopedSession, response: str
) -> tuple[Response, Engagement | None]:
    """Do as ``answerable``; return the engagement too where a member writes, who works on it."""
    if acting.role == "respondent":
        own = locked_response(session, response)
        if own is None or own.invitation_id != acting.person:
            raise NotFoundError
        return own, None
    found = locked_with_engagement(session, response, sees_as(acting))
    if found is None:
        raise NotFoundError
    acting.must_write()
    return found


def standing_of(row: LoggedAnswer | CurrentAnswer) -> Standing:
    """Return an answer row as a plain value."""
    return Standing(
        item=row.item,
        revision=row.revision,
        kind=row.kind,
        value=row.value,
        evidence=row.evidence,
        note=row.note,
        quote=row.quote,
        actor=row.actor,
        at=row.at,
    )


def _now(current: CurrentAnswer | None, item: str) -> Standing:
    if current is None:
        return Standing(item, 0, "cleared", None, "", "", "", "", None)
    return standing_of(current)


def _replayed(session: ScopedSession, known: LoggedAnswer, given: Given, base: int) -> Kept:
    """Answer a repeated save exactly as the first time."""
    if (known.item, known.digest, known.base) != (given.item, given.digest, base):
        raise RefusedError({"key": "这个保存编号已经用于另一个答案，请刷新页面后再试。"})
    if known.standing:
        return Kept(standing_of(known), repeated=True)
    current = current_answer(session, known.response_id, known.item)
    return Kept(_now(current, known.item), stale=True, repeated=True)
