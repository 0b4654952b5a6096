"""Ten lines on a terminal: what a consultant wants to see before opening the report."""

from app.domain.definitions.roadmap import RoadmapModel
from app.domain.diagnosis import Diagnosis
from app.domain.pulse import Pulse
from app.domain.staffing_plan import StaffingPlan
from app.domain.stage import StageVerdict
from app.reporting.wording import Wording
from app.services.assessing import Assessed

TOP_FINDINGS = 3


def summary_lines(assessed: Assessed) -> list[str]:
    """Return the summary, one line per fact; lines without data are left out."""
    diagnosis = assessed.diagnosis
    wording = Wording(diagnosis.model)
    card = diagnosis.scorecard
    client = diagnosis.assessment.client.name
    lines = [f"{client}（{wording.day(diagnosis.as_of)}）"]
    if card.index is not None:
        lines.append(f"总指数　{wording.score(card.index)} / 100")
        lines.append(f"总等级　{wording.level(card.level)}{_gate(diagnosis, wording)}")
    if diagnosis.pulse is not None and not diagnosis.questions:
        return lines + _pulse(diagnosis.pulse, wording)
    if diagnosis.stage is not None:
        lines.append(_stage(diagnosis.stage))
    top = diagnosis.diagnostics.findings[:TOP_FINDINGS]
    lines += [f"必改　　{finding.rule.code} {finding.rule.finding}" for finding in top]
    fired, undecided = len(diagnosis.diagnostics.fired()), len(diagnosis.diagnostics.undecided)
    if diagnosis.model.rules:
        lines.append(f"规则　　触发{fired}条，{undecided}条因缺答案无法判定")
    plan, roadmap = diagnosis.staffing, diagnosis.model.content.roadmap
    if plan is not None and roadmap is not None and plan.horizons:
        lines += _people(plan, roadmap, wording)
    return lines


def _gate(diagnosis: Diagnosis, wording: Wording) -> str:
    binding = diagnosis.scorecard.binding
    if binding is None:
        return "（没有关口压级）"
    names = [
        found.title
        for name in binding.binds
        if (found := diagnosis.model.dimensions.get(name) or diagnosis.model.areas.get(name))
    ]
    by_score = diagnosis.scorecard.by_score
    return f"（按分数可评L{by_score}，被{wording.joined(names)}压住：{binding.gate.title}）"


def _pulse(pulse: Pulse, wording: Wording) -> list[str]:
    enough = "" if pulse.enough else "（不足以与团队自评对照）"
    lines = [f"作答　　{pulse.customers}名客户{enough}"]
    for line in pulse.lines:
        shown = wording.signed(line.nps, 0) if line.nps is not None else wording.score(line.mean)
        if line.nps is not None or line.mean is not None:
            lines.append(f"{line.item.code}　　{shown}　{line.item.text}")
    return lines


def _stage(stage: StageVerdict) -> str:
    if not stage.decided:
        return "阶段　　缺数，判不了"
    words = [f"阶段　　{stage.stage.code} {stage.stage.title}"]
    if stage.overdue:
        words.append("已逾期")
    if stage.mismatch == "scale-ahead":
        words.append(f"规模走在能力前面{stage.ahead_by}个阶段")
    if stage.mismatch == "capability-ahead":
        words.append("能力走在规模前面")
    return "，".join(words)


def _people(plan: StaffingPlan, roadmap: RoadmapModel, wording: Wording) -> list[str]:
    phases = {phase.id: phase for phase in roadmap.phases}
    built = [h for h in plan.horizons if phases[h.phase].kind != "align"]
    first, last = built[0], built[-1]
    today = f"（现有{wording.plain(plan.current_fte)}人）" if plan.current else ""
    return [
        f"人　　　{phases[first.phase].title}{wording.plain(first.fte)}人，"
        f"{phases[last.phase].title}{wording.plain(last.fte)}人" + today,
        f"月成本　{wording.money(first.monthly_cost)}，"
        f"到{phases[last.phase].title}{wording.money(last.monthly_cost)}",
    ]
