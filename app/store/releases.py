"""Frozen copies of maturity models."""

from datetime import datetime

from sqlalchemy import select

from app.store.rows import Release
from app.store.scope import ScopedSession


def keep_release(
    session: ScopedSession, digest: str, model: str, version: str, archive: bytes, now: datetime
) -> None:
    """Store a model's files once; the same digest again changes nothing."""
    if session.get(Release, digest) is None:
        session.add(
            Release(digest=digest, model=model, version=version, archive=archive, created_at=now)
        )
        session.flush()


def find_release(session: ScopedSession, digest: str) -> Release | None:
    """Return a frozen copy."""
    return session.scalars(select(Release).where(Release.digest == digest)).first()
