"""What an index stands on, said wherever it is first seen: a few answers make an index as well."""

from dataclasses import dataclass

from app.domain.diagnosis import Diagnosis
from app.reporting.context.method_evidence import CHECKED_FROM


@dataclass(frozen=True, slots=True)
class Footing:
    """The index comes from ``rated`` of the ``asked`` areas; ``claimed``: nobody checked a word."""

    asked: int
    rated: int
    claimed: bool

    @property
    def partial(self) -> bool:
        """Whether there is an index that leaves areas out."""
        return 0 < self.rated < self.asked


def footing_of(diagnosis: Diagnosis) -> Footing:
    """Return what the index of a diagnosis stands on."""
    areas = [area for area in diagnosis.scorecard.areas.values() if area.asked]
    given = [
        answer
        for person in diagnosis.assessment.respondents
        for answer in person.answers.values()
        if answer.value is not None
    ]
    return Footing(
        asked=len(areas),
        rated=sum(area.score is not None for area in areas),
        claimed=bool(given) and all(answer.evidence < CHECKED_FROM for answer in given),
    )
