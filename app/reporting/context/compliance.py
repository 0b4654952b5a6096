"""Section on law and platform: red lines today, dated limits, what was checked, what is refused."""

from dataclasses import dataclass

from app.domain.rules import Finding
from app.reporting.context.compliance_checks import (
    CheckRow,
    breach_line,
    check_row,
)
from app.reporting.context.compliance_limits import LimitRow, limit_rows
from app.reporting.context.compliance_redlines import RedLines, red_lines
from app.reporting.context.confidence import confidence_of
from app.reporting.context.decisions import RED_LINES, mark_of, red_line_note
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Breach:
    """A fired rule about a red line: its code, finding, evidence and what to do first.

    ``mark`` says that the consultant confirmed or reworded it; empty for neither.
    """

    code: str
    finding: str
    mark: str
    says: tuple[str, ...]
    first_step: str
    sops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compliance:
    """What may be done, and how the plan keeps to it.

    ``standing`` says where the compliance area stands and whether it holds the overall level;
    ``warnings`` are the red flags of the gates. ``red_lines`` is None where the model asks about
    none; ``breaches`` are the fired rules behind them, ``rejected`` says of those the consultant
    did not let stand that score and gate stay (empty if none). ``excesses`` are limits that a
    figure or the plan breaks, each with source, date and the lawful way. ``checks`` hold the plan
    against the limits; ``checked`` sums them up and ``step_lists`` names the steps as (rules, step
    codes).
    ``platform``, ``law`` and ``house`` are the dated parameters; ``stale`` says which must be
    looked up again.
    """

    headline: str
    standing: str
    warnings: tuple[str, ...]
    red_lines: RedLines | None
    breaches: tuple[Breach, ...]
    rejected: str
    excesses: tuple[str, ...]
    checks: tuple[CheckRow, ...]
    checked: str
    step_lists: tuple[tuple[str, str], ...]
    platform: tuple[LimitRow, ...]
    law: tuple[LimitRow, ...]
    house: tuple[LimitRow, ...]
    stale: str


def build(source: Source) -> Compliance:
    """Build the section."""
    lines = red_lines(source)
    report = source.diagnosis.plan.limits
    checks = tuple(check_row(source, check) for check in report.checks)
    platform = limit_rows(source, "platform")
    return Compliance(
        headline=_headline(source, lines, checks),
        standing=_standing(source),
        warnings=tuple(
            gate.red_flag for gate in source.diagnosis.scorecard.red_flags() if gate.red_flag
        ),
        red_lines=lines,
        breaches=_breaches(source),
        rejected=red_line_note(source, reasons_follow=False),
        excesses=tuple(breach_line(source, check) for check in report.breaches),
        checks=checks,
        checked=_checked(source, checks),
        step_lists=_step_lists(source, checks),
        platform=platform,
        law=limit_rows(source, "law"),
        house=limit_rows(source, "house"),
        stale=_stale(source, platform),
    )


def _headline(source: Source, lines: RedLines | None, checks: tuple[CheckRow, ...]) -> str:
    say = source.wording.translate
    area = _area(source)
    level = source.diagnosis.scorecard.areas[area].level if area else None
    steps = _steps_checked(checks)
    if lines is not None and lines.standing:
        users = source.diagnosis.assessment.facts.get("users")
        if users is not None and not isinstance(users.value, str | bool | tuple):
            return say("{}类红线做法还在发生，{}名用户押在上面").format(
                lines.standing, source.wording.amount(users.value)
            )
        return say("{}类红线做法还在发生，先停下来再谈别的").format(lines.standing)
    if lines is not None and not lines.answered:
        return say("红线做法没有人答：先核实，再谈扩量")
    if level is None:
        return say("{}个步骤已按平台与法律的限制查过").format(steps)
    middle = (source.model.content.scale.minimum + source.model.content.scale.maximum) // 2
    if level < middle:
        return say("没有人反映红线做法，但合规只到L{}：规矩还没写成文").format(level)
    return say("没有红线做法，{}个步骤都查过平台与法律的限制").format(steps)


def _area(source: Source) -> str | None:
    """Return the area that red lines belong to: where the red-line question counts."""
    asked = next((q for q in source.model.questions.values() if q.negative and q.area), None)
    return asked.area if asked else None


def _steps_checked(checks: tuple[CheckRow, ...]) -> int:
    return len({code for check in checks for code in check.codes.split()})


def _standing(source: Source) -> str:
    name, say, wording = _area(source), source.wording.translate, source.wording
    if name is None:
        return ""
    area, found = source.model.areas[name], source.diagnosis.scorecard.areas[name]
    if found.level is None:
        return say("{}{}没有评级。").format(area.code, area.title)
    text = say("{}{}：{}，得分{}，可信度{}。").format(
        area.code,
        area.title,
        wording.level(found.level),
        wording.score(found.score),
        wording.confidence(confidence_of(source.diagnosis, found.trust)),
    )
    gates = [result for result in source.diagnosis.scorecard.gates if name in result.gate.binds]
    open_gates = [result for result in gates if result.ceiling is not None]
    if open_gates:
        return text + say("{}生效：总体等级最高L{}。").format(
            open_gates[0].gate.title, open_gates[0].ceiling
        )
    if gates:
        return text + say("{}没有触发，总体等级没有因此受限。").format(gates[0].gate.title)
    return text


def _breaches(source: Source) -> tuple[Breach, ...]:
    findings = source.diagnosis.diagnostics.every()
    return tuple(_breach(source, f) for f in findings if f.rule.cluster == RED_LINES)


def _breach(source: Source, finding: Finding) -> Breach:
    return Breach(
        code=finding.rule.code,
        finding=finding.title,
        mark=mark_of(source, finding),
        says=tuple(
            source.wording.followed(source.wording.sentence(sentence)) for sentence in finding.says
        ),
        first_step=finding.rule.first_step,
        sops=tuple(source.wording.sop(sop) for sop in finding.rule.sops),
    )


def _checked(source: Source, checks: tuple[CheckRow, ...]) -> str:
    if not checks:
        return ""
    say = source.wording.translate
    steps, sops = _steps_checked(checks), len(source.diagnosis.plan.sops)
    over = sum(check.kind == "over" for check in checks)
    arrange = sum(check.kind == "arrange" for check in checks)
    text = say("本计划选用{}份SOP，其中触达客户的{}步逐步对照了{}条限制：").format(
        sops, steps, len(checks)
    )
    if over:
        return text + say("{}条超限，须改；{}条要靠排期守住。").format(over, arrange)
    if arrange:
        return text + say("没有超限，{}条要靠排期守住。").format(arrange)
    return text + say("全部在限内。")


def _step_lists(source: Source, checks: tuple[CheckRow, ...]) -> tuple[tuple[str, str], ...]:
    """Return which steps were looked at, the rules with the same steps together."""
    rules: dict[str, list[str]] = {}
    for check in checks:
        if check.codes:
            rules.setdefault(check.codes, []).append(check.code)
    return tuple((source.wording.joined(names), codes) for codes, names in rules.items())


def _stale(source: Source, platform: tuple[LimitRow, ...]) -> str:
    old = [row.code for row in platform if row.stale]
    if not old:
        return ""
    return source.wording.translate("已满一年没有复核，用前请在后台再查一遍：{}。").format(
        source.wording.joined(old)
    )
