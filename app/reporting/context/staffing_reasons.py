"""Why a post has as many people as it has, in one short formula with the client's numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.staffing import StaffingModel
from app.domain.staffing import PostNeed
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Reason:
    """A short formula and the fact parts it reads."""

    text: str
    facts: tuple[str, ...] = ()


class PostReasons:
    """Gives the reason for every post of one staffing plan, by the key the plan gives it."""

    def __init__(self, source: Source, plan: StaffingPlan, staffing: StaffingModel) -> None:
        self._wording = source.wording
        self._say = source.wording.translate
        self._plan = plan
        self._staffing = staffing
        self._by_key: Mapping[str, Callable[[Horizon, PostNeed], Reason]] = {
            "capacity": self._capacity,
            "pilot-manager": self._pilot_manager,
            "one-manager": self._one_manager,
            "span": self._span,
            "content-units": self._content,
            "new-adds": self._traffic,
            "leads": self._sales,
            "sessions": self._service,
            "stage-data": self._data,
            "stores": self._coaches,
        }

    def of(self, horizon: Horizon, need: PostNeed) -> Reason:
        """Return the reason for a post's people at one horizon."""
        return self._by_key[need.why](horizon, need)

    def buffer(self, horizon: Horizon) -> str:
        """Return the factor for fast growth; empty without it."""
        if not horizon.work.growth:
            return ""
        return f"×(1+{self._wording.percent(Fraction(self._staffing.growth_buffer) * 100)})"

    def _capacity(self, horizon: Horizon, _: PostNeed) -> Reason:
        found = horizon.specialists
        if horizon.focus is not None and horizon.focus.people < found.count:
            return Reason(self._say("重服务＋轻服务"), ("users",))
        users = f"{self._wording.number(horizon.work.online_users)}{self.buffer(horizon)}"
        return Reason(f"{users}÷{self._wording.number(self._plan.capacity)}", ("users",))

    def _pilot_manager(self, *_: object) -> Reason:
        return Reason(self._say("试点用半个人的时间"))

    def _one_manager(self, *_: object) -> Reason:
        span = self._staffing.specialists_per_lead
        return Reason(self._say("直带{}名专员以内1名").format(span))

    def _span(self, horizon: Horizon, _: PostNeed) -> Reason:
        count = next((i.fte for i in horizon.posts if i.post == "specialist"), Fraction(0))
        span = self._staffing.specialists_per_lead
        return Reason(f"({self._wording.plain(count)}−{span})÷{span}")

    def _content(self, horizon: Horizon, need: PostNeed) -> Reason:
        if need.fte < 1:
            pool = self._wording.number(self._staffing.small_pool)
            return Reason(self._say("{}人以内半个人够").format(pool))
        return Reason(
            self._say("每周{units}条÷{each}").format(
                units=horizon.work.content_units_per_week, each=self._staffing.content_units_per_fte
            )
        )

    def _traffic(self, horizon: Horizon, _: PostNeed) -> Reason:
        if horizon.work.stage <= 1:
            return Reason(self._say("跑模型阶段半个人"))
        return Reason(
            self._say("月新增{adds}÷{each}").format(
                adds=self._wording.number(horizon.work.new_adds),
                each=self._wording.number(self._staffing.traffic_adds_per_fte),
            ),
            ("new-adds",),
        )

    def _sales(self, horizon: Horizon, _: PostNeed) -> Reason:
        return Reason(
            self._say("月线索{leads}÷{each}").format(
                leads=self._wording.number(horizon.work.leads), each=self._staffing.leads_per_sales
            ),
            ("new-adds", "aov"),
        )

    def _service(self, horizon: Horizon, _: PostNeed) -> Reason:
        return Reason(
            self._say("每天{sessions}段会话÷{each}").format(
                sessions=self._wording.number(horizon.work.sessions_per_day),
                each=self._staffing.sessions_per_service,
            )
        )

    def _data(self, _: Horizon, need: PostNeed) -> Reason:
        if need.fte < 1:
            return Reason(self._say("这一阶段兼职即可"))
        if need.fte == 1:
            return Reason(self._say("提效率起配1名"))
        each = self._wording.amount(self._staffing.data_users_per_fte)
        return Reason(self._say("1名＋每{}用户1名").format(each), ("users",))

    def _coaches(self, horizon: Horizon, _: PostNeed) -> Reason:
        return Reason(
            self._say("{stores}家店÷{each}").format(
                stores=self._wording.number(horizon.work.stores),
                each=self._staffing.stores_per_coach,
            ),
            ("stores",),
        )
