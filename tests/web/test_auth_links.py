"""Secret links in a browser: the first owner, joining, a new password."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask.testing import FlaskClient

from app.factory import create_app
from app.services.accounts.founding import first_owner_link
from app.services.accounts.joining import invite, revoke_joining
from app.services.accounts.members import roster
from app.services.accounts.resetting import ask_reset
from app.services.acting import Acting
from app.settings import Settings
from app.store.doors import member_by_email
from app.store.scope import INSTALLATION
from app.web.principal import MEMBER_COOKIE
from tests.accounts import (
    OTHER,
    PASSWORD,
    Postbox,
    caller,
    code_at,
    dump,
    give_password,
    later,
)
from tests.installations import NOW
from tests.people import Installed

OWNER = "owner@a.example"
JOINER = {
    "name": "新同事",
    "password": PASSWORD,
    "locale": "zh-Hans",
    "zone": "Asia/Shanghai",
}
FOUNDER = {**JOINER, "consultancy": "远山咨询", "email": "Lu@Far.example"}


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def blank(installed: Installed) -> Installed:
    """An installation nobody has founded anything in yet."""
    with installed.database.engine.begin() as connection:
        for table in ("audit_event", "member", "consultancy"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return installed


def links(installed: Installed) -> dict[str, str]:
    """Return a live link of each kind that needs a consultancy, as paths."""
    found = {}
    invite(installed.acting(), "new@a.example", "新同事", "consultant")
    found["join"] = Postbox(installed).newest_link()[0]
    ask_reset(caller(installed), OWNER)
    found["reset"] = Postbox(installed).newest_link()[0]
    return found


def owner_link(installed: Installed) -> str:
    link = first_owner_link(installed.database, installed.settings, NOW)
    assert link is not None
    return link.removeprefix("http://127.0.0.1:8000")


def same(page: str) -> str:
    """Return a page without its own address and form token."""
    page = re.sub(r'(name="csrf[_-]token" (?:value|content)=")[^"]*', r"\1", page)
    return re.sub(r'(name="here" value=")[^"]*', r"\1", page)


def test_a_new_installation_says_how_to_begin_and_leads_to_its_first_owner(
    blank: Installed,
) -> None:
    client = blank.browser(None)
    assert "./run start" in client.get("/").text
    path = owner_link(blank)
    assert "链接只能用一次" in client.get(path).text
    step = client.post(path)
    assert (step.status_code, step.location) == (303, "/start")
    assert client.get("/start").status_code == 200
    done = client.post("/start", data=FOUNDER)
    assert (done.status_code, done.location) == (303, "/today")
    page = client.get("/profile").text
    assert "远山咨询" in page
    assert "lu@far.example" in page
    assert blank.browser(None).get("/").location == "/sign-in"
    assert blank.browser(None).get(path).status_code == 404


def test_a_form_with_mistakes_keeps_what_was_typed(blank: Installed) -> None:
    client = blank.browser(None)
    client.post(owner_link(blank))
    response = client.post("/start", data={**FOUNDER, "password": "short", "email": "no"})
    assert response.status_code == 422
    assert "远山咨询" in response.text
    assert (
        client.post("/start", data={**FOUNDER, "password": "远山咨询2026!!!!"}).status_code == 422
    )
    assert client.post("/start", data=FOUNDER).status_code == 303


def test_somebody_invited_joins_and_is_signed_in(installed: Installed) -> None:
    path = links(installed)["join"]
    client = installed.browser(None)
    assert client.post(path).location == "/join"
    page = client.get("/join").text
    assert "加入衡石咨询" in page
    assert "new@a.example" in page
    assert client.post("/join", data=JOINER).status_code == 303
    assert "new@a.example" in client.get("/profile").text
    assert client.get("/join").status_code == 404


def test_joining_ends_the_session_the_browser_brought_along(installed: Installed) -> None:
    client = installed.browser("viewer")
    cookie = client.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    client.post(links(installed)["join"])
    client.post("/join", data=JOINER)
    other = installed.browser(None)
    other.set_cookie(MEMBER_COOKIE, cookie.value, domain="127.0.0.1")
    assert other.get("/profile").status_code == 303


def test_a_forgotten_password_is_replaced_by_a_mailed_link(installed: Installed) -> None:
    give_password(installed)
    client = installed.browser(None)
    said = client.post("/forgot", data={"email": OWNER}).text
    unknown = client.post("/forgot", data={"email": "nobody@a.example"}).text
    assert same(said).replace(OWNER, "…") == same(unknown).replace("nobody@a.example", "…")
    assert client.post(Postbox(installed).newest_link()[0]).location == "/reset"
    assert client.post("/reset", data={"password": "password1234"}).status_code == 422
    assert client.post("/reset", data={"password": OTHER}).location == "/sign-in"
    assert "新密码已生效" in client.get("/sign-in").text
    for password, status in ((PASSWORD, 422), (OTHER, 303)):
        data = {"email": OWNER, "password": password}
        assert client.post("/sign-in", data=data).status_code == status


def test_asking_too_often_for_one_address_has_to_wait(installed: Installed) -> None:
    client = installed.browser(None)
    for _ in range(5):
        assert client.post("/forgot", data={"email": OWNER}).status_code == 200
    response = client.post("/forgot", data={"email": OWNER})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 3600
    assert "请24小时后再试" in response.text


def test_asking_for_many_addresses_from_one_place_has_to_wait(installed: Installed) -> None:
    client = installed.browser(None)
    answers = [
        client.post("/forgot", data={"email": f"guess{number}@a.example"}).status_code
        for number in range(21)
    ]
    assert answers == [200] * 20 + [429]


def test_programs_that_open_links_change_nothing(installed: Installed) -> None:
    found = links(installed)
    before = dump(installed.database)
    for path in found.values():
        for _ in range(10):
            assert installed.browser(None).get(path).status_code == 200
            assert installed.browser(None).head(path).status_code == 200
        # Some press the button too; the link still opens for the one it was meant for.
        assert installed.browser(None).post(path).status_code == 303
    assert dump(installed.database) == before
    client = installed.browser(None)
    client.post(found["reset"])
    assert client.post("/reset", data={"password": OTHER}).status_code == 303


def test_no_later_page_has_the_token_in_it_or_tells_its_address(installed: Installed) -> None:
    for place, path in links(installed).items():
        token = path.rsplit("/", 1)[1]
        client = installed.browser(None)
        opened = client.get(path)
        exchanged = client.post(path)
        form = client.get(f"/{place}")
        for response in (opened, exchanged, form):
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert "no-store" in response.headers["Cache-Control"]
        assert token not in exchanged.location
        assert token not in form.text


def test_the_button_works_in_a_browser_that_hides_its_origin(installed: Installed) -> None:
    # Browsers send "Origin: null" from a page with no-referrer.
    path = links(installed)["join"]
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert installed.browser(None).post(path, headers=own).status_code == 303
    foreign = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert installed.browser(None).post(path, headers=foreign).status_code == 403


def test_a_dead_link_looks_the_same_whatever_it_died_of(blank: Installed) -> None:
    client = blank.browser(None)
    first = owner_link(blank)
    client.post(first)
    client.post("/start", data=FOUNDER)
    acting = founder(blank)
    joining = invite(acting, "revoked@far.example", "谁", "viewer")
    revoked = Postbox(blank).newest_link()[0]
    revoke_joining(acting, joining)
    invite(acting, "expired@far.example", "谁", "viewer")
    expired = Postbox(blank).newest_link()[0]
    pages = []
    for path in (first, revoked, "/join/zm_" + "a" * 36, "/join/x", "/reset/zm_x", "/start/zm_x"):
        for method in ("get", "post"):
            response = getattr(blank.browser(None), method)(path)
            pages.append((response.status_code, same(response.text)))
    with time_machine.travel(later(days=8), tick=False):
        response = blank.browser(None).get(expired)
        pages.append((response.status_code, same(response.text)))
        assert expired.rsplit("/", 1)[1] not in same(response.text)
    for path in ("/join", "/reset", "/start"):
        response = blank.browser(None).get(path)
        pages.append((response.status_code, same(response.text)))
    assert {status for status, _page in pages} == {404}
    assert len({page for _status, page in pages}) == 1


def founder(installed: Installed) -> Acting:
    """Return the first owner at work."""
    with installed.database.reading(INSTALLATION) as session:
        member = member_by_email(session, "lu@far.example")
    assert member is not None
    return replace(installed.acting(), tenant=member.tenant_id, person=member.id)


def test_a_link_of_one_kind_does_not_open_another(installed: Installed) -> None:
    found = links(installed)
    token = found["join"].rsplit("/", 1)[1]
    client = installed.browser(None)
    for place in ("reset", "start"):
        assert client.get(f"/{place}/{token}").status_code == 404
    client.post(found["join"])
    assert client.get("/reset").status_code == 404


def test_a_link_revoked_after_it_was_opened_opens_nothing(installed: Installed) -> None:
    joining = invite(installed.acting(), "new@a.example", "新同事", "viewer")
    client = installed.browser(None)
    client.post(Postbox(installed).newest_link()[0])
    revoke_joining(installed.acting(), joining)
    assert client.post("/join", data=JOINER).status_code == 404
    assert len(roster(installed.acting()).members) == 4


def test_links_name_the_configured_address_whatever_the_request_claims(
    installed: Installed,
) -> None:
    client = installed.browser(None)
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert client.post("/forgot", data={"email": OWNER}, headers=told).status_code == 200
    assert (
        client.post("/forgot", data={"email": OWNER}, headers={"Host": "evil.example"}).status_code
        == 400
    )
    (message,) = Postbox(installed).collect()
    assert "evil.example" not in message.text
    assert "http://127.0.0.1:8000/reset/zm_" in message.text


def everything(client: FlaskClient, installed: Installed) -> list[str]:
    """Sign in, ask for links, set a second factor up; return every secret that is live after."""
    client.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
    client.post("/profile/second-factor/begin", data={"begin-password": PASSWORD})
    page = client.get("/profile/second-factor").text
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    done = client.post("/profile/second-factor/confirm", data={"code": code_at(secret, NOW)})
    codes = [part.split("</code>")[0] for part in done.text.split("<code>")[1:]]
    client.post("/members/invite", data={"email": "n@a.example", "name": "谁", "role": "viewer"})
    client.post("/forgot", data={"email": "viewer@a.example"})
    cookie = client.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    return [cookie.value, secret, *codes, *(code.replace(" ", "") for code in codes)]


def test_neither_database_nor_outbox_nor_log_holds_a_live_secret(
    installed: Installed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    give_password(installed)
    secrets = everything(installed.browser(None), installed)
    waiting = dump(installed.database)
    post = Postbox(installed)
    links_sent = [post.newest_link()[1]]
    links_sent += re.findall(r"zm_[a-z2-7]{32}[0-9a-f]{4}", "".join(m.text for m in post.taken))
    assert len(set(links_sent)) == 2
    after = dump(installed.database)
    for secret in (*secrets, *links_sent, PASSWORD):
        assert secret not in waiting
        assert secret not in after
        assert secret not in caplog.text


def test_a_short_key_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32"):
        Settings(secret_key="short")


def test_a_changed_key_keeps_sessions_and_links(installed: Installed) -> None:
    client = installed.browser()
    cookie = client.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    found = links(installed)
    settings = Settings(
        data=installed.settings.data,
        secret_key="another key that only tests use, longer",
        old_secret_keys=(installed.settings.key,),
    )
    changed = create_app(settings, installed.database)
    changed.config["SERVER_NAME"] = "127.0.0.1:8000"
    later_on = changed.test_client()
    later_on.set_cookie(MEMBER_COOKIE, cookie.value, domain="127.0.0.1")
    page = later_on.get("/profile")
    assert page.status_code == 200
    form = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"name": "甲", "locale": "zh-Hans", "zone": "Asia/Shanghai", "csrf_token": form}
    assert later_on.post("/profile", data=data).status_code == 303
    assert [later_on.get(path).status_code for path in found.values()] == [200, 200]
