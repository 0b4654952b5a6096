"""Drawing issued reports: one final file or none, whatever dies, and nothing foreign in it."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import jsonschema
import pypdfium2
import pytest
from sqlalchemy import select

from app.content.answers import read_assessment
from app.domain.diagnosis import diagnose
from app.jobs.errors import ChildCrashedError
from app.jobs.limits import Limits
from app.reporting.context.source import Brand, Edition
from app.reporting.document import diagnosis_schema
from app.services.acting import Acting
from app.services.casework.assessing import Assessed
from app.services.casework.issuing import render_report
from app.services.files import file_store
from app.services.releases import model_of
from app.services.reports import drawing as report_drawing
from app.services.reports.board import VersionView, versions_of
from app.services.reports.child import HOLE
from app.services.reports.drawing import REFUSED
from app.services.reports.register import request_report
from app.services.reports.version_jobs import cancel_report, check_report
from app.services.working_days import working_days
from app.store.rows import AuditEvent, Consultancy, Job, Report, ReportFile
from app.store.scope import INSTALLATION
from tests.jobs.processes import children_of, eventually, is_alive
from tests.kitchens import LOCALE, add_kitchen, draw_quickly, quick_run, rename_client, work, worker
from tests.people import Installed

ROOT = Path(__file__).resolve().parents[2]
on_one_engine = pytest.mark.parametrize("engine_name", ["sqlite"])
"""For what the database has no part in."""

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<image href="http://169.254.169.254/latest"/><image href="file:///etc/passwd"/></svg>'
)


def the_version(acting: Acting, kitchen: str) -> VersionView:
    (found,) = versions_of(acting, kitchen).versions
    return found


def kept(acting: Acting) -> set[str]:
    """Return the names of everything in the store of files, finished or not."""
    folder = acting.settings.data / "blobs"
    return {path.name for path in folder.glob("??/*")}


def named(acting: Acting) -> set[str]:
    """Return the digests that the rows of reports name."""
    with acting.reading() as session:
        answers = session.scalars(select(Report.answers)).all()
        files = session.scalars(select(ReportFile.digest)).all()
    return {*answers, *files}


# -- what is drawn ---------------------------------------------------------------------------------


@on_one_engine
def test_a_report_is_what_its_frozen_inputs_give_and_gives_it_again(installed: Installed) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    issued = request_report(acting, kitchen, LOCALE)
    work(acting)
    version = the_version(acting, kitchen)
    assert version.job.state == "done"
    with acting.reading() as session:
        report = session.find(Report, issued.report)
        digests = {row.format: row.digest for row in session.scalars(select(ReportFile))}
    assert report is not None
    files = file_store(acting.settings)
    pdf = files.path(digests["pdf"]).read_bytes()

    # The command line's own way from the same inputs to paper.
    model = model_of(acting.database, acting.settings, report.release_digest, report.locale)
    said = read_assessment(files.path(report.answers).read_bytes(), "answers.yaml", model)
    found = diagnose(model, said, report.as_of, calendar=working_days(report.as_of))
    edition = Edition(
        report.number, report.version, report.issued_on, report.locale, "1.0.0", report.digest
    )
    rendered = render_report(Assessed(found, report.digest), edition, Brand())
    assert rendered.data == pdf
    assert version.files["pdf"].pages == rendered.pages

    document = json.loads(files.path(digests["json"]).read_bytes())
    jsonschema.validate(document, diagnosis_schema())
    assert document["report"]["number"] == report.number

    # Made anew it is the same, and what the disk lost is back.
    files.path(digests["pdf"]).unlink()
    check_report(acting, kitchen, report.id)
    work(acting)
    version = the_version(acting, kitchen)
    assert version.identical is True
    assert version.check is not None
    assert version.check.state == "done"
    assert files.path(digests["pdf"]).read_bytes() == pdf
    assert kept(acting) == named(acting)


def test_another_drawing_of_the_same_inputs_is_told(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    draw_quickly(monkeypatch)
    report = request_report(acting, kitchen, LOCALE).report
    work(acting)
    before = the_version(acting, kitchen).files
    draw_quickly(monkeypatch, lambda _frozen: b"%PDF of a newer program")
    check_report(acting, kitchen, report)
    work(acting)
    version = the_version(acting, kitchen)
    assert version.identical is False
    assert version.files["json"].identical is True
    assert {form: file.size for form, file in version.files.items()} == {
        form: file.size for form, file in before.items()
    }
    with acting.reading() as session:
        (detail,) = session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "report.checked")
        )
    assert detail["identical"] is False


# -- hostile words and pictures --------------------------------------------------------------------


@on_one_engine
def test_markup_and_templates_in_words_are_printed_as_typed(installed: Installed) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    hostile = '<img src="file:///etc/passwd">{{ 7*7 }}<style>@import url(http://127.0.0.1/)'
    rename_client(acting, kitchen, hostile[:80])
    with acting.writing() as session:
        house = session.get_one(Consultancy, acting.tenant)
        house.brand_confidentiality = "{% for x in y %}<a rel=attachment href=/etc/passwd>&amp;"
        house.brand_name = "[[client_name]] </p><script>alert(1)</script>"
    request_report(acting, kitchen, LOCALE)
    work(acting)
    assert the_version(acting, kitchen).job.state == "done"
    with acting.reading() as session:
        digest = session.scalars(select(ReportFile.digest).where(ReportFile.format == "pdf")).one()
    data = file_store(acting.settings).path(digest).read_bytes()
    document = pypdfium2.PdfDocument(data)
    cover = "".join(document[0].get_textpage().get_text_range().split())
    for words in (
        *("{{7*7}}", '<imgsrc="file:///etc/passwd">', "[[client_name]]</p><script>alert(1)"),
        "{%forxiny%}<arel=attachmenthref=/etc/passwd>&amp;",
    ):
        assert words in cover
    assert document.count_attachments() == 0
    assert b"root:" not in data


@on_one_engine
def test_a_foreign_address_reaching_the_renderer_ends_the_job_and_is_on_record(
    installed: Installed,
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    # Past every check: as if somebody had written into the store of files.
    digest = file_store(acting.settings).put(PICTURE)
    with acting.writing() as session:
        session.get_one(Consultancy, acting.tenant).brand_logo = digest
    request_report(acting, kitchen, LOCALE)
    work(acting)
    version = the_version(acting, kitchen)
    assert (version.job.state, version.job.message) == ("failed", REFUSED[HOLE])
    assert version.files == {}
    with acting.reading() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all()
    assert actions[-1] == "report.refused"


# -- limits ----------------------------------------------------------------------------------------


@on_one_engine
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(wall_seconds=0.5), "时限"),
        (Limits(pages=3), "页数"),
    ],
)
def test_a_drawing_over_its_limits_ends_with_the_reason_and_hurts_nobody(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, limits: Limits, words: str
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    monkeypatch.setattr(report_drawing, "limits_of", lambda _settings: limits)
    request_report(acting, kitchen, LOCALE)
    work(acting)
    version = the_version(acting, kitchen)
    assert version.job.state == "failed"
    assert words in version.job.message
    assert kept(acting) == named(acting)
    assert children_of(os.getpid()) == []
    # The next one is not kept from its own.
    draw_quickly(monkeypatch)
    add_kitchen(installed, engagement="f" * 16)
    request_report(installed.acting(), "f" * 16, LOCALE)
    work(acting)
    assert the_version(installed.acting(), "f" * 16).job.state == "done"


def test_a_drawing_that_breaks_is_tried_three_times(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    tries = []

    def break_down(*_arguments: object) -> bytes:
        tries.append(1)
        raise ChildCrashedError(-11, "")

    monkeypatch.setattr(report_drawing, "run_in_child", break_down)
    request_report(acting, kitchen, LOCALE)
    for minute in range(6):
        work(acting, timedelta(minutes=minute))
    version = the_version(acting, kitchen)
    assert len(tries) == 3
    assert (version.job.state, version.job.message) == ("failed", "任务中断，请重试。")


def test_a_drawing_that_finds_no_room_is_tried_again_and_is_whole(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    draw_quickly(monkeypatch)
    request_report(acting, kitchen, LOCALE)

    def no_room(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        work(acting)
    version = the_version(acting, kitchen)
    assert (version.files, version.job.message) == ({}, "任务中断，请重试。")
    assert kept(acting) == named(acting)
    work(acting, timedelta(minutes=1))
    version = the_version(acting, kitchen)
    assert (version.job.state, set(version.files)) == ("done", {"pdf", "json"})
    assert kept(acting) == named(acting)


# -- called off, killed ----------------------------------------------------------------------------


@pytest.fixture
def running(installed: Installed) -> Iterator[Callable[[float], subprocess.Popen[bytes]]]:
    """Start worker processes, by clocks that run ahead; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []
    url = installed.database.engine.url.render_as_string(hide_password=False)

    def start(ahead: float) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.drawing", url, str(installed.settings.data)]
        process = subprocess.Popen([*command, str(ahead)], cwd=ROOT)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def drawing(installed: Installed) -> bool:
    """Tell whether the one job is in the middle of the layout."""
    with installed.database.reading(INSTALLATION) as session:
        (step,) = session.scalars(select(Job.step))
    return step in ("fonts", "layout", "pages-again", "drawing")


@on_one_engine
def test_a_cancelled_drawing_stops_and_leaves_nothing(installed: Installed) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    report = request_report(acting, kitchen, LOCALE).report
    thread = threading.Thread(target=work, args=(acting,))
    thread.start()
    assert eventually(lambda: drawing(installed))
    cancel_report(acting, kitchen, report)
    assert the_version(acting, kitchen).job.stopping
    thread.join()
    version = the_version(acting, kitchen)
    assert (version.job.state, version.files) == ("cancelled", {})
    assert kept(acting) == named(acting)
    assert children_of(os.getpid()) == []


# That a lease which ran out is taken over is tested on both (tests/store/test_job_turns.py).
@on_one_engine
def test_a_worker_killed_in_mid_render_leaves_one_final_file(
    installed: Installed, running: Callable[[float], subprocess.Popen[bytes]]
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    request_report(acting, kitchen, LOCALE)
    first = running(0)
    assert eventually(lambda: drawing(installed))
    family = [*children_of(first.pid), *(g for c in children_of(first.pid) for g in children_of(c))]
    assert family
    first.kill()
    first.wait()
    assert eventually(lambda: not any(map(is_alive, family)))
    assert kept(acting) == named(acting)
    assert the_version(acting, kitchen).files == {}

    # Nobody takes it while the dead worker's lease lasts; then another begins anew.
    assert running(0).wait() == 0
    assert the_version(acting, kitchen).job.state == "running"
    assert running(60).wait() == 0
    version = the_version(acting, kitchen)
    assert version.job.state == "done"
    assert set(version.files) == {"pdf", "json"}
    assert kept(acting) == named(acting)


@on_one_engine
def test_a_killed_child_is_tried_again_and_leaves_one_final_file(
    installed: Installed, running: Callable[[float], subprocess.Popen[bytes]]
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    request_report(acting, kitchen, LOCALE)
    first = running(0)
    assert eventually(lambda: drawing(installed))
    (guard,) = children_of(first.pid)
    (child,) = children_of(guard)
    os.kill(child, signal.SIGKILL)
    assert first.wait() == 0
    assert not is_alive(guard)
    assert the_version(acting, kitchen).job.message == "任务中断，请重试。"
    assert kept(acting) == named(acting)
    assert running(30).wait() == 0
    version = the_version(acting, kitchen)
    assert (version.job.state, set(version.files)) == ("done", {"pdf", "json"})
    assert kept(acting) == named(acting)


def test_a_consultancy_deleted_while_its_report_is_drawn_leaves_nothing(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_kitchen(installed)
    add_kitchen(installed, tenant=installed.second, engagement="d" * 16)
    request_report(installed.acting("consultant"), "e" * 16, LOCALE)
    other = installed.acting(tenant=installed.second)

    def slowly(*arguments: object) -> bytes:
        with installed.database.writing(INSTALLATION) as session:
            session.delete(session.get_one(Consultancy, installed.first.id))
        return quick_run()(*arguments)

    monkeypatch.setattr(report_drawing, "run_in_child", slowly)
    work(installed.acting())
    with installed.database.reading(installed.first.id) as session:
        for table in (Job, Report, ReportFile, AuditEvent):
            assert session.scalars(select(table)).all() == []
    # The worker goes on with the work of others.
    draw_quickly(monkeypatch)
    request_report(other, "d" * 16, LOCALE)
    work(other)
    assert the_version(other, "d" * 16).job.state == "done"


def test_a_worker_that_lost_its_lease_stores_nothing(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen = add_kitchen(installed)
    acting = installed.acting("consultant")
    request_report(acting, kitchen, LOCALE)

    def slowly(*arguments: object) -> bytes:
        # While this one draws its lease runs out, and another does the same work.
        draw_quickly(monkeypatch, lambda _frozen: b"%PDF of the other")
        worker(acting, timedelta(minutes=2), "other").work(lambda: False)
        return quick_run(lambda _frozen: b"%PDF of the first")(*arguments)

    monkeypatch.setattr(report_drawing, "run_in_child", slowly)
    work(acting)
    version = the_version(acting, kitchen)
    assert version.job.state == "done"
    with acting.reading() as session:
        digest = session.scalars(select(ReportFile.digest).where(ReportFile.format == "pdf")).one()
        finished = session.scalars(select(Job.worker)).one()
    data = file_store(acting.settings).path(digest).read_bytes()
    assert (data, finished) == (b"%PDF of the other", "other")
