"""Findings: the causes they share, what must be fixed, what should be, and the rest in short."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.domain.definitions.rule import Size
from app.domain.model import slots
from app.domain.rules import Finding
from app.reporting.conditions import Conditions
from app.reporting.context.decisions import mark_of
from app.reporting.context.findings_flips import Flips
from app.reporting.context.findings_measures import Measure, Measures
from app.reporting.context.findings_opening import Cause, opening
from app.reporting.context.findings_voices import Voice, Voices
from app.reporting.context.source import Source

SIZES: Final[dict[Size, str]] = {"L": "小", "M": "中", "H": "大"}

VOICES_MUST: Final = 3
VOICES_SHOULD: Final = 2
PER_AREA: Final = 2
"""Questions of one area looked at for voices: the anchored one and the one that scores lowest."""


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
    mark: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding.

    ``tier`` is "must" or "should", ``badge`` its word with the rank; ``place`` the area with its
    level; ``severity`` in words; ``binds`` says that the finding holds the overall level down;
    ``mark`` that the consultant confirmed or reworded it (empty for neither, here and below).
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
    mark: str
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
    mark: str


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
    cards = Cards(source)
    first = opening(source)
    must = tuple(
        cards.card(finding, "must", place, VOICES_MUST)
        for place, finding in enumerate(found.must, start=1)
    )
    should = tuple(
        cards.card(finding, "should", place, VOICES_SHOULD)
        for place, finding in enumerate(found.should, start=len(must) + 1)
    )
    return Findings(
        headline=first.headline,
        lead=first.lead,
        causes=first.causes,
        causes_headline=first.causes_headline,
        must=must,
        should=should,
        later=tuple(cards.brief(finding) for finding in found.later),
    )


class Cards:
    """Writes findings as cards and lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate
        self._conditions = Conditions(source)
        self._measures = Measures(source)
        self._voices = Voices(source)
        roadmap = source.diagnosis.plan.roadmap
        self._starts = (
            {sop: item.start for item in roadmap.initiatives for sop in item.sops}
            if roadmap
            else {}
        )

    @cached_property
    def _flips(self) -> Flips:
        # Lines of a list have none, and looking for them takes most of the time.
        return Flips(self._source)

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
            headline=finding.title,
            place=f"{area.code} {area.title} · {self._wording.level(level)}",
            severity=self._say("严重度{}").format(finding.severity),
            binds=self._binds(finding),
            mark=mark_of(self._source, finding),
            chips=tuple(self._conditions.chip(atom) for atom in finding.trace.decisive()),
            says=tuple(self._wording.sentence(sentence) for sentence in finding.says),
            voices=self._voices.of(questions, most_voices),
            refs=tuple(self._refs(finding)),
            cause=rule.cause,
            consequence=rule.consequence,
            recommend=finding.recommend,
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
            headline=finding.title,
            proof=self.proof(finding),
            sops=tuple(self._source.model.sops[sop].code for sop in rule.sops),
            owners=self._wording.roles(rule.roles),
            effort=self._say(SIZES[rule.effort]),
            impact=self._say(SIZES[rule.impact]),
            mark=mark_of(self._source, finding),
        )

    def _binds(self, finding: Finding) -> str:
        binding = self._source.diagnosis.scorecard.binding
        if not finding.binds_gate or binding is None:
            return ""
        level = self._wording.level(self._source.diagnosis.scorecard.level)
        return self._say("它把总等级压在{}").format(level)

    def proof(self, finding: Finding) -> str:
        """Return the one sentence that proves most: a figure of the client before a level."""
        if finding.says:
            telling = (s for s in finding.says if not _is_about_levels(s.template))
            return self._wording.sentence(next(telling, finding.says[0]))
        return self._say("；").join(
            self._conditions.chip(atom) for atom in finding.trace.decisive()
        )

    def _relative(self, finding: Finding) -> Relative:
        mark = mark_of(self._source, finding)
        return Relative(finding.rule.code, finding.title, self.proof(finding), mark)

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
