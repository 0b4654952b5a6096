"""The plan that is coached, as it stands on a day: frozen in a report, dated anew by its gates.

What is coached is what the client holds in hands: the plan of the newest issued report. Answers
given later change nothing of it until they are issued too. Its roadmap is not stored but dated
anew from the gate reviews held under it, so that both never contradict each other.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from threading import Lock
from typing import Final, cast

from app.domain.actuals import LAST_DAY, Actuals, KpiActual, week_of, weeks_between
from app.domain.calendar import WorkingCalendar
from app.domain.definitions.roadmap import Phase
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.due_tasks import DueTask, SopRun, Surroundings, TaskKey, Unit, due_tasks
from app.domain.execution import TaskMark, TrackedTask, on_time_actuals, track
from app.domain.gate_review import GateReview, GateVerdict, RepairLoop, gate_items
from app.domain.model import MaturityModel
from app.domain.plan import Plan
from app.domain.redating import after_review
from app.domain.roadmap import PlannedPhase, Roadmap
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError
from app.services.releases import model_of
from app.services.reports.register import frozen_assessment
from app.services.working_days import working_days
from app.store.coaching import (
    coached_report,
    reviews_of,
    settlements,
    standing_entries,
    units_of,
)
from app.store.rows import CoachedUnit, HeldReview, KpiEntry, Report, TaskSettlement

A_DAY: Final = timedelta(days=1)
WEEKS_BACK: Final = 26
"""Weeks that shares and trends look back on."""
_KEPT: Final = 12


class NotCoachedError(ConflictError):
    """There is nothing to coach: no report with a decided plan was issued, or it has no roadmap."""

    def __init__(self) -> None:
        super().__init__(
            "not-coached", "还没有可以陪跑的规划：先定规划、出报告，陪跑从报告里的规划开始。"
        )


class _Kept:
    """Values that follow from their keys alone, the last ones used."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable) -> object | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, key: Hashable, value: object) -> None:
        with self._lock:
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)


_diagnoses, _tasks = _Kept(_KEPT), _Kept(_KEPT)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A roadmap with the days on which it counted: from ``first`` until the next review.

    ``rounds`` maps phases to how often they had been begun by then.
    """

    first: date
    last: date
    roadmap: Roadmap
    rounds: Mapping[str, int]


@dataclass(frozen=True)
class Coached:
    """An engagement's plan under way.

    ``report`` is the version that holds it, ``reviews`` are those held under it, oldest first, and
    ``stretches`` the roadmap as it counted between them; the last one counts now. ``running`` is
    the phase at work. ``typed`` are the figures people gave, without what tasks say by themselves.
    """

    opened: Opened
    report: Report
    model: MaturityModel
    diagnosis: Diagnosis
    reviews: tuple[HeldReview, ...]
    stretches: tuple[Stretch, ...]
    running: PlannedPhase
    units: tuple[CoachedUnit, ...]
    typed: tuple[KpiActual, ...]
    marks: tuple[TaskMark, ...]
    calendar: WorkingCalendar
    today: date

    @property
    def engagement(self) -> str:
        """The engagement's id."""
        return self.opened.engagement.id

    @property
    def plan(self) -> Plan:
        """The plan as it was issued."""
        return self.diagnosis.plan

    @property
    def roadmap(self) -> Roadmap:
        """The roadmap as it counts now."""
        return self.stretches[-1].roadmap

    @property
    def begins(self) -> date:
        """The first day of the plan."""
        return self.stretches[0].roadmap.phases[0].start

    @property
    def taking_part(self) -> tuple[Unit, ...]:
        """The stores as the engine takes them."""
        return tuple(Unit(one.id, one.first, one.last, one.role) for one in self.units)

    @property
    def failed(self) -> tuple[date, ...]:
        """The days of the reviews that failed since the running phase was begun, oldest first."""
        days: list[date] = []
        for held in self.reviews:
            if held.verdict in ("go", "stop"):
                days = []
            elif held.verdict == "fix" and held.phase == self.running.phase.id:
                days.append(held.day)
        return tuple(days)

    @property
    def repair(self) -> HeldReview | None:
        """The review whose repair loop the running phase is in, also once its days are over."""
        if not self.failed:
            return None
        return next(one for one in reversed(self.reviews) if one.verdict == "fix")

    @property
    def gate_on(self) -> date | None:
        """The day from which the running phase's gate is due; None where it has none."""
        return gate_day(self.model, self.running)

    def tasks(self, first: date, last: date) -> tuple[DueTask, ...]:
        """Return the tasks due from ``first`` to ``last``, by the roadmap that counted then."""
        key = (*self._stamp, first, last)
        known = _tasks.get(key)
        if known is None:
            known = self._listed(first, last)
            _tasks.put(key, known)
        return cast(tuple[DueTask, ...], known)

    @property
    def _stamp(self) -> tuple[Hashable, ...]:
        reviews = tuple((held.number, held.verdict) for held in self.reviews)
        units = tuple((one.id, one.first, one.last) for one in self.units)
        model = (self.model.digest, self.model.content.language)
        return (self.report.id, self.report.digest, *model, reviews, units)

    def _listed(self, first: date, last: date) -> tuple[DueTask, ...]:
        found: dict[TaskKey, DueTask] = {}
        runs = tuple(run for held in self.reviews for run in repair_runs(held))
        for stretch in self.stretches:
            begin, end = max(first, stretch.first), min(last, stretch.last)
            if begin > end:
                continue
            around = Surroundings(self.taking_part, runs, stretch.rounds, self.calendar)
            due = due_tasks(self.model, self.plan, stretch.roadmap, begin, end, around)
            found.update((task.key, task) for task in due if begin <= task.due <= end)
        return tuple(sorted(found.values(), key=lambda task: (task.due, task.first, task.key)))

    def tracked(self, first: date, last: date) -> tuple[TrackedTask, ...]:
        """Return the tasks due from ``first`` to ``last`` with what became of each."""
        return track(self.tasks(first, last), self.marks, self.today)

    @property
    def weeks(self) -> tuple[date, ...]:
        """The weeks of the plan up to this one, at most ``WEEKS_BACK`` of them, oldest first."""
        return weeks_between(self.begins, self.today)[-WEEKS_BACK:]

    def tracked_so_far(self) -> tuple[TrackedTask, ...]:
        """Return the tasks of those weeks with what became of each."""
        weeks = self.weeks
        return self.tracked(weeks[0], weeks[-1] + LAST_DAY) if weeks else ()

    def actuals(self, tracked: Sequence[TrackedTask], weeks: Sequence[date]) -> Actuals:
        """Return every figure: what people gave, and the on-time share the tasks give by week.

        What the tasks say of a week stands before what somebody typed.
        """
        due: dict[date, list[TrackedTask]] = {week: [] for week in weeks}
        for one in tracked:
            due.get(week_of(one.task.due), []).append(one)
        counted = {
            (actual.kpi, actual.unit, actual.week): actual
            for week, own in due.items()
            for actual in on_time_actuals(self.model, own, week, self.today)
        }
        own = {(actual.kpi, actual.unit, actual.week): actual for actual in self.typed}
        return Actuals.of((own | counted).values())


def gate_day(model: MaturityModel, planned: PlannedPhase) -> date | None:
    """Return the day after a phase's last, on which its gate is reviewed; None without a gate."""
    return planned.end + A_DAY if gate_items(model, planned.phase) else None


def find_coached(acting: Acting, engagement: str) -> Coached | None:
    """Return the plan an engagement is coached by; None while there is none.

    Raises ``NotFoundError`` where the person may not see the engagement.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        report = coached_report(session, engagement)
        if report is None:
            return None
        reviews = reviews_of(session, engagement)
        units = tuple(units_of(session, engagement))
        typed = tuple(_actual(row) for row in standing_entries(session, engagement))
        marks = tuple(_mark(row) for row in settlements(session, engagement) if row.said != "open")
    diagnosis = issued_diagnosis(acting, report)
    if diagnosis.plan.roadmap is None:
        return None
    own = tuple(held for held in reviews if held.plan == report.plan_number)
    calendar = working_days(report.as_of)
    stretches, running = _lived(diagnosis, own, calendar, acting.today)
    return Coached(
        opened=opened,
        report=report,
        model=diagnosis.model,
        diagnosis=diagnosis,
        reviews=own,
        stretches=stretches,
        running=running,
        units=units,
        typed=typed,
        marks=marks,
        calendar=calendar,
        today=acting.today,
    )


def relived(coached: Coached, held: HeldReview) -> Coached:
    """Return the plan as it would stand with one more review."""
    reviews = (*coached.reviews, held)
    stretches, running = _lived(coached.diagnosis, reviews, coached.calendar, coached.today)
    return replace(coached, reviews=reviews, stretches=stretches, running=running)


def open_coached(acting: Acting, engagement: str) -> Coached:
    """Return the plan an engagement is coached by.

    Raises ``NotFoundError``, and ``NotCoachedError`` while there is no such plan.
    """
    found = find_coached(acting, engagement)
    if found is None:
        raise NotCoachedError
    return found


def issued_diagnosis(acting: Acting, report: Report, locale: str | None = None) -> Diagnosis:
    """Return the diagnosis of an issued report, in the person's language; once per process."""
    model = model_of(
        acting.database, acting.settings, report.release_digest, locale or acting.locale
    )
    key = (report.id, report.digest, model.digest, model.content.language)
    known = _diagnoses.get(key)
    if known is None:
        assessment, day = frozen_assessment(acting, report), report.as_of
        known = diagnose(model, assessment, day, calendar=working_days(day))
        _diagnoses.put(key, known)
    return cast(Diagnosis, known)


def _actual(row: KpiEntry) -> KpiActual:
    return KpiActual(row.kpi, row.week, Fraction(row.value or 0), row.unit)


def _mark(row: TaskSettlement) -> TaskMark:
    said = "skipped" if row.said == "skipped" else "done"
    return TaskMark(TaskKey(row.task, row.run, row.unit), said, row.day, row.reason)  # type: ignore[arg-type] # one of the two words


def _lived(
    diagnosis: Diagnosis,
    reviews: Sequence[HeldReview],
    calendar: WorkingCalendar,
    today: date,
) -> tuple[tuple[Stretch, ...], PlannedPhase]:
    """Return the roadmap as it counted between the reviews, and the phase at work today."""
    roadmap = diagnosis.plan.roadmap
    assert roadmap is not None  # noqa: S101  the caller looked
    world, plan, model = diagnosis.basis.world, diagnosis.plan, diagnosis.model
    stretches: list[Stretch] = []
    first, rounds, name = date.min, dict[str, int](), roadmap.phases[0].phase.id
    for held in reviews:
        stretches.append(Stretch(first, held.day, roadmap, dict(rounds)))
        review = review_of(model, held)
        begun = {one.phase.id for one in roadmap.phases if one.start <= held.day}
        roadmap = after_review(world, plan, roadmap, review, calendar)
        if held.verdict == "stop" and held.back_to is not None:
            for again in begun.intersection(one.phase.id for one in roadmap.phases):
                rounds[again] = rounds.get(again, 1) + 1
        name = _next(roadmap, held, name)
        first = held.day + A_DAY
    stretches.append(Stretch(first, date.max, roadmap, rounds))
    return tuple(stretches), _running(model, roadmap, name, today)


def _next(roadmap: Roadmap, held: HeldReview, name: str) -> str:
    """Return the phase at work after a review."""
    if held.verdict == "stop":
        return held.back_to or name
    names = [one.phase.id for one in roadmap.phases]
    if held.verdict != "go" or names[-1] == held.phase:
        return held.phase
    return names[names.index(held.phase) + 1]


def _running(model: MaturityModel, roadmap: Roadmap, name: str, today: date) -> PlannedPhase:
    """Return the phase at work: one without a gate gives way to the next when its days are over."""
    rest = [
        one
        for place, one in enumerate(roadmap.phases)
        if name in {before.phase.id for before in roadmap.phases[: place + 1]}
    ]
    for planned in rest:
        if gate_items(model, planned.phase) or planned.end >= today:
            return planned
    return rest[-1]


def phase_of(model: MaturityModel, name: str) -> Phase:
    """Return a phase of the model's roadmap; raises ``KeyError``."""
    roadmap = model.content.roadmap
    found = {phase.id: phase for phase in roadmap.phases} if roadmap is not None else {}
    return found[name]


def review_of(model: MaturityModel, held: HeldReview) -> GateReview:
    """Return a stored review as far as the dates of a roadmap follow from it."""
    return GateReview(
        phase=phase_of(model, held.phase),
        on=held.day,
        verdict=cast(GateVerdict, held.verdict),
        lines=(),
        signs=(),
        repair=_loop(held),
        back_to=phase_of(model, held.back_to) if held.back_to else None,
    )


def _loop(held: HeldReview) -> RepairLoop | None:
    if held.repair_last is None:
        return None
    return RepairLoop(held.phase, held.day + A_DAY, held.repair_last, (), tuple(held.sops))


def repair_runs(held: HeldReview) -> tuple[SopRun, ...]:
    """Return the SOPs a stored review set going once more; none where it opened no loop."""
    loop = _loop(held)
    return loop.runs() if loop is not None else ()
