"""Mail: what waits in the outbox, what is sent, what is given up; links for a new password."""

from email import message_from_bytes

import pytest
from sqlalchemy import select

from app.jobs.mail import PermanentMailError, TemporaryMailError
from app.services.accounts import passwords
from app.services.accounts.joining import invite, revoke_joining
from app.services.accounts.members import disable
from app.services.accounts.resetting import ask_reset, may_reset, reset_password
from app.services.accounts.signing_in import sign_in
from app.services.errors import NotFoundError, RefusedError, ThrottledError
from app.services.tokens import derived_token
from app.services.work.letters import filled, letter, letter_locales, letter_names
from app.services.work.mailing import WAITS, LinkTo, enqueue, transport_of
from app.store.rows import OutgoingMail
from app.web.wording import NAMES
from tests.accounts import (
    OTHER,
    PASSWORD,
    Postbox,
    caller,
    dump,
    give_password,
    later,
    signed_in,
    who_is,
    with_second_factor,
)
from tests.installations import NOW
from tests.people import Installed

OWNER = "owner@a.example"


def reset_token(installed: Installed) -> str:
    ask_reset(caller(installed), OWNER)
    return Postbox(installed).newest_link()[1]


def outbox(installed: Installed) -> OutgoingMail:
    """Return the one message of the first consultancy."""
    with installed.acting().reading() as session:
        return session.scalars(select(OutgoingMail)).one()


def test_a_mailed_link_sets_a_new_password_and_ends_every_session(installed: Installed) -> None:
    give_password(installed)
    _acting, _device, before = signed_in(installed)
    token = reset_token(installed)
    assert sign_in(caller(installed), OWNER, PASSWORD), "asking changes nothing"
    reset_password(caller(installed), token, OTHER)
    assert who_is(installed, before) is None
    with pytest.raises(RefusedError):
        sign_in(caller(installed), OWNER, PASSWORD)
    assert sign_in(caller(installed), OWNER, OTHER)


def test_a_link_for_a_new_password_works_once_and_for_an_hour(installed: Installed) -> None:
    token = reset_token(installed)
    assert may_reset(caller(installed, later(minutes=59)), token)
    assert not may_reset(caller(installed, later(minutes=60)), token)
    reset_password(caller(installed), token, OTHER)
    assert not may_reset(caller(installed), token)
    with pytest.raises(NotFoundError):
        reset_password(caller(installed), token, PASSWORD)


def test_a_link_pressed_twice_at_once_sets_one_password(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = reset_token(installed)
    hashed = passwords.hashed

    def while_hashing(password: str) -> str:
        monkeypatch.setattr(passwords, "hashed", hashed)
        reset_password(caller(installed), token, OTHER)
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", while_hashing)
    with pytest.raises(NotFoundError):
        reset_password(caller(installed), token, PASSWORD)
    assert sign_in(caller(installed), OWNER, OTHER)


def test_a_new_password_makes_all_other_links_void(installed: Installed) -> None:
    first, second = reset_token(installed), reset_token(installed)
    reset_password(caller(installed), second, OTHER)
    assert not may_reset(caller(installed), first)


def test_a_reset_does_not_go_round_the_second_factor(installed: Installed) -> None:
    with_second_factor(installed)
    ask_reset(caller(installed), OWNER)
    token = Postbox(installed).newest_link()[1]
    reset_password(caller(installed), token, OTHER)
    found = who_is(installed, sign_in(caller(installed), OWNER, OTHER))
    assert found is not None
    assert not found.verified


def test_nobody_learns_whether_an_address_has_an_account(installed: Installed) -> None:
    disable(installed.acting(), installed.first.people["viewer"].id)
    ask_reset(caller(installed), "nobody@a.example")
    ask_reset(caller(installed), "viewer@a.example")
    assert not Postbox(installed).collect()
    for email in (OWNER, "nobody@b.example"):
        for _ in range(5):
            ask_reset(caller(installed), email)
        with pytest.raises(ThrottledError):
            ask_reset(caller(installed), email)
        ask_reset(caller(installed, later(days=1)), email)


def test_whoever_is_kept_out_by_anothers_tries_gets_in_by_a_new_password(
    installed: Installed,
) -> None:
    give_password(installed)
    for number in range(10):
        with pytest.raises(RefusedError):
            sign_in(caller(installed, address=f"1.2.3.{number}"), OWNER, "wrong wrong wrong")
    reset_password(caller(installed), reset_token(installed), OTHER)
    assert sign_in(caller(installed), OWNER, OTHER)


def test_mail_that_is_not_taken_is_tried_again_ever_later_then_given_up(
    installed: Installed,
) -> None:
    with installed.acting().writing() as session:
        enqueue(session, NOW, "password-changed", OWNER, "en", {"name": "Lin", "at": "now"})
    post = Postbox(installed, fails=TemporaryMailError("421 try later"))
    moment = NOW
    for tries, wait in enumerate(WAITS, start=1):
        post.collect(moment)
        row = outbox(installed)
        assert (row.attempts, row.error) == (tries, "421 try later")
        assert row.due_at == moment + wait
        assert row.gave_up_at is None
        post.collect(moment + wait / 2)
        assert outbox(installed).attempts == tries, "not before its time"
        moment += wait
    post.collect(moment)
    assert outbox(installed).gave_up_at == moment
    post.fails = None
    assert not post.collect(later(days=30))


def test_mail_that_succeeds_at_the_second_try_is_sent_once(installed: Installed) -> None:
    invite(installed.acting(), "new@a.example", "新同事", "viewer")
    post = Postbox(installed, fails=TemporaryMailError("down"))
    post.collect()
    post.fails = None
    post.collect()
    assert not post.taken
    post.collect(later(minutes=1))
    post.collect(later(days=1))
    assert len(post.taken) == 1


def test_what_will_never_be_taken_is_given_up_at_once(installed: Installed) -> None:
    invite(installed.acting(), "new@a.example", "新同事", "viewer")
    post = Postbox(installed, fails=PermanentMailError("550 no such user"))
    post.collect()
    post.fails = None
    assert not post.collect(later(days=1))
    assert outbox(installed).error == "550 no such user"


def test_a_letter_whose_link_opens_nothing_any_more_is_not_sent(installed: Installed) -> None:
    joining = invite(installed.acting(), "new@a.example", "新同事", "viewer")
    revoke_joining(installed.acting(), joining)
    assert not Postbox(installed).collect()
    assert outbox(installed).gave_up_at is not None


def test_the_outbox_holds_no_link_and_refuses_one(installed: Installed) -> None:
    token = reset_token(installed)
    assert token not in dump(installed.database)
    secret = derived_token(installed.settings.key, "reset", "a", "b")
    with installed.acting().writing() as session:
        values = {"name": f"see {secret}", "at": "now"}
        with pytest.raises(ValueError, match="secret link"):
            enqueue(session, NOW, "password-changed", OWNER, "en", values)


def test_what_a_mail_server_quotes_back_is_kept_without_the_link(installed: Installed) -> None:
    ask_reset(caller(installed), OWNER)
    token = derived_token(installed.settings.key, "reset", installed.first.id, "x")
    Postbox(installed, fails=TemporaryMailError(f"451 spam? {token}")).collect()
    assert outbox(installed).error == "451 spam? zm_…"


def test_a_letter_that_could_not_be_written_is_not_put_into_the_outbox(
    installed: Installed,
) -> None:
    with installed.acting().writing() as session:
        with pytest.raises(ValueError, match="name"):
            enqueue(session, NOW, "password-changed", OWNER, "en", {"at": "now"})
        with pytest.raises(LookupError):
            enqueue(session, NOW, "../../../etc/passwd", OWNER, "en", {})
        link = LinkTo("reset", "nothing")
        enqueue(session, NOW, "reset", OWNER, "xx", {"name": "谁"}, link)
    assert not Postbox(installed).collect(), "a link to nothing is no link"


def test_names_with_line_ends_and_markup_are_words_in_a_letter(installed: Installed) -> None:
    hostile = "Lin\r\nBcc: all@firm.example\n\n[[link]] <b>=?utf-8?q?x?=</b>"
    invite(installed.acting(), "new@a.example", hostile, "viewer")
    post = Postbox(installed)
    (message,) = post.collect()
    assert "Lin Bcc: all@firm.example [[link]] <b>" in message.text
    assert message.to == "new@a.example"
    assert message_from_bytes(message.letter())["Bcc"] is None


def test_letters_are_in_the_readers_language_with_the_same_parts_in_each() -> None:
    assert set(letter_locales()) == set(NAMES)
    names = letter_names("zh-Hans")
    for locale in letter_locales():
        assert letter_names(locale) == names
        for name in names:
            text, chinese = letter(name, locale), letter(name, "zh-Hans")
            assert text.subject
            assert text.placeholders == chinese.placeholders
            values = dict.fromkeys(text.placeholders, "x")
            assert "[[" not in filled(text.subject + text.body, values)


def test_mail_goes_where_the_settings_say(installed: Installed) -> None:
    invite(installed.acting(), "new@a.example", "新同事", "viewer")
    (message,) = Postbox(installed).collect()
    transport_of(installed.settings, print).send(message)
    (file,) = (installed.settings.data / "mail").glob("*.eml")
    assert b"new@a.example" in file.read_bytes()
    said: list[str] = []
    console = installed.settings.model_copy(update={"mail": "console"})
    transport_of(console, said.append).send(message)
    assert message.text.splitlines()[2] in said[0]
