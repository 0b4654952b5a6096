"""What the portfolio shows of an engagement, kept so that its lists need no diagnosis.

Ids and numbers alone; the language does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, cast

from app.domain.adoption import Advised, Ruling, advised
from app.domain.diagnosis import Diagnosis
from app.domain.portfolio import ClientStanding, Limiting, LimitingFactor, standing


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an engagement's client stood, and what it was advised; None where not rated."""

    archetype: str | None
    as_of: date
    stage: str | None
    limiting: LimitingFactor | None
    dimensions: Mapping[str, Fraction | None]
    advice: tuple[Advised, ...]


def standing_of(diagnosis: Diagnosis, *, decided: bool) -> Standing:
    """Return what is kept of a diagnosis; ``decided`` says that its plan was decided."""
    found = standing("", diagnosis, shares=False)
    roadmap = diagnosis.plan.roadmap if decided else None
    return Standing(
        archetype=found.archetype,
        as_of=found.as_of,
        stage=found.stage,
        limiting=found.limiting,
        dimensions=found.dimensions,
        advice=advised(
            diagnosis,
            diagnosis.plan if decided else None,
            roadmap.tasks if roadmap is not None else (),
        ),
    )


def client_standing(
    client: str,
    kept: Standing,
    index: Fraction | None,
    level: int | None,
    *,
    shares: bool,
    previous: Fraction | None,
    rounds: int,
) -> ClientStanding:
    """Return where a client stands, from what was kept of its newest engagement."""
    return ClientStanding(
        client=client,
        archetype=kept.archetype,
        as_of=kept.as_of,
        index=index,
        level=level,
        stage=kept.stage,
        limiting=kept.limiting,
        dimensions=kept.dimensions,
        shares=shares,
        previous=previous,
        rounds=rounds,
    )


def standing_from(document: Mapping[str, Any]) -> Standing:
    """Return what was written as JSON: fractions as "36/5", days in ISO 8601."""
    limiting = document["limiting"]
    return Standing(
        archetype=document["archetype"],
        as_of=date.fromisoformat(document["as_of"]),
        stage=document["stage"],
        limiting=_limiting(limiting) if limiting is not None else None,
        dimensions={
            name: None if score is None else Fraction(score)
            for name, score in document["dimensions"].items()
        },
        advice=tuple(_advised(one) for one in document["advice"]),
    )


def _limiting(given: Mapping[str, Any]) -> LimitingFactor:
    gain = given["gain"]
    return LimitingFactor(
        cast(Limiting, given["kind"]),
        given["id"],
        tuple(given["through"]),
        None if gain is None else Fraction(gain),
    )


def _advised(given: Mapping[str, Any]) -> Advised:
    opens = given["opens"]
    return Advised(
        given["rule"],
        cast(Ruling, given["ruling"]),
        given["planned"],
        None if opens is None else date.fromisoformat(opens),
    )
