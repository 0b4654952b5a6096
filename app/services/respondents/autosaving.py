"""Saving one answer of a respondent as it is given: what the script of the pages asks for."""

from dataclasses import dataclass

from app.domain.model import MaturityModel
from app.forms.answers import read_answer
from app.forms.fields.value import Item
from app.services.acting import Acting
from app.services.answers.answering import Standing, keep_answer
from app.services.answers.saving import Said, given_of
from app.services.errors import RefusedError
from app.services.respondents.responding import (
    held_response,
    items_of,
    model_for,
    own_rows,
    plan_for,
)


@dataclass(frozen=True, slots=True)
class SavedOne:
    """What became of one answer: how it stands now, or (``stale``) what another device saved."""

    model: MaturityModel
    item: Item
    standing: Standing
    stale: bool


def save_one(acting: Acting, said: Said, base: int, key: str) -> SavedOne:
    """Check and store one answer on top of revision ``base``; ``key`` names this save alone.

    Raises ``NotFoundError``, ``ConflictError`` ("consent", "withdrawn", "submitted"),
    ``RefusedError`` for a key used for something else and for what the role is not asked, and
    ``ValueRefusedError`` for what cannot be taken as its answer.
    """
    with acting.writing() as session:
        own = own_rows(acting, session)
        found = held_response(acting, session, own)
        model = model_for(acting, own)
        plan = plan_for(own, model)
        item = next((one for one in items_of(plan) if one.id == said.item), None)
        if item is None:
            raise RefusedError({"item": "这份问卷里没有这一题。"})
        answer = read_answer(model, item, said.value, note=said.note)
        kept = keep_answer(acting, session, found, given_of(item.id, answer), base, key)
    return SavedOne(model, item, kept.standing, kept.stale)
