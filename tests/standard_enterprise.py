"""Plain enterprises of a given size, answered at one level: what staffing is calibrated on."""

from datetime import date
from fractions import Fraction

from app.domain.definitions.questionnaire import Question
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    PlanControls,
    Respondent,
)

AS_OF = date(2026, 11, 21)
ROLES = (
    "ceo",
    "private-domain-head",
    "operations",
    "regional-head",
    "content",
    "sales",
    "it",
    "store",
)


def standard_enterprise(
    model: MaturityModel,
    users: int,
    new_adds: int,
    *,
    level: int = 2,
    stores: int = 0,
    archetype: str | None = None,
    controls: PlanControls | None = None,
    **facts: int,
) -> Assessment:
    """Return an enterprise whose people all choose ``level``, tools at level 3.

    Average order value 300, groups of 180, half a year of data; ``facts`` replace or add figures
    by fact part id with underscores.
    """
    figures = {
        "users": users,
        "new-adds": new_adds,
        "aov": 300,
        "orders-per-year": 6,
        "stores": stores,
        "months-since-launch": 12,
        "data-weeks": 30,
        "private-gmv": users * 20,
        "gross-margin": 50,
        "private-cost": users * 4,
        "add-cost": 5,
        "group-size": 180,
        **{name.replace("_", "-"): value for name, value in facts.items()},
    }
    answers = {
        question.id: Answer(value, "E2")
        for question in model.questions.values()
        if (value := at_level(model, question, 3 if question.area == "tools" else level))
        is not None
    }
    return Assessment(
        form="full",
        client=ClientProfile("参照企业", archetype=archetype),
        facts={part: FactValue(Fraction(value)) for part, value in figures.items()},
        respondents=tuple(Respondent(role, "1", answers) for role in ROLES),
        controls=controls or PlanControls(),
    )


def at_level(model: MaturityModel, question: Question, level: int) -> AnswerValue | None:
    """Return an answer that scores ``level``, or as near as the question allows."""
    if question.type == "choice":
        return level
    if question.type == "multi":
        share = 5 - level if question.negative else round(len(question.items) * (level - 1) / 4)
        return tuple(item.id for item in question.items[:share])
    if question.type != "number":
        return None
    scale = Fraction(1)
    if question.relative_to is not None:
        scale = Fraction(model.benchmarks[question.relative_to].values["default"])
    if not question.bands:
        low, high = Fraction(question.minimum or 0), Fraction(question.maximum or 1)
        return low + (high - low) * (level - 1) / 4
    before = Fraction(question.minimum or 0)
    best: Fraction | None = None
    for band in question.bands:
        bound = band.up_to if band.up_to is not None else band.below
        end = Fraction(bound) if bound is not None else before + 2
        if band.score <= level or best is None:
            best = (before + end) / 2 * scale
        before = end
    return best


def standard_diagnosis(
    model: MaturityModel,
    users: int,
    new_adds: int,
    *,
    level: int = 2,
    stores: int = 0,
    archetype: str | None = None,
) -> Diagnosis:
    """Return the diagnosis of a standard enterprise."""
    enterprise = standard_enterprise(
        model, users, new_adds, level=level, stores=stores, archetype=archetype
    )
    return diagnose(model, enterprise, AS_OF)
