"""Answers as pages show them: in words for people, and as the strings the inputs hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import g

from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.answer_input import AnswerInput
from app.forms.fields import is_asked, reader_of
from app.forms.fields.value import Item, Reading, options_of
from app.reporting.wording import Wording
from app.services.answers.answering import Standing
from app.services.answers.values import decoded
from app.web.presenting import moment
from app.web.wording import Say, say_in


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an item: what its input sends, the key that picks it, its name and text."""

    sent: str
    key: str
    name: str
    text: str


class Speaker:
    """Says the items and answers of one model in the language of the page."""

    def __init__(self, model: MaturityModel, locale: str, say: Say) -> None:
        self.model = model
        self.say = say
        self.wording = Wording(model, locale)

    # -- items -----------------------------------------------------------------------------

    def item(self, kind: str, name: str) -> Item | None:
        """Return the question or fact part a response of this kind answers; None for others."""
        if kind == "facts":
            return self.model.fact_parts.get(name)
        found = self.model.questions.get(name)
        return found if found is not None and is_asked(found) else None

    def code(self, item: Item) -> str:
        """Return the printed code of an item: its own, or that of the fact it is part of."""
        return self.model.fact_of[item.id].code if isinstance(item, FactPart) else item.code

    def title(self, item: Item) -> str:
        """Return what an item asks, in full."""
        return item.text if isinstance(item, Question) else self._part_title(item, item.title)

    def short_title(self, item: Item) -> str:
        """Return an item by its name, where there is little room."""
        if isinstance(item, Question):
            return item.short or item.text
        return self._part_title(item, self.model.fact_of[item.id].title)

    def _part_title(self, part: FactPart, alone: str) -> str:
        fact = self.model.fact_of[part.id]
        if len(fact.parts) == 1:
            return alone
        return self.say("{fact}：{part}", fact=fact.title, part=part.title)

    def options(self, item: Item) -> tuple[Option, ...]:
        """Return the options of an item, lowest level first; none where the answer is typed."""
        if item.type == "yes-no":
            return (Option("yes", "1", self.say("是"), ""), Option("no", "2", self.say("否"), ""))
        if item.type == "choice" and isinstance(item, Question):
            return self._levels(item)
        reader = reader_of(item, self.model)
        labels: dict[str, str] = getattr(reader, "labels", {})
        return tuple(
            Option(name, str(place) if place < 10 else "", label, "")
            for place, (name, label) in enumerate(labels.items(), start=1)
        )

    def _levels(self, question: Question) -> tuple[Option, ...]:
        scale = self.model.content.scale
        names = {level.level: level.name for level in scale.levels}
        texts: Sequence[str] = [choice.title for choice in question.choices]
        if not texts and question.area is not None:
            texts = self.model.areas[question.area].anchors
        return tuple(
            Option(str(level), str(level), names.get(level, ""), text)
            for level, text in enumerate(texts, start=scale.minimum)
        )

    # -- answers ---------------------------------------------------------------------------

    def typed(self, item: Item, standing: Standing) -> tuple[str, ...]:
        """Return what the inputs of an item hold for an answer."""
        return reader_of(item, self.model).written(reading_of(item, standing))

    def said(self, item: Item, standing: Standing) -> str:
        """Return an answer in words."""
        if standing.kind == "unknown":
            return self.say("不知道")
        reading = reading_of(item, standing)
        return self.say("没有回答") if reading.value is None else self.value(item, reading.value)

    def value(self, item: Item, value: AnswerValue) -> str:
        """Return a value in words: a level by name, a number with its unit, items by title."""
        if isinstance(value, bool):
            return self.say("是") if value else self.say("否")
        if isinstance(value, tuple):
            picked = [option.title for option in options_of(item) if option.id in value]
            return self.wording.joined(picked) if picked else self.say("以上都没有")
        if isinstance(value, str):
            return next((o.title for o in options_of(item) if o.id == value), value)
        if item.type == "choice":
            found = [o.name for o in self.options(item) if o.sent == str(int(value))]
            return f"{int(value)} {found[0] if found else ''}".strip()
        typed = reader_of(item, self.model).written(Reading(value))
        return self.wording.with_unit(typed[0] if typed else str(value), item.unit)

    def as_json(self, item: Item, standing: Standing, who: str) -> dict[str, Any]:
        """Return an answer for a script: what its inputs hold, and the same in words."""
        return {
            "item": item.id,
            "revision": standing.revision,
            "kind": standing.kind,
            "typed": list(self.typed(item, standing)),
            "evidence": standing.evidence,
            "note": standing.note,
            "quote": standing.quote,
            "words": self.said(item, standing),
            "who": who,
            "at": standing.at.isoformat() if standing.at is not None else None,
            "at_words": moment(standing.at),
        }


def speaker(model: MaturityModel) -> Speaker:
    """Return the speaker of a model in the language of this request."""
    return Speaker(model, g.locale, say_in(g.locale))


def reading_of(item: Item, standing: Standing) -> Reading:
    """Return the answer that stands, as forms take it."""
    value = decoded(standing.value, item.type) if standing.kind == "given" else None
    return Reading(value, standing.kind == "unknown")


def input_of(item: Item, standing: Standing) -> AnswerInput:
    """Return a stored answer as a form shows it."""
    reading = reading_of(item, standing)
    return AnswerInput(
        value=reading.value,
        unknown=reading.unknown,
        evidence=cast(EvidenceCode, standing.evidence) if standing.evidence else None,
        note=standing.note,
        quote=standing.quote,
    )
