"""Report folders: templates rendered in a sandbox, in the order their definition gives.

A template can print the context and nothing else: immutable sandbox, undefined names are errors,
no loader beyond the report folders, no globals but translation.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.definitions.report import ReportDefinition, ReportSection
from app.reporting.charts import Theme
from app.reporting.phrases import Translate, fill

ROOT: Final = Path(__file__).resolve().parents[2] / "reports"
COMMON: Final = ROOT / "common"
"""The page frame, the macros and the print style that all reports share."""


@cache
def _environment(name: str) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([ROOT / name, COMMON]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render_html(
    definition: ReportDefinition,
    context: object,
    translate: Translate,
    language: str,
) -> str:
    """Render a report's page from its context. Sections whose part is None are left out."""
    present = tuple(s for s in definition.sections if getattr(context, s.part) is not None)
    template = _environment(definition.id).get_template("base.html.j2")
    say = _saying(translate)
    return template.render(report=context, sections=present, _=say, language=language)


def render_section(
    definition: ReportDefinition,
    section: ReportSection,
    context: object,
    translate: Translate,
    language: str,
) -> str:
    """Render one section of a report's page; its part of the context must be there."""
    name = f"sections/{section.id}.html.j2"
    inner = _environment(definition.id).get_template(name)
    text = inner.render(
        report=context, sections=(section,), _=_saying(translate), language=language
    )
    return f'<section class="{section.id}" id="{section.id}">\n{text}\n</section>'


def _saying(translate: Translate) -> Callable[..., str]:
    def say(text: str, *args: object, **kwargs: object) -> str:
        return fill(translate(text), *args, **kwargs)

    return say


def page_style(definition: ReportDefinition, theme: Theme, language: str) -> str:
    """Return the report's style: its colour, the common sheet, then each section's own.

    Beside a sheet may lie one for a language alone, ``print.en.css``: Latin words need other
    columns than Chinese ones.
    """
    names = [ROOT / definition.id / "sections" / section.id for section in definition.sections]
    paths = [
        path
        for name in (COMMON / "print", *names)
        for ending in (".css", f".{language}.css")
        if (path := name.with_name(name.name + ending)).is_file()
    ]
    sheets = (path.read_text(encoding="utf-8") for path in paths)
    return "\n".join((f":root {{ --accent: {theme.accent} }}", *sheets))
