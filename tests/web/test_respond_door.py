"""The respondent's link in a browser: neutral, harmless to look at, and silent about the dead."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from app.factory import create_app
from app.settings import Settings
from app.web.principal import MEMBER_COOKIE, RESPONDENT_COOKIE
from tests.accounts import dump
from tests.installations import NOW
from tests.people import Installed
from tests.respondents import Company, Phone, answering, company, phone

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""Counting knocks is not the database's business, and takes hundreds of them."""
EVIL = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def test_looking_at_a_link_changes_nothing_however_often(kitchen: Company) -> None:
    link = kitchen.link(kitchen.invite())
    before = dump(kitchen.installed.database)
    for number in range(20):
        client = kitchen.installed.browser(None)
        response = client.head(link) if number % 2 else client.get(link)
        assert response.status_code == 200
        assert Phone(client).device == ""
    assert dump(kitchen.installed.database) == before
    assert phone(kitchen.installed).open(link).status_code == 303


def test_the_page_of_a_link_names_nobody(kitchen: Company) -> None:
    page = phone(kitchen.installed).get(kitchen.link(kitchen.invite("chef", "晚班"))).text
    for name in ("河畔厨房", "衡石咨询", "晚班", "chef", "Head chef"):
        assert name not in page


def test_after_the_button_no_address_and_no_page_has_the_token(kitchen: Company) -> None:
    invitation = kitchen.invite()
    token = kitchen.token(invitation)
    guest = phone(kitchen.installed)
    entered = guest.open(f"/i/{token}")
    assert (entered.status_code, entered.location) == (303, "/answer")
    for page in (guest.get(f"/i/{token}"), entered):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "private, no-store"
    guest.agree()
    device = guest.device
    assert device.startswith("zm_")
    for path in ("/answer", "/answer/1", "/answer/review", "/answer/notice", "/answer/withdraw"):
        page = guest.get(path)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "private, no-store"
        assert token not in page.text
        assert device not in page.text


def test_every_link_that_opens_nothing_gets_the_same_page_to_the_byte(kitchen: Company) -> None:
    withdrawn, over, replaced = (kitchen.invite(label=name) for name in "abc")
    paths = [kitchen.link(name) for name in (withdrawn, over, replaced)]
    kitchen.change(withdrawn, revoked_at=NOW)
    kitchen.change(over, expires_at=NOW - timedelta(seconds=1))
    kitchen.reissue(replaced)
    # One letter off, one cut short, one that was never made, one that is no token at all.
    paths += [paths[0][:-1] + ("0" if paths[0][-1] != "0" else "1"), paths[0][:-6]]
    paths += [f"/i/zm_{'a' * 32}0000", "/i/x"]
    told = set()
    for path in paths:
        guest = phone(kitchen.installed)
        for answer in (guest.get(path), guest.post(path)):
            headers = {
                name: value
                for name, value in answer.headers
                if not name.startswith("X-RateLimit") and name != "Retry-After"
            }
            told.add((answer.status_code, answer.data, str(sorted(headers.items()))))
        assert guest.client.head(path).status_code == 404
    # A phone that has opened nothing learns no more.
    told.add((404, phone(kitchen.installed).get("/answer").data, next(iter(told))[2]))
    assert len(told) == 1
    assert next(iter(told))[0] == 404


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_dead_page_speaks_both_languages_whoever_asks(kitchen: Company, locale: str) -> None:
    client = kitchen.installed.browser(None)
    page = client.get("/i/x", headers={"Accept-Language": locale}).text
    assert "问卷打不开" in page
    assert "This questionnaire cannot be opened" in page


def test_no_token_lies_in_the_database_the_log_or_the_mail(
    kitchen: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "2"})
    guest.post("/answer/submit")
    secrets = (kitchen.token(invitation), guest.device)
    kept = dump(kitchen.installed.database) + caplog.text
    for secret in secrets:
        assert len(secret) == 39
        assert secret not in kept
        assert secret.removeprefix("zm_") not in kept


def test_a_token_somebody_planted_is_replaced_by_a_new_one(kitchen: Company) -> None:
    first, second = kitchen.invite(label="a"), kitchen.invite(label="b")
    planted = phone(kitchen.installed)
    planted.open(kitchen.link(first))
    token = planted.device
    victim = phone(kitchen.installed)
    victim.carry(token)
    victim.open(kitchen.link(second))
    assert victim.device not in (token, "")
    assert planted.get("/answer").status_code == 404


def test_the_cookie_is_out_of_reach_for_scripts_and_bound_to_the_host(
    kitchen: Company,
) -> None:
    settings = Settings(
        data=kitchen.installed.settings.data,
        secret_key=kitchen.installed.settings.key,
        base_url="https://ask.example",
    )
    app = create_app(settings, kitchen.installed.database)
    app.config.update(WTF_CSRF_ENABLED=False)
    link = kitchen.link(kitchen.invite())
    answer = app.test_client().post(link, base_url="https://ask.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"__Host-{RESPONDENT_COOKIE}=zm_")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_respondents_cookie_opens_nothing_of_the_workspace(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    guest.client.set_cookie(MEMBER_COOKIE, guest.device, domain="127.0.0.1")
    for path in ("/today", f"/engagements/{kitchen.engagement}", "/clients"):
        assert guest.get(path).location.startswith("/sign-in")


def test_a_members_cookie_opens_no_questionnaire(kitchen: Company) -> None:
    for who in ("owner", "consultant"):
        assert kitchen.installed.browser(who).get("/answer").status_code == 404


@pytest.mark.parametrize("change", ["revoked_at", "expires_at", "reissued", "archived"])
def test_a_phone_that_is_shut_out_sees_the_same_page_as_a_stranger(
    kitchen: Company, change: str
) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    if change == "reissued":
        kitchen.reissue(invitation)
    elif change == "archived":
        kitchen.put_away()
    else:
        kitchen.change(invitation, **{change: NOW - timedelta(seconds=1)})
    stranger = phone(kitchen.installed).get("/answer")
    for answer in (guest.get("/answer"), guest.get("/answer/1"), guest.post("/answer/submit")):
        assert (answer.status_code, answer.data) == (404, stranger.data)


def test_answers_wait_behind_a_replaced_link(kitchen: Company) -> None:
    invitation = kitchen.invite()
    answering(kitchen, invitation).answer(1, {"cold-chain": "2"})
    kitchen.reissue(invitation)
    other = phone(kitchen.installed)
    assert other.open(kitchen.link(invitation, 2)).status_code == 303
    page = other.get("/answer").text
    assert "已答1/10题" in page
    assert "接着答" in page


# -- how often, and from where --------------------------------------------------------------------


@ONE_ENGINE
def test_a_workshop_behind_one_address_is_served_and_one_wild_link_is_not(
    kitchen: Company,
) -> None:
    people = 200
    links = [kitchen.link(name) for name in kitchen.invite_many(people)]
    client = kitchen.installed.app.test_client(use_cookies=False)
    statuses = []
    for link in links:
        statuses += [client.get(link).status_code, client.post(link).status_code]
    assert statuses == [200, 303] * people
    wild = [client.get(links[0]).status_code for _ in range(40)]
    assert wild.count(200) == 28
    assert wild[28:] == [429] * 12
    refused = client.get(links[0])
    assert int(refused.headers["Retry-After"]) > 0
    assert "点得太快了" in refused.text
    assert client.get(links[1]).status_code == 200


@ONE_ENGINE
def test_guessing_links_from_one_address_is_slowed_down(kitchen: Company) -> None:
    client = kitchen.installed.app.test_client(use_cookies=False)
    statuses = [
        # What somebody tells of where they come from changes nothing.
        client.get(f"/i/guess-{n}", headers={"X-Forwarded-For": f"9.9.{n}.9"}).status_code
        for n in range(605)
    ]
    assert statuses == [404] * 600 + [429] * 5
    elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
    assert client.get("/i/guess", environ_base=elsewhere).status_code == 404


def test_another_site_cannot_press_the_buttons(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    before = dump(kitchen.installed.database)
    posts = {
        kitchen.link(invitation): {},
        "/answer/1": {**guest.fields(1), "q-cold-chain_value": "2"},
        "/answer/submit": {},
        "/answer/withdraw": {},
        "/answer/leave": {},
    }
    for path, data in posts.items():
        for headers in (EVIL, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
            answer = guest.client.post(path, data=data, headers=headers)
            assert answer.status_code == 403
    as_text = guest.client.post("/answer/1", data='{"a": 1}', content_type="text/plain")
    assert as_text.status_code == 400
    assert dump(kitchen.installed.database) == before


def test_an_old_phone_that_hides_where_it_comes_from_is_let_in_by_the_form_token_alone(
    kitchen: Company,
) -> None:
    """A page without a referrer sends its origin as null; iOS before 16.4 says nothing besides."""
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = True
    link = kitchen.link(kitchen.invite())
    guest = phone(kitchen.installed)
    forged = guest.client.post(link, headers={"Origin": "null"})
    assert forged.status_code == 403
    assert "请再点一次" in forged.text
    assert guest.device == ""
    token = guest.token(link)
    entered = guest.client.post(link, data={"csrf_token": token}, headers={"Origin": "null"})
    assert entered.status_code == 303


def test_a_shared_phone_can_be_left(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    token = guest.device
    left = guest.post("/answer/leave")
    assert left.status_code == 200
    assert "已在这台设备上退出" in left.text
    assert guest.device == ""
    guest.carry(token)
    assert guest.get("/answer").status_code == 404
    assert phone(kitchen.installed).open(kitchen.link(invitation)).status_code == 303
