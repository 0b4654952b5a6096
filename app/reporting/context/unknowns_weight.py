"""How much of the index rests on each question, and on which evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import EvidenceCode
from app.domain.diagnosis import Diagnosis
from app.domain.index_shares import index_shares
from app.domain.scoring import role_weight


@dataclass(frozen=True, slots=True)
class KnownShare:
    """How much of the picture there is; all shares are of the index, 0–1.

    ``answered`` is what has a score; ``by_grade`` splits it by evidence grade, weakest first;
    ``weak`` is the part of it that nobody has seen on paper or in a system.
    """

    answered: Fraction
    by_grade: Mapping[EvidenceCode, Fraction]
    weak: Fraction


def question_weights(diagnosis: Diagnosis) -> dict[str, Fraction]:
    """Return each asked scored question's share of the index (sum 1; empty if none is asked).

    See ``app.domain.index_shares``.
    """
    return index_shares(diagnosis.basis.world)


def known_share(diagnosis: Diagnosis) -> KnownShare:
    """Return how much of the index is answered, and by which evidence."""
    grades = [grade.code for grade in diagnosis.model.content.rating.evidence]
    by_grade = dict.fromkeys(grades, Fraction(0))
    answered = Fraction(0)
    for name, weight in question_weights(diagnosis).items():
        if diagnosis.questions[name].score is None:
            continue
        answered += weight
        for grade, share in evidence_of(diagnosis, diagnosis.model.questions[name]).items():
            by_grade[grade] += weight * share
    seen = diagnosis.model.content.rating.yes_evidence
    weak = sum((share for grade, share in by_grade.items() if grade < seen), Fraction(0))
    return KnownShare(answered, by_grade, weak)


def evidence_of(diagnosis: Diagnosis, question: Question) -> dict[EvidenceCode, Fraction]:
    """Return the evidence grades behind a question's score, as shares that sum to 1.

    Inside a role every answer counts the same, roles by their weight, as in the score itself. A
    figure taken from the profile has the grade that its trust belongs to.
    """
    assessment, rating = diagnosis.assessment, diagnosis.model.content.rating
    form = diagnosis.model.forms[assessment.form]
    ruling = assessment.adjudications.get(question.id)
    if ruling is not None:
        return {ruling.evidence: Fraction(1)}
    by_role: dict[str, list[EvidenceCode]] = {}
    for person in assessment.respondents:
        given = person.answers.get(question.id)
        if given is not None and given.value is not None:
            by_role.setdefault(person.role, []).append(given.evidence)
    shares: dict[EvidenceCode, Fraction] = {}
    weights = {
        role: weight
        for role in by_role
        if (weight := Fraction(role_weight(question, role, rating, form)))
    }
    total = sum(weights.values(), Fraction(0))
    for role, weight in weights.items():
        for grade in by_role[role]:
            part = weight / total / len(by_role[role])
            shares[grade] = shares.get(grade, Fraction(0)) + part
    if shares:
        return shares
    trust = diagnosis.questions[question.id].trust
    code = next((g.code for g in rating.evidence if Fraction(g.trust) == trust), None)
    return {code: Fraction(1)} if code is not None else {}
