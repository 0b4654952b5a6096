"""The diagnosis on screen: the figures of the report, a way down, and who may decide what."""

import re
from html import unescape
from typing import Final

import pytest

from app.services.accounts.profiles import choose_locale
from app.services.answers.answering import Given, save_answer
from app.services.diagnosis.deciding import Words, decide
from app.services.diagnosis.reading import read_diagnosis
from app.store.answers import responses_of
from tests.case_engagements import ENGAGEMENT, add_case
from tests.diagnosis_pages import CHAPTERS, PART, body, document, text_of
from tests.kitchens import ENGAGEMENT as KITCHEN
from tests.kitchens import add_kitchen
from tests.people import Installed
from tests.workspace import HOSTILE, counted

HAN: Final = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
PAGE: Final = f"/engagements/{ENGAGEMENT}/diagnosis"
COOK: Final = f"/engagements/{KITCHEN}/diagnosis"
STEPS: Final = (
    "/score",
    "/dimensions/premises",
    "/areas/cleaning",
    "/questions/cold-chain",
    "/questions/tasks-signed",
    "/facts/food-handlers",
)
DECIDING: Final = (
    "/findings/raw-meets-ready",
    "/findings/raw-meets-ready/edit",
    "/findings/raw-meets-ready/reject",
    "/acceptance",
)


@pytest.fixture
def case(installed: Installed) -> Installed:
    """The second published case; the colleague is not on its team."""
    add_case(installed)
    return installed


@pytest.fixture
def kitchen(installed: Installed) -> Installed:
    """A small kitchen with two findings."""
    add_kitchen(installed, team=("consultant", "colleague", "viewer"))
    return installed


def test_each_page_costs_the_same_queries_however_much_was_answered(installed: Installed) -> None:
    add_kitchen(installed)
    add_case(installed)
    browser = installed.browser("owner")
    shared = ("", "/findings", "/perception", "/panels", "/economics", "/next-level", "/score",
              "/not-assessed", "/acceptance")  # fmt: skip
    for path in shared:
        spent: list[int] = []
        for page in (COOK, PAGE):
            body(browser, page + path)
            with counted(installed.database) as statements:
                body(browser, page + path)
            spent.append(len(statements))
        assert spent[0] == spent[1] <= MOST_QUERIES, (path, spent)
    for small, large in (
        ("/findings/raw-meets-ready", "/findings/zombie-groups"),
        ("/questions/cold-chain", "/questions/strategy-shared"),
    ):
        with counted(installed.database) as few:
            body(browser, COOK + small)
        with counted(installed.database) as many:
            body(browser, PAGE + large)
        assert len(few) == len(many) <= MOST_QUERIES + 4


MOST_QUERIES: Final = 16
"""The session, the engagement's frame, the rows a diagnosis is computed from, its self-check."""


# -- who may see and decide ----------------------------------------------------------------------


def test_viewers_read_everything_and_decide_nothing(kitchen: Installed) -> None:
    browser = kitchen.browser("viewer")
    page = ""
    for path in (*CHAPTERS, *STEPS, "/findings/raw-meets-ready"):
        page = body(browser, COOK + path)
        assert "/accept" not in page
    assert "只读成员不能决定" in page
    for path in DECIDING[1:]:
        assert browser.get(COOK + path).status_code == 403
    posts = ("/findings/raw-meets-ready/accept", *DECIDING[1:])
    for path in posts:
        refused = browser.post(COOK + path, data={"reason": "x", "seen": "0", "rule": "x"})
        assert refused.status_code == 403, path
    assert document(kitchen, KITCHEN)["findings"][0]["decision"] is None


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_who_is_not_on_the_team_finds_nothing(installed: Installed, who: str) -> None:
    add_kitchen(installed)
    tenant = installed.second if who == "stranger" else None
    browser = installed.browser("owner" if who == "stranger" else who, tenant)
    for path in (*CHAPTERS, *STEPS, *DECIDING):
        assert browser.get(COOK + path).status_code == 404, path
    for path in ("/findings/raw-meets-ready/accept", *DECIDING[1:]):
        data = {"seen": "0"} if path.endswith("accept") else {}
        assert browser.post(COOK + path, data=data).status_code == 404, path


def test_things_that_are_not_there_are_not_found(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    for path in ("/dimensions/x", "/areas/x", "/questions/x", "/facts/x", "/findings/x"):
        assert browser.get(COOK + path).status_code == 404, path
    assert browser.post(f"{COOK}/findings/x/accept", data={"seen": "0"}).status_code == 404


# -- deciding ------------------------------------------------------------------------------------


def test_a_finding_is_accepted_and_says_so(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    done = browser.post(f"{COOK}/findings/raw-meets-ready/accept", data={"seen": "0"})
    assert (done.status_code, done.location) == (303, f"{COOK}/findings/raw-meets-ready")
    page = text_of(body(browser, done.location))
    assert "已确认" in page
    assert "衡石咨询consultant 已确认" in page
    assert document(kitchen, KITCHEN)["findings"][0]["decision"]["verdict"] == "accepted"


def test_accepting_in_the_list_exchanges_the_line_and_the_count(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    data = {"seen": "0", "from": "list"}
    path = f"{COOK}/findings/raw-meets-ready/accept"
    part = browser.post(path, data=data, headers=PART)
    assert part.status_code == 200
    assert part.text.count("<li ") == 1
    assert 'id="finding-raw-meets-ready"' in part.text
    assert "/accept" not in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert "1/2条" in part.text
    assert "1/2条" in body(browser, f"{COOK}/findings")


def test_own_words_take_the_place_of_the_rules(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    form = body(browser, f"{COOK}/findings/raw-meets-ready/edit")
    assert "Raw and ready-to-eat food meet during service" in form
    data = {"seen": "0", "finding": "Fish above salad", "recommend": "", "reason": "Clearer"}
    done = browser.post(f"{COOK}/findings/raw-meets-ready/edit", data=data)
    assert done.status_code == 303
    page = text_of(body(browser, done.location))
    assert "KH-02 Fish above salad" in page
    assert "理由：Clearer" in page
    assert "Raw and ready-to-eat food meet during service" in page
    again = body(browser, f"{COOK}/findings/raw-meets-ready/edit")
    assert "Fish above salad" in again
    assert 'name="seen" value="1"' in again


@pytest.mark.parametrize("what", ["edit", "reject"])
def test_a_decision_without_a_reason_is_refused_beside_the_field(
    kitchen: Installed, what: str
) -> None:
    browser = kitchen.browser("consultant")
    data = {"seen": "0", "reason": " "}
    if what == "edit":
        data |= {"finding": "Fish above salad", "recommend": "Move it"}
    refused = browser.post(f"{COOK}/findings/raw-meets-ready/{what}", data=data)
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert what == "reject" or "Fish above salad" in refused.text
    assert document(kitchen, KITCHEN)["findings"][0]["decision"] is None


def test_an_edit_that_says_the_same_is_refused_beside_the_field(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    rule = read_diagnosis(kitchen.acting(), KITCHEN).model.rules["raw-meets-ready"]
    data = {"seen": "0", "finding": rule.finding, "recommend": rule.recommend, "reason": "So"}
    refused = browser.post(f"{COOK}/findings/raw-meets-ready/edit", data=data)
    assert refused.status_code == 422
    assert 'id="finding-error"' in refused.text


def test_a_rejection_says_beforehand_what_leaves_the_plan(case: Installed) -> None:
    browser = case.browser("consultant")
    page = text_of(body(browser, f"{PAGE}/findings/zombie-groups/reject"))
    assert "离开的SOP SOP-20" in page
    data = {"seen": "0", "reason": "群已经关掉"}
    done = browser.post(f"{PAGE}/findings/zombie-groups/reject", data=data)
    listed = text_of(body(browser, f"{PAGE}/findings"))
    assert done.status_code == 303
    assert listed.index("已否决") < listed.rindex("RU-19")
    assert "SOP-20" not in [sop["code"] for sop in document(case, ENGAGEMENT)["plan"]["sops"]]
    own = text_of(body(browser, f"{PAGE}/findings/zombie-groups"))
    assert "理由：群已经关掉" in own


def test_somebody_who_decided_meanwhile_is_not_overruled_unknowingly(kitchen: Installed) -> None:
    decide(kitchen.acting("colleague"), KITCHEN, "raw-meets-ready", Words("rejected", "Checked"), 0)
    browser = kitchen.browser("consultant")
    data = {"seen": "0", "finding": "Fish above salad", "recommend": "", "reason": "Clearer"}
    path = f"{COOK}/findings/raw-meets-ready/edit"
    conflict = browser.post(path, data=data)
    assert conflict.status_code == 409
    page = text_of(conflict.text)
    assert "Fish above salad" in page
    assert "理由：Checked" in page
    assert "衡石咨询colleague" in page
    fields = dict(
        re.findall(r'name="(seen|finding|recommend|reason)" value="([^"]*)"', conflict.text)
    )
    assert fields["seen"] == "1"
    done = browser.post(path, data=fields)
    assert done.status_code == 303
    history = text_of(body(browser, f"{COOK}/findings/raw-meets-ready"))
    assert history.index("Clearer") < history.index("Checked")


def test_a_script_that_comes_too_late_is_led_to_the_finding(kitchen: Installed) -> None:
    words = Words("rejected", "Checked")
    decide(kitchen.acting("colleague"), KITCHEN, "raw-meets-ready", words, 0)
    browser = kitchen.browser("consultant")
    path = f"{COOK}/findings/raw-meets-ready"
    late = browser.post(f"{path}/accept", data={"seen": "0", "from": "list"}, headers=PART)
    assert (late.status_code, late.headers["HX-Redirect"]) == (409, path)
    assert "您的决定没有保存" in body(browser, path)


def test_a_finding_whose_answers_changed_is_not_decided(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    browser = kitchen.browser("consultant")
    with acting.reading() as session:
        rows = responses_of(session, KITCHEN)
    inspector = next(row for row in rows if row.role == "inspector")
    save_answer(acting, inspector.id, Given("breaches-seen", "given", ()), 1, "mended")
    done = browser.post(f"{COOK}/findings/raw-meets-ready/accept", data={"seen": "0"})
    assert (done.status_code, done.location) == (303, f"{COOK}/findings")
    assert "条件已经不成立" in body(browser, f"{COOK}/findings")


def test_the_others_are_accepted_with_one_confirmation(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    browser.post(f"{COOK}/findings/raw-meets-ready/accept", data={"seen": "0"})
    page = body(browser, f"{COOK}/acceptance")
    rules = re.findall(r'name="rule" value="([^"]+)"', page)
    assert rules == ["cold-chain-unwatched"]
    done = browser.post(f"{COOK}/acceptance", data={"rule": rules})
    assert done.status_code == 303
    listed = body(browser, done.location)
    assert "已确认1条发现" in listed
    assert "2/2条" in listed
    assert "/acceptance" not in listed
    assert "每条发现都有了决定" in body(browser, f"{COOK}/acceptance")


def test_findings_unticked_or_decided_meanwhile_are_left_alone(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    words = Words("rejected", "Checked")
    decide(kitchen.acting("colleague"), KITCHEN, "raw-meets-ready", words, 0)
    done = browser.post(f"{COOK}/acceptance", data={"rule": ["raw-meets-ready"]})
    listed = body(browser, done.location)
    assert "有1条没有动" in listed
    decided = document(kitchen, KITCHEN)
    assert [one["decision"]["verdict"] for one in decided["rejected"]] == ["rejected"]
    assert decided["findings"][0]["decision"] is None
    none = browser.post(f"{COOK}/acceptance", data={})
    assert "没有选中任何一条" in body(browser, none.location)


@pytest.mark.parametrize("path", ["accept", "edit", "reject"])
def test_a_form_brings_nothing_but_its_own_fields(kitchen: Installed, path: str) -> None:
    browser = kitchen.browser("consultant")
    data = {"seen": "0", "reason": "x", "verdict": "accepted", "tenant_id": "b" * 16}
    refused = browser.post(f"{COOK}/findings/raw-meets-ready/{path}", data=data)
    assert refused.status_code == 422
    assert document(kitchen, KITCHEN)["findings"][0]["decision"] is None


# -- what is said --------------------------------------------------------------------------------


def test_markup_in_answers_and_decisions_is_text(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    with acting.reading() as session:
        chef = next(row for row in responses_of(session, KITCHEN) if row.role == "chef")
    hostile = " ".join(HOSTILE)
    given = Given("cold-chain", "given", 3, "E1", note=hostile, quote=hostile)
    save_answer(acting, chef.id, given, 1, "hostile")
    browser = kitchen.browser("consultant")
    data = {"seen": "0", "finding": HOSTILE[0], "recommend": hostile, "reason": hostile}
    done = browser.post(f"{COOK}/findings/raw-meets-ready/edit", data=data)
    assert done.status_code == 303
    for path in ("", "/findings", *DECIDING, "/questions/cold-chain"):
        page = body(browser, COOK + path)
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert unescape(body(browser, f"{COOK}/questions/cold-chain")).count(hostile) == 2
    own = unescape(body(browser, f"{COOK}/findings/raw-meets-ready"))
    assert own.count(hostile) >= 2
    assert HOSTILE[0] in own


def test_english_pages_say_nothing_in_chinese_but_what_people_wrote(kitchen: Installed) -> None:
    """The kitchen is an English model: every Chinese word left would be ours."""
    choose_locale(kitchen.acting("consultant"), "en")
    browser = kitchen.browser("consultant")
    own = ("诊脉", "中文", "首次诊断", "衡石咨询consultant", "衡石咨询")
    paths = (
        *(chapter for chapter in CHAPTERS),
        "/score",
        "/dimensions/premises",
        "/areas/cleaning",
        "/questions/cold-chain",
        "/questions/trained-share",
        "/questions/tasks-signed",
        "/facts/food-handlers",
        "/findings/raw-meets-ready",
        "/findings/raw-meets-ready/edit",
        "/findings/raw-meets-ready/reject",
        "/acceptance",
    )
    for path in paths:
        page = body(browser, COOK + path)
        for word in own:
            page = page.replace(word, "")
        left = re.findall(rf".{{0,30}}{HAN.pattern}+", page)
        assert not left, (path, left)


def test_an_engagement_without_answers_says_what_each_page_is_for(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    browser = installed.browser("consultant")
    assert "还没有可以诊断的答案" in body(browser, COOK)
    for path in (*CHAPTERS, "/score", "/dimensions/premises", "/areas/cleaning", "/acceptance"):
        assert body(browser, COOK + path)
    assert "还没有人答这道题" in body(browser, f"{COOK}/questions/cold-chain")
