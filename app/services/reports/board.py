"""The reports of an engagement as its page shows them: versions, what is at work, what hinders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.model import MaturityModel
from app.services.access import open_engagement, sees_as
from app.services.acting import Acting
from app.services.answers.assembling import gather
from app.services.releases import languages_of, model_of
from app.services.reports.readiness import Obstacle
from app.services.reports.register import NotReadyError, freeze
from app.services.reports.version_changes import FIELDS
from app.services.reports.version_jobs import CHECK, REPORT
from app.store.jobs import OPEN, jobs_about, queue_positions
from app.store.reports import count_reports, files_of, reports_of, shelved_reports
from app.store.rows import Job, Report, ReportFile
from app.store.scope import INSTALLATION

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]

STEPS: Final = (
    "read",
    "score",
    "rules",
    "plan",
    "json",
    "pages",
    "fonts",
    "layout",
    "pages-again",
    "drawing",
    "store",
)
"""The steps of drawing a report, in their order."""

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class JobView:
    """A job about a version.

    ``ahead`` counts the jobs before one that waits. ``place`` is the step's among ``STEPS``, from
    1; 0 before the first. ``message`` (a Chinese key) says why a job failed; ``stopping`` that it
    was called off and still runs.
    """

    state: State
    step: str
    place: int
    page: int | None
    ahead: int | None
    message: str
    stopping: bool
    begun_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is at work."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class FileView:
    """A finished file; ``identical`` None where it was never made anew."""

    format: str
    size: int
    pages: int | None
    identical: bool | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an engagement's report.

    ``changes`` are fields of ``version_changes.FIELDS`` with their counts, in that order.
    """

    id: str
    version: int
    number: str
    locale: str
    as_of: date
    issued_on: date
    created_at: datetime
    created_by: str
    note: str
    index: Fraction | None
    level: int | None
    level_name: str
    stage: str
    plan_number: int | None
    changes: tuple[tuple[str, int], ...]
    files: Mapping[str, FileView]
    job: JobView
    check: JobView | None

    @property
    def is_first(self) -> bool:
        """Whether there is no version before."""
        return self.version == 1

    @property
    def identical(self) -> bool | None:
        """Whether the last drawing of the same inputs gave the same bytes; None before any."""
        told = [file.identical for file in self.files.values()]
        return None if not told or None in told else all(told)

    @property
    def checked_at(self) -> datetime | None:
        """When that was."""
        return next((file.checked_at for file in self.files.values()), None)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of an engagement's report, the newest first."""

    engagement: str
    versions: tuple[VersionView, ...]

    @property
    def at_work(self) -> bool:
        """Whether anything of it waits or is drawn."""
        return any(
            one.job.is_open or (one.check is not None and one.check.is_open)
            for one in self.versions
        )

    @property
    def next_version(self) -> int:
        """The number the next version gets: that of one which came to nothing is free again."""
        kept = (one.version for one in self.versions if one.files or one.job.is_open)
        return max(kept, default=0) + 1


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a report can be issued: why not, in which languages, and whether there is news.

    ``locale`` is what the engagement wants; ``same_as`` the newest version, finished or at work,
    where a report in that language would be made from the very same.
    """

    languages: tuple[str, ...]
    locale: str
    obstacles: tuple[Obstacle, ...]
    archived: bool
    same_as: int | None


def versions_of(acting: Acting, engagement: str) -> Versions:
    """Return the versions of an engagement's report; raises ``NotFoundError``."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        rows = reports_of(session, engagement)
        names = [row.id for row, _name in rows]
        files = files_of(session, names)
        jobs = {job.subject: job for job in jobs_about(session, REPORT, names)}
        checks = {job.subject: job for job in jobs_about(session, CHECK, names)}
    ahead = jobs_ahead(acting, [*jobs.values(), *checks.values()])
    return Versions(
        engagement,
        tuple(
            _version(acting, row, name, files[row.id], jobs.get(row.id), checks.get(row.id), ahead)
            for row, name in rows
        ),
    )


def readiness_of(acting: Acting, engagement: str) -> Readiness:
    """Return whether a report of an engagement can be issued now; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        gathered = gather(session, opened)
        rows = reports_of(session, engagement)
        names = [row.id for row, _name in rows]
        filed = files_of(session, names)
        at_work = {job.subject for job in jobs_about(session, REPORT, names) if job.state in OPEN}
    row = opened.engagement
    languages = languages_of(acting.database, acting.settings, row.release_digest)
    locale = row.locale if row.locale in languages else languages[0]
    stands = (one for one, _name in rows if filed[one.id] or one.id in at_work)
    versions = (one for one in stands if one.locale == locale)
    newest = next(versions, None)
    hindered: tuple[Obstacle, ...] = ()
    same = None
    try:
        frozen = freeze(acting, gathered, locale)
    except NotReadyError as error:
        hindered = error.obstacles
    else:
        same = newest.version if newest and newest.inputs == frozen.inputs else None
    return Readiness(
        languages=languages,
        locale=locale,
        obstacles=hindered,
        archived=row.archived_at is not None,
        same_as=same,
    )


def jobs_ahead(acting: Acting, jobs: Sequence[Job]) -> Mapping[str, int]:
    """Return how many jobs are before those that wait."""
    waiting = [job.id for job in jobs if job.state == "queued"]
    if not waiting:
        return {}
    with acting.database.reading(INSTALLATION) as session:
        return queue_positions(session, waiting, acting.now)


def _version(
    acting: Acting,
    row: Report,
    name: str,
    files: Mapping[str, ReportFile],
    job: Job | None,
    check: Job | None,
    ahead: Mapping[str, int],
) -> VersionView:
    headline = row.headline
    model = model_of(acting.database, acting.settings, row.release_digest, acting.locale)
    return VersionView(
        id=row.id,
        version=row.version,
        number=row.number,
        locale=row.locale,
        as_of=row.as_of,
        issued_on=row.issued_on,
        created_at=row.created_at,
        created_by=name,
        note=row.note,
        index=_index(row),
        level=headline["level"],
        level_name=_level_name(model, headline["level"]),
        stage=_stage_name(model, headline["stage"]),
        plan_number=row.plan_number,
        changes=tuple((name, row.changes[name]) for name in FIELDS if name in row.changes),
        files={form: _file(file) for form, file in sorted(files.items(), reverse=True)},
        job=_forgotten(files) if job is None else job_view(job, ahead),
        check=None if check is None else job_view(check, ahead),
    )


def _index(row: Report) -> Fraction | None:
    return None if row.headline["index"] is None else Fraction(row.headline["index"])


def _level_name(model: MaturityModel, level: int | None) -> str:
    return next((one.name for one in model.content.scale.levels if one.level == level), "")


def _stage_name(model: MaturityModel, stage: str | None) -> str:
    ladder = model.content.stage_model
    stages = ladder.stages if ladder else ()
    return next((f"{one.code} {one.title}" for one in stages if one.id == stage), "")


def _file(row: ReportFile) -> FileView:
    return FileView(row.format, row.size, row.pages, row.identical, row.checked_at)


def _forgotten(files: Mapping[str, ReportFile]) -> JobView:
    """Return what is known of a drawing whose job is no longer kept."""
    return JobView("done" if files else "failed", "", 0, None, None, "", False, None, None)


def job_view(job: Job, ahead: Mapping[str, int]) -> JobView:
    """Return a job as pages show it; ``ahead`` are the jobs before those that wait, by id."""
    state: State = job.state  # type: ignore[assignment]  # the column holds these words alone
    return JobView(
        state=state,
        step=job.step,
        place=STEPS.index(job.step) + 1 if job.step in STEPS else 0,
        page=job.page,
        ahead=ahead.get(job.id),
        message=job.message,
        stopping=job.cancelled_at is not None and job.state == "running",
        begun_at=job.started_at,
        ended_at=job.finished_at,
    )


# -- all engagements ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A version in the list of all engagements."""

    report: str
    engagement: str
    engagement_title: str
    client: str
    version: int
    number: str
    locale: str
    issued_on: date
    index: Fraction | None
    level: int | None
    state: State


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of all engagements a member sees, the newest first, page by page."""

    lines: tuple[ShelfLine, ...]
    page: int
    pages: int
    total: int


def shelf(acting: Acting, page: int = 1) -> Shelf:
    """Return a page of the reports of all engagements the person may see."""
    with acting.reading() as session:
        total = count_reports(session, sees_as(acting))
        pages = max(1, -(-total // PER_PAGE))
        page = min(max(page, 1), pages)
        rows = shelved_reports(session, sees_as(acting), REPORT, (page - 1) * PER_PAGE, PER_PAGE)
    lines = tuple(
        ShelfLine(
            report=one.report.id,
            engagement=one.report.engagement_id,
            engagement_title=one.engagement,
            client=one.client,
            version=one.report.version,
            number=one.report.number,
            locale=one.report.locale,
            issued_on=one.report.issued_on,
            index=_index(one.report),
            level=one.report.headline["level"],
            state=one.state,  # type: ignore[arg-type]  # the column holds these words alone
        )
        for one in rows
    )
    return Shelf(lines, page, pages, total)
