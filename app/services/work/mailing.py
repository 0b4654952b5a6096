"""E-mail goes through an outbox: a row in the transaction of what it tells about, sent later.

A row names its letter and what fills it in. A secret link is never in it: the row says what the
link opens, and the address is built at the moment of sending, if the link still works then.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.forms.zones import zone_name
from app.jobs.mail import (
    ConsoleTransport,
    FileTransport,
    MailError,
    Message,
    PermanentMailError,
    SmtpTransport,
    Transport,
    message_id_of,
    parsed_address,
)
from app.services.acting import Acting
from app.services.invitations.links import standing_link
from app.services.tokens import PREFIX, Purpose
from app.services.work.letters import filled, letter
from app.settings import Settings
from app.store.database import Database
from app.store.outbox import (
    due_mail,
    open_contact_link,
    open_invitation,
    open_joining,
    open_reset,
    unsent,
)
from app.store.rows import Consultancy, OutgoingMail
from app.store.scope import INSTALLATION, ScopedSession

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 12 * 60))
"""How long to wait after each failure; the failure that follows the last is the end of it."""

_TOKEN: Final = re.compile(rf"{PREFIX}[a-z0-9]+")
_LINK: Final = "_link"
_REPLY_TO: Final = "_reply_to"


@dataclass(frozen=True, slots=True)
class LinkTo:
    """What a letter's ``[[link]]`` opens: the row ``subject``, of a purpose."""

    purpose: Purpose
    subject: str


def transport_of(settings: Settings, write: Callable[[str], object]) -> Transport:
    """Return the way out that the settings name; ``write`` prints for the console."""
    if settings.mail == "smtp":
        return SmtpTransport(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
    if settings.mail == "file":
        return FileTransport(settings.data / "mail")
    return ConsoleTransport(write)


def clock_time(acting: Acting, locale: str, at: datetime | None = None) -> str:
    """Return a moment, else now, as letters in a language write it: by the clock of who acts."""
    told = (at or acting.now).astimezone(ZoneInfo(acting.zone))
    return f"{told:%Y-%m-%d %H:%M} ({zone_name(acting.zone, locale)})"


def enqueue(
    session: ScopedSession,
    now: datetime,
    name: str,
    recipient: str,
    locale: str,
    values: Mapping[str, str],
    link: LinkTo | None = None,
    reply_to: str = "",
) -> OutgoingMail:
    """Put a letter into the tenant's outbox, in the transaction at hand; return its row.

    ``values`` fill the letter in (``consultancy`` and ``address``, the installation's, are always
    there); they must not hold a secret link, for which there is ``link``. ``reply_to`` is the
    address that answers go to; without it they go to the installation's own. Raises ``ValueError``
    where a placeholder has no value, so that no letter can wait that could not be written.
    """
    given = {"consultancy", "address", *values, *(["link"] if link else [])}
    missing = letter(name, locale).placeholders - given
    if missing:
        raise ValueError(f"letter {name} needs {', '.join(sorted(missing))}")
    if any(_TOKEN.search(value) for value in values.values()):
        raise ValueError(f"letter {name}: a secret link must not be stored")
    kept: dict[str, object] = dict(values)
    if link is not None:
        kept[_LINK] = {"purpose": link.purpose, "subject": link.subject}
    if reply_to:
        kept[_REPLY_TO] = reply_to
    mail = OutgoingMail(
        recipient=recipient,
        template=name,
        locale=locale,
        values=kept,
        created_at=now,
        due_at=now,
    )
    session.add(mail)
    return mail


class _VoidError(Exception):
    """What the letter's link opens is gone: nobody needs the letter any more."""


@dataclass(frozen=True, slots=True)
class Post:
    """The way mail goes out of an installation."""

    database: Database
    settings: Settings
    transport: Transport
    clock: Callable[[], datetime]


def send_due_mail(post: Post, limit: int = 20) -> int:
    """Send the messages whose time has come; return how many were sent.

    A message is taken by moving its next try into the future, so that two workers do not both
    send it, and none is lost with a worker that dies. It may then arrive twice, under one
    Message-ID.
    """
    with post.database.reading(INSTALLATION) as session:
        found = due_mail(session, post.clock(), limit)
    return sum(_sent(post, tenant, mail) for tenant, mail in found)


def has_due_mail(post: Post) -> bool:
    """Tell whether a letter waits to be sent now."""
    with post.database.reading(INSTALLATION) as session:
        return bool(due_mail(session, post.clock(), 1))


def _sent(post: Post, tenant: str, mail: str) -> bool:
    message = _taken(post, tenant, mail)
    if message is None:
        return False
    error: MailError | None = None
    try:
        post.transport.send(message)
    except MailError as failure:
        error = failure
    with post.database.writing(tenant) as session:
        row = unsent(session, mail)
        if row is not None:
            _note(row, post.clock(), error)
    return error is None


def _taken(post: Post, tenant: str, mail: str) -> Message | None:
    """Return the message to send now, its next try moved on; None where there is none."""
    now = post.clock()
    with post.database.writing(tenant) as session:
        row = unsent(session, mail)
        if row is None or row.due_at > now:
            return None
        row.attempts += 1
        row.due_at = now + WAITS[min(row.attempts, len(WAITS)) - 1]
        try:
            return _message(session, post.settings, row, now)
        except (_VoidError, PermanentMailError) as error:
            row.gave_up_at, row.error = now, str(error)[:500]
    return None


def _note(row: OutgoingMail, now: datetime, error: MailError | None) -> None:
    if error is None:
        row.sent_at, row.error = now, ""
        return
    # A server's answer may quote the message back.
    row.error = _TOKEN.sub(f"{PREFIX}…", str(error))[:500]
    if isinstance(error, PermanentMailError) or row.attempts > len(WAITS):
        row.gave_up_at = now


def _message(
    session: ScopedSession, settings: Settings, row: OutgoingMail, now: datetime
) -> Message:
    consultancy = session.get(Consultancy, session.tenant)
    kept = row.values
    values = {name: str(kept[name]) for name in kept if name not in (_LINK, _REPLY_TO)}
    values.setdefault("consultancy", consultancy.name if consultancy else "")
    values["address"] = settings.address
    link = row.values.get(_LINK)
    if link is not None:
        values["link"] = _address(session, settings, link, now)
    text = letter(row.template, row.locale)
    # What could end a name or hide a line end in it (see ``app.jobs.mail``) is left out.
    name = re.sub(r'[<>"=?@]', " ", filled("[[consultancy]]", values))
    return Message(
        to=row.recipient,
        subject=filled(text.subject, values).replace("=?", "= ?"),
        text=filled(text.body, values),
        sender=f"{name} <{parsed_address(settings.mail_from).addr_spec}>",
        message_id=message_id_of(row.id, settings.mail_from),
        date=row.created_at,
        reply_to=str(row.values.get(_REPLY_TO, "")),
    )


def _address(
    session: ScopedSession, settings: Settings, link: Mapping[str, str], now: datetime
) -> str:
    """Return the link as it is now; raises ``_VoidError`` where it opens nothing any more."""
    tenant, subject = session.tenant, link["subject"]
    found: str | None = None
    match link["purpose"]:
        case "joining":
            joining = open_joining(session, subject, now)
            if joining is not None:
                issued = (joining.issue, joining.token_hash)
                found = standing_link(settings, "joining", tenant, subject, *issued)
        case "reset":
            reset = open_reset(session, subject, now)
            if reset is not None:
                found = standing_link(settings, "reset", tenant, subject, 1, reset.token_hash)
        case "invitation":
            invitation = open_invitation(session, subject, now)
            if invitation is not None:
                issued = (invitation.issue, invitation.token_hash)
                found = standing_link(settings, "invitation", tenant, subject, *issued)
        case "portal":
            asked = open_contact_link(session, subject, now)
            if asked is not None:
                found = standing_link(settings, "portal", tenant, subject, 1, asked.token_hash)
    if found is None:
        raise _VoidError("the link opens nothing any more")
    return found
