"""From a diagnosis to the files a client receives: JSON and PDF, written whole or not at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from app.content.report_folder import read_report
from app.domain.definitions.report import ReportDefinition
from app.domain.model import MaturityModel
from app.reporting.context.source import PLAIN, Brand, Edition, Source
from app.reporting.document import diagnosis_document
from app.reporting.editions import build_report_context
from app.reporting.glossing import marked, shared_terms
from app.reporting.rendering import Phase, RenderedPdf
from app.reporting.templates import ROOT as REPORTS
from app.reporting.templates import page_style, render_html
from app.services.casework.assessing import Assessed

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
        finished["json"] = (json_bytes(source), None)
    if "pdf" in formats:
        rendered = render_source(source, definition, progress)
        finished["pdf"] = (rendered.data, rendered.pages)
    return _write(out, finished)


def report_of(assessed: Assessed) -> ReportDefinition:
    """Return the definition of the report that belongs to the form answered."""
    return definition_for(assessed.diagnosis.model, assessed.diagnosis.assessment.form)


def definition_for(model: MaturityModel, form: str) -> ReportDefinition:
    """Return the definition of the report that belongs to a form of a model."""
    return read_report(REPORTS / model.forms[form].report)


def json_bytes(source: Source) -> bytes:
    """Return the file of the diagnosis as data."""
    text = json.dumps(diagnosis_document(source), ensure_ascii=False, indent=2) + "\n"
    return text.encode()


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


def render_report(
    assessed: Assessed,
    edition: Edition | None = None,
    brand: Brand = PLAIN,
    assets: Mapping[str, bytes] | None = None,
) -> RenderedPdf:
    """Return the report of a diagnosis as PDF, by default in the edition no register numbers.

    ``assets`` are the pictures the brand's addresses name.
    """
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, edition or edition_of(assessed, definition), brand)
    return render_source(source, definition, lambda _step: None, assets)


def render_source(
    source: Source,
    definition: ReportDefinition,
    progress: Callable[[str], None],
    assets: Mapping[str, bytes] | None = None,
    on_page: Callable[[Phase, int], None] | None = None,
) -> RenderedPdf:
    """Return the report of a source as PDF; raises ``RenderError``."""
    # Loading the renderer is half of the program's start-up; what prints nothing need not wait.
    from app.reporting.pdf import render_pdf

    progress("pages")
    say = source.wording.translate
    page = compose_page(source, definition)
    return render_pdf(
        page.html,
        {"print.css": page.style},
        assets or {},
        title=source.document_title(say(definition.title)),
        author=source.diagnosis.assessment.client.consultancy or say(AUTHOR),
        language=source.edition.locale,
        identifier=source.edition.digest,
        created=source.edition.issued,
        progress=progress,
        on_page=on_page,
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
