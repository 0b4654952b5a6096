"""What work in a child process may use."""

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one child may use; whatever goes over is stopped.

    The defaults suit a short document. A report of 100 pages takes 25 to 60 s and 500 MB.
    """

    wall_seconds: float = 60
    """From start to result, by the clock."""
    cpu_seconds: int = 60
    """Processor time of the child itself."""
    memory_bytes: int = 1536 * MEGABYTE
    """Memory it may write to; files it maps to read, such as fonts, do not count."""
    file_bytes: int = 64 * MEGABYTE
    """Size of any one file it writes."""
    result_bytes: int = 20 * MEGABYTE
    """Size of what it hands back."""
    pages: int = 300
    """Pages of a document, where it makes one and counts them with ``Reporter.count_pages``."""
