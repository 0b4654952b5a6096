"""Ten lines on a terminal: what a consultant wants to see before opening the report."""

from app.domain.definitions.roadmap import RoadmapModel
from app.domain.diagnosis import Diagnosis
from app.domain.plan import Plan
from app.domain.pulse import Pulse
from app.domain.staffing_plan import StaffingPlan
from app.domain.stage import StageVerdict
from app.reporting.context.given_up import losses
from app.reporting.wording import Wording
from app.services.casework.assessing import Assessed

TOP_FINDINGS = 3


def summary_lines(assessed: Assessed) -> list[str]:
    """Return the summary, one line per fact; lines without data are left out."""
    diagnosis = assessed.diagnosis
    wording = Wording(diagnosis.model, assessed.locale)
    t, card = wording.translate, diagnosis.scorecard
    client = diagnosis.assessment.client.name
    lines = [t("{client}（{day}）").format(client=client, day=wording.day(diagnosis.as_of))]
    if card.index is not None:
        lines.append(t("总指数　{} / 100").format(wording.score(card.index)))
        level = wording.level(card.level)
        lines.append(t("总等级　{}（{}）").format(level, _gate(diagnosis, wording)))
    if diagnosis.pulse is not None and not diagnosis.questions:
        return lines + _pulse(diagnosis.pulse, wording)
    if diagnosis.stage is not None:
        lines.append(_stage(diagnosis.stage, wording))
    first = diagnosis.diagnostics.findings[:TOP_FINDINGS]
    lines += [t("必改　　{} {}").format(each.rule.code, each.title) for each in first]
    fired, undecided = len(diagnosis.diagnostics.fired()), len(diagnosis.diagnostics.undecided)
    if diagnosis.model.rules:
        lines.append(t("规则　　触发{}条，{}条因缺答案无法判定").format(fired, undecided))
    if diagnosis.diagnostics.rejected:
        codes = [finding.rule.code for finding in diagnosis.diagnostics.rejected]
        lines.append(t("否决　　{}（顾问否决，不进计划）").format(wording.joined(codes)))
    plan, roadmap = diagnosis.plan.staffing, diagnosis.model.content.roadmap
    if plan is not None and roadmap is not None and plan.horizons:
        lines += _people(plan, roadmap, wording)
        lines += _given_up(diagnosis.plan, wording)
    return lines


def _gate(diagnosis: Diagnosis, wording: Wording) -> str:
    binding, t = diagnosis.scorecard.binding, wording.translate
    if binding is None:
        return t("没有关口压级")
    names = [
        found.title
        for name in binding.binds
        if (found := diagnosis.model.dimensions.get(name) or diagnosis.model.areas.get(name))
    ]
    return t("按分数可评L{by_score}，被{holders}压住：{gate}").format(
        by_score=diagnosis.scorecard.by_score,
        holders=wording.joined(names),
        gate=binding.gate.title,
    )


def _pulse(pulse: Pulse, wording: Wording) -> list[str]:
    t = wording.translate
    enough = "" if pulse.enough else t("（不足以与团队自评对照）")
    lines = [t("作答　　{}名客户").format(pulse.customers) + enough]
    for line in pulse.lines:
        shown = wording.signed(line.nps, 0) if line.nps is not None else wording.score(line.mean)
        if line.nps is not None or line.mean is not None:
            lines.append(f"{line.item.code}　　{shown}　{line.item.text}")
    return lines


def _stage(stage: StageVerdict, wording: Wording) -> str:
    t = wording.translate
    if not stage.decided:
        return t("阶段　　缺数，判不了")
    words = [t("阶段　　{} {}").format(stage.stage.code, stage.stage.title)]
    if stage.overdue:
        words.append(t("已逾期"))
    if stage.mismatch == "scale-ahead":
        words.append(t("规模走在能力前面{}个阶段").format(stage.ahead_by))
    if stage.mismatch == "capability-ahead":
        words.append(t("能力走在规模前面"))
    return t("，").join(words)


def _people(plan: StaffingPlan, roadmap: RoadmapModel, wording: Wording) -> list[str]:
    t = wording.translate
    phases = {phase.id: phase for phase in roadmap.phases}
    built = [h for h in plan.horizons if phases[h.phase].kind != "align"]
    first, last = built[0], built[-1]
    people = t("人　　　{first}{n}人，{last}{m}人").format(
        first=phases[first.phase].title,
        n=wording.plain(first.fte),
        last=phases[last.phase].title,
        m=wording.plain(last.fte),
    )
    if plan.current:
        people += t("（现有{}人）").format(wording.plain(plan.current_fte))
    cost = t("月成本　{now}，到{last}{then}").format(
        now=wording.money(first.monthly_cost),
        last=phases[last.phase].title,
        then=wording.money(last.monthly_cost),
    )
    return [people, cost]


def _given_up(plan: Plan, wording: Wording) -> list[str]:
    """Return what the plan gives up for people it does not get, and what nobody has hours for."""
    t, lines = wording.translate, list[str]()
    clauses = losses(plan, wording)
    if clauses:
        lines.append(t("取舍　　{}").format(wording.joined(clauses)))
    over = dict.fromkeys(load.post for load in plan.overloads if load.hours > load.trained)
    if over:
        staffing = wording.model.content.staffing
        titles = {post.id: post.title for post in staffing.posts} if staffing else {}
        lines.append(
            t("超负荷　{}的活超过工时").format(wording.joined([titles[post] for post in over]))
        )
    return lines
