"""The records of a trail: a number, what it is made of, and what held it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.definitions.structure import Aggregation, EvidenceCode
from app.domain.expression import Atom
from app.domain.response import AnswerValue

TrailKind: TypeAlias = Literal[
    "overall",
    "lens",
    "dimension",
    "area",
    "question",
    "role",
    "answer",
    "adjudication",
    "computed",
    "fact",
]
BoundKind: TypeAlias = Literal[
    "gate", "critical-area", "gate-question", "missing", "evidence", "contradiction"
]


@dataclass(frozen=True, slots=True)
class Bound:
    """What held a number down.

    ``gate``: its id, and the areas or dimensions through which it binds; ``critical-area``: the
    areas; ``gate-question``: the question; ``missing``: the questions without an answer, too many
    to rate the area; ``evidence``: the grade an answer would need; ``contradiction``: the codes of
    those that lower the trust. ``ceiling`` is the level or score that remained; None where there
    is none, or only trust is lowered.
    """

    kind: BoundKind
    ids: tuple[str, ...]
    ceiling: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a leaf holds: an answer, a ruling or a fact as given. ``reason`` is a ruling's."""

    value: AnswerValue | None
    evidence: EvidenceCode
    label: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """One number and what it is made of.

    ``id`` is that of the thing (a respondent's role for an answer, whose label is in ``said``).
    ``value`` is on the scale, None where unknown; ``level`` what is printed and ``by_score`` what
    the score alone would give; ``trust`` 0–1, None where none is defined. Children whose ``share``
    is 0 do not count: they are unknown, or overruled, or their role was not meant to answer.
    """

    kind: TrailKind
    id: str
    value: Fraction | None
    weight: Fraction = Fraction(1)
    share: Fraction = Fraction(1)
    level: int | None = None
    by_score: int | None = None
    trust: Fraction | None = None
    bounds: tuple[Bound, ...] = ()
    said: Said | None = None
    children: tuple["Trail", ...] = ()

    @property
    def contribution(self) -> Fraction | None:
        """What it adds to its parent's value: share × value."""
        return None if self.value is None else self.share * self.value


@dataclass(frozen=True, slots=True)
class FindingLeaf:
    """One comparison of a rule's condition, and what it was read from.

    ``decisive`` where it carries the result. ``facts`` are ids of fact parts.
    """

    atom: Atom
    decisive: bool
    questions: tuple[str, ...]
    facts: tuple[str, ...]


Part: TypeAlias = tuple[str, Fraction, Fraction | None]
"""A child's id, its weight and its value."""


def shares_of(aggregation: Aggregation, parts: Sequence[Part]) -> Mapping[str, Fraction]:
    """Return what each part makes up of the combined value (see ``app.domain.scoring.combined``).

    The shares sum to 1, or to 0 where nothing is known; of a minimum the first lowest is all.
    """
    known = {name: (weight, value) for name, weight, value in parts if value is not None}
    shares = dict.fromkeys((name for name, _, _ in parts), Fraction(0))
    if aggregation == "minimum" and known:
        shares[min(known, key=lambda name: known[name][1])] = Fraction(1)
        return shares
    whole = sum((weight for weight, _ in known.values()), Fraction(0))
    if whole:
        shares |= {name: weight / whole for name, (weight, _) in known.items()}
    return shares
