"""The KPIs of a week: actual against plan, how far off, and what may be behind it.

Every figure given is a revision: what stood before stays readable. The on-time share of the SOP
tasks is counted, never typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.actuals import A_WEEK, ENTERPRISE, LAST_DAY, Actuals, week_to_report
from app.domain.actuals import week_of as monday_of
from app.domain.bounds import NOTE_LIMIT
from app.domain.check_in import CheckIn, CheckInBasis, CheckInLine, check_in, unplanned
from app.domain.definitions.kpi import Kpi
from app.domain.execution import OnTime, on_time
from app.domain.gate_review import gate_items
from app.domain.kpi import KpiLine, rebased
from app.domain.kpi_path import KpiPath, TrendPoint, kpi_path, trend
from app.forms.messages import Message
from app.forms.numerals import LONGEST, advice, parsed, typed_number
from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached, open_coached
from app.services.coaching.reporters import find_store, must_report, own_store
from app.services.coaching.revisions import Said, said_in_week
from app.services.errors import ConflictError, RefusedError
from app.services.record.recording import record
from app.store.coaching import entry_numbers, standing_entries
from app.store.rows import KpiEntry

AT_STORE: Final = "@"
"""Parts a KPI from a store in the name of a figure: ``add-rate@<store>``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a week: the line of the check-in with what was typed.

    ``name`` is what ``enter_actuals`` knows it by; ``typed`` stands in its box, ``note`` beside it;
    ``counted`` says that it follows from the tasks and is not typed. ``said`` is everything ever
    entered for it, the oldest first.
    """

    name: str
    line: CheckInLine
    typed: str
    note: str
    counted: bool
    said: tuple[Said, ...]

    @property
    def kpi(self) -> Kpi:
        """The KPI."""
        return self.line.line.kpi


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """The figures of one store, of the KPIs that gates look at by store."""

    store: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class WeekSheet:
    """The KPIs of one week as a person sees them.

    ``week`` is its Monday; ``earlier`` and ``later`` the weeks beside it, None outside the plan.
    ``figures`` are those of the enterprise (or of the one ``store`` asked for), the KPIs of the
    running phase first; ``stores`` those of every store. ``share`` is the on-time share of the
    week's tasks. ``model`` and ``coached`` are what it was read from.
    """

    coached: Coached
    week: date
    earlier: date | None
    later: date | None
    store: str
    check_in: CheckIn
    figures: tuple[Figure, ...]
    stores: tuple[StoreFigures, ...]
    share: OnTime
    trends: Mapping[str, tuple[TrendPoint, ...]]

    def every(self) -> Iterator[Figure]:
        """Yield every figure of the sheet."""
        yield from self.figures
        for store in self.stores:
            yield from store.figures


def week_of(acting: Acting, engagement_id: str, week: date | None, store: str = "") -> WeekSheet:
    """Return the KPIs of the week of a day; a day outside the plan gives the nearest week in it.

    Without a day it is the week whose figures are asked for today (``week_to_report``).
    ``store`` (id or name) narrows it to one store; a client's store manager sees no other. Raises
    ``NotFoundError`` and ``NotCoachedError``.
    """
    coached = open_coached(acting, engagement_id)
    unit = own_store(acting, coached, store)
    if week is None:
        monday = monday_of(coached.today)
        begun = any(one.week == monday and one.unit == unit for one in coached.typed)
        week = week_to_report(coached.today, has_begun=begun)
    return read_week(acting, coached, week, unit)


def read_week(acting: Acting, coached: Coached, week: date, unit: str = ENTERPRISE) -> WeekSheet:
    """Return a week of a plan already read; ``unit`` is a store's id."""
    monday = min(max(monday_of(week), monday_of(coached.begins)), monday_of(coached.today))
    basis = check_in_basis(coached)
    looked = check_in(basis, monday, coached.today, unit)
    said = said_in_week(acting, coached.engagement, monday)
    own = [one for one in basis.tracked if not unit or one.task.unit == unit]
    return WeekSheet(
        coached=coached,
        week=monday,
        earlier=monday - A_WEEK if monday > monday_of(coached.begins) else None,
        later=monday + A_WEEK if monday < monday_of(coached.today) else None,
        store=unit,
        check_in=looked,
        figures=_figures(coached, looked, said, unit),
        stores=() if unit else tuple(_of_stores(coached, basis, monday, said)),
        share=on_time(own, monday, monday + LAST_DAY, coached.today),
        trends={
            line.line.kpi.id: trend(
                line.line.kpi.id,
                basis.paths.get(line.line.kpi.id),
                basis.actuals,
                coached.weeks,
                unit,
            )
            for line in looked.lines
        },
    )


def check_in_basis(coached: Coached) -> CheckInBasis:
    """Return what every check-in of a plan is held against."""
    tracked = coached.tracked_so_far()
    actuals = coached.actuals(tracked, coached.weeks)
    lines = _with_measured(coached, actuals)
    paths = _paths(coached, lines)
    return CheckInBasis(
        world=coached.diagnosis.basis.world,
        lines=lines,
        paths=paths,
        tasks=coached.roadmap.tasks,
        actuals=actuals,
        tracked=tracked,
        focus=frozenset(coached.running.phase.kpis),
    )


def _paths(coached: Coached, lines: tuple[KpiLine, ...]) -> Mapping[str, KpiPath]:
    found = {line.kpi.id: kpi_path(line, coached.plan, coached.roadmap) for line in lines}
    return {name: path for name, path in found.items() if path is not None}


def _with_measured(coached: Coached, actuals: Actuals) -> tuple[KpiLine, ...]:
    """Return the plan's KPIs, those nobody could measure at first planned from what they came to.

    The mean of the first weeks is the baseline, once there are as many as the model compares.
    """
    lines = coached.plan.kpis
    enough = coached.model.content.coaching.compare_weeks
    phases = tuple(planned.phase for planned in coached.roadmap.phases)
    measured: dict[str, KpiLine] = {}
    for line in unplanned(lines, _paths(coached, lines)):
        first = actuals.series(line.kpi.id)[:enough]
        if len(first) == enough:
            mean = sum((one.value for one in first), Fraction(0)) / enough
            measured[line.kpi.id] = rebased(line, mean, phases)
    return tuple(measured.get(line.kpi.id, line) for line in lines)


def _figures(
    coached: Coached, looked: CheckIn, said: Mapping[tuple[str, str], tuple[Said, ...]], unit: str
) -> tuple[Figure, ...]:
    lines = looked.lines
    if unit:
        known = _store_kpis(coached)
        lines = tuple(one for one in lines if one.line.kpi.id in known or one.actual is not None)
    figures = [
        _figure(coached, line, said.get((line.line.kpi.id, unit), ()), unit) for line in lines
    ]
    return tuple(sorted(figures, key=lambda one: (not one.line.focus, one.kpi.code)))


def _figure(coached: Coached, line: CheckInLine, said: tuple[Said, ...], unit: str) -> Figure:
    name = line.line.kpi.id
    counted = name == coached.model.content.coaching.on_time_kpi
    standing = said[-1].value if said else None
    return Figure(
        name=f"{name}{AT_STORE}{unit}" if unit else name,
        line=line,
        typed="" if standing is None else typed_number(standing),
        note=said[-1].note if said and standing is not None else "",
        counted=counted,
        said=said,
    )


def _store_kpis(coached: Coached) -> frozenset[str]:
    """Return the KPIs that the gates of the roadmap look at store by store."""
    return frozenset(
        item.metric.kpi
        for planned in coached.roadmap.phases
        for item in gate_items(coached.model, planned.phase)
        if item.metric is not None
        and item.metric.reading == "units-at-target"
        and item.metric.kpi is not None
    )


def _of_stores(
    coached: Coached,
    basis: CheckInBasis,
    monday: date,
    said: Mapping[tuple[str, str], tuple[Said, ...]],
) -> Iterator[StoreFigures]:
    for unit in coached.taking_part:
        if not unit.works(monday, monday + LAST_DAY):
            continue
        name = next(one.name for one in coached.units if one.id == unit.id)
        looked = check_in(basis, monday, coached.today, unit.id)
        yield StoreFigures(unit.id, name, _figures(coached, looked, said, unit.id))


# -- entering ------------------------------------------------------------------------------------


class FiguresRefusedError(RefusedError):
    """Figures that cannot be taken: by the figure's name, each with its own message."""

    def __init__(self, messages: Mapping[str, Message]) -> None:
        super().__init__({name: message.key for name, message in messages.items()})
        self.messages = messages


def enter_actuals(
    acting: Acting,
    engagement_id: str,
    week: date,
    values: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    *,
    store: str = "",
    source: str = "page",
) -> WeekSheet:
    """Take what was typed for the KPIs of a week, all or nothing, and return the week.

    ``values`` and ``notes`` are by figure (``Figure.name``); an empty value takes back what stood
    there. Only what differs becomes a revision. Raises ``NotFoundError``, ``NotAllowedError``,
    ``NotCoachedError``, ``ConflictError`` ("week-ahead") and ``FiguresRefusedError``.
    """
    coached = open_coached(acting, engagement_id)
    unit = own_store(acting, coached, store)
    must_report(acting, coached, unit)
    monday = monday_of(week)
    if monday > coached.today:
        raise ConflictError("week-ahead", "这一周还没到，不能先填实际值。")
    if monday < monday_of(coached.begins):
        raise ConflictError("week-before", "这一周在规划开始之前，不用填。")
    read = _read(acting, coached, values, notes or {})
    with acting.writing() as session:
        said = {
            (row.kpi, row.unit): row for row in standing_entries(session, engagement_id, monday)
        }
        numbers = entry_numbers(session, engagement_id, monday)
        changed = 0
        for (kpi, at), (value, note) in read.items():
            row = said.get((kpi, at))
            before = (Fraction(row.value), row.note) if row is not None and row.value else None
            if (value, note) == before or (value is None and before is None):
                continue
            changed += 1
            session.add(
                KpiEntry(
                    engagement_id=engagement_id,
                    week=monday,
                    kpi=kpi,
                    unit=at,
                    number=numbers.get((kpi, at), 0) + 1,
                    value=None if value is None else str(value),
                    note=note if value is not None else "",
                    source=source,
                    at=acting.now,
                    by=acting.person,
                )
            )
        if changed:
            record(
                acting, session, "coaching.actuals", "engagement", engagement_id, engagement_id,
                week=monday.isoformat(), figures=changed, source=source,
            )  # fmt: skip
    return week_of(acting, engagement_id, monday, unit)


_Said = tuple[Fraction | None, str]


def _read(
    acting: Acting, coached: Coached, values: Mapping[str, str], notes: Mapping[str, str]
) -> Mapping[tuple[str, str], _Said]:
    """Return the values by KPI and store; raises ``FiguresRefusedError`` with all that is wrong."""
    wrong: dict[str, Message] = {}
    read: dict[tuple[str, str], _Said] = {}
    for name, typed in values.items():
        kpi_id, _, at = name.partition(AT_STORE)
        kpi = coached.model.kpis.get(kpi_id)
        if kpi is None or kpi_id == coached.model.content.coaching.on_time_kpi:
            wrong[name] = Message("这里没有这个指标，请刷新页面后重填。")
            continue
        unit = find_store(coached, at)
        must_report(acting, coached, unit.id if unit is not None else "")
        note = notes.get(name, "").strip()
        if len(note) > NOTE_LIMIT:
            wrong[name] = Message("说明最多{limit}个字。", {"limit": NOTE_LIMIT})
            continue
        found = read_figure(kpi, typed)
        if isinstance(found, Message):
            wrong[name] = found
        else:
            read[kpi_id, unit.id if unit is not None else ""] = (found, note)
    if wrong:
        raise FiguresRefusedError(wrong)
    return read


def read_figure(kpi: Kpi, typed: str) -> Fraction | Message | None:
    """Return the number typed for a KPI, None for nothing, or what is wrong with it."""
    if not typed.strip():
        return None
    if len(typed) > LONGEST:
        return Message("请只写一个数字，不要写{n}个字以上。", {"n": LONGEST})
    value = parsed(typed, kpi.unit)
    if value is None:
        return advice(typed) or Message("请填一个数字，比如12.5；不知道就空着。")
    if kpi.unit.startswith("%") and not -1000 <= value <= 1000:
        return Message("百分比要写成12.5这样，表示12.5%。")
    return value
