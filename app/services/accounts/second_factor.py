"""The second factor: a code of an authenticator (TOTP, RFC 6238), or one of ten recovery codes.

The authenticator's secret is kept locked (``app.services.accounts.safe``), recovery codes as keyed
hashes. A code works in its own half minute and the ones next to it, once.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp

from app.services.accounts.devices import renewed
from app.services.accounts.own_password import confirm_password
from app.services.accounts.safe import locked, unlocked
from app.services.accounts.throttling import SECOND_FACTOR, Door, door, knock, succeed
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.work.mailing import clock_time, enqueue
from app.settings import Settings
from app.store.members import held_member, own_consultancy, revoke_devices
from app.store.rows import Member
from app.store.scope import ScopedSession

ISSUER: Final = "诊脉"
RECOVERY_CODES: Final = 10
SECONDS: Final = 30
_SECRET_BYTES: Final = 20
_RECOVERY_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and small letters without those that look alike: 0 and o, 1, i and l."""
_RECOVERY_LENGTH: Final = 12
"""Sixty bits nearly: more than anybody tries at twenty an hour."""
_DIGITS: Final = re.compile(r"[0-9]{6}", re.ASCII)
_WRONG: Final = "验证码不对或已经用过。请等验证器显示下一个6位数字再试；也可以用一个恢复码。"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an authenticator needs: ``uri`` for its camera, ``secret`` for typing."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """How it stands with a member's second factor."""

    since: datetime | None
    codes_left: int
    required: bool


def second_factor(acting: Acting) -> SecondFactor:
    """Return how it stands with the member's own second factor."""
    with acting.reading() as session:
        member = _own(session, acting)
        required = own_consultancy(session).second_factor_required
        return SecondFactor(member.totp_confirmed_at, len(member.recovery_codes), required)


def begin_set_up(acting: Acting, password: str | None) -> None:
    """Make a new secret that waits for its first code.

    ``password`` is shown once more, except (None) by members who must set a second factor up
    before anything else: they have just signed in. Raises ``RefusedError`` for a wrong one,
    ``ConflictError`` where a second factor is on already.
    """
    if password is not None:
        confirm_password(acting, password)
    with acting.writing() as session:
        member = _held(session, acting.person)
        _must_be_off(member)
        secret = secrets.token_bytes(_SECRET_BYTES)
        member.totp_secret = locked(acting.settings.key, _owner(member), secret)
        member.totp_last_step = 0


def pending_set_up(acting: Acting) -> SetUp | None:
    """Return the secret that waits for its first code, or None where none does."""
    with acting.reading() as session:
        member = _own(session, acting)
    found = _secret(acting.settings, member)
    if found is None or member.totp_confirmed_at is not None:
        return None
    totp = _totp(found)
    return SetUp(totp.secret, totp.provisioning_uri(name=member.email, issuer_name=ISSUER))


def confirm_set_up(acting: Acting, device: str, code: str) -> tuple[str, tuple[str, ...]]:
    """Turn the second factor on by its first code; return this device's new token and the
    recovery codes, which nobody can show again.

    Raises ``RefusedError`` for a wrong code, ``ThrottledError`` after too many.
    """
    own = _door(acting)
    tries = knock(acting.database, acting.now, own)
    with acting.writing() as session:
        member = _held(session, acting.person)
        _must_be_off(member)
        secret = _secret(acting.settings, member)
        step = _step_of(secret, code, acting.now, member.totp_last_step) if secret else None
        if secret is None or step is None:
            raise RefusedError({"code": "验证码不对。请看验证器上这一刻的6位数字，手机时间要准。"})
        succeed(session, tries, acting.now, cleared=(own,))
        member.totp_confirmed_at, member.totp_last_step = acting.now, step
        codes = _new_codes(secret, member)
        token = renewed(session, device, acting.now)
        values = {"name": member.name, "at": clock_time(acting, member.locale)}
        enqueue(session, acting.now, "second-factor-on", member.email, member.locale, values)
        record(acting, session, "account.second_factor_on")
    return token, codes


def show_code(acting: Acting, device: str, code: str) -> str:
    """Take the second step of signing in; return this device's new token.

    Raises ``RefusedError`` for a wrong or used code, ``ThrottledError`` after too many.
    """
    own = _door(acting)
    tries = knock(acting.database, acting.now, own)
    with acting.writing() as session:
        member = _held(session, acting.person)
        how = _used(acting, member, code)
        if how:
            succeed(session, tries, acting.now, cleared=(own,))
            token = renewed(session, device, acting.now)
            left = len(member.recovery_codes)
            record(acting, session, "account.second_factor_shown", how=how, codes_left=left)
        else:
            # The transaction goes through all the same: the record keeps the failure.
            token = ""
            record(acting, session, "account.second_factor_failed")
    if not how:
        raise RefusedError({"code": _WRONG})
    return token


def renew_codes(acting: Acting, password: str) -> tuple[str, ...]:
    """Replace the recovery codes; raises ``RefusedError`` for a wrong password."""
    confirm_password(acting, password)
    with acting.writing() as session:
        member = _held(session, acting.person)
        secret = _secret(acting.settings, member)
        if secret is None or member.totp_confirmed_at is None:
            raise ConflictError("second-factor-off", "两步验证还没有开启。")
        codes = _new_codes(secret, member)
        record(acting, session, "account.recovery_codes_renewed")
    return codes


def turn_off(acting: Acting, device: str, password: str) -> str:
    """Turn the member's own second factor off; return this device's new token.

    Raises ``RefusedError`` for a wrong password.
    """
    confirm_password(acting, password)
    with acting.writing() as session:
        member = _held(session, acting.person)
        # Whoever got as far as the second step elsewhere must not get in by its end.
        revoke_devices(session, member.id, acting.now, but=device, unverified_alone=True)
        clear(acting, session, member)
        token = renewed(session, device)
        record(acting, session, "account.second_factor_off")
    return token


def clear(acting: Acting, session: ScopedSession, member: Member) -> None:
    """Take a member's second factor away and tell the member by mail."""
    member.totp_secret = member.totp_confirmed_at = None
    member.totp_last_step, member.recovery_codes = 0, []
    values = {"name": member.name, "at": clock_time(acting, member.locale), "actor": acting.name}
    enqueue(session, acting.now, "second-factor-off", member.email, member.locale, values)


def _used(acting: Acting, member: Member, code: str) -> str:
    """Use a code up; return what it was, or nothing where it does not open the account."""
    secret = _secret(acting.settings, member)
    if secret is None or member.totp_confirmed_at is None:
        return ""
    if _DIGITS.fullmatch(code):
        step = _step_of(secret, code, acting.now, member.totp_last_step)
        if step is None:
            return ""
        member.totp_last_step = step
    else:
        used = _recovery_hash(secret, code)
        left = [kept for kept in member.recovery_codes if kept != used]
        if len(left) == len(member.recovery_codes):
            return ""
        member.recovery_codes = left
    # After a change of the installation's key: from now on the new one opens it.
    member.totp_secret = locked(acting.settings.key, _owner(member), secret)
    return "authenticator" if _DIGITS.fullmatch(code) else "recovery code"


def _step_of(secret: bytes, code: str, now: datetime, last: int) -> int | None:
    """Return the half minute a code belongs to, or None where it is wrong or was used."""
    totp = _totp(secret)
    current = int(now.timestamp()) // SECONDS
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > last:
            return step
    return None


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(b32encode(secret).decode(), interval=SECONDS)


def _secret(settings: Settings, member: Member) -> bytes | None:
    """Return the authenticator's secret, opened with the key of now or a former one."""
    if member.totp_secret is None:
        return None
    keys = (settings.key, *settings.old_secret_keys)
    return unlocked(keys, _owner(member), member.totp_secret)


def _new_codes(secret: bytes, member: Member) -> tuple[str, ...]:
    codes = tuple(
        "".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    )
    member.recovery_codes = [_recovery_hash(secret, code) for code in codes]
    return codes


def _recovery_hash(secret: bytes, code: str) -> str:
    """Return what is kept of a recovery code: keyed with what the database keeps locked."""
    return hmac.new(secret, f"recovery:{code}".encode(), hashlib.sha256).hexdigest()


def _owner(member: Member) -> str:
    return f"totp:{member.tenant_id}/{member.id}"


def _door(acting: Acting) -> Door:
    who = f"{acting.tenant}/{acting.person}"
    return door(acting.settings, "second factor", who, SECOND_FACTOR)


def _must_be_off(member: Member) -> None:
    if member.totp_confirmed_at is not None:
        raise ConflictError("second-factor-on", "两步验证已经开启。要换手机，请先关闭再重新开启。")


def _own(session: ScopedSession, acting: Acting) -> Member:
    member = session.find(Member, acting.person)
    if member is None:
        raise NotFoundError
    return member


def _held(session: ScopedSession, member: str) -> Member:
    row = held_member(session, member)
    if row is None:
        raise NotFoundError
    return row
