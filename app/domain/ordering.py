"""Order by prerequisites: cycles, and a topological order that respects a preference."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def cycle(requires: Mapping[str, Iterable[str]]) -> list[str]:
    """Return one cycle of a "requires" relation as a list of ids (first = last), or []."""
    done: set[str] = set()
    for start in sorted(requires):
        if start in done:
            continue
        trail: list[str] = []
        stack: list[tuple[str, list[str]]] = [(start, sorted(requires.get(start, ())))]
        trail.append(start)
        while stack:
            node, rest = stack[-1]
            if not rest:
                stack.pop()
                trail.pop()
                done.add(node)
                continue
            following = rest.pop(0)
            if following in trail:
                return [*trail[trail.index(following) :], following]
            if following not in done:
                trail.append(following)
                stack.append((following, sorted(requires.get(following, ()))))
    return []


def ordered(
    items: Iterable[str],
    requires: Mapping[str, Iterable[str]],
    preference: Callable[[str], Any],
) -> list[str]:
    """Return ``items`` so that each follows what it requires (as far as present in ``items``).

    Among those that are free, the one with the smallest ``preference`` comes first. The relation
    must have no cycle.
    """
    left = set(items)
    result: list[str] = []
    while left:
        free = [item for item in left if not left.intersection(requires.get(item, ()))]
        following = min(free, key=lambda item: (preference(item), item))
        result.append(following)
        left.remove(following)
    return result


def acyclic(requires: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Drop what would close a circle: bundles may need each other's parts though SOPs do not."""
    kept: dict[str, set[str]] = {name: set() for name in requires}

    def reaches(origin: str, goal: str) -> bool:
        return origin == goal or any(reaches(step, goal) for step in kept[origin])

    for name in sorted(requires):
        for needed in sorted(requires[name]):
            if not reaches(needed, name):
                kept[name].add(needed)
    return kept
