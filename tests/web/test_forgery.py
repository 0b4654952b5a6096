"""Changes that another site asks for, with everything the browser would add by itself.

Every route that changes something is tried with the session of somebody who may use it, the
right fields and, where it says so, a good form token: what is forged is where it comes from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.factory import create_app
from app.settings import Settings
from app.store.record import Wanted, events
from app.web.policies import SAFE, Right, right_of
from tests.people import Installed
from tests.web.matrix.cells import Cell, cells_of
from tests.web.matrix.judging import Court, fresh
from tests.web.matrix.principals import PRINCIPALS, Principal
from tests.web.test_matrix import told

BY_NAME = {principal.name: principal for principal in PRINCIPALS}
SESSION = re.compile(r"(zm_form=[^;]+)")

EVIL = {"Origin": "https://evil.example"}
FORGED: Mapping[str, Mapping[str, str]] = {
    "another-origin": EVIL,
    "another-site": {"Sec-Fetch-Site": "cross-site"},
    "a-sister-site": {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9000"},
    "hidden-origin-of-another-site": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
}


WITHOUT_A_SESSION = ("check.door",)
"""Where somebody begins before any cookie is set: there is no session another site could ride on,
and a form token would need one. Where the request comes from is checked all the same."""


@pytest.fixture
def guarded(court: Court) -> Iterator[Court]:
    """The populated installation with form tokens asked for, as it runs."""
    config = court.held.world.app.config
    config["WTF_CSRF_ENABLED"] = True
    yield court
    config["WTF_CSRF_ENABLED"] = False
    court.held.undo()


def caller_of(right: Right) -> Principal:
    """Return somebody who is let in by a right."""
    by_themselves = {Right.RESPONDENT: "respondent", Right.VISITOR: "visitor"}
    if right in by_themselves:
        return BY_NAME[by_themselves[right]]
    return BY_NAME["other tenant's consultant" if right is not Right.OWNER else "owner"]


def changes(court: Court) -> Iterator[Cell]:
    """Return one good request for every route that changes something."""
    world = court.held.world
    for rule in world.app.url_map.iter_rules():
        right = right_of(world.app, rule.endpoint)
        if right is None or not (rule.methods or set()) - SAFE:
            continue
        kind = "not mine" if right is Right.OWNER else "own"
        for cell in cells_of(world, rule, caller_of(right)):
            if cell.method not in SAFE and cell.kind in (kind, "own"):
                yield cell
                break


def token(court: Court, cell: Cell) -> tuple[str, str]:
    """Return a form token with the cookies it belongs to."""
    browser = court.held.world.app.test_client(use_cookies=False)
    member = cell.principal.cookie(court.held.world)
    answer = browser.get("/form-token", headers={"Cookie": member} if member else {})
    found = SESSION.search(answer.headers["Set-Cookie"])
    assert found is not None
    return answer.get_json()["token"], "; ".join(filter(None, (member, found[1])))


def sent(court: Court, cell: Cell, headers: Mapping[str, str], as_text: bool = False) -> int:
    """Send a change and return its status."""
    world = court.held.world
    body: dict[str, Any] = {"json": cell.sent.json}
    if cell.sent.json is None:
        body = {"data": fresh(cell.sent.form)}
    if as_text:
        plain = {
            k: v for k, v in (cell.sent.json or cell.sent.form or {}).items() if type(v) is str
        }
        body = {"data": json.dumps(plain), "content_type": "text/plain"}
    browser = world.app.test_client(use_cookies=False)
    answer = browser.open(
        cell.path, method=cell.method, headers=dict(headers), buffered=True, **body
    )
    return int(answer.status_code)


def faults(court: Court, tried: Iterator[tuple[Cell, int]]) -> list[str]:
    """Return the changes that were not refused, or wrote something though they were."""
    found = []
    for cell, status in tried:
        written = [key for key in court.held.changed() if key[0] != "device_session"]
        if status not in (403, 415) or written:
            found.append(f"{cell.name}: {status}, wrote {written}")
        court.held.undo()
    return found


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("forged", FORGED)
def test_a_change_another_site_asks_for_is_refused_and_does_nothing(
    guarded: Court, forged: str
) -> None:
    def tried() -> Iterator[tuple[Cell, int]]:
        for cell in changes(guarded):
            good, cookie = token(guarded, cell)
            headers = {"Cookie": cookie, "X-CSRFToken": good, **FORGED[forged]}
            yield cell, sent(guarded, cell, headers)

    found = faults(guarded, tried())
    assert not found, told(found)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("as_text", [False, True], ids=["as-sent-by-the-page", "as-plain-text"])
def test_a_change_without_the_form_token_is_refused_and_does_nothing(
    guarded: Court, as_text: bool
) -> None:
    def tried() -> Iterator[tuple[Cell, int]]:
        for cell in changes(guarded):
            if cell.endpoint in WITHOUT_A_SESSION:
                continue
            cookie = cell.principal.cookie(guarded.held.world)
            yield cell, sent(guarded, cell, {"Cookie": cookie} if cookie else {}, as_text)

    found = faults(guarded, tried())
    assert not found, told(found)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_json_that_says_it_is_plain_text_is_refused_even_with_a_good_token(guarded: Court) -> None:
    scripts = [cell for cell in changes(guarded) if cell.sent.json is not None]
    assert scripts

    def tried() -> Iterator[tuple[Cell, int]]:
        for cell in scripts:
            good, cookie = token(guarded, cell)
            yield cell, sent(guarded, cell, {"Cookie": cookie, "X-CSRFToken": good}, as_text=True)

    found = faults(guarded, tried())
    assert not found, told(found)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_the_token_of_somebody_else_opens_nothing(guarded: Court) -> None:
    cells = [cell for cell in changes(guarded) if cell.endpoint == "workspace.new_client"]
    _mine, cookie = token(guarded, cells[0])
    theirs, _other = token(guarded, cells[0])
    assert sent(guarded, cells[0], {"Cookie": cookie, "X-CSRFToken": theirs}) == 403


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_the_same_changes_from_our_own_pages_are_taken(guarded: Court) -> None:
    refused = []
    for cell in changes(guarded):
        good, cookie = token(guarded, cell)
        headers = {
            "Cookie": cookie,
            "X-CSRFToken": good,
            "Origin": "http://127.0.0.1:8000",
            "Sec-Fetch-Site": "same-origin",
        }
        status = sent(guarded, cell, headers)
        if status not in cell.statuses:
            refused.append(f"{cell.name}: {status}")
        guarded.held.undo()
    assert not refused, told(refused)


# -- whom an address names -------------------------------------------------------------------------

TELLING = {"X-Forwarded-For": "198.51.100.66", "X-Forwarded-Host": "evil.example",
           "X-Forwarded-Proto": "https", "X-Real-IP": "198.51.100.66",
           "Forwarded": "for=198.51.100.66;host=evil.example"}  # fmt: skip


def recorded_address(installed: Installed) -> str:
    """Return where the newest line of the record says its writer was."""
    with installed.database.reading(installed.first.id) as session:
        return events(session, Wanted(), 1)[0].address


def test_a_told_address_is_not_believed_without_a_proxy(installed: Installed) -> None:
    browser = installed.browser("consultant")
    assert browser.post("/sign-out", headers=TELLING).status_code == 303
    assert recorded_address(installed) == "127.0.0.1"
    page = installed.browser("consultant").get("/profile", headers=TELLING)
    assert "evil.example" not in page.text


def test_behind_one_proxy_its_word_is_taken_and_no_earlier_one(installed: Installed) -> None:
    settings = Settings(
        data=installed.settings.data, secret_key=installed.settings.secret_key, proxies=1
    )
    behind = create_app(settings, installed.database)
    behind.config.update(WTF_CSRF_ENABLED=False, SERVER_NAME="127.0.0.1:8000")
    one = Installed(installed.database, settings, installed.first, installed.second, behind)
    told_by_both = {"X-Forwarded-For": "203.0.113.200, 198.51.100.66"}
    one.browser("consultant").post("/sign-out", headers=told_by_both)
    assert recorded_address(installed) == "198.51.100.66"
