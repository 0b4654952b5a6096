"""What people see when the program fails: what to do and a number to name, never its inside."""

import logging
import re

import pytest
from pydantic import ValidationError

from app.services.accounts.profiles import choose_locale
from app.settings import Settings
from tests.people import SECRET, Installed

INSIDE = "secret detail of /srv/zhenmai/app.py"
WORDS = (
    "Traceback",
    "RuntimeError",
    "File &#34;",
    'File "',
    ".py",
    "sqlalchemy",
    "werkzeug",
    "flask",
)


@pytest.fixture
def broken(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """An installation whose list of clients fails."""
    view = installed.app.view_functions["workspace.clients"]

    def fails() -> str:
        raise RuntimeError(INSIDE)

    fails.__dict__.update(vars(view))
    monkeypatch.setitem(installed.app.view_functions, "workspace.clients", fails)
    return installed


def test_a_failure_shows_a_number_and_nothing_of_the_inside(
    broken: Installed, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = broken.browser("owner").get("/clients")
    assert answer.status_code == 500
    assert "已确认保存的内容都还在" in answer.text
    assert INSIDE not in answer.text
    assert not [word for word in WORDS if word in answer.text]
    reference = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)
    assert reference is not None
    line = next(record for record in caplog.records if record.exc_info)
    assert reference[1] in line.getMessage(), "the log is found by the number people name"
    assert INSIDE in str(line.exc_info[1] if line.exc_info else "")


def test_two_failures_have_two_numbers(broken: Installed, caplog: pytest.LogCaptureFixture) -> None:
    browser = broken.browser("owner")
    with caplog.at_level(logging.CRITICAL):
        pages = {browser.get("/clients").text for _ in range(2)}
    assert len(pages) == 2


def test_a_script_is_told_as_little(broken: Installed, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        answer = broken.browser("owner").get("/clients", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert answer.get_json()["error"] == "failed"
    assert INSIDE not in answer.text
    assert not [word for word in WORDS if word in answer.text]


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/docs",
        "/openapi.json",
        "/debug",
        "/console",
        "/.env",
        "/.git/config",
        "/static/../data/secret-key",
        "/static/%2e%2e/wiring",
        "/static/no-such-file.css",
        "/server-status",
    ],
)
@pytest.mark.parametrize("who", ["owner", None])
def test_addresses_there_are_not_show_nothing(installed: Installed, path: str, who: str) -> None:
    answer = installed.browser(who).get(path)
    assert answer.status_code == 404
    assert not [word for word in WORDS if word in answer.text]


def test_a_missing_page_is_told_in_the_language_of_the_reader(installed: Installed) -> None:
    browser = installed.browser(None)
    assert "没有这个页面" in browser.get("/no-such-page").text
    english = browser.get("/no-such-page", headers={"Accept-Language": "en"}).text
    assert not re.search("[\u3400-\u9fff]", english.replace("中文", "").replace("诊脉", ""))


@pytest.mark.parametrize("told", ["1", "true", "YES"])
def test_the_debugger_refuses_to_start_on_a_public_address(
    told: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", told)
    folder = tmp_path_factory.mktemp("data")
    with pytest.raises(ValidationError, match="FLASK_DEBUG"):
        Settings(data=folder, secret_key=SECRET, base_url="https://zhenmai.example")
    assert Settings(data=folder, secret_key=SECRET).address == "http://127.0.0.1:8000"


def test_an_address_that_leads_nowhere_is_told_in_the_members_language(
    installed: Installed,
) -> None:
    choose_locale(installed.acting("consultant"), "en")
    answer = installed.browser("consultant").get("/no-such-page")
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.text
    assert "没有这个页面" in installed.browser("viewer").get("/no-such-page").text
