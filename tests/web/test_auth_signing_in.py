"""Signing in and out in a browser, the second step, and what a session is worth."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services.accounts.members import require_second_factor
from app.web.principal import MEMBER_COOKIE
from tests.accounts import (
    OTHER,
    PASSWORD,
    code_at,
    give_password,
    later,
    with_second_factor,
)
from tests.installations import NOW
from tests.people import Installed
from tests.web.test_edge import OUTWARD

OWNER = "owner@a.example"


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: object) -> TestResponse:
    data = {"email": OWNER, "password": password}
    return client.post("/sign-in?next=/profile", data=data, **more)


def token_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    return cookie.value if cookie else ""


def test_signing_in_leads_to_the_page_one_was_on_the_way_to(installed: Installed) -> None:
    give_password(installed)
    client = installed.browser(None)
    asked = client.get("/profile/devices")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/profile/devices"
    page = client.get(asked.location)
    assert 'action="/sign-in?next=/profile/devices"' in page.text
    done = client.post(asked.location, data={"email": OWNER, "password": PASSWORD})
    assert (done.status_code, done.location) == (303, "/profile/devices")
    assert "这台设备" in client.get(done.location).text


def test_the_session_cookie_is_for_the_server_alone(installed: Installed) -> None:
    give_password(installed)
    response = sign_in(installed.browser(None))
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if MEMBER_COOKIE in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_what_was_typed_stays_and_the_password_never_comes_back(installed: Installed) -> None:
    response = sign_in(installed.browser(None), "wrong wrong wrong")
    assert response.status_code == 422
    assert OWNER in response.text
    assert "wrong wrong wrong" not in response.text
    assert "邮箱或密码不对" in response.text


def test_unknown_and_wrong_are_answered_with_the_same_page(installed: Installed) -> None:
    give_password(installed)
    client = installed.browser(None)
    wrong = sign_in(client, "wrong wrong wrong")
    data = {"email": "nobody@a.example", "password": PASSWORD}
    unknown = client.post("/sign-in?next=/profile", data=data)
    assert wrong.status_code == unknown.status_code
    assert wrong.text.replace(OWNER, "…") == unknown.text.replace("nobody@a.example", "…")


def test_the_eleventh_try_is_answered_with_429_and_when_to_come_back(installed: Installed) -> None:
    give_password(installed)
    client = installed.browser(None)
    for _ in range(10):
        assert sign_in(client, "wrong wrong wrong").status_code == 422
    response = sign_in(client)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 300
    assert "请5分钟后再试" in response.text
    with time_machine.travel(later(minutes=5, seconds=1), tick=False):
        assert sign_in(client).status_code == 303


def test_a_forged_forwarding_header_does_not_change_who_is_counted(installed: Installed) -> None:
    give_password(installed)
    client = installed.browser(None)
    for number in range(10):
        data = {"email": f"guess{number}@a.example", "password": "wrong wrong wrong"}
        told = {"X-Forwarded-For": f"9.9.9.{number}"}
        assert client.post("/sign-in", data=data, headers=told).status_code == 422
    assert sign_in(client, headers={"X-Forwarded-For": "9.9.9.99"}).status_code == 429


def test_a_session_planted_before_signing_in_is_dead_after(installed: Installed) -> None:
    give_password(installed)
    with_second_factor(installed, "viewer")
    client = installed.browser("viewer")
    planted = token_of(client)
    assert sign_in(client).status_code == 303
    assert token_of(client) != planted
    other = installed.browser(None)
    other.set_cookie(MEMBER_COOKIE, planted, domain="127.0.0.1")
    assert other.get("/profile").location == "/sign-in?next=/profile"


@pytest.mark.parametrize("next_page", OUTWARD)
def test_nobody_is_sent_to_another_site_after_signing_in(
    installed: Installed, next_page: str
) -> None:
    give_password(installed)
    client = installed.browser(None)
    data = {"email": OWNER, "password": PASSWORD}
    response = client.post("/sign-in", query_string={"next": next_page}, data=data)
    assert (response.status_code, response.location) == (303, "/today")


def test_signing_out_ends_the_session_at_the_server(installed: Installed) -> None:
    client = installed.browser()
    token = token_of(client)
    assert client.get("/profile").status_code == 200
    assert client.post("/sign-out").location == "/sign-in"
    assert token_of(client) == ""
    client.set_cookie(MEMBER_COOKIE, token, domain="127.0.0.1")
    assert client.get("/profile").status_code == 303


def test_looking_at_the_sign_out_address_does_nothing(installed: Installed) -> None:
    client = installed.browser()
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == 200


@pytest.mark.parametrize(("path", "who"), [("/sign-in", None), ("/sign-out", "owner")])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_site_can_neither_sign_somebody_in_nor_out(
    installed: Installed, path: str, who: str | None, headers: dict[str, str]
) -> None:
    give_password(installed)
    client = installed.browser(who)
    before = token_of(client)
    data = {"email": OWNER, "password": PASSWORD}
    assert client.post(path, data=data, headers=headers).status_code == 403
    assert token_of(client) == before
    assert client.get("/profile").status_code == (303 if who is None else 200)


@pytest.mark.parametrize(("path", "who"), [("/sign-in", None), ("/sign-out", "owner")])
def test_where_a_browser_hides_the_origin_the_form_token_decides(
    installed: Installed, path: str, who: str | None
) -> None:
    give_password(installed)
    installed.app.config["WTF_CSRF_ENABLED"] = True
    client = installed.browser(who)
    data = {"email": OWNER, "password": PASSWORD}
    assert client.post(path, data=data, headers={"Origin": "null"}).status_code == 403
    assert client.get("/profile").status_code == (303 if who is None else 200)


def test_a_form_without_its_token_is_refused_with_a_fresh_form(installed: Installed) -> None:
    give_password(installed)
    installed.app.config["WTF_CSRF_ENABLED"] = True
    client = installed.browser(None)
    response = sign_in(client)
    assert response.status_code == 403
    assert "请再试一次" in response.text
    assert OWNER in response.text, "the address typed is kept"
    assert token_of(client) == ""
    again = response.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": OWNER, "password": PASSWORD, "csrf_token": again}
    assert client.post("/sign-in", data=data).status_code == 303


def test_a_form_of_a_signed_in_member_that_is_too_old_can_be_opened_again(
    installed: Installed,
) -> None:
    installed.app.config["WTF_CSRF_ENABLED"] = True
    client = installed.browser()
    response = client.post("/profile", data={"name": "新名字"})
    assert response.status_code == 403
    assert 'href="/profile"' in response.text
    assert "什么都没有改变" in response.text
    assert "新名字" not in client.get("/profile").text


def test_a_session_ends_when_it_is_idle_or_old(installed: Installed) -> None:
    client = installed.browser()
    for hours in (2, 4, 6, 8, 10, 11.9):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert client.get("/profile").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/profile").status_code == 303
    client = installed.browser()
    with time_machine.travel(NOW + timedelta(hours=3, minutes=1), tick=False):
        assert client.get("/profile").status_code == 303


def test_the_second_step_stands_before_every_page(installed: Installed) -> None:
    give_password(installed)
    secret, _codes = with_second_factor(installed)
    client = installed.browser(None)
    assert sign_in(client).location == "/profile"
    half = token_of(client)
    step = client.get("/profile")
    assert (step.status_code, step.location) == (303, "/second-factor?next=/profile")
    assert OWNER in client.get(step.location).text
    for path in ("/profile/password", "/profile/devices", "/members"):
        assert client.get(path).status_code == 303
    for path in ("/profile/second-factor/off", "/profile/second-factor/codes"):
        refused = client.post(path, data={"off-password": PASSWORD, "codes-password": PASSWORD})
        assert refused.status_code == 303
        assert refused.location.startswith("/second-factor")
    with time_machine.travel(later(minutes=2), tick=False):
        code = code_at(secret, later(minutes=2))
        spaced = f"{code[:3]} {code[3:]}"
        done = client.post(step.location, data={"code": spaced})
        assert (done.status_code, done.location) == (303, "/profile")
        assert token_of(client) != half
        assert client.get("/profile").status_code == 200
        client.set_cookie(MEMBER_COOKIE, half, domain="127.0.0.1")
        assert client.get("/profile").status_code == 303


def test_the_second_step_cannot_be_avoided_by_setting_a_new_one_up(installed: Installed) -> None:
    give_password(installed)
    with_second_factor(installed)
    require_second_factor(installed.acting(), True)
    client = installed.browser(None)
    sign_in(client)
    for path in ("begin", "confirm"):
        refused = client.post(f"/profile/second-factor/{path}", data={"code": "000000"})
        assert refused.location.startswith("/second-factor")
    assert client.get("/profile/second-factor").location.startswith("/second-factor")


def test_wrong_codes_are_refused_and_the_sixth_has_to_wait(installed: Installed) -> None:
    give_password(installed)
    _secret, codes = with_second_factor(installed)
    client = installed.browser(None)
    sign_in(client)
    for _ in range(5):
        assert client.post("/second-factor", data={"code": "000000"}).status_code == 422
    response = client.post("/second-factor", data={"code": codes[0]})
    assert response.status_code == 429
    assert "请5分钟后再试" in response.text
    with time_machine.travel(later(minutes=6), tick=False):
        done = client.post("/second-factor?next=/profile", data={"code": codes[0].upper()})
        assert done.status_code == 303
        assert client.get("/profile").status_code == 200


def test_who_must_have_a_second_factor_is_led_through_its_set_up(installed: Installed) -> None:
    give_password(installed)
    require_second_factor(installed.acting(), True)
    client = installed.browser(None)
    sign_in(client)
    step = client.get("/profile").location
    assert step == "/second-factor?next=/profile"
    set_up = client.get(step).location
    assert set_up == "/profile/second-factor?next=/profile"
    page = client.get(set_up)
    assert "要求所有成员开启两步验证" in page.text
    begun = client.post("/profile/second-factor/begin?next=/profile")
    page = client.get(begun.location)
    assert "<title>两步验证二维码</title>" in page.text
    secret = page.text.split("<code>")[1].split("</code>")[0].replace(" ", "")
    wrong = client.post("/profile/second-factor/confirm?next=/profile", data={"code": "000000"})
    assert wrong.status_code == 422
    assert secret[:4] in wrong.text, "the same secret, not a new one"
    done = client.post(
        "/profile/second-factor/confirm?next=/profile", data={"code": code_at(secret, NOW)}
    )
    assert done.status_code == 200
    codes = [part.split("</code>")[0] for part in done.text.split("<code>")[1:]]
    assert len(codes) == 10
    assert 'href="/profile"' in done.text
    assert client.get("/profile").status_code == 200
    assert codes[0] not in client.get("/profile/second-factor").text


def test_the_password_is_asked_again_before_the_second_factor_changes(
    installed: Installed,
) -> None:
    give_password(installed)
    client = installed.browser()
    wrong = {"begin-password": "wrong wrong wrong"}
    refused = client.post("/profile/second-factor/begin", data=wrong)
    assert refused.status_code == 422
    assert "密码不对" in refused.text
    assert client.post("/profile/second-factor/begin", data={}).status_code == 422
    right = {"begin-password": PASSWORD}
    assert client.post("/profile/second-factor/begin", data=right).status_code == 303
    assert "<svg" in client.get("/profile/second-factor").text


def test_the_second_factor_is_turned_off_and_codes_renewed_with_the_password(
    installed: Installed,
) -> None:
    give_password(installed)
    _secret, codes = with_second_factor(installed)
    client = installed.browser(None)
    sign_in(client)
    client.post("/second-factor", data={"code": codes[0]})
    assert "还有9个恢复码" in client.get("/profile/second-factor").text
    page = client.post("/profile/second-factor/codes", data={"codes-password": PASSWORD})
    assert page.text.count("<code>") == 10
    off = client.post("/profile/second-factor/off", data={"off-password": PASSWORD})
    assert off.status_code == 303
    assert "还没有开启" in client.get("/profile/second-factor").text


def test_a_changed_password_signs_out_all_other_devices(installed: Installed) -> None:
    give_password(installed)
    here, elsewhere = installed.browser(None), installed.browser()
    sign_in(here)
    data = {"current": PASSWORD, "password": OTHER}
    assert here.post("/profile/password", data=data).status_code == 303
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303
    assert sign_in(installed.browser(None)).status_code == 422
    assert sign_in(installed.browser(None), OTHER).status_code == 303


def test_devices_are_named_and_closed_one_by_one_or_all_at_once(installed: Installed) -> None:
    give_password(installed)
    phone, desk, third = (installed.browser(None) for _ in range(3))
    wechat = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 MicroMessenger/8.0.50"
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/140.0 Safari/537"
    sign_in(phone, headers={"User-Agent": wechat})
    sign_in(desk, headers={"User-Agent": chrome})
    sign_in(third)
    page = desk.get("/profile/devices").text
    assert "微信（iPhone）" in page
    assert "Chrome（Windows）" in page
    closing = [part.split('"')[0] for part in page.split('action="/profile/devices/')[1:]]
    assert closing[-1] == "close"
    stranger = installed.browser("viewer")
    assert stranger.post(f"/profile/devices/{closing[1]}").status_code == 404
    assert desk.post("/profile/devices/close", data={"which": "others"}).status_code == 303
    assert [c.get("/profile").status_code for c in (phone, desk, third)] == [303, 200, 303]
    assert stranger.get("/profile").status_code == 200
    assert desk.post("/profile/devices/close", data={"which": "all"}).location == "/sign-in"
    assert desk.get("/profile").status_code == 303


def test_a_profile_is_kept_and_speaks_its_language_at_once(installed: Installed) -> None:
    client = installed.browser()
    data = {"name": "Lin Zhixing", "locale": "en", "zone": "Europe/London"}
    done = client.post("/profile", data=data, follow_redirects=True)
    assert '<html lang="en">' in done.text
    assert 'value="Lin Zhixing"' in done.text
    assert "22 Nov 2026, 01:30" in client.get("/profile/devices").text
    refused = client.post("/profile", data={**data, "zone": "Mars/Olympus"})
    assert refused.status_code == 422


def test_viewers_change_their_own_account_and_nothing_else(installed: Installed) -> None:
    client = installed.browser("viewer")
    data = {"name": "观察员", "locale": "zh-Hans", "zone": "Asia/Shanghai"}
    assert client.post("/profile", data=data).status_code == 303
    assert client.get("/members").status_code == 403
