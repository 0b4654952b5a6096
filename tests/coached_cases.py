"""An engagement under coaching: the first published case, its report issued, some weeks lived."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from app.domain.actuals import A_WEEK, week_of
from app.services.acting import Acting
from app.services.coaching.actuals import enter_actuals
from app.services.coaching.coached_plan import Coached, open_coached
from app.services.coaching.stores import add_stores
from app.services.coaching.tasks import key_text, settle_tasks
from app.services.plans.controls import controls_document
from app.services.reports.register import request_report
from app.settings import Settings
from app.store.coaching import coached_report
from app.store.database import Database
from app.store.decisions import standing_plan
from app.store.rows import Engagement, ReportFile
from tests.case_engagements import add_case
from tests.installations import NOW
from tests.people import SECRET, Installed, install, tenant_of
from tests.published_cases import published_case

CASE: Final = "case-1-mother-baby"
STORES: Final = ("一号店", "二号店", "三号店")
LEAD: Final = timedelta(days=21)
"""From the interviews to the first day of the build."""


def coach(
    installed: Installed,
    *,
    begun: timedelta = timedelta(0),
    now: datetime = NOW,
    team: tuple[str, ...] = ("consultant", "viewer"),
) -> str:
    """Store a case whose pilot began ``begun`` before ``now``; return the engagement's id."""
    engagement = add_case(installed, CASE, team=team)
    start = week_of(now.date()) - begun
    as_of = start - LEAD
    acting = installed.acting("owner", now=now)
    with acting.writing() as session:
        row = session.find(Engagement, engagement)
        plan = standing_plan(session, engagement)
        assert row is not None
        assert plan is not None
        row.interviewed_on = as_of
        controls = replace(published_case(CASE).controls, start=start)
        plan.controls = controls_document(controls)
    issued = datetime.combine(as_of + timedelta(days=3), now.timetz())
    request_report(installed.acting("owner", now=issued), engagement, "zh-Hans")
    return engagement


def at(installed: Installed, day: date, who: str = "consultant") -> Acting:
    """Return a person at work at noon of a day."""
    moment = datetime.combine(day, NOW.timetz()) + timedelta(hours=2)
    return installed.acting(who, now=moment)


def live(
    installed: Installed,
    engagement: str,
    week: date,
    *,
    share: Fraction = Fraction(1),
    figures: dict[str, str] | None = None,
    stores: Iterable[str] = (),
    at_stores: str = "",
) -> None:
    """Live a week: a share of its tasks done in time, figures given on its last day."""
    acting = at(installed, week + timedelta(days=6))
    coached = open_coached(acting, engagement)
    due = coached.tasks(week, week + timedelta(days=6))
    done = [
        task for place, task in enumerate(due, 1) if int(place * share) > int((place - 1) * share)
    ]
    if done:
        settle_tasks(acting, engagement, [key_text(task.key) for task in done], "done")
    values = dict(figures or {})
    names = {one.name: one.id for one in coached.units}
    values |= {f"add-rate@{names[name]}": at_stores for name in stores}
    enter_actuals(acting, engagement, week, values)


def with_stores(installed: Installed, engagement: str, day: date) -> None:
    """Let three stores take part from a day on."""
    add_stores(at(installed, day, "owner"), engagement, STORES, day)


def standing(installed: Installed, engagement: str, day: date) -> Coached:
    """Return the coached plan as it stands on a day."""
    return open_coached(at(installed, day), engagement)


def hand_over(installed: Installed, engagement: str) -> None:
    """Let the report have a file, as if it had been drawn: the plan is in the client's hands."""
    with installed.acting().writing() as session:
        report = coached_report(session, engagement)
        assert report is not None
        session.add(
            ReportFile(report_id=report.id, format="pdf", digest="0" * 64, size=1, produced_at=NOW)
        )


def kept(migrated_file: Path, folder: Path, fill: Callable[[Installed], object]) -> Path:
    """Fill an installation on SQLite once, for tests to copy; return its folder."""
    shutil.copyfile(migrated_file, folder / "zhenmai.sqlite3")
    database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
    fill(install(database, folder / "data"))
    database.dispose()
    return folder


def copied(kept_in: Path, tmp_path: Path) -> Iterator[Installed]:
    """Yield a copy of an installation that was kept."""
    folder = tmp_path / "case"
    shutil.copytree(kept_in, folder)
    database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
    settings = Settings(data=folder / "data", secret_key=SECRET, mail="file")
    found = Installed(database, settings, tenant_of("衡石咨询", "a"), tenant_of("观澜顾问", "b"))
    yield found
    found.close()
    database.dispose()


@pytest.fixture(scope="module")
def coached_folder(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose pilot began a week ago, stored once on SQLite."""
    folder = tmp_path_factory.mktemp("coached")
    return kept(migrated_file, folder, lambda installed: coach(installed, begun=A_WEEK))


@pytest.fixture
def coached_case(coached_folder: Path, tmp_path: Path) -> Iterator[Installed]:
    """The coached case in a database of the test's own."""
    yield from copied(coached_folder, tmp_path)
