"""Sending a questionnaire, once; and giving it back for changes.

Sending is one transaction: the answers are held, their digest is taken, company figures go to the
sheet of facts, the record gets its line. Until that is committed nothing has happened.
"""

from typing import Final

from app.domain.bounds import REASON_LIMIT
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.answering import SUBMITTED, answerable
from app.services.answers.assembling import SELF
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.interviews.interviewing import snapshot_of
from app.services.record.recording import record
from app.services.respondents.handing_over import hand_over
from app.services.respondents.responding import held_response, model_for, own_rows
from app.store.answers import current_answers, locked_response
from app.store.errors import TakenError
from app.store.scope import ScopedSession

_TRIES: Final = 3
"""Two people may begin the sheet of facts at the same moment; the second finds it there."""


def submit(acting: Acting, *, quotable: bool = False) -> None:
    """Send the respondent's answers; sending again changes nothing.

    ``quotable``: a report may print what they wrote, with their role beside it.

    Raises ``NotFoundError``, ``ConflictError`` ("consent", "withdrawn") and ``RefusedError`` where
    nothing was answered yet.
    """
    for last in range(_TRIES, 0, -1):
        try:
            with acting.writing() as session:
                _submit(acting, session, quotable)
            return
        except ConflictError as error:
            if error.code != SUBMITTED:
                raise
            return
        except TakenError:
            if last == 1:
                raise


def _submit(acting: Acting, session: ScopedSession, quotable: bool) -> None:
    own = own_rows(acting, session)
    found = held_response(acting, session, own)
    answers = [row for row in current_answers(session, [found.id]) if row.kind != "cleared"]
    if not answers:
        raise RefusedError({"answers": "一道题都还没有答，不能提交。"})
    found.submitted_at, found.snapshot = acting.now, snapshot_of(session, found.id)
    found.quotable = quotable
    found.reopened_at, found.reopen_reason = None, ""
    session.flush()
    figures = hand_over(acting, session, found, model_for(acting, own))
    record(
        acting,
        session,
        "response.submitted",
        "response",
        found.id,
        found.engagement_id,
        snapshot=found.snapshot,
        answers=len(answers),
        unknown=sum(row.kind == "unknown" for row in answers),
        figures=figures,
        quotable=quotable,
    )


def reopen(acting: Acting, engagement: str, response: str, reason: str) -> None:
    """Give sent answers back to the person who sent them; ``reason`` is told to them.

    They count again once they are sent again. Raises ``NotFoundError``, ``NotAllowedError``,
    ``RefusedError`` without a reason, and ``ConflictError`` where they were not sent.
    """
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        found = locked_response(session, response)
        if found is None or found.engagement_id != engagement or found.kind != SELF:
            raise NotFoundError
        answerable(acting, session, response)
        told = reason.strip()
        if not told or len(told) > REASON_LIMIT:
            raise RefusedError(
                {"reason": "请写明为什么退回，最多{n}个字；对方会看到这句话。"}, n=REASON_LIMIT
            )
        if found.withdrawn_at is not None:
            raise ConflictError("withdrawn", "对方已经撤回同意，这份答卷不能再退回修改。")
        if found.submitted_at is None:
            raise ConflictError("not-submitted", "这份答卷还没有提交，对方本来就可以修改。")
        record(
            acting,
            session,
            "response.reopened",
            "response",
            found.id,
            engagement,
            role=found.role,
            label=found.label,
            snapshot=found.snapshot or "",
            reason=told,
        )
        found.submitted_at, found.snapshot = None, None
        found.reopened_at, found.reopen_reason = acting.now, told
