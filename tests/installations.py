"""Installations for tests: a migrated database on both engines, people in it, an application.

SQLite databases are copies of one migrated template file. On PostgreSQL every test process has a
database of its own, emptied between tests. ``./run test`` starts the server and says where it is.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from app.store.database import Database
from app.store.migrating import migrate
from app.store.rows import Base
from tests.postgres import VARIABLE, fresh_database

NOW: Final = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
"""The moment tests happen at, unless they say otherwise."""


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("store") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Database]:
    """This worker's migrated database on PostgreSQL; tests leave it empty."""
    database = Database(postgres_url, pool=5)
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The two engines in turn."""
    name: str = request.param
    return name


@pytest.fixture
def database(
    engine_name: str, migrated_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """An empty, migrated database."""
    if engine_name == "sqlite":
        path = tmp_path / "zhenmai.sqlite3"
        shutil.copyfile(migrated_file, path)
        found = Database(f"sqlite:///{path}")
        yield found
        found.dispose()
        return
    found = request.getfixturevalue("migrated_postgres")
    yield found
    empty(found)


@pytest.fixture
def blank_database(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database without a single table."""
    if engine_name == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'blank.sqlite3'}")
        yield found
        found.dispose()
        return
    request.getfixturevalue("postgres_url")
    with fresh_database(os.environ[VARIABLE]) as url:
        found = Database(url)
        yield found
        found.dispose()


def empty(database: Database) -> None:
    """Take every row out of a database; a good twenty times faster than to truncate its tables."""
    deletes = "; ".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    with database.engine.begin() as connection:
        # As a replica the server checks no reference: all of them go together.
        connection.execute(text(f"SET LOCAL session_replication_role = replica; {deletes}"))
