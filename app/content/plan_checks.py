"""Checks of what a plan is made of: SOPs, KPIs, stages, staffing, roadmap, frameworks."""

from collections import Counter
from collections.abc import Iterator

from app.content.references import Index, Mistake, repeated, unknown_id, unknown_ids
from app.domain.assumptions import BUSINESS_CASE
from app.domain.definitions.sop import SopStep
from app.domain.definitions.staffing import StaffingModel
from app.domain.model import ContentPath, ModelContent
from app.domain.ordering import cycle


def plan_mistakes(content: ModelContent, index: Index) -> Iterator[Mistake]:
    """Yield path and message of every mistake between the parts of a plan."""
    yield from _sops(content, index)
    yield from _kpis(content, index)
    yield from _stages(content, index)
    yield from _staffing(content, index)
    yield from _roadmap(content, index)
    yield from _frameworks(content, index)
    yield from _assumptions(content)
    yield from _orphans(content)


def _sops(content: ModelContent, index: Index) -> Iterator[Mistake]:
    for place, sop in enumerate(content.sops):
        path: ContentPath = ("sops", place)
        yield from unknown_id((*path, "owner"), sop.owner, index.roles, "角色")
        yield from unknown_ids((*path, "areas"), sop.areas, index.areas, "领域")
        yield from unknown_ids((*path, "requires"), sop.requires, index.sops, "SOP")
        yield from repeated((*path, "steps"), [step.id for step in sop.steps], "id")
        yield from repeated((*path, "steps"), [step.code for step in sop.steps], "code")
        for inner, step in enumerate(sop.steps):
            at: ContentPath = (*path, "steps", inner)
            yield from unknown_id((*at, "owner"), step.owner, index.roles, "角色")
            yield from unknown_ids((*at, "with_roles"), step.with_roles, index.roles, "角色")
            yield from unknown_id((*at, "channel"), step.channel, index.channels, "渠道")
            yield from unknown_id((*at, "metric", "kpi"), step.metric.kpi, index.kpis, "KPI")
            if step.minutes < 0:
                yield (*at, "minutes"), "分钟数不能为负。"
            yield from _same_action((*at, "same_as"), step, content)
    if loop := cycle({sop.id: sop.requires for sop in content.sops}):
        yield ("sops",), f"SOP的先后关系成环：{' → '.join(loop)}。"


def _same_action(path: ContentPath, step: SopStep, content: ModelContent) -> Iterator[Mistake]:
    """Refuse a shared action whose twin does not exist, or whose minutes would count twice."""
    if step.same_as is None:
        return
    codes = {other.code for sop in content.sops for other in sop.steps} - {step.code}
    yield from unknown_id(path, step.same_as, codes, "步骤")
    if step.minutes:
        yield path, f"与{step.same_as}是同一个动作，分钟数只记在那一步，这里应为0。"


def _kpis(content: ModelContent, index: Index) -> Iterator[Mistake]:
    for place, kpi in enumerate(content.kpis):
        path: ContentPath = ("kpis", place)
        yield from unknown_id((*path, "owner"), kpi.owner, index.roles, "角色")
        yield from unknown_id((*path, "step"), kpi.step, index.dimensions, "维度")
        yield from unknown_id((*path, "parent"), kpi.parent, index.kpis, "KPI")
        yield from unknown_id((*path, "benchmark"), kpi.benchmark, index.benchmarks, "基准")
    if loop := cycle({k.id: (k.parent,) if k.parent else () for k in content.kpis}):
        yield ("kpis",), f"指标树成环：{' → '.join(loop)}。"
    for place, card in enumerate(content.post_cards):
        path = ("post_cards", place)
        total = sum(line.weight for line in card.lines)
        if total != 100:
            yield path, f"考核卡权重合计应为100，现在是{total}。"
        for inner, line in enumerate(card.lines):
            yield from unknown_id((*path, "lines", inner, "kpi"), line.kpi, index.kpis, "KPI")
            if (line.kpi is None) == (not line.title):
                yield (*path, "lines", inner), "每行写kpi或title之一。"


def _stages(content: ModelContent, index: Index) -> Iterator[Mistake]:
    ladder = content.stage_model
    if ladder is not None:
        order: ContentPath = ("stage_model", "scale_order")
        yield from unknown_ids(order, ladder.scale_order, index.stages, "阶段")
        for place, stage in enumerate(ladder.stages):
            path: ContentPath = ("stage_model", "stages", place, "sops")
            yield from unknown_ids(path, stage.sops, index.sops, "SOP")
        for place, regress in enumerate(ladder.regress):
            yield from unknown_id(
                ("stage_model", "regress", place, "to"), regress.to, index.stages, "阶段"
            )


def _staffing(content: ModelContent, index: Index) -> Iterator[Mistake]:
    staffing = content.staffing
    if staffing is None:
        return
    yield from unknown_id(("staffing", "tool_area"), staffing.tool_area, index.areas, "领域")
    tiers = {tier.id for tier in staffing.city_tiers}
    for place, post in enumerate(staffing.posts):
        yield from unknown_id(("staffing", "posts", place, "role"), post.role, index.roles, "角色")
        if missing := sorted(tiers - set(post.monthly_cost)):
            at: ContentPath = ("staffing", "posts", place, "monthly_cost")
            yield at, f"缺少城市档「{'、'.join(missing)}」的月成本。"
    for place, work in enumerate(staffing.standing_work):
        at = ("staffing", "standing_work", place, "posts")
        yield from unknown_ids(at, work.posts, index.posts, "岗位")
    yield from _undeclared_drivers(content, staffing)
    for place, step in enumerate(staffing.hiring):
        yield from unknown_id(
            ("staffing", "hiring", place, "stage"), step.stage, index.stages, "阶段"
        )
        yield from unknown_ids(
            ("staffing", "hiring", place, "posts"), step.posts, index.posts, "岗位"
        )


def _undeclared_drivers(content: ModelContent, staffing: StaffingModel) -> Iterator[Mistake]:
    """Refuse work whose driver the staffing does not count."""
    declared: set[str] = {driver.id for driver in staffing.drivers}
    used: list[tuple[ContentPath, str]] = [
        (("staffing", "standing_work", place, "driver"), work.driver)
        for place, work in enumerate(staffing.standing_work)
    ]
    for place, sop in enumerate(content.sops):
        for number, step in enumerate(sop.steps):
            used.append((("sops", place, "steps", number, "driver"), step.driver))
    for path, driver in used:
        yield from unknown_id(path, driver, declared, "工作驱动（staffing.yaml的drivers）")


def _roadmap(content: ModelContent, index: Index) -> Iterator[Mistake]:
    roadmap = content.roadmap
    if roadmap is None:
        return
    phases = {phase.id for phase in roadmap.phases}
    for place, initiative in enumerate(roadmap.initiatives):
        path = ("roadmap", "initiatives", place)
        yield from unknown_ids((*path, "sops"), initiative.sops, index.sops, "SOP")
        yield from unknown_ids((*path, "supports"), initiative.supports, index.roles, "角色")
        yield from unknown_id((*path, "earliest"), initiative.earliest, phases, "时期")
        yield from unknown_id((*path, "owner"), initiative.owner, index.roles, "角色")
    bundled = Counter(sop for initiative in roadmap.initiatives for sop in initiative.sops)
    for sop in sorted(index.sops):
        if bundled[sop] != 1:
            yield ("roadmap", "initiatives"), f"SOP「{sop}」应恰好属于一个举措。"
    for place, phase in enumerate(roadmap.phases):
        path = ("roadmap", "phases", place)
        yield from unknown_id((*path, "stage"), phase.stage, index.stages, "阶段")
        yield from unknown_ids((*path, "from_stages"), phase.from_stages, index.stages, "阶段")
        yield from unknown_id((*path, "exit_stage"), phase.exit_stage, index.stages, "阶段")
        yield from unknown_ids((*path, "kpis"), phase.kpis, index.kpis, "KPI")
    for place, week in enumerate(roadmap.weeks):
        yield from unknown_ids(("roadmap", "weeks", place, "sops"), week.sops, index.sops, "SOP")


def _frameworks(content: ModelContent, index: Index) -> Iterator[Mistake]:
    for place, framework in enumerate(content.frameworks):
        for inner, item in enumerate(framework.items):
            path: ContentPath = ("frameworks", place, "items", inner)
            yield from unknown_id((*path, "owner"), item.owner, index.roles, "角色")
            yield from unknown_ids((*path, "sops"), item.sops, index.sops, "SOP")
            yield from unknown_ids((*path, "kpis"), item.kpis, index.kpis, "KPI")
            yield from unknown_ids((*path, "areas"), item.areas, index.areas, "领域")


def _assumptions(content: ModelContent) -> Iterator[Mistake]:
    for place, item in enumerate(content.assumptions):
        low = item.value if item.low is None else item.low
        high = item.value if item.high is None else item.high
        if not item.minimum <= low <= item.value <= high <= item.maximum:
            yield ("assumptions", place), "应有minimum≤low≤value≤high≤maximum。"
        if (item.low is None) != (item.high is None):
            yield ("assumptions", place), "low与high要么都写，要么都不写。"
    if content.staffing is None:
        return
    known = {item.id for item in content.assumptions}
    for name in BUSINESS_CASE:
        if name not in known:
            yield ("assumptions",), f"有编制就要算账，缺假设「{name}」。"


def _orphans(content: ModelContent) -> Iterator[Mistake]:
    cited = {sop for rule in content.rules for sop in rule.sops}
    if content.stage_model is not None:
        cited |= {sop for stage in content.stage_model.stages for sop in stage.sops}
    for place, sop in enumerate(content.sops):
        if sop.id not in cited:
            yield ("sops", place, "id"), f"SOP「{sop.id}」没有任何规则或阶段引用。"
