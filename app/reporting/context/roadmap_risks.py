"""The risks: which of this enterprise's own numbers call them, early sign, answer, owner."""

from dataclasses import dataclass
from typing import Final

from app.domain.definitions.roadmap import Risk
from app.domain.expression import Atom
from app.domain.roadmap import Roadmap
from app.domain.world import World
from app.reporting.conditions import STAGE_NAMES, Conditions
from app.reporting.context.source import Source

MOST: Final = 10
"""Risks printed, unless the client's own numbers call more."""


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One risk. ``because`` holds the client's values that call it, empty for a standing risk."""

    title: str
    because: tuple[str, ...]
    refs: tuple[str, ...]
    sign: str
    answer: str
    owner: str


def risk_rows(source: Source, roadmap: Roadmap) -> tuple[RiskRow, ...]:
    """Return the plan's risks: those the client's own numbers call, then standing ones.

    Standing risks fill up to ``MOST`` only: a long list of what might happen anywhere is not read.
    """
    world = World(source.model, source.diagnosis.assessment)
    stage = source.diagnosis.stage
    if stage is not None:
        world.set_stage(scale=stage.scale, verdict=stage.verdict)
    conditions = Conditions(source)
    rows = [_row(source, world, conditions, risk) for risk in roadmap.risks]
    called = [row for row in rows if row.because]
    standing = [row for row in rows if not row.because]
    return (*called, *standing[: max(0, MOST - len(called))])


def _row(source: Source, world: World, conditions: Conditions, risk: Risk) -> RiskRow:
    because: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    if risk.when is not None:
        trace = source.model.expression(risk.when).trace(world)
        atoms = trace.decisive()
        because = tuple(_because(source, conditions, atom) for atom in atoms)
        codes = [source.wording.code(ref) for atom in atoms for ref in atom.references]
        refs = tuple(dict.fromkeys(code for code in codes if code))
    return RiskRow(
        title=risk.title,
        because=because,
        refs=refs,
        sign=risk.sign,
        answer=risk.answer,
        owner=source.wording.role(risk.owner),
    )


def _because(source: Source, conditions: Conditions, atom: Atom) -> str:
    """Return an atom with the client's values; two stages set against each other by their codes."""
    stage = source.diagnosis.stage
    names = {reference.arguments[0] for reference in atom.references}
    if stage is None or stage.scale is None or names != STAGE_NAMES:
        return conditions.chip(atom)
    return source.wording.translate("规模已到{scale}，判定在{verdict}").format(
        scale=stage.stages[stage.scale].code, verdict=stage.stage.code
    )
