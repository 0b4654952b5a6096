"""The nearest number at which something becomes true, on a grid of whole steps."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

Direction = Literal[1, -1]


@dataclass(frozen=True, slots=True)
class Grid:
    """The multiples of ``step`` from ``low`` to ``high``."""

    low: Fraction
    high: Fraction
    step: Fraction


def nearest(
    holds: Callable[[Fraction], bool],
    start: Fraction,
    grid: Grid,
    turns: Iterable[Fraction],
    *,
    anywhere: bool,
) -> Iterator[Fraction]:
    """Yield the nearest number above ``start`` at which ``holds``, and the nearest one below.

    ``turns`` are numbers at which the answer may change; between them it must be constant. With
    ``anywhere`` it may also change once between two of a row of ever wider steps.
    """
    numbers = list(turns)
    for direction in _DIRECTIONS:
        found = _outward(holds, start, grid, numbers, direction, anywhere)
        if found is not None:
            yield found


_DIRECTIONS: tuple[Direction, Direction] = (1, -1)


def _outward(
    holds: Callable[[Fraction], bool],
    start: Fraction,
    grid: Grid,
    turns: list[Fraction],
    direction: Direction,
    anywhere: bool,
) -> Fraction | None:
    step = grid.step
    first = floor(start / step) + 1 if direction == 1 else ceil(start / step) - 1
    last = floor(grid.high / step) if direction == 1 else ceil(grid.low / step)
    if (last - first) * direction < 0:
        return None
    places = {first, last}
    for turn in turns:
        near = floor(turn / step)
        places.update((near - 1, near, near + 1))
    if anywhere:
        width = 1
        while width <= abs(last - first):
            places.add(first + direction * width)
            width *= 2
    low, high = min(first, last), max(first, last)
    inside = sorted((place for place in places if low <= place <= high), reverse=direction == -1)
    before: int | None = None
    for place in inside:
        if holds(place * step):
            return step * (place if before is None else _bisect(holds, step, before, place))
        before = place
    return None


def _bisect(holds: Callable[[Fraction], bool], step: Fraction, out: int, inside: int) -> int:
    """Return the place next to ``out`` at which it holds, where it turns once on the way."""
    while abs(inside - out) > 1:
        middle = (inside + out) // 2
        if holds(middle * step):
            inside = middle
        else:
            out = middle
    return inside
