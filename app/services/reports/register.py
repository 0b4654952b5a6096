"""The register of reports: what is issued is frozen, numbered, and drawn by a job.

Issuing freezes everything a report is made from, in one transaction with the job that draws it.
A version is never changed; a later state of the engagement makes the next one. A version that
never came to a file gives its place to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.content.answers import read_assessment, write_assessment
from app.content.answers.writing import FILE
from app.content.problems import ContentError
from app.domain.bounds import NOTE_LIMIT
from app.domain.diagnosis import Diagnosis
from app.domain.response import Assessment
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.assembling import Gathered, gather
from app.services.casework.issuing import definition_for
from app.services.diagnosis.diagnosing import diagnosed
from app.services.errors import ConflictError, RefusedError
from app.services.files import file_store
from app.services.record.recording import record
from app.services.releases import languages_of, model_of
from app.services.reports.frozen import digest_of
from app.services.reports.readiness import Obstacle, obstacles, told_by
from app.services.reports.version_changes import assessment_changes
from app.services.reports.version_jobs import REPORT, begin_again, job_of, new_job
from app.services.work.waking import wake
from app.store.jobs import OPEN, jobs_about
from app.store.reports import (
    files_of,
    highest_number,
    hold_consultancy,
    hold_engagement,
    reports_of,
)
from app.store.rows import Report
from app.store.scope import ScopedSession
from app.store.types import new_id

_TRIES: Final = 3


class NotReadyError(ConflictError):
    """No report can be issued as things stand; ``obstacles`` say why."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        super().__init__("not-ready", "现在还不能出报告，有{n}处要先改好。", n=len(found))
        self.obstacles = found


class _OutrunError(Exception):
    """Somebody else issued a version meanwhile."""


@dataclass(frozen=True, slots=True)
class Requested:
    """The version a request came to; ``fresh`` unless it was there already."""

    report: str
    version: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a report of the present state would be made from."""

    gathered: Gathered
    diagnosis: Diagnosis
    answers: bytes
    as_of: date
    locale: str
    brand: Mapping[str, Any]
    inputs: str


def freeze(acting: Acting, gathered: Gathered, locale: str) -> Frozen:
    """Return what a report in a language would be made from now; raises ``NotReadyError``."""
    engagement = gathered.opened.engagement
    current = diagnosed(acting, gathered, acting.locale)
    model = model_of(acting.database, acting.settings, engagement.release_digest)
    found = obstacles(current, model)
    if found:
        raise NotReadyError(found)
    try:
        answers = write_assessment(current.assessment, model)
    except ContentError as error:
        raise NotReadyError(told_by(error)) from error
    brand = brand_of(gathered)
    as_of = current.diagnosis.as_of
    template = definition_for(model, engagement.form)
    inputs = digest_of(
        engagement.release_digest,
        answers.decode(),
        as_of.isoformat(),
        locale,
        brand,
        [template.id, template.version],
    )
    return Frozen(gathered, current.diagnosis, answers, as_of, locale, brand, inputs)


def brand_of(gathered: Gathered) -> dict[str, Any]:
    """Return what a report carries of its consultancy today."""
    house = gathered.consultancy
    return {
        "name": house.brand_name or house.name,
        "consultant": house.brand_consultant,
        "contact": house.brand_contact,
        "confidentiality": house.brand_confidentiality,
        "accent": house.brand_accent,
        "logo": house.brand_logo or "",
    }


def request_report(acting: Acting, engagement: str, locale: str, note: str = "") -> Requested:
    """Issue the next version in a language, and have it drawn.

    Where nothing changed since the newest version in that language, that one is returned; if its
    drawing had ended without a file, it begins anew. Raises ``NotFoundError``,
    ``NotAllowedError``, ``RefusedError``, ``NotReadyError`` and ``ConflictError``.
    """
    acting.must_write()
    for _ in range(_TRIES):
        try:
            requested, job = _request(acting, engagement, locale, note.strip())
        except _OutrunError:
            continue
        if job:
            wake(acting.settings, job)
        return requested
    raise ConflictError("outrun", "同时有人在出报告，请稍后再试。")


def _request(acting: Acting, engagement: str, locale: str, note: str) -> tuple[Requested, str]:
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        gathered = gather(session, opened)
        before, _dropped = _standing(session, engagement)
    _check(acting, gathered, locale, note)
    frozen = freeze(acting, gathered, locale)
    newest = before[0] if before else None
    changes = _changes(acting, newest, frozen)
    digest = file_store(acting.settings).put(frozen.answers)
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        hold_engagement(session, engagement)
        standing, dropped = _standing(session, engagement)
        same = next((row for row in (*dropped, *standing) if row.locale == locale), None)
        if same is not None and same.inputs == frozen.inputs:
            return _found(acting, session, same)
        if [row.id for row in standing] != [row.id for row in before]:
            raise _OutrunError
        for row in dropped:
            _drop(acting, session, row)
        version = newest.version + 1 if newest else 1
        row = _row(acting, session, frozen, version, newest)
        row.answers, row.changes, row.note = digest, changes, note
        return _begun(acting, session, row)


def _standing(session: ScopedSession, engagement: str) -> tuple[list[Report], list[Report]]:
    """Return the versions up to the newest with a file or at work, and those after it.

    Both the newest first. What comes after came to nothing.
    """
    rows = [row for row, _name in reports_of(session, engagement)]
    names = [row.id for row in rows]
    files = files_of(session, names)
    at_work = {job.subject for job in jobs_about(session, REPORT, names) if job.state in OPEN}
    kept = (place for place, row in enumerate(rows) if files[row.id] or row.id in at_work)
    first = next(kept, len(rows))
    return rows[first:], rows[:first]


def _drop(acting: Acting, session: ScopedSession, row: Report) -> None:
    """Take a version that came to nothing out of the register; its number is free again."""
    version = row.version
    record(acting, session, "report.dropped", "report", row.id, row.engagement_id, version=version)
    session.delete(row)
    session.flush()


def _check(acting: Acting, gathered: Gathered, locale: str, note: str) -> None:
    engagement = gathered.opened.engagement
    if engagement.archived_at is not None:
        raise ConflictError("archived", "这个项目已经归档。请先恢复项目，再出报告。")
    wrong = {}
    if locale not in languages_of(acting.database, acting.settings, engagement.release_digest):
        wrong["locale"] = "请选择报告的语言。"
    if len(note) > NOTE_LIMIT:
        wrong["note"] = "说明最多{limit}个字。"
    if wrong:
        raise RefusedError(wrong, limit=NOTE_LIMIT)


def _changes(acting: Acting, before: Report | None, frozen: Frozen) -> dict[str, int]:
    """Return what differs from the version before, in counts; empty for the first."""
    if before is None:
        return {}
    engagement = frozen.gathered.opened.engagement
    changes = assessment_changes(frozen_assessment(acting, before), frozen.diagnosis.assessment)
    others = {
        "day": before.as_of != frozen.as_of,
        "brand": before.brand != frozen.brand,
        "language": before.locale != frozen.locale,
        "model": before.release_digest != engagement.release_digest,
    }
    return changes | {name: 1 for name, differs in others.items() if differs}


def frozen_assessment(acting: Acting, report: Report) -> Assessment:
    """Return the assessment an issued report was made from."""
    model = model_of(acting.database, acting.settings, report.release_digest)
    with file_store(acting.settings).open(report.answers) as file:
        return read_assessment(file.read(), FILE, model)


def _found(acting: Acting, session: ScopedSession, row: Report) -> tuple[Requested, str]:
    """Return a version that is there already; begin it anew where its drawing came to nothing."""
    job = job_of(session, REPORT, row.id)
    if job.state in ("failed", "cancelled"):
        begin_again(acting, session, row, job)
        return Requested(row.id, row.version, fresh=True), job.id
    return Requested(row.id, row.version, fresh=False), ""


def _row(
    acting: Acting, session: ScopedSession, frozen: Frozen, version: int, before: Report | None
) -> Report:
    engagement = frozen.gathered.opened.engagement
    issued = acting.today
    number = before.number if before else _next_number(session, issued.year)
    edition = [number, version, issued.isoformat()]
    return Report(
        id=new_id(),
        engagement_id=engagement.id,
        version=version,
        number=number,
        locale=frozen.locale,
        as_of=frozen.as_of,
        issued_on=issued,
        release_digest=engagement.release_digest,
        inputs=frozen.inputs,
        digest=digest_of(frozen.inputs, edition),
        brand=dict(frozen.brand),
        headline=_headline(frozen.diagnosis),
        plan_number=frozen.gathered.plan.number if frozen.gathered.plan else None,
        created_at=acting.now,
        created_by=acting.person,
    )


def _next_number(session: ScopedSession, year: int) -> str:
    """Return the next printed number of the consultancy: ``ZM-2026-0007``."""
    hold_consultancy(session)
    prefix = f"ZM-{year}-"
    highest = highest_number(session, prefix)
    return f"{prefix}{int(highest.removeprefix(prefix)) + 1 if highest else 1:04d}"


def _headline(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the figures lists show: exact, by id."""
    card, stage = diagnosis.scorecard, diagnosis.stage
    people = diagnosis.assessment.respondents
    return {
        "index": None if card.index is None else str(card.index),
        "level": card.level,
        "stage": stage.stage.id if stage is not None and stage.decided else None,
        "answers": sum(len(person.answers) for person in people),
        "people": len(people),
    }


def _begun(acting: Acting, session: ScopedSession, row: Report) -> tuple[Requested, str]:
    session.add(row)
    session.flush()
    job = new_job(acting, session, REPORT, row)
    record(
        acting,
        session,
        "report.requested",
        "report",
        row.id,
        row.engagement_id,
        number=row.number,
        version=row.version,
        language=row.locale,
        plan=row.plan_number or 0,
        digest=row.digest,
    )
    return Requested(row.id, row.version, fresh=True), job.id
