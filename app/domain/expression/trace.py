"""What an evaluation leaves behind: every atom with its values, what decided, what would flip it.

An *atom* is a leaf of a condition: one comparison, one flag of the model, or one ``known(...)``.
For flipping, atoms are taken as independent of each other (``stores > 3`` and ``stores > 5`` are
two atoms), but the same atom written twice is one atom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final, Literal, NamedTuple, TypeAlias

from app.domain.expression.evaluation import conjunction, disjunction, negated
from app.domain.expression.terms import UNKNOWN, Reference, Value

SEARCH_BUDGET: Final = 1_024
"""Most combinations tried for a flip when the same atom stands in several places."""

Operator: TypeAlias = Literal["and", "or", "not", "if", "atom", "value"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison of something that moves with something that does not.

    Written with the moving side on the left: ``10 <= stores`` has the operator ``>=``.
    """

    side: Literal["left", "right"]
    """Where the moving side stands in the source."""
    moving: str
    """Source text of the moving side."""
    references: tuple[Reference, ...]
    operator: str
    limit: Value
    """The constant; UNKNOWN only if it divides by zero."""


@dataclass(frozen=True, slots=True)
class AtomShape:
    """The unchanging part of an atom, known before any evaluation.

    For a flag or ``known(...)``, ``operator`` and ``right`` are None and ``left`` is the whole.
    ``number`` counts the different atoms of an expression in order of appearance.
    """

    number: int
    source: str
    offset: int
    left: str
    operator: str | None
    right: str | None
    references: tuple[Reference, ...]
    threshold: Threshold | None


class Atom(NamedTuple):
    """An atom with the values of one evaluation; also the one leaf of a formula's trace."""

    shape: AtomShape
    left_value: Value
    right_value: Value | None
    """None when the atom is no comparison."""
    result: Value
    missing: tuple[Reference, ...]
    """The unanswered references that keep the result UNKNOWN; empty when it is decided, and when
    it is UNKNOWN by a division by zero alone."""

    @property
    def source(self) -> str:
        """The atom as written, e.g. ``stores >= 10``."""
        return self.shape.source

    @property
    def left(self) -> str:
        """Source text of the left side, or of the whole when it is no comparison."""
        return self.shape.left

    @property
    def operator(self) -> str | None:
        """The comparison sign, or None."""
        return self.shape.operator

    @property
    def right(self) -> str | None:
        """Source text of the right side, or None."""
        return self.shape.right

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the atom reads, in order of appearance."""
        return self.shape.references

    @property
    def threshold(self) -> Threshold | None:
        """The moving side and the constant, if exactly one side reads something."""
        return self.shape.threshold


class Flip(NamedTuple):
    """One atom that must change, and the result it must change to."""

    atom: Atom
    becomes: bool


class Trace(NamedTuple):
    """One part of an evaluated expression.

    ``and``, ``or``, ``not`` and ``if`` have ``children`` in source order (``if``: then, condition,
    otherwise), all of them evaluated. A leaf has ``leaf``: an ``atom`` of a condition, or the
    ``value`` of a formula. Truth is read from ``result``, never from the trace itself.
    """

    operator: Operator
    result: Value
    children: tuple[Trace, ...]
    leaf: Atom | None

    def atoms(self) -> tuple[Atom, ...]:
        """Return every atom once, in order of appearance."""
        return _distinct(trace.leaf for trace in _leaves(self) if trace.operator == "atom")

    def decisive(self) -> tuple[Atom, ...]:
        """Return the atoms that carry the result, in order of appearance.

        For a true ``and`` all, for a false one the false ones; for a true ``or`` the true ones,
        for a false one all; for an UNKNOWN result those that are UNKNOWN and still matter.
        """
        return _distinct(trace.leaf for trace in _carrying(self) if trace.operator == "atom")

    def missing(self) -> tuple[Reference, ...]:
        """Return the unanswered references an UNKNOWN result waits for, in order of appearance.

        Empty for a decided result, and for one that is UNKNOWN by division by zero alone.
        """
        if self.result is not UNKNOWN:
            return ()
        carrying = [trace.leaf for trace in _carrying(self) if trace.leaf is not None]
        return tuple(dict.fromkeys(name for leaf in carrying for name in leaf.missing))

    def flips(self) -> tuple[Flip, ...]:
        """Return a smallest set of changes that turns a true condition false, or a false one true.

        Ties go to the atoms that appear first. Empty when the result is UNKNOWN or no condition,
        and when no change of atoms can turn it.
        """
        if self.result is True:
            return _smallest_flips(self, False)
        if self.result is False:
            return _smallest_flips(self, True)
        return ()


# A tuple's own constructor: the named one is Python code and takes two to three times as long,
# which would be most of the time of a full trace.
_new: Final = tuple.__new__


def leaf(
    operator: Operator,
    shape: AtomShape,
    left: Value,
    right: Value | None,
    result: Value,
    missing: tuple[Reference, ...] = (),
) -> Trace:
    """Return the trace of an atom, or of a formula without conditions (``value``)."""
    return _new(Trace, (operator, result, (), _new(Atom, (shape, left, right, result, missing))))


def branch(operator: Operator, result: Value, children: tuple[Trace, ...]) -> Trace:
    """Return the trace of an ``and``, ``or``, ``not`` or ``if``."""
    return _new(Trace, (operator, result, children, None))


def _distinct(leaves: Iterator[Atom | None]) -> tuple[Atom, ...]:
    by_number = {leaf.shape.number: leaf for leaf in leaves if leaf is not None}
    return tuple(by_number[number] for number in sorted(by_number))


def _leaves(trace: Trace) -> Iterator[Trace]:
    if trace.leaf is not None:
        yield trace
    for child in trace.children:
        yield from _leaves(child)


def _carrying(trace: Trace) -> Iterator[Trace]:
    """Yield the leaves that make the result of ``trace`` what it is."""
    if trace.leaf is not None:
        yield trace
    for child in _carrying_children(trace):
        yield from _carrying(child)


def _carrying_children(trace: Trace) -> tuple[Trace, ...]:
    if trace.operator == "if":
        then, condition, otherwise = trace.children
        if condition.result is UNKNOWN:
            return (condition,)
        chosen = then if condition.result is True else otherwise
        return (chosen,) if chosen.result is UNKNOWN else (condition, chosen)
    unanimous = {"and": True, "or": False}.get(trace.operator)
    if trace.result is unanimous or trace.operator == "not":
        return trace.children
    return tuple(child for child in trace.children if child.result is trace.result)


_Flips: TypeAlias = tuple[Flip, ...]


def _smallest_flips(trace: Trace, target: bool) -> _Flips:
    leaves = [child.leaf for child in _leaves(trace) if child.leaf is not None]
    numbers = [leaf.shape.number for leaf in leaves]
    cheapest = _cheapest_flips(trace, target)
    if len(set(numbers)) == len(numbers):
        return _in_order(cheapest or ())
    # An atom in several places changes in all of them at once, so the parts of the tree are no
    # longer independent and the cheapest choice in each part need not be right.
    found = _searched_flips(trace, target)
    if found is None and cheapest is not None and _turns(trace, cheapest, target):
        found = cheapest
    return _in_order(found or ())


def _turns(trace: Trace, flips: _Flips, target: bool) -> bool:
    return _result_with(trace, {flip.atom.shape.number: flip.becomes for flip in flips}) is target


def _in_order(flips: _Flips) -> _Flips:
    by_number = {flip.atom.shape.number: flip for flip in flips}
    return tuple(by_number[number] for number in sorted(by_number))


def _cost(flips: _Flips) -> tuple[int, list[int]]:
    return len(flips), sorted(flip.atom.shape.number for flip in flips)


def _cheapest_flips(trace: Trace, target: bool) -> _Flips | None:
    """Return the fewest changes that make ``trace`` the target, part by part; None if none can."""
    if trace.result is target:
        return ()
    if trace.leaf is not None:
        return (Flip(trace.leaf, target),) if trace.leaf.references else None
    if trace.operator == "not":
        return _cheapest_flips(trace.children[0], not target)
    if trace.operator == "if":
        then, condition, otherwise = trace.children
        options = [
            _all_flips([(then, target), (condition, True)]),
            _all_flips([(condition, False), (otherwise, target)]),
        ]
    elif (trace.operator == "and") is target:
        options = [_all_flips([(child, target) for child in trace.children])]
    else:
        options = [_cheapest_flips(child, target) for child in trace.children]
    return min((option for option in options if option is not None), key=_cost, default=None)


def _all_flips(wanted: list[tuple[Trace, bool]]) -> _Flips | None:
    together: list[Flip] = []
    for trace, target in wanted:
        flips = _cheapest_flips(trace, target)
        if flips is None:
            return None
        together.extend(flips)
    return tuple(together)


def _searched_flips(trace: Trace, target: bool) -> _Flips | None:
    """Try all sets of changes, the smallest first, within the budget."""
    changeable = [atom for atom in trace.atoms() if atom.references]
    tried = 0
    for size in range(1, len(changeable) + 1):
        for atoms in combinations(changeable, size):
            for results in product(*(_other_results(atom) for atom in atoms)):
                tried += 1
                if tried > SEARCH_BUDGET:
                    return None
                flips = tuple(map(Flip, atoms, results))
                if _turns(trace, flips, target):
                    return flips
    return None


def _other_results(atom: Atom) -> tuple[bool, ...]:
    return (True, False) if atom.result is UNKNOWN else (not atom.result,)


def _result_with(trace: Trace, results: Mapping[int, bool]) -> Value:
    """Return the result of a condition with the results of some atoms replaced."""
    if trace.leaf is not None:
        number, result = trace.leaf.shape.number, trace.leaf.result
        return results.get(number, result)
    children = [_result_with(child, results) for child in trace.children]
    match trace.operator:
        case "and":
            return conjunction(children)
        case "or":
            return disjunction(children)
        case "not":
            return negated(children[0])
        case _:
            then, condition, otherwise = children
            if condition is UNKNOWN:
                return UNKNOWN
            return then if condition else otherwise
