"""The plan as a client reads it: that of the newest shared version, not to be changed here."""

from dataclasses import dataclass
from datetime import date

from app.services.acting import Acting
from app.services.plans.reading import PlanReading
from app.services.portal.shared import newest_shared


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A plan in words, and the version of the report it belongs to."""

    version: int
    issued_on: date
    reading: PlanReading


def client_plan(acting: Acting, engagement: str) -> ClientPlan | None:
    """Return the plan a client sees; None before a version is shared.

    Raises ``NotFoundError`` and ``NotAllowedError``.
    """
    shared = newest_shared(acting, engagement)
    if shared is None:
        return None
    return ClientPlan(shared.version, shared.issued_on, PlanReading(shared.source))
