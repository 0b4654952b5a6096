"""At which stage the enterprise stands: three readings, a verdict, exit gates, regress."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from app.domain.definitions.stage import GateItem, Regress, Stage, StageModel
from app.domain.world import World

Mismatch = Literal["scale-ahead", "capability-ahead"]


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One line of an exit gate today: ``passed`` None where it is not measured."""

    item: GateItem
    value: Fraction | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """The three readings and the verdict, as positions in ``stages`` (0 = not started).

    A reading is None where the facts for it are missing. ``regress`` lists the conditions that
    hold and pull the verdict back; ``preparing`` says the next stage's gate is mostly passed.
    """

    stages: tuple[Stage, ...]
    scale: int | None
    economics: int | None
    capability: int | None
    verdict: int
    mismatch: Mismatch | None
    ahead_by: int
    overdue: bool
    months: Fraction | None
    data_weeks: Fraction | None
    preparing: bool
    gates: tuple[tuple[GateCheck, ...], ...]
    regress: tuple[Regress, ...]

    @property
    def decided(self) -> bool:
        """Whether any reading is known; nothing said is not "not started"."""
        readings = (self.scale, self.economics, self.capability)
        return any(reading is not None for reading in readings)

    @property
    def stage(self) -> Stage:
        """The stage of the verdict."""
        return self.stages[self.verdict]


def classify(world: World) -> StageVerdict | None:
    """Read scale, economics and capability and give the verdict; None if the model has no stages.

    The verdict is the lowest of scale, economics (if known) and capability — with economics known
    capability may lag one stage — and never beyond the model's cap while data are too few. The
    readings are then put into ``world`` for the rules.
    """
    ladder = world.model.content.stage_model
    if ladder is None:
        return None
    position = {stage.id: place for place, stage in enumerate(ladder.stages)}
    scale = _scale(world, ladder, position)
    economics = _highest(world, ladder, "economic")
    capability = _highest(world, ladder, "capability")
    weeks = world.number(ladder.data_weeks)
    candidates = _candidates(scale, economics, capability)
    if weeks is not None and weeks < ladder.data_weeks_minimum:
        candidates.append(position[ladder.data_cap])
    verdict = min(candidates, default=0)
    regress = tuple(r for r in ladder.regress if world.holds(r.when) is True)
    for rule in regress:
        verdict = min(verdict, position[rule.to])
    months = world.number(ladder.months_since_launch)
    gates = tuple(check_gate(world, stage.exit_gate) for stage in ladder.stages)
    found = StageVerdict(
        stages=ladder.stages,
        scale=scale,
        economics=economics,
        capability=capability,
        verdict=verdict,
        mismatch=_mismatch(scale, capability, verdict),
        ahead_by=(scale or verdict) - verdict,
        overdue=(
            verdict <= position[ladder.overdue_stage]
            and months is not None
            and months >= ladder.overdue_months
        ),
        months=months,
        data_weeks=weeks,
        preparing=_preparing(ladder, gates[verdict]),
        gates=gates,
        regress=regress,
    )
    world.set_stage(scale=scale, verdict=verdict if found.decided else None)
    return found


def _scale(world: World, ladder: StageModel, position: dict[str, int]) -> int | None:
    for name in ladder.scale_order:
        condition = ladder.stages[position[name]].scale
        if condition is None:
            continue
        holds = world.holds(condition)
        if holds is True:
            return position[name]
    return None


def _highest(
    world: World, ladder: StageModel, reading: Literal["economic", "capability"]
) -> int | None:
    """Return the highest stage whose condition holds; None when none does or none is known."""
    best = None
    for place, stage in enumerate(ladder.stages):
        condition = getattr(stage, reading)
        if condition is not None and world.holds(condition) is True:
            best = place
    return best


def _candidates(scale: int | None, economics: int | None, capability: int | None) -> list[int]:
    if economics is None:
        return [reading for reading in (scale, capability) if reading is not None]
    lagging = [] if capability is None else [capability + 1]
    return [reading for reading in (scale, economics) if reading is not None] + lagging


def _mismatch(scale: int | None, capability: int | None, verdict: int) -> Mismatch | None:
    if scale is not None and scale - verdict >= 1:
        return "scale-ahead"
    if scale is not None and capability is not None and capability > scale:
        return "capability-ahead"
    return None


def check_gate(world: World, items: tuple[GateItem, ...]) -> tuple[GateCheck, ...]:
    """Return what the diagnosis itself says of the lines of a gate."""
    return tuple(_check(world, item) for item in items)


def _check(world: World, item: GateItem) -> GateCheck:
    value = world.number(item.value) if item.value is not None else None
    holds = world.holds(item.check) if item.check is not None else None
    return GateCheck(item, value, holds)


def _preparing(ladder: StageModel, checks: tuple[GateCheck, ...]) -> bool:
    if not checks:
        return False
    needed = ceil(Fraction(ladder.preparation_share) * len(checks))
    return sum(check.passed is True for check in checks) >= needed
