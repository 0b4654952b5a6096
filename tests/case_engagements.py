"""A published case as an engagement: many answers, every chapter of a diagnosis filled."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from app.services.engagements.importing import import_assessment
from app.services.releases import keep_model
from app.store.database import Database
from app.store.rows import Client, Engagement, TeamMember
from tests.installations import NOW
from tests.people import Installed, install
from tests.published_cases import published_case

CASE: Final = "case-2-jewellery"
ENGAGEMENT: Final = "d" * 16


def add_case(
    installed: Installed, case: str = CASE, *, team: tuple[str, ...] = ("consultant", "viewer")
) -> str:
    """Store a published case as an engagement and return its id; owners see it anyway."""
    acting = installed.acting()
    digest = keep_model(installed.database, installed.settings, "private-domain", NOW)
    said = published_case(case)
    with acting.writing() as session:
        client = Client(
            id=f"c{ENGAGEMENT[1:]}",
            name=said.client.name,
            industry=said.client.industry,
            archetype=said.client.archetype or "",
            city_tier=said.client.city_tier or "",
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(client)
        session.flush()
        row = Engagement(
            id=ENGAGEMENT,
            client_id=client.id,
            title="首次诊断",
            release_digest=digest,
            form=said.form,
            locale="zh-Hans",
            interviewed_on=said.interviewed_on,
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(row)
        session.flush()
        session.add_all(
            TeamMember(engagement_id=row.id, member_id=installed.first.people[who].id)
            for who in team
        )
        import_assessment(acting, session, row, said)
    return ENGAGEMENT


@pytest.fixture(scope="module")
def read_case(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The second published case, stored once for tests that change nothing.

    On SQLite alone: what is read off it are figures, which no database computes.
    """
    folder = tmp_path_factory.mktemp("case")
    path = folder / "zhenmai.sqlite3"
    shutil.copyfile(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    installed = install(database, folder / "data")
    add_case(installed)
    yield installed
    database.dispose()
