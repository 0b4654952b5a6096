"""The three readings of a stage verdict with the conditions behind them and the client's values."""

from dataclasses import dataclass
from typing import Literal

from app.domain.definitions.stage import Stage, StageModel
from app.domain.expression import UNKNOWN, Trace
from app.domain.stage import StageVerdict
from app.domain.world import World
from app.reporting.charts import StageReading
from app.reporting.conditions import Conditions
from app.reporting.context.source import Source

Kind = Literal["scale", "economic", "capability"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading.

    ``stage`` is where it points ("未知" where facts are missing), ``because`` the conditions that
    hold with the client's values, ``means`` the model's sentence for that stage, ``lacks`` what
    keeps it from the next stage, or what it waits for. ``ahead`` marks the reading the verdict
    warns about.
    """

    title: str
    stage: str
    because: tuple[str, ...]
    means: str
    lacks: tuple[str, ...]
    ahead: bool


class Readings:
    """Explains the readings of one verdict."""

    def __init__(self, source: Source, verdict: StageVerdict, ladder: StageModel) -> None:
        self._source = source
        self._say = source.wording.translate
        self._verdict = verdict
        self._ladder = ladder
        self._conditions = Conditions(source)
        # The diagnosis keeps results, not the inputs of conditions; the world gives them again.
        self._world = World(source.model, source.diagnosis.assessment)

    def all(self) -> tuple[Reading, ...]:
        """Return scale, economics and capability."""
        verdict = self._verdict
        return (
            self._reading(self._say("规模读数"), "scale", verdict.scale),
            self._reading(self._say("经济读数"), "economic", verdict.economics),
            self._reading(self._say("能力读数"), "capability", verdict.capability),
        )

    def drawn(self) -> tuple[StageReading, ...]:
        """Return the readings as the chart of stages wants them."""
        kinds: tuple[tuple[str, int | None], ...] = (
            (self._say("规模"), self._verdict.scale),
            (self._say("经济"), self._verdict.economics),
            (self._say("能力"), self._verdict.capability),
        )
        return tuple(
            StageReading(title, place, alert=place is not None and place > self._verdict.verdict)
            for title, place in kinds
        )

    def state(self, condition: str) -> bool | None:
        """Return whether a condition holds; None while it is undecided."""
        return self._world.holds(condition)

    def holds(self, condition: str) -> tuple[str, ...]:
        """Return the client's values in a condition, if it holds; empty if it does not."""
        trace = self._trace(condition)
        if trace.result is not True:
            return ()
        return tuple(self._conditions.chip(atom) for atom in trace.decisive())

    def _trace(self, condition: str) -> Trace:
        return self._source.model.expression(condition).trace(self._world)

    def _reading(self, title: str, kind: Kind, place: int | None) -> Reading:
        stages = self._verdict.stages
        if place is None:
            return Reading(
                title=title,
                stage=self._say("未知"),
                because=(),
                means="",
                lacks=self._waits_for(kind),
                ahead=False,
            )
        stage = stages[place]
        return Reading(
            title=title,
            stage=f"{stage.code} {stage.title}",
            because=self._because(stage, kind),
            means=_means(stage, kind),
            lacks=self._lacks(kind, place),
            ahead=place > self._verdict.verdict,
        )

    def _because(self, stage: Stage, kind: Kind) -> tuple[str, ...]:
        condition = _condition(stage, kind)
        return self.holds(condition) if condition is not None else ()

    def _lacks(self, kind: Kind, place: int) -> tuple[str, ...]:
        """Return what keeps a reading from the next stage that has a condition of its kind."""
        if kind == "scale":
            # Scale is tried in its own order, largest first or not: "the next one" has no meaning.
            return ()
        for stage in self._verdict.stages[place + 1 :]:
            condition = _condition(stage, kind)
            if condition is None:
                continue
            trace = self._trace(condition)
            if trace.result is True:
                continue
            wanted = tuple(
                self._conditions.required(atom, True)
                for atom in trace.decisive()
                if atom.references and atom.result is not UNKNOWN
            )
            return (*wanted, *self._missing(trace))
        return ()

    def _waits_for(self, kind: Kind) -> tuple[str, ...]:
        """Return the figures that would let a reading be taken."""
        conditions = [_condition(stage, kind) for stage in self._verdict.stages]
        return self._missing(*(self._trace(text) for text in conditions if text is not None))

    def _missing(self, *traces: Trace) -> tuple[str, ...]:
        references = dict.fromkeys(
            reference
            for trace in traces
            for atom in trace.atoms()
            if atom.result is UNKNOWN
            for reference in atom.missing
        )
        if not references:
            return ()
        names = [self._conditions.subject(reference) for reference in references]
        return (self._say("缺：{}").format(self._source.wording.joined(names)),)


def _condition(stage: Stage, kind: Kind) -> str | None:
    return {"scale": stage.scale, "economic": stage.economic, "capability": stage.capability}[kind]


def _means(stage: Stage, kind: Kind) -> str:
    return {
        "scale": stage.scale_reads,
        "economic": stage.economic_reads,
        "capability": stage.capability_reads,
    }[kind]
