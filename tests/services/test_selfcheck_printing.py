"""The three pages of a self-check: drawn once, by a worker, from what the page shows."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, ThrottledError
from app.services.reports import drawing as report_drawing
from app.services.reports.child import GLYPH
from app.services.reports.drawing import DrawingRefusedError
from app.services.reports.register import request_report
from app.services.selfcheck import printing
from app.services.selfcheck.answering import own_rows
from app.services.selfcheck.forgetting import erase
from app.services.selfcheck.printing import printed_file, printing_of, request_print
from app.services.selfcheck.result import own_result
from app.services.work.tidying import SPARED, remove_orphans
from app.store.jobs import STRANGERS, next_jobs
from app.store.rows import Job, SelfCheckReport
from app.store.scope import INSTALLATION
from tests.installations import NOW
from tests.kitchens import LOCALE, add_kitchen, draw_quickly, quick_run, work
from tests.people import Installed
from tests.strangers import Stranger, load_models_once, open_check, stranger

on_one_engine = pytest.mark.parametrize("engine_name", ["sqlite"])
"""For what the database has no part in."""


@pytest.fixture
def done(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    """A stranger who has answered everything."""
    load_models_once(monkeypatch)
    open_check(installed)
    return stranger(installed).fill_in()


def jobs(acting: Acting) -> list[Job]:
    with acting.reading() as session:
        return list(session.scalars(select(Job).where(Job.kind == STRANGERS)))


@on_one_engine
def test_the_paper_says_what_the_page_says(done: Stranger) -> None:
    acting = done.acting()
    assert printing_of(acting).state == "none"
    with pytest.raises(NotFoundError):
        printed_file(acting)
    request_print(acting)
    assert printing_of(acting).state == "at-work"
    work(acting)
    found = printing_of(acting)
    assert (found.state, found.pages) == ("done", 3)
    file = printed_file(acting)
    document = pypdfium2.PdfDocument(file.path)
    words = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    result = own_result(acting).printed.result
    assert len(words) == 3
    assert "".join(result.headline.split()) in words[0]
    assert result.index in words[0]
    assert all(move.code in words[0] for move in result.moves)
    assert all("贵公司" in page for page in words), "nobody is named on it"
    assert file.name.startswith("ZM-20261122-")


def test_asking_again_draws_nothing_twice_and_other_answers_are_another_report(
    done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting = done.acting()
    for _ in range(3):
        request_print(acting)
    work(acting)
    request_print(acting)
    assert len(jobs(acting)) == 1
    english = done.acting(locale="en")
    assert printing_of(english).state == "none"
    request_print(english)
    done.fill_in(stores=Fraction(12))
    assert printing_of(done.acting()).state == "none"
    # What was asked for before the answers changed is not drawn any more.
    work(acting)
    assert sorted(job.state for job in jobs(acting)) == ["done", "failed"]


def test_a_drawing_that_failed_is_told_and_can_be_had_again(
    done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting = done.acting()

    def refuse(*_given: object) -> bytes:
        raise DrawingRefusedError(GLYPH, "U+1F600")

    monkeypatch.setattr(printing, "drawn_in_child", refuse)
    request_print(acting)
    work(acting)
    assert printing_of(acting).state == "failed"
    monkeypatch.undo()
    draw_quickly(monkeypatch)
    request_print(acting)
    work(acting)
    assert printing_of(acting).state == "done"
    printed_file(acting).path.unlink()
    with pytest.raises(ConflictError):
        printed_file(acting)


def test_the_worker_draws_as_a_visitor_what_is_still_there(
    done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Acting] = []
    real = own_rows

    def watched(acting: Acting, session: object) -> object:
        seen.append(acting)
        return real(acting, session)  # type: ignore[arg-type]  # handed on as it came

    draw_quickly(monkeypatch)
    acting = done.acting()
    request_print(acting)
    monkeypatch.setattr(printing, "own_rows", watched)
    work(acting)
    assert {(one.role, one.person, one.name) for one in seen} == {("visitor", acting.person, "")}
    # A job whose subject is another's is no way in.
    with acting.writing() as session:
        (job,) = session.scalars(select(Job)).all()
        job.state, job.created_by = "queued", "f" * 16
    work(acting)
    assert [job.state for job in jobs(acting)] == ["failed"]


def test_strangers_wait_behind_the_consultancys_own_people(
    installed: Installed, done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    request_print(done.acting(NOW - timedelta(hours=1)))
    kitchen = add_kitchen(installed)
    request_report(installed.acting("consultant"), kitchen, LOCALE)
    with installed.database.reading(INSTALLATION) as session:
        order = [job for _tenant, job in next_jobs(session, NOW)]
        kinds = {job.id: job.kind for job in session.scalars(select(Job))}
    assert [kinds[job] for job in order] == ["report", STRANGERS]


def test_a_flood_of_reports_is_stopped_for_the_day(
    installed: Installed, done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "A_DAY", 1)
    request_print(done.acting())
    other = stranger(installed).fill_in(stores=Fraction(11))
    with pytest.raises(ThrottledError):
        request_print(other.acting())
    request_print(other.acting(NOW + timedelta(days=2)))


def test_deleting_a_self_check_takes_its_report_and_jobs_along(
    installed: Installed, done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting = done.acting()
    request_print(acting)
    work(acting)
    path = printed_file(acting).path
    now = datetime.now(UTC) + 2 * SPARED
    assert remove_orphans(installed.database, installed.settings, now) == 0
    erase(acting)
    assert jobs(acting) == []
    assert remove_orphans(installed.database, installed.settings, now) == 1
    assert not path.exists()


def test_a_self_check_deleted_while_it_is_drawn_leaves_no_file(
    done: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting, quick = done.acting(), quick_run()

    def deleted_meanwhile(*given: Any) -> bytes:
        erase(acting)
        return quick(*given)

    monkeypatch.setattr(report_drawing, "run_in_child", deleted_meanwhile)
    request_print(acting)
    work(acting)
    with acting.reading() as session:
        assert session.scalars(select(SelfCheckReport)).all() == []
    later = datetime.now(UTC) + 2 * SPARED
    assert remove_orphans(acting.database, acting.settings, later) == 1
    assert list((acting.settings.data / "blobs").glob("??/*")) == []
