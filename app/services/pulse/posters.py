"""The poster of an engagement: made, replaced, closed; how many customers have answered.

What customers said is shown nowhere before enough of them have answered: a few voices are known by
their words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.definitions.questionnaire import Form, PulseItem
from app.domain.model import MaturityModel
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError
from app.services.invitations.links import standing_link
from app.services.record.recording import record
from app.services.releases import model_of
from app.services.tokens import derived_token, token_hash
from app.store.pulse import count_pulse, find_poster, held_poster
from app.store.rows import PulsePoster
from app.store.scope import ScopedSession
from app.store.types import new_id


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster: where its code leads, who asks, and how many customers answered so far.

    ``link`` is None where there is none, it was closed, or nobody can make its token any more.
    ``least`` customers are needed before anything of it is shown. ``made_at`` is None where there
    never was one. ``offered`` is false where the form of the engagement has no pulse.
    """

    offered: bool
    client: str
    items: tuple[PulseItem, ...]
    link: str | None
    answers: int
    least: int
    made_at: datetime | None
    closed_at: datetime | None

    @property
    def enough(self) -> bool:
        """Whether so many have answered that the diagnosis shows it."""
        return self.answers >= self.least


def pulse_items(model: MaturityModel, form: Form) -> tuple[PulseItem, ...]:
    """Return the pulse items of a form; none where it leaves the customers out."""
    if form.every_question:
        return model.content.pulse
    return tuple(item for item in model.content.pulse if item.id in form.pulse)


def poster_of(acting: Acting, engagement: str) -> Poster:
    """Return the poster of an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        row, answers = find_poster(session, engagement), count_pulse(session, engagement)
    model = _model(acting, opened)
    items = pulse_items(model, model.forms[opened.engagement.form])
    return Poster(
        offered=bool(items),
        client=opened.client.name,
        items=items,
        link=_link(acting, opened, row),
        answers=answers,
        least=model.content.rating.agreement.pulse_minimum,
        made_at=row.created_at if row else None,
        closed_at=row.closed_at if row else None,
    )


def make_poster(acting: Acting, engagement: str) -> None:
    """Make the poster, or open a closed one again; one that is open stays as it is.

    Raises ``NotFoundError``, ``NotAllowedError`` and ``ConflictError`` ("archived", "no-pulse").
    """
    acting.must_write()
    with acting.writing() as session:
        opened = _writable(acting, session, engagement)
        model = _model(acting, opened)
        if not pulse_items(model, model.forms[opened.engagement.form]):
            raise ConflictError("no-pulse", "这份问卷不问客户，没有客户脉搏。")
        row = held_poster(session, engagement)
        if row is not None and row.closed_at is None:
            return
        if row is None:
            name = new_id()
            row = PulsePoster(
                id=name,
                engagement_id=engagement,
                token_hash=_hash(acting, name, 1),
                created_at=acting.now,
                created_by=acting.person,
            )
            session.add(row)
        row.closed_at = None
        record(acting, session, "pulse.opened", "poster", row.id, engagement, issue=row.issue or 1)


def replace_poster(acting: Acting, engagement: str) -> None:
    """Give the poster another code; the old one is void at once, what was answered stays.

    Raises ``NotFoundError``, ``NotAllowedError`` and ``ConflictError`` ("archived").
    """
    with _held(acting, engagement) as (session, row):
        row.issue += 1
        row.token_hash = _hash(acting, row.id, row.issue)
        row.closed_at = None
        record(acting, session, "pulse.replaced", "poster", row.id, engagement, issue=row.issue)


def close_poster(acting: Acting, engagement: str) -> None:
    """Take no more answers; doing so twice changes nothing. Raises as ``replace_poster``."""
    with _held(acting, engagement) as (session, row):
        if row.closed_at is None:
            row.closed_at = acting.now
            record(acting, session, "pulse.closed", "poster", row.id, engagement, issue=row.issue)


@contextmanager
def _held(acting: Acting, engagement: str) -> Iterator[tuple[ScopedSession, PulsePoster]]:
    acting.must_write()
    with acting.writing() as session:
        _writable(acting, session, engagement)
        row = held_poster(session, engagement)
        if row is None:
            raise NotFoundError
        yield session, row


def _writable(acting: Acting, session: ScopedSession, engagement: str) -> Opened:
    opened = open_engagement(acting, session, engagement)
    if opened.engagement.archived_at is not None:
        raise ConflictError("archived", "项目已归档，恢复之后才能改海报。")
    return opened


def _model(acting: Acting, opened: Opened) -> MaturityModel:
    digest = opened.engagement.release_digest
    return model_of(acting.database, acting.settings, digest, acting.locale)


def _link(acting: Acting, opened: Opened, row: PulsePoster | None) -> str | None:
    if row is None or row.closed_at is not None or opened.engagement.archived_at is not None:
        return None
    issued = (row.issue, row.token_hash)
    return standing_link(acting.settings, "pulse", acting.tenant, row.id, *issued)


def _hash(acting: Acting, poster: str, issue: int) -> str:
    return token_hash(derived_token(acting.settings.key, "pulse", acting.tenant, poster, issue))
