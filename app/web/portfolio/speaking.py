"""The portfolio in words and on one chart."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.adoption import AdviceLine, KpiMove
from app.domain.benchmark_cells import INDEX, BenchmarkCell
from app.domain.model import MaturityModel
from app.domain.portfolio import ArchetypeLine, LimitingFactor
from app.reporting.charts import StandingPoint, Theme, Words, standings_chart
from app.reporting.wording import Wording
from app.services.portfolio.board import ClientRow, Portfolio
from app.web.coaching.figures import FigureWords
from app.web.presenting import say

KINDS: Final = {"clients": "客户实测", "prior": "专家参考值", "none": "没有"}
_MOST_ADVICE: Final = 30


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A client as the table shows it."""

    row: ClientRow
    index: str
    gained: str
    change: str
    level: str
    stage: str
    limiting: str
    archetype: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """A benchmark in words: its figure, value, what kind it is and on how many it rests."""

    title: str
    code: str
    value: str
    spread: str
    kind: str
    n: int
    basis: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """What a KPI did where a recommendation was begun."""

    title: str
    before: str
    after: str
    n: int
    words: str


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """How far a recommendation got."""

    code: str
    title: str
    clients: int
    rejected: int
    agreed: int
    planned: int
    begun: int
    moves: tuple[MoveRow, ...]


class PortfolioWords:
    """Says a portfolio in the reader's language."""

    def __init__(self, found: Portfolio, locale: str) -> None:
        self.found = found
        self.model: MaturityModel = found.model
        self.wording = Wording(found.model, locale)
        self.figures = FigureWords(found.model, locale)
        ladder = found.model.content.stage_model
        self._stages = {one.id: one.title for one in ladder.stages} if ladder is not None else {}

    def archetype(self, name: str | None) -> str:
        """Return an archetype's title."""
        found = self.model.archetypes.get(name or "")
        return found.title if found is not None else say("没有说明")

    def stage(self, name: str | None) -> str:
        """Return a stage's title."""
        return self._stages.get(name or "", say("未定"))

    def level(self, level: int | None) -> str:
        """Return a level's name."""
        return self.wording.level(level)

    def clients(self) -> tuple[StandingRow, ...]:
        """Return the clients, the highest index first."""
        return tuple(self._client(row) for row in self.found.clients)

    def _client(self, row: ClientRow) -> StandingRow:
        standing = row.standing
        gained = standing.gained
        return StandingRow(
            row=row,
            index=self.wording.score(standing.index),
            gained=self.wording.signed(gained) if gained is not None else "",
            change="" if not gained else "better" if gained > 0 else "worse",
            level=self.level(standing.level),
            stage=self.stage(standing.stage),
            limiting=self.limiting(standing.limiting),
            archetype=self.archetype(standing.archetype),
        )

    def limiting(self, factor: LimitingFactor | None) -> str:
        """Return what holds a client down most."""
        if factor is None:
            return "—"
        through = self.wording.joined([self._thing(name) for name in factor.through[:3]])
        title = self._gate(factor.id) if factor.kind == "gate" else self._thing(factor.id)
        return say("{thing}（{through}）", thing=title, through=through) if through else title

    def _thing(self, name: str) -> str:
        found = self.model.dimensions.get(name) or self.model.areas.get(name)
        return found.title if found is not None else name

    def _gate(self, name: str) -> str:
        gates = {gate.id: gate.title for gate in self.model.content.gates}
        return gates.get(name, name)

    def chart(self) -> Markup:
        """Return all rated clients on one plane; empty without any."""
        order = [*self._stages, None]
        rated = [one for one in self.clients() if one.row.standing.index is not None]
        used = {one.row.standing.stage for one in rated}
        columns = [name for name in order if name is not None or None in used]
        if not rated:
            return Markup("")
        return standings_chart(
            [
                StandingPoint(
                    label=one.row.name,
                    column=columns.index(one.row.standing.stage),
                    value=one.row.standing.index or Fraction(0),
                    level=str(one.row.standing.level or "–"),
                    note=one.limiting,
                )
                for one in rated
                if one.row.standing.stage in columns
            ],
            [self.stage(name) for name in columns],
            title=say("所有客户的指数、等级与阶段"),
            desc=say("横向是阶段，纵向是指数，圆里是等级；逐家的数见下表。"),
            theme=Theme(),
            words=Words.translated(say),
        )

    def spread(self, line: ArchetypeLine) -> list[tuple[str, int]]:
        """Return how many clients of an archetype stand at each level, the lowest first."""
        ordered = sorted(line.levels, key=lambda level: level or 0)
        return [(f"L{level}" if level else say("未评级"), line.levels[level]) for level in ordered]

    def held_by(self, line: ArchetypeLine) -> str:
        """Return what holds the clients of an archetype down, the most frequent first."""
        known = {gate.id for gate in self.model.content.gates}
        return say("、").join(
            say("{thing}{n}家", thing=self._gate(name) if name in known else self._thing(name), n=n)
            for name, n in line.limiting[:3]
        )

    def cells(self) -> tuple[CellRow, ...]:
        """Return the benchmarks, those of clients first."""
        rows = [self._cell(cell) for cell in self.found.cells]
        return tuple(sorted(rows, key=lambda row: row.n == 0))

    def _cell(self, cell: BenchmarkCell) -> CellRow:
        kpi = self.model.kpis.get(cell.figure)

        def shown(value: Fraction | None) -> str:
            if kpi is not None:
                return self.figures.value(kpi, value)
            return self.wording.score(value)

        spread = ""
        if cell.quartiles is not None:
            low, high = cell.quartiles
            spread = say("中间一半在{low}到{high}", low=shown(low), high=shown(high))
        title = say("指数") if cell.figure == INDEX else self._thing(cell.figure)
        return CellRow(
            title=kpi.title if kpi is not None else title,
            code=kpi.code if kpi is not None else "",
            value=shown(cell.median),
            spread=spread,
            kind=say(KINDS[cell.kind]),
            n=cell.n,
            basis=say("来源等级{grade}", grade=cell.grade) if cell.grade is not None else "",
        )

    def advice(self) -> tuple[AdviceRow, ...]:
        """Return the recommendations, those first whose KPIs are known, then those begun most."""
        ordered = sorted(self.found.advice, key=_known_first)
        return tuple(self._advice(line) for line in ordered[:_MOST_ADVICE])

    def _advice(self, line: AdviceLine) -> AdviceRow:
        rule = self.model.rules[line.rule]
        return AdviceRow(
            code=rule.code,
            title=rule.finding,
            clients=line.clients,
            rejected=line.rejected,
            agreed=line.reached.get("agreed", 0),
            planned=line.reached.get("planned", 0),
            begun=line.reached.get("begun", 0),
            moves=tuple(self._move(move) for move in line.moves),
        )

    def _move(self, move: KpiMove) -> MoveRow:
        kpi = self.model.kpis[move.kpi]
        return MoveRow(
            title=kpi.title,
            before=self.figures.value(kpi, move.median_before),
            after=self.figures.value(kpi, move.median_after),
            n=move.n,
            words=say("变好{up}家，变差{down}家", up=move.improved, down=move.worsened),
        )


def _known_first(line: AdviceLine) -> tuple[bool, int, int]:
    return not line.moves, -line.reached.get("begun", 0), -line.clients
