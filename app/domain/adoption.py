"""Which recommendations were taken up, and what the KPIs they name did before and after.

Before and after stand beside each other with the number of clients. That is no proof that the one
brought about the other: other things happen in the same weeks, and nobody is compared with a client
that did not take the recommendation up. The words for it are for the reader to choose, and "effect"
is none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.actuals import A_WEEK, Actuals
from app.domain.carriers import opening_days
from app.domain.definitions.kpi import Kpi
from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.domain.plan import Plan
from app.domain.planning import Task
from app.domain.portfolio import quantile
from app.domain.rules import Finding

Uptake: TypeAlias = Literal["rejected", "undecided", "agreed", "planned", "begun"]
"""How far a recommendation got with one client: rejected by the consultant, not decided, accepted
as a finding, one of its SOPs in the decided plan, one of them opened. Whoever decides a plan with
its SOPs has taken it up, also where nobody ruled on the finding itself."""

Ruling: TypeAlias = Literal["rejected", "undecided", "agreed"]
"""What the consultant said of a finding."""

ORDER: Final[tuple[Uptake, ...]] = ("rejected", "undecided", "agreed", "planned", "begun")


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Mean of a KPI over the weeks before and after a day, over ``weeks`` reported in each.

    ``better`` is the change in the KPI's own direction, as a share of the value before (1 = 100 %);
    None where that was 0. For a KPI without a good direction it is the plain change.
    """

    kpi: str
    before: Fraction
    after: Fraction
    weeks: tuple[int, int]
    better: Fraction | None


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation (rule id) to one client, how far it got, and its KPIs since.

    ``moved`` is empty unless it was begun and enough was measured.
    """

    client: str
    rule: str
    uptake: Uptake
    moved: tuple[BeforeAfter, ...] = ()


@dataclass(frozen=True, slots=True)
class KpiMove:
    """What a KPI did where a recommendation was begun, over ``n`` clients measured on both sides.

    ``improved`` and ``worsened`` count clients; the rest stayed. The medians are over the same
    ``n`` clients.
    """

    kpi: str
    n: int
    improved: int
    worsened: int
    median_before: Fraction
    median_after: Fraction
    median_better: Fraction | None


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One recommendation over all clients it was given to.

    ``reached`` counts the clients that got at least so far, from ``agreed`` on.
    """

    rule: str
    clients: int
    rejected: int
    undecided: int
    reached: Mapping[Uptake, int]
    moves: tuple[KpiMove, ...]


@dataclass(frozen=True, slots=True)
class Advised:
    """One recommendation (rule id) as it was given, before anybody looks at what became of it.

    ``ruling`` is the consultant's on the finding, ``planned`` tells whether one of its SOPs is in
    the decided plan, ``opens`` the day the first of them does.
    """

    rule: str
    ruling: Ruling
    planned: bool
    opens: date | None

    def uptake(self, today: date) -> Uptake:
        """Return how far it got by a day."""
        if self.ruling == "rejected":
            return "rejected"
        if self.opens is not None and self.opens <= today:
            return "begun"
        if self.planned:
            return "planned"
        return self.ruling


def advised(diagnosis: Diagnosis, plan: Plan | None, tasks: Iterable[Task]) -> tuple[Advised, ...]:
    """Return every recommendation of a diagnosis.

    ``plan`` is the decided one, None while there is none; ``tasks`` are those of its roadmap as
    dated now.
    """
    planned = {item.sop.id for item in plan.sops} if plan is not None else set[str]()
    opening = opening_days(tasks) if plan is not None else {}
    found = []
    for finding in (*diagnosis.diagnostics.every(), *diagnosis.diagnostics.rejected):
        own = planned.intersection(finding.rule.sops)
        opens = min((opening[sop] for sop in own if sop in opening), default=None)
        found.append(Advised(finding.rule.id, _ruling(finding), bool(own), opens))
    return tuple(found)


def _ruling(finding: Finding) -> Ruling:
    if finding.decision is None:
        return "undecided"
    return "rejected" if finding.decision.verdict == "rejected" else "agreed"


def advice_of(
    client: str,
    model: MaturityModel,
    given: Iterable[Advised],
    actuals: Actuals,
    today: date,
) -> tuple[Advice, ...]:
    """Return how far the recommendations to a client got by a day, and what their KPIs did.

    Those of rules the model does not know any more are left out.
    """
    weeks = model.content.coaching.compare_weeks
    found = []
    for one in given:
        rule = model.rules.get(one.rule)
        if rule is None:
            continue
        uptake = one.uptake(today)
        moves: tuple[BeforeAfter, ...] = ()
        if uptake == "begun" and one.opens is not None:
            each = (
                before_and_after(model.kpis[name], actuals, one.opens, weeks) for name in rule.kpis
            )
            moves = tuple(move for move in each if move is not None)
        found.append(Advice(client, one.rule, uptake, moves))
    return tuple(found)


def before_and_after(kpi: Kpi, actuals: Actuals, on: date, weeks: int) -> BeforeAfter | None:
    """Return a KPI's means over the weeks before and after a day.

    The week of the day itself counts for neither. Monthly KPIs have one or two values in four
    weeks; one on each side is enough. None where a side has none.
    """
    monday = on - timedelta(days=on.weekday())
    before = [
        actual.value
        for actual in actuals.series(kpi.id)
        if monday - weeks * A_WEEK <= actual.week < monday
    ]
    after = [
        actual.value
        for actual in actuals.series(kpi.id)
        if monday < actual.week <= monday + weeks * A_WEEK
    ]
    if not before or not after:
        return None
    was, became = (sum(values, Fraction(0)) / len(values) for values in (before, after))
    sign = -1 if kpi.better == "lower" else 1
    better = sign * (became - was) / abs(was) if was else None
    return BeforeAfter(kpi.id, was, became, (len(before), len(after)), better)


def advice_lines(model: MaturityModel, advice: Iterable[Advice]) -> tuple[AdviceLine, ...]:
    """Return how far every recommendation got over all clients, the most given first."""
    grouped: dict[str, list[Advice]] = {}
    for one in advice:
        grouped.setdefault(one.rule, []).append(one)
    lines = [_line(model, rule, given) for rule, given in grouped.items()]
    return tuple(sorted(lines, key=lambda line: (-line.clients, line.rule)))


def _line(model: MaturityModel, rule: str, given: list[Advice]) -> AdviceLine:
    ranks = [ORDER.index(one.uptake) for one in given]
    agreed = ORDER.index("agreed")
    return AdviceLine(
        rule=rule,
        clients=len(given),
        rejected=sum(one.uptake == "rejected" for one in given),
        undecided=sum(one.uptake == "undecided" for one in given),
        reached={
            name: sum(rank >= place for rank in ranks)
            for place, name in enumerate(ORDER)
            if place >= agreed
        },
        moves=tuple(_moves(model, given)),
    )


def _moves(model: MaturityModel, given: list[Advice]) -> Iterable[KpiMove]:
    moved: dict[str, list[BeforeAfter]] = {}
    for one in given:
        for move in one.moved:
            moved.setdefault(move.kpi, []).append(move)
    half = Fraction(1, 2)
    for name, moves in sorted(moved.items(), key=lambda item: model.kpis[item[0]].code):
        sign = -1 if model.kpis[name].better == "lower" else 1
        changes = [sign * (move.after - move.before) for move in moves]
        shares = [move.better for move in moves if move.better is not None]
        directed = model.kpis[name].better != "range"
        yield KpiMove(
            kpi=name,
            n=len(moves),
            improved=sum(change > 0 for change in changes) if directed else 0,
            worsened=sum(change < 0 for change in changes) if directed else 0,
            median_before=quantile([move.before for move in moves], half),
            median_after=quantile([move.after for move in moves], half),
            median_better=quantile(shares, half) if len(shares) == len(moves) else None,
        )
