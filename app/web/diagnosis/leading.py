"""Where the numbers of a diagnosis lead: one address for every kind of thing."""

from collections.abc import Callable
from typing import Final, TypeAlias

from flask import url_for

from app.forms.factory import input_name
from app.services.diagnosis.open_items import Asking
from app.services.diagnosis.reading import Reading, Target

Lead: TypeAlias = Callable[[Target], str]

_NAMED: Final = {
    "dimension": "dimension",
    "area": "area",
    "question": "question",
    "fact": "fact",
    "finding": "finding",
    "number": "number",
}
_SINGLE: Final = {
    "overall": "diagnosis.score",
    "stage": "diagnosis.stage",
    "perception": "diagnosis.perception",
}
SHEETS: Final = frozenset({"overall", "dimension", "area", "question", "fact", "number"})
"""What opens beside the page rather than instead of it."""
FACTS_PART: Final = "facts"


def leads(engagement: str) -> Lead:
    """Return the look-up of addresses inside one engagement."""

    def lead(target: Target) -> str:
        name = _NAMED.get(target.kind)
        if name is None:
            return url_for(_SINGLE[target.kind], engagement=engagement)
        return url_for(f"diagnosis.{name}", engagement=engagement, name=target.id)

    return lead


def place_to_ask(reading: Reading, asking: Asking) -> str:
    """Return the address of an item in the cockpit; the board where there is no interview yet."""
    engagement = reading.gathered.opened.engagement.id
    if not asking.response:
        return url_for("interview.board", engagement=engagement)
    item = reading.model.questions.get(asking.item) or reading.model.fact_parts[asking.item]
    return url_for(
        "interview.cockpit",
        engagement=engagement,
        response=asking.response,
        section=asking.section or FACTS_PART,
        everything=1 if asking.section else None,
        _anchor=input_name(item),
    )
