"""What the summary says of the plan: the next fifteen days, people and money, the one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.initiatives import Initiative
from app.domain.kpi import KpiLine
from app.domain.roadmap import PlannedPhase, Roadmap
from app.reporting.context.given_up import losses
from app.reporting.context.source import Source

DAYS_AHEAD = 15
MOST_MOVES = 4
MOST_HORIZONS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to begin: ``when`` as a date, ``what``, ``who`` leads it, the ``sops`` it runs."""

    when: str
    what: str
    who: str
    sops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextDays:
    """The next fifteen days.

    ``title`` names the period; ``monday`` is the very first step with the rule ``code`` it comes
    from (both empty without findings); ``moves`` are what begins within the period.
    """

    title: str
    monday: str
    code: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Headcount:
    """One line: ``when`` names the phase, ``people`` its heads, ``cost`` what they cost a month."""

    when: str
    people: str
    cost: str


@dataclass(frozen=True, slots=True)
class PeopleAndMoney:
    """Heads and cost: ``title``, ``rows`` today and by phase, ``note`` who is not counted."""

    title: str
    rows: tuple[Headcount, ...]
    note: str


@dataclass(frozen=True, slots=True)
class OneNumber:
    """The one number that says whether it is working.

    ``title`` heads it; ``figure`` is today's value and the target, ``label`` what it is and by
    when, ``code`` the KPI;
    ``passes`` says what the gate of that phase asks besides. Figure, label and code are empty where
    no figure can be known yet.
    """

    title: str
    figure: str
    label: str
    code: str
    passes: str


def next_days(source: Source) -> NextDays | None:
    """Return what to do in the next fifteen days; None without findings and without a plan."""
    roadmap = source.diagnosis.plan.roadmap
    findings = source.diagnosis.diagnostics.must
    moves: tuple[Move, ...] = ()
    title = source.wording.translate("接下来{n}天").format(n=DAYS_AHEAD)
    if roadmap is not None and roadmap.phases:
        begin = max(source.diagnosis.as_of, roadmap.phases[0].start)
        end = begin + timedelta(days=DAYS_AHEAD - 1)
        title = source.wording.translate("接下来{n}天（{begin}—{end}）").format(
            n=DAYS_AHEAD,
            begin=source.wording.short_day(begin),
            end=source.wording.short_day(end),
        )
        moves = _moves(source, roadmap, begin, end)
    if not findings and not moves:
        return None
    first = findings[0].rule if findings else None
    return NextDays(
        title=title,
        monday=first.first_step if first else "",
        code=first.code if first else "",
        moves=moves,
    )


def _moves(source: Source, roadmap: Roadmap, begin: date, end: date) -> tuple[Move, ...]:
    running = [item for item in roadmap.initiatives if item.start <= end and item.end >= begin]
    running.sort(key=lambda item: item.start)
    return tuple(_move(source, item, begin) for item in running[:MOST_MOVES])


def _move(source: Source, item: Initiative, begin: date) -> Move:
    return Move(
        when=source.wording.short_day(max(item.start, begin)),
        what=item.template.title,
        who=source.wording.role(item.template.owner),
        sops=tuple(source.model.sops[sop].code for sop in item.sops),
    )


def people_and_money(source: Source) -> PeopleAndMoney | None:
    """Return heads and cost today and in the first phases of the build; None without a plan."""
    plan, roadmap = source.diagnosis.plan.staffing, source.diagnosis.plan.roadmap
    if plan is None or roadmap is None:
        return None
    wording, translate = source.wording, source.wording.translate
    rows = []
    if plan.current:
        # What today's people cost is no fact: F15 holds all costs of private domain together.
        rows.append(
            Headcount(translate("现在"), wording.plain(plan.current_fte), wording.number(None))
        )
    phases = {phase.phase.id: phase for phase in roadmap.phases if phase.phase.kind != "align"}
    horizons = [horizon for horizon in plan.horizons if horizon.phase in phases][:MOST_HORIZONS]
    for horizon in horizons:
        planned = phases[horizon.phase]
        rows.append(
            Headcount(
                translate("{phase}，第{day}天").format(
                    phase=planned.phase.title, day=planned.last_day
                ),
                wording.number(horizon.people),
                wording.money(horizon.monthly_cost),
            )
        )
    stores = max((horizon.store_people for horizon in horizons), default=0)
    note = _counted(source)
    if stores:
        note += translate("另有{n}家门店各一名责任人，店长担任。").format(n=wording.number(stores))
    return PeopleAndMoney(translate("人与钱"), tuple(rows), note)


def _counted(source: Source) -> str:
    """Say who is counted: what the work needs, or what is granted and what the rest costs.

    What merely begins later, while new people learn, is told in its own chapter.
    """
    plan, wording, t = source.diagnosis.plan, source.wording, source.wording.translate
    left_over = any(load.hours > load.trained for load in plan.overloads)
    if plan.cuts:
        clauses = [*losses(plan, wording)[:2], *([t("仍有活没人做")] if left_over else [])]
        if not clauses:
            return t("人数是批下来的，含现有人员。")
        return t("人数是批下来的，少批的代价：{}。").format(wording.joined(clauses))
    said = t("人数是当期私域工作所需，含现有人员。")
    return said + t("仍有活没人做，见「人员编制」。") if left_over else said


def one_number(source: Source) -> OneNumber | None:
    """Return the first metric of the first build phase whose value is known; None without plan."""
    roadmap = source.diagnosis.plan.roadmap
    build = [phase for phase in roadmap.phases if phase.phase.kind != "align"] if roadmap else []
    if not build:
        return None
    wording, translate = source.wording, source.wording.translate
    lines = {line.kpi.id: line for line in source.diagnosis.plan.kpis}
    for planned in build:
        found = _measurable(lines, planned)
        if found is not None:
            return OneNumber(
                title=translate("只看一个数"),
                figure=f"{_amount(source, found, None)} → {_amount(source, found, planned)}",
                label=translate("{kpi}，到{day}（第{n}天）").format(
                    kpi=found.kpi.title, day=wording.short_day(planned.end), n=planned.last_day
                ),
                code=found.kpi.code,
                passes=_passes(source, planned),
            )
    return OneNumber(translate("只看一件事"), "", "", "", _passes(source, build[0]))


def _measurable(lines: dict[str, KpiLine], planned: PlannedPhase) -> KpiLine | None:
    """Return the phase's first metric with a value today and a target that differs from it."""
    candidates: Sequence[KpiLine] = [lines[k] for k in planned.phase.kpis if k in lines]
    for line in candidates:
        target = line.targets.get(planned.phase.id)
        if line.baseline is not None and target is not None and target != line.baseline:
            return line
    return None


def _amount(source: Source, line: KpiLine, planned: PlannedPhase | None) -> str:
    value = line.baseline if planned is None else line.targets[planned.phase.id]
    unit = line.kpi.unit if line.kpi.unit == "%" or planned is not None else ""
    return source.wording.with_unit(source.wording.plain(value), unit)


def _passes(source: Source, planned: PlannedPhase) -> str:
    return source.wording.translate("{phase}过关：{exit}。").format(
        phase=planned.phase.title, exit=planned.phase.exit
    )
