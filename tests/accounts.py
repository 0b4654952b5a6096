"""Passwords, authenticators, mail and dumps, for tests of accounts."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pyotp
from sqlalchemy import text

from app.jobs.mail import MailError, Message
from app.services.accounts import passwords
from app.services.accounts.second_factor import begin_set_up, confirm_set_up, pending_set_up
from app.services.accounts.sessions import SignedIn, open_device, resume
from app.services.acting import Acting
from app.services.callers import Caller
from app.services.work.mailing import Post, send_due_mail
from app.store.database import Database
from app.store.rows import Base, Member
from tests.installations import NOW
from tests.people import Installed, Tenant

PASSWORD: Final = "three tea houses by the river"
OTHER: Final = "nine boats under the old bridge"
LINK: Final = re.compile(r"http://127\.0\.0\.1:8000(/[a-z]+/(zm_[a-z2-7]{32}[0-9a-f]{4}))")


def give_password(installed: Installed, who: str = "owner", tenant: Tenant | None = None) -> None:
    """Let a person sign in with ``PASSWORD``."""
    tenant = tenant or installed.first
    with installed.database.writing(tenant.id) as session:
        row = session.find(Member, tenant.people[who].id)
        assert row is not None
        row.password_hash = passwords.hashed(PASSWORD)


def caller(installed: Installed, now: datetime = NOW, address: str = "203.0.113.5") -> Caller:
    """Return somebody at the door."""
    return Caller(installed.database, installed.settings, now, address, "Mozilla/5.0 Firefox/140")


def signed_in(
    installed: Installed, who: str = "owner", now: datetime = NOW, tenant: Tenant | None = None
) -> tuple[Acting, str, str]:
    """Open a device for a person; return the person at work, the device and its token."""
    tenant = tenant or installed.first
    with installed.database.writing(tenant.id) as session:
        token = open_device(session, tenant.people[who].id, now, "203.0.113.5", "test")
    found = who_is(installed, token, now)
    assert found is not None
    return found.acting, found.device, token


def who_is(installed: Installed, token: str, now: datetime = NOW) -> SignedIn | None:
    """Return who a session token belongs to at a moment."""
    return resume(installed.database, installed.settings, token, now, "203.0.113.5")


def at(acting: Acting, moment: datetime) -> Acting:
    """Return the same person at another moment."""
    return replace(acting, now=moment)


def code_at(secret: str, moment: datetime) -> str:
    """Return what an authenticator shows."""
    return pyotp.TOTP(secret).at(moment)


def with_second_factor(installed: Installed, who: str = "owner") -> tuple[str, tuple[str, ...]]:
    """Set a person's second factor up at ``NOW``; return its secret and the recovery codes."""
    acting, device, _token = signed_in(installed, who)
    begin_set_up(acting, None)
    pending = pending_set_up(acting)
    assert pending is not None
    _token, codes = confirm_set_up(acting, device, code_at(pending.secret, NOW))
    return pending.secret, codes


@dataclass
class Postbox:
    """Keeps what would be mailed; ``fails`` is raised instead as long as it is set."""

    installed: Installed
    taken: list[Message] = field(default_factory=list)
    fails: MailError | None = None

    def send(self, message: Message) -> None:
        """Take a message."""
        if self.fails is not None:
            raise self.fails
        self.taken.append(message)

    def collect(self, now: datetime = NOW) -> list[Message]:
        """Send what is due at a moment; return all that was ever taken."""
        post = Post(self.installed.database, self.installed.settings, self, lambda: now)
        send_due_mail(post)
        return self.taken

    def newest_link(self, now: datetime = NOW) -> tuple[str, str]:
        """Return path and token of the link in the newest message."""
        self.collect(now)
        found = [match for message in self.taken for match in LINK.finditer(message.text)]
        return found[-1][1], found[-1][2]


def dump(database: Database) -> str:
    """Return everything the database holds, as text."""
    with database.engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        )


def later(**time: float) -> datetime:
    """Return a moment after ``NOW``."""
    return NOW + timedelta(**time)
