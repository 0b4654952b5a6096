"""The tree of a parsed expression: literals, references and operations, each with its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from app.domain.expression.terms import Kind, Reference

COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Part:
    """What every part of the tree has.

    ``text`` is the part's source text and ``offset`` its 0-based column; neither counts when two
    parts are compared, so the same condition written twice is equal to itself. ``references`` are
    those below the part, each once, in order of appearance.
    """

    kind: Kind
    text: str = field(compare=False)
    offset: int = field(compare=False)
    references: tuple[Reference, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Part):
    """A number, text, true or false written in the source."""

    value: Fraction | bool | str


@dataclass(frozen=True, slots=True)
class Read(Part):
    """A reference to something of the model."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Operation(Part):
    """An operator or value function with its operands in source order.

    ``operator`` is one of ``and or not``, a comparison, ``+ - * /``, ``negate``, ``if`` (operands:
    then, condition, otherwise) or the name of a value function. A chained comparison is an
    ``and`` of its single comparisons.
    """

    operator: str
    operands: tuple[Node, ...]


Node: TypeAlias = Literal | Read | Operation


def operation(
    kind: Kind, text: str, offset: int, operator: str, operands: tuple[Node, ...]
) -> Operation:
    """Return the operation with the references of its operands gathered."""
    names = dict.fromkeys(name for operand in operands for name in operand.references)
    return Operation(kind, text, offset, tuple(names), operator, operands)
