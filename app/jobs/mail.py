"""Sends one message to one person: on the console, into a folder, or by SMTP.

What is sent is first a row of the outbox; its id makes the Message-ID, so that a mail sent twice
(the worker died between sending and noting it) is one mail to the reader's program.
"""

import os
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

Security: TypeAlias = Literal["starttls", "tls", "none"]

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MESSAGE_ID: Final = re.compile(r"<([A-Za-z0-9][A-Za-z0-9._-]{0,99})@[A-Za-z0-9.-]{1,253}>")
_NAMED_OR_BARE: Final = re.compile(r"(?P<name>[^<>]*)<(?P<inner>[^<>\s]+)>|(?P<bare>[^<>\s]+)")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"(?=.{{1,64}}$){_ATOM}(\.{_ATOM})*")
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_ENCODED_WORD: Final = re.compile(r"=\?.*\?=")

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_POLICY: Final = compat32.clone(linesep="\r\n", mangle_from_=False)
_SHORT: Final = 60
"""Characters of a header that fit on one line beside any name."""
_LONGEST_SUBJECT: Final = 300
_LONGEST_REPLY: Final = 300
_GIVEN_UP: Final = 500
"""SMTP replies from here on are final."""


class MailError(Exception):
    """A message was not sent; the words say why, fit to be stored and shown to an owner."""


class TemporaryMailError(MailError):
    """Try again later: the server is away or busy, or our own access to it must be mended."""


class PermanentMailError(MailError):
    """Give up: this message to this address will not be taken, however often it is tried."""


@dataclass(frozen=True, slots=True)
class Message:
    """A plain text for one person.

    ``to``, ``sender`` and ``reply_to`` are one address each, with or without a name
    (``诊脉 <mail@example.com>``). ``date`` is aware. Raises ``PermanentMailError`` for what cannot
    be a header, above all for line ends in one.
    """

    to: str
    subject: str
    text: str
    sender: str
    message_id: str
    date: datetime
    reply_to: str = ""

    def __post_init__(self) -> None:
        """Refuse what would break out of its header."""
        for name in ("to", "subject", "sender", "message_id", "reply_to"):
            _refuse_unfit(name, getattr(self, name))
        for name in ("to", "sender", *(["reply_to"] if self.reply_to else [])):
            parsed_address(getattr(self, name))
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise PermanentMailError("the message_id has another shape than <id@host>")
        if len(self.subject) > _LONGEST_SUBJECT:
            raise PermanentMailError("the subject is too long")
        if "\0" in self.text:
            raise PermanentMailError("the text has a zero byte")

    @property
    def name(self) -> str:
        """A name for the message in a folder: its time and the first half of its id."""
        match = _MESSAGE_ID.fullmatch(self.message_id)
        assert match is not None  # noqa: S101  checked when the message was made
        return f"{self.date.astimezone(UTC):%Y%m%dT%H%M%S}-{match[1]}"

    def letter(self) -> bytes:
        """Return the message as it travels: the same bytes each time."""
        text = _LINE_END.sub("\r\n", self.text)
        letter = MIMEText(text, _charset="utf-8", policy=_POLICY)
        letter["From"] = _named(parsed_address(self.sender))
        letter["To"] = _named(parsed_address(self.to))
        if self.reply_to:
            letter["Reply-To"] = _named(parsed_address(self.reply_to))
        letter["Subject"] = _encoded(self.subject)
        letter["Date"] = format_datetime(self.date)
        letter["Message-ID"] = self.message_id
        # Keeps the out-of-office notes of the world from answering.
        letter["Auto-Submitted"] = "auto-generated"
        return letter.as_bytes()


def message_id_of(row: str, sender: str) -> str:
    """Return the Message-ID of an outbox row, the same each time it is tried."""
    return f"<{row}@{parsed_address(sender).domain}>"


def parsed_address(text: str) -> Address:
    """Return the one address in ``text``, its domain in ASCII; ``PermanentMailError`` otherwise.

    Stricter than the standard: no quoted or non-ASCII part before the @, no comments, no groups.
    The mail package's own parser stumbles over some of those.
    """
    match = _NAMED_OR_BARE.fullmatch(text.strip())
    name, address = (match["name"] or "", match["inner"] or match["bare"]) if match else ("", "")
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise PermanentMailError(f"this is not one address: {text[:100]!r}")
    return Address(name.strip().strip('"'), local, domain)


def _named(address: Address) -> str:
    name = _encoded(address.display_name)
    if name == address.display_name:
        return formataddr((name, address.addr_spec))
    return f"{name}\n <{address.addr_spec}>"


def _encoded(text: str) -> str:
    """Return a header's text in ASCII and short lines.

    Python's newer mail policies do this too, but put blanks where Chinese meets Latin.
    """
    if text.isascii() and len(text) <= _SHORT:
        return text
    return Header(text, "utf-8", maxlinelen=_SHORT).encode()


def _refuse_unfit(name: str, value: str) -> None:
    # Zl and Zp, the line and paragraph separators, are line ends to Python's mail package too.
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise PermanentMailError(f"{name} has a line end or another control character")
    # An encoded word is decoded on the way out, and with it a line end that hides there.
    if _ENCODED_WORD.search(value):
        raise PermanentMailError(f"{name} has an encoded word")


class Transport(Protocol):
    """A way for messages to go out."""

    def send(self, message: Message) -> None:
        """Send one message; raises ``TemporaryMailError`` or ``PermanentMailError``."""


class ConsoleTransport:
    """Prints messages, for a first look at the program."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def send(self, message: Message) -> None:
        """Write the message as a person reads it."""
        rule = "─" * 72
        head = f"To: {message.to}\nSubject: {message.subject}"
        self._write(f"{rule}\n{head}\n\n{message.text.rstrip()}\n{rule}")


class FileTransport:
    """Puts each message into a folder as an ``.eml`` file; the same message is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write the file whole or not at all."""
        data = message.letter()
        path = self._folder / f"{message.name}.eml"
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_bytes(data)
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise TemporaryMailError(f"the mail folder: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """Hands messages to a mail server, each over a connection of its own.

    ``security`` is kept to: a server without it gets nothing. Raises ``ValueError`` for a password
    that would cross the network in the open or cannot cross it at all.
    """

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 20
    trust: ssl.SSLContext | None = None
    """Whose certificates to believe; None is the system's authorities."""

    def __post_init__(self) -> None:
        """Refuse a password that could not or should not be sent."""
        if not (self.user + self.password).isascii():
            raise ValueError("a mail user and password have ASCII characters only")
        if self.user and self.security == "none" and self.host not in _LOOPBACK:
            raise ValueError("a mail password needs an encrypted connection: starttls or tls")

    def send(self, message: Message) -> None:
        """Hand over one message; returns once the server has taken it."""
        data = message.letter()
        sender = parsed_address(message.sender).addr_spec
        to = parsed_address(message.to).addr_spec
        try:
            connection = self._connection()
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryMailError(_words(error)) from error
        try:
            connection.sendmail(sender, [to], data)
            # Taken is taken, however the server says goodbye.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            final = _code(error) >= _GIVEN_UP
            kind = PermanentMailError if final else TemporaryMailError
            raise kind(_words(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryMailError(_words(error)) from error
        finally:
            connection.close()

    def _connection(self) -> smtplib.SMTP:
        trust = self.trust or ssl.create_default_context()
        connection: smtplib.SMTP
        if self.security == "tls":
            connection = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=trust
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                connection.starttls(context=trust)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code


def _words(error: Exception) -> str:
    """Return what the server or the system said, in one short line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = _reply(*next(iter(error.recipients.values())))
    elif isinstance(error, smtplib.SMTPResponseException):
        said = _reply(error.smtp_code, error.smtp_error)
    else:
        said = str(error) or type(error).__name__
    line = "".join(character if character.isprintable() else " " for character in said)
    return " ".join(line.split())[:_LONGEST_REPLY]


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
