"""Becoming a member: an owner invites an address, whoever holds it accepts by a link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.services.accounts import passwords
from app.services.accounts.sessions import open_device
from app.services.accounts.throttling import INVITING, door, knock
from app.services.acting import Acting, MemberRole
from app.services.callers import Caller
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.invitations.links import standing_link
from app.services.record.recording import record
from app.services.tokens import derived_token, is_token, token_hash
from app.services.work.mailing import LinkTo, enqueue
from app.store.doors import joining_by_token
from app.store.errors import TakenError
from app.store.members import held_joining, list_joinings, member_at, own_consultancy
from app.store.outbox import open_joining
from app.store.rows import Joining, Member
from app.store.scope import INSTALLATION, ScopedSession
from app.store.types import new_id

LASTS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody is invited to."""

    tenant: str
    joining: str
    email: str
    name: str
    role: str
    consultancy: str
    locale: str
    zone: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a new member says."""

    name: str
    password: str
    locale: str
    zone: str


def invite(acting: Acting, email: str, name: str, role: MemberRole) -> str:
    """Invite somebody to become a member and mail the link; return the invitation's id.

    Raises ``RefusedError`` for the address of a member or one that is invited already.
    """
    acting.must_own()
    email = email.strip().lower()
    knock(acting.database, acting.now, door(acting.settings, "inviting", acting.tenant, INVITING))
    with acting.writing() as session:
        if member_at(session, email) is not None:
            raise RefusedError({"email": "这个邮箱已经是成员了。"})
        if any(row.email == email for row in list_joinings(session)):
            raise RefusedError(
                {"email": "这个邮箱已经邀请过，还没有接受。可以在「机构成员」里重发邀请。"}
            )
        row = Joining(
            id=new_id(),
            email=email,
            name=name,
            role=role,
            issue=0,
            token_hash="",
            invited_by=acting.person,
            created_at=acting.now,
            expires_at=acting.now,
        )
        session.add(row)
        _issue(acting, session, row)
        record(acting, session, "member.invited", "joining", row.id, email=email, role=role)
    return row.id


def invite_again(acting: Acting, joining: str) -> None:
    """Mail a new link, good for a week; the one before works no longer."""
    acting.must_own()
    knock(acting.database, acting.now, door(acting.settings, "inviting", acting.tenant, INVITING))
    with acting.writing() as session:
        row = _waiting(session, joining)
        _issue(acting, session, row)
        record(acting, session, "member.invited_again", "joining", row.id, email=row.email)


def revoke_joining(acting: Acting, joining: str) -> None:
    """Make an invitation void."""
    acting.must_own()
    with acting.writing() as session:
        row = _waiting(session, joining)
        row.revoked_at = acting.now
        record(acting, session, "member.invitation_revoked", "joining", row.id, email=row.email)


def joining_link(acting: Acting, row: Joining) -> str | None:
    """Return the link of an invitation for an owner to hand on; None where it works no longer."""
    if row.expires_at <= acting.now:
        return None
    issued = (row.issue, row.token_hash)
    return standing_link(acting.settings, "joining", acting.tenant, row.id, *issued)


def offer_of(caller: Caller, token: str) -> Offer | None:
    """Return what a link invites to, or None where it works no longer or never did."""
    if not is_token(token):
        return None
    with caller.database.reading(INSTALLATION) as session:
        found = joining_by_token(session, token_hash(token))
    if found is None:
        return None
    with caller.database.reading(found.tenant_id) as session:
        row = open_joining(session, found.id, caller.now)
        if row is None or row.token_hash != token_hash(token):
            return None
        consultancy = own_consultancy(session)
        return Offer(
            tenant=row.tenant_id,
            joining=row.id,
            email=row.email,
            name=row.name,
            role=row.role,
            consultancy=consultancy.name,
            locale=consultancy.locale,
            zone=consultancy.zone,
        )


def accept(caller: Caller, token: str, acceptance: Acceptance) -> str:
    """Make a member of whoever holds the link; return the token of the signed-in device.

    Raises ``NotFoundError`` where the link works no longer, ``RefusedError`` for a password that
    is guessed early or an address that has an account.
    """
    offer = offer_of(caller, token)
    if offer is None:
        raise NotFoundError
    passwords.check_new(acceptance.password, offer.email, acceptance.name, offer.consultancy)
    kept = passwords.hashed(acceptance.password)
    try:
        with caller.database.writing(offer.tenant) as session:
            return _join(caller, session, offer, token_hash(token), acceptance, kept)
    except TakenError:
        raise RefusedError(
            {"name": "这个邮箱在诊脉上已有账号，不能再开一个。请邀请人改用您的另一个邮箱。"}
        ) from None


def _join(
    caller: Caller,
    session: ScopedSession,
    offer: Offer,
    hashed_token: str,
    acceptance: Acceptance,
    kept: str,
) -> str:
    row = held_joining(session, offer.joining)
    if row is None or row.accepted_at or row.revoked_at or row.token_hash != hashed_token:
        raise NotFoundError
    member = Member(
        id=new_id(),
        email=row.email,
        name=acceptance.name,
        role=row.role,
        password_hash=kept,
        locale=acceptance.locale,
        zone=acceptance.zone,
        created_at=caller.now,
        signed_in_at=caller.now,
    )
    row.accepted_at = caller.now
    session.add(member)
    session.flush()
    record(
        caller.acting_as(member), session, "member.joined", "member", member.id, role=member.role
    )
    return open_device(session, member.id, caller.now, caller.address, caller.user_agent)


def _issue(acting: Acting, session: ScopedSession, row: Joining) -> None:
    row.issue += 1
    token = derived_token(acting.settings.key, "joining", acting.tenant, row.id, row.issue)
    row.token_hash, row.expires_at = token_hash(token), acting.now + LASTS
    until = row.expires_at.astimezone(ZoneInfo(acting.zone))
    values = {"name": row.name, "inviter": acting.name, "until": f"{until:%Y-%m-%d %H:%M}"}
    link = LinkTo("joining", row.id)
    enqueue(session, acting.now, "joining", row.email, acting.locale, values, link)


def _waiting(session: ScopedSession, joining: str) -> Joining:
    row = held_joining(session, joining)
    if row is None:
        raise NotFoundError
    if row.accepted_at is not None or row.revoked_at is not None:
        raise ConflictError("joining-over", "这份邀请已经接受或撤回了，请刷新页面。")
    return row
