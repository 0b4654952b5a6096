"""Runs two pieces of work in turn and reports the median of their ratios with its spread."""

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median ratio of two measured pieces of work, its spread, and the medians in seconds."""

    median: float
    low: float
    high: float
    rounds: int
    ours: float
    yardstick: float


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes, with garbage collected beforehand."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def ratio(ours: Callable[[], object], yardstick: Callable[[], object], rounds: int = 9) -> Ratio:
    """Run both in turn ``rounds`` times after one warm-up each."""
    ours()
    yardstick()
    return compared([(seconds(ours), seconds(yardstick)) for _ in range(rounds)])


def compared(times: Sequence[tuple[float, float]]) -> Ratio:
    """Return how the two figures of every round compare."""
    ratios = sorted(own / other for own, other in times)
    return Ratio(
        statistics.median(ratios),
        ratios[0],
        ratios[-1],
        len(times),
        statistics.median(own for own, _ in times),
        statistics.median(other for _, other in times),
    )


def report(title: str, measured: Ratio, must: float | None, dream: float | None) -> None:
    """Print one figure beside what it has to reach."""
    verdict = "" if must is None else ("  ok" if measured.median <= must else "  NOT REACHED")
    goals = "" if must is None else f"  must ≤ {must:g}" + (f", dream ≤ {dream:g}" if dream else "")
    print(
        f"{title}\n    ratio {measured.median:.3f} [{measured.low:.3f}–{measured.high:.3f}]"
        f" over {measured.rounds} rounds{goals}{verdict}\n"
        f"    ours {measured.ours * 1000:.2f} ms, yardstick {measured.yardstick * 1000:.2f} ms"
    )
