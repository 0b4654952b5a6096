"""The items of one screen as the page shows them, and what came back from it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from app.domain.model import MaturityModel
from app.forms.factory import AnswerForm, ItemField, answer_form, input_name
from app.forms.fields import reader_of
from app.forms.fields.choice import LevelReader
from app.forms.fields.multi import NONE
from app.forms.fields.value import UNKNOWN, Item, Reading
from app.forms.translated import FormData
from app.services.answers.answering import Standing
from app.services.respondents.responding import Page, Photo, Posed
from app.web.interview.speaking import Speaker, input_of, reading_of
from app.web.respond.terms import Term, Terms, terms_of
from app.web.wording import Say

ENDS: Final = ("value", "note", "base", "theirs")
"""What the names of an item's inputs end in."""

_KINDS: Final = {"choice": "rows", "yes-no": "rows", "multi": "ticks", "number": "box"}


@dataclass(frozen=True, slots=True)
class Posted:
    """A screen that came back: what was typed, and what another device had saved meanwhile.

    ``bases`` are the revisions that stood when the screen was shown, of what was not saved: what
    has changed since must not be overwritten unseen.
    """

    form: AnswerForm
    bases: Mapping[str, int]
    overtaken: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row or tick. ``aside`` marks those that are not an answer to the question itself.

    ``hidden`` where it would do nothing yet: there is no answer to take back.
    """

    id: str
    sent: str
    label: str
    checked: bool
    aside: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What was typed here and what another device saved, both in words."""

    mine: str
    theirs: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """One item on the screen; ``name`` begins the names of its inputs.

    ``kind``: rows of which one is picked, ticks, a box for a number, or words. ``terms`` are words
    of the trade in it, each with its meaning; ``pictured`` whether photos may be added.
    """

    name: str
    item: str
    kind: str
    done: bool
    title: str
    explain: str
    where: str
    terms: tuple[Term, ...]
    choices: tuple[Choice, ...]
    text: str
    unit: str
    note: str
    error: str
    note_error: str
    revision: int
    overtaken: Overtaken | None
    pictured: bool
    photos: tuple[Photo, ...]

    @property
    def unsettled(self) -> bool:
        """Whether it was not saved: it could not be taken, or another device was faster."""
        return bool(self.error or self.note_error or self.overtaken)


class Modelled(Protocol):
    """What is asked, as far as its model is concerned: a questionnaire, or a self-check."""

    @property
    def model(self) -> MaturityModel:
        """The release it is asked under."""

    @property
    def pictured(self) -> bool:
        """Whether photos may be added."""


def form_of(found: Modelled, page: Page, say: Say, posted: FormData | None = None) -> AnswerForm:
    """Return the form of a screen with what was answered, or with what was posted."""
    given = {
        each.item.id: input_of(each.item, each.standing)
        for each in page.posed
        if each.standing is not None
    }
    made = answer_form(found.model, page.screen.items, graded=False)
    return made(posted, given, translate=say)


def form_key() -> str:
    """Return the name of one showing of a screen: sent twice, it is saved once."""
    return secrets.token_hex(12)


def cards_of(
    found: Modelled, page: Page, speaks: Speaker, say: Say, posted: Posted | None = None
) -> tuple[Card, ...]:
    """Return the items of a screen as the page shows them."""
    form = posted.form if posted is not None else form_of(found, page, say)
    asked = {one.question.id: one for one in form.asked}
    terms = terms_of(found.model)
    return tuple(
        _card(each, asked[each.item.id], terms, found.pictured, speaks, say, posted)
        for each in page.posed
    )


def _card(
    posed: Posed,
    asked: ItemField,
    terms: Terms,
    pictured: bool,
    speaks: Speaker,
    say: Say,
    posted: Posted | None,
) -> Card:
    item, value, note = posed.item, asked.form.value, asked.form.note
    overtaken = posted.overtaken.get(item.id) if posted is not None else None
    standing = overtaken or posed.standing
    revision = standing.revision if standing is not None else 0
    if posted is not None and overtaken is None:
        revision = posted.bases.get(item.id, revision)
    title, choices = speaks.title(item), _choices(asked, say)
    return Card(
        name=input_name(item),
        item=item.id,
        kind=_KINDS.get(item.type, "words"),
        done=posed.done,
        title=title,
        explain=getattr(item, "explain", "") if posed.fact is None else posed.fact.why,
        where="" if posed.fact is None else posed.fact.ask_to_see,
        terms=terms.within(title, *(choice.label for choice in choices)),
        choices=choices,
        text=value.text,
        unit=item.unit,
        note=note.data or "",
        error=value.error,
        note_error=note.errors[0] if note.errors else "",
        revision=revision,
        overtaken=_overtaken(posed, asked, speaks, overtaken) if overtaken is not None else None,
        pictured=pictured,
        photos=posed.photos,
    )


def _choices(asked: ItemField, say: Say) -> tuple[Choice, ...]:
    """Return the rows of an item: its options, then "don't know", then taking an answer back."""
    value, found = asked.form.value, []
    answered = bool(value.raw)
    for option in value:
        if option.data == UNKNOWN:
            label, aside = say("不知道或不方便说"), "unknown"
        elif option.data == "":
            label, aside = say("清除这一题的答案"), "clear"
        else:
            label, aside = option.label.text, "none" if option.data == NONE else ""
        hidden = aside == "clear" and not answered
        checked = option.checked and not hidden
        found.append(Choice(option.id, option.data, label, checked, aside, hidden))
    return tuple(found)


def _overtaken(posed: Posed, asked: ItemField, speaks: Speaker, theirs: Standing) -> Overtaken:
    reading: Reading = asked.form.value.data
    stands = reading_of(posed.item, theirs)
    return Overtaken(
        mine=in_words(posed.item, reading, speaks),
        theirs=in_words(posed.item, stands, speaks),
        note=theirs.note,
        at=theirs.at,
    )


def in_words(item: Item, reading: Reading, speaks: Speaker) -> str:
    """Return an answer in the words the person chose from: options without levels or scores."""
    if reading.unknown:
        return speaks.say("不知道或不方便说")
    if reading.value is None:
        return speaks.say("没有回答")
    reader = reader_of(item, speaks.model)
    if isinstance(reader, LevelReader):
        return "".join(reader.labels[sent] for sent in reader.written(reading))
    return speaks.value(item, reading.value)
