"""Rules evaluated: findings with evidence, priority and flip; undecided rules; root causes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.definitions.rule import Cluster, Rule, Size
from app.domain.expression import UNKNOWN, Flip, Reference, Trace
from app.domain.model import slots
from app.domain.response import FindingDecision
from app.domain.world import World

SIZES: Final[Mapping[Size, int]] = {"L": 1, "M": 2, "H": 3}
GATE_BONUS: Final = Fraction(3, 2)
STAGE_BONUS: Final = Fraction(2)
"""For what the enterprise must do to leave its stage: the core work of the phase it enters."""
PREREQUISITE_DISCOUNT: Final = Fraction(7, 10)
LEAST_CONFIDENCE: Final = Fraction(1, 4)
MUST_FIX: Final = 5
SHOULD_FIX: Final = 7
HEADLINE_CAUSES: Final = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """An evidence sentence: ``pieces`` alternate text and values, starting and ending with text."""

    template: str
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fired rule.

    ``priority`` = severity × impact × weight × confidence ÷ effort, raised when the rule is about
    what binds the overall level or about the first work of the stage, lowered while a prerequisite
    is open (not for that first work: doing it is how its prerequisites come to stand).
    ``collapsed`` are milder findings of the same family, kept as evidence. ``decision`` is what the
    consultant said of it, None where nothing.
    """

    rule: Rule
    severity: int
    priority: Fraction
    trace: Trace
    says: tuple[Sentence, ...]
    flips: tuple[Flip, ...]
    binds_gate: bool
    open_prerequisites: tuple[str, ...]
    collapsed: tuple["Finding", ...] = ()
    decision: FindingDecision | None = None

    @property
    def title(self) -> str:
        """What was found, in the consultant's words where there are any."""
        said = self.decision.finding if self.decision is not None else None
        return self.rule.finding if said is None else said

    @property
    def recommend(self) -> str:
        """What to do, in the consultant's words where there are any."""
        said = self.decision.recommend if self.decision is not None else None
        return self.rule.recommend if said is None else said


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent the finding of a rule is, with what raised or lowered it (see ``Finding``)."""

    severity: int
    priority: Fraction
    binds_gate: bool
    open_prerequisites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule that could not be decided and the references it waits for."""

    rule: Rule
    needs: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class RootCause:
    """A cluster of causes with the findings that share it."""

    cluster: Cluster
    findings: tuple[str, ...]
    headline: bool


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """All findings, most urgent first, with what stayed undecided, and the causes.

    ``rejected`` fired too, in the order of the model: the consultant does not let them stand, so
    nothing is counted, ranked or planned by them.
    """

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    root_causes: tuple[RootCause, ...]
    rejected: tuple[Finding, ...] = ()

    @property
    def must(self) -> tuple[Finding, ...]:
        """The findings to fix first."""
        return self.findings[:MUST_FIX]

    @property
    def should(self) -> tuple[Finding, ...]:
        """The findings that come next."""
        return self.findings[MUST_FIX : MUST_FIX + SHOULD_FIX]

    @property
    def later(self) -> tuple[Finding, ...]:
        """The rest, for the appendix."""
        return self.findings[MUST_FIX + SHOULD_FIX :]

    def every(self) -> Iterator[Finding]:
        """Yield every finding that stands, milder ones behind the head of their family."""
        for finding in self.findings:
            yield finding
            yield from finding.collapsed

    def fired(self) -> tuple[Rule, ...]:
        """Return every rule whose finding stands, families included, in code order."""
        rules = [finding.rule for finding in self.every()]
        return tuple(sorted(rules, key=lambda rule: rule.code))

    def idle(self, decided: Iterable[str]) -> frozenset[str]:
        """Return the ids of rules decided upon that do not fire (any more): nothing comes of it."""
        fired = {finding.rule.id for finding in (*self.every(), *self.rejected)}
        return frozenset(decided) - fired


def evaluate_rules(world: World, first_work: Collection[str] = ()) -> Diagnostics:
    """Evaluate every rule of the model with its full trace.

    ``first_work`` are the SOPs that make up the phase the enterprise enters now. What the
    consultant rejects is set aside before families are put together: a milder finding of the same
    family then speaks for it.
    """
    found: list[Finding] = []
    rejected: list[Finding] = []
    undecided: list[Undecided] = []
    for rule in world.model.rules.values():
        expression = world.model.expression(rule.when)
        trace = expression.trace(world)
        if trace.result is UNKNOWN:
            undecided.append(Undecided(rule, trace.missing()))
        elif trace.result is True:
            finding = _finding(world, rule, trace, first_work)
            (rejected if _is_rejected(finding) else found).append(finding)
    findings = _ranked(_collapsed(found))
    return Diagnostics(findings, tuple(undecided), root_causes(findings), tuple(rejected))


def _is_rejected(finding: Finding) -> bool:
    return finding.decision is not None and finding.decision.verdict == "rejected"


def _finding(world: World, rule: Rule, trace: Trace, first_work: Collection[str]) -> Finding:
    urgent = urgency(world, rule, first_work)
    return Finding(
        rule=rule,
        severity=urgent.severity,
        priority=urgent.priority,
        trace=trace,
        says=tuple(said for text in rule.says if (said := sentence(world, text)) is not None),
        flips=trace.flips(),
        binds_gate=urgent.binds_gate,
        open_prerequisites=urgent.open_prerequisites,
        decision=world.assessment.decisions.get(rule.id),
    )


def urgency(world: World, rule: Rule, first_work: Collection[str] = ()) -> Urgency:
    """Return how urgent a rule's finding is, or would be if the rule held."""
    area = world.area(rule.area)
    severity = rule.severity
    if severity is None:
        maximum, minimum = world.model.content.scale.maximum, world.model.content.scale.minimum
        severity = max(1, maximum - (area.level if area.level is not None else minimum + 1))
    open_areas = tuple(
        required
        for required in world.model.areas[rule.area].requires
        if (level := world.area(required).level) is not None
        and level < world.model.content.rating.standing_level
    )
    binds = binds_overall(world, rule.area)
    first = bool(rule.sops) and rule.sops[0] in first_work
    priority = base_priority(world, rule, severity) * (GATE_BONUS if binds else 1)
    if first:
        priority *= STAGE_BONUS
    elif open_areas:
        priority *= PREREQUISITE_DISCOUNT
    return Urgency(severity, priority, binds, open_areas)


def base_priority(world: World, rule: Rule, severity: int) -> Fraction:
    """Return severity × impact × weight of the dimension × confidence ÷ effort."""
    dimension = world.model.dimension_of[rule.area]
    lens = next(lens for lens in world.model.content.lenses if lens.id == dimension.lens)
    weight = Fraction(lens.weight) * world.weight_of(dimension.id)
    confidence = confidence_in(world, rule)
    return severity * SIZES[rule.impact] * weight * confidence / SIZES[rule.effort]


def confidence_in(world: World, rule: Rule) -> Fraction:
    """Return the confidence (0–1) with which a rule's finding is ranked.

    Weak evidence lowers a finding's place but never hides it. Contradictions do not count here: a
    claim refuted by a number makes what was found more urgent, not less.
    """
    return max(world.evidence(rule.area), LEAST_CONFIDENCE)


def binds_overall(world: World, area: str) -> bool:
    """Return whether an area is what holds the overall level down through the binding gate."""
    binding = world.scorecard.binding
    if binding is None:
        return False
    dimension = world.model.dimension_of[area]
    if area in binding.binds:
        return True
    if dimension.id not in binding.binds:
        return False
    score = world.scorecard.dimensions[dimension.id]
    if score.held_by:
        return area in score.held_by
    level = world.area(area).level
    return level is not None and score.level is not None and level <= score.level


def sentence(world: World, template: str) -> Sentence | None:
    """Return an evidence sentence with its values; None while one of them is unknown."""
    values = []
    for source in slots(template):
        value = world.number(source)
        if value is None:
            return None
        values.append(value)
    return Sentence(template, tuple(values))


def _collapsed(findings: Sequence[Finding]) -> list[Finding]:
    families: dict[str, list[Finding]] = {}
    result: list[Finding] = []
    for finding in findings:
        if finding.rule.family is None:
            result.append(finding)
        else:
            families.setdefault(finding.rule.family, []).append(finding)
    for members in families.values():
        members.sort(key=lambda f: (-f.severity, -SIZES[f.rule.impact], -f.priority, f.rule.code))
        head, *rest = members
        result.append(replace(head, collapsed=tuple(rest)))
    return result


def _ranked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort by priority; a red line of the law comes before everything."""

    def place(finding: Finding) -> tuple[bool, Fraction, str]:
        red_line = finding.rule.cluster == "compliance" and finding.severity >= 4
        return (not red_line, -finding.priority, finding.rule.code)

    return tuple(sorted(findings, key=place))


def root_causes(findings: Sequence[Finding]) -> tuple[RootCause, ...]:
    """Count causes by cluster over all fired rules, largest first; three make a headline."""
    clusters: dict[Cluster, list[str]] = {}
    for finding in findings:
        for item in (finding, *finding.collapsed):
            clusters.setdefault(item.rule.cluster, []).append(item.rule.id)
    causes = [
        RootCause(cluster, tuple(rules), len(rules) >= HEADLINE_CAUSES)
        for cluster, rules in clusters.items()
    ]
    return tuple(sorted(causes, key=lambda cause: (-len(cause.findings), cause.cluster)))
