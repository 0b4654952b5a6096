"""Drawing issued reports: what a worker does with the two kinds of job about a report.

The work happens in a child process with limits. Its files are stored under their digests first;
the rows that make them reachable are written in the one transaction that also ends the job, and
only by the worker that still holds it. So there is one final file or none, whenever anything dies.
"""

import logging
from collections.abc import Mapping
from typing import Final

from app.jobs.child import run_in_child
from app.jobs.errors import CancelledError, ChildLimitError, ChildRefusedError
from app.jobs.limits import MEGABYTE, Limits
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.services.files import file_store
from app.services.record.recording import record
from app.services.releases import release_folder
from app.services.reports.child import ANSWERS, GLYPH, HOLE, draw, unpacked
from app.services.reports.frozen import Drawn, FrozenReport
from app.services.work.working import JobRefusedError, JobStoppedError, Progress, Task, finish
from app.settings import Settings
from app.store.reports import files_of
from app.store.rows import Report, ReportFile
from app.store.scope import ScopedSession

JSON, PDF = "json", "pdf"

OVER: Final[Mapping[str, str]] = {
    "wall": "生成报告超过了时限，已停止。请稍后重试；仍然超时，请管理员调高时限。",
    "cpu": "生成报告超过了时限，已停止。请稍后重试；仍然超时，请管理员调高时限。",
    "memory": "生成报告要的内存超过了上限，已停止。请管理员调高内存上限后重试。",
    "pages": "报告超过了页数上限，已停止。请删减过长的备注和文字回答后重新出报告。",
    "result": "报告文件超过了大小上限，已停止。请换一张小一些的标志，或删减过长的文字。",
}
"""What the issuer reads of each limit."""
REFUSED: Final[Mapping[str, str]] = {
    GLYPH: "有报告字体印不出来的字符，没有生成文件。请改掉后重新出报告。",
    HOLE: "报告里出现了不允许的内容，没有生成文件；已记入日志。请联系管理员。",
    ANSWERS: "当时冻结的答案与模型对不上，没有生成文件。请联系管理员。",
}
"""What the issuer reads of each refusal of the renderer."""
LEFT: Final = "发起人已经不在项目组里，任务没有执行。"

_log: Final = logging.getLogger(__name__)


def draw_report(acting: Acting, job: Task, progress: Progress) -> None:
    """Draw an issued report and store its files."""
    report, frozen = _frozen(acting, job)
    files = _drawn(acting, job, report, frozen, progress)
    progress.tell("store")
    rows = _stored(acting.settings, report, files)
    with acting.writing() as session:
        moment = progress.now()
        finish(session, job, moment)
        for row in rows:
            row.produced_at = moment
            session.add(row)
        _record(acting, session, "report.issued", report, pages=files.pages)


def check_report(acting: Acting, job: Task, progress: Progress) -> None:
    """Draw a finished report again and write down whether the bytes are the same."""
    report, frozen = _frozen(acting, job)
    files = _drawn(acting, job, report, frozen, progress)
    progress.tell("store")
    # Equal bytes go by the same digest: a file that was lost is back with this.
    drawn = {row.format: row.digest for row in _stored(acting.settings, report, files)}
    with acting.writing() as session:
        moment = progress.now()
        finish(session, job, moment)
        rows = files_of(session, [report.id])[report.id]
        for form, row in rows.items():
            row.checked_at, row.identical = moment, row.digest == drawn.get(form)
        identical = all(row.identical for row in rows.values())
        _record(acting, session, "report.checked", report, identical=identical)


def limits_of(settings: Settings) -> Limits:
    """Return what one drawing may use."""
    return Limits(
        wall_seconds=settings.render_seconds,
        cpu_seconds=settings.render_seconds,
        memory_bytes=settings.render_megabytes * MEGABYTE,
    )


def _frozen(acting: Acting, job: Task) -> tuple[Report, FrozenReport]:
    """Return the report and what it was frozen as, if the creator of the job may still see it."""
    with acting.reading() as session:
        report = session.find(Report, job.subject)
        if report is None:
            raise JobStoppedError
        try:
            open_engagement(acting, session, report.engagement_id)
        except NotFoundError:
            raise JobRefusedError(LEFT) from None
    return report, frozen_report(acting, report)


def frozen_report(acting: Acting, report: Report) -> FrozenReport:
    """Return everything a report is made from, as it was frozen when it was issued."""
    files, logo = file_store(acting.settings), report.brand["logo"]
    return FrozenReport(
        folder=release_folder(acting.database, acting.settings, report.release_digest),
        answers=files.path(report.answers).read_bytes(),
        as_of=report.as_of,
        locale=report.locale,
        number=report.number,
        version=report.version,
        issued=report.issued_on,
        digest=report.digest,
        confidentiality=report.brand["confidentiality"],
        logo=files.path(logo).read_bytes() if logo else b"",
    )


def _drawn(
    acting: Acting, job: Task, report: Report, frozen: FrozenReport, progress: Progress
) -> Drawn:
    try:
        return drawn_in_child(acting.settings, frozen, progress)
    except DrawingRefusedError as error:
        _log.warning("report %s was refused (%s): %s", report.id, error.reason, error.detail)
        with acting.writing() as session:
            _record(acting, session, "report.refused", report, reason=error.reason, job=job.kind)
        raise


class DrawingRefusedError(JobRefusedError):
    """The renderer refuses what it was given: ``reason`` (see ``report_child``) and its detail."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(REFUSED[reason])
        self.reason = reason
        self.detail = detail


def drawn_in_child(settings: Settings, frozen: FrozenReport, progress: Progress) -> Drawn:
    """Return the files of a report, drawn in a child process with limits.

    Raises ``JobStoppedError``, ``JobRefusedError`` (over a limit) and ``DrawingRefusedError``.
    """
    try:
        data = run_in_child(draw, frozen, limits_of(settings), progress.tell, progress.stopped)
    except CancelledError:
        raise JobStoppedError from None
    except ChildLimitError as error:
        raise JobRefusedError(OVER[error.limit]) from error
    except ChildRefusedError as error:
        reason, _, detail = str(error).partition("\n")
        raise DrawingRefusedError(reason, detail) from error
    return unpacked(data)


def _stored(settings: Settings, report: Report, files: Drawn) -> tuple[ReportFile, ...]:
    """Store the bytes and return the rows that would name them."""
    store = file_store(settings)
    made = ((JSON, files.json, None), (PDF, files.pdf, files.pages))
    return tuple(
        ReportFile(
            report_id=report.id, format=form, digest=store.put(data), size=len(data), pages=pages
        )
        for form, data, pages in made
    )


def _record(
    acting: Acting, session: ScopedSession, action: str, report: Report, **detail: object
) -> None:
    record(
        acting,
        session,
        action,
        "report",
        report.id,
        report.engagement_id,
        number=report.number,
        version=report.version,
        **detail,
    )
