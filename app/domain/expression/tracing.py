"""Tree to tracing closures: evaluate every atom, no short circuit, and keep what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from app.domain.expression.evaluation import (
    MIRRORED,
    Logic,
    Resolve,
    comparer,
    compiled,
    conjunction,
    constant,
    disjunction,
    limit_test,
    negated,
)
from app.domain.expression.syntax import COMPARISONS, Literal, Node, Operation, Read
from app.domain.expression.terms import UNKNOWN, Kind, Reference, Value
from app.domain.expression.trace import AtomShape, Operator, Threshold, Trace, branch, leaf

Tracer: TypeAlias = Callable[[Resolve], Trace]
Missing: TypeAlias = Callable[[Resolve], tuple[Reference, ...]]


class Tracing:
    """The tracing closures of one expression; equal atoms share one shape and number."""

    def __init__(self, root: Node) -> None:
        self._shapes: dict[Node, AtomShape] = {}
        self.run: Tracer = self._tracer(root)

    def atoms(self) -> tuple[AtomShape, ...]:
        """Return the different atoms of a condition, in order of appearance."""
        return tuple(shape for node, shape in self._shapes.items() if node.kind is Kind.FLAG)

    def _tracer(self, node: Node) -> Tracer:
        if isinstance(node, Operation):
            match node.operator:
                case "and" | "or" | "not":
                    return self._logical(node)
                case "if":
                    return self._choice(node)
                case sign if sign in COMPARISONS:
                    return self._comparison(node)
        return self._plain(node)

    def _children(self, node: Operation) -> tuple[Tracer, ...]:
        return tuple(self._tracer(operand) for operand in node.operands)

    def _logical(self, node: Operation) -> Tracer:
        word, combine = _LOGIC[node.operator]
        tracers = self._children(node)

        def logical(resolve: Resolve) -> Trace:
            children = tuple([tracer(resolve) for tracer in tracers])
            return branch(word, combine([child.result for child in children]), children)

        return logical

    def _choice(self, node: Operation) -> Tracer:
        tracers = self._children(node)

        def choice(resolve: Resolve) -> Trace:
            children = tuple([tracer(resolve) for tracer in tracers])
            then, condition, otherwise = (child.result for child in children)
            if condition is UNKNOWN:
                return branch("if", UNKNOWN, children)
            return branch("if", then if condition is True else otherwise, children)

        return choice

    def _comparison(self, node: Operation) -> Tracer:
        moving, fixed = node.operands
        limit = constant(fixed)
        if limit is not UNKNOWN:
            return self._against_limit(node, moving, limit)
        shape, missing = self._shape(node), _missing(node)
        left, right = compiled(moving), compiled(fixed)
        compare = comparer(node.operator, moving.kind)

        def comparison(resolve: Resolve) -> Trace:
            a, b = left(resolve), right(resolve)
            if a is UNKNOWN or b is UNKNOWN:
                return leaf("atom", shape, a, b, UNKNOWN, missing(resolve))
            return leaf("atom", shape, a, b, compare(a, b))

        return comparison

    def _against_limit(self, node: Operation, moving: Node, limit: Value) -> Tracer:
        shape, missing = self._shape(node), _missing(node)
        read, holds = compiled(moving), limit_test(node.operator, limit)

        def against_limit(resolve: Resolve) -> Trace:
            value = read(resolve)
            if value is UNKNOWN:
                return leaf("atom", shape, UNKNOWN, limit, UNKNOWN, missing(resolve))
            return leaf("atom", shape, value, limit, holds(value))

        return against_limit

    def _plain(self, node: Node) -> Tracer:
        shape, missing, run = self._shape(node), _missing(node), compiled(node)
        operator: Operator = "atom" if node.kind is Kind.FLAG else "value"

        def plain(resolve: Resolve) -> Trace:
            value = run(resolve)
            needed = missing(resolve) if value is UNKNOWN else ()
            return leaf(operator, shape, value, None, value, needed)

        return plain

    def _shape(self, node: Node) -> AtomShape:
        shape = self._shapes.get(node)
        if shape is None:
            shape = self._shapes[node] = _shaped(node, len(self._shapes))
        return shape


_LOGIC: dict[str, tuple[Operator, Callable[[list[Value]], Logic]]] = {
    "and": ("and", conjunction),
    "or": ("or", disjunction),
    "not": ("not", lambda results: negated(results[0])),
}


def _shaped(node: Node, number: int) -> AtomShape:
    names = node.references
    if isinstance(node, Operation) and node.operator in COMPARISONS:
        left, right = node.operands
        return AtomShape(
            number=number,
            source=node.text,
            offset=node.offset,
            left=left.text,
            operator=node.operator,
            right=right.text,
            references=names,
            threshold=_threshold(node.operator, left, right),
        )
    return AtomShape(number, node.text, node.offset, node.text, None, None, names, None)


def _threshold(sign: str, left: Node, right: Node) -> Threshold | None:
    left_names, right_names = left.references, right.references
    if left_names and not right_names:
        return Threshold("left", left.text, left_names, sign, constant(right))
    if right_names and not left_names:
        return Threshold("right", right.text, right_names, MIRRORED[sign], constant(left))
    return None


def _missing(node: Node) -> Missing:
    """Return a function telling which references keep ``node`` UNKNOWN, once it is UNKNOWN."""
    if not _is_selective(node):
        names = node.references
        return lambda resolve: tuple([name for name in names if resolve(name) is UNKNOWN])
    return lambda resolve: tuple(dict.fromkeys(_needed(node, resolve)))


def _is_selective(node: Node) -> bool:
    """Tell whether some part of ``node`` can be done without although it is UNKNOWN."""
    if not isinstance(node, Operation):
        return False
    if node.operator in ("and", "or", "if", "known"):
        return True
    return any(_is_selective(operand) for operand in node.operands)


def _needed(node: Node, resolve: Resolve) -> list[Reference]:
    if isinstance(node, Literal) or compiled(node)(resolve) is not UNKNOWN:
        return []
    if isinstance(node, Read):
        return [node.reference]
    operands = node.operands
    if node.operator == "if":
        then, condition, otherwise = operands
        chosen = compiled(condition)(resolve)
        operands = (condition,) if chosen is UNKNOWN else (then if chosen else otherwise,)
    return [name for operand in operands for name in _needed(operand, resolve)]
