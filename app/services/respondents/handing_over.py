"""Company figures that respondents gave, handed over to the engagement's one sheet of facts.

A respondent sees no other's figures, so theirs are kept among their own answers and copied when
they send them. Where the sheet has a figure already, it stands: the other one stays on the sheet's
history, where the consultant finds it. Figures are taken back with the consent they came with.
"""

import hashlib
from collections.abc import Mapping

from app.domain.model import MaturityModel
from app.services.acting import Acting
from app.services.answers.answering import Given, keep_answer
from app.services.answers.assembling import FACTS
from app.services.answers.values import decoded
from app.store.answers import current_answers, history_of, locked_response
from app.store.interviews import sheet_of
from app.store.rows import Response
from app.store.scope import ScopedSession
from app.store.types import new_id


def hand_over(
    acting: Acting, session: ScopedSession, response: Response, model: MaturityModel
) -> int:
    """Copy the figures of a response onto the sheet of facts; return how many it holds.

    Raises ``TakenError`` where somebody begins the sheet at the same moment: try again.
    """
    given = {
        row.item: Given(
            row.item,
            "given",
            decoded(row.value, model.fact_parts[row.item].type),
            note=row.note if response.quotable else "",
        )
        for row in current_answers(session, [response.id])
        if row.item in model.fact_parts and row.kind == "given"
    }
    sheet = _sheet(acting, session, response, begin=bool(given))
    if sheet is not None:
        _write(acting, session, sheet, response, given)
    return len(given)


def take_back(acting: Acting, session: ScopedSession, response: Response) -> None:
    """Clear the figures that stand on the sheet of facts because of this response."""
    sheet = _sheet(acting, session, response, begin=False)
    if sheet is not None:
        _write(acting, session, sheet, response, {})


def _sheet(
    acting: Acting, session: ScopedSession, response: Response, *, begin: bool
) -> Response | None:
    found = sheet_of(session, response.engagement_id, FACTS)
    if found is None and begin:
        found = Response(
            id=new_id(),
            engagement_id=response.engagement_id,
            kind=FACTS,
            release_digest=response.release_digest,
            created_at=acting.now,
        )
        session.add(found)
        session.flush()
    return None if found is None else locked_response(session, found.id)


def _write(
    acting: Acting,
    session: ScopedSession,
    sheet: Response,
    response: Response,
    given: Mapping[str, Given],
) -> None:
    log = sorted(history_of(session, sheet.id), key=lambda row: row.revision)
    standing = {row.item: row for row in log if row.standing}
    own = {item: row for item, row in standing.items() if row.key.startswith(_mark(response))}
    for item, row in own.items():
        if item not in given and row.kind != "cleared":
            gone = Given(item, "cleared")
            keep_answer(acting, session, sheet, gone, row.revision, _key(acting, response, gone))
    for item, answer in given.items():
        now = standing.get(item)
        if item in own and own[item].digest == answer.digest:
            continue
        free = now is None or item in own or now.kind == "cleared"
        base = now.revision if now is not None and free else 0
        keep_answer(acting, session, sheet, answer, base, _key(acting, response, answer))


def _mark(response: Response) -> str:
    return f"by-{response.id}-"


def _key(acting: Acting, response: Response, answer: Given) -> str:
    words = f"{answer.item}:{answer.digest}:{acting.now.isoformat()}"
    return f"{_mark(response)}{hashlib.sha256(words.encode()).hexdigest()[:32]}"
