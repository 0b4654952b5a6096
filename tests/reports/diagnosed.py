"""Sources of reports for tests: the published cases, thin assessments, self-checks and pulses."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from app.content.answers import read_assessment
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.reporting.context.source import Edition, Source

AS_OF = date(2026, 11, 21)
EXAMPLES = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain" / "examples"
CASES = ("case-1-mother-baby", "case-2-jewellery")


def source_of(model: MaturityModel, assessment: Assessment) -> Source:
    """Diagnose an assessment for a report of the test's day."""
    edition = Edition(
        number="ZM-2026-0001",
        version=1,
        issued=AS_OF,
        locale="zh-Hans",
        template_version="1.0.0",
        digest="5a3f" * 16,
    )
    return Source.of(diagnose(model, assessment, AS_OF), edition)


def case_source(model: MaturityModel, name: str) -> Source:
    """Diagnose a published case."""
    path = EXAMPLES / f"{name}.yaml"
    return source_of(model, read_assessment(path.read_bytes(), path.name, model))


def said(role: str, label: str, **answers: Answer) -> Respondent:
    """Return one respondent; question ids are spelt with underscores."""
    return Respondent(role, label, {name.replace("_", "-"): a for name, a in answers.items()})


def full(*people: Respondent, facts: Mapping[str, AnswerValue] | None = None) -> Assessment:
    """Return a full interview of these people."""
    return Assessment("full", ClientProfile("小店"), _facts(facts or {}), people)


def self_check(
    model: MaturityModel, options: Mapping[str, int], facts: Mapping[str, AnswerValue] | None = None
) -> Assessment:
    """Return a self-check by one head; every question not named is answered with option 1."""
    answers = {q: Answer(options.get(q, 1)) for q in model.forms["self-check"].questions}
    person = Respondent("private-domain-head", "", answers)
    return Assessment("self-check", ClientProfile("锦年水果"), _facts(facts or {}), (person,))


def pulse_of(*answers: Mapping[str, AnswerValue]) -> Assessment:
    """Return a customer pulse."""
    return Assessment("customer-pulse", ClientProfile("锦年水果"), pulse=answers)


def _facts(given: Mapping[str, AnswerValue]) -> dict[str, FactValue]:
    return {
        name: FactValue(
            Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value
        )
        for name, value in given.items()
    }
