"""Finds, before any work, the texts of an assessment that a report could not show, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.model import MaturityModel
from app.domain.response import Assessment
from app.reporting.fonts import missing_characters
from app.services.casework.printing import EMOJI_SIGN

TextPlace: TypeAlias = Literal["answers", "client", "house", "decisions"]


@dataclass(frozen=True, slots=True)
class Unprintable:
    """A text with ``characters`` that no typeface of the report has.

    ``subject`` says which text: a Chinese key where ``keyed``, else codes and words of the model.
    """

    place: TextPlace
    subject: str
    keyed: bool
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    place: TextPlace
    subject: str
    text: str
    keyed: bool = False


def unprintable_texts(
    assessment: Assessment, model: MaturityModel, confidentiality: str = ""
) -> Iterator[Unprintable]:
    """Yield every text a report of the assessment would print and cannot.

    Quotes are left out: no report prints them.
    """
    for one in _texts(assessment, model, confidentiality):
        missing = missing_characters(one.text.replace(EMOJI_SIGN, ""))
        if missing:
            yield Unprintable(one.place, one.subject, one.keyed, tuple(missing))


def _texts(assessment: Assessment, model: MaturityModel, confidentiality: str) -> Iterator[_Text]:
    client = assessment.client
    yield _Text("client", "客户名称", client.name, keyed=True)
    yield _Text("client", "行业", client.industry, keyed=True)
    yield _Text("house", "报告上的机构名称", client.consultancy, keyed=True)
    yield _Text("house", "顾问", client.consultant, keyed=True)
    yield _Text("house", "联系方式", client.contact, keyed=True)
    yield _Text("house", "保密声明", confidentiality, keyed=True)
    for part, fact in assessment.facts.items():
        about = model.fact_of[part]
        value = fact.value if isinstance(fact.value, str) else ""
        yield _Text("answers", f"{about.code} {about.title}", value + fact.note)
    yield from _answers(assessment, model)
    yield from _rulings(assessment, model)


def _answers(assessment: Assessment, model: MaturityModel) -> Iterator[_Text]:
    for person in assessment.respondents:
        who = f"{model.roles[person.role].title} {person.label}".strip()
        yield _Text("answers", who, person.label)
        for name, given in person.answers.items():
            value = given.value if isinstance(given.value, str) else ""
            yield _Text("answers", f"{who}・{model.questions[name].code}", value + given.note)


def _rulings(assessment: Assessment, model: MaturityModel) -> Iterator[_Text]:
    for name, ruling in assessment.adjudications.items():
        value = ruling.value if isinstance(ruling.value, str) else ""
        yield _Text("answers", model.questions[name].code, value + ruling.reason)
    for name, decision in assessment.decisions.items():
        words = (decision.reason, decision.finding or "", decision.recommend or "")
        yield _Text("decisions", model.rules[name].code, "".join(words))
