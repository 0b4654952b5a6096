"""Mistakes of authors and interviewers: where they stand and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. ``line`` and ``column`` count from 1; 0 means the file as a whole.

    ``subject`` is the id of the item concerned (may be empty), ``message`` says what is wrong and
    what is permitted.
    """

    file: str
    line: int
    column: int
    subject: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.subject + ': ' if self.subject else ''}{self.message}"


class ContentError(Exception):
    """All mistakes found in one reading, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
