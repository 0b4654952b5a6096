"""Which context each report folder is written from."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Final

from app.reporting.context import pulse, report, selfcheck
from app.reporting.context.source import Source

BUILDERS: Final[Mapping[str, Callable[[Source], object]]] = {
    "diagnosis": report.build_context,
    "selfcheck": selfcheck.build,
    "pulse": pulse.build,
}


def build_section_context(report_id: str, part: str, source: Source) -> object:
    """Return a context with the cover and one part, for a section alone."""
    if report_id != "diagnosis":
        return BUILDERS[report_id](source)
    parts = dict.fromkeys(("cover", part))
    return SimpleNamespace(**{name: report.PARTS[name](source) for name in parts})


def build_report_context(report_id: str, source: Source) -> object:
    """Return the context of the report with this id."""
    return BUILDERS[report_id](source)
