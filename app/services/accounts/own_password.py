"""A member's own password: shown again before what matters, and changed."""

from app.services.accounts import passwords
from app.services.accounts.devices import renewed
from app.services.accounts.throttling import SIGN_IN, door, knock, succeed
from app.services.acting import Acting
from app.services.errors import NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.work.mailing import clock_time, enqueue
from app.store.members import held_member, own_consultancy, revoke_devices, void_resets
from app.store.rows import Member
from app.store.scope import ScopedSession


def confirm_password(acting: Acting, password: str, field: str = "password") -> None:
    """Raise ``RefusedError`` unless this is the member's password, however open the session is.

    ``field`` is the input the message belongs to. ``ThrottledError`` after too many tries.
    """
    own = door(acting.settings, "own password", f"{acting.tenant}/{acting.person}", SIGN_IN)
    tries = knock(acting.database, acting.now, own)
    with acting.reading() as session:
        member = session.find(Member, acting.person)
    if member is None or not passwords.matches(password, member.password_hash):
        raise RefusedError({field: "密码不对，什么都没有改变。"})
    with acting.writing() as session:
        succeed(session, tries, acting.now, cleared=(own,))


def change_password(acting: Acting, device: str, current: str, new: str) -> str:
    """Change the password, sign out all other devices, return this device's new token.

    Raises ``RefusedError`` where the current one is wrong or the new one is guessed early.
    """
    confirm_password(acting, current, "current")
    with acting.reading() as session:
        member = session.find(Member, acting.person)
        if member is None:
            raise NotFoundError
        known = (member.email, member.name, own_consultancy(session).name)
    passwords.check_new(new, *known)
    kept = passwords.hashed(new)
    with acting.writing() as session:
        row = held_member(session, acting.person)
        if row is None or row.password_hash != member.password_hash:
            raise RefusedError({"current": "密码刚刚在别处改过，请重新登录。"})
        row.password_hash = kept
        closed = revoke_devices(session, row.id, acting.now, but=device)
        void_resets(session, row.id, acting.now)
        token = renewed(session, device)
        tell_of_password(acting, session, row)
        record(acting, session, "account.password_changed", closed=closed)
    return token


def tell_of_password(acting: Acting, session: ScopedSession, member: Member) -> None:
    """Tell a member by mail that the password was changed."""
    values = {"name": member.name, "at": clock_time(acting, member.locale)}
    enqueue(session, acting.now, "password-changed", member.email, member.locale, values)
