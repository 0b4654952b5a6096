"""A worker process that draws what waits, to be killed in the middle.

``python -m tests.drawing DATABASE DATA SECONDS``: its clock runs so many seconds ahead.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.services.work.worker import HANDLERS
from app.services.work.working import Works
from app.settings import Settings
from app.store.database import Database
from tests.people import SECRET


def main() -> None:
    """Do what waits and end."""
    url, data, seconds = sys.argv[1:]
    ahead = timedelta(seconds=float(seconds))
    settings = Settings(data=Path(data), secret_key=SECRET)
    Works(
        Database(url), settings, f"worker-{seconds}", HANDLERS, lambda: datetime.now(UTC) + ahead
    ).work(lambda: False)


if __name__ == "__main__":
    main()
