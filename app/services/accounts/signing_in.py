"""Signing in with address and password.

Whether there is an account, whether it is disabled and whether the password was wrong is answered
with the same words after the same work.
"""

from datetime import timedelta
from typing import Final

from app.services.accounts import passwords
from app.services.accounts.devices import drop_device
from app.services.accounts.sessions import open_device
from app.services.accounts.throttling import (
    ALL_SIGN_INS,
    SIGN_IN,
    Door,
    do_the_same_work,
    door,
    knock,
    network_of,
    succeed,
)
from app.services.callers import Caller
from app.services.errors import RefusedError
from app.services.record.recording import record
from app.settings import Settings
from app.store.doors import member_by_email
from app.store.members import forget_past, held_member
from app.store.rows import Member
from app.store.scope import INSTALLATION

KEPT: Final = timedelta(days=30)
"""How long ended sessions and used links of a member stay in the database."""

WRONG: Final = "邮箱或密码不对，或者账号已停用。请检查后再试，也可以用邮件重设密码。"


def account_door(settings: Settings, email: str) -> Door:
    """Return the door that counts the tries at one account, whether it exists or not."""
    return door(settings, "sign-in", email, SIGN_IN)


def sign_in(caller: Caller, email: str, password: str, brought: str = "") -> str:
    """Return the token of a new signed-in device.

    ``brought`` is the session token the browser sent, which dies. Raises ``RefusedError`` where
    the two do not open an account, ``ThrottledError`` after too many tries.
    """
    email = email.strip().lower()
    account = account_door(caller.settings, email)
    tries = knock(
        caller.database,
        caller.now,
        account,
        door(caller.settings, "sign-in from", network_of(caller.address), SIGN_IN),
        door(caller.settings, "sign-in", "", ALL_SIGN_INS),
    )
    with caller.database.reading(INSTALLATION) as session:
        member = member_by_email(session, email)
    if not passwords.matches(password, member.password_hash if member else None):
        _note_failure(caller, member)
        raise RefusedError({"password": WRONG})
    if member is None or member.disabled_at is not None:
        _note_failure(caller, member)
        raise RefusedError({"password": WRONG})
    drop_device(caller.database, brought, caller.now)
    renewed = passwords.hashed(password) if passwords.outdated(member.password_hash) else None
    with caller.database.writing(member.tenant_id) as session:
        row = held_member(session, member.id)
        if row is None or row.disabled_at or row.password_hash != member.password_hash:
            # Changed while the password was being checked.
            raise RefusedError({"password": WRONG})
        succeed(session, tries, caller.now, cleared=(account,))
        if renewed is not None:
            row.password_hash = renewed
        row.signed_in_at = caller.now
        forget_past(session, row.id, caller.now - KEPT)
        token = open_device(session, row.id, caller.now, caller.address, caller.user_agent)
        record(caller.acting_as(row), session, "account.signed_in")
    return token


def _note_failure(caller: Caller, member: Member | None) -> None:
    """Write a failed try into the record of the consultancy whose member was tried."""
    if member is None:
        do_the_same_work(caller.database, caller.now)
        return
    with caller.database.writing(member.tenant_id) as session:
        record(caller.acting_as(member), session, "account.sign_in_failed", "member", member.id)
