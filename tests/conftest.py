"""What every test shares: reproducible property tests, the models, a database on PostgreSQL."""

import gc
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine, event

from app.content.loader import load_model
from app.domain.model import MaturityModel
from tests.coached_cases import coached_case, coached_folder
from tests.enterprises import private_domain_model
from tests.installations import (
    blank_database,
    database,
    engine_name,
    migrated_file,
    migrated_postgres,
)
from tests.people import installed
from tests.postgres import VARIABLE, fresh_database

__all__ = [
    "blank_database",
    "coached_case",
    "coached_folder",
    "database",
    "engine_name",
    "installed",
    "migrated_file",
    "migrated_postgres",
]

# An installation of the tests has the settings a test gives it, whatever the shell has for its own.
for _name in ("PORT", *(name for name in os.environ if name.startswith("ZHENMAI_"))):
    if _name != VARIABLE:
        os.environ.pop(_name, None)

# No deadline, because the gate runs on two shared cores; no saved examples, so that a green run
# is green for everyone.
settings.register_profile("gate", derandomize=True, deadline=None, database=None)
settings.load_profile("gate")

# Models and templates stay for the whole run: going through them for rubbish as often as a small
# program does takes a tenth of the gate's time.
gc.set_threshold(50_000, 20, 100)


@event.listens_for(Engine, "connect")
def _rows_nobody_ordered_come_backwards(connection: Any, _record: Any) -> None:
    # What relies on the order rows happen to come in fails here, not one time in a hundred.
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON").close()


QUESTIONNAIRES = Path(__file__).resolve().parents[1] / "questionnaires"
MODELS = Path(__file__).resolve().parent / "fixtures" / "models"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run that all its processes share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def private_domain() -> MaturityModel:
    """The private-domain model as authors wrote it."""
    return private_domain_model()


@pytest.fixture(scope="session")
def kitchen_hygiene() -> MaturityModel:
    """A model of another field, on a scale from 0 to 3."""
    return load_model(MODELS / "kitchen-hygiene")


@pytest.fixture(scope="session")
def riverside() -> bytes:
    """The answers file of one kitchen, as the assessor wrote it."""
    return (MODELS / "kitchen-hygiene" / "examples" / "riverside.yaml").read_bytes()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database that nothing else uses, this worker's own."""
    server = os.environ.get(VARIABLE)
    if server is None:
        pytest.skip(f"{VARIABLE} is not set: ./run test starts a PostgreSQL")
    with fresh_database(server) as url:
        yield url
