"""Inviting respondents: links by role, made, sent, replaced and withdrawn.

A link's token is derived from the installation's key and stored nowhere; the row keeps its hash.
Whoever may write in an engagement sees its links; whoever only looks does not, because a link is
a right to answer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.bounds import LABEL_LIMIT, NAME_LIMIT
from app.domain.definitions.questionnaire import Role
from app.domain.model import MaturityModel
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.interviews.interviewing import askable_roles
from app.services.invitations.links import standing_link
from app.services.record.recording import record
from app.services.releases import model_of
from app.services.tokens import derived_token, token_hash
from app.store.clients import held_engagement
from app.store.invitations import find_invitations, invitations_of, invited_responses
from app.store.rows import Invitation
from app.store.scope import ScopedSession
from app.store.types import new_id

DAYS: Final = 30
MOST_DAYS: Final = 180
MOST_AT_ONCE: Final = 2_000
MOST_IN_ALL: Final = 5_000
LAST_SECOND: Final = time(23, 59, 59)
_OUTSIDE: Final = ("consultant", "system")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to be invited. ``label`` tells people of one role apart; it is never a name."""

    role: str
    label: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    days: int = DAYS


class LabelTakenError(RefusedError):
    """Two people of one role would have the same label; ``place`` (from 0) is whose it is."""

    def __init__(self, place: int, label: str) -> None:
        super().__init__({"label": label_taken(label)}, label=label)
        self.place = place


def label_taken(label: str) -> str:
    """Return what is said where somebody of the role has this label already, a Chinese key."""
    if label:
        return "这个角色下已经有「{label}」，请换一个标签。"
    return "这个角色已经有一份没有标签的邀请，请写门店或区域加以区分。"


def invitable_roles(model: MaturityModel, form: str) -> tuple[Role, ...]:
    """Return the roles of the enterprise (and its customers) that are asked anything."""
    return tuple(
        role for role in askable_roles(model, model.forms[form]) if role.side not in _OUTSIDE
    )


def invite(acting: Acting, engagement: str, people: Sequence[Invited]) -> tuple[str, ...]:
    """Make a link for each of the people, or for none; return the ids of the invitations.

    Raises ``NotFoundError``, ``NotAllowedError``, ``RefusedError`` (a role nobody is asked in, too
    many), ``LabelTakenError``, ``ConflictError`` ("archived").
    """
    acting.must_write()
    with acting.writing() as session:
        opened = _opened(acting, session, engagement)
        return _invite(acting, session, opened, people)


def invite_several(acting: Acting, engagement: str, each: Invited, count: int) -> tuple[str, ...]:
    """Make ``count`` links for one role; labels are that of ``each`` with the next free numbers."""
    acting.must_write()
    with acting.writing() as session:
        opened = _opened(acting, session, engagement)
        taken = taken_labels(session, engagement)
        # 店1, but Store 1.
        gap = " " if each.label[-1:].isascii() and each.label[-1:].isalpha() else ""
        people: list[Invited] = []
        number = 0
        while len(people) < count:
            number += 1
            label = f"{each.label}{gap}{number}"
            if (each.role, label) not in taken:
                people.append(replace(each, label=label))
        return _invite(acting, session, opened, people)


def change_invitation(
    acting: Acting, engagement: str, invitation: str, told: Invited, expires_on: date
) -> None:
    """Change who is invited and until the end of which day; role and link stay as they are.

    Raises ``NotFoundError``, ``LabelTakenError``, and ``RefusedError`` for an end in the past or
    too far away.
    """
    acting.must_write()
    if not acting.today <= expires_on <= acting.today + timedelta(days=MOST_DAYS):
        raise RefusedError({"expires_on": "截止日期应在今天到{n}天之后之间。"}, n=MOST_DAYS)
    with acting.writing() as session:
        _opened(acting, session, engagement)
        row = all_of(session, engagement, [invitation])[0]
        others = taken_labels(session, engagement, besides=row.id)
        if (row.role, told.label) in others:
            raise LabelTakenError(0, told.label)
        response = invited_responses(session, engagement).get(row.id)
        if response is not None:
            # The person's answers go by the same label; the two must not drift apart.
            response.label = told.label
        row.label, row.contact_name = told.label, told.contact_name
        row.email, row.phone = told.email, told.phone
        row.expires_at = datetime.combine(expires_on, LAST_SECOND, ZoneInfo(acting.zone))
        _record(acting, session, "invitation.changed", row)


def revoke(acting: Acting, engagement: str, invitations: Collection[str]) -> int:
    """Make links void and return how many were not void yet; what was answered stays.

    Raises ``NotFoundError`` where one of them is not of this engagement: then nothing changes.
    """
    acting.must_write()
    with acting.writing() as session:
        _opened(acting, session, engagement)
        rows = [one for one in all_of(session, engagement, invitations) if one.revoked_at is None]
        for row in rows:
            row.revoked_at = acting.now
            _record(acting, session, "invitation.revoked", row)
        return len(rows)


def reissue(acting: Acting, engagement: str, invitations: Collection[str]) -> int:
    """Replace links by new ones, good for ``DAYS`` days; return how many.

    The old ones and the devices they opened are shut out at once. Answers stay and can be gone on
    with. Who has submitted needs no link: theirs stays as it is. Raises as ``revoke``.
    """
    acting.must_write()
    with acting.writing() as session:
        _opened(acting, session, engagement)
        responses = invited_responses(session, engagement)
        rows = all_of(session, engagement, invitations)
        done = {name for name, one in responses.items() if one.submitted_at is not None}
        replaced = [row for row in rows if row.id not in done]
        for row in replaced:
            row.issue += 1
            row.token_hash = _hash_of(acting, row.id, row.issue)
            row.expires_at = acting.now + timedelta(days=DAYS)
            row.revoked_at = row.opened_at = row.mailed_at = row.reminded_at = None
            _record(acting, session, "invitation.reissued", row, issue=row.issue)
        return len(replaced)


def all_of(
    session: ScopedSession, engagement: str, invitations: Collection[str]
) -> Sequence[Invitation]:
    """Return all of some invitations; raises ``NotFoundError`` where one is not of the engagement.

    One foreign id refuses the whole request.
    """
    wanted = set(invitations)
    rows = find_invitations(session, engagement, wanted)
    if len(rows) != len(wanted):
        raise NotFoundError
    return rows


def link_of(acting: Acting, row: Invitation) -> str | None:
    """Return the link of an invitation, None where it works no longer."""
    if row.revoked_at is not None or row.expires_at <= acting.now:
        return None
    issued = (row.issue, row.token_hash)
    return standing_link(acting.settings, "invitation", acting.tenant, row.id, *issued)


def _opened(acting: Acting, session: ScopedSession, engagement: str) -> Opened:
    opened = open_engagement(acting, session, engagement)
    # Held, so that two people who invite at once cannot give the same label twice.
    held_engagement(session, engagement)
    return opened


def _invite(
    acting: Acting, session: ScopedSession, opened: Opened, people: Sequence[Invited]
) -> tuple[str, ...]:
    engagement = opened.engagement
    if engagement.archived_at is not None:
        raise ConflictError("archived", "这个项目已经归档。请先恢复项目，再邀请受访者。")
    model = model_of(acting.database, acting.settings, engagement.release_digest)
    roles = {role.id for role in invitable_roles(model, engagement.form)}
    taken = taken_labels(session, engagement.id)
    if len(people) > MOST_AT_ONCE or len(taken) + len(people) > MOST_IN_ALL:
        raise RefusedError({"count": "一次最多{n}位，一个项目最多{all}位。"},
                           n=MOST_AT_ONCE, all=MOST_IN_ALL)  # fmt: skip
    rows = []
    for place, one in enumerate(people):
        _check(one, roles)
        if (one.role, one.label) in taken:
            raise LabelTakenError(place, one.label)
        taken.add((one.role, one.label))
        rows.append(_row(acting, engagement.id, one, place))
    session.add_all(rows)
    session.flush()
    subject = rows[0].id if len(rows) == 1 else ""
    detail = {"n": len(rows), "roles": sorted({row.role for row in rows})}
    if len(rows) == 1:
        detail["label"] = rows[0].label
    record(acting, session, "invitation.created", "invitation", subject, engagement.id, **detail)
    return tuple(row.id for row in rows)


def _record(
    acting: Acting, session: ScopedSession, action: str, row: Invitation, **detail: int
) -> None:
    told = {"role": row.role, "label": row.label, **detail}
    record(acting, session, action, "invitation", row.id, row.engagement_id, **told)


def _check(one: Invited, roles: Collection[str]) -> None:
    """Refuse what no form would let through, whichever way it comes in."""
    if one.role not in roles:
        raise RefusedError({"role": "这份问卷不问这个角色，请从列表里选。"})
    if len(one.label) > LABEL_LIMIT or len(one.contact_name) > NAME_LIMIT:
        raise RefusedError({"label": "标签或姓名写得太长了，请缩短。"})
    if not 1 <= one.days <= MOST_DAYS:
        raise RefusedError({"days": "有效天数应在1到{n}之间。"}, n=MOST_DAYS)


def _row(acting: Acting, engagement: str, one: Invited, place: int) -> Invitation:
    invitation = new_id()
    return Invitation(
        id=invitation,
        engagement_id=engagement,
        role=one.role,
        label=one.label,
        contact_name=one.contact_name,
        email=one.email,
        phone=one.phone,
        token_hash=_hash_of(acting, invitation, 1),
        # Listed in the order they were given, though made at the same moment.
        created_at=acting.now + timedelta(microseconds=place),
        created_by=acting.person,
        expires_at=acting.now + timedelta(days=one.days),
    )


def _hash_of(acting: Acting, invitation: str, issue: int) -> str:
    token = derived_token(acting.settings.key, "invitation", acting.tenant, invitation, issue)
    return token_hash(token)


def taken_labels(
    session: ScopedSession, engagement: str, besides: str = ""
) -> set[tuple[str, str]]:
    """Return role and label of everybody invited whose link stands or who has begun to answer."""
    answering = invited_responses(session, engagement)
    rows: Iterable[Invitation] = invitations_of(session, engagement)
    return {
        (row.role, row.label)
        for row in rows
        if row.id != besides and (row.revoked_at is None or row.id in answering)
    }
