"""Deciding a plan: every revision is kept, the newest counts, nothing is ever overwritten.

Whoever decides names the revision they had seen (``seen``, 0 for none). Where somebody decided
meanwhile nothing is stored and both plans are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.controls import Refusal
from app.domain.response import PlanControls
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.plans.controls import controls_document, controls_from
from app.services.plans.what_if import open_desk
from app.services.record.recording import record
from app.store.decisions import plan_revisions, standing_plan
from app.store.errors import TakenError
from app.store.interviews import names_of
from app.store.progress import plan_revision
from app.store.rows import PlanRevision
from app.store.scope import ScopedSession

REVISED, UNCHANGED = "revised", "unchanged"


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan as it was decided; ``who`` is a name."""

    number: int
    controls: PlanControls
    note: str
    who: str
    at: datetime


class RevisedMeanwhileError(ConflictError):
    """Somebody else decided in between: ``standing`` is what counts now."""

    def __init__(self, standing: Revision) -> None:
        super().__init__(
            REVISED,
            "{who}刚刚存了规划第{number}版，您的这一版没有存。",
            who=standing.who or "—",
            number=standing.number,
        )
        self.standing = standing


class ControlsRefusedError(RefusedError):
    """Controls that cannot be decided for this client today."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        refused = "这一项现在不能这样定，没有保存。"
        super().__init__({str(refusal.field[0]): refused for refusal in refusals})
        self.refusals = tuple(refusals)


def revisions(acting: Acting, engagement: str) -> tuple[Revision, ...]:
    """Return every revision of a plan, the newest first; raises ``NotFoundError``."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return _read(session, plan_revisions(session, engagement))


def revision(acting: Acting, engagement: str, number: int) -> Revision:
    """Return one revision; raises ``NotFoundError``."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        row = plan_revision(session, engagement, number)
        if row is None:
            raise NotFoundError
        return _read(session, [row])[0]


def revise(
    acting: Acting,
    engagement: str,
    controls: PlanControls,
    note: str,
    seen: int,
    taken_from: int | None = None,
) -> Revision:
    """Decide a plan and return its revision; ``taken_from`` is the older one it repeats.

    Raises ``NotFoundError``, ``NotAllowedError``, ``ControlsRefusedError``, ``ConflictError``
    ("unchanged": the plan that counts says the same) and ``RevisedMeanwhileError``. The same
    decision sent twice is one decision.
    """
    acting.must_write()
    refused = open_desk(acting, engagement).refused(controls)
    if refused:
        raise ControlsRefusedError(refused)
    try:
        with acting.writing() as session:
            open_engagement(acting, session, engagement)
            return _append(acting, session, engagement, controls, note.strip(), seen, taken_from)
    except TakenError:
        # Both had seen the same: the other one was first to be stored.
        raise RevisedMeanwhileError(revisions(acting, engagement)[0]) from None


def _append(
    acting: Acting,
    session: ScopedSession,
    engagement: str,
    controls: PlanControls,
    note: str,
    seen: int,
    taken_from: int | None,
) -> Revision:
    document = controls_document(controls)
    row = standing_plan(session, engagement)
    number = row.number if row is not None else 0
    if row is not None:
        standing = _read(session, [row])[0]
        if number != seen:
            repeated = row.by == acting.person and number == seen + 1
            if repeated and (standing.controls, row.note) == (controls, note):
                return standing
            raise RevisedMeanwhileError(standing)
        if standing.controls == controls:
            raise ConflictError(
                UNCHANGED, "和规划第{number}版一模一样，不用再存一版。", number=number
            )
    elif seen:
        raise NotFoundError
    session.add(
        PlanRevision(
            engagement_id=engagement,
            number=number + 1,
            controls=document,
            note=note,
            at=acting.now,
            by=acting.person,
        )
    )
    detail = {} if taken_from is None else {"taken_from": taken_from}
    record(
        acting,
        session,
        "plan.revised",
        "plan",
        engagement,
        engagement,
        number=number + 1,
        **detail,
    )
    return Revision(number + 1, controls, note, acting.name, acting.now)


def _read(session: ScopedSession, rows: Sequence[PlanRevision]) -> tuple[Revision, ...]:
    names: Mapping[str, str] = names_of(session, (row.by for row in rows))
    return tuple(
        Revision(row.number, controls_from(row.controls), row.note, names.get(row.by, ""), row.at)
        for row in rows
    )
