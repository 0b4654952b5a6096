"""The singletons that Flask extensions need; wired into an application by the factory."""

import threading
from typing import Final

from flask import request
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from limits.storage import MemoryStorage

SWEEP_SECONDS: Final = 60


class SweptMemory(MemoryStorage):
    """Counts what limits count; forgets what is over once a minute.

    The plain one starts a thread that goes through everybody's counts a moment after each request.
    No limit depends on it: what is over does not count, kept or not.
    """

    STORAGE_SCHEME = ["swept-memory"]  # noqa: RUF012  as the library declares it

    @property
    def timer(self) -> threading.Timer:
        """The next sweep; the library makes another when this one has run."""
        return self._timer

    @timer.setter
    def timer(self, timer: threading.Timer) -> None:
        timer.interval = SWEEP_SECONDS
        timer.daemon = True
        self._timer = timer


def _caller() -> str:
    """Return whom a limit counts by default: the address the request came from."""
    return request.remote_addr or "unknown"


csrf = CSRFProtect()
limiter = Limiter(key_func=_caller, strategy="moving-window")
