"""How work in a child process ends other than well."""

from typing import Literal, TypeAlias

Limit: TypeAlias = Literal["wall", "cpu", "memory", "pages", "result"]


class ChildError(Exception):
    """Work in a child process gave no result."""


class CancelledError(ChildError):
    """The work was called off while it ran; nothing of it is left."""


class ChildRefusedError(ChildError):
    """The function itself refused its argument; the message is its own, as text.

    The one error a function may raise in the child to speak to whoever called it.
    """


class ChildLimitError(ChildError):
    """The work went over a limit and was stopped; ``limit`` names it."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"the child went over its limit: {limit}")
        self.limit = limit


class ChildTimeoutError(ChildLimitError):
    """It took too long, by the clock (``wall``) or in processor time (``cpu``)."""


class ChildMemoryError(ChildLimitError):
    """It wanted more memory than it may have.

    Told as far as it can be seen: a library that turns a failed allocation into an error of its own
    makes it look like any other crash.
    """


class ChildSizeError(ChildLimitError):
    """What it made is too large: too many ``pages`` or a ``result`` of too many bytes."""


class ChildCrashedError(ChildError):
    """It broke: an unforeseen exception, a signal, or words that are not the protocol's.

    ``exit_code`` is the process's, negative for a signal, None where it was still alive.
    ``detail`` is a traceback or the end of its error output: for the log, as it may quote what the
    work was about.
    """

    def __init__(self, exit_code: int | None, detail: str) -> None:
        super().__init__(f"the child broke down (exit code {exit_code})")
        self.exit_code = exit_code
        self.detail = detail


def limit_error(limit: str) -> ChildLimitError | None:
    """Return the error for a limit that a child says it went over; None for unknown words."""
    match limit:
        case "memory":
            return ChildMemoryError("memory")
        case "pages" | "result":
            return ChildSizeError(limit)
    return None
