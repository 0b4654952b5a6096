"""Asking for a diagnosis: the stranger names themselves and hands their answers over.

Only now somebody is known, and only to this consultancy. The text of the consent and its time are
kept with the request. Its owners get a letter that names nobody.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.bounds import CONTACT_LIMIT, NAME_LIMIT
from app.services.accounts.throttling import Limit, door, knock
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.respondents.consenting import (
    NOTICE_CHANGED,
    Agreed,
    Document,
    keep_text,
    kept_text,
    version_of,
)
from app.services.selfcheck.answering import own_rows
from app.services.selfcheck.result import Result, own_frozen, result_from
from app.services.work.mailing import enqueue
from app.store.errors import TakenError
from app.store.members import list_members
from app.store.rows import Lead
from app.store.scope import ScopedSession
from app.store.selfchecks import held_check, lead_of
from app.store.types import new_id

NOTE_LIMIT: Final = 500
PER_HOUSE: Final = (Limit(100, timedelta(days=1)),)
"""Requests a consultancy gets in a day; nobody reads more."""
LETTER: Final = "lead"
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody says who asks for a diagnosis; ``contact`` is how to reach them."""

    company: str
    person: str
    contact: str
    note: str = ""


def ask(acting: Acting, words: Asking, document: Document, version: str) -> None:
    """Hand the stranger's answers over with their words; asking twice is asking once.

    ``version`` is that of the text they had before them. Raises ``NotFoundError``,
    ``RefusedError``, ``ThrottledError``, and ``ConflictError``: "notice-changed", or that there is
    no result yet ("no-result", "contradictory").
    """
    _check(words)
    result = result_from(own_frozen(acting, acting.locale))
    if version_of(document) != version:
        raise ConflictError(NOTICE_CHANGED, "说明刚刚更新过，请再看一遍。")
    with acting.reading() as session:
        if own_rows(acting, session)[1] is not None:
            return
    knock(
        acting.database,
        acting.now,
        door(acting.settings, "request to", acting.tenant, PER_HOUSE),
    )
    for last in range(_TRIES, 0, -1):
        try:
            with acting.writing() as session:
                _ask(acting, session, _lead(acting, words, result, version), document)
            break
        except TakenError:
            # The same text was stored by somebody else meanwhile, or the second tap came through.
            if last == 1:
                raise


def _lead(acting: Acting, words: Asking, result: Result, version: str) -> Lead:
    return Lead(
        id=new_id(),
        self_check_id=acting.person,
        company=words.company.strip(),
        person=words.person.strip(),
        contact=words.contact.strip(),
        note=words.note.strip(),
        locale=acting.locale,
        consent_version=version,
        asked_at=acting.now,
        index=None if result.index is None else str(result.index),
        level=result.level,
    )


def _ask(acting: Acting, session: ScopedSession, lead: Lead, document: Document) -> None:
    if held_check(session, acting.person) is None:
        raise NotFoundError
    if lead_of(session, acting.person) is not None:
        return
    keep_text(session, document, lead.consent_version, acting.now)
    session.add(lead)
    session.flush()
    record(acting, session, "lead.asked", "lead", lead.id, version=lead.consent_version)
    _tell_owners(acting, session, lead)


def _tell_owners(acting: Acting, session: ScopedSession, lead: Lead) -> None:
    """Write to the owners that somebody asks; who it is stands behind their sign-in."""
    page = f"{acting.settings.address}/leads/{lead.id}"
    for member in list_members(session):
        if member.role == "owner" and member.disabled_at is None:
            values = {"name": member.name, "page": page}
            enqueue(session, acting.now, LETTER, member.email, member.locale, values)


def asked_under(acting: Acting) -> Agreed:
    """Return the text the stranger agreed to when they asked; raises ``NotFoundError``."""
    with acting.reading() as session:
        _found, lead, _house = own_rows(acting, session)
        if lead is None:
            raise NotFoundError
        document = kept_text(session, lead.consent_version)
    return Agreed(lead.consent_version, document, lead.asked_at)


def _check(words: Asking) -> None:
    """Refuse words no form would let through, whichever way they come in."""
    wrong = {}
    if not words.company.strip() or len(words.company) > NAME_LIMIT:
        wrong["company"] = "请填写公司名称。"
    if len(words.person) > NAME_LIMIT:
        wrong["person"] = "称呼写得太长了，请缩短。"
    if not words.contact.strip() or len(words.contact) > CONTACT_LIMIT:
        wrong["contact"] = "请留一个联系方式，否则联系不上您。"
    if len(words.note) > NOTE_LIMIT:
        wrong["note"] = "写得太长了，请缩短。"
    if wrong:
        raise RefusedError(wrong)
