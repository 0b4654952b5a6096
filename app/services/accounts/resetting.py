"""A new password by a mailed link, for somebody who forgot the old one.

Nobody learns from it whether an address has an account.
"""

from datetime import timedelta
from typing import Final

from app.services.accounts import passwords
from app.services.accounts.own_password import tell_of_password
from app.services.accounts.signing_in import account_door
from app.services.accounts.throttling import RESET, do_the_same_work, door, forget, knock
from app.services.callers import Caller
from app.services.errors import NotFoundError
from app.services.record.recording import record
from app.services.tokens import derived_token, is_token, token_hash
from app.services.work.mailing import LinkTo, enqueue
from app.store.doors import member_by_email, reset_by_token
from app.store.members import (
    held_member,
    held_reset,
    own_consultancy,
    revoke_devices,
    void_resets,
)
from app.store.outbox import open_reset
from app.store.rows import Member, PasswordReset
from app.store.scope import INSTALLATION
from app.store.types import new_id

LASTS: Final = timedelta(hours=1)


def ask_reset(caller: Caller, email: str) -> None:
    """Mail a link for a new password, if the address has an account that can sign in.

    Raises ``ThrottledError`` after five requests for an address in a day, account or none.
    """
    email = email.strip().lower()
    knock(caller.database, caller.now, door(caller.settings, "reset", email, RESET))
    with caller.database.reading(INSTALLATION) as session:
        member = member_by_email(session, email)
    if member is None or member.disabled_at is not None:
        do_the_same_work(caller.database, caller.now)
        return
    acting = caller.acting_as(member)
    with acting.writing() as session:
        reset = new_id()
        token = derived_token(caller.settings.key, "reset", member.tenant_id, reset)
        session.add(
            PasswordReset(
                id=reset,
                member_id=member.id,
                token_hash=token_hash(token),
                created_at=caller.now,
                expires_at=caller.now + LASTS,
            )
        )
        values = {"name": member.name}
        link = LinkTo("reset", reset)
        enqueue(session, caller.now, "reset", member.email, member.locale, values, link)
        record(acting, session, "account.reset_asked", "member", member.id)


def may_reset(caller: Caller, token: str) -> bool:
    """Tell whether a token opens a password reset that can still be used."""
    return _found(caller, token) is not None


def reset_password(caller: Caller, token: str, new: str) -> None:
    """Set a new password and sign the member out everywhere; the link is used up.

    The second factor is asked for at the next sign-in as ever. Raises ``NotFoundError`` where the
    link works no longer, ``RefusedError`` for a password that is guessed early.
    """
    found = _found(caller, token)
    if found is None:
        raise NotFoundError
    with caller.database.reading(found.tenant_id) as session:
        member = session.find(Member, found.member_id)
        if member is None:
            raise NotFoundError
        known = (member.email, member.name, own_consultancy(session).name)
    passwords.check_new(new, *known)
    kept = passwords.hashed(new)
    with caller.database.writing(found.tenant_id) as session:
        row, member = held_reset(session, found.id), held_member(session, found.member_id)
        if row is None or row.used_at or member is None or member.disabled_at:
            raise NotFoundError
        acting = caller.acting_as(member)
        member.password_hash = kept
        void_resets(session, member.id, caller.now)
        closed = revoke_devices(session, member.id, caller.now)
        # Somebody else's tries at the old password must not keep the member out.
        forget(session, account_door(caller.settings, member.email))
        tell_of_password(acting, session, member)
        record(acting, session, "account.password_reset", "member", member.id, closed=closed)


def _found(caller: Caller, token: str) -> PasswordReset | None:
    if not is_token(token):
        return None
    with caller.database.reading(INSTALLATION) as session:
        found = reset_by_token(session, token_hash(token))
    if found is None:
        return None
    with caller.database.reading(found.tenant_id) as session:
        return open_reset(session, found.id, caller.now)
