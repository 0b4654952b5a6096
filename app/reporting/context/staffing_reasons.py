"""Why a post has as many people as it has, in one short formula with the client's numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_view import StaffingView


@dataclass(frozen=True, slots=True)
class Reason:
    """A short formula and the fact parts it reads."""

    text: str
    facts: tuple[str, ...] = ()


class PostReasons:
    """Gives the reason for every post of one staffing plan."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate
        self._plan = view.staffing
        self._staffing = view.model
        self._by_post: Mapping[str, Callable[[Horizon, Fraction], Reason]] = {
            "specialist": self._capacity,
            "manager": self._manager,
            "team-lead": self._span,
            "content": self._content,
            "traffic": self._traffic,
            "sales": self._sales,
            "service": self._service,
            "data": self._data,
            "coach": self._coaches,
        }

    def of(self, horizon: Horizon, post: str) -> Reason:
        """Return how the formula comes to a post's people at one horizon."""
        fte = horizon.by_formula.get(post, Fraction(0))
        return self._by_post[post](horizon, fte)

    def short(self, horizon: Horizon, post: str) -> str:
        """Return the reason for what is asked for: the formula, or the hours beyond it."""
        by_formula = horizon.by_formula.get(post, Fraction(0))
        asked = next(need.fte for need in horizon.needs if need.post == post)
        if asked == by_formula:
            return self.of(horizon, post).text
        return self._say("公式{formula}，按工时加到{asked}").format(
            formula=self._wording.plain(by_formula), asked=self._wording.plain(asked)
        )

    def buffer(self, horizon: Horizon) -> str:
        """Return the factor for fast growth; empty without it."""
        if not horizon.work.growth:
            return ""
        return f"×(1+{self._wording.percent(Fraction(self._staffing.growth_buffer) * 100)})"

    def _capacity(self, horizon: Horizon, _: Fraction) -> Reason:
        found = horizon.specialists
        if horizon.focus is not None and horizon.focus.people < found.count:
            return Reason(self._say("重服务＋轻服务"), ("users",))
        users = f"{self._wording.number(horizon.work.online_users)}{self.buffer(horizon)}"
        return Reason(f"{users}÷{self._wording.number(self._plan.capacity)}", ("users",))

    def _manager(self, horizon: Horizon, _: Fraction) -> Reason:
        if horizon.work.pilot:
            return Reason(self._say("试点用半个人的时间"))
        span = self._staffing.specialists_per_lead
        return Reason(self._say("直带{}名专员以内1名").format(span))

    def _span(self, horizon: Horizon, _: Fraction) -> Reason:
        count = horizon.by_formula.get("specialist", Fraction(0))
        span = self._staffing.specialists_per_lead
        return Reason(f"({self._wording.plain(count)}−{span})÷{span}")

    def _content(self, horizon: Horizon, fte: Fraction) -> Reason:
        if fte < 1:
            pool = self._wording.number(self._staffing.small_pool)
            return Reason(self._say("{}人以内半个人够").format(pool))
        return Reason(
            self._say("每周{units}条÷{each}").format(
                units=horizon.work.content_units_per_week, each=self._staffing.content_units_per_fte
            )
        )

    def _traffic(self, horizon: Horizon, _: Fraction) -> Reason:
        if horizon.work.stage <= 1:
            return Reason(self._say("跑模型阶段半个人"))
        return Reason(
            self._say("月新增{adds}÷{each}").format(
                adds=self._wording.number(horizon.work.new_adds),
                each=self._wording.number(self._staffing.traffic_adds_per_fte),
            ),
            ("new-adds",),
        )

    def _sales(self, horizon: Horizon, _: Fraction) -> Reason:
        return Reason(
            self._say("月线索{leads}÷{each}").format(
                leads=self._wording.number(horizon.work.leads), each=self._staffing.leads_per_sales
            ),
            ("new-adds", "aov"),
        )

    def _service(self, horizon: Horizon, _: Fraction) -> Reason:
        return Reason(
            self._say("每天{sessions}段会话÷{each}").format(
                sessions=self._wording.number(horizon.work.sessions_per_day),
                each=self._staffing.sessions_per_service,
            )
        )

    def _data(self, _: Horizon, fte: Fraction) -> Reason:
        if fte < 1:
            return Reason(self._say("这一阶段兼职即可"))
        if fte == 1:
            return Reason(self._say("提效率起配1名"))
        each = self._wording.amount(self._staffing.data_users_per_fte)
        return Reason(self._say("1名＋每{}用户1名").format(each), ("users",))

    def _coaches(self, horizon: Horizon, _: Fraction) -> Reason:
        return Reason(
            self._say("{stores}家店÷{each}").format(
                stores=self._wording.number(horizon.work.stores),
                each=self._staffing.stores_per_coach,
            ),
            ("stores",),
        )
