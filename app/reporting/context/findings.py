"""Findings: the causes they share, what must be fixed, what should be, and the rest in short."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.rule import Cluster, Size
from app.domain.model import slots
from app.domain.rules import HEADLINE_CAUSES, Finding, RootCause
from app.reporting.conditions import Conditions
from app.reporting.context.findings_flips import Flips
from app.reporting.context.findings_measures import Measure, Measures
from app.reporting.context.findings_voices import Voice, Voices
from app.reporting.context.source import Source

CLUSTERS: Final[dict[Cluster, str]] = {
    "alignment": "上下说的不是一件事",
    "method": "没有成套的方法",
    "process": "没有标准动作，或没有照做",
    "people": "人、岗、考核没有配齐",
    "data": "没有管用的数据",
    "compliance": "踩着合规红线",
}
SIZES: Final[dict[Size, str]] = {"L": "小", "M": "中", "H": "大"}

VOICES_MUST: Final = 3
VOICES_SHOULD: Final = 2
PER_AREA: Final = 2
"""Questions of one area looked at for voices: the anchored one and the one that scores lowest."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause: how many fired rules share it, their codes, and the most urgent of them."""

    title: str
    count: int
    codes: tuple[str, ...]
    worst: str
    worst_code: str
    headline: bool


@dataclass(frozen=True, slots=True)
class Procedure:
    """A SOP that mends a finding, and the day it starts in the plan (empty: not planned)."""

    code: str
    title: str
    starts: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A milder finding of the same family: further evidence of the one it stands below."""

    code: str
    headline: str
    proof: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding.

    ``tier`` is "must" or "should", ``badge`` its word with the rank; ``place`` the area with its
    level; ``severity`` in words; ``binds`` says that the finding holds the overall level down.
    ``chips`` are the conditions that fired with the client's values, ``says`` the evidence in
    sentences, ``voices`` who said it, ``refs`` codes of what was read. ``owners`` do the
    ``procedures``; ``measures`` are how success is counted; ``flip`` the one change that would
    remove the finding; ``cost`` effort and impact; ``first_needed`` what must stand before.
    """

    id: str
    code: str
    tier: str
    badge: str
    headline: str
    place: str
    severity: str
    binds: str
    chips: tuple[str, ...]
    says: tuple[str, ...]
    voices: tuple[Voice, ...]
    refs: tuple[str, ...]
    cause: str
    consequence: str
    recommend: str
    first_step: str
    procedures: tuple[Procedure, ...]
    owners: str
    measures: tuple[Measure, ...]
    flip: str
    cost: str
    first_needed: tuple[str, ...]
    relatives: tuple[Relative, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A finding that can wait, on one line: code, headline, proof, what mends it, what it costs."""

    code: str
    headline: str
    proof: str
    sops: tuple[str, ...]
    owners: str
    effort: str
    impact: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings section.

    ``headline`` is the conclusion, ``lead`` how many rules were tried and what came of them;
    ``causes`` is empty unless one of them is shared by enough rules; ``must`` and ``should`` are
    cards, ``later`` a table.
    """

    headline: str
    lead: str
    causes: tuple[Cause, ...]
    causes_headline: str
    must: tuple[Card, ...]
    should: tuple[Card, ...]
    later: tuple[Brief, ...]


def build(source: Source) -> Findings:
    """Build the findings of one diagnosis, most urgent first."""
    found = source.diagnosis.diagnostics
    cards = _Cards(source)
    causes = tuple(_cause(source, cause) for cause in found.root_causes)
    if not any(cause.headline for cause in causes):
        causes = ()
    must = tuple(
        cards.card(finding, "must", place, VOICES_MUST)
        for place, finding in enumerate(found.must, start=1)
    )
    should = tuple(
        cards.card(finding, "should", place, VOICES_SHOULD)
        for place, finding in enumerate(found.should, start=len(must) + 1)
    )
    return Findings(
        headline=_headline(source, causes),
        lead=_lead(source),
        causes=causes,
        causes_headline=_causes_headline(source, causes),
        must=must,
        should=should,
        later=tuple(cards.brief(finding) for finding in found.later),
    )


def _headline(source: Source, causes: Sequence[Cause]) -> str:
    say, found = source.wording.translate, source.diagnosis.diagnostics
    if not found.findings:
        quiet = len(source.model.rules) - len(found.undecided)
        if quiet < len(found.undecided):
            return say("还没有一条发现站得住：{}条规则缺数，判不了").format(len(found.undecided))
        if found.undecided:
            return say("判得了的{}条规则，没有一条命中").format(quiet)
        return say("{}条规则逐条核过，没有一条命中").format(len(source.model.rules))
    shared = next((cause for cause in causes if cause.headline), None)
    if shared is not None:
        return say("命中{}条，其中{}条同出一因：{}").format(
            len(found.fired()), shared.count, shared.title
        )
    if len(found.findings) == 1:
        return say("只命中一条：{}").format(found.findings[0].rule.finding)
    return say("命中{}条，先改{}条，第一条：{}").format(
        len(found.fired()), len(found.must), found.findings[0].rule.finding
    )


def _causes_headline(source: Source, causes: Sequence[Cause]) -> str:
    say = source.wording.translate
    shared = sum(cause.headline for cause in causes)
    return say("根因：{}类原因各自带出{}条以上").format(shared, HEADLINE_CAUSES)


def _lead(source: Source) -> str:
    """Return how many rules were tried, fired, stayed quiet and could not be decided."""
    say, found = source.wording.translate, source.diagnosis.diagnostics
    total, fired, open_rules = len(source.model.rules), len(found.fired()), len(found.undecided)
    text = say("{}条规则逐条核对你们的答案与数据：命中{}条，不成立{}条。").format(
        total, fired, total - fired - open_rules
    )
    if open_rules:
        text += say("另有{}条缺数，没有判定，列在「尚未评估」。").format(open_rules)
    if fired > len(found.findings):
        text += say("同一类问题只留最重的一条，其余并入它的证据，合成{}条。").format(
            len(found.findings)
        )
    return text


def _cause(source: Source, cause: RootCause) -> Cause:
    rules = source.model.rules
    shown = {
        item.rule.id: finding
        for finding in source.diagnosis.diagnostics.findings
        for item in (finding, *finding.collapsed)
    }
    order = {f.rule.id: place for place, f in enumerate(source.diagnosis.diagnostics.findings)}
    worst = min(cause.findings, key=lambda rule: order[shown[rule].rule.id])
    return Cause(
        title=source.wording.translate(CLUSTERS[cause.cluster]),
        count=len(cause.findings),
        codes=tuple(sorted(rules[rule].code for rule in cause.findings)),
        worst=rules[worst].finding,
        worst_code=rules[worst].code,
        headline=cause.headline,
    )


class _Cards:
    """Writes findings as cards and lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate
        self._conditions = Conditions(source)
        self._measures = Measures(source)
        self._voices = Voices(source)
        self._flips = Flips(source)
        roadmap = source.diagnosis.plan.roadmap
        self._starts = (
            {sop: item.start for item in roadmap.initiatives for sop in item.sops}
            if roadmap
            else {}
        )

    def card(self, finding: Finding, tier: str, rank: int, most_voices: int) -> Card:
        """Return a finding as a card."""
        rule, model = finding.rule, self._source.model
        area = model.areas[rule.area]
        level = self._source.diagnosis.scorecard.areas[rule.area].level
        word = self._say("必改") if tier == "must" else self._say("应改")
        questions = tuple(self._questions(finding))
        return Card(
            id=f"finding-{rule.id}",
            code=rule.code,
            tier=tier,
            badge=f"{word} {rank}",
            headline=rule.finding,
            place=f"{area.code} {area.title} · {self._wording.level(level)}",
            severity=self._say("严重度{}").format(finding.severity),
            binds=self._binds(finding),
            chips=tuple(self._conditions.chip(atom) for atom in finding.trace.decisive()),
            says=tuple(self._wording.sentence(sentence) for sentence in finding.says),
            voices=self._voices.of(questions, most_voices),
            refs=tuple(self._refs(finding)),
            cause=rule.cause,
            consequence=rule.consequence,
            recommend=rule.recommend,
            first_step=rule.first_step,
            procedures=tuple(self._procedure(sop) for sop in rule.sops),
            owners=self._wording.roles(rule.roles),
            measures=tuple(m for kpi in rule.kpis if (m := self._measures.measure(kpi))),
            flip=self._flips.sentence(finding),
            cost=self._cost(finding),
            first_needed=tuple(self._needed(area) for area in finding.open_prerequisites),
            relatives=tuple(self._relative(item) for item in finding.collapsed),
        )

    def brief(self, finding: Finding) -> Brief:
        """Return a finding as one line of the closing table."""
        rule = finding.rule
        return Brief(
            code=rule.code,
            headline=rule.finding,
            proof=self._proof(finding),
            sops=tuple(self._source.model.sops[sop].code for sop in rule.sops),
            owners=self._wording.roles(rule.roles),
            effort=self._say(SIZES[rule.effort]),
            impact=self._say(SIZES[rule.impact]),
        )

    def _binds(self, finding: Finding) -> str:
        binding = self._source.diagnosis.scorecard.binding
        if not finding.binds_gate or binding is None:
            return ""
        level = self._wording.level(self._source.diagnosis.scorecard.level)
        return self._say("它把总等级压在{}").format(level)

    def _proof(self, finding: Finding) -> str:
        """Return the one sentence that proves most: a figure of the client before a level."""
        if finding.says:
            telling = (s for s in finding.says if not _is_about_levels(s.template))
            return self._wording.sentence(next(telling, finding.says[0]))
        return self._say("；").join(
            self._conditions.chip(atom) for atom in finding.trace.decisive()
        )

    def _relative(self, finding: Finding) -> Relative:
        return Relative(finding.rule.code, finding.rule.finding, self._proof(finding))

    def _procedure(self, sop: str) -> Procedure:
        found, start = self._source.model.sops[sop], self._starts.get(sop)
        starts = self._say("{}起").format(self._wording.short_day(start)) if start else ""
        return Procedure(found.code, found.title, starts)

    def _cost(self, finding: Finding) -> str:
        rule = finding.rule
        parameters = self._source.model.content.roadmap
        effort = self._say("投入{}").format(self._say(SIZES[rule.effort]))
        if parameters is not None and rule.effort in parameters.effort_days:
            days = parameters.effort_days[rule.effort]
            effort += self._say("（约{}个工作日）").format(days)
        return self._say("{}，见效{}").format(effort, self._say(SIZES[rule.impact]))

    def _needed(self, area: str) -> str:
        found = self._source.model.areas[area]
        level = self._wording.level(self._source.diagnosis.scorecard.areas[area].level)
        return self._say("{}到L{}（现在{}）").format(
            f"{found.code} {found.title}", self._source.model.content.rating.standing_level, level
        )

    def _references(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """Yield (kind, id) of everything the finding reads, conditions before sentences."""
        model = self._source.model
        references = [r for atom in finding.trace.decisive() for r in atom.references]
        for sentence in finding.says:
            for source in slots(sentence.template):
                references += model.expression(source).references
        for reference in references:
            if question := self._conditions.question(reference):
                yield "question", question
            elif area := self._conditions.area(reference):
                yield "area", area
            elif fact := self._conditions.fact(reference):
                yield "fact", fact

    def _questions(self, finding: Finding) -> Iterator[str]:
        """Yield the questions behind a finding, each once: what it asks about itself first."""
        read = list(dict.fromkeys(self._references(finding)))
        asked = [name for kind, name in read if kind == "question"]
        for kind, name in read:
            if kind == "area" and name == finding.rule.area:
                asked = [*self._telling(name), *asked]
        others = [q for kind, name in read if kind == "area" for q in self._telling(name)]
        yield from dict.fromkeys([*asked, *others])

    def _telling(self, area: str) -> list[str]:
        """Return an area's most telling questions: its anchored one, then the lowest scoring."""
        results = self._source.diagnosis.questions
        scored = [
            question
            for question in self._source.model.questions_of[area]
            if question.id in results and results[question.id].score is not None
        ]
        anchored = [question for question in scored if question.type == "choice"]
        lowest = sorted(scored, key=lambda q: results[q.id].score or 0)
        chosen = dict.fromkeys(q.id for q in (*anchored[:1], *lowest))
        return list(chosen)[:PER_AREA]

    def _refs(self, finding: Finding) -> Iterator[str]:
        model = self._source.model
        codes: list[str] = []
        for kind, name in self._references(finding):
            if kind == "question":
                codes.append(model.questions[name].code)
            elif kind == "area":
                codes.append(model.areas[name].code)
            else:
                codes.append(model.fact_of[name].code)
        yield from dict.fromkeys(codes)


def _is_about_levels(template: str) -> bool:
    read = slots(template)
    return not read or any(source.startswith(("level(", "score(")) for source in read)
