"""The members of a consultancy, as its owners see and change them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from app.services.accounts.joining import joining_link
from app.services.accounts.second_factor import clear
from app.services.acting import Acting, MemberRole
from app.services.errors import ConflictError, NotFoundError
from app.services.record.recording import record
from app.store.members import (
    count_other_owners,
    held_consultancy,
    held_member,
    list_joinings,
    list_members,
    own_consultancy,
    revoke_devices,
)
from app.store.rows import Member
from app.store.scope import ScopedSession


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in the list."""

    id: str
    name: str
    email: str
    role: MemberRole
    has_second_factor: bool
    signed_in_at: datetime | None
    disabled_at: datetime | None
    is_self: bool
    is_last_owner: bool


@dataclass(frozen=True, slots=True)
class JoiningLine:
    """An invitation that waits. ``link`` is None where it has to be sent anew."""

    id: str
    name: str
    email: str
    role: MemberRole
    expires_at: datetime
    link: str | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in the consultancy, and everybody invited."""

    members: tuple[MemberLine, ...]
    joinings: tuple[JoiningLine, ...]
    second_factor_required: bool


def roster(acting: Acting) -> Roster:
    """Return the members and the invitations that wait; for owners."""
    acting.must_own()
    with acting.reading() as session:
        rows = list_members(session)
        owners = [row.id for row in rows if row.role == "owner" and row.disabled_at is None]
        return Roster(
            members=tuple(_member_line(acting, row, owners) for row in rows),
            joinings=tuple(
                JoiningLine(
                    id=row.id,
                    name=row.name,
                    email=row.email,
                    role=cast(MemberRole, row.role),
                    expires_at=row.expires_at,
                    link=joining_link(acting, row),
                )
                for row in list_joinings(session)
            ),
            second_factor_required=own_consultancy(session).second_factor_required,
        )


def member_line(acting: Acting, member: str) -> MemberLine:
    """Return one member; for owners. Raises ``NotFoundError``."""
    found = next((line for line in roster(acting).members if line.id == member), None)
    if found is None:
        raise NotFoundError
    return found


def _member_line(acting: Acting, row: Member, owners: list[str]) -> MemberLine:
    return MemberLine(
        id=row.id,
        name=row.name,
        email=row.email,
        role=cast(MemberRole, row.role),
        has_second_factor=row.totp_confirmed_at is not None,
        signed_in_at=row.signed_in_at,
        disabled_at=row.disabled_at,
        is_self=row.id == acting.person,
        is_last_owner=owners == [row.id],
    )


def change_role(acting: Acting, member: str, role: MemberRole) -> None:
    """Give a member another role; it holds from the member's next request on.

    Raises ``ConflictError`` for the last owner.
    """

    def change(session: ScopedSession, row: Member) -> None:
        if row.role == role:
            return
        if role != "owner":
            _keep_an_owner(session, row)
        before, row.role = row.role, role
        record(acting, session, "member.role_changed", "member", row.id, member=row.name,
               before=before, after=role)  # fmt: skip

    _with_member(acting, member, change)


def disable(acting: Acting, member: str) -> None:
    """Shut a member out at once, on every device. Raises ``ConflictError`` for the last owner."""

    def change(session: ScopedSession, row: Member) -> None:
        if row.disabled_at is not None:
            return
        _keep_an_owner(session, row)
        row.disabled_at = acting.now
        closed = revoke_devices(session, row.id, acting.now)
        record(acting, session, "member.disabled", "member", row.id, member=row.name, closed=closed)

    _with_member(acting, member, change)


def enable(acting: Acting, member: str) -> None:
    """Let a member sign in again."""

    def change(session: ScopedSession, row: Member) -> None:
        if row.disabled_at is not None:
            row.disabled_at = None
            record(acting, session, "member.enabled", "member", row.id, member=row.name)

    _with_member(acting, member, change)


def reset_second_factor(acting: Acting, member: str) -> None:
    """Take the second factor of a member away who lost it, and sign the member out everywhere.

    One's own is turned off with the password instead (``ConflictError``).
    """
    if member == acting.person:
        raise ConflictError("own-second-factor", "自己的两步验证请在个人资料里用密码关闭。")

    def change(session: ScopedSession, row: Member) -> None:
        if row.totp_secret is None:
            return
        closed = revoke_devices(session, row.id, acting.now)
        clear(acting, session, row)
        record(
            acting, session, "member.second_factor_reset", "member", row.id, member=row.name,
            closed=closed,
        )  # fmt: skip

    _with_member(acting, member, change)


def require_second_factor(acting: Acting, required: bool) -> None:
    """Say whether every member needs a second factor; who has none is led to it at once."""
    acting.must_own()
    with acting.writing() as session:
        consultancy = held_consultancy(session)
        if consultancy.second_factor_required != required:
            consultancy.second_factor_required = required
            record(acting, session, "consultancy.second_factor_required", required=required)


def _with_member(
    acting: Acting, member: str, change: Callable[[ScopedSession, Member], None]
) -> None:
    """Change a member; one owner at a time, so that two cannot both leave by each other's help."""
    acting.must_own()
    with acting.writing() as session:
        held_consultancy(session)
        row = held_member(session, member)
        if row is None:
            raise NotFoundError
        change(session, row)


def _keep_an_owner(session: ScopedSession, row: Member) -> None:
    if row.role == "owner" and count_other_owners(session, row.id) == 0:
        raise ConflictError(
            "last-owner", "至少要有一位能登录的所有者。请先把另一位成员设为所有者。"
        )
