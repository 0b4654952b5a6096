"""The first page of the portal: how far the engagement is, what comes next, what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.engagement import lights
from app.services.acting import Acting
from app.services.engagements.progress import LightState
from app.services.engagements.undertaking import LightView, StepView, engagement_view
from app.services.portal.comments import threads_of
from app.services.portal.shared import (
    NewestShared,
    SharedVersion,
    newest_shared,
    shared_with_client,
)

DateKind: TypeAlias = Literal["begins", "gate"]

_LIGHTS: Final[Mapping[str, LightState]] = {"full": "done", "half": "part", "empty": "missing"}
NEXT: Final = 4
"""Dates the first page tells."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """A day ahead in the shared plan: a phase begins, or its gate is checked."""

    day: date
    kind: DateKind
    phase: str


@dataclass(frozen=True, slots=True)
class PortalHome:
    """The first page.

    ``lights`` and ``dates`` are those of the newest shared version; empty without one, as is
    ``headline``, its conclusion. ``answered`` are findings the consultant had the last word on.
    """

    steps: tuple[StepView, ...]
    lights: tuple[LightView, ...]
    dates: tuple[DateLine, ...]
    newest: SharedVersion | None
    findings: int
    answered: int


def portal_home(acting: Acting, engagement: str) -> PortalHome:
    """Return the first page of an engagement; raises ``NotFoundError``.

    A store manager is told the steps alone.
    """
    steps = engagement_view(acting, engagement).steps
    if acting.store:
        return PortalHome(steps, (), (), None, 0, 0)
    shared = newest_shared(acting, engagement)
    versions = shared_with_client(acting, engagement)
    if shared is None:
        return PortalHome(steps, (), (), None, 0, 0)
    talks = threads_of(acting, engagement)
    return PortalHome(
        steps=steps,
        lights=_lights(shared),
        dates=_dates(shared, acting.today),
        newest=versions[0] if versions else None,
        findings=len(accepted(shared)),
        answered=sum(not talk.waits for talk in talks),
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


def _dates(shared: NewestShared, today: date) -> tuple[DateLine, ...]:
    found = shared.source.diagnosis.plan.roadmap
    lines = []
    for planned in found.phases if found is not None else ():
        title = f"{planned.phase.code} {planned.phase.title}"
        lines.append(DateLine(planned.start, "begins", title))
        if planned.phase.days is not None and planned.phase.kind != "align":
            lines.append(DateLine(planned.end, "gate", title))
    ahead = (line for line in lines if line.day >= today)
    return tuple(sorted(ahead, key=lambda line: line.day)[:NEXT])
