"""SQLite keeps what was acknowledged, and says no where it could not."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from app.store.database import Database
from app.store.errors import BusyError, StoreError, UnsafeSqliteError
from app.store.gate import WriteGate
from app.store.rows import Installation
from app.store.scope import INSTALLATION
from app.store.sqlite import journal_mode, wal_is_safe
from tests.installations import NOW


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_write_ahead_logging_is_taken_only_where_it_is_safe(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert wal_is_safe(version) is safe
    assert journal_mode("auto", version) == ("wal" if safe else "truncate")


def test_asking_for_unsafe_write_ahead_logging_is_refused_with_the_reason() -> None:
    with pytest.raises(UnsafeSqliteError, match=r"3\.40\.1.*corrupt"):
        journal_mode("wal", (3, 40, 1))
    with pytest.raises(UnsafeSqliteError, match="too old"):
        journal_mode("auto", (3, 30, 0))


def test_connections_keep_every_setting(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with database.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("synchronous", "foreign_keys", "busy_timeout", "mmap_size", "journal_mode")
        }
    database.dispose()
    assert settings == {
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "mmap_size": 0,
        "journal_mode": journal_mode("auto", sqlite3.sqlite_version_info[:3]),
    }


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(StoreError):
        Database("sqlite://")


def test_a_writer_that_cannot_get_in_is_told_that_nothing_was_stored(tmp_path: Path) -> None:
    first, second = (WriteGate(tmp_path / "gate", wait=0.05) for _ in range(2))
    with first(), pytest.raises(BusyError), second():
        pass
    with second():
        pass


def test_many_threads_lose_no_increment(database: Database) -> None:
    with database.writing(INSTALLATION) as session:
        session.add(Installation(key="n", value="0", at=NOW))

    def count() -> None:
        for _ in range(10):
            with database.writing(INSTALLATION) as session:
                row = session.get(Installation, "n", with_for_update=True)
                assert row is not None
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading(INSTALLATION) as session:
        row = session.get(Installation, "n")
        assert row is not None
        assert row.value == "60"


def test_a_failed_transaction_changes_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing(INSTALLATION) as session:
            session.add(Installation(key="k", value="v", at=NOW))
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    with database.reading(INSTALLATION) as session:
        assert session.get(Installation, "k") is None
