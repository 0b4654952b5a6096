"""The second factor: set up, asked for, lost, turned off."""

from dataclasses import replace

import pytest

from app.services.accounts.members import require_second_factor, reset_second_factor
from app.services.accounts.second_factor import (
    begin_set_up,
    confirm_set_up,
    pending_set_up,
    renew_codes,
    second_factor,
    show_code,
    turn_off,
)
from app.services.acting import Acting
from app.services.errors import ConflictError, RefusedError, ThrottledError
from app.settings import Settings
from tests.accounts import (
    PASSWORD,
    Postbox,
    at,
    code_at,
    dump,
    give_password,
    later,
    signed_in,
    who_is,
    with_second_factor,
)
from tests.installations import NOW
from tests.people import Installed


def refused(acting: Acting, device: str, code: str) -> bool:
    try:
        show_code(acting, device, code)
    except RefusedError:
        return True
    return False


def test_the_first_code_turns_it_on_and_a_new_sign_in_asks_for_it(installed: Installed) -> None:
    acting, device, token = signed_in(installed)
    begin_set_up(acting, None)
    pending = pending_set_up(acting)
    assert pending is not None
    assert "secret=" + pending.secret in pending.uri
    renewed, codes = confirm_set_up(acting, device, code_at(pending.secret, NOW))
    assert len(set(codes)) == 10
    here = who_is(installed, renewed)
    assert here is not None
    assert here.verified
    assert who_is(installed, token) is None
    assert pending_set_up(acting) is None

    _acting, device, token = signed_in(installed, now=later(minutes=1))
    half = who_is(installed, token, later(minutes=1))
    assert half is not None
    assert not half.verified
    shown = show_code(half.acting, device, code_at(pending.secret, later(minutes=1)))
    whole = who_is(installed, shown, later(minutes=1))
    assert whole is not None
    assert whole.verified
    assert who_is(installed, token) is None


def test_setting_it_up_needs_the_password_and_the_right_first_code(installed: Installed) -> None:
    give_password(installed)
    acting, device, _token = signed_in(installed)
    with pytest.raises(RefusedError):
        begin_set_up(acting, "wrong wrong wrong")
    assert pending_set_up(acting) is None
    begin_set_up(acting, PASSWORD)
    pending = pending_set_up(acting)
    assert pending is not None
    with pytest.raises(RefusedError):
        confirm_set_up(acting, device, code_at(pending.secret, later(minutes=5)))
    assert second_factor(acting).since is None


def test_a_second_set_up_does_not_replace_the_first(installed: Installed) -> None:
    with_second_factor(installed)
    acting, _device, _token = signed_in(installed)
    with pytest.raises(ConflictError):
        begin_set_up(acting, None)


def test_a_code_works_once_and_in_the_half_minutes_around_its_own(installed: Installed) -> None:
    secret, _codes = with_second_factor(installed)
    acting, device, _token = signed_in(installed, now=later(minutes=10))
    now = acting.now
    code = code_at(secret, now)
    assert not refused(acting, device, code)
    assert refused(acting, device, code)
    assert refused(acting, device, code_at(secret, later(minutes=9, seconds=30)))
    assert not refused(acting, device, code_at(secret, later(minutes=10, seconds=30)))
    much_later = at(acting, later(minutes=20))
    assert refused(much_later, device, code_at(secret, later(minutes=21)))
    assert not refused(much_later, device, code_at(secret, later(minutes=19, seconds=30)))


def test_a_recovery_code_works_once(installed: Installed) -> None:
    _secret, codes = with_second_factor(installed)
    acting, device, _token = signed_in(installed)
    assert not refused(acting, device, codes[3])
    assert refused(acting, device, codes[3])
    assert not refused(acting, device, codes[4])
    assert second_factor(acting).codes_left == 8


def test_new_recovery_codes_replace_the_old_ones(installed: Installed) -> None:
    give_password(installed)
    _secret, old = with_second_factor(installed)
    acting, device, _token = signed_in(installed)
    with pytest.raises(RefusedError):
        renew_codes(acting, "wrong wrong wrong")
    new = renew_codes(acting, PASSWORD)
    assert refused(acting, device, old[0])
    assert not refused(acting, device, new[0])


def test_codes_cannot_be_guessed(installed: Installed) -> None:
    secret, codes = with_second_factor(installed)
    acting, device, _token = signed_in(installed)
    for _ in range(5):
        assert refused(acting, device, "000000")
    with pytest.raises(ThrottledError):
        show_code(acting, device, codes[0])
    tries = 5
    for minute in range(6, 60, 6):
        for _ in range(5):
            try:
                show_code(at(acting, later(minutes=minute)), device, "000000")
            except RefusedError:
                tries += 1
            except ThrottledError:
                break
    assert tries == 20
    with pytest.raises(ThrottledError):
        show_code(at(acting, later(minutes=59)), device, codes[0])
    much_later = later(minutes=90)
    assert not refused(at(acting, much_later), device, code_at(secret, much_later))


def test_turning_it_off_needs_the_password_and_ends_half_open_sessions(
    installed: Installed,
) -> None:
    give_password(installed)
    secret, _codes = with_second_factor(installed)
    acting, device, _token = signed_in(installed)
    token = show_code(acting, device, code_at(secret, later(seconds=30)))
    _thief, _device, half = signed_in(installed)
    with pytest.raises(RefusedError):
        turn_off(acting, device, "wrong wrong wrong")
    renewed = turn_off(acting, device, PASSWORD)
    assert who_is(installed, half) is None
    assert who_is(installed, token) is None
    here = who_is(installed, renewed)
    assert here is not None
    assert here.verified
    letters = Postbox(installed).collect()
    assert {letter.subject for letter in letters} == {
        "您的诊脉账号已开启两步验证",
        "您的诊脉账号已关闭两步验证",
    }


def test_who_has_none_where_it_is_required_is_not_fully_in(installed: Installed) -> None:
    _acting, _device, token = signed_in(installed, "consultant")
    require_second_factor(installed.acting(), True)
    found = who_is(installed, token)
    assert found is not None
    assert found.second_factor_missing
    assert not found.verified
    require_second_factor(installed.acting(), False)
    found = who_is(installed, token)
    assert found is not None
    assert found.verified


def test_an_owner_helps_a_member_who_lost_it(installed: Installed) -> None:
    with_second_factor(installed, "consultant")
    _acting, _device, token = signed_in(installed, "consultant")
    reset_second_factor(installed.acting(), installed.first.people["consultant"].id)
    assert who_is(installed, token) is None
    _acting, _device, token = signed_in(installed, "consultant")
    found = who_is(installed, token)
    assert found is not None
    assert found.verified
    assert "member.second_factor_reset" in dump(installed.database)
    letters = Postbox(installed).collect()
    assert {letter.to for letter in letters} == {"consultant@a.example"}
    assert any("由衡石咨询owner关闭" in letter.text for letter in letters)


def test_an_owner_turns_their_own_off_with_the_password_alone(installed: Installed) -> None:
    with_second_factor(installed)
    with pytest.raises(ConflictError):
        reset_second_factor(installed.acting(), installed.first.people["owner"].id)


def test_a_copy_of_the_database_opens_nothing(installed: Installed) -> None:
    secret, codes = with_second_factor(installed)
    held = dump(installed.database)
    assert secret not in held
    assert not any(code in held for code in codes)


def test_it_outlives_a_change_of_the_installations_key(installed: Installed) -> None:
    secret, codes = with_second_factor(installed)
    acting, device, _token = signed_in(installed)
    data = installed.settings.data
    new_key = "another key that only tests use, longer"
    turning = Settings(data=data, secret_key=new_key, old_secret_keys=(installed.settings.key,))
    moment = later(minutes=5)
    changed = replace(acting, settings=turning, now=moment)
    assert not refused(changed, device, code_at(secret, moment))
    # From its first use on, the new key alone opens it.
    turned = Settings(data=data, secret_key=new_key)
    moment = later(minutes=10)
    alone = replace(acting, settings=turned, now=moment)
    assert not refused(alone, device, code_at(secret, moment))
    assert not refused(alone, device, codes[0])
