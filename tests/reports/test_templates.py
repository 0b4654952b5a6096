"""Every template renders, says only what its context has, and stays inside its sandbox."""

from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.content.report_folder import read_report
from app.reporting.charts import Theme
from app.reporting.phrases import locales
from app.reporting.templates import page_style

REPORTS = Path(__file__).resolve().parents[2] / "reports"
FOLDERS = sorted(path.parent for path in REPORTS.glob("*/report.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_section_has_its_template_and_every_template_its_section(folder: Path) -> None:
    listed = {section.id for section in read_report(folder).sections}
    written = {path.name.removesuffix(".html.j2") for path in folder.glob("sections/*.html.j2")}
    assert listed == written


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_style_sheet_belongs_to_a_section_and_to_a_language(folder: Path) -> None:
    listed = {section.id for section in read_report(folder).sections}
    for path in folder.glob("sections/*.css"):
        section, _, locale = path.stem.partition(".")
        assert section in listed
        assert not locale or locale in locales()


def test_a_language_adds_its_sheets_to_those_of_the_report() -> None:
    definition = read_report(REPORTS / "diagnosis")
    chinese, english = (page_style(definition, Theme(), name) for name in ("zh-Hans", "en"))
    assert "proportional-width" in english
    assert "proportional-width" not in chinese


@pytest.mark.parametrize("path", sorted(REPORTS.rglob("*.css")), ids=lambda path: path.name)
def test_styles_keep_to_what_lays_out_fast(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for slow in ("display: flex", "display: grid", "dotted", "text-align: justify", "@import"):
        assert slow not in text, slow


def test_a_template_cannot_reach_beyond_its_context() -> None:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(REPORTS), undefined=StrictUndefined, autoescape=True
    )
    with pytest.raises(SecurityError):
        environment.from_string("{{ ''.__class__.__mro__ }}").render()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nobody.knows }}").render()
