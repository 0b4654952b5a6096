"""What the team costs by month and by city tier."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from app.domain.definitions.staffing import CityTier
from app.domain.team_months import Team, cost_of, team_by_month
from app.reporting.context.economics_case import MoneyColumn
from app.reporting.context.staffing_view import NOBODY, StaffingView


@dataclass(frozen=True, slots=True)
class CostRow:
    """One city tier: what each span of months costs a month, and the twelve months in all."""

    tier: str
    months: tuple[str, ...]
    year: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CostTable:
    """Payroll by month: spans of months with the same team stand in one column of ``spans``.

    ``people`` are those at work in each span; ``unit`` is that of the sums, ``headline`` names the
    first month and the dearest, ``note`` who is counted.
    """

    headline: str
    unit: str
    spans: tuple[str, ...]
    people: tuple[str, ...]
    rows: tuple[CostRow, ...]
    note: str


class Costs:
    """The payroll of one plan."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate

    def table(self) -> CostTable:
        """Return the table; months are those of the plan, from the first day of the build on."""
        months = team_by_month(self._view.staffing)[1:]
        spans = [
            (places[0] + 1, places[-1] + 1, months[places[0]])
            for _, group in groupby(range(len(months)), key=lambda place: dict(months[place]))
            if (places := list(group))
        ]
        money = MoneyColumn.of(self._view.source, self._costs(months))
        return CostTable(
            headline=self._headline(months),
            unit=money.unit,
            spans=tuple(self._span(first, last) for first, last, _ in spans),
            people=tuple(self._wording.plain(sum(t.values(), NOBODY)) for _, _, t in spans),
            rows=tuple(self._row(tier, spans, money) for tier in self._view.model.city_tiers),
            note=self._note(),
        )

    def _span(self, first: int, last: int) -> str:
        if first == last:
            return self._say("第{}个月").format(first)
        return self._say("第{}–{}个月").format(first, last)

    def _row(
        self, tier: CityTier, spans: list[tuple[int, int, Team]], money: MoneyColumn
    ) -> CostRow:
        costs = {post.id: Fraction(post.monthly_cost[tier.id]) for post in self._view.model.posts}
        year = sum(
            ((last - first + 1) * cost_of(team, costs) for first, last, team in spans), NOBODY
        )
        return CostRow(
            tier=tier.title,
            months=tuple(money(cost_of(team, costs)) for _, _, team in spans),
            year=money(year),
            chosen=tier.id == self._view.staffing.city_tier,
        )

    def _headline(self, months: tuple[Team, ...]) -> str:
        costs = self._costs(months)
        most = max(costs)
        if most == costs[0]:
            return self._say("月人工{first}起，一年{year}").format(
                first=self._wording.money(costs[0]), year=self._wording.money(sum(costs, NOBODY))
            )
        return self._say("月人工从{first}到第{month}个月的{most}，一年{year}").format(
            first=self._wording.money(costs[0]),
            month=costs.index(most) + 1,
            most=self._wording.money(most),
            year=self._wording.money(sum(costs, NOBODY)),
        )

    def _costs(self, months: tuple[Team, ...]) -> list[Fraction]:
        return [cost_of(team, self._view.staffing.post_costs) for team in months]

    def _note(self) -> str:
        return self._say(
            "含今天在岗的人：编制少于现有的岗位不裁人，工资照付。新人按每期第一天到岗计，分批到岗只会更低。"
        )

    def over_cap(self) -> tuple[str, ...]:
        """Say in which phases the people at work cost more than the client's payroll cap."""
        cap = self._view.plan.controls.payroll_cap
        if cap is None:
            return ()
        phases: dict[Fraction, list[str]] = {}
        for phase, money in self._view.over_cap().items():
            phases.setdefault(money, []).append(self._view.phase(phase))
        over = [
            self._say("{phases}要{cost}，超{over}").format(
                phases=self._wording.joined(names),
                cost=self._wording.money(cap + money),
                over=self._wording.money(money),
            )
            for money, names in phases.items()
        ]
        if not over:
            return ()
        return (
            self._say(
                "月人工上限{cap}守不住：{where}。今天在岗的人每月就要{now}，要么调岗，要么提高上限。"
            ).format(
                cap=self._wording.money(cap),
                where=self._say("；").join(over),
                now=self._wording.money(self._view.staffing.current_cost()),
            ),
        )
