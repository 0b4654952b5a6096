"""Why the two counts of a post part, in plain sentences with the client's numbers."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.domain.reconciliation import OWN_UNIT, Cause, CauseKind, Reconciled
from app.domain.sop_load import SPECIALIST
from app.domain.staffing_plan import Horizon
from app.domain.workload import reference_workload
from app.reporting.context.staffing_view import StaffingView

THOUSAND = 1000
MINUTES_OF_HOUR = 60

UNITS: Mapping[str, str] = {
    "content": "每条成品内容",
    "service": "每段会话",
    "traffic": "每名新增好友",
    "sales": "每条线索",
    "coach": "每家店每周",
}
"""What the formula of a post counts, as printed."""

Say = Callable[[Horizon, Reconciled, Cause], str]


class CauseWords:
    """Words the causes of one plan, every kind and every driver."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate
        self._kinds: Mapping[CauseKind, Say] = {
            "rounding": self._rounding,
            "reference": self._reference,
            "mix": self._mix,
            "set-up": self._set_up,
            "cover": self._cover,
            "unit": self._unit,
            "duty": self._duty,
            "besides": self._besides,
        }

    def of(self, horizon: Horizon, counted: Reconciled, cause: Cause) -> str:
        """Return the sentence of one cause, without its FTE."""
        return self._kinds[cause.kind](horizon, counted, cause)

    # -- how the formula comes to its people ---------------------------------------------------

    def _rounding(self, horizon: Horizon, counted: Reconciled, cause: Cause) -> str:
        exact = counted.by_formula + cause.fte
        found = horizon.specialists
        if counted.post != SPECIALIST:
            text = self._say("按产出量只合{exact}人，公式取{fte}人")
            if exact > counted.by_formula:
                text = self._say("按产出量合{exact}人，公式只取{fte}人")
        elif horizon.focus is not None:
            text = self._say("按承接量要{exact}人，毛利养不起，公式只取{fte}人")
        elif found.by_groups > found.by_capacity:
            text = self._say("按承接量是{exact}人，群数要求取{fte}人")
        else:
            text = self._say("按承接量是{exact}人，取整到{fte}人")
        return text.format(
            exact=self._wording.number(exact, 2), fte=self._wording.plain(counted.by_formula)
        )

    def _reference(self, horizon: Horizon, _: Reconciled, cause: Cause) -> str:
        usual = 1 + cause.fte / horizon.specialists.raw
        reference = self._view.model.reference
        return self._say(
            "参照专员（带{users}人、月新增{adds}人）在本期这些SOP下要干{usual}个人的活"
        ).format(
            users=self._wording.number(reference.users),
            adds=self._wording.number(reference.new_adds),
            usual=self._wording.number(usual, 2),
        )

    def _duty(self, _: Horizon, counted: Reconciled, __: Cause) -> str:
        return self._say("公式按岗位设{fte}人，不看工时").format(
            fte=self._wording.plain(counted.by_formula)
        )

    # -- what the work comes to ----------------------------------------------------------------

    def _set_up(self, horizon: Horizon, counted: Reconciled, _: Cause) -> str:
        return self._say("引入新SOP的一次性活，本期每月摊{hours}小时").format(
            hours=self._hours(horizon, counted, "set-up")
        )

    def _cover(self, horizon: Horizon, counted: Reconciled, _: Cause) -> str:
        return self._say("休息日前后交接，每月{hours}小时").format(
            hours=self._hours(horizon, counted, "cover")
        )

    def _hours(self, horizon: Horizon, counted: Reconciled, kind: str) -> str:
        load = self._view.load(horizon.phase, counted.post)
        works = load.works if load is not None else ()
        spent = sum((work.hours for work in works if work.kind == kind), Fraction(0))
        return self._wording.number(spent, 1)

    def _besides(self, _: Horizon, __: Reconciled, cause: Cause) -> str:
        return self._say("{work}，每月{hours}小时").format(
            work=self._view.work(cause.name),
            hours=self._wording.number(cause.fte * self._view.each),
        )

    def _unit(self, horizon: Horizon, counted: Reconciled, cause: Cause) -> str:
        """Set the minutes of a unit by the SOPs against those the formula leaves it."""
        work, post = horizon.work, counted.post
        if post == "traffic" and work.central_adds < work.new_adds:
            return self._say(
                "公式按{adds}名月新增算，其中总部只接{central}名，其余由门店接"
            ).format(
                adds=self._wording.number(work.new_adds),
                central=self._wording.number(work.central_adds),
            )
        rounding = (item.fte for item in counted.causes if item.kind == "rounding")
        by_formula = counted.by_formula + sum(rounding, Fraction(0))
        spent, unit = by_formula + cause.fte, self._say(UNITS[post])
        runs = self._runs(horizon, post)
        if not spent or not runs:
            return self._say("{unit}本期还没有SOP在做，公式照样留了人").format(unit=unit)
        minutes = self._view.each * MINUTES_OF_HOUR / runs
        return self._say("{unit}实际{spent}分钟，公式按{allowed}分钟").format(
            unit=unit,
            spent=self._wording.number(spent * minutes, 1),
            allowed=self._wording.number(by_formula * minutes, 1),
        )

    def _runs(self, horizon: Horizon, post: str) -> Fraction:
        """Return how often a month the unit of a post occurs."""
        work = horizon.work
        units: Mapping[str, Fraction | int] = {
            "content-unit": work.content_units_per_week,
            "session": work.sessions_per_day,
            "new-friend": work.central_adds,
            "lead": work.leads,
            "store-week": work.stores,
        }
        driver = OWN_UNIT[post]
        times = next(item.times for item in self._view.model.drivers if item.id == driver)
        return Fraction(units[driver]) * Fraction(times)

    # -- where this enterprise is not like the reference ------------------------------------

    def _mix(self, horizon: Horizon, _: Reconciled, cause: Cause) -> str:
        """Name the figure by which this enterprise differs from the reference specialist's."""
        wording, work = self._wording, horizon.work
        reference = reference_workload(self._view.model, work)
        raw = horizon.specialists.raw
        number = wording.number
        texts: Mapping[str, tuple[str, str, str]] = {
            "new-friend": (
                "每月新增只及用户的{mine}，参照企业是{theirs}"
                if cause.fte < 0
                else "每月新增达到用户的{mine}，参照企业是{theirs}",
                wording.percent(work.central_adds / work.online_users * 100, 1),
                wording.percent(reference.central_adds / reference.users * 100, 1),
            ),
            "new-group": (
                "每千名用户每月新开{mine}个群，参照企业{theirs}个",
                number(work.new_groups / work.online_users * THOUSAND, 2),
                number(reference.new_groups / reference.users * THOUSAND, 2),
            ),
            "group-day": (
                "每千名用户有{mine}个活跃群，参照企业{theirs}个",
                number(Fraction(work.groups * THOUSAND, work.online_users), 1),
                number(Fraction(reference.groups * THOUSAND, reference.users), 1),
            ),
            "thousand-users": (
                "一名专员带{mine}人，参照企业带{theirs}人，逐人的活随之增减",
                number(work.online_users / raw),
                number(reference.users),
            ),
            "thousand-records": (
                "一名专员名下有{mine}条用户数据，参照企业{theirs}条",
                number(work.users / raw),
                number(reference.users),
            ),
            "account-week": (
                "实际开{mine}个专员账号，承接量只要{theirs}个",
                wording.plain(horizon.heads().get(SPECIALIST, Fraction(0))),
                number(raw, 2),
            ),
            "content-unit": (
                "一名专员每周分到{mine}条内容，参照企业{theirs}条",
                number(work.content_units_per_week / raw, 1),
                number(reference.content_units_per_week),
            ),
            "session": (
                "每千名用户每天{mine}段会话，参照企业{theirs}段",
                number(Fraction(work.sessions_per_day * THOUSAND, work.online_users), 1),
                number(Fraction(reference.sessions_per_day * THOUSAND, reference.users), 1),
            ),
            "lead": ("每月{mine}条线索要人跟，参照企业没有", number(work.leads), ""),
            "store-day": ("{mine}家店每天要对接，参照企业没有店", number(work.stores), ""),
            "store-week": ("{mine}家店每周要对接，参照企业没有店", number(work.stores), ""),
            "new-store": (
                "每月铺开{mine}家店要带，参照企业没有店",
                number(work.new_stores / horizon.length, 1),
                "",
            ),
            "new-hire": (
                "每月入职{mine}人要带，参照企业不招人",
                number(sum(horizon.joiners.values(), Fraction(0)) / horizon.length, 1),
                "",
            ),
            "event": self._shared(
                "活动不随人数增加，{mine}人份的用户也只办这些场",
                "活动再小的盘子也要办，这里只有{mine}人份的用户",
                raw,
            ),
            "week": self._shared(
                "每周固定的活只做一遍，{mine}人分着做",
                "每周固定的活再小的盘子也要做一遍，这里只有{mine}人份的用户",
                raw,
            ),
            "month": self._shared(
                "每月固定的活只做一遍，{mine}人分着做",
                "每月固定的活再小的盘子也要做一遍，这里只有{mine}人份的用户",
                raw,
            ),
        }
        text, mine, theirs = texts[cause.name]
        return self._say(text).format(mine=mine, theirs=theirs)

    def _shared(self, many: str, few: str, raw: Fraction) -> tuple[str, str, str]:
        """Return the text for work that is done once, however many people share it."""
        if raw < 1:
            return few, self._wording.number(raw, 2), ""
        return many, self._wording.number(raw, 1), ""
