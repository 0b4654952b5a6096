"""Appendix: every answer, every rule's verdict, and what exactly this report was made from."""

from dataclasses import dataclass

from app.domain.rules import Finding
from app.reporting.conditions import Conditions
from app.reporting.context import appendix_answers as given
from app.reporting.context import decisions
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that fired: what it found and the conditions that were true, with today's values.

    ``merged`` names the finding of the same family it was counted with; empty for a head. ``mark``
    says that the consultant confirmed or reworded it; empty for neither.
    """

    code: str
    finding: str
    conditions: tuple[str, ...]
    severity: str
    priority: str
    merged: str
    mark: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """What proves the report.

    ``answers`` lists every question by area; ``facts`` the profile; ``rulings`` what the
    consultant decided; ``verbatim`` the open answers word for word. ``fired`` are the rules that
    fired with their trace, ``quiet`` lists those that did not, ``undecided`` those that wait for
    an answer. ``decided`` are findings the consultant confirmed or reworded, ``rejected`` those
    that were not let stand, with ``red_lines`` where that leaves a gate in force (empty if none),
    ``idle`` decisions on rules that do not fire. ``origins`` are (what, which) lines that name
    model, versions and digests.
    """

    headline: str
    answers: tuple[given.AreaAnswers, ...]
    facts: tuple[given.FactRow, ...]
    rulings: tuple[given.Ruling, ...]
    verbatim: tuple[given.Verbatim, ...]
    fired: tuple[FiredRule, ...]
    quiet_count: int
    quiet: str
    undecided: str
    decided: tuple[decisions.Decided, ...]
    rejected: tuple[decisions.Rejected, ...]
    red_lines: str
    idle: tuple[decisions.Idle, ...]
    origins: tuple[tuple[str, str], ...]


def build(source: Source) -> Appendix:
    """Build the section."""
    diagnostics = source.diagnosis.diagnostics
    waiting = [item.rule for item in diagnostics.undecided]
    against = [finding.rule for finding in diagnostics.rejected]
    spoken = {rule.id for rule in (*diagnostics.fired(), *against, *waiting)}
    silent = [rule for rule in source.model.rules.values() if rule.id not in spoken]
    say = source.wording.translate
    return Appendix(
        headline=_headline(source),
        answers=given.answers(source),
        facts=given.facts(source),
        rulings=given.rulings(source),
        verbatim=given.verbatim(source),
        fired=_fired(source),
        quiet_count=len(silent),
        quiet=say("；").join(f"{rule.code} {rule.finding}" for rule in silent),
        undecided=" ".join(rule.code for rule in waiting),
        decided=decisions.decided(source),
        rejected=decisions.rejected(source),
        red_lines=decisions.red_line_note(source, reasons_follow=True),
        idle=decisions.idle(source),
        origins=_origins(source),
    )


def _headline(source: Source) -> str:
    diagnosis, say = source.diagnosis, source.wording.translate
    people = len(diagnosis.assessment.respondents)
    count = sum(
        answer.value is not None
        for person in diagnosis.assessment.respondents
        for answer in person.answers.values()
    )
    found = diagnosis.diagnostics
    fired = len(found.fired()) + len(found.rejected)
    if not people:
        return say("没有受访者的答复；{}条规则的判定列在这里").format(len(source.model.rules))
    return say("{}位受访者的{}条答复、{}条触发的规则，逐条可查").format(people, count, fired)


def _fired(source: Source) -> tuple[FiredRule, ...]:
    conditions, rows = Conditions(source), []
    for finding in source.diagnosis.diagnostics.findings:
        rows.append(_trace(source, conditions, finding, ""))
        rows += [
            _trace(source, conditions, milder, finding.rule.code) for milder in finding.collapsed
        ]
    return tuple(sorted(rows, key=lambda row: row.code))


def _trace(source: Source, conditions: Conditions, finding: Finding, head: str) -> FiredRule:
    return FiredRule(
        code=finding.rule.code,
        finding=finding.title,
        conditions=tuple(conditions.chip(atom) for atom in finding.trace.decisive()),
        severity=str(finding.severity),
        priority=source.wording.number(finding.priority, 2),
        merged=head,
        mark=decisions.mark_of(source, finding),
    )


def _origins(source: Source) -> tuple[tuple[str, str], ...]:
    diagnosis, edition, say = source.diagnosis, source.edition, source.wording.translate
    content, form = source.model.content, source.model.forms[diagnosis.assessment.form]
    interviewed = diagnosis.assessment.interviewed_on
    lines = [
        (say("报告编号与版本"), f"{edition.number} v{edition.version}"),
        (say("出具日期"), source.wording.day(edition.issued)),
        (say("数据与参数截至"), source.wording.day(diagnosis.as_of)),
        (say("访谈完成"), source.wording.day(interviewed) if interviewed else ""),
        (say("问卷"), form.title),
        (
            say("模型"),
            say("{title}（{id}）{version}").format(
                title=content.title, id=content.id, version=content.version
            ),
        ),
        (say("模型内容摘要"), source.model.digest),
        (say("报告模板版本"), edition.template_version),
        (say("本报告全部输入的摘要"), edition.digest),
    ]
    return tuple((name, value) for name, value in lines if value)
