"""Conditions in the client's words: what holds today, and what would have to become true.

Shorter than the names authors gave the facts, so that a condition fits on one line of a card:
「数据报表 L1 ≤ L2」, 「加粉率升到30%以上」.
"""

from fractions import Fraction
from math import ceil, floor
from typing import Final

from app.domain.definitions.questionnaire import Choice
from app.domain.expression import Atom, Reference, Trace, Value
from app.reporting.clauses import short_title
from app.reporting.context.source import Source
from app.reporting.numerals import rounded
from app.reporting.wording import OPERATORS

STAGE_NAMES: Final = frozenset({"stage", "scale_stage"})
LEVEL_NAMES: Final = frozenset({"overall_level"})
ACHIEVED: Final = frozenset({"overall_level", "index", "alpha"})
"""Computed figures that a team's work changes, as it changes a level."""

PICKED: Final = frozenset({"has", "share"})
OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def exact(value: Fraction) -> str:
    """Return a figure with as few places as tell it apart, at most three."""
    places = next((n for n in (0, 1, 2) if Fraction(rounded(value, n)) == value), 3)
    return f"{rounded(value, places):,}".replace("-", "−")


class Conditions:
    """Says the atoms of conditions for one report."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate

    def subject(self, reference: Reference) -> str:
        """Return what a reference speaks of, in as few words as the client knows it by."""
        model = self._source.model
        name = self._name(reference)
        if reference.function in PICKED:
            return self._picked(name, self._items(reference))
        if reference.function == "name" and name in model.fact_of:
            fact = model.fact_of[name]
            return fact.title if len(fact.parts) == 1 else short_title(model.fact_parts[name].title)
        if reference.function == "level":
            return self._wording.thing(reference)
        return self._wording.label(reference)

    def shown(self, reference: Reference, value: Value | None) -> str:
        """Return a value as the client would read it off."""
        if not isinstance(value, Fraction) or isinstance(value, bool):
            return self._wording.value(reference, value)
        if reference.function == "share":
            return self._wording.percent(value * 100)
        name = self._name(reference)
        ladder = self._source.model.content.stage_model
        if reference.function == "name" and name in STAGE_NAMES and ladder is not None:
            return ladder.stages[int(value)].code
        if self._is_level(reference):
            return f"L{floor(value)}"
        text = self._wording.value(reference, value).replace("-", "−")
        if reference.function == "name" and text == self._wording.plain(value) and value < 10:
            return exact(Fraction(rounded(value, 2)))
        return text

    def chip(self, atom: Atom) -> str:
        """Return an atom with the client's value: 「门店数 300家 ≥ 10家」."""
        if len(atom.references) != 1:
            return self._formula(atom)
        reference = atom.references[0]
        if reference.function == "has":
            word = self._say("有「{}」") if atom.left_value is True else self._say("没有「{}」")
            items = [short_title(item.title) for item in self._items(reference)]
            return f"{self._owner(reference)}{word.format(self._wording.joined(items))}"
        subject = self.subject(reference)
        if atom.threshold is None:
            return self._say("{}：{}").format(subject, self.shown(reference, atom.left_value))
        now = self.shown(reference, self._moving(atom))
        if atom.threshold.operator in ("==", "!="):
            return self._say("{}：{}").format(subject, now)
        sign = OPERATORS[atom.threshold.operator]
        return f"{subject} {now} {sign} {self._limit(atom, reference)}"

    def required(self, atom: Atom, becomes: bool) -> str:
        """Return what an atom must become, and where it stands: 「数据报表升到L3（现在L1）」."""
        if len(atom.references) != 1:
            return self._formula_required(atom, becomes)
        reference = atom.references[0]
        subject = self.subject(reference)
        if reference.function == "has":
            items = [short_title(item.title) for item in self._items(reference)]
            word = self._say("里有了「{}」") if becomes else self._say("里不再有「{}」")
            return f"{self._owner(reference)}{word.format(self._wording.joined(items))}"
        if atom.threshold is None:
            yes = self._say("是") if becomes else self._say("否")
            return self._say("{}变为「{}」").format(subject, yes)
        operator = atom.threshold.operator
        wanted = operator if becomes else OPPOSITE[operator]
        now = self.shown(reference, self._moving(atom))
        text = self._target(reference, subject, wanted, atom)
        return text + self._say("（现在{}）").format(now)

    def question(self, reference: Reference) -> str | None:
        """Return the id of the question a reference reads; None for anything else."""
        name = self._name(reference)
        return name if name in self._source.model.questions else None

    def area(self, reference: Reference) -> str | None:
        """Return the id of the area a reference reads; None for anything else."""
        name = self._name(reference)
        return name if name in self._source.model.areas else None

    def fact(self, reference: Reference) -> str | None:
        """Return the id of the fact part a reference reads; None for anything else."""
        name = self._name(reference)
        plain = reference.function in ("name", "has", "count", "share")
        return name if plain and name in self._source.model.fact_parts else None

    def cheapest_change(self, trace: Trace) -> tuple[str, ...]:
        """Return the fewest things that must change for a true condition to stop holding.

        Among equally few, what a team can change (a level, an answer) comes before what is simply
        so (the number of stores). Empty when nothing can be told.
        """
        branches = trace.children if trace.operator == "and" else (trace,)
        ways = [flips for branch in branches if (flips := branch.flips())]
        if not ways:
            return ()
        chosen = min(
            ways,
            key=lambda flips: (
                sum(self._given(flip.atom) for flip in flips),
                len(flips),
            ),
        )
        return tuple(self.required(flip.atom, flip.becomes) for flip in chosen)

    def _given(self, atom: Atom) -> bool:
        """Return whether an atom reads facts or computed figures only."""
        return not any(self.achieved(reference) for reference in atom.references)

    def achieved(self, reference: Reference) -> bool:
        """Return whether a reference reads what a team's work changes: an answer or a level."""
        asked = self.question(reference) is not None or self.area(reference) is not None
        return asked or self._name(reference) in ACHIEVED

    def _is_level(self, reference: Reference) -> bool:
        named = reference.function == "name" and self._name(reference) in LEVEL_NAMES
        return named or reference.function == "level"

    def _name(self, reference: Reference) -> str:
        canonical = self._source.model.vocabulary.canonical(reference) or reference.arguments
        return canonical[0]

    def _items(self, reference: Reference) -> list[Choice]:
        model = self._source.model
        canonical = model.vocabulary.canonical(reference) or reference.arguments
        name, *wanted = canonical
        question = model.questions.get(name)
        choices = question.items if question else model.fact_parts[name].choices
        return [choice for choice in choices if choice.id in wanted]

    def _owner(self, reference: Reference) -> str:
        model = self._source.model
        name = self._name(reference)
        question = model.questions.get(name)
        return (question.short or question.text) if question else model.fact_of[name].title

    def _picked(self, name: str, items: list[Choice]) -> str:
        model = self._source.model
        question = model.questions.get(name)
        owner = (question.short or question.text) if question else model.fact_of[name].title
        if len(items) == 1:
            return self._say("{}里的{}").format(owner, short_title(items[0].title))
        return self._say("{}里的{}等{}项").format(owner, short_title(items[0].title), len(items))

    def _moving(self, atom: Atom) -> Value | None:
        side = atom.threshold.side if atom.threshold else "left"
        return atom.left_value if side == "left" else atom.right_value

    def _limit(self, atom: Atom, reference: Reference) -> str:
        """Return a threshold as it was set: 0.667 must not read 0.7."""
        limit = atom.threshold.limit if atom.threshold else None
        text = self.shown(reference, limit)
        bare = text.lstrip("−").replace(",", "").replace(".", "").isdigit()
        return exact(limit) if bare and isinstance(limit, Fraction) else text

    def _target(self, reference: Reference, subject: str, operator: str, atom: Atom) -> str:
        limit = atom.threshold.limit if atom.threshold else None
        if self._is_level(reference) and isinstance(limit, Fraction):
            return self._level_target(subject, operator, limit)
        if reference.function == "share" and operator in ("!=", ">") and limit == 0:
            return self._say("{}至少有一项").format(subject)
        # Counts and shares are never negative: "not 0" is "more than 0".
        sign = ">" if operator == "!=" and limit == 0 else OPERATORS[operator]
        return f"{subject} {sign} {self._limit(atom, reference)}"

    def _level_target(self, subject: str, operator: str, limit: Fraction) -> str:
        if operator == "!=" and limit == self._source.model.content.scale.minimum:
            operator = ">"
        if operator in (">", ">="):
            level = floor(limit) + 1 if operator == ">" else ceil(limit)
            return self._say("{}升到L{}").format(subject, level)
        if operator in ("<", "<="):
            level = ceil(limit) - 1 if operator == "<" else floor(limit)
            return self._say("{}回到L{}以下").format(subject, level)
        told = self._say("{}在L{}") if operator == "==" else self._say("{}不在L{}")
        return told.format(subject, floor(limit))

    def _formula(self, atom: Atom) -> str:
        if atom.operator is None:
            names = self._wording.joined([self.subject(r) for r in atom.references])
            return self._say("{}：{}").format(names, self._bare(atom.left_value))
        left, right = self._sides(atom)
        sign = OPERATORS[atom.operator]
        words = (left, self._bare(atom.left_value), sign, right, self._bare(atom.right_value))
        return " ".join(word for word in words if word)

    def _formula_required(self, atom: Atom, becomes: bool) -> str:
        if atom.operator is None:
            names = self._wording.joined([self.subject(r) for r in atom.references])
            yes = self._say("是") if becomes else self._say("否")
            return self._say("{}变为「{}」").format(names, yes)
        left, right = self._sides(atom)
        operator = atom.operator if becomes else OPPOSITE[atom.operator]
        limit = right or self._bare(atom.right_value)
        now = self._bare(atom.left_value)
        return f"{left} {OPERATORS[operator]} {limit}" + self._say("（现在{}）").format(now)

    def _sides(self, atom: Atom) -> tuple[str, str]:
        """Return the words for both sides: the names each side reads."""
        sides = []
        for text in (atom.left, atom.right or ""):
            read = [
                self.subject(reference)
                for reference in atom.references
                if reference.arguments[0] in text
            ]
            sides.append(self._wording.joined(read))
        return sides[0], sides[1]

    def _bare(self, value: Value | None) -> str:
        if isinstance(value, bool):
            return self._say("是") if value else self._say("否")
        if not isinstance(value, Fraction):
            return self._say("未知")
        return exact(Fraction(rounded(value, 2)))
