"""The customer pulse: posters and what customers said."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.store.rows import PulseAnswer, PulsePoster
from app.store.scope import ScopedSession


def find_poster(session: ScopedSession, engagement: str) -> PulsePoster | None:
    """Return the poster of an engagement."""
    return session.scalars(
        select(PulsePoster).where(PulsePoster.engagement_id == engagement)
    ).first()


def held_poster(session: ScopedSession, engagement: str) -> PulsePoster | None:
    """Return the same, held for writing."""
    query = select(PulsePoster).where(PulsePoster.engagement_id == engagement).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def pulse_of(session: ScopedSession, engagement: str) -> Sequence[Mapping[str, Any]]:
    """Return what each customer said, in an order that tells nothing of when."""
    return session.scalars(
        select(PulseAnswer.document)
        .where(PulseAnswer.engagement_id == engagement)
        .order_by(PulseAnswer.id)
    ).all()


def count_pulse(session: ScopedSession, engagement: str) -> int:
    """Return how many customers answered."""
    query = select(func.count()).select_from(PulseAnswer)
    return session.scalar(query.where(PulseAnswer.engagement_id == engagement)) or 0


def pulse_by_key(session: ScopedSession, engagement: str, key: str) -> PulseAnswer | None:
    """Return what was sent from one showing of the page."""
    return session.scalars(
        select(PulseAnswer).where(PulseAnswer.engagement_id == engagement, PulseAnswer.key == key)
    ).first()
