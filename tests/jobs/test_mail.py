"""Messages: what travels, what is refused, and what a server's answer means for the outbox."""

import asyncio
import socket
import ssl
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default as readers_policy
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.mail import (
    ConsoleTransport,
    FileTransport,
    Message,
    PermanentMailError,
    Security,
    SmtpTransport,
    TemporaryMailError,
    message_id_of,
    parsed_address,
)

KEYS = Path(__file__).resolve().parents[1] / "fixtures" / "mail"
"""A key and certificate made for these tests; they open nothing else."""

SENDER = "诊脉 <mail@zhenmai.example>"
INVITATION = Message(
    to="li@client.example",
    subject="请为门店诊断作答",
    text="李总：\n\n请打开下面的链接。\n",
    sender=SENDER,
    message_id=message_id_of("0a1b2c3d", SENDER),
    date=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
    reply_to="顾问 <wang@zhenmai.example>",
)
FIELDS = ("to", "subject", "sender", "message_id", "reply_to")


def read(data: bytes) -> EmailMessage:
    """Read a message as the person's mail program does."""
    letter = message_from_bytes(data, policy=readers_policy)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    """Return the text as it was written; mail travels with line ends of two characters."""
    text: str = letter.get_content()
    return text.replace("\r\n", "\n")


def changed(name: str, value: str) -> Message:
    """Return the invitation with another text in one field."""
    fields: dict[str, Any] = {name: value}
    return replace(INVITATION, **fields)


# --- the message ----------------------------------------------------------------------------------


def test_a_chinese_message_arrives_as_it_was_written() -> None:
    data = INVITATION.letter()
    letter = read(data)
    assert data.isascii()
    assert letter["Subject"] == INVITATION.subject
    assert letter["From"].addresses[0].display_name == "诊脉"
    assert letter["From"].addresses[0].addr_spec == "mail@zhenmai.example"
    assert letter["To"] == "li@client.example"
    assert letter["Reply-To"].addresses[0].addr_spec == "wang@zhenmai.example"
    assert parsedate_to_datetime(letter["Date"]) == INVITATION.date
    assert letter["Auto-Submitted"] == "auto-generated"
    assert text_of(letter) == INVITATION.text


def test_a_retry_carries_the_same_id_and_the_same_bytes() -> None:
    again = replace(INVITATION)
    assert read(again.letter())["Message-ID"] == "<0a1b2c3d@zhenmai.example>"
    assert again.letter() == INVITATION.letter()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize(
    "injected",
    [
        "\r\nBcc: all@client.example",
        "\nBcc: all@client.example",
        "\rBcc: all@client.example",
        "\r\n\r\nanother text",
        "\0",
        "\x0b",
        "\x85",
        "\u2028Bcc: all@client.example",
        "\u2029",
        " =?utf-8?q?a=0D=0ABcc:_all=40client.example?=",
    ],
)
def test_a_header_takes_no_line_end_in_any_disguise(name: str, injected: str) -> None:
    with pytest.raises(PermanentMailError, match=name):
        changed(name, getattr(INVITATION, name) + injected)


@given(
    field_name=st.sampled_from(FIELDS),
    value=st.text(
        alphabet=st.sampled_from("\r\n\0\x85\u2028 <>@:;,\"'=?.utf8qBcc甲a"), max_size=40
    ),
)
def test_whatever_is_put_into_a_field_no_header_is_added(field_name: str, value: str) -> None:
    try:
        message = changed(field_name, value)
    except PermanentMailError:
        return
    letter = read(message.letter())
    expected = [*read(INVITATION.letter())]
    assert [*letter] == [name for name in expected if name != "Reply-To" or message.reply_to]
    assert len(letter["To"].addresses) == 1


MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("诊断 报告，（三）版 a b Report12, “”=_🙂"),
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    ),
    max_size=150,
)


@given(subject=MIXED)
def test_every_subject_is_read_as_it_was_written(subject: str) -> None:
    try:
        message = replace(INVITATION, subject=subject)
    except PermanentMailError:
        return
    assert read(message.letter())["Subject"] == subject.strip(" ")


@given(name=MIXED)
def test_every_name_is_read_as_it_was_written(name: str) -> None:
    try:
        message = replace(INVITATION, sender=f"{name} <mail@zhenmai.example>")
    except PermanentMailError:
        return
    # Not the newer reader: it puts blanks between the lines of a name.
    encoded, address = parseaddr(message_from_bytes(message.letter())["From"])
    assert address == "mail@zhenmai.example"
    assert str(make_header(decode_header(encoded))) == parsed_address(message.sender).display_name


@pytest.mark.parametrize(
    "address",
    [
        "",
        "li",
        "li@",
        "@client.example",
        "li@client.example, wang@client.example",
        "li@client.example wang@client.example",
        "li@client.example; wang@client.example",
        "team: li@client.example;",
        "<li@client.example> wang",
        "li..wei@client.example",
        "li@-client.example",
        "li@[127.0.0.1]",
        "李@client.example",
        "li@" + "x" * 64 + ".example",
        "x" * 65 + "@client.example",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(PermanentMailError, match="not one address"):
        replace(INVITATION, to=address)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("li@client.example", "", "li@client.example"),
        ("李伟, 总经理 <li@client.example>", "李伟, 总经理", "li@client.example"),
        ('"Li, Wei" <li+work@client.example>', "Li, Wei", "li+work@client.example"),
        ("li@例子.com", "", "li@xn--fsqu00a.com"),
        ("zhenmai@localhost", "", "zhenmai@localhost"),
    ],
)
def test_an_address_may_have_a_name(text: str, name: str, address: str) -> None:
    found = parsed_address(text)
    assert (found.display_name, found.addr_spec) == (name, address)
    letter = read(replace(INVITATION, to=text).letter())
    assert letter["To"].addresses[0].display_name == name
    assert letter["To"].addresses[0].addr_spec == address


@pytest.mark.parametrize("row", ["", "../secret", "a/b", ".hidden", "a b", "a>", "行"])
def test_an_id_that_is_no_row_id_is_refused(row: str) -> None:
    with pytest.raises(PermanentMailError, match="message_id"):
        replace(INVITATION, message_id=message_id_of(row, SENDER))


# --- console and folder ---------------------------------------------------------------------------


def test_the_console_shows_the_message_as_a_person_reads_it() -> None:
    shown: list[str] = []
    ConsoleTransport(shown.append).send(INVITATION)
    assert "To: li@client.example\nSubject: 请为门店诊断作答\n\n李总：" in shown[0]


def test_the_folder_holds_one_whole_file_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    transport = FileTransport(folder)
    transport.send(INVITATION)
    transport.send(INVITATION)
    transport.send(replace(INVITATION, message_id="<ffff@zhenmai.example>"))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["20261122T083000-0a1b2c3d.eml", "20261122T083000-ffff.eml"]
    assert text_of(read((folder / names[0]).read_bytes())) == INVITATION.text


def test_a_folder_that_cannot_be_written_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(TemporaryMailError, match="the mail folder"):
        FileTransport(tmp_path / "mail").send(INVITATION)


# --- SMTP -----------------------------------------------------------------------------------------


@dataclass
class Post:
    """A mail server's desk: takes what it gets unless told to answer otherwise."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.taken.append(envelope)
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        return answer

    async def handle_QUIT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self.answers.get("QUIT", "221 Bye")


def opens(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    right = (data.login, data.password) == (b"zhenmai", b"open sesame")
    return AuthResult(success=right, handled=right)


def certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / "certificate.pem", KEYS / "key.pem")
    return context


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def plain(post: Post) -> Iterator[SmtpTransport]:
    """A server without encryption."""
    yield from serving(post, "none")


@pytest.fixture
def starttls(post: Post) -> Iterator[SmtpTransport]:
    """A server that insists on STARTTLS and a password."""
    yield from serving(
        post, "starttls", tls_context=certificate(), require_starttls=True, auth_required=True,
        authenticator=opens,
    )  # fmt: skip


@pytest.fixture
def tls(post: Post) -> Iterator[SmtpTransport]:
    """A server that is encrypted from the first byte."""
    yield from serving(post, "tls", ssl_context=certificate())


class Office(Controller):
    """A server on a port that the system chose."""

    def __init__(self, post: Post, **options: Any) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        super().__init__(post, "127.0.0.1", self.door.getsockname()[1], **options)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.door, ssl=self.ssl_context)


def serving(post: Post, security: Security, **options: Any) -> Iterator[SmtpTransport]:
    office = Office(post, **options)
    office.start()
    try:
        trust = ssl.create_default_context(cafile=str(KEYS / "certificate.pem"))
        yield SmtpTransport("127.0.0.1", office.port, security, trust=trust)
    finally:
        office.stop()


def test_a_message_reaches_the_server_whole(post: Post, plain: SmtpTransport) -> None:
    plain.send(INVITATION)
    (envelope,) = post.taken
    assert envelope.mail_from == "mail@zhenmai.example"
    assert envelope.rcpt_tos == ["li@client.example"]
    assert isinstance(envelope.content, bytes)
    letter = read(envelope.content)
    assert letter["Message-ID"] == INVITATION.message_id
    assert letter["Subject"] == INVITATION.subject
    assert text_of(letter) == INVITATION.text


def test_lines_that_begin_with_a_dot_arrive(post: Post, plain: SmtpTransport) -> None:
    plain.send(replace(INVITATION, text="a\n.\nQUIT\n..b\n"))
    assert isinstance(post.taken[0].content, bytes)
    assert text_of(read(post.taken[0].content)) == "a\n.\nQUIT\n..b\n"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("450 mailbox busy", TemporaryMailError),
        ("451 greylisted, come back", TemporaryMailError),
        ("421 shutting down", TemporaryMailError),
        ("550 no such user", PermanentMailError),
        ("552 mailbox full", PermanentMailError),
    ],
)
def test_an_answer_decides_between_later_and_never(
    post: Post, plain: SmtpTransport, step: str, answer: str, expected: type[Exception]
) -> None:
    post.answers[step] = answer
    with pytest.raises(expected, match=answer) as caught:
        plain.send(INVITATION)
    assert type(caught.value) is expected
    assert post.taken == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "451 busy"),
        ("MAIL", "553 sender not allowed"),
        ("MAIL", "530 authentication required"),
    ],
)
def test_a_server_that_refuses_us_and_not_the_message_is_tried_later(
    post: Post, plain: SmtpTransport, step: str, answer: str
) -> None:
    post.answers[step] = answer
    with pytest.raises(TemporaryMailError):
        plain.send(INVITATION)


def test_a_message_that_was_taken_counts_whatever_comes_after(
    post: Post, plain: SmtpTransport
) -> None:
    post.answers["QUIT"] = "451 not so fast"
    plain.send(INVITATION)
    assert len(post.taken) == 1


def test_a_servers_words_are_kept_in_one_short_line(post: Post, plain: SmtpTransport) -> None:
    post.answers["RCPT"] = "550-no\r\n550-such \x1b[31m\r\n550 " + "user " * 80
    with pytest.raises(PermanentMailError) as caught:
        plain.send(INVITATION)
    words = str(caught.value)
    assert words.startswith("550 no such [31m user")
    assert words.isprintable()
    assert len(words) <= 300


def test_starttls_and_a_password_are_used(post: Post, starttls: SmtpTransport) -> None:
    replace(starttls, user="zhenmai", password="open sesame").send(INVITATION)
    assert post.encrypted == [True]


def test_a_connection_encrypted_from_the_start_is_used(post: Post, tls: SmtpTransport) -> None:
    tls.send(INVITATION)
    assert post.encrypted == [True]


def test_a_wrong_password_is_ours_to_mend(post: Post, starttls: SmtpTransport) -> None:
    with pytest.raises(TemporaryMailError, match="535"):
        replace(starttls, user="zhenmai", password="a guess").send(INVITATION)
    assert post.taken == []


def test_a_server_without_encryption_gets_nothing_when_we_ask_for_it(
    post: Post, plain: SmtpTransport
) -> None:
    with pytest.raises(TemporaryMailError, match="STARTTLS"):
        replace(plain, security="starttls").send(INVITATION)
    assert post.taken == []


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    post: Post, starttls: SmtpTransport
) -> None:
    with pytest.raises(TemporaryMailError, match="certificate"):
        replace(starttls, trust=None, user="zhenmai", password="open sesame").send(INVITATION)
    assert post.taken == []


def test_a_password_never_crosses_the_network_in_the_open() -> None:
    with pytest.raises(ValueError, match="encrypted"):
        SmtpTransport("mail.client.example", 25, "none", user="zhenmai", password="x")


def test_a_password_that_smtp_cannot_carry_is_told_at_the_start() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        SmtpTransport("mail.client.example", 587, user="zhenmai", password="芝麻开门")


def test_a_server_that_is_away_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with pytest.raises(TemporaryMailError):
        SmtpTransport("127.0.0.1", port, "none").send(INVITATION)


def test_a_server_that_never_answers_is_tried_later() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        pytest.raises(TemporaryMailError, match="timed out"),
    ):
        SmtpTransport("127.0.0.1", mute.getsockname()[1], "none", timeout_seconds=0.05).send(
            INVITATION
        )
