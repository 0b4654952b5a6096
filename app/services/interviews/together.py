"""Several people in one interview: who is here, and what the others have answered meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.model import MaturityModel
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.answering import Standing, standing_of
from app.services.answers.assembling import FACTS, INTERVIEW
from app.services.errors import NotFoundError
from app.services.releases import model_of
from app.store.answers import current_answers
from app.store.errors import TakenError
from app.store.interviews import (
    find_response,
    names_of,
    note_presence,
    present_members,
    sheet_of,
)
from app.store.rows import CurrentAnswer, Response
from app.store.scope import ScopedSession

HERE: Final = timedelta(seconds=40)
"""Who gave no sign for this long has left; pages give one every fifteen seconds."""


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has an interview open, and the item they are at."""

    member: str
    name: str
    item: str


@dataclass(frozen=True, slots=True)
class Change:
    """An answer as it stands, the kind of response that keeps it, and the name of who gave it."""

    response: str
    kind: str
    standing: Standing
    who: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Every answer of an interview and of the facts beside it; ``stamp`` names this state.

    ``answers`` is empty where the caller has the state already.
    """

    model: MaturityModel
    stamp: str
    answers: tuple[Change, ...]
    concluded_at: datetime | None
    others: tuple[Here, ...]


def be_present(acting: Acting, engagement: str, response: str, item: str) -> None:
    """Write down that the person has an interview open and where in it they are.

    Raises ``NotFoundError`` and ``NotAllowedError``.
    """
    try:
        with acting.writing() as session:
            open_engagement(acting, session, engagement)
            acting.must_write()
            if find_response(session, engagement, response) is None:
                raise NotFoundError
            note_presence(session, response, acting.person, item, acting.now)
    except TakenError:
        # The same person's other window wrote it at the same moment.
        return


def others_in(acting: Acting, session: ScopedSession, response: str) -> tuple[Here, ...]:
    """Return who else has a response open."""
    found = present_members(session, [response], acting.now - HERE)
    return tuple(
        Here(presence.member_id, name, presence.item)
        for presence, name in found
        if presence.member_id != acting.person
    )


def changes_since(acting: Acting, engagement: str, response: str, stamp: str) -> Changes:
    """Return what an interview holds, where that is not what the caller has seen.

    Raises ``NotFoundError``.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        found = find_response(session, engagement, response)
        if found is None or found.kind not in (INTERVIEW, FACTS):
            raise NotFoundError
        others = others_in(acting, session, response)
        sheet = None if found.kind == FACTS else sheet_of(session, engagement, FACTS)
        kinds = {row.id: row.kind for row in (found, sheet) if row is not None}
        rows = current_answers(session, kinds)
        now = stamp_of(found, rows)
        names = {} if now == stamp else names_of(session, (row.actor for row in rows))
    answers = tuple(
        Change(row.response_id, kinds[row.response_id], standing_of(row), names.get(row.actor, ""))
        for row in rows
        if now != stamp
    )
    digest = opened.engagement.release_digest
    model = model_of(acting.database, acting.settings, digest, acting.locale)
    return Changes(model, now, answers, found.submitted_at, others)


def stamp_of(response: Response, rows: Iterable[CurrentAnswer]) -> str:
    """Return a word for the state of some answers: revisions only rise, so their sum names it."""
    closed = "closed" if response.submitted_at is not None else "open"
    return f"{sum(row.revision for row in rows)}-{closed}"
