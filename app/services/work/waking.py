"""Waking a worker: after the row that asks for work is committed, never before."""

from app.jobs.queue import Queue
from app.settings import Settings


def queue_of(settings: Settings) -> Queue:
    """Return the installation's queue."""
    return Queue(settings.data / "queue.sqlite3")


def wake(settings: Settings, job: str) -> None:
    """Ask a worker to look after a job; what cannot be asked now is found by the next sweep."""
    queue = queue_of(settings)
    try:
        queue.wake(job)
    finally:
        queue.close()
