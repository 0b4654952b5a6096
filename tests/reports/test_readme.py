"""The README of the reports lists exactly what a template may print."""

from tests.reports.context_fields import END, README, START, tables


def test_the_readme_lists_every_field_of_every_context() -> None:
    text = README.read_text(encoding="utf-8")
    listed = text.split(START)[1].split(END)[0].strip()
    assert listed == tables().strip(), "run: python -m tests.reports.context_fields"
