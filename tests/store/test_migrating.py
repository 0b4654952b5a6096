"""The tables a migration makes are the ones the program declares, on both engines."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.store.database import Database
from app.store.errors import StrangeTablesError
from app.store.migrating import configuration, is_current, migrate
from app.store.rows import Base


def test_a_migrated_database_has_exactly_the_declared_tables(blank_database: Database) -> None:
    migrate(blank_database)
    with blank_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_going_down_and_up_again_leaves_nothing_behind(blank_database: Database) -> None:
    migrate(blank_database)
    assert is_current(blank_database)
    migrate(blank_database, "base")
    assert not is_current(blank_database)
    with blank_database.engine.connect() as connection:
        tables = blank_database.engine.dialect.get_table_names(connection)
    assert set(tables) <= {"alembic_version"}
    migrate(blank_database)
    assert is_current(blank_database)


def test_migrating_twice_changes_nothing(blank_database: Database) -> None:
    migrate(blank_database)
    migrate(blank_database)
    assert is_current(blank_database)


def test_tables_of_another_make_are_left_as_they_are(blank_database: Database) -> None:
    migrate(blank_database)
    with blank_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    with pytest.raises(StrangeTablesError):
        migrate(blank_database)
    assert not is_current(blank_database)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1
