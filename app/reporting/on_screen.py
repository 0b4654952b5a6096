"""One section of a report for a browser: the printed page's HTML without a style in any tag.

On paper, columns carry their widths in ``style`` attributes. A browser that is told to apply no
inline style (a content security policy) would drop them, so they become classes, and the widths
a page uses travel to the style sheet's address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.report import ReportDefinition, ReportSection
from app.reporting.context.source import Source
from app.reporting.editions import build_section_context
from app.reporting.glossing import marked, shared_terms
from app.reporting.templates import page_style, render_section

WIDTH: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?(?:mm|%)", re.ASCII)
"""A width of a column, as the templates write it."""

MOST_WIDTHS: Final = 200

_INLINE: Final = re.compile(rf'<col style="width:({WIDTH.pattern})">')
_MARGINS: Final = re.compile(r"@page[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


@dataclass(frozen=True, slots=True)
class ScreenSection:
    """A section as HTML, and the widths of columns its style sheet must know."""

    html: str
    widths: tuple[str, ...]


def shown_sections(definition: ReportDefinition) -> tuple[ReportSection, ...]:
    """Return the sections that say something alone: not a second one on the same part."""
    first: dict[str, ReportSection] = {}
    for section in definition.sections:
        first.setdefault(section.part, section)
    return tuple(first.values())


def section_on_screen(
    source: Source, definition: ReportDefinition, section: ReportSection
) -> ScreenSection | None:
    """Return a section for a browser; None where the diagnosis has nothing to say in it."""
    context = build_section_context(definition.id, section.part, source)
    if getattr(context, section.part) is None:
        return None
    translate, locale = source.wording.translate, source.edition.locale
    html = render_section(definition, section, context, translate, locale)
    base = source.model.base
    if base is not None:
        html = marked(html, shared_terms(source.model), base.language)
    widths = dict.fromkeys(_INLINE.findall(html))
    html = _INLINE.sub(lambda found: f'<col class="{_name(found[1])}">', html)
    return ScreenSection(html, tuple(widths))


def style_on_screen(source: Source, definition: ReportDefinition, widths: Iterable[str]) -> str:
    """Return the report's print style for a browser, with a class for each of the widths.

    What is said of the sheet of paper itself is left out. Raises ``ValueError`` for what is no
    width, and for more of them than a page can use.
    """
    wanted = tuple(dict.fromkeys(widths))
    if len(wanted) > MOST_WIDTHS or not all(map(WIDTH.fullmatch, wanted)):
        raise ValueError("not the widths of a section")
    style = page_style(definition, source.theme, source.edition.locale)
    columns = (f"col.{_name(width)} {{ width: {width} }}" for width in wanted)
    return "\n".join((_MARGINS.sub("", style), *columns))


def _name(width: str) -> str:
    return "w-" + width.replace(".", "_").replace("%", "pc")
