"""Tree to closures: exact arithmetic and three-valued (Kleene) logic.

A part is UNKNOWN when an input it cannot do without is UNKNOWN, or when it divides by zero;
``false and UNKNOWN`` is false, ``true or UNKNOWN`` is true. A conditional whose condition is
UNKNOWN is UNKNOWN. Reference: S. C. Kleene, Introduction to Metamathematics (1952), § 64.
"""

from __future__ import annotations

import math
import operator as host
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from app.domain.expression.syntax import COMPARISONS, Literal, Node, Operation, Read
from app.domain.expression.terms import (
    UNKNOWN,
    ExpressionError,
    Kind,
    Reading,
    Reference,
    Unknown,
    Value,
)

Resolve: TypeAlias = Callable[[Reference], Reading]
Run: TypeAlias = Callable[[Resolve], Value]

Logic: TypeAlias = bool | Unknown
FlagRun: TypeAlias = Callable[[Resolve], Logic]
NumberRun: TypeAlias = Callable[[Resolve], Fraction | Unknown]

# Any: the two sides are of one kind (checked by the parser), but that kind varies.
Compare: TypeAlias = Callable[[Any, Any], bool]

_COMPARE: Final[dict[str, Compare]] = {
    "==": host.eq,
    "!=": host.ne,
    "<": host.lt,
    "<=": host.le,
    ">": host.gt,
    ">=": host.ge,
}

MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The comparison with its sides exchanged: ``10 <= x`` is ``x >= 10``."""


def compiled(node: Node) -> Run:
    """Return a function that evaluates ``node`` with the values of a resolver."""
    if isinstance(node, Literal):
        value = node.value
        return lambda _resolve: value
    if isinstance(node, Read):
        return _reading(node)
    if node.operator in COMPARISONS:
        return _comparison(node)
    return _BUILDERS.get(node.operator, _computation)(node)


def constant(node: Node) -> Value:
    """Return the value of a part that reads nothing, and UNKNOWN for one that reads something."""
    return UNKNOWN if node.references else compiled(node)(_unanswered)


def _unanswered(_reference: Reference) -> Reading:
    return UNKNOWN


def misfit(node: Read, value: object) -> ExpressionError:
    """Return the error for a resolver's ``value`` that is not of the declared kind."""
    return ExpressionError(
        f"'{node.text}' should be {node.kind.phrase}, but its value is {value!r}", node.offset
    )


@lru_cache(maxsize=1_024)
def _whole(value: int) -> Fraction:
    # Levels and counts are few and small; making a Fraction takes longer than the comparison.
    return Fraction(value)


def _reading(node: Read) -> Run:
    reference = node.reference
    if node.kind is Kind.NUMBER:

        def number(resolve: Resolve) -> Value:
            value = resolve(reference)
            if type(value) is Fraction or value is UNKNOWN:
                return value
            if type(value) is int:
                return _whole(value)
            raise misfit(node, value)

        return number

    expected = bool if node.kind is Kind.FLAG else str

    def plain(resolve: Resolve) -> Value:
        value = resolve(reference)
        if isinstance(value, expected) or value is UNKNOWN:
            return value
        raise misfit(node, value)

    return plain


def _flag(node: Node) -> FlagRun:
    return cast(FlagRun, compiled(node))


def _number(node: Node) -> NumberRun:
    return cast(NumberRun, compiled(node))


def _comparison(node: Operation) -> Run:
    left, right = node.operands
    for moving, fixed, sign in (
        (left, right, node.operator),
        (right, left, MIRRORED[node.operator]),
    ):
        limit = constant(fixed)
        if isinstance(moving, Read) and isinstance(limit, Fraction):
            return _against_limit(moving, sign, limit)
    compare = comparer(node.operator, left.kind)
    left_run, right_run = compiled(left), compiled(right)

    def comparison(resolve: Resolve) -> Value:
        a = left_run(resolve)
        if a is UNKNOWN:
            return UNKNOWN
        b = right_run(resolve)
        if b is UNKNOWN:
            return UNKNOWN
        return compare(a, b)

    return comparison


def comparer(sign: str, kind: Kind) -> Compare:
    """Return the function that compares two known values of ``kind``."""
    compare = _COMPARE[sign]
    if kind is not Kind.NUMBER:
        return compare

    # Cross-multiplied whole numbers are exact and three times as fast as comparing two Fractions;
    # a denominator is never negative.
    def compare_exactly(a: Fraction, b: Fraction) -> bool:
        return compare(a.numerator * b.denominator, b.numerator * a.denominator)

    return compare_exactly


def limit_test(sign: str, limit: Value) -> Callable[[Any], bool]:
    """Return the function that compares a known value with a constant of the same kind."""
    compare = _COMPARE[sign]
    if not isinstance(limit, Fraction):
        return lambda value: compare(value, limit)
    numerator, denominator = limit.numerator, limit.denominator
    return lambda value: compare(value.numerator * denominator, numerator * value.denominator)


def _against_limit(node: Read, sign: str, limit: Fraction) -> Run:
    # The commonest condition by far, so in one step: read, check and cross-multiply.
    reference, compare = node.reference, _COMPARE[sign]
    numerator, denominator = limit.numerator, limit.denominator

    def against_limit(resolve: Resolve) -> Value:
        value = resolve(reference)
        if type(value) is Fraction or type(value) is int:
            return compare(value.numerator * denominator, numerator * value.denominator)
        if value is UNKNOWN:
            return UNKNOWN
        raise misfit(node, value)

    return against_limit


def negated(value: Value) -> Logic:
    """Kleene's ``not`` of a condition's value."""
    return UNKNOWN if value is UNKNOWN else not value


def conjunction(values: Sequence[Value]) -> Logic:
    """Kleene's ``and``: false if one is false, else UNKNOWN if one is UNKNOWN, else true."""
    if False in values:
        return False
    return UNKNOWN if UNKNOWN in values else True


def disjunction(values: Sequence[Value]) -> Logic:
    """Kleene's ``or``: true if one is true, else UNKNOWN if one is UNKNOWN, else false."""
    if True in values:
        return True
    return UNKNOWN if UNKNOWN in values else False


def _negation(node: Operation) -> Run:
    run = _flag(node.operands[0])
    return lambda resolve: negated(run(resolve))


def _junction(node: Operation) -> Run:
    runs = tuple(_flag(operand) for operand in node.operands)
    decides = node.operator == "or"  # the value that settles the whole at once

    def junction(resolve: Resolve) -> Value:
        unknown = False
        for run in runs:
            value = run(resolve)
            if value is decides:
                return decides
            if value is UNKNOWN:
                unknown = True
        return UNKNOWN if unknown else not decides

    return junction


def _choice(node: Operation) -> Run:
    then, otherwise = compiled(node.operands[0]), compiled(node.operands[2])
    condition = _flag(node.operands[1])

    def choice(resolve: Resolve) -> Value:
        chosen = condition(resolve)
        if chosen is UNKNOWN:
            return UNKNOWN
        return then(resolve) if chosen else otherwise(resolve)

    return choice


def _known(node: Operation) -> Run:
    run = compiled(node.operands[0])
    return lambda resolve: run(resolve) is not UNKNOWN


def _computation(node: Operation) -> Run:
    compute = _COMPUTE[node.operator]
    runs = tuple(_number(operand) for operand in node.operands)

    def computation(resolve: Resolve) -> Value:
        numbers: list[Fraction] = []
        for run in runs:
            number = run(resolve)
            if number is UNKNOWN:
                return UNKNOWN
            numbers.append(number)
        return compute(*numbers)

    return computation


def _quotient(dividend: Fraction, divisor: Fraction) -> Fraction | Unknown:
    return dividend / divisor if divisor else UNKNOWN


def _mean(*numbers: Fraction) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def _clamp(number: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(number, high))


_BUILDERS: Final[dict[str, Callable[[Operation], Run]]] = {
    "and": _junction,
    "or": _junction,
    "not": _negation,
    "if": _choice,
    "known": _known,
}

# Each takes one Fraction per operand.
_COMPUTE: Final[dict[str, Callable[..., Fraction | Unknown]]] = {
    "+": host.add,
    "-": host.sub,
    "*": host.mul,
    "/": _quotient,
    "negate": host.neg,
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
    "mean": _mean,
    "clamp": _clamp,
    "floor": lambda number: Fraction(math.floor(number)),
    "ceil": lambda number: Fraction(math.ceil(number)),
}
