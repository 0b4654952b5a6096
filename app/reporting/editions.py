"""Which context each report folder is written from."""

from collections.abc import Callable, Mapping
from typing import Final

from app.reporting.context import pulse, report, selfcheck
from app.reporting.context.source import Source

BUILDERS: Final[Mapping[str, Callable[[Source], object]]] = {
    "diagnosis": report.build_context,
    "selfcheck": selfcheck.build,
    "pulse": pulse.build,
}


def build_report_context(report_id: str, source: Source) -> object:
    """Return the context of the report with this id."""
    return BUILDERS[report_id](source)
