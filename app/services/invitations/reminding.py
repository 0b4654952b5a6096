"""Letters to respondents: the invitation itself, and a reminder to those who have not submitted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from app.domain.agenda import agenda
from app.domain.model import MaturityModel
from app.domain.screens import minutes_alone
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError
from app.services.invitations.board import OPEN, may_write_to, status_of
from app.services.invitations.inviting import all_of
from app.services.record.recording import record
from app.services.releases import model_of
from app.services.work.mailing import LinkTo, enqueue
from app.store.interviews import answer_counts
from app.store.invitations import held_invitations, invited_responses
from app.store.rows import Consultancy, Invitation, Member
from app.store.scope import ScopedSession

LetterName: TypeAlias = Literal["invitation", "reminder"]
_DATES: Final = {"zh-Hans": "{0.year}年{0.month}月{0.day}日", "en": "{0.day} {0:%B} {0.year}"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a wish to write: letters sent, and who got none for which reason.

    ``finished`` have submitted or have a link that works no longer, ``without_address`` have no
    e-mail address, ``too_soon`` had a letter within the last day.
    """

    sent: int = 0
    finished: int = 0
    without_address: int = 0
    too_soon: int = 0


def write_to(acting: Acting, engagement: str, invitations: Collection[str] | None) -> Posted:
    """Send the link to some invited people, or to all who have not submitted (``None``).

    Who never had a letter gets the invitation, the others a reminder; nobody more than one a day.
    The letters wait in the outbox from the same transaction on. Raises ``NotFoundError`` where one
    of them is not of this engagement: then nothing is sent.
    """
    acting.must_write()
    with acting.writing() as session:
        opened = open_engagement(acting, session, engagement)
        if opened.engagement.archived_at is not None:
            raise ConflictError("archived", "这个项目已经归档。请先恢复项目，再发送邀请。")
        rows = (
            held_invitations(session, engagement)
            if invitations is None
            else all_of(session, engagement, invitations)
        )
        responses = invited_responses(session, engagement)
        counts = answer_counts(session, engagement)
        model = model_of(
            acting.database,
            acting.settings,
            opened.engagement.release_digest,
            opened.engagement.locale,
        )
        sent = finished = without = soon = 0
        for row in rows:
            response = responses.get(row.id)
            answered = counts.get(response.id, 0) if response else 0
            status = status_of(row, response, answered, acting.now)
            if status not in OPEN:
                finished += 1
            elif not row.email:
                without += 1
            elif not may_write_to(row, status, acting.now):
                soon += 1
            else:
                _write(acting, session, opened, model, row)
                sent += 1
        return Posted(sent, finished, without, soon)


def _write(
    acting: Acting, session: ScopedSession, opened: Opened, model: MaturityModel, row: Invitation
) -> None:
    engagement = opened.engagement
    name: LetterName = "invitation" if row.mailed_at is None else "reminder"
    consultancy = session.get(Consultancy, session.tenant)
    role = model.roles[row.role]
    minutes = minutes_alone(agenda(model, model.forms[engagement.form], role))
    until = row.expires_at.astimezone(ZoneInfo(acting.zone)).date()
    values = {
        "name": row.contact_name or row.label or role.title,
        "who": (consultancy.brand_name or consultancy.name) if consultancy else "",
        "inviter": acting.name,
        "client": opened.client.name,
        "model": model.content.title,
        "role": role.title,
        "minutes": str(minutes),
        "until": _DATES.get(engagement.locale, _DATES["en"]).format(until),
    }
    inviter = session.find(Member, acting.person)
    enqueue(
        session,
        acting.now,
        name,
        row.email,
        engagement.locale,
        values,
        LinkTo("invitation", row.id),
        inviter.email if inviter else "",
    )
    if row.mailed_at is None:
        row.mailed_at = acting.now
    else:
        row.reminded_at = acting.now
    told = {"role": row.role, "label": row.label}
    record(
        acting, session, f"invitation.{_DONE[name]}", "invitation", row.id, engagement.id, **told
    )


_DONE: Final = {"invitation": "mailed", "reminder": "reminded"}
