"""How long each part of an interview took, read from when its answers were saved.

Nobody presses a clock in an interview: the time from one save to the next was spent on what the
next one answers. A longer silence is a break and counts for nothing.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

BREAK: Final = timedelta(minutes=20)
"""From this long on nobody was answering."""

Part = TypeVar("Part", bound=Hashable)


def time_spent(begun: datetime, saves: Iterable[tuple[Part, datetime]]) -> Mapping[Part, timedelta]:
    """Return the time spent on each part that has a save, by part.

    ``saves`` are the parts saved in and when, oldest first; the first counts from ``begun``.
    """
    spent: dict[Part, timedelta] = {}
    last = begun
    for part, at in saves:
        pause = max(at - last, timedelta(0))
        spent[part] = spent.get(part, timedelta(0)) + (pause if pause < BREAK else timedelta(0))
        last = max(last, at)
    return spent
