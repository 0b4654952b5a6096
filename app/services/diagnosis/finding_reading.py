"""The findings on screen: the list in priority order, and one finding with all that it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.engagement import undecided_findings
from app.domain.rules import Finding
from app.reporting.context.decisions import RED_LINES, idle
from app.reporting.context.decisions import Idle as IdleDecision
from app.reporting.context.findings import SIZES, VOICES_MUST, Card, Cards
from app.reporting.context.findings_opening import Opening, opening
from app.services.acting import Acting
from app.services.diagnosis.deciding import Decided, decisions_made, undecided
from app.services.diagnosis.ranking import Ranking, ranking_of
from app.services.diagnosis.reading import Comparison, Named, Reading, Target
from app.services.errors import NotFoundError

MUST, SHOULD, LATER, REJECTED, MERGED = "must", "should", "later", "rejected", "merged"

_TIERS: Final = (MUST, SHOULD, LATER)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding in a list.

    ``tier`` is must, should, later, rejected, or merged (a milder one, ``head`` speaks for it);
    ``place`` its rank among those that stand, 0 for others. ``priority`` is printed with two
    places; ``confidence`` is the word for the evidence it is ranked with. ``verdict`` is what was
    decided (empty: nothing yet), ``number`` that decision's.
    """

    rule: str
    code: str
    tier: str
    place: int
    title: str
    area: Named
    level: str
    severity: int
    priority: str
    confidence: str
    effort: str
    impact: str
    proof: str
    sops: tuple[str, ...]
    owners: str
    binds: bool
    relatives: int
    head: str
    verdict: str
    number: int


@dataclass(frozen=True, slots=True)
class FindingList:
    """All findings: by tier, those rejected, decisions without effect; how many are decided.

    ``main`` counts the undecided ones for which the step "align" waits: must and should.
    """

    opening: Opening
    must: tuple[FindingLine, ...]
    should: tuple[FindingLine, ...]
    later: tuple[FindingLine, ...]
    rejected: tuple[FindingLine, ...]
    idle: tuple[IdleDecision, ...]
    decided: int
    total: int
    undecided: int
    main: int


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding with everything it rests on, and what was decided of it.

    ``card`` is what the report prints; ``comparisons`` the whole condition, comparison by
    comparison; ``reads`` the questions and facts behind those that decide, ``ranking`` how it came
    to its place. ``own_finding`` and ``own_recommend`` are the rule's words. ``relatives`` are
    milder findings it speaks for. ``before`` and ``after`` are its neighbours in the list.
    """

    line: FindingLine
    card: Card
    comparisons: tuple[Comparison, ...]
    reads: tuple[Named, ...]
    ranking: Ranking
    own_finding: str
    own_recommend: str
    red_line: bool
    relatives: tuple[FindingLine, ...]
    head: FindingLine | None
    before: FindingLine | None
    after: FindingLine | None
    history: tuple[Decided, ...]


def finding_list(reading: Reading) -> FindingList:
    """Return the findings in priority order."""
    lines = _Lines(reading)
    found = reading.diagnosis.diagnostics
    standing = [lines.line(finding) for finding in found.findings]
    waiting = len(undecided(reading.diagnosis))
    return FindingList(
        opening=opening(reading.source),
        must=tuple(line for line in standing if line.tier == MUST),
        should=tuple(line for line in standing if line.tier == SHOULD),
        later=tuple(line for line in standing if line.tier == LATER),
        rejected=tuple(lines.line(finding) for finding in found.rejected),
        idle=idle(reading.source),
        decided=len(standing) - waiting,
        total=len(standing),
        undecided=waiting,
        main=len(undecided_findings(found)),
    )


def finding_line(reading: Reading, rule: str) -> FindingLine:
    """Return one line of the list; raises ``NotFoundError``."""
    return _Lines(reading).line(_find(reading, rule))


def undecided_lines(reading: Reading) -> tuple[FindingLine, ...]:
    """Return the findings nobody has decided upon, most urgent first."""
    lines = _Lines(reading)
    return tuple(lines.line(finding) for finding in undecided(reading.diagnosis))


def finding_page(acting: Acting, reading: Reading, rule: str) -> FindingPage:
    """Return one finding; raises ``NotFoundError`` where its rule does not fire."""
    finding = _find(reading, rule)
    lines = _Lines(reading)
    line = lines.line(finding)
    found = reading.diagnosis.diagnostics
    decisive = [atom for atom in finding.trace.decisive() if atom.references]
    behind = reading.grounds.of_all(ref for atom in decisive for ref in atom.references)
    heads = {item.rule.id: head for head in found.findings for item in head.collapsed}
    standing = list(found.findings)
    at = standing.index(finding) if finding in standing else None
    engagement = reading.gathered.opened.engagement.id
    return FindingPage(
        line=line,
        card=lines.cards.card(finding, line.tier, line.place, VOICES_MUST),
        comparisons=reading.comparisons(finding.trace),
        reads=(
            *(reading.named(Target("question", name)) for name in behind.questions),
            *(reading.named(Target("fact", name)) for name in behind.facts),
        ),
        ranking=ranking_of(reading, finding),
        own_finding=finding.rule.finding,
        own_recommend=finding.rule.recommend,
        red_line=finding.rule.cluster == RED_LINES,
        relatives=tuple(lines.line(item) for item in finding.collapsed),
        head=lines.line(heads[rule]) if rule in heads else None,
        before=lines.line(standing[at - 1]) if at else None,
        after=lines.line(standing[at + 1]) if at is not None and at + 1 < len(standing) else None,
        history=decisions_made(acting, engagement, rule),
    )


def _find(reading: Reading, rule: str) -> Finding:
    found = reading.diagnosis.diagnostics
    for finding in (*found.every(), *found.rejected):
        if finding.rule.id == rule:
            return finding
    raise NotFoundError


class _Lines:
    """Writes findings as lines of a list."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.cards = Cards(reading.source)
        self._tiers: Mapping[str, tuple[str, int, str]] = dict(self._placed())

    def _placed(self) -> Iterator[tuple[str, tuple[str, int, str]]]:
        found = self._reading.diagnosis.diagnostics
        place = 0
        for tier, findings in zip(_TIERS, (found.must, found.should, found.later), strict=True):
            for head in findings:
                place += 1
                yield head.rule.id, (tier, place, "")
                for item in head.collapsed:
                    yield item.rule.id, (MERGED, 0, head.rule.code)

    def line(self, finding: Finding) -> FindingLine:
        """Return a finding as a line."""
        reading, rule = self._reading, finding.rule
        tier, place, head = self._tiers.get(rule.id, (REJECTED, 0, ""))
        decision = reading.gathered.decisions.get(rule.id)
        say, wording = reading.wording.translate, reading.wording
        return FindingLine(
            rule=rule.id,
            code=rule.code,
            tier=tier,
            place=place,
            title=finding.title,
            area=reading.named(Target("area", rule.area)),
            level=wording.level(reading.card.areas[rule.area].level),
            severity=finding.severity,
            priority=wording.number(finding.priority, 2),
            confidence=reading.confidence(reading.world.evidence(rule.area)),
            effort=say(SIZES[rule.effort]),
            impact=say(SIZES[rule.impact]),
            proof=self.cards.proof(finding),
            sops=tuple(reading.model.sops[sop].code for sop in rule.sops),
            owners=wording.roles(rule.roles),
            binds=finding.binds_gate,
            relatives=len(finding.collapsed),
            head=head,
            verdict=decision.verdict if decision is not None else "",
            number=decision.number if decision is not None else 0,
        )
