"""What a function at work in a child process may say to its parent."""

from dataclasses import dataclass

from app.jobs.errors import ChildSizeError
from app.jobs.frames import write_progress
from app.jobs.limits import Limits


@dataclass(frozen=True, slots=True)
class Reporter:
    """Handed to the function beside its argument."""

    limits: Limits
    descriptor: int
    """Where the words go."""

    def tell(self, step: str, number: int | None = None) -> None:
        """Tell the parent which step begins, and where it is countable, at which place it is."""
        write_progress(self.descriptor, step, number)

    def count_pages(self, pages: int) -> None:
        """Raise ``ChildSizeError``, which reaches the parent as such, for too many pages."""
        if pages > self.limits.pages:
            raise ChildSizeError("pages")
