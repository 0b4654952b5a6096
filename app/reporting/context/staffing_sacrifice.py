"""What the plan gives up for people it does not get: the drop list and its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.fitting import Measure, Release
from app.domain.sacrifice import Sacrifice
from app.reporting.context.given_up import losses
from app.reporting.context.staffing_view import NOBODY, StaffingView

MEASURES: Final[Mapping[Measure, str]] = {
    "drop": "停掉",
    "postpone": "推后",
    "thin": "精简",
}
"""What becomes of a SOP, the heaviest first."""

LIMITS: Final[Mapping[str, str]] = {
    "max_hires": "不批招聘",
    "payroll_cap": "月人工上限",
}


@dataclass(frozen=True, slots=True)
class DropRow:
    """One SOP that gives way: ``what`` becomes of it, ``sop``, whose hours in which phase run out.

    ``hours`` a month are freed by it; ``lost`` names the KPIs that nothing works on any more.
    """

    what: str
    sop: str
    post: str
    phase: str
    hours: str
    lost: str


@dataclass(frozen=True, slots=True)
class SacrificePart:
    """The price of the people refused.

    ``headline`` is the price in one line, ``refused`` who was not granted and by what; ``rows`` the
    drop list, ``prices`` pairs of a name and what it comes to: index, level, targets, days, pay.
    """

    headline: str
    refused: str
    rows: tuple[DropRow, ...]
    prices: tuple[tuple[str, str], ...]


class Sacrifices:
    """Words what one plan gives up."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate

    def part(self) -> SacrificePart | None:
        """Return the drop list; None where the plan has everyone it asks for and drops nothing."""
        found = self._view.plan.sacrifice
        if found is None:
            return None
        return SacrificePart(
            headline=self._headline(),
            refused=self._refused(),
            rows=self._rows(found),
            prices=self._prices(found),
        )

    def _headline(self) -> str:
        t, clauses = self._say, losses(self._view.plan, self._wording)
        if not clauses:
            return t("没批的人这一轮不伤计划：SOP一份不停，指数不变")
        cause = (
            t("少批的人换来") if self._view.plan.cuts else t("人都批了，头几个月的活还是要让一让")
        )
        return t("{cause}：{price}").format(cause=cause, price=self._wording.joined(clauses))

    def _refused(self) -> str:
        """Say who is not granted in the phase in which most are refused, and by what limit."""
        cuts = self._view.plan.cuts
        if not cuts:
            posts = dict.fromkeys(release.post for release in self._view.plan.releases)
            return self._say("没有人被拒。{posts}的工时在下面这几期不够，活按轻重让一让。").format(
                posts=self._wording.joined([self._view.post(post) for post in posts])
            )
        refused: dict[str, Fraction] = {}
        for cut in cuts:
            refused[cut.phase] = refused.get(cut.phase, NOBODY) + cut.fte
        worst = max(refused, key=lambda phase: refused[phase])
        texts = []
        for limit, words in LIMITS.items():
            own: dict[str, Fraction] = {}
            for cut in cuts:
                if cut.phase == worst and cut.by == limit:
                    own[cut.post] = own.get(cut.post, NOBODY) + cut.fte
            if own:
                names = [
                    self._wording.beside(self._view.post(post), self._wording.plain(fte))
                    for post, fte in own.items()
                ]
                texts.append(
                    self._say("{limit}：{posts}").format(
                        limit=self._limit(limit, words), posts=self._wording.joined(names)
                    )
                )
        return self._say("{phase}少批{fte}人。{limits}。").format(
            phase=self._view.phase(worst),
            fte=self._wording.plain(refused[worst]),
            limits=self._say("；").join(texts),
        )

    def _limit(self, limit: str, words: str) -> str:
        cap = self._view.plan.controls.payroll_cap
        if limit == "payroll_cap" and cap is not None:
            return self._say("月人工上限{cap}").format(cap=self._wording.money(cap))
        return self._say(words)

    # -- the list ----------------------------------------------------------------------------

    def _rows(self, found: Sacrifice) -> tuple[DropRow, ...]:
        """Return a row per SOP with the last and heaviest thing that becomes of it."""
        final: dict[str, Release] = {}
        order = list(MEASURES)
        for release in self._view.plan.releases:
            before = final.get(release.sop)
            if before is None or order.index(release.measure) <= order.index(before.measure):
                final[release.sop] = release
        rows = sorted(
            final.values(),
            key=lambda item: (
                order.index(item.measure),
                self._view.source.model.sops[item.sop].code,
            ),
        )
        return tuple(self._row(release, found) for release in rows)

    def _row(self, release: Release, found: Sacrifice) -> DropRow:
        view, wording = self._view, self._wording
        steps = view.source.model.sops[release.sop].steps
        worked = {step.metric.kpi for step in steps}
        lost = [wording.kpi(kpi) for kpi in found.kpis if kpi in worked]
        what = self._say(MEASURES[release.measure])
        if release.measure == "postpone":
            what = self._say("推后到{}").format(self._begins(release.sop))
        return DropRow(
            what=what,
            sop=wording.sop(release.sop),
            post=view.post(release.post),
            phase=view.phase(release.phase),
            hours=wording.number(release.hours, 1),
            lost=wording.joined(lost) if release.measure == "drop" and lost else "",
        )

    def _begins(self, sop: str) -> str:
        """Return the phase in which a SOP is introduced after all."""
        roadmap = self._view.plan.roadmap
        initiatives = roadmap.initiatives if roadmap is not None else ()
        phase = next((item.phase for item in initiatives if sop in item.sops), None)
        return self._view.phase(phase) if phase is not None else self._say("以后")

    # -- the price -----------------------------------------------------------------------------

    def _prices(self, found: Sacrifice) -> tuple[tuple[str, str], ...]:
        wording, t = self._wording, self._say
        prices = [
            (
                t("计划做完后的指数"),
                t("{kept}，人给够是{full}").format(
                    kept=wording.number(found.kept.index, 1),
                    full=wording.number(found.full.index, 1),
                ),
            ),
            (
                t("计划做完后的等级"),
                t("{kept}，人给够是{full}").format(
                    kept=wording.level(found.kept.level), full=wording.level(found.full.level)
                ),
            ),
        ]
        if found.kpis:
            names = wording.joined([wording.kpi(kpi) for kpi in found.kpis])
            prices.append(
                (
                    t("不再设目标的指标"),
                    t("{count}个：{names}").format(count=len(found.kpis), names=names),
                )
            )
        if found.delays:
            prices.append((t("推后的举措"), self._delays(found)))
        if found.payroll_saved:
            text = t("{}（最后一期）").format(wording.money(found.payroll_saved))
            prices.append((t("省下的月人工"), text))
        return tuple(prices)

    def _delays(self, found: Sacrifice) -> str:
        roadmap = self._view.source.model.content.roadmap
        titles = {item.id: item.title for item in roadmap.initiatives} if roadmap else {}
        return self._say("；").join(
            self._say("「{title}」晚{days}天").format(
                title=titles.get(delay.initiative, delay.initiative), days=delay.days
            )
            for delay in found.delays
        )
