"""What a client's contacts see of an engagement: versions shared with them, and what these say.

Findings, plan and lights are those of the newest shared version, computed again from what was
frozen with it. What the consultant changes afterwards reaches the client with the next version.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Final

from app.domain.definitions.report import ReportDefinition
from app.domain.diagnosis import Diagnosis
from app.reporting.context.source import Source
from app.reporting.on_screen import (
    ScreenSection,
    section_on_screen,
    shown_sections,
    style_on_screen,
)
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.casework.issuing import definition_for
from app.services.errors import ConflictError, NotFoundError
from app.services.files import Download, file_store
from app.services.record.recording import record
from app.services.releases import languages_of
from app.services.reports.drawing import frozen_report
from app.services.reports.files import MEDIA_TYPES, file_name, plain_name
from app.services.reports.frozen import FrozenReport, assessed_again
from app.store.engagements import list_shared_engagements
from app.store.reports import files_of
from app.store.rows import Report
from app.store.sharing import shared_reports

PDF: Final = "pdf"
_LOST: Final = "这份文件现在取不到，请告诉您的顾问。"

_KEPT: Final = 12
_lock = Lock()
_known: "OrderedDict[Hashable, tuple[FrozenReport, Diagnosis]]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class SharedEngagement:
    """An engagement a contact sees."""

    id: str
    title: str
    client: str


@dataclass(frozen=True, slots=True)
class PortalFrame:
    """What every page of the portal shows of its engagement; ``others`` may be gone to."""

    id: str
    title: str
    client: str
    archived: bool
    others: tuple[SharedEngagement, ...]


@dataclass(frozen=True, slots=True)
class SharedVersion:
    """A version of the report as the client sees it.

    ``size`` and ``pages`` are the PDF's; None while it is being drawn.
    """

    id: str
    version: int
    number: str
    locale: str
    issued_on: date
    shared_at: datetime
    size: int | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """The sections of a shared report (id and title, in its own language), and its version."""

    report: str
    version: int
    number: str
    locale: str
    sections: tuple[tuple[str, str], ...]


def engagements_shared(acting: Acting) -> tuple[SharedEngagement, ...]:
    """Return the engagements a contact sees, the newest first."""
    with acting.reading() as session:
        return tuple(
            SharedEngagement(row.id, row.title, client.name)
            for row, client in list_shared_engagements(session, acting.person)
        )


def portal_frame(acting: Acting, engagement: str) -> PortalFrame:
    """Return what every page shows of an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        others = list_shared_engagements(session, acting.person)
    row = opened.engagement
    return PortalFrame(
        id=row.id,
        title=row.title,
        client=opened.client.name,
        archived=row.archived_at is not None,
        others=tuple(
            SharedEngagement(one.id, one.title, client.name)
            for one, client in others
            if one.id != engagement
        ),
    )


def shared_with_client(acting: Acting, engagement: str) -> tuple[SharedVersion, ...]:
    """Return the versions the client sees, the newest first; raises ``NotFoundError``."""
    acting.must_see_all()
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        rows = shared_reports(session, engagement)
        files = files_of(session, [row.id for row, _share in rows])
    papers = {row.id: files[row.id].get(PDF) for row, _share in rows}
    return tuple(
        SharedVersion(
            id=row.id,
            version=row.version,
            number=row.number,
            locale=row.locale,
            issued_on=row.issued_on,
            shared_at=share.shared_at,
            size=paper.size if paper is not None else None,
            pages=paper.pages if paper is not None else None,
        )
        for row, share in rows
        for paper in (papers[row.id],)
    )


def shared_file(acting: Acting, engagement: str, report: str) -> Download:
    """Return the PDF of a shared version, and write down who took it.

    Raises ``NotFoundError`` for a version that is not shared, ``ConflictError`` ("lost").
    """
    row, client = _shared(acting, engagement, report)
    with acting.writing() as session:
        file = files_of(session, [row.id])[row.id].get(PDF)
        if file is None:
            raise NotFoundError
        path = file_store(acting.settings).path(file.digest)
        if not path.is_file():
            raise ConflictError("lost", _LOST)
        told = {"number": row.number, "version": row.version, "format": PDF}
        record(acting, session, "report.downloaded", "report", report, engagement, **told)
    name = file_name(client, row.number, row.version, PDF)
    return Download(path, MEDIA_TYPES[PDF], name, plain_name(row.number, row.version, PDF))


# -- reading on the screen -----------------------------------------------------------------------


def section_choice(acting: Acting, engagement: str, report: str) -> SectionChoice:
    """Return the sections of a shared version; raises ``NotFoundError``."""
    row, _client = _shared(acting, engagement, report)
    source, definition = _source(acting, row, row.locale)
    say = source.wording.translate
    return SectionChoice(
        row.id,
        row.version,
        row.number,
        row.locale,
        tuple((one.id, say(one.title)) for one in shown_sections(definition)),
    )


def shared_section(
    acting: Acting, engagement: str, report: str, section: str
) -> ScreenSection | None:
    """Return a section of a shared version; None where it has nothing to say.

    Raises ``NotFoundError`` also for a section there is not.
    """
    row, _client = _shared(acting, engagement, report)
    source, definition = _source(acting, row, row.locale)
    found = next((one for one in shown_sections(definition) if one.id == section), None)
    if found is None:
        raise NotFoundError
    return section_on_screen(source, definition, found)


def shared_style(acting: Acting, engagement: str, report: str, widths: list[str]) -> str:
    """Return the style of a section; raises ``NotFoundError``, also for odd widths."""
    row, _client = _shared(acting, engagement, report)
    source, definition = _source(acting, row, row.locale)
    try:
        return style_on_screen(source, definition, widths)
    except ValueError:
        raise NotFoundError from None


# -- what the newest version says ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewestShared:
    """The newest shared version, and what it says in the reader's language."""

    version: int
    issued_on: date
    source: Source


def newest_shared(acting: Acting, engagement: str) -> NewestShared | None:
    """Return what the newest shared version says; None where none is shared.

    Raises ``NotFoundError`` and ``NotAllowedError``.
    """
    acting.must_see_all()
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        rows = shared_reports(session, engagement)
    if not rows:
        return None
    row = rows[0][0]
    known = languages_of(acting.database, acting.settings, row.release_digest)
    locale = acting.locale if acting.locale in known else row.locale
    return NewestShared(row.version, row.issued_on, _source(acting, row, locale)[0])


def _shared(acting: Acting, engagement: str, report: str) -> tuple[Report, str]:
    """Return a shared version and the client's name; raises ``NotFoundError``."""
    acting.must_see_all()
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        for row, _share in shared_reports(session, engagement):
            if row.id == report:
                return row, opened.client.name
    raise NotFoundError


def _source(acting: Acting, row: Report, locale: str) -> tuple[Source, ReportDefinition]:
    key = (row.tenant_id, row.id, row.digest, locale)
    with _lock:
        found = _known.get(key)
        if found is not None:
            _known.move_to_end(key)
    if found is None:
        frozen = replace(frozen_report(acting, row), locale=locale, logo=b"")
        assessed = assessed_again(frozen)
        found = (frozen, assessed.diagnosis)
        with _lock:
            _known[key] = found
            while len(_known) > _KEPT:
                _known.popitem(last=False)
    frozen, diagnosis = found
    definition = definition_for(diagnosis.model, diagnosis.assessment.form)
    return Source.of(diagnosis, frozen.edition(definition.version), frozen.brand), definition
