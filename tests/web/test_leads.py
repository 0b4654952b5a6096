"""Leads in a browser, the settings of the self-check, and an engagement made of a lead."""

import re
from collections.abc import Iterator

import pytest
import time_machine

from app.services.accounts.branding import house_of
from app.services.answers.saving import Said, save_said
from app.services.interviews.interviewing import interview_board
from app.services.selfcheck.leads import Accepting, accept_lead
from tests.installations import NOW
from tests.people import Installed
from tests.strangers import ASKING, SLUG, load_models_once, open_check, published, stranger

SETTINGS = "/settings/self-check"
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""What is kept goes through both engines in tests/services/test_selfcheck_leads.py."""


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """An installation whose first consultancy has its self-check open."""
    load_models_once(monkeypatch)
    open_check(installed)
    return installed


# -- settings --------------------------------------------------------------------------------------


def test_an_owner_opens_the_self_check_and_sees_its_address(installed: Installed) -> None:
    owner = installed.browser()
    assert "/check/hengshi" not in owner.get("/settings").text
    answer = owner.post(SETTINGS, data={"slug": " HengShi ", "opened": "yes"})
    assert (answer.status_code, answer.location) == (303, "/settings")
    page = owner.get("/settings").text
    assert "http://127.0.0.1:8000/check/hengshi" in page
    assert "公开自查的二维码" in page
    assert "改了公开自查的设置" in owner.get("/record").text
    closed = owner.post(SETTINGS, data={"slug": "hengshi"}, follow_redirects=True)
    assert "公开自查已关闭" in closed.text
    assert not house_of(installed.acting()).check_open


@pytest.mark.parametrize("slug", ["", "恒石", "a", "-ab-"])
def test_a_bad_address_is_told_beside_its_field_with_what_was_typed(
    installed: Installed, slug: str
) -> None:
    answer = installed.browser().post(SETTINGS, data={"slug": slug, "opened": "yes"})
    assert answer.status_code == 422
    assert "3至40个小写字母" in answer.text
    assert f'value="{slug}"' in answer.text
    assert re.search(r'name="opened"[^>]* checked', answer.text)
    assert not house_of(installed.acting()).check_open


def test_an_address_another_consultancy_has_is_refused(house: Installed) -> None:
    answer = house.browser("owner", house.second).post(
        SETTINGS, data={"slug": SLUG, "opened": "yes"}
    )
    assert answer.status_code == 422
    assert "已经有别的机构在用" in answer.text


@pytest.mark.parametrize("who", ["consultant", "viewer"])
def test_others_see_that_it_is_open_and_cannot_change_it(house: Installed, who: str) -> None:
    browser = house.browser(who)
    page = browser.get("/settings").text
    assert "已开放。" in page
    assert SETTINGS not in page
    assert browser.post(SETTINGS, data={"slug": "x1x"}).status_code == 403


# -- leads -----------------------------------------------------------------------------------------


def test_an_empty_list_says_what_it_is_for_and_the_next_thing_to_do(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_models_once(monkeypatch)
    assert "/settings#self-check" in installed.browser().get("/leads").text
    consultant = installed.browser("consultant")
    assert "请所有者在设置里开放" in consultant.get("/leads").text
    open_check(installed)
    assert f"http://127.0.0.1:8000/check/{SLUG}" in consultant.get("/leads").text


def test_viewers_find_no_leads_anywhere(house: Installed) -> None:
    lead = stranger(house).fill_in().ask()
    viewer = house.browser("viewer")
    assert 'href="/leads"' not in viewer.get("/clients").text
    assert "请求诊断" not in viewer.get("/today").text
    for path in ("/leads", f"/leads/{lead}"):
        assert viewer.get(path).status_code == 403
    for path in ("accept", "decline"):
        assert viewer.post(f"/leads/{lead}/{path}").status_code == 403


def test_a_lead_is_announced_listed_shown_and_accepted(house: Installed) -> None:
    lead = stranger(house).fill_in().ask(note="<b>先看缺不缺人</b>")
    browser = house.browser("consultant")
    assert "1个做完自查的人请求诊断" in browser.get("/today").text
    listed = browser.get("/leads").text
    assert f'href="/leads/{lead}"' in listed
    assert ASKING.company in listed
    page = browser.get(f"/leads/{lead}").text
    for words in (ASKING.contact, "先补SOP体系", "SOP体系（L2）", "<svg", "&lt;b&gt;先看缺不缺人"):
        assert words in page
    assert "style=" not in page
    answer = browser.post(
        f"/leads/{lead}/accept", data={"name": "红花制衣有限公司", "title": "首次诊断"}
    )
    assert answer.status_code == 303
    engagement = answer.location
    told = browser.get(engagement).text
    assert "自查里的28个答案已经填进去" in told
    assert f'href="/leads/{lead}"' in told
    board = browser.get(f"{engagement}/interviews").text
    assert "私域负责人 · 自查" in board
    cockpit = re.search(rf'href="({engagement}/interviews/[0-9a-f]{{16}})"', board)
    assert cockpit is not None
    interview = browser.get(cockpit[1]).text
    assert interview.count("自查，<time") >= 4
    history = browser.get(f"{cockpit[1]}/history/strategy-shared").text
    assert "自查" in history
    assert "受访者本人" not in history
    again = browser.post(
        f"/leads/{lead}/accept", data={"name": "红花", "title": "再来"}, follow_redirects=True
    )
    assert "已经接受过了" in again.text
    record = house.browser().get("/record").text
    assert "接受了线索" in record
    assert "自查访客" in record


def test_an_incomplete_acceptance_is_told_beside_the_field(house: Installed) -> None:
    lead = stranger(house).fill_in().ask()
    browser = house.browser("consultant")
    answer = browser.post(f"/leads/{lead}/accept", data={"name": "", "title": "首次诊断"})
    assert answer.status_code == 422
    assert "请填写客户名称。" in answer.text
    extra = browser.post(
        f"/leads/{lead}/accept", data={"name": "a", "title": "b", "state": "declined"}
    )
    assert extra.status_code == 422


def test_a_lead_is_declined_with_a_reason_and_may_still_be_accepted(house: Installed) -> None:
    lead = stranger(house).fill_in().ask()
    browser = house.browser("consultant")
    answer = browser.post(f"/leads/{lead}/decline", data={"reason": "不在服务范围"})
    assert (answer.status_code, answer.location) == (303, "/leads")
    page = browser.get(f"/leads/{lead}").text
    assert "已婉拒" in page
    assert "不在服务范围" in page
    assert "还是接受" in page
    assert "请求诊断" not in browser.get("/today").text


def test_the_pages_of_leads_speak_english_too(house: Installed) -> None:
    lead = stranger(house).fill_in().ask(locale="en", company="Red Flower Ltd", person="", note="")
    browser = house.browser()
    browser.post("/profile", data={"name": "Lin", "locale": "en", "zone": "Europe/London"})
    assert "Waiting for you" in browser.get("/leads").text
    page = browser.get(f"/leads/{lead}").text
    assert "Accept and make client and engagement" in page
    assert "first mend SOP system" in page


def test_what_was_verified_is_held_against_the_self_check(house: Installed) -> None:
    who = stranger(house).fill_in()
    consultant = house.acting("consultant")
    made = accept_lead(consultant, who.ask(), Accepting("红花制衣", "首次诊断", "自查", ""))
    browser, place = house.browser("consultant"), f"/engagements/{made.engagement}/diagnosis"
    # Nobody takes the index of a few claims for a diagnosis.
    for page in (f"/engagements/{made.engagement}", place):
        assert "只按28个领域里的1个算，全是自述" in browser.get(page).text
    assert "还没有一道核过" in browser.get(f"{place}/perception").text
    assert "自评偏差" not in browser.get(f"{place}/findings").text

    (response,) = (one.id for one in interview_board(consultant, made.engagement).interviews)
    for number, item in enumerate(("strategy-shared", "sop-completeness")):
        worst = Said(item, "1", "E2", "看过原件")
        save_said(consultant, made.engagement, response, worst, 1, f"k{number}")
        assert published()[item] > 1
    assert "全是自述" not in browser.get(place).text
    told = browser.get(f"{place}/perception").text
    assert "企业的自评比诊断高" in told
    assert "只比核过的2道自查题" in told
    findings = browser.get(f"{place}/findings").text
    assert "自评偏差" in findings
    assert f'{place}/perception#self-rating"' in findings
