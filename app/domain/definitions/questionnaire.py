"""What is asked: facts, questions, forms, the customer pulse, and who can answer."""

from typing import Literal

from app.domain.definitions.record import Number, Text, record

RoleSide = Literal["top", "front", "support", "customer", "consultant", "system"]


@record
class Role:
    """A respondent's or an owner's role.

    ``side`` decides the directional gap: ``top`` against ``front``. ``asks_about``, ``must_see``
    and ``trap`` guide the interview; ``minutes`` is its planned length.
    """

    id: str
    code: str
    title: Text
    side: RoleSide
    duties: Text
    asks_about: Text = ""
    must_see: Text = ""
    trap: Text = ""
    minutes: int = 0


@record
class Channel:
    """Where a step of work happens. ``touch`` marks channels that reach a customer."""

    id: str
    title: Text
    touch: bool


@record
class Choice:
    """One option or item of a question or fact."""

    id: str
    title: Text


@record
class Band:
    """One step of a number → score table, tried in order.

    ``below`` is exclusive, ``up_to`` inclusive; the last band has neither and takes the rest.
    """

    score: int
    below: Number | None = None
    up_to: Number | None = None


@record
class Question:
    """One interview question.

    ``choice``: the options are the anchors of the area (score = level), or the given ``choices``
    (score = position). ``number``: scored by ``bands``, or linearly from ``minimum`` to
    ``maximum`` when there are none; ``relative_to`` first divides by that benchmark; ``fallback``
    names the fact that answers it when nobody did. ``multi``: scored by the share of ``items``
    picked, or, when ``negative``, one level lost per item picked. ``yes-no``: by evidence.
    ``computed``: ``formula`` gives the number, scored by ``bands``. ``text``: not scored.

    ``primary`` and ``secondary`` are role ids; their answers weigh differently. A ``gate`` question
    must reach level n − 1 for its area to reach n. ``ask_to_see`` is the evidence to ask for.
    """

    id: str
    code: str
    type: Literal["choice", "number", "multi", "yes-no", "computed", "text"]
    text: Text
    ask_to_see: Text
    primary: tuple[str, ...]
    secondary: tuple[str, ...] = ()
    area: str | None = None
    weight: Number = 0
    gate: bool = False
    explain: Text = ""
    short: Text = ""
    choices: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()
    negative: bool = False
    bands: tuple[Band, ...] = ()
    unit: Text = ""
    integer: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    relative_to: str | None = None
    fallback: str | None = None
    formula: str | None = None


@record
class Section:
    """A run of questions on one dimension, in asking order. ``minutes`` is its time box."""

    id: str
    title: Text
    minutes: int
    intro: Text
    questions: tuple[Question, ...]


@record
class FactPart:
    """One value of a fact. Its ``id`` is the name conditions use (hyphens become underscores)."""

    id: str
    title: Text
    type: Literal["number", "choice", "multi", "yes-no"]
    unit: Text = ""
    integer: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    choices: tuple[Choice, ...] = ()


@record
class Fact:
    """An unscored profile fact. Most have one part with the id of the fact itself.

    ``keeps_months`` is how long the fact may be carried over into a later round; 0 always asks
    again (``app.domain.carry_over``).
    """

    id: str
    code: str
    title: Text
    ask_to_see: Text
    roles: tuple[str, ...]
    parts: tuple[FactPart, ...]
    why: Text = ""
    keeps_months: int = 0


@record
class FactCheck:
    """Facts that cannot be true together: when ``when`` holds, ``message`` refuses the file.

    ``facts`` names the fact parts concerned; the first is where the error points.
    """

    id: str
    when: str
    message: Text
    facts: tuple[str, ...]


@record
class PulseItem:
    """One line of the customer pulse. ``area`` is set where it cross-checks a team score."""

    id: str
    code: str
    type: Literal["scale", "nps", "choice", "text"]
    text: Text
    area: str | None = None
    low: Text = ""
    high: Text = ""
    choices: tuple[Choice, ...] = ()


@record
class Form:
    """Which questions and facts are asked of whom.

    ``questions``, ``facts`` and ``pulse`` are ids; an empty tuple with ``every_question`` true
    means all. ``caps_by_evidence`` is false where answers are self-reported and only labelled so;
    ``confidence`` then fixes the printed confidence. ``everyone_counts`` lets an answer count
    whoever gave it, where one person fills in the whole form. ``report`` names the report folder.
    """

    id: str
    title: Text
    purpose: Text
    minutes: int
    every_question: bool = False
    every_fact: bool = False
    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    pulse: tuple[str, ...] = ()
    caps_by_evidence: bool = True
    everyone_counts: bool = False
    confidence: Literal["low"] | None = None
    report: str = "diagnosis"
