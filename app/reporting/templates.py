"""Report folders: templates rendered in a sandbox, in the order their definition gives.

A template can print the context and nothing else: immutable sandbox, undefined names are errors,
no loader beyond the report folders, no globals but translation.
"""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.definitions.report import ReportDefinition
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

    def say(text: str, *args: object, **kwargs: object) -> str:
        return fill(translate(text), *args, **kwargs)

    return template.render(report=context, sections=present, _=say, language=language)


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
