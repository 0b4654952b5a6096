"""The questions of an interview as its page shows them: options with their keys, what was said."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Final

from flask import url_for

from app.domain.definitions.questionnaire import Question
from app.forms.answers import to_answers
from app.forms.factory import AnswerForm, ItemField, answer_form, input_name
from app.forms.fields.multi import NONE
from app.forms.fields.value import UNKNOWN
from app.forms.translated import FormData
from app.services.answers.answering import SELF_CHECK, Standing
from app.services.answers.saving import Outcome, Typed
from app.services.interviews.questioning import FACTS_KEY, Interview, Part, Photo, Posed
from app.web.interview.speaking import Option, Speaker, input_of
from app.web.wording import Say

ROWS: Final = "rows"
TICKS: Final = "ticks"
BOX: Final = "box"
WORDS: Final = "words"

_KINDS: Final = {"choice": ROWS, "yes-no": ROWS, "multi": TICKS, "number": BOX, "text": WORDS}


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What somebody else saved while the page was open."""

    words: str
    evidence: str
    note: str
    quote: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """One question, or part of a fact, on the page.

    ``name`` begins the names of its inputs; ``kind`` chooses how it is answered: rows of which one
    is picked, ticks, a box for a number, words. ``chosen`` are the strings its inputs hold.
    """

    name: str
    item: str
    code: str
    title: str
    short: str
    kind: str
    ask: str
    explain: str
    primary: bool
    gate: bool
    options: tuple[Option, ...]
    chosen: tuple[str, ...]
    text: str
    unknown: bool
    hint: str
    unit: str
    evidence: str
    note: str
    quote: str
    quotes: bool
    errors: Mapping[str, str]
    revision: int
    done: bool
    who: str
    at: datetime | None
    photos: tuple[Photo, ...]
    overtaken: Overtaken | None

    @property
    def none_sent(self) -> str:
        """What "none of these" sends."""
        return NONE

    @property
    def unknown_sent(self) -> str:
        """What "don't know" sends."""
        return UNKNOWN

    @property
    def none(self) -> bool:
        """Whether "none of these" is chosen."""
        return NONE in self.chosen


@dataclass(frozen=True, slots=True)
class PartView:
    """One time box on the page. ``spent`` in seconds, None where nothing was asked yet."""

    key: str
    title: str
    intro: str
    response: str
    minutes: int
    spent: int | None
    done: int
    url: str
    save_url: str
    form_key: str
    cards: tuple[Card, ...]

    @property
    def total(self) -> int:
        """How many questions there are."""
        return len(self.cards)

    @property
    def spent_minutes(self) -> int | None:
        """The minutes spent, begun ones not counted; None where nobody watched a clock."""
        return None if not self.spent else floor(self.spent / 60)


@dataclass(frozen=True, slots=True)
class Posted:
    """A part's form that came back: what could not be taken, and what others changed."""

    part: str
    form: AnswerForm
    errors: Mapping[str, tuple[str, ...]]
    stale: Mapping[str, Outcome]


def form_of(
    interview: Interview, part: Part, say: Say, posted: FormData | None = None
) -> AnswerForm:
    """Return the form of a part with what was answered, or with what was posted."""
    given = {
        each.item.id: input_of(each.item, each.standing)
        for each in part.posed
        if each.standing is not None
    }
    made = answer_form(interview.model, [each.item for each in part.posed])
    return made(posted, given, translate=say)


def typed_in(
    form: AnswerForm, bases: Mapping[str, int]
) -> tuple[list[Typed], Mapping[str, tuple[str, ...]]]:
    """Return the answers of a posted form by item, and what could not be taken."""
    answers = to_answers(form)
    typed = [Typed(item, given, bases.get(item, 0)) for item, given in answers.given.items()]
    return typed, answers.errors


def base_in(told: str) -> int:
    """Return the revision a form names; 0 where it names none."""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0


def part_views(
    interview: Interview, speaks: Speaker, say: Say, engagement: str, posted: Posted | None = None
) -> tuple[PartView, ...]:
    """Return every part of an interview as the page shows it."""
    return tuple(
        _part(interview, part, speaks, say, engagement, posted) for part in interview.parts
    )


def _part(
    interview: Interview,
    part: Part,
    speaks: Speaker,
    say: Say,
    engagement: str,
    posted: Posted | None,
) -> PartView:
    came_back = posted if posted is not None and posted.part == part.key else None
    form = came_back.form if came_back is not None else form_of(interview, part, say)
    asked = {field.question.id: field for field in form.asked}
    everything = 1 if interview.everything else None
    title, intro = say("企业数据"), say("全公司只填一份，谁知道谁填；不同访谈里看到的是同一份。")
    if part.section is not None:
        title, intro = part.section.title, part.section.intro
    return PartView(
        key=part.key,
        title=title,
        intro=intro,
        response=part.response,
        minutes=part.minutes,
        spent=None if part.spent is None else int(part.spent.total_seconds()),
        done=part.done,
        url=url_for(
            "interview.cockpit",
            engagement=engagement,
            response=interview.id,
            section=part.key,
            everything=everything,
        ),
        save_url=url_for(
            "interview.save_section",
            engagement=engagement,
            response=interview.id,
            section=part.key,
            everything=everything,
        ),
        form_key=secrets.token_hex(12),
        cards=tuple(
            _card(each, asked[each.item.id], part.key != FACTS_KEY, speaks, came_back)
            for each in part.posed
        ),
    )


def _card(
    posed: Posed, field: ItemField, quotes: bool, speaks: Speaker, posted: Posted | None
) -> Card:
    item, standing, value = posed.item, posed.standing, field.form.value
    question = item if isinstance(item, Question) else None
    overtaken = posted.stale.get(item.id) if posted is not None else None
    revision = standing.revision if standing is not None else 0
    return Card(
        name=input_name(item),
        item=item.id,
        code=speaks.code(item),
        title=speaks.title(item),
        short=speaks.short_title(item),
        kind=_KINDS[item.type],
        ask=posed.fact.ask_to_see
        if posed.fact is not None
        else (question and question.ask_to_see) or "",
        explain=posed.fact.why if posed.fact is not None else (question and question.explain) or "",
        primary=posed.primary,
        gate=question is not None and question.gate,
        options=speaks.options(item),
        chosen=tuple(text.strip() for text in value.raw),
        text=value.text,
        unknown=value.unknown,
        hint=value.hint,
        unit=item.unit,
        evidence=field.form.evidence.data or "",
        note=field.form.note.data or "",
        quote=field.form.quote.data or "",
        quotes=quotes,
        errors={part.short_name: part.errors[0] for part in field.form if part.errors},
        revision=overtaken.standing.revision if overtaken is not None else revision,
        done=posed.done,
        who=posed.who or _origin(standing, speaks),
        at=standing.at if standing is not None else None,
        photos=posed.photos,
        overtaken=_overtaken(overtaken, speaks) if overtaken is not None else None,
    )


def _origin(standing: Standing | None, speaks: Speaker) -> str:
    """Return where an answer came from that nobody at work here gave."""
    came = standing is not None and standing.actor == SELF_CHECK
    return speaks.say("自查") if came else ""


def _overtaken(outcome: Outcome, speaks: Speaker) -> Overtaken:
    standing = outcome.standing
    return Overtaken(
        words=speaks.said(outcome.item, standing),
        evidence=standing.evidence,
        note=standing.note,
        quote=standing.quote,
        who=outcome.who,
        at=standing.at,
    )
