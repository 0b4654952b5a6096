"""Signing in with address and password: who gets in, how often one may try."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from app.services.accounts import passwords
from app.services.accounts.devices import close_device, close_devices, devices
from app.services.accounts.members import disable
from app.services.accounts.own_password import change_password
from app.services.accounts.signing_in import sign_in
from app.services.accounts.throttling import ALL_SIGN_INS, SIGN_IN, door, knock
from app.services.errors import NotFoundError, RefusedError, ThrottledError
from app.store.attempts import note_tries
from app.store.rows import Member
from app.store.scope import INSTALLATION
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
)
from tests.installations import NOW
from tests.people import Installed


def fail(installed: Installed, email: str = "owner@a.example", address: str = "1.2.3.4") -> None:
    with pytest.raises(RefusedError):
        sign_in(caller(installed, address=address), email, "wrong wrong wrong")


def test_the_right_password_opens_a_session_of_the_member(installed: Installed) -> None:
    give_password(installed)
    token = sign_in(caller(installed), " Owner@A.example ", PASSWORD)
    found = who_is(installed, token)
    assert found is not None
    assert found.email == "owner@a.example"
    assert found.acting.role == "owner"
    assert found.acting.tenant == installed.first.id


def test_unknown_wrong_and_disabled_get_the_same_answer(installed: Installed) -> None:
    give_password(installed, "owner")
    give_password(installed, "viewer")
    disable(installed.acting(), installed.first.people["viewer"].id)
    said = []
    for email, password in (
        ("nobody@a.example", PASSWORD),
        ("owner@a.example", "wrong wrong wrong"),
        ("viewer@a.example", PASSWORD),
        ("consultant@a.example", PASSWORD),
    ):
        with pytest.raises(RefusedError) as refused:
            sign_in(caller(installed), email, password)
        said.append((refused.value.fields, refused.value.values))
    assert said == [said[0]] * 4


def test_every_refusal_costs_one_hash_whether_there_is_an_account_or_not(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(installed)
    hasher = passwords.hasher
    checked: list[str] = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            if kept.startswith("$argon2id$"):
                checked.append(kept)
            return hasher.verify(kept, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "hasher", Counting())
    for email in ("owner@a.example", "nobody@a.example", "consultant@a.example"):
        checked.clear()
        fail(installed, email)
        assert len(checked) == 1, email


def test_the_eleventh_try_in_five_minutes_is_refused_and_the_window_slides(
    installed: Installed,
) -> None:
    give_password(installed)
    for _ in range(10):
        fail(installed)
    with pytest.raises(ThrottledError) as refused:
        sign_in(caller(installed, address="9.9.9.9"), "owner@a.example", PASSWORD)
    assert 0 < refused.value.seconds <= 300
    # Refused tries do not count, so the victim is not kept out by more of them.
    for minute in (1, 2, 3, 4):
        with pytest.raises(ThrottledError):
            sign_in(caller(installed, later(minutes=minute)), "owner@a.example", PASSWORD)
    assert sign_in(caller(installed, later(minutes=5, seconds=1)), "owner@a.example", PASSWORD)


def test_a_success_clears_the_account_but_not_the_address(installed: Installed) -> None:
    give_password(installed)
    for _ in range(9):
        fail(installed)
    assert sign_in(caller(installed, address="1.2.3.4"), "owner@a.example", PASSWORD)
    fail(installed)
    with pytest.raises(ThrottledError):
        sign_in(caller(installed, address="1.2.3.4"), "owner@a.example", PASSWORD)
    assert sign_in(caller(installed, address="1.2.3.5"), "owner@a.example", PASSWORD)


def test_one_address_cannot_try_many_accounts(installed: Installed) -> None:
    give_password(installed)
    for number in range(10):
        fail(installed, f"guess{number}@a.example")
    with pytest.raises(ThrottledError):
        sign_in(caller(installed, address="1.2.3.4"), "owner@a.example", PASSWORD)
    assert sign_in(caller(installed, address="1.2.3.5"), "owner@a.example", PASSWORD)


def test_neighbours_in_one_ipv6_network_are_one_address(installed: Installed) -> None:
    for number in range(10):
        fail(installed, f"guess{number}@a.example", f"2001:db8:1:2::{number:x}")
    with pytest.raises(ThrottledError):
        sign_in(caller(installed, address="2001:db8:1:2:ffff::1"), "a@a.example", PASSWORD)
    fail(installed, "more@a.example", "2001:db8:1:3::1")


def test_a_whole_office_behind_one_address_may_sign_in(installed: Installed) -> None:
    give_password(installed)
    for _ in range(30):
        assert sign_in(caller(installed, address="1.2.3.4"), "owner@a.example", PASSWORD)


def test_a_thousand_failures_anywhere_close_the_door_for_a_while(installed: Installed) -> None:
    give_password(installed)
    everywhere = door(installed.settings, "sign-in", "", ALL_SIGN_INS)
    with installed.database.writing(INSTALLATION) as session:
        note_tries(session, [everywhere.key] * 1000, NOW)
    with pytest.raises(ThrottledError):
        sign_in(caller(installed), "owner@a.example", PASSWORD)
    assert sign_in(caller(installed, later(minutes=6)), "owner@a.example", PASSWORD)


def test_many_tries_at_once_do_not_slip_through(installed: Installed) -> None:
    one = door(installed.settings, "test", "somebody", SIGN_IN)

    def attempt(_number: int) -> bool:
        try:
            knock(installed.database, NOW, one)
        except ThrottledError:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(attempt, range(25))) == 10


def test_a_clock_set_back_keeps_nobody_out(installed: Installed) -> None:
    give_password(installed)
    with installed.database.writing(INSTALLATION) as session:
        own = door(installed.settings, "sign-in", "owner@a.example", SIGN_IN)
        note_tries(session, [own.key] * 10, later(days=1))
    assert sign_in(caller(installed), "owner@a.example", PASSWORD)


def test_the_session_a_browser_brought_along_dies_at_sign_in(installed: Installed) -> None:
    give_password(installed)
    _acting, _device, before = signed_in(installed, "viewer")
    after = sign_in(caller(installed), "owner@a.example", PASSWORD, before)
    assert after != before
    assert who_is(installed, before) is None
    assert who_is(installed, after) is not None


def test_who_is_disabled_while_the_password_is_checked_does_not_get_in(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(installed, "viewer")
    matches = passwords.matches

    def while_checking(password: str, kept: str | None) -> bool:
        disable(installed.acting(), installed.first.people["viewer"].id)
        return matches(password, kept)

    monkeypatch.setattr(passwords, "matches", while_checking)
    with pytest.raises(RefusedError):
        sign_in(caller(installed), "viewer@a.example", PASSWORD)


def test_a_hash_made_with_weaker_parameters_is_renewed(installed: Installed) -> None:
    person = installed.first.people["owner"]
    with installed.database.writing(installed.first.id) as session:
        row = session.find(Member, person.id)
        assert row is not None
        old = row.password_hash = PasswordHasher(1, 16, 1).hash(PASSWORD)
    sign_in(caller(installed), person.email, PASSWORD)
    with installed.database.reading(installed.first.id) as session:
        row = session.find(Member, person.id)
        assert row is not None
        assert row.password_hash != old
    assert sign_in(caller(installed), person.email, PASSWORD)


def test_production_hashes_cost_what_the_standard_asks_for() -> None:
    # RFC 9106, the low-memory choice: 64 MiB, three passes.
    assert passwords.hasher.memory_cost >= 65536
    assert passwords.hasher.time_cost >= 3


def test_a_password_typed_in_full_width_is_the_same_password(installed: Installed) -> None:
    give_password(installed)
    wide = PASSWORD.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert wide != PASSWORD
    assert sign_in(caller(installed), "owner@a.example", wide)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaaaa",
        "123456789012",
        "abcdefghijklmn",
        "password1234",
        "Password!2026",
        "woaini1314520",
        "qwertyuiop12",
        "passwordpassword",
        "zhang.wei@firm.example",
        "zhang.wei20261122",
        "衡石咨询2026!!!!!",
    ],
)
def test_a_password_that_is_guessed_early_is_refused(password: str) -> None:
    with pytest.raises(RefusedError):
        passwords.check_new(password, "zhang.wei@firm.example", "张伟", "衡石咨询")


@pytest.mark.parametrize(
    "password", [PASSWORD, "每周三下午去湖边走一圈再回来", "9t!vK2-pqLm#", "demo-zhenmai-2026"]
)
def test_any_other_long_password_is_taken(password: str) -> None:
    passwords.check_new(password, "zhang.wei@firm.example", "张伟", "衡石咨询")


def test_changing_the_password_ends_all_other_sessions_and_renews_this_one(
    installed: Installed,
) -> None:
    give_password(installed)
    acting, device, here = signed_in(installed)
    _acting, _device, elsewhere = signed_in(installed)
    renewed = change_password(acting, device, PASSWORD, OTHER)
    assert who_is(installed, elsewhere) is None
    assert who_is(installed, here) is None
    assert who_is(installed, renewed) is not None
    with pytest.raises(RefusedError):
        sign_in(caller(installed), "owner@a.example", PASSWORD)
    assert sign_in(caller(installed), "owner@a.example", OTHER)
    (told,) = Postbox(installed).collect()
    assert told.to == "owner@a.example"
    assert "2026-11-22 09:30" in told.text


def test_a_wrong_current_password_changes_nothing_and_cannot_be_guessed(
    installed: Installed,
) -> None:
    give_password(installed)
    acting, device, token = signed_in(installed)
    for _ in range(10):
        with pytest.raises(RefusedError) as refused:
            change_password(acting, device, "wrong wrong wrong", OTHER)
        assert set(refused.value.fields) == {"current"}
    with pytest.raises(ThrottledError):
        change_password(acting, device, PASSWORD, OTHER)
    assert who_is(installed, token) is not None
    assert sign_in(caller(installed), "owner@a.example", PASSWORD)


def test_a_member_sees_and_closes_only_their_own_devices(installed: Installed) -> None:
    acting, device, token = signed_in(installed, "consultant")
    _same, other_device, other_token = signed_in(installed, "consultant")
    stranger, strange_device, strange_token = signed_in(installed, "viewer")
    assert [one.is_this for one in devices(acting, device)] == [True, False]
    with pytest.raises(NotFoundError):
        close_device(acting, strange_device)
    close_device(acting, other_device)
    assert who_is(installed, other_token) is None
    assert who_is(installed, token) is not None
    assert who_is(installed, strange_token) is not None
    assert [one.id for one in devices(acting, device)] == [device]
    assert close_devices(acting) == 1
    assert who_is(installed, token) is None
    assert devices(stranger, strange_device)


def test_devices_that_ended_by_themselves_are_not_listed(installed: Installed) -> None:
    signed_in(installed, "consultant")
    acting, device, _token = signed_in(installed, "consultant", later(hours=2))
    late = replace(acting, now=later(hours=4))
    assert [one.id for one in devices(late, device)] == [device]


def test_failures_and_successes_stand_in_the_record(installed: Installed) -> None:
    give_password(installed)
    fail(installed)
    sign_in(caller(installed), "owner@a.example", PASSWORD)
    held = dump(installed.database)
    assert "account.sign_in_failed" in held
    assert "account.signed_in" in held
    assert PASSWORD not in held
    assert "wrong wrong wrong" not in held


def test_what_ended_a_month_ago_is_forgotten(installed: Installed) -> None:
    give_password(installed)
    sign_in(caller(installed), "owner@a.example", PASSWORD)
    assert dump(installed.database).count("Firefox/140") == 1
    sign_in(caller(installed, later(days=31)), "owner@a.example", PASSWORD)
    assert dump(installed.database).count("Firefox/140") == 1
