"""What new people, coaching, days off and the stores' own share come to in hours."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.sop_load import SPECIALIST, STORE_POST
from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_view import NOBODY, StaffingView

COACHING: Final = "coaching"
"""The standing work of leading people one by one."""

DAYS_OF_MONTH: Final = 30
MINUTES_OF_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class NewcomerRow:
    """What people who join in a phase cost in hours a month, ``joining`` in FTE.

    ``lost`` is what they do not yet do in their first month, ``taught`` what others spend on them,
    ``who`` names those others.
    """

    phase: str
    joining: str
    lost: str
    taught: str
    who: str


class Newcomers:
    """The hours of one plan that go into people instead of users."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate

    def rows(self) -> tuple[NewcomerRow, ...]:
        """Return the phases in which people join."""
        rows = (self._row(h) for h in self._view.staffing.horizons if h.joiners)
        return tuple(row for row in rows if row is not None)

    def _row(self, horizon: Horizon) -> NewcomerRow | None:
        view, joining = self._view, sum(horizon.joiners.values(), NOBODY)
        loads = view.loads(horizon.phase)
        lost = sum((load.trained - load.available for load in loads), NOBODY)
        taught = {
            load.post: hours
            for load in loads
            if (hours := load.by_driver().get("new-hire", NOBODY))
        }
        if not lost and not taught:
            return None
        who = [
            self._wording.beside(view.post(post), self._wording.number(hours, 1))
            for post, hours in taught.items()
        ]
        return NewcomerRow(
            phase=f"{view.code(horizon.phase)} {view.phase(horizon.phase)}",
            joining=self._wording.plain(joining),
            lost=self._wording.number(lost, 1),
            taught=self._wording.number(sum(taught.values(), NOBODY), 1),
            who=self._wording.joined(who) if who else self._say("这一期还没有带新人的SOP"),
        )

    def notes(self, horizon: Horizon) -> tuple[str, ...]:
        """Return sentences on coaching, rest days and stores in one phase."""
        said = (
            self._coaching(horizon),
            self._cover(horizon),
            self._stores(horizon),
            self._outside(),
        )
        return tuple(text for text in said if text)

    def _coaching(self, horizon: Horizon) -> str:
        found = [
            (load.post, work)
            for load in self._view.loads(horizon.phase)
            for work in load.works
            if work.kind == "standing" and work.source == COACHING
        ]
        if not found:
            return ""
        post, work = found[0]
        return self._say("带教：{post}每月花{hours}小时做{work}（已算在上图里）。").format(
            post=self._view.post(post),
            hours=self._wording.number(work.hours, 1),
            work=self._view.work(work.source),
        )

    def _cover(self, horizon: Horizon) -> str:
        """Say how the days off are covered, and what handing over costs."""
        load = self._view.load(horizon.phase, SPECIALIST)
        heads = horizon.heads().get(SPECIALIST)
        if load is None or not heads:
            return ""
        model, wording = self._view.model, self._wording
        text = self._say(
            "排班：每人每月休{rest}天，前后各交接一次、每次{minutes}分钟，{people}名专员每月花{hours}小时；"
            "平均每天{duty}名在岗。"
        ).format(
            rest=wording.number(Fraction(model.rest_days_per_month), 2),
            minutes=model.handover_minutes,
            people=wording.plain(heads),
            hours=wording.number(load.of_kind("cover"), 1),
            duty=wording.number(
                heads * (1 - Fraction(model.rest_days_per_month) / DAYS_OF_MONTH), 1
            ),
        )
        if heads < 2:
            text += self._say("只有一名专员，休息日没有同组可顶，要指定运营经理接手。")
        return text

    def _stores(self, horizon: Horizon) -> str:
        minutes = store_minutes(self._view, horizon)
        if minutes is None:
            return ""
        return self._say(
            "门店：每店每天约{minutes}分钟，由店长和当班导购分着做；每店每天留给私域的是{hours}小时。"
        ).format(
            minutes=self._wording.number(minutes),
            hours=self._wording.plain(Fraction(self._view.model.store_hours_per_day)),
        )

    def _outside(self) -> str:
        """Say what the plan asks of people outside the team, in the phase that asks most."""
        asked = {
            phase: {role: hours for role, hours in roles.items() if hours}
            for phase, roles in self._view.plan.outside.items()
        }
        if not any(asked.values()):
            return ""
        most = max(asked, key=lambda phase: sum(asked[phase].values(), NOBODY))
        return self._say("编制之外：{phase}还要{people}，不在上面的工时里。").format(
            phase=self._view.phase(most),
            people=self._wording.joined(
                [
                    self._say("{role}每月{hours}小时").format(
                        role=self._wording.role(role), hours=self._wording.number(hours)
                    )
                    for role, hours in asked[most].items()
                ]
            ),
        )


def store_minutes(view: StaffingView, horizon: Horizon) -> Fraction | None:
    """Return the minutes a day that the work takes in each store; None without stores at work."""
    load = view.load(horizon.phase, STORE_POST)
    if load is None or not load.hours or not horizon.store_people:
        return None
    return load.hours * MINUTES_OF_HOUR / (horizon.store_people * DAYS_OF_MONTH)
