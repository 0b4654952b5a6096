"""What the suites over the whole web share: one populated installation on either engine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from app.extensions import limiter
from app.services.accounts import passwords
from app.store.database import Database
from tests.installations import NOW
from tests.people import quick_hasher
from tests.web.matrix.holding import Stored, held, stored
from tests.web.matrix.judging import Court


@pytest.fixture(scope="session")
def populated(run_folder: Path, migrated_file: Path) -> Stored:
    """Two consultancies full of marked rows; made once, whichever process comes first."""
    with time_machine.travel(NOW, tick=False):
        return stored(run_folder / "populated", migrated_file)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def court(
    request: pytest.FixtureRequest,
    populated: Stored,
    migrated_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Court]:
    """The populated installation, still at the moment tests happen at, with judges over it."""
    folder = tmp_path_factory.mktemp("matrix")
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        patch.setattr(passwords, "hasher", quick_hasher())
        # How often one may knock is tested elsewhere; here one person knocks at every door.
        patch.setattr(limiter, "enabled", False)
        if request.param == "sqlite":
            shutil.copyfile(migrated_file, folder / "zhenmai.sqlite3")
            database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
        else:
            database = request.getfixturevalue("migrated_postgres")
        with held(populated, database, folder / "data") as found:
            yield Court(found)
        if request.param == "sqlite":
            database.dispose()
