"""Saving what is taken down: one answer at a time, or a whole part of the form.

What may be answered is checked in the transaction that stores it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.questionnaire import Form
from app.domain.model import MaturityModel
from app.forms.answer_input import AnswerInput
from app.forms.answers import read_answer
from app.forms.fields.value import Item
from app.services.acting import Acting
from app.services.answers.answering import Given, Standing, answerable_in, keep_answer, standing_of
from app.services.answers.assembling import FACTS, INTERVIEW
from app.services.answers.values import encoded
from app.services.errors import NotFoundError, RefusedError
from app.services.interviews.questioning import item_asked
from app.services.releases import model_of
from app.store.answers import history_of
from app.store.interviews import names_of
from app.store.rows import Response
from app.store.scope import ScopedSession

KINDS: Final = (INTERVIEW, FACTS)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as a script sends it: JSON, nothing of it checked."""

    item: str
    value: object = None
    evidence: object = None
    note: object = None
    quote: object = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer to ``item``: how it stands now.

    ``stale``: nothing was overwritten; ``standing`` is what somebody else, ``who``, saved before.
    """

    model: MaturityModel
    item: Item
    standing: Standing
    stale: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer of a form, checked, and the revision that stood when the form was shown."""

    item: str
    given: AnswerInput
    base: int


@dataclass(frozen=True, slots=True)
class FormKept:
    """What became of a form: the items ``saved``, and those somebody else answered meanwhile."""

    saved: tuple[str, ...]
    stale: Mapping[str, Outcome]


def given_of(item: str, said: AnswerInput) -> Given:
    """Return a checked answer as it is stored."""
    return Given(item, said.kind, said.value, said.evidence or "", said.note, said.quote)


def save_said(
    acting: Acting, engagement: str, response: str, said: Said, base: int, key: str
) -> Outcome:
    """Check and store one answer of an interview or of the sheet of facts.

    Raises ``NotFoundError``, ``NotAllowedError``, ``ConflictError`` for a closed interview,
    ``RefusedError`` for a key used for something else and for an item that is not asked here, and
    ``ValueRefusedError`` for what cannot be taken as its answer.
    """
    with acting.writing() as session:
        found, model, form = _writable(acting, session, engagement, response)
        item = item_asked(model, form, found, said.item)
        if item is None:
            raise RefusedError({"item": "这份答卷里没有这一题。"})
        answer = read_answer(
            model,
            item,
            said.value,
            evidence=said.evidence,
            note=said.note,
            quote=said.quote,
        )
        kept = keep_answer(acting, session, found, given_of(item.id, answer), base, key)
    if not kept.stale:
        return Outcome(model, item, kept.standing)
    return Outcome(model, item, kept.standing, stale=True, who=_name(acting, kept.standing.actor))


def _name(acting: Acting, member: str) -> str:
    with acting.reading() as session:
        return names_of(session, [member]).get(member, "")


def save_form(
    acting: Acting, engagement: str, response: str, typed: Sequence[Typed], key: str
) -> FormKept:
    """Store what changed on a form, all in one transaction.

    What the person left as it was shown is not saved, whatever others did to it. What somebody
    else changed meanwhile is not overwritten. ``key`` names the form as it was shown: sending the
    same form twice saves once. Raises as ``save_said`` does.
    """
    with acting.writing() as session:
        found, model, form = _writable(acting, session, engagement, response)
        items: dict[str, Item] = {}
        for one in typed:
            item = item_asked(model, form, found, one.item)
            if item is None:
                raise RefusedError({"item": "这份答卷里没有这一题。"})
            items[one.item] = item
        saved, overtaken = keep_typed(acting, session, found, typed, key)
        names = names_of(session, (standing.actor for standing in overtaken.values()))
    stale = {
        name: Outcome(model, items[name], standing, True, names.get(standing.actor, ""))
        for name, standing in overtaken.items()
    }
    return FormKept(saved, stale)


def keep_typed(
    acting: Acting, session: ScopedSession, found: Response, typed: Sequence[Typed], key: str
) -> tuple[tuple[str, ...], Mapping[str, Standing]]:
    """Store what changed on a form, in the transaction at work; ``found`` as for ``keep_answer``.

    Return the items saved, and what stands for those that somebody else changed meanwhile. The
    same page sent again with something changed goes on top of what it saved itself.
    """
    saved: list[str] = []
    overtaken: dict[str, Standing] = {}
    log = history_of(session, found.id)
    shown = {(row.item, row.revision): row for row in log}
    keys = {row.key for row in log}
    newest = {row.item: row for row in sorted(log, key=lambda row: row.revision) if row.standing}
    for one in typed:
        given, base = given_of(one.item, one.given), one.base
        before, now = shown.get((one.item, base)), newest.get(one.item)
        if _same(given, standing_of(before) if before is not None else None):
            continue
        standing = standing_of(now) if now is not None else None
        if standing is None or _key(key, given) not in keys:
            if now is not None and now.key == _digest(key, now.digest):
                base = max(base, now.revision)
            standing = keep_answer(acting, session, found, given, base, _key(key, given)).standing
        if _same(given, standing):
            saved.append(one.item)
        else:
            overtaken[one.item] = standing
    return tuple(saved), overtaken


def _writable(
    acting: Acting, session: ScopedSession, engagement: str, response: str
) -> tuple[Response, MaturityModel, Form]:
    found, row = answerable_in(acting, session, response)
    if found.engagement_id != engagement or found.kind not in KINDS or row is None:
        raise NotFoundError
    model = model_of(acting.database, acting.settings, row.release_digest, acting.locale)
    return found, model, model.forms[row.form]


def _key(form: str, given: Given) -> str:
    """Return the key of one answer of a form: the same form with the same answer has the same."""
    return _digest(form, given.digest)


def _digest(form: str, answer: str) -> str:
    return hashlib.sha256(f"{form}:{answer}".encode()).hexdigest()


def _same(given: Given, standing: Standing | None) -> bool:
    """Tell whether an answer says what stands already."""
    if standing is None:
        return given == Given(given.item, "cleared")
    told = (given.kind, encoded(given.value), given.evidence, given.note, given.quote)
    stands = (
        standing.kind,
        _stripped(standing.value),
        standing.evidence,
        standing.note.strip(),
        standing.quote.strip(),
    )
    return told == stands


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value
