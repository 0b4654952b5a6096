"""What the consultant decided about findings: the mark beside one, and the account in the appendix.

No decision touches a score, a gate or the stage; where a finding about a red line is rejected, that
is said in so many words.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.response import FindingDecision, FindingVerdict
from app.domain.rules import Finding
from app.reporting.conditions import Conditions
from app.reporting.context.source import Source

MARKS: Final[dict[FindingVerdict, str]] = {"accepted": "顾问确认", "edited": "顾问改写"}
SHORT_MARKS: Final[dict[FindingVerdict, str]] = {"accepted": "经顾问确认", "edited": "经顾问改写"}
VERDICTS: Final[dict[FindingVerdict, str]] = {
    "accepted": "确认",
    "edited": "改写",
    "rejected": "否决",
}
RED_LINES: Final = "compliance"
"""The cluster of the rules about red lines."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A finding that stands, confirmed for a reason or reworded.

    ``was`` is what the rule says and ``now`` what is printed, a line each for the finding and the
    recommendation replaced.
    """

    code: str
    verdict: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A finding that does not stand: the rule's words, the conditions that were true, why not."""

    code: str
    finding: str
    conditions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Idle:
    """A decision nothing comes of: the rule's words, verdict and reason, and why it is idle."""

    code: str
    finding: str
    verdict: str
    reason: str
    why: str


def mark_of(source: Source, finding: Finding, *, short: bool = False) -> str:
    """Return the mark of a finding that the consultant confirmed or reworded; else nothing.

    ``short`` is for columns that only just hold a code.
    """
    marks = SHORT_MARKS if short else MARKS
    if finding.decision is None or finding.decision.verdict not in marks:
        return ""
    return source.wording.translate(marks[finding.decision.verdict])


def are_marked(source: Source) -> bool:
    """Return whether any finding of the report carries a mark or is gone from it."""
    found = source.diagnosis.diagnostics
    return bool(found.rejected) or any(mark_of(source, finding) for finding in found.every())


def decided(source: Source) -> tuple[Decided, ...]:
    """Return the findings confirmed for a reason, or reworded, in code order."""
    rows = [
        _decided(source, finding, finding.decision)
        for finding in source.diagnosis.diagnostics.every()
        if finding.decision is not None and finding.decision.reason
    ]
    return tuple(sorted(rows, key=lambda row: row.code))


def _decided(source: Source, finding: Finding, decision: FindingDecision) -> Decided:
    say, rule = source.wording.translate, finding.rule
    was, now = [], []
    if decision.finding is not None:
        was.append(rule.finding)
        now.append(decision.finding)
    if decision.recommend is not None:
        was.append(say("建议：{}").format(rule.recommend))
        now.append(say("建议：{}").format(decision.recommend))
    if not was:
        was, now = [rule.finding], [say("照原文")]
    verdict = say(VERDICTS[decision.verdict])
    return Decided(rule.code, verdict, tuple(was), tuple(now), decision.reason)


def rejected(source: Source) -> tuple[Rejected, ...]:
    """Return the findings the consultant rejected, in the order of the model."""
    conditions = Conditions(source)
    return tuple(
        Rejected(
            code=finding.rule.code,
            finding=finding.rule.finding,
            conditions=tuple(conditions.chip(atom) for atom in finding.trace.decisive()),
            reason=finding.decision.reason if finding.decision is not None else "",
        )
        for finding in source.diagnosis.diagnostics.rejected
    )


def idle(source: Source) -> tuple[Idle, ...]:
    """Return the decisions on rules that do not fire, in the order of the model."""
    say, found = source.wording.translate, source.diagnosis.diagnostics
    given = source.diagnosis.assessment.decisions
    undecided = {item.rule.id for item in found.undecided}
    idle_rules = found.idle(given)
    return tuple(
        Idle(
            code=rule.code,
            finding=rule.finding,
            verdict=say(VERDICTS[given[name].verdict]),
            reason=given[name].reason,
            why=say("缺数，判不出") if name in undecided else say("今天条件不成立"),
        )
        for name, rule in source.model.rules.items()
        if name in idle_rules
    )


def red_line_note(source: Source, *, reasons_follow: bool) -> str:
    """Say that rejecting findings about a red line leaves score and gate alone; else nothing.

    Where the reasons do not follow, it says where they stand.
    """
    found = [f for f in source.diagnosis.diagnostics.rejected if f.rule.cluster == RED_LINES]
    if not found:
        return ""
    wording, say = source.wording, source.wording.translate
    codes = wording.joined([finding.rule.code for finding in found])
    told = "{}讲的是合规红线。" if reasons_follow else "顾问否决了{}，理由见附录。"
    text = say(told).format(codes) + say("否决发现不改变合规得分。")
    areas = {finding.rule.area for finding in found}
    for result in source.diagnosis.scorecard.gates:
        if areas.isdisjoint(result.gate.binds):
            continue
        if result.ceiling is None:
            return text + say("{}没有触发。").format(result.gate.title)
        return text + say("{}照样生效：总体等级最高L{}。").format(result.gate.title, result.ceiling)
    return text
