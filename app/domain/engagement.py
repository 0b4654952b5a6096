"""Where an engagement stands: four steps and five lights, always derived, never typed.

The method goes in four steps (diagnose → align → design → coach). What makes a step done:

- **diagnose**: the diagnosis is worth issuing (``app.domain.completeness``).
- **align**: diagnose is done, no question waits for the consultant's ruling
  (``app.domain.adjudication``), and every finding the report puts first or next is decided:
  accepted or edited. A rejected one leaves the findings, and the next moves up to be decided.
  Once coaching runs it is done: the client works by what was aligned. What a later answer leaves
  to rule on or to decide is then a hint beside coaching, not a step in progress.
- **design**: a plan was decided, and a report with that very plan was issued. Deciding a later
  plan opens the step again until it is issued too.
- **coach**: begins on the first day of an issued plan, at the latest with its first gate review.
  It has no end of its own; while it lasts it wants the gate of the running phase reviewed as soon
  as that is due.

Otherwise a step is done by its own conditions alone: an answer that arrives after the report may
open diagnose again, and align until coaching begins, and the report stays issued. So the row may
show a gap; it is true.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.completeness import Completeness
from app.domain.diagnosis import PanelCell, panel_view
from app.domain.rules import Diagnostics
from app.domain.world import World

Step: TypeAlias = Literal["diagnose", "align", "design", "coach"]
Progress: TypeAlias = Literal["not-begun", "under-way", "done"]
Wanting: TypeAlias = Literal[
    "answers",
    "roles",
    "areas",
    "facts",
    "diagnosis",
    "adjudications",
    "findings",
    "plan",
    "report",
    "start",
    "gate",
]

STEPS: Final[tuple[Step, ...]] = ("diagnose", "align", "design", "coach")


@dataclass(frozen=True, slots=True)
class EngagementRecord:
    """What is on record of an engagement, as plain values.

    ``open_adjudications`` and ``adjudications`` count questions to be ruled on and ruled on,
    ``undecided`` and ``decided`` findings. ``plan`` is the newest plan revision decided,
    ``reported_plan`` the newest one in an issued report, ``plan_start`` the first day of the
    latter, ``gate_on`` the day the running phase's gate is due; None where there is none.
    ``reviewed`` says that a gate was reviewed.
    """

    completeness: Completeness
    open_adjudications: int = 0
    adjudications: int = 0
    undecided: int = 0
    decided: int = 0
    plan: int | None = None
    reports: int = 0
    reported_plan: int | None = None
    plan_start: date | None = None
    gate_on: date | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class StepState:
    """One step: how far it is, and what it still wants before it is done.

    What coaching wants, it wants before it begins or goes on. What a step wants that is done is
    worth doing, and nothing waits for it.
    """

    step: Step
    progress: Progress
    wants: tuple[Wanting, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the step is done."""
        return self.progress == "done"


@dataclass(frozen=True, slots=True)
class EngagementState:
    """The four steps in order."""

    steps: tuple[StepState, ...]

    @property
    def current(self) -> StepState:
        """The step to work on: the first that is not done."""
        return next(step for step in self.steps if not step.done)

    @property
    def wants(self) -> tuple[Wanting, ...]:
        """What to do next: for the current step, for coaching if it runs, then what is left open.

        Left open is what a step still wants that is done.
        """
        beside = [
            step
            for step in reversed(self.steps)
            if step.done or (step.step == "coach" and step.progress == "under-way")
        ]
        rest = (want for step in beside if step is not self.current for want in step.wants)
        return (*self.current.wants, *rest)


def engagement_state(record: EngagementRecord, today: date) -> EngagementState:
    """Return the four steps of an engagement as of a day."""
    diagnose, coach = _diagnose(record), _coach(record, today)
    align = _align(record, diagnose, coached=coach.progress == "under-way")
    return EngagementState((diagnose, align, _design(record), coach))


def undecided_findings(diagnostics: Diagnostics) -> tuple[str, ...]:
    """Return the rules whose finding has still to be decided before the step "align" is done.

    Those the report puts first or next (``must`` and ``should``). What comes later stands in the
    appendix and may be decided as well, but nothing waits for it.
    """
    before_the_client = (*diagnostics.must, *diagnostics.should)
    return tuple(finding.rule.id for finding in before_the_client if finding.decision is None)


def lights(world: World) -> tuple[PanelCell, ...]:
    """Return the deliverables of the method (the five ones), each with its status.

    They are the cells of the model's status panel; ``status`` is None where a cell is not rated.
    Empty for a model without such a panel.
    """
    panels = world.model.content.panels
    panel = next((panel for panel in panels if panel.kind == "status"), None)
    return panel_view(world, panel).cells if panel is not None else ()


def _diagnose(record: EngagementRecord) -> StepState:
    lacks = record.completeness.lacks
    if not lacks:
        return StepState("diagnose", "done")
    wants: tuple[Wanting, ...] = tuple(lack.kind for lack in lacks)
    return StepState("diagnose", "under-way" if record.completeness.begun else "not-begun", wants)


def _align(record: EngagementRecord, diagnose: StepState, *, coached: bool) -> StepState:
    wants: list[Wanting] = []
    if not diagnose.done and not coached:
        wants.append("diagnosis")
    if record.open_adjudications:
        wants.append("adjudications")
    if record.undecided:
        wants.append("findings")
    if coached:
        return StepState("align", "done", tuple(wants))
    return _state("align", wants, begun=bool(record.adjudications or record.decided))


def _design(record: EngagementRecord) -> StepState:
    wants: list[Wanting] = []
    if record.plan is None:
        wants.append("plan")
    if record.plan is None or record.reported_plan != record.plan:
        wants.append("report")
    return _state("design", wants, begun=record.plan is not None or record.reports > 0)


def _coach(record: EngagementRecord, today: date) -> StepState:
    if record.reported_plan is None and not record.reviewed:
        return StepState("coach", "not-begun", ("report",))
    if not record.reviewed and (record.plan_start is None or today < record.plan_start):
        return StepState("coach", "not-begun", ("start",))
    due = record.gate_on is not None and record.gate_on <= today
    return StepState("coach", "under-way", ("gate",) if due else ())


def _state(step: Step, wants: list[Wanting], *, begun: bool) -> StepState:
    if not wants:
        return StepState(step, "done")
    return StepState(step, "under-way" if begun else "not-begun", tuple(wants))
