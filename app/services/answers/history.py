"""Everything ever said to one item of one response: who, when, and what became of it."""

from dataclasses import dataclass

from app.domain.model import MaturityModel
from app.forms.fields import is_asked
from app.forms.fields.value import Item
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.answers.answering import Standing, standing_of
from app.services.answers.assembling import FACTS
from app.services.errors import NotFoundError
from app.services.interviews.interviewing import model_in
from app.store.answers import history_of
from app.store.interviews import find_response, names_of
from app.store.rows import Response


@dataclass(frozen=True, slots=True)
class Saying:
    """One answer as it was given, and the name of who gave it (empty: the respondent).

    One that did not count came on top of a revision its sender had not seen: ``base``.
    """

    said: Standing
    who: str
    base: int
    counted: bool


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """The history of the answer to one item, newest first."""

    opened: Opened
    model: MaturityModel
    response: str
    kind: str
    role: str
    label: str
    item: Item
    sayings: tuple[Saying, ...]


def answer_history(acting: Acting, engagement: str, response: str, item: str) -> AnswerHistory:
    """Return everything ever said to an item; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        found = find_response(session, engagement, response)
        if found is None:
            raise NotFoundError
        rows = history_of(session, response, item)
        names = names_of(session, (row.actor for row in rows))
    model = model_in(acting, opened)
    asked = _item(model, found, item)
    if asked is None:
        raise NotFoundError
    sayings = [
        Saying(standing_of(row), names.get(row.actor, ""), row.base, row.standing) for row in rows
    ]
    return AnswerHistory(
        opened=opened,
        model=model,
        response=found.id,
        kind=found.kind,
        role=found.role,
        label=found.label,
        item=asked,
        sayings=tuple(sorted(sayings, key=lambda each: -each.said.revision)),
    )


def _item(model: MaturityModel, response: Response, item: str) -> Item | None:
    if response.kind == FACTS:
        return model.fact_parts.get(item)
    question = model.questions.get(item)
    return question if question is not None and is_asked(question) else None
