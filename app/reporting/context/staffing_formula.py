"""The staffing formula with the client's own numbers filled in, line by line."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.figures import Figures
from app.domain.sop_load import SPECIALIST
from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_reasons import PostReasons
from app.reporting.context.staffing_view import StaffingView
from app.reporting.numerals import NOTHING, Number


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One line: what is computed, the formula with numbers in it, its result, where they are from.

    ``strong`` marks the lines whose result is a number of people.
    """

    title: str
    formula: str
    result: str
    note: str
    refs: tuple[str, ...]
    strong: bool = False


class FormulaText:
    """Writes the formulas of one staffing plan."""

    def __init__(self, view: StaffingView) -> None:
        self.view = view
        self.source = view.source
        self.plan = view.staffing
        self.staffing = view.model
        self.say = view.source.wording.translate
        self.figures = Figures.of(view.source.diagnosis.assessment)
        self.reasons = PostReasons(view)

    # -- words -----------------------------------------------------------------------------

    def n(self, value: Number | None, places: int = 0) -> str:
        """Return a number with thousands separators."""
        return self.source.wording.number(value, places)

    def share(self, value: Number) -> str:
        """Return a share of 1 in percent."""
        return self.source.wording.percent(Fraction(value) * 100)

    def refs(self, *parts: str) -> tuple[str, ...]:
        """Return the codes of the facts a formula reads, as far as they were given."""
        model = self.source.model
        given = [part for part in parts if self.figures.given(part) is not None]
        return tuple(dict.fromkeys(model.fact_of[part].code for part in given))

    # -- lines -----------------------------------------------------------------------------

    def lines(self, horizon: Horizon) -> tuple[FormulaLine, ...]:
        """Return the formula of one horizon: users, capacity, specialists, every other post."""
        return (
            self._users(horizon),
            *self._online(horizon),
            self._capacity(),
            self._raw(horizon),
            self._groups(horizon),
            *self._guard(horizon),
            self._specialists(horizon),
            *(self._post(horizon, need.post) for need in horizon.needs if need.post != SPECIALIST),
        )

    def _users(self, horizon: Horizon) -> FormulaLine:
        t, forecast = self.say, self.plan.forecast
        note = ""
        if horizon.work.pilot:
            text = t("试点只管这么多人，其余用户照旧")
        elif horizon.months == 0:
            text = t("现有用户")
        else:
            text = t("{users}×(1−{churn})+{adds}×(1−{deletion})，逐月推{months}个月").format(
                users=self.n(forecast.base[0]),
                churn=self.share(forecast.churn),
                adds=self.n(forecast.monthly_adds),
                deletion=self.share(forecast.deletion),
                months=horizon.months,
            )
            note = t("月流失{}为模型假设").format(self.share(forecast.churn))
            if self.figures.given("new-adds") is None:
                note = t("月新增没有填，只扣了流失")
        refs = self.refs("users", "new-adds")
        return FormulaLine(t("期末用户"), text, self.n(horizon.work.users), note, refs)

    def _online(self, horizon: Horizon) -> tuple[FormulaLine, ...]:
        t, work = self.say, horizon.work
        if not work.store_led or work.pilot:
            return ()
        given = self.source.diagnosis.assessment.controls.online_users is not None
        text = (
            t("贵司给定")
            if given
            else f"{self.n(work.users)}×{self.share(self.staffing.online_share)}"
        )
        return (
            FormulaLine(
                t("其中总部直带"),
                text,
                self.n(work.online_users),
                t("其余由{}家门店带").format(self.n(work.stores)),
                self.refs("stores"),
            ),
        )

    def _capacity(self) -> FormulaLine:
        t, plan = self.say, self.plan
        if plan.tested:
            return FormulaLine(
                t("每名专员承接"), t("试点实测，优先于公式"), self.n(plan.capacity), "", ()
            )
        mode = next(item for item in self.staffing.service_modes if item.id == plan.mode)
        raw = self.staffing.base_capacity * Fraction(mode.factor) * plan.tool_factor
        note = t("{mode}（客单价{aov}）；工具{level}").format(
            mode=mode.title,
            aov=self.source.wording.money(self.figures.number("aov"))
            if self.figures.given("aov")
            else t("没有填，按标准"),
            level=self._tool_level(),
        )
        if raw != plan.capacity:
            note += t("；限在{low}–{high}之间").format(
                low=self.n(self.staffing.capacity_floor),
                high=self.n(self.staffing.capacity_ceiling),
            )
        text = f"{self.n(self.staffing.base_capacity)}×{mode.factor}×{self._factor()}"
        codes = (*self.refs("aov"), self.source.model.areas[self.staffing.tool_area].code)
        return FormulaLine(t("每名专员承接"), text, self.n(plan.capacity), note, codes)

    def _factor(self) -> str:
        return f"{float(self.plan.tool_factor):g}"

    def _tool_level(self) -> str:
        level = self.source.diagnosis.scorecard.areas[self.staffing.tool_area].level
        return f"L{level}" if level is not None else self.say("未评，按1")

    def _raw(self, horizon: Horizon) -> FormulaLine:
        t, found = self.say, horizon.specialists
        users = f"{self.n(horizon.work.online_users)}{self.reasons.buffer(horizon)}"
        text = f"{users}÷{self.n(found.capacity)}"
        note = t("容忍超载{tolerance}后取整：{people}名").format(
            tolerance=self.share(self.staffing.overload_tolerance), people=found.by_capacity
        )
        return FormulaLine(t("按承接量"), text, self.n(found.raw, 2), note, ())

    def _groups(self, horizon: Horizon) -> FormulaLine:
        t, work, found = self.say, horizon.work, horizon.specialists
        text = t(
            "{users}×进群{rate}÷每群{size}人={groups}个群，新开的算两个，÷每人{limit}个"
        ).format(
            users=self.n(work.online_users),
            rate=self.share(work.entry_rate),
            size=work.mean_group,
            groups=self.n(found.groups),
            limit=self.staffing.groups_per_specialist,
        )
        note = (
            t("不比承接量多，不加人")
            if found.by_groups <= found.by_capacity
            else t("群太多，按群数定")
        )
        return FormulaLine(
            t("按群数核对"), text, str(found.by_groups), note, self.refs("group-size")
        )

    def _guard(self, horizon: Horizon) -> tuple[FormulaLine, ...]:
        t, work, found = self.say, horizon.work, horizon.specialists
        if found.affordable is None:
            if work.pilot:
                return ()
            note = t("私域GMV或毛利率没有填，无法核对")
            return (FormulaLine(t("毛利养得起"), NOTHING, NOTHING, note, ()),)
        wording = self.source.wording
        cost = Fraction(self.view.posts[SPECIALIST].monthly_cost[self.plan.city_tier])
        text = t("{users}×{gmv}×毛利{margin}×{share}÷{cost}").format(
            users=self.n(work.online_users),
            gmv=wording.money(work.gmv_per_user) if work.gmv_per_user else NOTHING,
            margin=self.share(work.margin or 0),
            share=self.share(self.staffing.labour_share),
            cost=wording.money(cost),
        )
        note = t("养不起公式算出的{}名").format(found.count) if found.too_heavy else t("养得起")
        refs = self.refs("private-gmv", "users", "gross-margin")
        return (FormulaLine(t("毛利养得起"), text, str(found.affordable), note, refs),)

    def _specialists(self, horizon: Horizon) -> FormulaLine:
        t, found = self.say, horizon.specialists
        if horizon.focus is None:
            text = t("取承接量与群数中较多的")
        elif horizon.focus.people < found.count:
            text = t("重服务{top}名＋轻服务{rest}名").format(
                top=horizon.focus.top_people, rest=horizon.focus.rest_people
            )
        else:
            text = t("毛利养不起更多，现有的人不减")
        note = t("保守{many}名，进取{few}名").format(many=found.conservative, few=found.aggressive)
        notes = [note] if horizon.focus is None else []
        return self._people(horizon, SPECIALIST, text, notes, ())

    def _post(self, horizon: Horizon, post: str) -> FormulaLine:
        reason = self.reasons.of(horizon, post)
        return self._people(horizon, post, reason.text, [], self.refs(*reason.facts))

    def _people(
        self, horizon: Horizon, post: str, text: str, notes: list[str], refs: tuple[str, ...]
    ) -> FormulaLine:
        """Return the line of a post: what is granted, with what the work adds and what is cut."""
        t, plain = self.say, self.source.wording.plain
        formula = horizon.by_formula.get(post, Fraction(0))
        asked = next((need.fte for need in horizon.needs if need.post == post), formula)
        granted = horizon.heads().get(post, Fraction(0))
        beyond = ""
        if asked > formula:
            beyond = t("公式{formula}，按工时加到{asked}")
        if granted < asked:
            beyond = t("要{asked}，只批{granted}")
            if asked > formula:
                beyond = t("公式{formula}，按工时要{asked}，只批{granted}")
        if beyond:
            notes.append(
                beyond.format(formula=plain(formula), asked=plain(asked), granted=plain(granted))
            )
        note = t("；").join(notes)
        return FormulaLine(self.view.post(post), text, plain(granted), note, refs, strong=True)
