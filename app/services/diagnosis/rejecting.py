"""What rejecting a finding takes out of the plan, told before anybody does it."""

from dataclasses import dataclass, replace

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.response import FindingDecision
from app.reporting.context.decisions import red_line_note
from app.services.diagnosis.diagnosing import Current
from app.services.diagnosis.number_trails import FindingLink
from app.services.diagnosis.reading import Reading, reading_of
from app.services.errors import NotFoundError
from app.services.working_days import working_days

_REASON = "—"
"""What a trial rejection gives as its reason; it is never shown."""


@dataclass(frozen=True, slots=True)
class SopLine:
    """A SOP, and where it stays what still asks for it: codes of findings, the stage, or SOPs."""

    code: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the plan before and after."""

    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a plan without one finding looks like.

    ``gone`` and ``kept`` are the SOPs the finding asks for; ``also_gone`` others that only stood
    on them; ``heir`` the milder finding that speaks for the family from then on, ``promoted``
    findings that come up among the first. ``red_line`` says what stays in force; empty if nothing.
    """

    gone: tuple[SopLine, ...]
    also_gone: tuple[SopLine, ...]
    kept: tuple[SopLine, ...]
    people: Change
    cost: Change
    index: Change
    heir: FindingLink | None
    promoted: tuple[FindingLink, ...]
    red_line: str

    @property
    def changes_plan(self) -> bool:
        """Whether the plan is any different without the finding."""
        figures = (self.people, self.cost, self.index)
        return bool(self.gone or self.also_gone) or any(one.differs for one in figures)


def what_leaves(reading: Reading, rule: str, locale: str) -> Leaving:
    """Return what rejecting the finding of a rule would change; raises ``NotFoundError``."""
    before = reading.diagnosis
    if rule not in {finding.rule.id for finding in before.diagnostics.every()}:
        raise NotFoundError
    after = reading_of(Current(reading.gathered, reading.model, _without(before, rule)), locale)
    wanted = reading.model.rules[rule].sops
    planned = {item.sop.id for item in before.plan.sops}
    left = {item.sop.id for item in after.diagnosis.plan.sops}
    return Leaving(
        gone=tuple(_sop(after, sop) for sop in wanted if sop in planned - left),
        also_gone=tuple(_sop(after, sop) for sop in sorted(planned - left - set(wanted))),
        kept=tuple(_sop(after, sop) for sop in wanted if sop in planned & left),
        people=Change(_people(reading), _people(after)),
        cost=Change(_cost(reading), _cost(after)),
        index=Change(_index(reading), _index(after)),
        heir=_heir(before, after.diagnosis, rule),
        promoted=_promoted(before, after.diagnosis),
        red_line=red_line_note(after.source, reasons_follow=True),
    )


def _without(diagnosis: Diagnosis, rule: str) -> Diagnosis:
    rejected = FindingDecision("rejected", _REASON)
    decisions = {**diagnosis.assessment.decisions, rule: rejected}
    assessment = replace(diagnosis.assessment, decisions=decisions)
    day = diagnosis.as_of
    return diagnose(diagnosis.model, assessment, day, calendar=working_days(day))


def _sop(after: Reading, name: str) -> SopLine:
    sop, because = after.model.sops[name], ""
    found = next((item for item in after.diagnosis.plan.sops if item.sop.id == name), None)
    if found is not None:
        reasons = [after.model.rules[rule].code for rule in found.rules]
        ladder = after.model.content.stage_model
        if found.stage is not None and ladder is not None:
            reasons += [f"{s.code} {s.title}" for s in ladder.stages if s.id == found.stage]
        reasons += [after.model.sops[other].code for other in found.supports]
        because = after.wording.joined(reasons)
    return SopLine(sop.code, sop.title, because)


def _people(reading: Reading) -> str:
    staffing = reading.diagnosis.plan.staffing
    if staffing is None or not staffing.horizons:
        return ""
    return reading.wording.number(staffing.horizons[-1].people)


def _cost(reading: Reading) -> str:
    staffing = reading.diagnosis.plan.staffing
    if staffing is None or not staffing.horizons:
        return ""
    return reading.wording.money(staffing.horizons[-1].monthly_cost)


def _index(reading: Reading) -> str:
    return reading.wording.number(reading.diagnosis.plan.projection.index, 1)


def _heir(before: Diagnosis, after: Diagnosis, rule: str) -> FindingLink | None:
    head = next((f for f in before.diagnostics.findings if f.rule.id == rule), None)
    milder = {item.rule.id for item in head.collapsed} if head is not None else set()
    heir = next((f for f in after.diagnostics.findings if f.rule.id in milder), None)
    return FindingLink(heir.rule.id, heir.rule.code, heir.title) if heir is not None else None


def _promoted(before: Diagnosis, after: Diagnosis) -> tuple[FindingLink, ...]:
    first = {finding.rule.id for finding in before.diagnostics.must}
    return tuple(
        FindingLink(finding.rule.id, finding.rule.code, finding.title)
        for finding in after.diagnostics.must
        if finding.rule.id not in first
    )
