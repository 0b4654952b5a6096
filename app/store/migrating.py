"""Brings a database's tables to the shape the program expects."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.store import sqlite
from app.store.database import Database
from app.store.errors import StrangeTablesError

FOLDER: Final = Path(__file__).resolve().parents[2] / "migrations"
_LOCK: Final = 0x7A_68_65_6E
"""PostgreSQL's advisory lock of migrations: a second start waits for the first."""


def configuration() -> Config:
    """Return Alembic's configuration of the project."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to ``revision``; whole or not at all, one process at a time.

    Raises ``StrangeTablesError`` for tables that no migration here begins from.
    """
    with database.turn(), database.engine.connect() as plain:
        connection = plain.execution_options(**{sqlite.WRITES: True})
        with connection.begin():
            if not database.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            config = configuration()
            config.attributes["connection"] = connection
            _refuse_strange_tables(connection, config)
            if revision == "base" or revision.startswith("-"):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)


def _refuse_strange_tables(connection: Connection, config: Config) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StrangeTablesError(found)


def is_current(database: Database) -> bool:
    """Tell whether the tables have the shape the program expects."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(configuration()).get_current_head()


def write_revision(database: Database, message: str) -> None:
    """Write a migration from the tables as they are to the rows as they are declared."""
    with database.engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)
