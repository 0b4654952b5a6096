"""The customer pulse: a poster, a sheet without a name, a cross-check once enough answered."""

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.services.access import open_engagement
from app.services.answers.assembling import assembled, gather
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.undertaking import engagement_model
from app.services.pulse import answering
from app.services.pulse.posters import close_poster, make_poster, poster_of, replace_poster
from app.store.rows import Engagement, PulseAnswer
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.respondents import Company, Phone, hidden, phone
from tests.workspace import HOSTILE

POSTER = f"/engagements/{ENGAGEMENT}/pulse"
SAID = {"felt-clean": "3", "food-arrived": "hot", "would-return": "9", "one-wish": "More light"}
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""What the database has no part in."""


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    """The kitchen of the published example, whose model wants two customers."""
    add_kitchen(installed)
    return Company(installed, installed.first, ENGAGEMENT)


@pytest.fixture
def sheet(kitchen: Company) -> str:
    """The path behind the poster's code."""
    make_poster(kitchen.acting(), ENGAGEMENT)
    return link(kitchen)


def link(kitchen: Company) -> str:
    found = poster_of(kitchen.acting(), ENGAGEMENT).link
    assert found is not None
    return "/p/" + found.rpartition("/")[2]


def send(guest: Phone, path: str, said: Mapping[str, str] = SAID, key: str = "") -> TestResponse:
    key = key or hidden(guest.get(path))["key"]
    return guest.post(path, {"key": key, **said})


def rows(kitchen: Company) -> list[PulseAnswer]:
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        return list(session.scalars(select(PulseAnswer)))


def pulse_known(kitchen: Company) -> int:
    """Return of how many customers the diagnosis knows."""
    acting = kitchen.acting()
    with acting.reading() as session:
        gathered = gather(session, open_engagement(acting, session, ENGAGEMENT))
    return len(assembled(gathered, engagement_model(acting, ENGAGEMENT)).pulse)


def test_looking_at_the_sheet_changes_nothing_and_leaves_no_mark(
    kitchen: Company, sheet: str
) -> None:
    guest = phone(kitchen.installed)
    for page in [guest.get(sheet) for _ in range(5)]:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "zm_pulse" not in str(page.headers.getlist("Set-Cookie"))
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert rows(kitchen) == []


def test_an_answer_is_kept_without_anything_that_tells_who_gave_it(
    kitchen: Company, sheet: str
) -> None:
    guest = phone(kitchen.installed)
    assert send(guest, sheet).status_code == 303
    assert "Thank you" in guest.client.get(sheet, headers={"Accept-Language": "en"}).text
    (row,) = rows(kitchen)
    assert row.document == {
        "felt-clean": 3, "food-arrived": "hot", "would-return": 9, "one-wish": "More light",
    }  # fmt: skip
    columns = {column.name for column in PulseAnswer.__table__.columns}
    assert columns == {"tenant_id", "id", "engagement_id", "key", "document", "given_on"}
    mark = guest.client.get_cookie("zm_pulse", domain="127.0.0.1")
    assert mark is not None
    assert re.fullmatch(r"[0-9a-f]{12}", mark.value)


def test_one_device_answers_once_and_a_double_tap_is_one_answer(
    kitchen: Company, sheet: str
) -> None:
    guest, other = phone(kitchen.installed), phone(kitchen.installed)
    key = hidden(guest.get(sheet))["key"]
    assert send(guest, sheet, key=key).status_code == 303
    assert send(guest, sheet, key="f" * 24).status_code == 200, "thanked, nothing stored"
    # The second of two taps comes without the mark that the first brings back.
    assert send(other, sheet, key=key).status_code == 303
    assert len(rows(kitchen)) == 1
    assert send(phone(kitchen.installed), sheet).status_code == 303
    assert len(rows(kitchen)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"felt-clean": "9"},
        {"felt-clean": "-1"},
        {"felt-clean": "４"},
        {"would-return": "11"},
        {"food-arrived": "raw"},
        {"one-wish": "x" * 501},
        {"one-wish": "a\x00b"},
        {},
    ],
)
def test_what_cannot_be_taken_is_told_and_the_rest_stays_on_the_page(
    kitchen: Company, sheet: str, wrong: dict[str, str]
) -> None:
    guest = phone(kitchen.installed)
    said = {"would-return": "7", **wrong} if wrong else {}
    answer = send(guest, sheet, said)
    assert answer.status_code == 422
    assert "还没有提交" in answer.text
    assert rows(kitchen) == []
    if wrong and "would-return" not in wrong:
        assert re.search(r'id="would-return-7" value="7" checked', answer.text)


def test_a_field_there_is_not_is_refused(kitchen: Company, sheet: str) -> None:
    guest = phone(kitchen.installed)
    assert send(guest, sheet, {**SAID, "name": "王"}).status_code == 422
    assert rows(kitchen) == []


def test_before_enough_customers_answered_nothing_of_it_is_shown(
    kitchen: Company, sheet: str
) -> None:
    perception = f"/engagements/{ENGAGEMENT}/diagnosis/perception"
    browser = kitchen.installed.browser("consultant")
    send(phone(kitchen.installed), sheet)
    assert pulse_known(kitchen) == 0
    assert current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis.pulse is None
    told = browser.get(perception).text
    assert "已收1份，满2份才与团队自评对照" in told
    assert 'id="pulse"' not in told
    assert "还差1份" in browser.get(POSTER).text
    send(phone(kitchen.installed), sheet, {**SAID, "felt-clean": "1"})
    assert pulse_known(kitchen) == 2
    found = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis.pulse
    assert found is not None
    assert found.enough
    page = browser.get(perception).text
    assert "The place felt clean." in page.partition('id="pulse"')[2]
    assert "More light" not in page, "no words of customers on the page"
    assert "够2份" in browser.get(POSTER).text


def test_a_closed_or_replaced_poster_is_dead_and_what_was_answered_stays(
    kitchen: Company, sheet: str
) -> None:
    guest = phone(kitchen.installed)
    send(guest, sheet)
    replace_poster(kitchen.acting(), ENGAGEMENT)
    newer = link(kitchen)
    assert newer != sheet
    dead = guest.get(sheet)
    assert dead.status_code == 404
    assert dead.data == guest.get("/p/zm_nothing").data
    close_poster(kitchen.acting(), ENGAGEMENT)
    late = phone(kitchen.installed)
    assert late.get(newer).status_code == 404
    assert late.post(newer, {"key": "0" * 24, **SAID}).status_code == 404
    make_poster(kitchen.acting(), ENGAGEMENT)
    assert link(kitchen) == newer
    assert len(rows(kitchen)) == 1


def test_the_poster_of_a_project_that_was_put_away_is_dead(kitchen: Company, sheet: str) -> None:
    kitchen.put_away()
    assert phone(kitchen.installed).get(sheet).status_code == 404


@ON_ONE_ENGINE
def test_only_who_writes_here_makes_a_poster(kitchen: Company) -> None:
    for who, status in (("viewer", 403), ("colleague", 404)):
        browser = kitchen.installed.browser(who)
        assert browser.get(POSTER).status_code == status
        assert browser.post(POSTER, data={"action": "make"}).status_code == status
    browser = kitchen.installed.browser("consultant")
    assert "还没有海报" in browser.get(POSTER).text
    assert browser.post(POSTER, data={"action": "make"}).status_code == 303
    assert "<svg" in browser.get(POSTER).text
    assert browser.post(POSTER, data={"action": "burn"}).status_code == 400


def test_a_form_that_asks_no_customers_has_no_poster(
    kitchen: Company, installed: Installed
) -> None:
    with installed.database.writing(installed.first.id) as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        row.form = "spot-check"
    browser = installed.browser("consultant")
    assert "这份问卷不问客户" in browser.get(POSTER).text
    assert browser.post(POSTER, data={"action": "make"}).status_code == 409


def test_a_poster_takes_no_more_than_people_there_can_be(
    kitchen: Company, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST", 1)
    send(phone(kitchen.installed), sheet)
    assert send(phone(kitchen.installed), sheet).status_code == 429
    assert len(rows(kitchen)) == 1


@ON_ONE_ENGINE
def test_a_machine_at_one_address_is_slowed(kitchen: Company, sheet: str) -> None:
    guest = phone(kitchen.installed)
    statuses = [guest.post(sheet, {"key": "x"}).status_code for _ in range(130)]
    assert statuses.count(429) > 0


@ON_ONE_ENGINE
def test_an_old_page_comes_back_with_what_was_chosen(kitchen: Company, sheet: str) -> None:
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = True
    guest = phone(kitchen.installed)
    answer = guest.post(sheet, {"key": "0" * 24, **SAID})
    assert answer.status_code == 403
    assert "选的内容都还在" in answer.text
    assert re.search(r'id="felt-clean-3" value="3" checked', answer.text)
    assert rows(kitchen) == []


@ON_ONE_ENGINE
def test_what_customers_type_does_nothing_anywhere(kitchen: Company, sheet: str) -> None:
    for text in HOSTILE:
        guest = phone(kitchen.installed)
        again = send(guest, sheet, {"one-wish": text, "felt-clean": "77"})
        assert "<script>alert" not in again.text
        assert send(guest, sheet, {"one-wish": text}).status_code == 303
    for path in (POSTER, f"/engagements/{ENGAGEMENT}/diagnosis/perception"):
        page = kitchen.installed.browser("consultant").get(path).text
        assert not [text for text in HOSTILE if text in page]
