"""Engagements to issue reports from: a small kitchen, whose report takes seconds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from app.content.answers import read_assessment
from app.jobs.limits import Limits
from app.services.acting import Acting
from app.services.answers.answering import Given, save_answer
from app.services.answers.assembling import FACTS
from app.services.engagements.importing import import_assessment
from app.services.releases import frozen, model_of
from app.services.reports import drawing as report_drawing
from app.services.reports.child import packed
from app.services.reports.frozen import Drawn, FrozenReport
from app.services.work.worker import HANDLERS
from app.services.work.working import Works
from app.store.answers import responses_of
from app.store.database import Database
from app.store.releases import keep_release
from app.store.rows import Client, Engagement, TeamMember
from tests.installations import NOW
from tests.people import Installed, Tenant

KITCHEN: Final = Path(__file__).parent / "fixtures" / "models" / "kitchen-hygiene"
RIVERSIDE: Final = KITCHEN / "examples" / "riverside.yaml"
LOCALE: Final = "en-GB"
ENGAGEMENT: Final = "e" * 16


def keep_kitchen(database: Database) -> str:
    """Freeze the model of kitchens; return the digest of the release."""
    found = frozen(KITCHEN)
    with database.writing(None) as session:
        keep_release(session, found.digest, found.model, found.version, found.archive, NOW)
    return found.digest


def add_kitchen(
    installed: Installed,
    *,
    tenant: Tenant | None = None,
    engagement: str = ENGAGEMENT,
    name: str = "",
    answered: bool = True,
    team: tuple[str, ...] = ("consultant",),
) -> str:
    """Store a client with an engagement, answered as in the published example; return its id."""
    tenant = tenant or installed.first
    acting = installed.acting(tenant=tenant)
    digest = keep_kitchen(installed.database)
    model = model_of(installed.database, installed.settings, digest)
    said = read_assessment(RIVERSIDE.read_bytes(), RIVERSIDE.name, model)
    with acting.writing() as session:
        client = Client(
            id=f"c{engagement[1:]}",
            name=name or said.client.name,
            industry=said.client.industry,
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(client)
        session.flush()
        row = Engagement(
            id=engagement,
            client_id=client.id,
            title="首次诊断",
            release_digest=digest,
            form=said.form,
            locale=LOCALE,
            interviewed_on=said.interviewed_on,
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(row)
        session.flush()
        session.add_all(
            TeamMember(engagement_id=row.id, member_id=tenant.people[who].id) for who in team
        )
        if answered:
            import_assessment(acting, session, row, said)
    return engagement


def rename_client(acting: Acting, engagement: str, name: str) -> None:
    """Give an engagement's client another name, so that its report says something else."""
    with acting.writing() as session:
        row = session.find(Client, f"c{engagement[1:]}")
        assert row is not None
        row.name = name


def fill_in(acting: Acting, engagement: str, part: str, given: Given, base: int = 1) -> None:
    """Give a fact of the engagement's sheet another value."""
    with acting.reading() as session:
        rows = responses_of(session, engagement)
        (sheet,) = (row.id for row in rows if row.kind == FACTS)
    save_answer(acting, sheet, given, base, f"{part}-{base}")


def worker(acting: Acting, later: timedelta = timedelta(0), name: str = "worker") -> Works:
    """Return a worker of the installation, by the real clock or one that runs ahead of it."""
    return Works(
        acting.database, acting.settings, name, HANDLERS, lambda: datetime.now(UTC) + later
    )


def work(acting: Acting, later: timedelta = timedelta(0)) -> None:
    """Do all that waits."""
    worker(acting, later).work(lambda: False)


def _small_pdf(frozen: FrozenReport) -> bytes:
    return b"%PDF " + frozen.digest.encode()


def quick_run(pdf: Callable[[FrozenReport], bytes] = _small_pdf) -> Callable[..., bytes]:
    """Return what stands in for the child process: reports of a few bytes, at once."""

    def run(_target: object, argument: FrozenReport, _limits: Limits, *_callbacks: object) -> bytes:
        return packed(Drawn(b"{}\n", pdf(argument), 3))

    return run


def draw_quickly(
    monkeypatch: pytest.MonkeyPatch, pdf: Callable[[FrozenReport], bytes] = _small_pdf
) -> None:
    """Have reports drawn without a child process, as a few bytes, for tests of all around it."""
    monkeypatch.setattr(report_drawing, "run_in_child", quick_run(pdf))
