"""Roadmap parameters: phases, initiatives, effort, caps, risks."""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.gate import StopSign
from app.domain.definitions.record import Number, Text, record
from app.domain.definitions.stage import GateItem


@record
class Phase:
    """One phase of the roadmap. ``days`` is its length; None runs on.

    A roadmap begins with the ``align`` phase, then the first phase whose ``from_stages`` holds the
    verdict, and goes on in order. A ``repair`` phase is put in before it when scale is ahead of
    capability by more than the pilot can mend. ``cap`` limits the initiatives in a phase,
    ``factor`` is what a KPI may grow by within it, ``stage`` the stage whose staffing applies.
    ``exit_stage`` names the stage whose exit gate closes it; ``exit_items`` say it in words.
    ``pilot`` phases work with a pilot's users only.

    ``gate`` are the lines that decide whether the phase is left, where no ``exit_stage`` has them;
    ``repair_days`` the length of the loop after it failed, where that is not the roadmap's own;
    ``stops`` are what ends the phase at once, whatever else passes.
    """

    id: str
    code: str
    title: Text
    purpose: Text
    kind: Literal["align", "repair", "build"]
    days: int | None
    cap: int | None
    factor: Number
    exit: Text
    exit_items: tuple[Text, ...]
    go: Text
    fix: Text
    stop: Text
    stage: str
    from_stages: tuple[str, ...] = ()
    exit_stage: str | None = None
    kpis: tuple[str, ...] = ()
    pilot: bool = False
    gate: tuple[GateItem, ...] = ()
    repair_days: int | None = None
    stops: tuple[StopSign, ...] = ()


@record
class InitiativeTemplate:
    """A bundle of SOPs that are introduced together, as one line of the roadmap.

    It enters a plan when one of its ``sops`` is selected; only selected SOPs run. ``earliest`` is
    the first phase it may stand in; ``outcome`` is what exists when it is finished. ``core`` work
    makes its phase what it is: it stands there even when the team's days do not suffice.
    """

    id: str
    title: Text
    sops: tuple[str, ...]
    earliest: str
    effort: Literal["L", "M", "H"]
    owner: str
    outcome: Text
    supports: tuple[str, ...] = ()
    core: bool = False


@record
class WeekLine:
    """One line of the default plan of the first ninety days."""

    id: str
    weeks: Text
    first_week: int
    last_week: int
    title: Text
    sops: tuple[str, ...]


@record
class Risk:
    """A risk the plan carries. ``when`` (a condition) tells for which enterprise it is printed."""

    id: str
    title: Text
    sign: Text
    answer: Text
    owner: str
    when: str | None = None


@record
class RoadmapModel:
    """The phases and the arithmetic of filling them.

    ``effort_days`` maps L/M/H to working days; ``capacity_share`` is the share of the team's days
    that improvement work may take; ``repair_days`` is the loop after a gate failed once;
    ``pilot_users`` and ``pilot_units`` size a pilot.
    """

    phases: tuple[Phase, ...]
    effort_days: Mapping[Literal["L", "M", "H"], int]
    capacity_share: Number
    initiatives: tuple[InitiativeTemplate, ...]
    repair_days: int
    pilot_users: int
    pilot_units: int
    weeks: tuple[WeekLine, ...]
    risks: tuple[Risk, ...]
