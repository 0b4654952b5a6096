"""SQLite with the settings that keep an acknowledged answer.

``synchronous=FULL``: with less, a power cut may take back what was acknowledged. Write-ahead
logging has a fault in every SQLite before 3.51.3 (3.50.7, 3.44.6 of their lines) that can corrupt
a database when several connections write or checkpoint, so those keep the rollback journal.
"""

import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from app.store.errors import UnsafeSqliteError

OLDEST: Final = (3, 37, 0)
"""STRICT-free features we use: RETURNING, UPSERT, ALTER TABLE DROP COLUMN."""
BUSY_MILLISECONDS: Final = 5000
JOURNAL_LIMIT: Final = 64 * 1024 * 1024
WRITES: Final = "zhenmai_writes"


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether write-ahead logging of this SQLite is free of the fault."""
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or ((3, 44, 6) <= version < (3, 45, 0))
    )


def journal_mode(
    wanted: str = "auto", version: tuple[int, int, int] = sqlite3.sqlite_version_info
) -> str:
    """Return the journal to use: ``wal`` where it is safe, else ``truncate``.

    Raises ``UnsafeSqliteError`` when ``wal`` is asked for by name and is not safe, or SQLite is
    too old altogether.
    """
    shown = ".".join(map(str, version))
    if version < OLDEST:
        raise UnsafeSqliteError(f"SQLite {shown} is too old; 3.37 or later is needed")
    if wal_is_safe(version):
        return "truncate" if wanted == "truncate" else "wal"
    if wanted == "wal":
        raise UnsafeSqliteError(
            f"SQLite {shown} can corrupt a database in WAL mode with several writers "
            "(fixed in 3.51.3, 3.50.7 and 3.44.6); leave ZHENMAI_SQLITE_JOURNAL at auto"
        )
    return "truncate"


def prepare(engine: Engine, journal: str) -> None:
    """Give every connection of ``engine`` the settings, and real transactions."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling would begin too late and never for reads.
        connection.isolation_level = None
        for setting in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "mmap_size=0",
            f"journal_size_limit={JOURNAL_LIMIT}",
        ):
            connection.execute(f"PRAGMA {setting}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for its turn.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
