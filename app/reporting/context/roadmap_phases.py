"""The phases of the roadmap as rows: dates, purpose, work, numbers, exit, three verdicts."""

from dataclasses import dataclass

from app.domain.roadmap import Initiative, PlannedPhase, Roadmap
from app.domain.staffing_plan import Horizon
from app.reporting.context.kpis_change import change
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Work:
    """One initiative in its phase: title, SOP codes, rule codes, first day."""

    title: str
    sops: tuple[str, ...]
    rules: tuple[str, ...]
    starts: str
    must: bool


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase.

    ``days`` counts from the first day of the build. ``figures`` are the client's numbers at the end
    of it: users, team, cost, working days. ``changes`` are metrics from today to their target.
    ``go``, ``fix`` and ``stop`` are the verdicts at its gate.
    """

    code: str
    title: str
    dates: str
    days: str
    purpose: str
    work: tuple[Work, ...]
    no_work: str
    figures: tuple[str, ...]
    changes: tuple[str, ...]
    exit_items: tuple[str, ...]
    go: str
    fix: str
    stop: str


def phase_rows(source: Source, roadmap: Roadmap) -> tuple[PhaseRow, ...]:
    """Return every phase of the plan in order."""
    staffing = source.diagnosis.staffing
    horizons = {item.phase: item for item in staffing.horizons} if staffing else {}
    return tuple(
        _row(source, roadmap, planned, horizons.get(planned.phase.id)) for planned in roadmap.phases
    )


def _row(
    source: Source, roadmap: Roadmap, planned: PlannedPhase, horizon: Horizon | None
) -> PhaseRow:
    t, phase = source.wording.translate, planned.phase
    own = [item for item in roadmap.initiatives if item.phase == phase.id]
    waiting = t("这一期的举措由上一道关的复评结果决定，现在不排。")
    return PhaseRow(
        code=phase.code,
        title=phase.title,
        dates=_dates(source, planned),
        days=_days(source, planned),
        purpose=phase.purpose,
        work=tuple(_work(source, item) for item in own),
        no_work="" if own else waiting,
        figures=_figures(source, planned, horizon),
        changes=_changes(source, planned),
        exit_items=phase.exit_items,
        go=phase.go,
        fix=phase.fix,
        stop=phase.stop,
    )


def _dates(source: Source, planned: PlannedPhase) -> str:
    wording = source.wording
    first = wording.day(planned.start)
    if planned.phase.days is None:
        return wording.translate("{}起").format(first)
    last = wording.short_day(planned.end)
    return f"{first}–{last if planned.end.year == planned.start.year else wording.day(planned.end)}"


def _days(source: Source, planned: PlannedPhase) -> str:
    t = source.wording.translate
    if planned.last_day <= 0:
        return t("开工前{}天").format(planned.last_day - planned.first_day + 1)
    if planned.phase.days is None:
        return t("第{}天起").format(planned.first_day)
    return t("第{}–{}天").format(planned.first_day, planned.last_day)


def _work(source: Source, item: Initiative) -> Work:
    model = source.model
    return Work(
        title=item.template.title,
        sops=tuple(model.sops[name].code for name in item.sops),
        rules=tuple(model.rules[name].code for name in item.findings),
        starts=source.wording.translate("{}起").format(source.wording.short_day(item.start)),
        must=item.must,
    )


def _figures(source: Source, planned: PlannedPhase, horizon: Horizon | None) -> tuple[str, ...]:
    wording, t = source.wording, source.wording.translate
    said = []
    if horizon is not None:
        said.append(
            t("试点只管{}名用户").format(wording.amount(horizon.work.users))
            if horizon.work.pilot
            else t("期末用户{}").format(wording.amount(horizon.work.users))
        )
        said.append(
            t("专职{fte}人，{cost}/月").format(
                fte=wording.plain(horizon.fte), cost=wording.money(horizon.monthly_cost)
            )
        )
    if planned.initiatives:
        said.append(
            t("改进用{used}/{budget}人天").format(
                used=planned.used_days, budget=wording.number(planned.budget_days)
            )
        )
    return tuple(said)


def _changes(source: Source, planned: PlannedPhase) -> tuple[str, ...]:
    lines = {line.kpi.id: line for line in source.diagnosis.kpis}
    found = [
        (lines[name].kpi.code, change(source.wording, lines[name], planned.phase.id))
        for name in planned.phase.kpis
        if name in lines
    ]
    return tuple(f"{code} {text}" for code, text in found if text is not None)
