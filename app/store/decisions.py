"""Decisions on findings and revisions of the plan; the highest number of each counts."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.store.rows import DecidedFinding, PlanRevision
from app.store.scope import ScopedSession


def standing_decisions(session: ScopedSession, engagement: str) -> Mapping[str, DecidedFinding]:
    """Return the decision that counts for each finding, by rule id."""
    rows = session.scalars(
        select(DecidedFinding)
        .where(DecidedFinding.engagement_id == engagement)
        .order_by(DecidedFinding.rule, DecidedFinding.number)
    )
    return {row.rule: row for row in rows}


def decision_history(session: ScopedSession, engagement: str) -> Sequence[DecidedFinding]:
    """Return every decision ever made on the findings of an engagement, oldest first."""
    return session.scalars(
        select(DecidedFinding)
        .where(DecidedFinding.engagement_id == engagement)
        .order_by(DecidedFinding.at, DecidedFinding.rule, DecidedFinding.number)
    ).all()


def decisions_on(session: ScopedSession, engagement: str, rule: str) -> Sequence[DecidedFinding]:
    """Return every decision ever made on one finding, oldest first: the last one counts."""
    return session.scalars(
        select(DecidedFinding)
        .where(DecidedFinding.engagement_id == engagement, DecidedFinding.rule == rule)
        .order_by(DecidedFinding.number)
    ).all()


def next_decision_number(session: ScopedSession, engagement: str, rule: str) -> int:
    """Return the number the next decision on a finding gets."""
    found = session.scalar(
        select(func.max(DecidedFinding.number)).where(
            DecidedFinding.engagement_id == engagement, DecidedFinding.rule == rule
        )
    )
    return (found or 0) + 1


def plan_revisions(session: ScopedSession, engagement: str) -> Sequence[PlanRevision]:
    """Return the revisions of an engagement's plan, newest first."""
    return session.scalars(
        select(PlanRevision)
        .where(PlanRevision.engagement_id == engagement)
        .order_by(PlanRevision.number.desc())
    ).all()


def standing_plan(session: ScopedSession, engagement: str) -> PlanRevision | None:
    """Return the revision of the plan that counts."""
    return session.scalars(
        select(PlanRevision)
        .where(PlanRevision.engagement_id == engagement)
        .order_by(PlanRevision.number.desc())
        .limit(1)
    ).first()
