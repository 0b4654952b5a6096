"""The first page of the portal: how far the engagement is, what comes next, what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.engagement import lights
from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached, NotCoachedError
from app.services.engagements.progress import LightState
from app.services.engagements.undertaking import LightView, StepView, engagement_view
from app.services.errors import NotFoundError
from app.services.portal.agenda import AgendaItem, milestones_of
from app.services.portal.coached import client_tasks, shared_coaching
from app.services.portal.comments import threads_of
from app.services.portal.shared import (
    NewestShared,
    SharedVersion,
    newest_shared,
    shared_with_client,
)

_LIGHTS: Final[Mapping[str, LightState]] = {"full": "done", "half": "part", "empty": "missing"}
NEXT: Final = 4
"""Dates the first page tells."""


@dataclass(frozen=True, slots=True)
class WeekSoFar:
    """The tasks of this week: how many were done, are due in all, are overdue."""

    done: int
    due: int
    overdue: int


@dataclass(frozen=True, slots=True)
class PhaseNow:
    """The phase at work: its days, when its gate is due (None: no gate), and the repair's end."""

    title: str
    first: date
    last: date
    gate_on: date | None
    is_due: bool
    repair_until: date | None


@dataclass(frozen=True, slots=True)
class PortalHome:
    """The first page.

    ``lights`` are those of the newest shared version; empty without one. ``dates`` are the next
    ones of the plan. ``answered`` are findings the consultant had the last word on; ``phase`` and
    ``week`` are None while there is no coaching, and no tasks for the person.
    """

    steps: tuple[StepView, ...]
    lights: tuple[LightView, ...]
    dates: tuple[AgendaItem, ...]
    newest: SharedVersion | None
    findings: int
    answered: int
    week: WeekSoFar | None
    phase: PhaseNow | None


def portal_home(acting: Acting, engagement: str) -> PortalHome:
    """Return the first page of an engagement; raises ``NotFoundError``.

    A store manager is told of steps, dates and the store's own tasks alone.
    """
    steps = engagement_view(acting, engagement).steps
    week = _week(acting, engagement)
    coached = shared_coaching(acting, engagement)
    phase = _phase(coached) if coached is not None else None
    milestones = milestones_of(acting, engagement, coached)
    ahead = [item for item in milestones if item.day >= acting.today]
    dates = tuple(ahead[:NEXT])
    shared = None if acting.store else newest_shared(acting, engagement)
    if shared is None:
        return PortalHome(steps, (), dates, None, 0, 0, week, phase)
    versions = shared_with_client(acting, engagement)
    talks = threads_of(acting, engagement)
    return PortalHome(
        steps=steps,
        lights=_lights(shared),
        dates=dates,
        newest=versions[0] if versions else None,
        findings=len(accepted(shared)),
        answered=sum(not talk.waits for talk in talks),
        week=week,
        phase=phase,
    )


def _phase(coached: Coached) -> PhaseNow:
    running, repair = coached.running, coached.repair
    gate = coached.gate_on
    return PhaseNow(
        title=running.phase.title,
        first=running.start,
        last=running.end,
        gate_on=gate,
        is_due=gate is not None and gate <= coached.today,
        repair_until=repair.repair_last if repair is not None else None,
    )


def accepted(shared: NewestShared) -> tuple[str, ...]:
    """Return the rules of the findings the consultant confirmed or reworded, most urgent first."""
    return tuple(
        finding.rule.id
        for finding in shared.source.diagnosis.diagnostics.findings
        if finding.decision is not None and finding.decision.verdict != "rejected"
    )


def _lights(shared: NewestShared) -> tuple[LightView, ...]:
    return tuple(
        LightView(cell.id, cell.title, _LIGHTS[cell.status.mark] if cell.status else "unknown")
        for cell in lights(shared.source.diagnosis.basis.world)
    )


def _week(acting: Acting, engagement: str) -> WeekSoFar | None:
    try:
        board = client_tasks(acting, engagement, None, "", "")
    except (NotCoachedError, NotFoundError):
        # No plan to work by yet, or a store that takes no part.
        return None
    done = board.counts["done"] + board.counts["late"]
    return WeekSoFar(done, len(board.lines), board.overdue)
