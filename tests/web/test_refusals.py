"""Who is refused something leaves a line in the record of their own consultancy, and no more."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select

from app.services.errors import NotFoundError
from app.services.record.refusals import MOST
from app.store.errors import BusyError
from app.store.rows import AuditEvent
from app.web import refusals
from tests.accounts import later
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed, Tenant

FOREIGN, NOBODY = "d" * 16, "0" * 16


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


def lines(installed: Installed, tenant: Tenant | None = None) -> list[tuple[str, str, str]]:
    """Return the refusals on a consultancy's record: who, what kind, what was asked."""
    with installed.database.reading((tenant or installed.first).id) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        return [
            (row.actor, row.action, row.subject_id)
            for row in rows
            if row.action.startswith("access.")
        ]


def test_what_is_anothers_leaves_the_same_line_as_what_there_is_not(installed: Installed) -> None:
    add_kitchen(installed, tenant=installed.second, engagement=FOREIGN, answered=False)
    browser, who = installed.browser("consultant"), installed.first.people["consultant"].name
    for engagement in (FOREIGN, NOBODY):
        assert browser.get(f"/engagements/{engagement}").status_code == 404
        assert browser.post(f"/engagements/{engagement}/archive", data={}).status_code == 404
    assert lines(installed) == [
        (who, "access.missing", f"{asked} /engagements/{engagement}{path}")
        for engagement in (FOREIGN, NOBODY)
        for asked, path in (("GET", ""), ("POST", "/archive"))
    ]
    assert lines(installed, installed.second) == [], "nobody writes into another's record"
    history = f"/engagements/{FOREIGN}/interviews/{NOBODY}/history/strategy-written-down"
    assert browser.get(history).status_code == 404
    page = installed.browser("owner").get("/record?area=access").text
    assert "尝试打开不存在或不属于自己的内容，被拒绝" in page
    assert f"GET /engagements/{FOREIGN}" in page
    assert f"GET {history}" in page, "in full"


def test_what_a_role_does_not_allow_is_on_record(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("viewer",))
    browser, who = installed.browser("viewer"), installed.first.people["viewer"].name
    assert browser.get("/members").status_code == 403
    assert browser.post(f"/engagements/{ENGAGEMENT}/archive", data={}).status_code == 403
    assert lines(installed) == [
        (who, "access.forbidden", "GET /members"),
        (who, "access.forbidden", f"POST /engagements/{ENGAGEMENT}/archive"),
    ]


def test_nobody_fills_the_record_with_refusals(installed: Installed) -> None:
    browser = installed.browser("consultant")
    for _ in range(3):
        browser.get(f"/engagements/{NOBODY}")
    assert len(lines(installed)) == 1
    for number in range(MOST + 20):
        assert browser.get(f"/engagements/{number:016}").status_code == 404
    assert len(lines(installed)) == MOST
    colleague = installed.browser("colleague")
    colleague.get(f"/engagements/{NOBODY}")
    assert len(lines(installed)) == MOST + 1, "another person has lines of their own"
    with time_machine.travel(later(hours=1, seconds=1), tick=False):
        installed.browser("consultant").get(f"/engagements/{NOBODY}")
    assert len(lines(installed)) == MOST + 2


def test_no_secret_and_no_query_gets_into_the_record(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = installed.browser("consultant")
    dead = f"zm_{'a' * 32}0000"
    for path in (f"/join/{dead}", f"/reset/{dead}", f"/i/{dead}", "/no-such-page"):
        assert browser.get(path).status_code == 404
    link = installed.app.view_functions["auth.link"]

    def in_another_way(**_given: str) -> str:
        raise NotFoundError

    in_another_way.__dict__.update(vars(link))
    monkeypatch.setitem(installed.app.view_functions, "auth.link", in_another_way)
    assert browser.get(f"/join/{dead}").status_code == 404
    assert lines(installed) == [], "a link that opens nothing, an address there is not"
    browser.get(f"/engagements/{NOBODY}?token={dead}")
    ((_who, _action, asked),) = lines(installed)
    assert asked == f"GET /engagements/{NOBODY}"


def test_who_is_not_signed_in_writes_nowhere(installed: Installed) -> None:
    stranger = installed.browser(None)
    assert stranger.get(f"/engagements/{NOBODY}").status_code == 303
    evil = {"Origin": "https://evil.example"}
    forged = installed.browser("owner").post("/clients/new", data={}, headers=evil)
    assert forged.status_code == 403
    assert lines(installed) == [], "what another site sends is no deed of the member"


def test_a_refusal_stands_where_its_line_cannot_be_written(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise BusyError("in use")

    monkeypatch.setitem(refusals._NOTES, 404, busy)
    assert installed.browser("consultant").get(f"/engagements/{NOBODY}").status_code == 404
