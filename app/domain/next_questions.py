"""What to ask next, and why: the answers still worth most to the diagnosis as it stands.

The gain of an answer is the sum of its reasons, each a share between 0 and 1:

- **rules** it would decide. Priority of every undecided rule that waits for it ÷ priority of all
  rules of the model: the part of everything the rules could find that hangs on this answer.
  Priority is that of ``app.domain.rules`` as if the rule held, without the discount for weak
  evidence: the evidence is still to come.
- **unanswered**: the question's share of the index × the trust of an answer that was seen.
- **weak-evidence**: the share of the index × the trust its evidence lacks. Asking a role again
  lifts the answers of that role alone, by its weight in the question.
- **role-missing**: the share of the index × the part of the question's mean that the role would
  hold, where a role that is primary for it has not been heard on it though others have.
- **contradiction**: the trust its areas lose by it × their share of the index, where one side is
  only claimed or told; **unchecked-claim**: the same for a contradiction that lacks its number.

What several answers would settle is divided equally among them. So the gain is a plain form of the
value of information: how much of the decision hangs on it, odds even (R. A. Howard, "Information
Value Theory", IEEE Transactions on Systems Science and Cybernetics 2 (1966), 22–26). The two sums
it is made of, undecided rules × priority and low confidence × weight, are those the method names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.answer_gaps import AnswerGap, answer_gaps
from app.domain.behind import Behind, Grounds
from app.domain.contradictions import find_contradictions
from app.domain.definitions.contradiction import Contradiction
from app.domain.definitions.questionnaire import Question, Role, RoleSide
from app.domain.definitions.rule import Rule
from app.domain.definitions.structure import EvidenceCode
from app.domain.expression import UNKNOWN, Reference
from app.domain.index_shares import index_shares
from app.domain.roadmap import first_work
from app.domain.rules import confidence_in, urgency
from app.domain.scoring import contradicted_share, questions_asked
from app.domain.stage import classify
from app.domain.world import World

ItemKind: TypeAlias = Literal["question", "fact"]
ReasonKind: TypeAlias = Literal[
    "rules", "unanswered", "weak-evidence", "role-missing", "contradiction", "unchecked-claim"
]
Item: TypeAlias = tuple[ItemKind, str]

MANY: Final = 10
SIDES: Final[tuple[RoleSide, ...]] = ("top", "front")
"""Between which sides a gap is taken."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to ask, and its ``gain`` (0–1).

    ``ids``: codes of rules or contradictions, most urgent first; the area of an unanswered or
    weakly evidenced question; the roles not heard. ``has`` is the best evidence among the weak
    answers and ``wants`` the grade that would lift them.
    """

    kind: ReasonKind
    gain: Fraction
    ids: tuple[str, ...]
    has: EvidenceCode | None = None
    wants: EvidenceCode | None = None


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """One question or fact to ask next: its id, the whole gain, and the reasons, largest first.

    ``parts`` are the parts of a fact that were not given.
    """

    item: str
    kind: ItemKind
    gain: Fraction
    reasons: tuple[Reason, ...]
    parts: tuple[str, ...] = ()


def next_questions(
    world: World, role: str | None = None, limit: int = MANY
) -> tuple[NextQuestion, ...]:
    """Return what to ask next, most worth first; what is worth the same, in asking order.

    With a ``role``, only what that role is asked or can give, and nothing that everybody asked in
    it did not know. Without one, and for a consultant, everything. What the consultant has ruled
    on is settled.
    """
    return NextBest(world).asked_of(role, limit)


class NextBest:
    """The same for several roles of one world: everything that no role changes is computed once."""

    def __init__(self, world: World) -> None:
        self.world = world
        verdict = classify(world)
        self._grounds = Grounds(world)
        self._shares = index_shares(world)
        roadmap = world.model.content.roadmap
        self._first_work = first_work(roadmap, verdict) if roadmap else frozenset[str]()
        self._asked = {q.id: q for q in questions_asked(world.form, world.model.questions.values())}
        self._unknown = _said_unknown(world)
        self._gaps = tuple(answer_gaps(world, self._asked.values()))
        self._common = (*self._rules(), *self._unanswered(), *self._contradictions())

    def asked_of(self, role: str | None = None, limit: int = MANY) -> tuple[NextQuestion, ...]:
        """Return what to ask a role next (see ``next_questions``)."""
        person = None if role is None else self.world.model.roles[role]
        reasons: dict[Item, list[Reason]] = {}
        for item, reason, sides in self._common:
            if (person is None or sides is None or person.side in sides) and reason.gain > 0:
                reasons.setdefault(item, []).append(reason)
        for gap in self._gaps:
            for reason in self._of_gap(gap, person):
                reasons.setdefault(("question", gap.question), []).append(reason)
        found = [
            self._next(item, given) for item, given in reasons.items() if self._may(item, person)
        ]
        places = self._places()
        found.sort(key=lambda each: (-each.gain, places[each.kind, each.item]))
        return tuple(found[:limit])

    # -- whom it can be asked of -----------------------------------------------------------

    def _may(self, item: Item, person: Role | None) -> bool:
        kind, name = item
        form, model = self.world.form, self.world.model
        anybody = person is None or person.side == "consultant" or form.everyone_counts
        if kind == "fact":
            listed = form.every_fact or name in form.facts
            return listed and (anybody or (person and person.id) in model.facts[name].roles)
        question = self._asked.get(name)
        if question is None or name in self.world.assessment.adjudications:
            return False
        if person is None or person.side == "consultant":
            return True
        asked = anybody or person.id in (*question.primary, *question.secondary)
        return asked and (person.id, name) not in self._unknown

    def _places(self) -> Mapping[Item, int]:
        facts: list[Item] = [("fact", name) for name in self.world.model.facts]
        questions: list[Item] = [("question", name) for name in self.world.model.questions]
        return {item: place for place, item in enumerate((*facts, *questions))}

    def _next(self, item: Item, reasons: list[Reason]) -> NextQuestion:
        kind, name = item
        merged = _merged(reasons)
        parts: tuple[str, ...] = ()
        if kind == "fact":
            of_fact, figures = self.world.model.facts[name].parts, self.world.figures
            parts = tuple(part.id for part in of_fact if figures.given(part.id) is None)
        gain = sum((reason.gain for reason in merged), Fraction(0))
        return NextQuestion(name, kind, gain, merged, parts)

    # -- reasons ---------------------------------------------------------------------------

    def _rules(self) -> Iterator["_Told"]:
        """Yield the undecided rules, most urgent first, by everything each waits for."""
        model, rejected = self.world.model, self._rejected()
        priorities = {rule.id: self._priority(rule) for rule in model.rules.values()}
        whole = sum(priorities.values(), Fraction(0))
        for rule in sorted(model.rules.values(), key=lambda rule: -priorities[rule.id]):
            condition = model.expression(rule.when)
            if rule.id in rejected or condition.evaluate(self.world) is not UNKNOWN:
                continue
            waiting = self._waiting(condition.trace(self.world).missing())
            if waiting:
                told = Reason("rules", priorities[rule.id] / whole / len(waiting), (rule.code,))
                for item, sides in waiting.items():
                    yield item, told, sides

    def _priority(self, rule: Rule) -> Fraction:
        return urgency(self.world, rule, self._first_work).priority / confidence_in(
            self.world, rule
        )

    def _rejected(self) -> frozenset[str]:
        decisions = self.world.assessment.decisions
        return frozenset(rule for rule, said in decisions.items() if said.verdict == "rejected")

    def _waiting(self, references: tuple[Reference, ...]) -> dict[Item, frozenset[RoleSide] | None]:
        """Return what unknown references wait for, and which sides must say it (None: any)."""
        found: dict[Item, frozenset[RoleSide] | None] = {}
        for reference in references:
            if reference.function == "gap":
                for name in self._grounds.of(reference).questions:
                    found.setdefault(("question", name), self._silent_sides(name))
            else:
                for item in self._items(self._grounds.waits_for(reference)):
                    found[item] = None
        return found

    def _items(self, behind: Behind) -> dict[Item, None]:
        items: dict[Item, None] = {("question", name): None for name in behind.questions}
        for part in behind.facts:
            items["fact", self.world.model.fact_of[part].id] = None
        return items

    def _silent_sides(self, question: str) -> frozenset[RoleSide]:
        heard = {
            self.world.model.roles[role].side for role in self.world.question(question).role_means
        }
        return frozenset(side for side in SIDES if side not in heard)

    def _unanswered(self) -> Iterator["_Told"]:
        """Yield the questions without an answer, and the facts computed ones are without."""
        model = self.world.model
        seen = model.trusts[model.content.rating.yes_evidence]
        for name, share in self._shares.items():
            question = model.questions[name]
            if question.area is None or self.world.question(name).score is not None:
                continue
            items = self._open_items(question)
            for item in items:
                yield item, Reason("unanswered", share * seen / len(items), (question.area,)), None

    def _open_items(self, question: Question) -> dict[Item, None]:
        if question.formula is None:
            open_ = (question.id,) if self._grounds.is_open(question.id) else ()
            return self._items(Behind(open_))
        facts = self._grounds.of_question(question).facts
        missing = tuple(part for part in facts if self.world.figures.given(part) is None)
        return self._items(Behind(facts=missing))

    def _of_gap(self, gap: AnswerGap, person: Role | None) -> Iterator[Reason]:
        share = self._shares.get(gap.question, Fraction(0))
        area = self.world.model.questions[gap.question].area
        if not share or area is None:
            return
        everything = person is None or person.side == "consultant"
        weak = gap.weak(None if everything or person is None else person.id)
        # Where a form fixes the confidence, no evidence changes it.
        if weak is not None and self.world.form.confidence is None:
            yield Reason("weak-evidence", share * weak.trust, (area,), weak.has, weak.wants)
        reached = {person.id} if person is not None else set[str]()
        if everything:
            reached |= {heard.role for heard in self.world.assessment.respondents}
        roles = tuple(
            role
            for role in gap.silent
            if role in reached and (role, gap.question) not in self._unknown
        )
        if roles:
            yield Reason("role-missing", share * gap.part_of(roles), roles)

    def _contradictions(self) -> Iterator["_Told"]:
        found = find_contradictions(self.world)
        counts: dict[str, int] = {}
        for each in found.found:
            for area in each.contradiction.areas:
                counts[area] = counts.get(area, 0) + 1
        for each in found.found:
            decisive = [r for atom in each.trace.decisive() for r in atom.references]
            sides = self._grounds.of_all(decisive)
            weak = [item for item in self._items(sides) if self._is_claimed(item)]
            gain = self._trust_lost(each.contradiction, counts, 0)
            for item in weak:
                told = Reason("contradiction", gain / len(weak), (each.contradiction.code,))
                yield item, told, None
        for open_ in found.undecided:
            waiting = self._waiting(open_.needs)
            gain = self._trust_lost(open_.contradiction, counts, 1)
            for item, silent in waiting.items():
                told = Reason("unchecked-claim", gain / len(waiting), (open_.contradiction.code,))
                yield item, told, silent

    def _trust_lost(
        self, contradiction: Contradiction, counts: Mapping[str, int], more: int
    ) -> Fraction:
        """Return the trust a contradiction takes from the index, as the last of ``counts + more``.

        0 where nothing is answered: there is no trust to lose.
        """
        model, lost = self.world.model, Fraction(0)
        rating, asked = model.content.rating, model.asked_in[self.world.form.id]
        for area in contradiction.areas:
            share = sum((self._shares.get(q.id, Fraction(0)) for q, _ in asked[area]), Fraction(0))
            number = counts.get(area, 0) + more
            fall = contradicted_share(rating, number - 1) - contradicted_share(rating, number)
            lost += share * self.world.evidence(area) * fall
        return lost

    def _is_claimed(self, item: Item) -> bool:
        """Return whether something was only claimed or told, and never seen."""
        kind, name = item
        model, rating = self.world.model, self.world.model.content.rating
        if kind == "question":
            result = self.world.question(name)
            return not result.adjudicated and result.trust < model.trusts[rating.yes_evidence]
        given = (self.world.figures.given(part.id) for part in model.facts[name].parts)
        return any(
            fact is not None and (fact.evidence or rating.fact_evidence) < rating.yes_evidence
            for fact in given
        )


_Told: TypeAlias = tuple[Item, Reason, frozenset[RoleSide] | None]
"""What to ask, why, and on which sides it must be said (None: any)."""


def _merged(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Put reasons of one kind together, the largest first."""
    kinds: dict[ReasonKind, list[Reason]] = {}
    for reason in reasons:
        kinds.setdefault(reason.kind, []).append(reason)
    merged = [
        same[0]
        if len(same) == 1
        else Reason(
            kind,
            sum((reason.gain for reason in same), Fraction(0)),
            tuple(dict.fromkeys(name for reason in same for name in reason.ids)),
        )
        for kind, same in kinds.items()
    ]
    return tuple(sorted(merged, key=lambda reason: -reason.gain))


def _said_unknown(world: World) -> frozenset[tuple[str, str]]:
    """Return the pairs of role and question where all who were asked did not know."""
    unknown: set[tuple[str, str]] = set()
    known: set[tuple[str, str]] = set()
    for person in world.assessment.respondents:
        for question, answer in person.answers.items():
            (unknown if answer.value is None else known).add((person.role, question))
    return frozenset(unknown - known)
