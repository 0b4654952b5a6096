"""A look at one section of the report as it would be issued now, before it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.report import ReportDefinition, ReportSection
from app.reporting.context.source import Brand, Edition, Source
from app.reporting.on_screen import (
    ScreenSection,
    section_on_screen,
    shown_sections,
    style_on_screen,
)
from app.reporting.phrases import translation
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.casework.issuing import definition_for
from app.services.diagnosis.diagnosing import Current, current_diagnosis
from app.services.errors import NotFoundError
from app.services.releases import languages_of, model_of
from app.store.reports import newest_version

_NUMBER: Final = "预览"
"""Stands where an issued report has its number."""


@dataclass(frozen=True, slots=True)
class PreviewChoice:
    """What can be looked at: sections (id and title in the reader's language) and languages."""

    sections: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    locale: str


def preview_choice(acting: Acting, engagement: str) -> PreviewChoice:
    """Return the sections and languages of an engagement's report; raises ``NotFoundError``."""
    with acting.reading() as session:
        row = open_engagement(acting, session, engagement).engagement
    model = model_of(acting.database, acting.settings, row.release_digest)
    say = translation(acting.locale)
    sections = shown_sections(definition_for(model, row.form))
    languages = languages_of(acting.database, acting.settings, row.release_digest)
    return PreviewChoice(
        tuple((section.id, say(section.title)) for section in sections),
        languages,
        row.locale if row.locale in languages else languages[0],
    )


def section_preview(
    acting: Acting, engagement: str, section: str, locale: str, logo: str
) -> ScreenSection | None:
    """Return a section as it is now; None where the diagnosis has nothing to say in it.

    ``logo`` is the address a browser finds the consultancy's picture at. Raises ``NotFoundError``
    for an engagement, a section or a language there is not.
    """
    source, definition = _source(acting, engagement, locale, logo)
    return section_on_screen(source, definition, _section(definition, section))


def preview_style(acting: Acting, engagement: str, locale: str, widths: Iterable[str]) -> str:
    """Return the style of a previewed section; raises ``NotFoundError``, also for odd widths."""
    source, definition = _source(acting, engagement, locale, "")
    try:
        return style_on_screen(source, definition, widths)
    except ValueError:
        raise NotFoundError from None


def _section(definition: ReportDefinition, section: str) -> ReportSection:
    found = next((one for one in shown_sections(definition) if one.id == section), None)
    if found is None:
        raise NotFoundError
    return found


def _source(
    acting: Acting, engagement: str, locale: str, logo: str
) -> tuple[Source, ReportDefinition]:
    with acting.reading() as session:
        row = open_engagement(acting, session, engagement).engagement
    if locale not in languages_of(acting.database, acting.settings, row.release_digest):
        raise NotFoundError
    current = current_diagnosis(acting, engagement, locale)
    definition = definition_for(current.model, row.form)
    edition = _edition(acting, current, locale, definition)
    house = current.gathered.consultancy
    brand = Brand(house.brand_confidentiality, logo if house.brand_logo else "")
    return Source.of(current.diagnosis, edition, brand), definition


def _edition(
    acting: Acting, current: Current, locale: str, definition: ReportDefinition
) -> Edition:
    return Edition(
        number=translation(locale)(_NUMBER),
        version=_next_version(acting, current.gathered.opened.engagement.id),
        issued=acting.today,
        locale=locale,
        template_version=definition.version,
        digest=current.model.digest,
    )


def _next_version(acting: Acting, engagement: str) -> int:
    with acting.reading() as session:
        return newest_version(session, engagement) + 1
