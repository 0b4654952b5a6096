"""The terms of the expression language: values, kinds, references and the errors it tells.

Every number is an exact ``Fraction``; an unanswered input is the singleton ``UNKNOWN``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple, NoReturn, Protocol, TypeAlias

MAX_SOURCE: Final = 1_000
"""Longest source text, in characters."""

MAX_DEPTH: Final = 30
"""Deepest nesting of one part inside another."""

MAX_NODES: Final = 200
"""Most parts (names, literals, operations) of one expression.

The language has no loops and each part is evaluated at most twice (the middle of a chained
comparison), so this is also the step limit of an evaluation.
"""


class ExpressionError(ValueError):
    """An expression that cannot be read, or an input of a kind the expression cannot use.

    ``offset`` is the 0-based column in the source; ``message`` says what is allowed there.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset

    def __str__(self) -> str:
        return self.message


class Unknown(Enum):
    """The type of ``UNKNOWN``: the value of an input nobody has answered."""

    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        """Refuse to be read as true or false: that would turn "unanswered" into "no"."""
        raise TypeError("UNKNOWN is neither true nor false; compare with `is UNKNOWN`")

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

Value: TypeAlias = Fraction | bool | str | Unknown
"""What an expression or one of its parts evaluates to."""

Reading: TypeAlias = Fraction | int | str | Unknown
"""What a resolver may give: ``int`` (levels, counts) is accepted besides ``Fraction``."""


class Kind(Enum):
    """The kind of a value, known for every part before anything is evaluated."""

    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"

    @property
    def phrase(self) -> str:
        """The kind in the words of an error message."""
        return _PHRASES[self]


_PHRASES: Final = {
    Kind.NUMBER: "a number",
    Kind.FLAG: "a condition (true or false)",
    Kind.TEXT: "a text",
}


class Reference(NamedTuple):
    """One thing of the model an expression reads.

    ``level(replication)`` is ``Reference("level", ("replication",))``; a bare name such as
    ``stores`` is ``Reference("name", ("stores",))``. Arguments are spelt as in the source, with
    underscores. A tuple underneath, because resolvers look it up in dictionaries all the time.
    """

    function: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        if self.function == BARE_NAME:
            return self.arguments[0]
        return f"{self.function}({', '.join(self.arguments)})"


BARE_NAME: Final = "name"
"""The ``function`` of the reference that a bare name makes."""


class Vocabulary(Protocol):
    """The names an expression may use; implemented over a maturity model."""

    def kind_of(self, reference: Reference) -> Kind | None:
        """Return the kind of what the reference names, or None when there is no such thing."""

    def suggestions(self, reference: Reference) -> Sequence[str]:
        """Return the nearest existing spellings for an unknown reference, best first."""


class Resolver(Protocol):
    """The values of one assessment."""

    def resolve(self, reference: Reference) -> Reading:
        """Return the value, of the kind the vocabulary declared, or ``UNKNOWN``."""


REFERENCE_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "level": (1, 1),
        "score": (1, 1),
        "value": (1, 1),
        "has": (2, 2),
        "count": (1, 1),
        "share": (2, 30),
        "gap": (1, 1),
        "confidence": (1, 1),
    }
)
"""Functions whose arguments name things of the model: (fewest, most) arguments."""

VALUE_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "min": (1, 30),
        "max": (1, 30),
        "mean": (1, 30),
        "clamp": (3, 3),
        "floor": (1, 1),
        "ceil": (1, 1),
        "known": (1, 1),
    }
)
"""Functions whose arguments are expressions: (fewest, most) arguments."""
