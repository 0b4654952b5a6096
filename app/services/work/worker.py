"""The worker of an installation: which kinds of job there are and who does them."""

from collections.abc import Mapping
from typing import Final

from app.services.reports.drawing import check_report, draw_report
from app.services.reports.version_jobs import CHECK, REPORT
from app.services.selfcheck.printing import draw_self_check
from app.services.work.working import Handler, Works
from app.settings import Settings
from app.store.database import Database
from app.store.jobs import STRANGERS

HANDLERS: Final[Mapping[str, Handler]] = {
    REPORT: draw_report,
    CHECK: check_report,
    STRANGERS: draw_self_check,
}


def works_of(database: Database, settings: Settings, name: str) -> Works:
    """Return the worker called ``name``."""
    return Works(database, settings, name, HANDLERS)
