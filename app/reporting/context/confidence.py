"""How much the evidence behind an assessment carries, said the same way everywhere."""

from fractions import Fraction

from app.domain.diagnosis import Diagnosis
from app.domain.response import Confidence
from app.domain.scoring import confidence_word


def overall_trust(diagnosis: Diagnosis) -> Fraction | None:
    """Return the trust (0–1) behind the overall score; None where nothing is rated.

    Dimensions count as in the index: lens weight × weight in the lens, unrated ones left out.
    """
    card = diagnosis.scorecard
    lenses = {lens.id: Fraction(lens.weight) for lens in diagnosis.model.content.lenses}
    weighted = [
        (lenses[dimension.lens] * found.weight, found.trust)
        for dimension in diagnosis.model.content.dimensions
        if (found := card.dimensions[dimension.id]).score is not None
    ]
    total = sum((weight for weight, _ in weighted), Fraction(0))
    if not total:
        return None
    return sum((weight * trust for weight, trust in weighted), Fraction(0)) / total


def confidence_of(diagnosis: Diagnosis, trust: Fraction) -> Confidence:
    """Return the word for a trust; self-reported forms have one fixed word for everything."""
    form = diagnosis.model.forms[diagnosis.assessment.form]
    return form.confidence or confidence_word(diagnosis.model.content.rating, trust)


def is_self_reported(diagnosis: Diagnosis) -> bool:
    """Return whether the answers were given without anybody looking at evidence."""
    return diagnosis.model.forms[diagnosis.assessment.form].confidence is not None
