"""The phases of the roadmap as rows: dates, purpose, work, numbers, exit, three verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.initiatives import Initiative
from app.domain.roadmap import PlannedPhase, Roadmap
from app.reporting.context.roadmap_change import change
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Work:
    """One initiative in its phase: title, first day, SOP codes in short; ``must``: it is urgent."""

    title: str
    starts: str
    codes: str
    must: bool


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase.

    ``days`` counts from the first day of the build; ``effort`` is what the work takes of the team's
    days. ``changes`` are metrics from today to their target. ``go``, ``fix`` and ``stop`` are the
    verdicts at its gate; of a phase whose work is not planned yet only ``stop`` is told.
    """

    code: str
    title: str
    dates: tuple[str, ...]
    days: str
    purpose: str
    work: tuple[Work, ...]
    no_work: str
    effort: str
    changes: tuple[str, ...]
    exit_items: tuple[str, ...]
    go: str
    fix: str
    stop: str


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate: its day, what it is passed by, and users, team and monthly cost at that point.

    ``users`` are those the phase looks after: a pilot's, or the whole pool's.
    """

    day: str
    title: str
    passed_by: str
    users: str
    team: str
    cost: str


def gate_rows(source: Source, roadmap: Roadmap) -> tuple[GateRow, ...]:
    """Return a line per phase: its gate, and what stands behind it by then."""
    wording, t = source.wording, source.wording.translate
    staffing = source.diagnosis.plan.staffing
    horizons = {item.phase: item for item in staffing.horizons} if staffing else {}
    rows = []
    for planned in roadmap.phases:
        horizon = horizons.get(planned.phase.id)
        known = horizon is not None and planned.phase.kind != "align"
        day = wording.day(planned.end) if planned.phase.days is not None else t("每季度")
        rows.append(
            GateRow(
                day=day,
                title=f"{planned.phase.code} {planned.phase.title}",
                passed_by=planned.phase.exit,
                users=wording.amount(horizon.work.users if horizon and known else None),
                team=wording.plain(horizon.fte if horizon and known else None),
                cost=wording.money(horizon.monthly_cost if horizon and known else None),
            )
        )
    return tuple(rows)


def phase_rows(source: Source, roadmap: Roadmap) -> tuple[PhaseRow, ...]:
    """Return every phase of the plan in order."""
    return tuple(_row(source, roadmap, planned) for planned in roadmap.phases)


def _row(source: Source, roadmap: Roadmap, planned: PlannedPhase) -> PhaseRow:
    wording, phase = source.wording, planned.phase
    t = wording.translate
    own = [item for item in roadmap.initiatives if item.phase == phase.id]
    waiting = t("这一期的举措由上一道关的复评结果决定，现在不排。")
    effort = t("改进用{used}/{budget}人天").format(
        used=planned.used_days, budget=wording.number(planned.budget_days)
    )
    return PhaseRow(
        code=phase.code,
        title=phase.title,
        dates=_dates(source, planned),
        days=_days(source, planned),
        purpose=phase.purpose,
        work=tuple(_work(source, item) for item in own),
        no_work="" if own else waiting,
        effort=effort if own else "",
        changes=_changes(source, planned),
        exit_items=phase.exit_items,
        go=phase.go if own else "",
        fix=phase.fix if own else "",
        stop=phase.stop,
    )


def short_codes(source: Source, sops: Sequence[str]) -> str:
    """Return SOP codes as a short list: 「SOP-05、06、07」."""
    codes = [source.model.sops[name].code for name in sops]
    stem = codes[0].rpartition("-")[0] + "-"
    return source.wording.joined([codes[0], *(code.removeprefix(stem) for code in codes[1:])])


def _dates(source: Source, planned: PlannedPhase) -> tuple[str, ...]:
    wording = source.wording
    first = wording.day(planned.start)
    if planned.phase.days is None:
        return (wording.translate("{}起").format(first),)
    same = planned.end.year == planned.start.year
    last = wording.short_day(planned.end) if same else wording.day(planned.end)
    return (first, wording.translate("至{}").format(last))


def _days(source: Source, planned: PlannedPhase) -> str:
    t = source.wording.translate
    if planned.last_day <= 0:
        return t("开工前{}天").format(planned.last_day - planned.first_day + 1)
    if planned.phase.days is None:
        return t("第{}天起").format(planned.first_day)
    return t("第{}–{}天").format(planned.first_day, planned.last_day)


def _work(source: Source, item: Initiative) -> Work:
    return Work(
        title=item.template.title,
        starts=source.wording.translate("{}起").format(source.wording.short_day(item.start)),
        codes=short_codes(source, item.sops),
        must=item.must,
    )


def _changes(source: Source, planned: PlannedPhase) -> tuple[str, ...]:
    lines = {line.kpi.id: line for line in source.diagnosis.plan.kpis}
    found = [
        (lines[name].kpi.code, change(source.wording, lines[name], planned.phase.id))
        for name in planned.phase.kpis
        if name in lines
    ]
    return tuple(f"{code} {text}" for code, text in found if text is not None)
