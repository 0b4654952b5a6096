"""The demo's client that was diagnosed twice: a made-up furniture chain, four months apart.

Both rounds are a published case's answers, moved by whole levels: the first lies below it, the
second above, so that what changed between them is plain to see. Nothing said word for word and no
ruling of the published case is taken along.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, ClientProfile, PlanControls, Respondent

NAME: Final = "示例家居门店"
INDUSTRY: Final = "家居零售"
TITLES: Final = ("首次诊断", "四个月后复诊")
AGO: Final = (timedelta(days=128), timedelta(days=6))
"""From the interviews of each round to today."""
LOWEST, HIGHEST = 1, 5
_STILL: Final = 4
"""Every so many questions the levels were the same both times, as a quarter does not move all."""


def rounds_of(case: Assessment, model: MaturityModel, today: date) -> tuple[Assessment, Assessment]:
    """Return the two rounds of the client, made from a published case."""
    before, after = today - AGO[0], today - AGO[1]
    return _round(case, model, before, grown=False), _round(case, model, after, grown=True)


def _round(case: Assessment, model: MaturityModel, day: date, *, grown: bool) -> Assessment:
    profile = case.client
    return Assessment(
        form=case.form,
        client=ClientProfile(
            name=NAME,
            industry=INDUSTRY,
            archetype=profile.archetype,
            city_tier=profile.city_tier,
        ),
        facts={part: replace(fact, note="") for part, fact in case.facts.items()},
        respondents=tuple(
            replace(person, answers=_answers(person, model, grown=grown))
            for person in case.respondents
        ),
        controls=PlanControls(start=day + timedelta(days=30)),
        interviewed_on=day,
    )


def _answers(person: Respondent, model: MaturityModel, *, grown: bool) -> Mapping[str, Answer]:
    places = {name: place for place, name in enumerate(model.questions)}
    return {
        name: _moved(answer, _step(places.get(name, 0), grown=grown), model, name)
        for name, answer in person.answers.items()
    }


def _step(place: int, *, grown: bool) -> int:
    if place % _STILL == 0:
        return 0
    return place % 2 if grown else -1


def _moved(answer: Answer, step: int, model: MaturityModel, name: str) -> Answer:
    value, question = answer.value, model.questions.get(name)
    if question is not None and question.type == "choice" and isinstance(value, int):
        value = min(max(value + step, LOWEST), HIGHEST)
    return Answer(value, answer.evidence)
