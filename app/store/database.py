"""The database of an installation: transactions with a tenant's scope."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.store import sqlite
from app.store.changes import mark_changes
from app.store.errors import BusyError, FullError, StoreError, TakenError
from app.store.gate import WAIT_SECONDS, WriteGate
from app.store.scope import ScopedSession

POSTGRES_OPTIONS: Final = (
    "-c synchronous_commit=on -c statement_timeout=30000 -c lock_timeout=5000"
    " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)
_FULL: Final = ("SQLITE_FULL", "53100")
_AWAY: Final = "away"
"""Stands for a PostgreSQL that could not be reached or broke off: then there is no code."""
_BUSY: Final = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    _AWAY,
    "08",  # the connection failed
    "25P03",  # a transaction idled too long
    "40001",  # other transactions were in the way: serialisation
    "40P01",  # … deadlock
    "53",  # out of connections, memory
    "55P03",  # a lock did not come free in time
    "57014",  # the statement took too long
    "57P",  # the server is stopping, starting or was stopped
)
"""How codes of what is over by itself begin; see PostgreSQL, appendix A."""


class Database:
    """One database, SQLite (embedded) or PostgreSQL, behind the same two kinds of transaction."""

    def __init__(self, url: str, *, journal: str = "auto", pool: int = 10) -> None:
        """Prepare the engine of ``url``; nothing is opened before the first transaction."""
        parsed = make_url(url)
        self.url = url
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._gate: WriteGate | None = None
        self._engines: tuple[Engine | None, tuple[Engine, ...]] = (None, ())
        if self.is_sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise StoreError("SQLite needs a file: sqlite:////folder/zhenmai.sqlite3")
            path = Path(parsed.database)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._gate = WriteGate(path.with_name(f"{path.name}.gate"))
            mode = sqlite.journal_mode(journal)
            self.engine: Engine = create_engine(
                parsed, pool_size=pool, max_overflow=pool, pool_timeout=WAIT_SECONDS
            )
            sqlite.prepare(self.engine, mode)
        else:
            self.engine = create_engine(
                parsed,
                pool_size=pool,
                max_overflow=pool,
                pool_timeout=WAIT_SECONDS,
                pool_pre_ping=True,
                connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 5},
            )

    @contextmanager
    def reading(self, scope: str | None) -> Iterator[ScopedSession]:
        """Open a transaction that only reads, in the scope of a tenant."""
        with self._session(scope, writes=False) as session:
            yield session

    @contextmanager
    def writing(self, scope: str | None) -> Iterator[ScopedSession]:
        """Open a transaction that commits at the end, or changes nothing if anything raises.

        Raises ``BusyError``, ``FullError`` (nothing was stored, trying again is safe) and
        ``TakenError`` (a unique value exists).
        """
        with self.turn(), self._session(scope, writes=True) as session:
            yield session
            mark_changes(session)
            session.commit()

    def turn(self) -> AbstractContextManager[None]:
        """Wait for the right to write; one writer at a time on SQLite."""
        return nullcontext() if self._gate is None else self._gate()

    @contextmanager
    def _session(self, scope: str | None, *, writes: bool) -> Iterator[ScopedSession]:
        session = ScopedSession(
            self._engine_for(writes=writes),
            info={"scope": scope, "writes": writes},
            expire_on_commit=False,
        )
        try:
            with session:
                yield session
        except IntegrityError as error:
            raise TakenError(_constraint(error)) from error
        except (OperationalError, PoolTimeoutError, DBAPIError) as error:
            raise _told(error) from error

    def _engine_for(self, *, writes: bool) -> Engine:
        """Return the engine of one kind of transaction; making it takes as long as a query."""
        made_of, engines = self._engines
        if made_of is not self.engine:
            engines = tuple(
                self.engine.execution_options(**{sqlite.WRITES: kind}) for kind in (False, True)
            )
            self._engines = (self.engine, engines)
        return engines[writes]

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return str(name or error.orig)


def _told(error: Exception) -> Exception:
    code = _code(error)
    if code.startswith(_FULL):
        return FullError("the disk is full")
    if isinstance(error, PoolTimeoutError) or code.startswith(_BUSY):
        return BusyError("the database is busy or away")
    return error


def _code(error: Exception) -> str:
    """Return what failed by the engine's own code; its words depend on the server's language."""
    told = getattr(error, "orig", None)
    if told is not None and hasattr(told, "sqlstate"):
        return told.sqlstate or (_AWAY if isinstance(error, OperationalError) else "")
    return str(getattr(told, "sqlite_errorname", ""))
