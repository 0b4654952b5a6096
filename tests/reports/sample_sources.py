"""Sources of the context tests: the two published cases, and small assessments made by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from app.domain.diagnosis import diagnose
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    Respondent,
)
from app.reporting.context.source import Edition, Source
from app.services.casework.assessing import assess_file, model_in

QUESTIONNAIRES = Path(__file__).resolve().parents[2] / "questionnaires"
MODEL = model_in(QUESTIONNAIRES / "private-domain")
DAY = date(2026, 11, 21)
EDITION = Edition("ZM-2026-0001", 1, DAY, "zh-Hans", "1.0.0", "5a3f")


@cache
def case(name: str) -> Source:
    """Return the source of a published case, such as ``case-1-mother-baby``."""
    answers = QUESTIONNAIRES / "private-domain" / "examples" / f"{name}.yaml"
    assessed = assess_file(answers, QUESTIONNAIRES, DAY, DAY, lambda _step: None)
    return Source.of(assessed.diagnosis, EDITION)


def source_of(assessment: Assessment) -> Source:
    """Return the source of an assessment."""
    return Source.of(diagnose(MODEL, assessment, DAY), EDITION)


def interviewed(*people: tuple[str, Mapping[str, AnswerValue | None]]) -> Assessment:
    """Return an assessment of nothing but answers; each person is a role and its answers."""
    respondents = tuple(
        Respondent(role, f"受访者{place}", {q: Answer(value, "E1") for q, value in given.items()})
        for place, (role, given) in enumerate(people)
    )
    return Assessment("full", ClientProfile("测试客户"), respondents=respondents)


def decided(source: Source, values: Mapping[str, AnswerValue]) -> Source:
    """Return the source with these questions adjudicated on system data."""
    rulings = {name: Adjudication(value, "抽查", "E3") for name, value in values.items()}
    assessment = source.diagnosis.assessment
    return source_of(
        replace(assessment, adjudications={**assessment.adjudications, **rulings}),
    )


def choices(area_codes: str, level: int) -> dict[str, AnswerValue]:
    """Return every anchored question of the dimensions in ``area_codes`` answered ``level``."""
    return {
        question.id: level
        for question in MODEL.questions.values()
        if question.type == "choice" and question.code[2] in area_codes
    }


def red_line() -> dict[str, AnswerValue]:
    """Return the answers that put compliance on its lowest level."""
    present = next(q for q in MODEL.questions.values() if q.code == "Q-M6.2")
    return {"compliance-handled": 1, present.id: tuple(item.id for item in present.items)}
