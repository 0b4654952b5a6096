"""The review of a phase's gate: go, fix or stop, computed from the actuals.

- **stop**: a sign of stopping holds, a line is past repair, or the gate fails a second time. The
  plan goes back one phase.
- **fix**: the gate fails for the first time. A repair loop opens (15 days in the private-domain
  model) with the SOPs of the lines that failed, the worst first; then it is reviewed again.
- **open**: nothing failed, but a line is missing or only waits. Neither go nor failure: what is
  missing is named, and no review is used up.
- **go**: every line passes, or was set aside for a reason.

A failed line decides even while others are missing: the gate cannot pass any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.carriers import carriers
from app.domain.check_in import carried_out_from
from app.domain.definitions.gate import GateMetric, StopSign
from app.domain.definitions.roadmap import Phase, RoadmapModel
from app.domain.definitions.stage import GateItem
from app.domain.due_tasks import SopRun
from app.domain.execution import on_time_by_sop
from app.domain.gate_reading import GateEvidence, GateLine, read_line, sign_holds
from app.domain.model import MaturityModel
from app.domain.planning import Task

GateVerdict: TypeAlias = Literal["go", "fix", "stop", "open"]
StopReason: TypeAlias = Literal["sign", "past-repair", "second-failure"]


@dataclass(frozen=True, slots=True)
class RepairLoop:
    """The loop after a gate failed once: its days, the lines that failed, the SOPs concerned.

    Both lists have the worst first. The gate is reviewed again after ``last``.
    """

    phase: str
    first: date
    last: date
    lines: tuple[GateLine, ...]
    sops: tuple[str, ...]

    def runs(self) -> tuple[SopRun, ...]:
        """Return the SOPs set going once more, as tasks of the loop (``due_tasks``)."""
        name = f"repair-{self.phase}-{self.first.isoformat()}"
        return tuple(
            SopRun(f"{name}-{sop}", sop, self.first, whole=True, until=self.last)
            for sop in self.sops
        )


@dataclass(frozen=True, slots=True)
class GateReview:
    """A phase's gate on the day it was reviewed.

    ``signs`` are those of stopping that hold. ``repair`` is set for fix; for stop, ``reason`` says
    why and ``back_to`` where the plan goes on: None from the first phase, which has none before it.
    """

    phase: Phase
    on: date
    verdict: GateVerdict
    lines: tuple[GateLine, ...]
    signs: tuple[StopSign, ...]
    repair: RepairLoop | None = None
    reason: StopReason | None = None
    back_to: Phase | None = None

    @property
    def failed(self) -> tuple[GateLine, ...]:
        """The lines that failed and count, the worst first."""
        return worst_first(decisive(self.lines))

    @property
    def missing(self) -> tuple[GateLine, ...]:
        """The lines nobody gave an actual for, or that are not there yet."""
        return tuple(line for line in self.lines if line.state in ("missing", "waiting"))


def gate_items(model: MaturityModel, phase: Phase) -> tuple[GateItem, ...]:
    """Return the lines of a phase's gate: its own, else the exit gate of the stage it leads out of.

    Empty for a phase without a gate.
    """
    ladder = model.content.stage_model
    if phase.gate or ladder is None or phase.exit_stage is None:
        return phase.gate
    return next(stage.exit_gate for stage in ladder.stages if stage.id == phase.exit_stage)


def review_gate(
    model: MaturityModel, evidence: GateEvidence, tasks: Iterable[Task], on: date
) -> GateReview:
    """Return the review of the gate of the evidence's phase on a day; ``tasks`` are the roadmap's.

    Raises ``ValueError`` where what was stated does not fit its line.
    """
    phase = evidence.phase.phase
    lines = tuple(read_line(evidence, item, on) for item in gate_items(model, phase))
    signs = tuple(sign for sign in phase.stops if _held(evidence, sign, on))
    failed = decisive(lines)
    reason: StopReason | None = None
    if signs:
        reason = "sign"
    elif any(line.past_repair for line in failed):
        reason = "past-repair"
    elif failed and evidence.failed:
        reason = "second-failure"
    if reason is not None:
        back = phase_before(model.content.roadmap, phase)
        return GateReview(phase, on, "stop", lines, signs, reason=reason, back_to=back)
    if failed:
        loop = _repair(model, evidence, worst_first(failed), tuple(tasks), on)
        return GateReview(phase, on, "fix", lines, signs, repair=loop)
    return GateReview(phase, on, "go" if _passes(lines) else "open", lines, signs)


def decisive(lines: Sequence[GateLine]) -> tuple[GateLine, ...]:
    """Return the lines that fail the gate: of a group, of which one must pass, all or none."""
    return tuple(
        line
        for line in lines
        if line.state == "failed" and all(one.state == "failed" for one in _group(lines, line))
    )


def _passes(lines: Sequence[GateLine]) -> bool:
    """Return whether every line is passed or set aside, of a group one."""
    fine = ("passed", "waived")
    return all(any(one.state in fine for one in _group(lines, line)) for line in lines)


def _group(lines: Sequence[GateLine], line: GateLine) -> list[GateLine]:
    name = _metric(line).one_of
    return [line] if name is None else [one for one in lines if _metric(one).one_of == name]


def _metric(line: GateLine) -> GateMetric:
    return line.item.metric or GateMetric()


def worst_first(lines: Iterable[GateLine]) -> tuple[GateLine, ...]:
    """Return lines ordered by how far they fall short of their bounds."""
    return tuple(sorted(lines, key=lambda line: -line.short))


def _held(evidence: GateEvidence, sign: StopSign, on: date) -> bool:
    """Return whether a sign of stopping is known to hold."""
    return bool(sign.checks) and all(
        sign_holds(evidence.actuals, check, on) is True for check in sign.checks
    )


def phase_before(roadmap: RoadmapModel | None, phase: Phase) -> Phase | None:
    """Return the phase a failed one goes back to: the one before it, repairs aside."""
    before: Phase | None = None
    for other in roadmap.phases if roadmap is not None else ():
        if other.id == phase.id:
            return before
        if other.kind != "repair":
            before = other
    return None


def phase_after(roadmap: RoadmapModel | None, phase: Phase) -> Phase | None:
    """Return the phase that a passed one leads to, repairs aside; None after the last."""
    passed = False
    for other in roadmap.phases if roadmap is not None else ():
        if passed and other.kind != "repair":
            return other
        passed = passed or other.id == phase.id
    return None


def _repair(
    model: MaturityModel,
    evidence: GateEvidence,
    failed: tuple[GateLine, ...],
    tasks: tuple[Task, ...],
    on: date,
) -> RepairLoop:
    phase, roadmap = evidence.phase.phase, model.content.roadmap
    days = phase.repair_days or (roadmap.repair_days if roadmap is not None else 0)
    planned = {task.sop for task in tasks}
    sops: dict[str, None] = {}
    for line in failed:
        concerned = sops_concerned(model, evidence, line, tasks, on)
        # What the plan does not carry out is repaired by what it does, where there is any.
        sops.update(dict.fromkeys([s for s in concerned if s in planned] or concerned))
    first = on + timedelta(days=1)
    return RepairLoop(phase.id, first, on + timedelta(days=days), failed, tuple(sops))


def sops_concerned(
    model: MaturityModel,
    evidence: GateEvidence,
    line: GateLine,
    tasks: Iterable[Task],
    on: date,
) -> tuple[str, ...]:
    """Return the SOPs a line rests on, where it is short because of them.

    Those the line names; for an on-time share those carried out worst; else those that carry its
    KPI, and those that lift its areas.
    """
    metric = _metric(line)
    if metric.reading == "on-time":
        lagging = _lagging(model, evidence, on)
        if lagging:
            return lagging
    if metric.sops:
        return metric.sops
    found = [one.sop for one in carriers(model, metric.kpi, tasks)] if metric.kpi else []
    found += [sop for area in metric.areas for sop in model.sops_lifting.get(area, ())]
    return tuple(dict.fromkeys(found))


def _lagging(model: MaturityModel, evidence: GateEvidence, on: date) -> tuple[str, ...]:
    """Return the SOPs of the phase whose tasks were not carried out, the worst first."""
    enough = carried_out_from(model) or Fraction(100)
    shares = on_time_by_sop(evidence.tracked, evidence.phase.start, on, on)
    low = {
        sop: share.percent
        for sop, share in shares.items()
        if share.percent is not None and share.percent < enough
    }
    return tuple(sorted(low, key=lambda sop: (low[sop], sop)))
