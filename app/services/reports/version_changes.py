"""What differs between two versions of a report, counted from what each was made from."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from app.domain.response import Answer, Assessment

FIELDS: Final = (
    "answers_new",
    "answers_changed",
    "answers_gone",
    "facts",
    "adjudications",
    "decisions",
    "plan",
    "client",
    "day",
    "brand",
    "language",
    "model",
)
"""What can differ, in the order it is told. Counts, or 1 for what is one thing."""


def assessment_changes(before: Assessment, after: Assessment) -> dict[str, int]:
    """Count what differs between two assessments; what is equal is left out."""
    old, new = dict(_answers(before)), dict(_answers(after))
    counted = {
        "answers_new": len(new.keys() - old.keys()),
        "answers_changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        "answers_gone": len(old.keys() - new.keys()),
        "facts": _differing(before.facts, after.facts),
        "adjudications": _differing(before.adjudications, after.adjudications),
        "decisions": _differing(before.decisions, after.decisions),
        "plan": int(before.controls != after.controls),
        "client": int(before.client != after.client),
    }
    return {name: count for name, count in counted.items() if count}


def _answers(assessment: Assessment) -> Iterator[tuple[Hashable, Answer]]:
    for person in assessment.respondents:
        for question, answer in person.answers.items():
            yield (person.role, person.label, question), answer


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Return how many keys hold something else, or are there in one of the two alone."""
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
