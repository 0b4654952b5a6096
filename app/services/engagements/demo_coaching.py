"""A few coached weeks for one of the demo's cases, so that every page of coaching shows something.

All of it goes through the same services people use, each at its own moment in the past: the case
is five weeks into its plan. The alignment was passed, the pilot's gate failed once and is in its
repair loop.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from app.domain.actuals import A_WEEK, LAST_DAY, week_of
from app.domain.definitions.gate import GateMetric
from app.domain.gate_review import GateReview
from app.domain.response import PlanControls
from app.services.acting import Acting
from app.services.coaching.actuals import enter_actuals
from app.services.coaching.coached_plan import open_coached
from app.services.coaching.gates import LineSaid, gate_of, hold_review
from app.services.coaching.stores import add_stores
from app.services.coaching.tasks import key_text, settle_tasks
from app.services.reports.register import request_report
from app.services.reports.version_jobs import cancel_report

WEEKS: Final = 5
LEAD: Final = timedelta(days=18)
"""From the interviews to the first day of the build."""
STORES: Final = ("人民路店", "滨江店", "大学城店", "会展店")
"""Stores of the pilot."""

_A_DAY: Final = timedelta(days=1)
_NOON: Final = time(4, tzinfo=UTC)
"""Noon in Shanghai."""
_COURSE: Final[Mapping[str, tuple[str, ...]]] = {
    "add-rate": ("12", "18", "24", "28", "31"),
    "group-entry-rate": ("18", "22", "26", "27", "29"),
    "deletion-7d": ("14", "12", "11", "9", "9"),
    "first-response": ("41", "33", "26", "18", "16"),
    "group-activity-7d": ("9", "11", "12", "15", "14"),
    "complaint-rate": ("0.4", "0.3", "0.3", "0.2", "0.2"),
    "report-timeliness": ("14", "13", "13", "12", "11"),
    "new-adds": ("900", "1300", "1750", "2100", "2600"),
}
"""What KPIs came to, week by week."""
_STORE_SHARE: Final = (Fraction(6, 5), Fraction(1), Fraction(9, 10), Fraction(3, 5))
"""How the stores lie to the whole."""
_DONE: Final = tuple(Fraction(share, 20) for share in (12, 14, 15, 18, 17, 19))
"""The share of each week's tasks done in time; this week has tasks already and no figures yet."""
_PREPARED: Final = Fraction(9, 10)
"""The share done in time of what prepares the build."""
_SKIPPED: Final = "门店盘点，客户要求推后"


@dataclass(frozen=True, slots=True)
class DemoDates:
    """The days of the coached case: its interviews, and the first day of its build."""

    interviewed_on: date
    start: date

    @classmethod
    def before(cls, today: date) -> "DemoDates":
        """Return the days of a case that is ``WEEKS`` weeks into its build."""
        start = week_of(today) - WEEKS * A_WEEK
        return cls(start - LEAD, start)

    def controls(self, decided: PlanControls) -> PlanControls:
        """Return a plan's controls with the build beginning then."""
        return replace(decided, start=self.start)


def coach_demo(acting: Acting, engagement: str, dates: DemoDates, *, drawn: bool) -> None:
    """Issue the report of the case, and live its weeks up to today.

    Unless ``drawn``, its drawing is called off: a minute's work that few tests look at.
    """
    issued = _at(acting, dates.interviewed_on + 3 * _A_DAY)
    report = request_report(issued, engagement, "zh-Hans").report
    if not drawn:
        cancel_report(issued, engagement, report)
    begun = dates.start - _A_DAY
    for week in (dates.start - 2 * A_WEEK, dates.start - A_WEEK):
        _tasks(_at(acting, week + LAST_DAY), engagement, week, _PREPARED)
    _pass_gate(_at(acting, begun), engagement)
    add_stores(_at(acting, dates.start), engagement, STORES, dates.start)
    for number, share in enumerate(_DONE):
        week = dates.start + number * A_WEEK
        moment = _at(acting, min(week + LAST_DAY, acting.today))
        _tasks(moment, engagement, week, share)
        if number < WEEKS:
            _figures(moment, engagement, week, number)
            _review_when_due(moment, engagement)


def _at(acting: Acting, day: date) -> Acting:
    return replace(acting, now=datetime.combine(day, _NOON))


def _pass_gate(acting: Acting, engagement: str) -> None:
    """Pass the gate of the alignment: every line that somebody has to confirm is confirmed."""
    found = gate_of(acting, engagement)
    if found.review is None or not found.begun:
        return
    said = _confirmed(found.review, "CEO与私域负责人签字")
    hold_review(acting, engagement, said, found.number, "对齐会当场签字，负责人已发文任命。")


def _confirmed(review: GateReview, note: str) -> Mapping[str, LineSaid]:
    """Return every line that somebody has to confirm as confirmed, numbers at their bound."""
    said = {}
    for line in review.missing:
        metric = line.item.metric or GateMetric()
        bound = metric.at_least if metric.at_least is not None else metric.at_most
        if metric.reading == "stated":
            said[line.item.id] = LineSaid("yes" if bound is None else str(bound), note)
    return said


def _tasks(acting: Acting, engagement: str, week: date, share: Fraction) -> None:
    due = open_coached(acting, engagement).tasks(week, min(week + LAST_DAY, acting.today))
    keys = [key_text(task.key) for task in due]
    done = _every(keys, share)
    settle_tasks(acting, engagement, done, "done")
    skipped = [key for key in keys if key not in set(done)][:2]
    if skipped:
        settle_tasks(acting, engagement, skipped, "skipped", reason=_SKIPPED)


def _every(keys: Sequence[str], share: Fraction) -> list[str]:
    """Return a share of the keys, spread evenly."""
    return [
        key for place, key in enumerate(keys, 1) if int(place * share) > int((place - 1) * share)
    ]


def _figures(acting: Acting, engagement: str, week: date, number: int) -> None:
    coached = open_coached(acting, engagement)
    known = coached.model.kpis
    values = {name: course[number] for name, course in _COURSE.items() if name in known}
    for unit, share in zip(coached.units, _STORE_SHARE, strict=False):
        value = Fraction(_COURSE["add-rate"][number]) * share
        values[f"add-rate@{unit.id}"] = f"{float(value):.1f}"
    notes = {"add-rate": "会展店从第二周起没有收银引导"} if number == 2 else {}
    enter_actuals(acting, engagement, week, values, notes)


def _review_when_due(acting: Acting, engagement: str) -> None:
    """Hold a gate that is due, once; what people have to confirm is confirmed."""
    found = gate_of(acting, engagement)
    if not found.is_due or found.review is None or found.loop is not None:
        return
    said = _confirmed(found.review, "评审会当场核对")
    hold_review(acting, engagement, said, found.number, "四家店里两家达标，先整改收银引导。")
