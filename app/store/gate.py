"""One writer at a time on SQLite, across threads and processes.

SQLite's own waiting is not fair: under load a writer can starve for seconds. A lock file queues
writers before they begin.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.store.errors import BusyError

WAIT_SECONDS: Final = 5.0
_PAUSE: Final = 0.002


class WriteGate:
    """The queue in front of one database file."""

    def __init__(self, path: Path, wait: float = WAIT_SECONDS) -> None:
        self._path = path
        self._wait = wait
        self._threads = threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the gate; raises ``BusyError`` when it does not open in time."""
        deadline = time.monotonic() + self._wait
        if not self._threads.acquire(timeout=self._wait):
            raise BusyError("other writers did not finish in time")
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._lock(file, deadline)
                yield
            finally:
                os.close(file)
        finally:
            self._threads.release()

    def _lock(self, file: int, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BusyError("another process did not finish writing in time") from None
                time.sleep(_PAUSE)
            else:
                return
