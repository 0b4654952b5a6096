"""One answer as a person gives it: read and checked, not yet stored."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.definitions.structure import EvidenceCode
from app.domain.response import AnswerValue

AnswerKind: TypeAlias = Literal["given", "unknown", "cleared"]


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The answer to one question or fact part, with what stands beside it.

    ``value`` None is "don't know" where ``unknown``, else not answered (or taken back). A note may
    stand without a value. ``evidence`` None is not graded.
    """

    value: AnswerValue | None = None
    unknown: bool = False
    evidence: EvidenceCode | None = None
    note: str = ""
    quote: str = ""

    @property
    def kind(self) -> AnswerKind:
        """Whether there is a value, "don't know", or neither."""
        if self.unknown:
            return "unknown"
        return "cleared" if self.value is None else "given"
