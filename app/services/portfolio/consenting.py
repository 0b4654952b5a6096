"""Whether a client agreed to count in benchmarks: said by its consultant, every saying kept."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.bounds import NOTE_LIMIT
from app.services.acting import Acting
from app.services.engagements.clients import open_client
from app.services.errors import RefusedError
from app.services.record.recording import record
from app.store.portfolio import consent_number, last_consent
from app.store.rows import BenchmarkConsent


@dataclass(frozen=True, slots=True)
class Consent:
    """What a client said last about being counted: ``note`` tells who said so and how."""

    agreed: bool
    note: str
    who: str
    at: datetime


def consent_of(acting: Acting, client: str) -> Consent | None:
    """Return what a client said last; None where it was never asked. ``NotFoundError``."""
    with acting.reading() as session:
        row = open_client(acting, session, client)
        found = last_consent(session, row.id)
    if found is None:
        return None
    said, who = found
    return Consent(said.agreed, said.note, who, said.at)


def set_consent(acting: Acting, client: str, *, agreed: bool, note: str) -> None:
    """Keep that a client agreed to be counted, or does not any more.

    ``note`` says who agreed and how; without it there is no agreement. Raises ``NotFoundError``,
    ``NotAllowedError`` and ``RefusedError``.
    """
    acting.must_write()
    note = note.strip()
    if agreed and not note:
        raise RefusedError({"note": "请写谁在哪天、以什么方式同意的。"})
    if len(note) > NOTE_LIMIT:
        raise RefusedError({"note": "说明最多{limit}个字。"}, limit=NOTE_LIMIT)
    with acting.writing() as session:
        row = open_client(acting, session, client)
        session.add(
            BenchmarkConsent(
                client_id=row.id,
                number=consent_number(session, row.id) + 1,
                agreed=agreed,
                note=note,
                at=acting.now,
                by=acting.person,
            )
        )
        record(
            acting, session, "portfolio.consent", "client", row.id,
            name=row.name, agreed="yes" if agreed else "no",
        )  # fmt: skip
