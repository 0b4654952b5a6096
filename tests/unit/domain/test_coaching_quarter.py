"""A quarter of coaching, week by week: a pilot that fails once, is repaired, and goes on."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from app.domain.actuals import A_WEEK, LAST_DAY, Actuals, KpiActual, week_of
from app.domain.calendar import WEEKENDS_ONLY
from app.domain.check_in import CheckIn, CheckInBasis, CheckInLine, check_in
from app.domain.due_tasks import DueTask, Surroundings, due_tasks
from app.domain.execution import TaskMark, TrackedTask, on_time_actuals, track
from app.domain.gate_reading import GateEvidence, Stated
from app.domain.gate_review import GateReview, review_gate
from app.domain.kpi_path import kpi_path
from app.domain.redating import after_review
from app.domain.roadmap import Roadmap
from tests.coached import MODEL, diagnosis, lines, phase, plan, roadmap, stores

A_DAY = timedelta(days=1)


@dataclass
class Coaching:
    """What is kept of one engagement, and what happens in it."""

    roadmap: Roadmap = field(default_factory=roadmap)
    around: Surroundings = field(default_factory=lambda: Surroundings(units=stores(5)))
    actuals: list[KpiActual] = field(default_factory=list)
    marks: list[TaskMark] = field(default_factory=list)
    failed: list[date] = field(default_factory=list)

    def due(self, first: date, last: date) -> tuple[DueTask, ...]:
        tasks = due_tasks(MODEL, plan(), self.roadmap, first, last, self.around)
        return tuple(task for task in tasks if first <= task.due <= last)

    def tracked(self, last: date) -> tuple[TrackedTask, ...]:
        return track(self.due(self.roadmap.start, last), self.marks, last + A_DAY)

    def live(self, week: date, share: float, add_rate: Fraction) -> CheckIn:
        """Do a share of the week's tasks on their due day, report, and look at the week."""
        due = self.due(week, week + LAST_DAY)
        done = [t for n, t in enumerate(due, 1) if floor(n * share) > floor((n - 1) * share)]
        self.marks += [TaskMark(task.key, "done", task.due) for task in done]
        self.actuals.append(KpiActual("add-rate", week, add_rate))
        self.actuals += [KpiActual("add-rate", week, add_rate, u.id) for u in self.around.units]
        self.actuals.append(KpiActual("group-entry-rate", week, Fraction(28)))
        today = week + A_WEEK
        self.actuals += on_time_actuals(MODEL, track(due, self.marks, today), week, today)
        return self.looked_at(week)

    def looked_at(self, week: date) -> CheckIn:
        paths = {
            name: found
            for name, line in lines().items()
            if (found := kpi_path(line, plan(), self.roadmap)) is not None
        }
        basis = CheckInBasis(
            world=diagnosis().basis.world,
            lines=tuple(lines().values()),
            paths=paths,
            tasks=self.roadmap.tasks,
            actuals=Actuals.of(self.actuals),
            tracked=self.tracked(week + LAST_DAY),
        )
        return check_in(basis, week, week + A_WEEK)

    def review(self, name: str, on: date) -> GateReview:
        said = {"beats-controls": Stated(True, on), "handed-over": Stated(True, on)}
        given = GateEvidence(
            phase=phase(name, self.roadmap),
            kpis=lines(),
            actuals=Actuals.of(self.actuals),
            stated=said,
            tracked=self.tracked(on - A_DAY),
            units=self.around.units,
            failed=tuple(self.failed),
        )
        found = review_gate(MODEL, given, self.roadmap.tasks, on)
        if found.verdict == "fix" and found.repair is not None:
            self.failed.append(on)
            self.around = replace(self.around, runs=(*self.around.runs, *found.repair.runs()))
        self.roadmap = after_review(
            diagnosis().basis.world, plan(), self.roadmap, found, WEEKENDS_ONLY
        )
        return found


def add_rate_in(looked: CheckIn) -> CheckInLine:
    return next(one for one in looked.lines if one.line.kpi.id == "add-rate")


def test_a_pilot_nobody_carries_out_stops_and_goes_back_to_alignment() -> None:
    coaching = Coaching()
    week = week_of(coaching.roadmap.start) + A_WEEK
    coaching.live(week, share=0.7, add_rate=Fraction(4))
    line = add_rate_in(coaching.live(week + A_WEEK, share=0.7, add_rate=Fraction(4)))
    assert line.deviation is not None
    assert line.deviation.band == "red"
    assert line.weeks_off == 2
    assert line.behind == "not-carried-out"
    found = coaching.review("pilot", phase("pilot").end + A_DAY)
    assert found.verdict == "stop"
    assert found.reason == "past-repair"  # no store reached its target: nothing to repair
    assert coaching.roadmap.phases[0].phase.id == "align"


def test_a_pilot_that_fails_once_is_repaired_and_goes_on() -> None:
    coaching = Coaching()
    week = week_of(coaching.roadmap.start) + A_WEEK
    on = phase("pilot").end + A_DAY
    for _ in range(2):
        coaching.live(week, share=0.7, add_rate=Fraction(30))
        week += A_WEEK
    first = coaching.review("pilot", on)
    assert first.verdict == "fix"
    assert [one.item.id for one in first.failed] == ["without-coach"]
    assert first.repair is not None
    assert phase("pilot", coaching.roadmap).end == on + timedelta(days=15)
    assert phase("model", coaching.roadmap).start == on + timedelta(days=16)
    loop = [
        task
        for task in coaching.due(first.repair.first, first.repair.last)
        if task.kind == "triggered"
    ]
    assert loop
    assert {task.sop for task in loop} <= set(first.repair.sops)

    while week <= first.repair.last:
        coaching.live(week, share=1, add_rate=Fraction(31))
        week += A_WEEK
    assert coaching.review("pilot", week).verdict == "go"
    assert phase("model", coaching.roadmap).start == week + A_DAY
    assert add_rate_in(coaching.looked_at(week - A_WEEK)).reports_off == 0


def test_a_repair_that_changes_nothing_goes_back_one_phase() -> None:
    coaching = Coaching()
    week = week_of(coaching.roadmap.start) + A_WEEK
    on = phase("pilot").end + A_DAY
    for _ in range(2):
        coaching.live(week, share=0.7, add_rate=Fraction(30))
        week += A_WEEK
    assert coaching.review("pilot", on).verdict == "fix"
    while week <= on + timedelta(days=15):
        coaching.live(week, share=0.7, add_rate=Fraction(30))
        week += A_WEEK
    found = coaching.review("pilot", week)
    assert found.verdict == "stop"
    assert found.reason == "second-failure"
    assert coaching.roadmap.phases[0].phase.id == "align"
    assert coaching.roadmap.phases[0].start == week + A_DAY
