"""Where labels go so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence


def spread(
    wanted: Sequence[float], sizes: Sequence[float], gap: float, low: float, high: float
) -> list[float]:
    """Move labels along one axis just enough that they do not overlap.

    ``wanted`` are the centres the labels would like, ``sizes`` their extents along the axis;
    the result holds the centres, in the order given. Neighbours keep ``gap`` between them and the
    order along the axis is that of ``wanted``. All labels stay inside ``low``–``high`` if they
    fit there at all; if not, they start at ``low`` and pass ``high``.
    The displacement is the least-squares one (pool adjacent violators).
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    offsets: list[float] = []
    reach = 0.0
    for place, index in enumerate(order):
        if place:
            reach += sizes[order[place - 1]] / 2 + gap + sizes[index] / 2
        offsets.append(reach)
    pools: list[tuple[float, int]] = []  # mean of the free position, number of labels in the pool
    for place, index in enumerate(order):
        mean, count = wanted[index] - offsets[place], 1
        while pools and pools[-1][0] >= mean:
            earlier, members = pools.pop()
            mean = (earlier * members + mean * count) / (members + count)
            count += members
        pools.append((mean, count))
    centres = [0.0] * len(wanted)
    if not order:
        return centres
    least = low + sizes[order[0]] / 2
    most = max(high - sizes[order[-1]] / 2 - reach, least)
    flat = [mean for mean, count in pools for _ in range(count)]
    for place, index in enumerate(order):
        centres[index] = min(max(flat[place], least), most) + offsets[place]
    return centres


def staircase(starts: Sequence[float], widths: Sequence[float], gap: float) -> list[int]:
    """Give each label that begins at its own leader line a lane, 0 the nearest.

    ``starts`` ascend; a label runs to the right of its leader, which comes down from lane 0. A
    label therefore lies below every lane that a leader inside its extent reaches.
    """
    lanes = [0] * len(starts)
    for index in range(len(starts) - 1, -1, -1):
        end = starts[index] + widths[index] + gap
        passing = [lanes[k] for k in range(index + 1, len(starts)) if starts[k] < end]
        lanes[index] = max(passing, default=-1) + 1
    return lanes


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Return round tick values (steps of 1, 2, 2.5 or 5) that enclose ``low``–``high``."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    raw = (high - low) / max(count - 1, 1)
    power = 1.0
    while power * 10 <= raw:
        power *= 10
    while power > raw:
        power /= 10
    step = next((power * k for k in (1.0, 2.0, 2.5, 5.0, 10.0) if power * k >= raw * 0.999), power)
    first = int(low // step)
    ticks = [first * step]
    while ticks[-1] < high - step * 1e-6:
        ticks.append((first + len(ticks)) * step)
    return ticks
