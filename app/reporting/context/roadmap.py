"""The roadmap: when, who, in what order, and at which gate the plan stops."""

from dataclasses import dataclass

from markupsafe import Markup

from app.domain.figures import Figures
from app.domain.initiatives import Initiative
from app.domain.roadmap import PlannedPhase, Roadmap
from app.reporting.charts import GanttGate, GanttPhase, GanttRow, gantt
from app.reporting.context.roadmap_duties import Duties, duties
from app.reporting.context.roadmap_phases import GateRow, PhaseRow, gate_rows, phase_rows
from app.reporting.context.roadmap_risks import RiskRow, risk_rows
from app.reporting.context.roadmap_windows import Window, windows
from app.reporting.context.source import Source

FIRST_QUARTER = 90


@dataclass(frozen=True, slots=True)
class RoadmapPart:
    """The roadmap section.

    ``headline`` names the gates with their days. ``lead`` says in paragraphs why the plan begins
    where it begins and what the team's time allows; ``shortage`` what does not fit into it, empty
    when all fits. ``chart`` is the plan drawn, ``gates`` a line per gate (without team and
    users unless ``staffed``), ``phases`` the phases in
    full with exit and verdicts.
    ``before`` is the work before the first day, ``windows`` the 30-60-90 one-pager, ``duties`` the
    RACI table, ``risks`` the risks, those this enterprise's own numbers call first.
    """

    headline: str
    lead: tuple[str, ...]
    shortage: tuple[str, ...]
    chart: Markup
    staffed: bool
    gates: tuple[GateRow, ...]
    phases: tuple[PhaseRow, ...]
    before: str
    windows: tuple[Window, ...]
    duties: Duties
    risks: tuple[RiskRow, ...]


def build(source: Source) -> RoadmapPart | None:
    """Build the section; None for a model without a roadmap or a plan without work."""
    roadmap = source.diagnosis.plan.roadmap
    if roadmap is None or not roadmap.initiatives:
        return None
    return RoadmapPart(
        headline=_headline(source, roadmap),
        lead=_lead(source, roadmap),
        shortage=_shortage(source, roadmap),
        chart=_chart(source, roadmap),
        staffed=source.diagnosis.plan.staffing is not None,
        gates=gate_rows(source, roadmap),
        phases=phase_rows(source, roadmap),
        before=_before(source, roadmap),
        windows=windows(source, roadmap),
        duties=duties(source, roadmap),
        risks=risk_rows(source, roadmap),
    )


def _headline(source: Source, roadmap: Roadmap) -> str:
    t, day = source.wording.translate, source.wording.short_day
    build = [item for item in roadmap.phases if item.phase.kind != "align"]
    first, gates = build[0], [item for item in build if item.phase.days is not None]
    if first.phase.kind == "repair" and len(build) > 1:
        return t("先停下放量补{days}天根基，{day}过了关，才谈{next}").format(
            days=first.phase.days, day=day(first.end), next=build[1].phase.title
        )
    if first.phase.pilot and len(gates) > 1:
        return t("{day}过{gate}关，{later}过{next}关；关没过，{held}").format(
            day=day(gates[0].end),
            gate=gates[0].phase.title,
            later=day(gates[1].end),
            next=gates[1].phase.title,
            held=_held_back(source),
        )
    return t("从{phase}做起：{count}项举措，{day}第一次过关").format(
        phase=first.phase.title, count=len(roadmap.initiatives), day=day(first.end)
    )


def _held_back(source: Source) -> str:
    """Return what does not happen while a gate is closed: no further stores, or no more spend."""
    t = source.wording.translate
    stores = Figures.of(source.diagnosis.assessment).number("stores")
    parameters = source.model.content.roadmap
    if stores and parameters and stores > parameters.pilot_units:
        others = stores - parameters.pilot_units
        return t("其余{}家店不铺").format(source.wording.number(others))
    return t("不加投放")


def _lead(source: Source, roadmap: Roadmap) -> tuple[str, ...]:
    wording, t = source.wording, source.wording.translate
    said = []
    verdict = source.diagnosis.stage
    build = [item for item in roadmap.phases if item.phase.kind != "align"]
    if verdict is not None:
        said.append(
            t(
                "判定停在{stage}，所以路线从{phase}起步，{start}是第1天；{align}先用{days}天对齐。"
            ).format(
                stage=f"{verdict.stage.code} {verdict.stage.title}",
                phase=f"{build[0].phase.code} {build[0].phase.title}",
                start=wording.day(roadmap.start),
                align=roadmap.phases[0].phase.title,
                days=1 - roadmap.phases[0].first_day,
            )
        )
    if roadmap.repair and verdict is not None and verdict.scale is not None:
        said.append(
            t("规模读数在{scale}、能力跟不上，因此插进一段补根基，期间不加投放。").format(
                scale=f"{verdict.stages[verdict.scale].code} {verdict.stages[verdict.scale].title}"
            )
        )
    said.append(_effort(source, roadmap))
    return tuple(said)


def _effort(source: Source, roadmap: Roadmap) -> str:
    """Say how much of the team's time until day 90 the plan takes."""
    wording, t = source.wording, source.wording.translate
    limit = roadmap.day(FIRST_QUARTER)
    near = [item for item in roadmap.phases if item.start <= limit]
    used = sum(item.used_days for item in near)
    budget = sum(item.budget_days for item in near)
    text = t(
        "全程{count}项举措，其中{must}项由「必改」的问题引出。团队只拿{share}的工时做改进："
        "到{phase}结束可用{budget}人天，排进{used}人天。"
    )
    if source.diagnosis.plan.staffing is None:
        text = t(
            "全程{count}项举措，其中{must}项由「必改」的问题引出。用户数和团队人数没有填（F06、F10、"
            "F11），下面的日期按1个全职、{share}的工时试排，补齐后要重排。"
        )
    return text.format(
        count=len(roadmap.initiatives),
        must=sum(item.must for item in roadmap.initiatives),
        share=wording.percent(_share(source)),
        phase=near[-1].phase.title,
        budget=wording.number(budget),
        used=used,
    )


def _shortage(source: Source, roadmap: Roadmap) -> tuple[str, ...]:
    """Say in words what must be done and does not fit: people missing, work that comes late."""
    wording, t = source.wording, source.wording.translate
    said = []
    if roadmap.shortage_fte > 0 and source.diagnosis.plan.staffing is not None:
        tight = [item for item in roadmap.phases if item.used_days > item.budget_days]
        where = wording.joined(
            [
                t("{phase}要{used}人天、只有{budget}人天").format(
                    phase=item.phase.title,
                    used=item.used_days,
                    budget=wording.number(item.budget_days),
                )
                for item in tight
            ]
        )
        said.append(
            t(
                "人手不够：{where}，最紧时缺{fte}个全职。三条路选一条：从别的部门借足这些人；"
                "把开工推迟到人到位；或由CEO批准这段时间改进占用超过{share}的工时。"
            ).format(
                where=where,
                fte=wording.number(roadmap.shortage_fte, 1),
                share=wording.percent(_share(source)),
            )
        )
    said += _given_up(source)
    late = [
        item
        for item in roadmap.initiatives
        if item.must and item.start > roadmap.day(FIRST_QUARTER)
    ]
    if late:
        said.append(
            t(
                "有{count}项必改举措排到了第{limit}天以后：{names}。想提前，就要从前面让出同样多的人天。"
            ).format(
                count=len(late),
                limit=FIRST_QUARTER,
                names=wording.joined([item.template.title for item in late]),
            )
        )
    return tuple(said)


def _given_up(source: Source) -> list[str]:
    """Say which SOPs are not on the roadmap for want of people, and what begins later for it."""
    wording, t, found = source.wording, source.wording.translate, source.diagnosis.plan.sacrifice
    said: list[str] = []
    if found is not None and found.dropped:
        sops = source.model.sops
        by_code = sorted(found.dropped, key=lambda sop: sops[sop].code)
        names = wording.joined([wording.sop(sop) for sop in by_code])
        said.append(
            t("人手不够，{count}份SOP不在这张图上：{names}。").format(
                count=len(found.dropped), names=names
            )
        )
    if found is not None and found.delays:
        parameters = source.model.content.roadmap
        titles = {item.id: item.title for item in parameters.initiatives} if parameters else {}
        late = [
            t("「{title}」晚{days}天").format(title=titles[item.initiative], days=item.days)
            for item in found.delays
        ]
        said.append(t("与人给够相比：{}。").format(t("；").join(late)))
    return said


def _share(source: Source) -> int | None:
    parameters = source.model.content.roadmap
    return int(parameters.capacity_share * 100) if parameters else None


def _before(source: Source, roadmap: Roadmap) -> str:
    wording, t = source.wording, source.wording.translate
    align = {item.phase.id for item in roadmap.phases if item.phase.kind == "align"}
    early = [item for item in roadmap.initiatives if item.phase in align]
    if not early:
        return ""
    return t("开工前（{first}起）已经在做：{names}。").format(
        first=wording.short_day(roadmap.phases[0].start),
        names=wording.joined(
            [
                t("{}（{}）").format(item.template.title, wording.role(item.template.owner))
                for item in early
            ]
        ),
    )


def _chart(source: Source, roadmap: Roadmap) -> Markup:
    """Draw the phases up to the last one with work of its own, each with the gate that ends it."""
    wording, t = source.wording, source.wording.translate
    busy = [place for place, item in enumerate(roadmap.phases) if item.initiatives]
    drawn = roadmap.phases[: busy[-1] + 1]
    names = {item.phase.id: f"{item.phase.code} {item.phase.title}" for item in drawn}
    return gantt(
        [_row(source, roadmap, item, names[item.phase]) for item in roadmap.initiatives],
        title=t("路线图：{count}项举措、{gates}道关").format(
            count=len(roadmap.initiatives), gates=len(_gates(drawn))
        ),
        desc=t("从{first}到{last}，逐项日期见下面的表。").format(
            first=wording.day(drawn[0].start), last=wording.day(drawn[-1].end)
        ),
        phases=[
            GanttPhase(
                item.phase.title,
                item.first_day,
                item.last_day if item.phase.days is not None else None,
            )
            for item in drawn
        ],
        gates=[
            GanttGate(t("{}关").format(item.phase.title), item.last_day) for item in _gates(drawn)
        ],
        span=(drawn[0].first_day, drawn[-1].last_day),
        dates=lambda day: source.wording.tick(roadmap.day(day)),
        theme=source.theme,
        words=source.words,
    )


def _gates(phases: tuple[PlannedPhase, ...]) -> list[PlannedPhase]:
    return [item for item in phases if item.phase.days is not None]


def _row(source: Source, roadmap: Roadmap, item: Initiative, group: str) -> GanttRow:
    first = (item.start - roadmap.start).days + 1
    last = (item.end - roadmap.start).days + 1
    owner = source.wording.role(item.template.owner)
    return GanttRow(item.template.title, first, last, owner, soft=not item.must, group=group)
