"""Whether the installation can do its work right now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.store.database import Database
from app.store.doors import newest_worker
from app.store.errors import StoreError
from app.store.rows import Worker
from app.store.scope import INSTALLATION

FRESH: Final = timedelta(seconds=30)
"""A worker that gave no sign of life for this long is not there."""


@dataclass(frozen=True, slots=True)
class Health:
    """What answers."""

    database: bool
    worker: bool

    @property
    def ready(self) -> bool:
        """Whether both do."""
        return self.database and self.worker


def health_of(database: Database, now: datetime) -> Health:
    """Return whether database and worker answer."""
    try:
        with database.reading(INSTALLATION) as session:
            seen = newest_worker(session)
    except StoreError:
        return Health(database=False, worker=False)
    return Health(database=True, worker=seen is not None and now - seen <= FRESH)


def sign_of_life(database: Database, worker: str, now: datetime) -> None:
    """Write down that a worker is alive."""
    with database.writing(INSTALLATION) as session:
        row = session.get(Worker, worker)
        if row is None:
            session.add(Worker(name=worker, seen_at=now))
        else:
            row.seen_at = now
