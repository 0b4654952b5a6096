"""A populated installation inside one transaction: every request's writes can be seen and undone.

The application's own transactions become savepoints in it, on SQLite and PostgreSQL alike, so
that undoing a request costs nothing and a populated database is shared by thousands of requests.
"""

import fcntl
import pickle
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from sqlalchemy import Connection, Table, event, func, insert, select

from app.settings import Settings
from app.store import sqlite
from app.store.database import Database
from app.store.rows import Base
from tests.applications import application
from tests.people import SECRET
from tests.web.matrix.population import populate
from tests.web.matrix.world import House, World

Key: TypeAlias = tuple[str, tuple[Any, ...]]
"""A row: its table and its primary key."""
Rows: TypeAlias = Mapping[Key, Mapping[str, Any]]

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "ALTER", "CREATE", "DROP")
_TABLES: Final = tuple(table for table in Base.metadata.sorted_tables if table.name != "release")
_NAMING: Final = {table.name: re.compile(rf"\b{table.name}\b") for table in _TABLES}


@dataclass(frozen=True, slots=True)
class Stored:
    """A populated SQLite database in files, and what is where in it."""

    folder: Path
    houses: Mapping[str, House]


def stored(folder: Path, template: Path) -> Stored:
    """Populate once per test run, whichever process comes first; ``template`` is migrated."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "houses.pickle"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.copyfile(template, folder / "zhenmai.sqlite3")
            database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
            with one_transaction(database) as connection:
                world = populate(database, folder / "data")
                connection.get_transaction().commit()  # type: ignore[union-attr]  # it is open
            database.dispose()
            done.write_bytes(pickle.dumps(world.houses))
    return Stored(folder, pickle.loads(done.read_bytes()))


@contextmanager
def one_transaction(database: Database) -> Iterator[Connection]:
    """Have everything the application does happen inside one transaction, undone at the end."""
    with pytest.MonkeyPatch.context() as patch, database.engine.connect() as plain:
        connection = plain.execution_options(**{sqlite.WRITES: True})
        with connection.begin():
            # Sessions join a transaction by a savepoint only where it has one already.
            connection.begin_nested()
            patch.setattr(database, "engine", connection)
            yield connection
            if connection.in_transaction():
                connection.get_transaction().rollback()  # type: ignore[union-attr]  # it is open


@dataclass
class Held:
    """The populated installation, with what a request wrote and a way back."""

    world: World
    connection: Connection
    statements: list[str] = field(default_factory=list)
    reads: int = 0
    _before: Rows = field(default_factory=dict)
    _kept: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def before(self) -> Rows:
        """Every row as it was before any request."""
        if not self._before:
            self._before = rows_of(self.connection)
            self._kept = {table.name: _as_kept(self.connection, table) for table in _TABLES}
        return self._before

    def undo(self) -> None:
        """Take back whatever was written since the last time."""
        savepoint = self.connection.get_nested_transaction()
        assert savepoint is not None
        savepoint.rollback()
        self.connection.begin_nested()
        self.statements.clear()

    def changed(self) -> Mapping[Key, tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
        """Return every row that is not as it was: before (None: new) and now (None: gone)."""
        if not self.statements:
            return {}
        before = self.before
        tables = [
            table
            for table in self._touched()
            if _as_kept(self.connection, table) != self._kept[table.name]
        ]
        names = {table.name for table in tables}
        now = rows_of(self.connection, tables)
        keys = {key for key in before if key[0] in names} | now.keys()
        return {
            key: (before.get(key), now.get(key)) for key in keys if before.get(key) != now.get(key)
        }

    def _touched(self) -> Iterable[Table]:
        """Return the tables that may have changed; what is deleted takes others with it."""
        words = " ".join(self.statements)
        if any(not text.startswith(("INSERT", "UPDATE")) for text in self.statements):
            return _TABLES
        return [table for table in _TABLES if _NAMING[table.name].search(words)]


def rows_of(connection: Connection, tables: Iterable[Table] = _TABLES) -> Rows:
    """Return every row of every table by its key."""
    found: dict[Key, Mapping[str, Any]] = {}
    for table in tables:
        names = [column.name for column in table.primary_key.columns]
        for row in connection.execute(select(table)).mappings():
            found[table.name, tuple(row[name] for name in names)] = dict(row)
    return found


def _as_kept(connection: Connection, table: Table) -> list[Any]:
    """Return the rows of a table as the database keeps them: a tenth of the work to read them.

    In the order they come: a row that was written again is at worst looked at once more.
    """
    return [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')]


def _count_on(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Have PostgreSQL number the next row after these, which came with numbers of their own."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, max(row[column.name] for row in rows))))


@contextmanager
def held(stored: Stored, database: Database, data: Path) -> Iterator[Held]:
    """Put the populated rows into an empty, migrated database and watch what is written."""
    shutil.copytree(stored.folder / "data", data)
    settings = Settings(data=data, secret_key=SECRET, mail="file")
    app = application(settings, database)
    source = Database(f"sqlite:///{stored.folder / 'zhenmai.sqlite3'}")
    with one_transaction(database) as connection:
        with source.engine.connect() as reader:
            for table in Base.metadata.sorted_tables:
                rows = [dict(row) for row in reader.execute(select(table)).mappings()]
                if rows:
                    connection.execute(insert(table), rows)
                    _count_on(connection, table, rows)
        source.dispose()
        connection.get_nested_transaction().commit()  # type: ignore[union-attr]  # it is open
        connection.begin_nested()
        found = Held(World(database, settings, app, dict(stored.houses)), connection)

        @event.listens_for(connection, "before_cursor_execute")
        def _seen(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if statement.lstrip().upper().startswith(_WRITES):
                found.statements.append(statement)
            elif statement.lstrip().upper().startswith("SELECT"):
                found.reads += 1

        yield found
