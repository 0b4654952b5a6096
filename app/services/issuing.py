"""From a diagnosis to the files a client receives: JSON and PDF, written whole or not at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from app.content.report_folder import read_report
from app.domain.definitions.report import ReportDefinition
from app.reporting.context.source import Edition, Source
from app.reporting.document import diagnosis_document
from app.reporting.editions import build_report_context
from app.reporting.glossing import marked, shared_terms
from app.reporting.rendering import RenderedPdf
from app.reporting.templates import ROOT as REPORTS
from app.reporting.templates import page_style, render_html
from app.services.assessing import Assessed

FILES: Final[Mapping[str, str]] = {"json": "diagnosis.json", "pdf": "report.pdf"}
AUTHOR: Final = "诊脉"


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """One written file; ``pages`` for paper formats."""

    path: Path
    size: int
    pages: int | None


def edition_of(assessed: Assessed, definition: ReportDefinition) -> Edition:
    """Return the edition of a report that no register numbers: its number comes from its digest."""
    day: date = assessed.diagnosis.as_of
    return Edition(
        number=f"ZM-{day:%Y%m%d}-{assessed.digest[:4].upper()}",
        version=1,
        issued=day,
        locale=assessed.locale,
        template_version=definition.version,
        digest=assessed.digest,
    )


def issue_files(
    assessed: Assessed,
    out: Path,
    formats: Sequence[str],
    progress: Callable[[str], None],
) -> tuple[IssuedFile, ...]:
    """Write the wanted formats into ``out``; nothing appears there before all are finished."""
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, edition_of(assessed, definition))
    finished: dict[str, tuple[bytes, int | None]] = {}
    if "json" in formats:
        progress("json")
        document = diagnosis_document(source)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        finished["json"] = (text.encode(), None)
    if "pdf" in formats:
        rendered = _pdf(source, definition, progress)
        finished["pdf"] = (rendered.data, rendered.pages)
    return _write(out, finished)


def report_of(assessed: Assessed) -> ReportDefinition:
    """Return the definition of the report that belongs to the form answered."""
    diagnosis = assessed.diagnosis
    return read_report(REPORTS / diagnosis.model.forms[diagnosis.assessment.form].report)


@dataclass(frozen=True, slots=True)
class Page:
    """A report as one HTML page with its style, ready for any renderer."""

    html: str
    style: str


def compose_page(source: Source, definition: ReportDefinition) -> Page:
    """Return the report's page: the same inputs give the same text."""
    context = build_report_context(definition.id, source)
    html = render_html(definition, context, source.wording.translate, source.edition.locale)
    base = source.model.base
    if base is not None:
        html = marked(html, shared_terms(source.model), base.language)
    return Page(html, page_style(definition, source.theme, source.edition.locale))


def render_report(assessed: Assessed) -> RenderedPdf:
    """Return the report of a diagnosis as PDF."""
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, edition_of(assessed, definition))
    return _pdf(source, definition, lambda _step: None)


def _pdf(
    source: Source, definition: ReportDefinition, progress: Callable[[str], None]
) -> RenderedPdf:
    # Loading the renderer is half of the program's start-up; what prints nothing need not wait.
    from app.reporting.pdf import render_pdf

    progress("pages")
    say = source.wording.translate
    page = compose_page(source, definition)
    return render_pdf(
        page.html,
        {"print.css": page.style},
        {},
        title=source.document_title(say(definition.title)),
        author=source.diagnosis.assessment.client.consultancy or say(AUTHOR),
        language=source.edition.locale,
        identifier=source.edition.digest,
        created=source.edition.issued,
        progress=progress,
    )


def _write(out: Path, finished: Mapping[str, tuple[bytes, int | None]]) -> tuple[IssuedFile, ...]:
    out.mkdir(parents=True, exist_ok=True)
    drafts = []
    for name, (data, pages) in finished.items():
        path = out / FILES[name]
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(data)
        drafts.append((draft, IssuedFile(path, len(data), pages)))
    for draft, issued in drafts:
        draft.replace(issued.path)
    return tuple(issued for _, issued in drafts)
