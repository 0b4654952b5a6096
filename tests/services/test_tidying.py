"""The daily sweep takes the files that nothing names, and never one that something does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.services.files import file_store
from app.services.reports.register import request_report
from app.services.work.tidying import SPARED, Caretaker, remove_orphans
from app.store.rows import Attachment, Consultancy, Report, ReportFile, Response
from tests.installations import NOW
from tests.kitchens import LOCALE, add_kitchen, draw_quickly, work
from tests.people import Installed


def test_what_any_row_names_stays_and_the_rest_goes(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting, files = installed.acting(), file_store(installed.settings)
    kitchen = add_kitchen(installed)
    with acting.writing() as session:
        session.get_one(Consultancy, acting.tenant).brand_logo = files.put(b"an older logo")
    request_report(acting, kitchen, LOCALE)
    work(acting)
    with acting.writing() as session:
        session.get_one(Consultancy, acting.tenant).brand_logo = files.put(b"a newer logo")
        response = session.scalars(select(Response.id).limit(1)).one()
        session.add(
            Attachment(
                response_id=response,
                item="x",
                digest=files.put(b"a photo"),
                name="x.jpg",
                media_type="image/jpeg",
                size=7,
                added_at=NOW,
                added_by=acting.person,
            )
        )
    orphan = files.put(b"nobody's")
    now = datetime.now(UTC)
    assert remove_orphans(installed.database, installed.settings, now) == 0
    assert remove_orphans(installed.database, installed.settings, now + 2 * SPARED) == 1
    assert not files.path(orphan).exists()
    with acting.reading() as session:
        named = {
            *session.scalars(select(Report.answers)),
            *session.scalars(select(ReportFile.digest)),
            *(brand["logo"] for brand in session.scalars(select(Report.brand))),
            *session.scalars(select(Attachment.digest)),
            *session.scalars(select(Consultancy.brand_logo).where(Consultancy.id == acting.tenant)),
        }
    assert len(named) == 6
    assert all(files.path(str(digest)).exists() for digest in named)


def test_it_sweeps_at_the_start_and_then_once_a_day(installed: Installed) -> None:
    files = file_store(installed.settings)
    moment = datetime.now(UTC) + 2 * SPARED
    caretaker = Caretaker(installed.database, installed.settings, lambda: moment)
    first = files.put(b"one")
    caretaker.look_in()
    assert not files.path(first).exists()
    second = files.put(b"two")
    moment += timedelta(hours=23)
    caretaker.look_in()
    assert files.path(second).exists()
    moment += timedelta(hours=2)
    caretaker.look_in()
    assert not files.path(second).exists()
