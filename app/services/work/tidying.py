"""What is swept once a day: self-checks nobody handed over, and files that no row names.

Such files are left by transactions that never came to be, or by rows that were deleted.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.services.accounts.throttling import forget_old_tries
from app.services.files import file_store
from app.services.selfcheck.forgetting import forget_self_checks
from app.settings import Settings
from app.store.database import Database
from app.store.reports import named_files
from app.store.scope import INSTALLATION

EVERY: Final = timedelta(days=1)
SPARED: Final = timedelta(days=1)
"""A file is stored before the row that names it: no transaction takes as long as this."""

_log: Final = logging.getLogger(__name__)


def remove_orphans(database: Database, settings: Settings, now: datetime) -> int:
    """Delete the files that no row names and nobody stored lately; return how many."""
    with database.reading(INSTALLATION) as session:
        named = named_files(session)
    return file_store(settings).delete_unreferenced(named, now - SPARED)


class Caretaker:
    """Sweeps at the start and then once a day, for somebody who looks in often."""

    def __init__(
        self, database: Database, settings: Settings, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._swept: datetime | None = None

    def look_in(self) -> None:
        """Sweep where it is time."""
        now = self._clock()
        if self._swept is not None and now - self._swept < EVERY:
            return
        self._swept = now
        forget_old_tries(self._database, now)
        forgotten = forget_self_checks(self._database, self._settings, now)
        if forgotten:
            _log.info("%s self-checks are deleted", forgotten)
        removed = remove_orphans(self._database, self._settings, now)
        if removed:
            _log.info("%s files that nothing refers to are removed", removed)
