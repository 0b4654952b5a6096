"""What holds for every request, whoever makes it."""

import pytest

from app.factory import create_app
from app.settings import Settings
from app.web.principal import MEMBER_COOKIE, RESPONDENT_COOKIE
from tests.people import Installed

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""For what the database has no part in."""
OUTWARD = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/%0d%0aLocation:https://evil.example\r\n",
)
"""Ways to write another site where an address of ours is expected."""


def test_a_page_runs_nothing_but_our_own_files_and_is_framed_nowhere(installed: Installed) -> None:
    response = installed.browser(None).get("/healthz")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in response.headers["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_a_forged_host_is_refused(installed: Installed, host: str) -> None:
    client = installed.browser(None)
    assert client.get("/healthz", headers={"Host": host}).status_code == 400
    told = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": host}
    assert host.encode() not in client.get("/healthz", headers=told).data


@ONE_ENGINE
@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("ask.example", 200),
        ("evil.example", 400),
        ("evil.example, ask.example", 200),  # the last word is the proxy's own
        ("ask.example, evil.example", 400),
    ],
)
def test_a_host_that_a_proxy_passes_on_must_be_ours_too(
    installed: Installed, told: str, status: int
) -> None:
    settings = Settings(
        data=installed.settings.data,
        secret_key=installed.settings.secret_key,
        base_url="https://ask.example",
        proxies=1,
    )
    client = create_app(settings, installed.database).test_client()
    headers = {"X-Forwarded-Host": told, "X-Forwarded-Proto": "https"}
    answer = client.get("/sign-in", base_url="http://10.0.0.7:8000", headers=headers)
    assert answer.status_code == status
    assert "evil.example" not in answer.text


@ONE_ENGINE
@pytest.mark.parametrize("who", ["owner", None])
def test_changing_the_language_leads_to_no_other_site(
    installed: Installed, who: str | None
) -> None:
    browser = installed.browser(who)
    for here in OUTWARD:
        answer = browser.post("/locale", data={"locale": "en", "here": here})
        assert (answer.status_code, answer.location) == (303, "/"), here
    kept = browser.post("/locale", data={"locale": "en", "here": "/clients?q=x"})
    assert kept.location == "/clients?q=x"


@ONE_ENGINE
def test_a_token_counts_in_its_cookie_and_nowhere_else(installed: Installed) -> None:
    client, stranger = installed.browser("owner"), installed.browser(None)
    cookie = client.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    token = cookie.value
    places = [{"headers": {"Authorization": f"{kind} {token}"}} for kind in ("Bearer", "Token")]
    places += [{"headers": {"X-API-Key": token, "X-Auth-Token": token}}]
    for name in (MEMBER_COOKIE, "session", "token", "access_token", "api_key", "key"):
        places.append({"query_string": {name: token}})
        assert stranger.post("/clients/new", data={name: token}).location == "/sign-in"
    for place in places:
        assert stranger.get("/clients", **place).location.startswith("/sign-in")
        assert stranger.post("/clients/new", **place).location == "/sign-in"
    assert stranger.get("/answer", query_string={RESPONDENT_COOKIE: token}).status_code == 404
    assert client.get("/clients").status_code == 200
