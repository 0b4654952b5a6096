"""Customers at the poster: six questions, no name, sent once.

Nothing of the person is kept: no address, no device, of the time the day alone. That one device
answers once is kept on the device itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.definitions.questionnaire import PulseItem
from app.domain.model import MaturityModel
from app.forms.messages import ValueRefusedError
from app.forms.words import read_words
from app.services.callers import Caller
from app.services.errors import NotFoundError, RefusedError, ThrottledError
from app.services.pulse.posters import pulse_items
from app.services.releases import model_of
from app.services.tokens import token_hash
from app.store.doors import poster_by_token
from app.store.errors import TakenError
from app.store.pulse import count_pulse, held_poster, pulse_by_key
from app.store.rows import PulseAnswer
from app.store.scope import INSTALLATION

HIGHEST_NPS: Final = 10
WORDS_LIMIT: Final = 500
MOST: Final = 5_000
"""Customers of one poster: more say nothing new, and a machine is at work."""
_WAIT: Final = 3600
_NUMBER: Final = re.compile(r"\d{1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a customer sees: who asks for whom, and the questions in their language."""

    who: str
    client: str
    model: MaturityModel
    items: tuple[PulseItem, ...]

    @property
    def least(self) -> int:
        """How many customers have to answer before anybody sees anything of it."""
        return self.model.content.rating.agreement.pulse_minimum

    def steps(self, item: PulseItem) -> range:
        """Return the numbers to choose from, empty for an item that takes none."""
        if item.type == "nps":
            return range(HIGHEST_NPS + 1)
        scale = self.model.content.scale
        return range(scale.minimum, scale.maximum + 1) if item.type == "scale" else range(0)


def open_sheet(caller: Caller, token: str, locale: str) -> Sheet:
    """Return the questions behind a poster's code; nothing is changed.

    Raises ``NotFoundError`` for every code that leads nowhere.
    """
    return _opened(caller, token, locale)[0]


def give(caller: Caller, token: str, key: str, told: Mapping[str, str], locale: str) -> None:
    """Store what a customer said; ``told`` by item id as typed, ``key`` names the page shown.

    The same page sent again stores nothing. Raises ``NotFoundError``, ``RefusedError`` by item
    (or under "" where nothing was answered) and ``ThrottledError`` for a poster that is full.
    """
    sheet, tenant, engagement = _opened(caller, token, locale)
    said = _read(sheet, told)
    try:
        with caller.database.writing(tenant) as session:
            poster = held_poster(session, engagement)
            if (
                poster is None
                or poster.closed_at is not None
                or poster.token_hash != token_hash(token)
            ):
                raise NotFoundError
            if pulse_by_key(session, engagement, key) is not None:
                return
            if count_pulse(session, engagement) >= MOST:
                raise ThrottledError(_WAIT)
            session.add(
                PulseAnswer(
                    engagement_id=engagement,
                    key=key,
                    document=said,
                    given_on=caller.now.date(),
                )
            )
    except TakenError:
        # The same page at the same moment: it is stored.
        return


def _opened(caller: Caller, token: str, locale: str) -> tuple[Sheet, str, str]:
    with caller.database.reading(INSTALLATION) as session:
        found = poster_by_token(session, token_hash(token))
    if found is None:
        raise NotFoundError
    poster, engagement, client, brand = found
    if poster.closed_at is not None or engagement.archived_at is not None:
        raise NotFoundError
    model = model_of(caller.database, caller.settings, engagement.release_digest, locale)
    items = pulse_items(model, model.forms[engagement.form])
    if not items:
        raise NotFoundError
    sheet = Sheet(brand.brand_name or brand.name, client.name, model, items)
    return sheet, poster.tenant_id, engagement.id


def _read(sheet: Sheet, told: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for item in sheet.items:
        typed = told.get(item.id, "").strip()
        if not typed:
            continue
        try:
            given[item.id] = _value(sheet, item, typed)
        except ValueRefusedError:
            wrong[item.id] = "最多写{n}个字，不要有特殊符号，请改短一点。"
        except ValueError:
            wrong[item.id] = "请从选项里选一个。"
    if wrong:
        raise RefusedError(wrong, n=WORDS_LIMIT)
    if not given:
        raise RefusedError({"": "一题都还没有答，先答一题再提交。"})
    return given


def _value(sheet: Sheet, item: PulseItem, typed: str) -> int | str:
    if item.type == "text":
        return read_words(typed, WORDS_LIMIT)
    if item.type == "choice":
        if typed not in {choice.id for choice in item.choices}:
            raise ValueError(typed)
        return typed
    if not _NUMBER.fullmatch(typed) or int(typed) not in sheet.steps(item):
        raise ValueError(typed)
    return int(typed)
