"""Interviews as consultants hold them: by keyboard, without a network, two at a time."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.cockpit import (
    ANSWERED,
    NAMES,
    begin,
    chosen,
    current,
    cut,
    engagement_of,
    history,
    saved,
    sign_in,
)
from tests.browser.watching import Troubles
from tests.browser.windows import DESKTOP, PHONE, OpenPage, Screen
from tests.enterprises import private_domain_model

CUT = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def page(open_page: OpenPage, site: str) -> Page:
    """A consultant at a desk."""
    found = open_page(site=site)
    sign_in(found)
    return found


def answer_by_keys(page: Page) -> None:
    """Answer the question one is at with the keys alone."""
    kind = current(page).get_attribute("data-kind")
    if kind == "rows":
        page.keyboard.press("2")
    elif kind == "ticks":
        page.keyboard.press("1")
        page.keyboard.press("3")
    elif kind == "box":
        page.keyboard.press("1")
        page.keyboard.press("Escape")
    else:
        page.keyboard.press("Enter")
        page.keyboard.insert_text("没有数据就不敢投")
        page.keyboard.press("Escape")


def test_the_whole_questionnaire_is_answered_by_keyboard_alone(page: Page) -> None:
    address = begin(page, "private-domain-head", "键盘")
    page.goto(f"{address}?everything=1")
    asked = [q for q in private_domain_model().questions.values() if q.type != "computed"]
    seen: list[str] = []
    for question in asked:
        expect(current(page)).to_have_attribute("data-item", question.id)
        seen.append(question.id)
        answer_by_keys(page)
        page.keyboard.press("ArrowDown")
    assert len(seen) == len(private_domain_model().questions) - 1 == 69
    page.keyboard.press("m")
    page.keyboard.insert_text("最后一题的备注")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("e")
    saved(page, 120_000)
    page.reload()
    answered = page.locator(".part:not(#part-facts) .question.is-done")
    expect(answered).to_have_count(69)
    assert chosen(page, seen[0]) == ["2"]
    last = page.locator(f".question[data-item='{seen[-1]}']")
    assert last.locator("[name$='_note']").input_value() == "最后一题的备注"
    assert last.locator("[name$='_evidence']:checked").get_attribute("value") == "E1"


def test_keys_do_what_the_help_says_and_nothing_while_somebody_types(page: Page) -> None:
    begin(page, "ceo", "按键")
    first = current(page).get_attribute("data-item") or ""
    page.keyboard.press("m")
    page.keyboard.insert_text("n")
    page.keyboard.press("3")
    page.keyboard.press("ArrowDown")
    assert chosen(page, first) == []
    expect(current(page)).to_have_attribute("data-item", first)
    assert current(page).locator("[name$='_note']").input_value() == "n3"
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    assert chosen(page, first) == ["4"]
    page.keyboard.press("n")
    assert chosen(page, first) == ["unknown"]
    page.keyboard.press("Delete")
    assert chosen(page, first) == []
    page.keyboard.press("j")
    expect(current(page)).not_to_have_attribute("data-item", first)
    page.keyboard.press("k")
    expect(current(page)).to_have_attribute("data-item", first)
    part = page.locator(".part.is-shown").get_attribute("data-part")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".part.is-shown")).not_to_have_attribute("data-part", part or "")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".part.is-shown")).to_have_attribute("data-part", part or "")
    page.keyboard.press("/")
    page.keyboard.insert_text("书面战略")
    page.keyboard.press("Enter")
    expect(current(page)).to_have_attribute("data-item", "strategy-written")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("1")
    assert chosen(page, "strategy-written") == []
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert chosen(page, "strategy-written") == []
    saved(page)


def test_what_is_answered_without_a_network_arrives_once_in_order(
    page: Page, open_page: OpenPage, site: str, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    address = begin(page, "operations", "断网")
    page.keyboard.press("2")
    saved(page)
    answered: list[str] = []
    for level in ("3", "4"):
        cut(page)
        for _ in range(4):
            page.keyboard.press("ArrowDown")
            answered.append(current(page).get_attribute("data-item") or "")
            answer_by_keys(page)
        page.keyboard.press("ArrowRight")
        answered.append(current(page).get_attribute("data-item") or "")
        answer_by_keys(page)
        expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
        page.context.set_offline(False)
        saved(page, 60_000)
        assert level
    shown = {item: chosen(page, item) for item in answered}
    other = open_page(site=site)
    sign_in(other, "owner")
    other.goto(address)
    assert {item: chosen(other, item) for item in answered} == shown
    assert all(shown.values())
    assert len(history(other, address, answered[0])) == 1


def test_answers_that_wait_in_a_closed_tab_are_sent_by_the_next_one(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    address = begin(page, "content", "关页")
    first = current(page).get_attribute("data-item") or ""
    cut(page)
    page.keyboard.press("3")
    page.keyboard.press("q")
    page.keyboard.insert_text("我们没有选题会")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    assert chosen(again, first) == ["3"]
    saved(again)
    again.evaluate("localStorage.clear()")
    again.reload()
    assert chosen(again, first) == ["3"]
    quote = again.locator(f".question[data-item='{first}'] [name$='_quote']")
    assert quote.input_value() == "我们没有选题会"
    assert len(history(again, address, first)) == 1


def test_the_list_of_interviews_sends_what_waits_too(page: Page, troubles: Troubles) -> None:
    troubles.expect(CUT)
    address = begin(page, "content", "列表补传")
    first = current(page).get_attribute("data-item") or ""
    cut(page)
    page.keyboard.press("3")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    page.context.set_offline(False)
    context = page.context
    page.close()
    board = context.new_page()
    board.goto(address.rsplit("/", 1)[0])
    expect(board.locator("#waiting")).to_be_hidden()
    board.evaluate("localStorage.clear()")
    board.goto(address)
    assert chosen(board, first) == ["3"]


def test_a_save_whose_answer_was_lost_on_the_way_is_not_doubled(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect("failed request: .*/answers")
    troubles.expect("console error: Failed to load resource: net::ERR_")
    address = begin(page, "it", "丢应答")
    first = current(page).get_attribute("data-item") or ""
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort("connectionreset")

    page.route("**/answers", lose_the_answer)
    page.keyboard.press("1")
    saved(page, 30_000)
    assert lost
    assert len(history(page, address, first)) == 1


def test_two_in_one_interview_see_each_other_and_settle_a_conflict(
    page: Page, open_page: OpenPage, site: str, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "两人")
    first = current(page).get_attribute("data-item") or ""
    other = open_page(site=site)
    sign_in(other, "owner")
    other.goto(address)
    expect(page.locator("#others")).to_contain_text(NAMES["owner"], timeout=20_000)
    other.keyboard.press("2")
    card = page.locator(f".question[data-item='{first}']")
    expect(card.locator("input[type='radio'][value='2']")).to_be_checked(timeout=20_000)
    expect(card.locator("[data-by]")).to_contain_text(NAMES["owner"])

    # One is cut off, and both change the same answer.
    cut(page)
    page.keyboard.press("4")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    other.keyboard.press("3")
    saved(other)
    page.context.set_offline(False)
    dialog = page.locator("#conflict")
    expect(dialog).to_be_visible(timeout=60_000)
    expect(page.locator("#conflict-mine")).to_contain_text("4 可复制")
    expect(page.locator("#conflict-theirs")).to_contain_text("3 标准化")
    expect(page.locator("#conflict-who")).to_contain_text(NAMES["owner"])
    check_accessibility(page)
    page.keyboard.press("Escape")
    expect(page.locator("#save-state")).to_contain_text("有冲突")
    page.reload()
    page.locator("#save-state").click()
    dialog.get_by_role("button", name="我再改改").click()
    page.keyboard.press("5")
    beside = card.locator(".overtaken")
    expect(beside).to_contain_text("3 标准化")
    beside.get_by_role("button", name="改好了，用我的").click()
    saved(page)
    theirs = other.locator(f".question[data-item='{first}'] input[type='radio'][value='5']")
    expect(theirs).to_be_checked(timeout=20_000)
    assert history(page, address, first) == ["5 自循环", "4 可复制", "3 标准化", "2 起步"]


def test_the_other_answer_can_be_taken_in_a_conflict(
    page: Page, open_page: OpenPage, site: str, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "用对方的")
    first = current(page).get_attribute("data-item") or ""
    other = open_page(site=site)
    sign_in(other, "owner")
    other.goto(address)
    cut(page)
    page.keyboard.press("5")
    other.keyboard.press("1")
    other.keyboard.press("m")
    other.keyboard.insert_text("看过会议纪要")
    other.keyboard.press("Escape")
    saved(other)
    page.context.set_offline(False)
    dialog = page.locator("#conflict")
    expect(dialog).to_be_visible(timeout=60_000)
    expect(page.locator("#conflict-theirs")).to_contain_text("看过会议纪要")
    dialog.get_by_role("button", name="用对方的").click()
    saved(page)
    assert chosen(page, first) == ["1"]
    assert current(page).locator("[name$='_note']").input_value() == "看过会议纪要"
    page.reload()
    assert chosen(page, first) == ["1"]


def test_an_expired_sign_in_loses_nothing(page: Page, troubles: Troubles) -> None:
    troubles.expect("status of 401")
    troubles.expect("status of 403")
    begin(page, "store", "过期")
    first = current(page).get_attribute("data-item") or ""
    page.context.clear_cookies()
    page.keyboard.press("3")
    expect(page.locator("#signed-out")).to_be_visible(timeout=20_000)
    expect(page.locator("#save-state")).to_contain_text("待传")
    second = page.context.new_page()
    sign_in(second)
    second.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page, 30_000)
    expect(page.locator("#signed-out")).to_be_hidden()
    page.reload()
    assert chosen(page, first) == ["3"]


def test_what_is_refused_is_said_beside_its_field_and_stays(page: Page, troubles: Troubles) -> None:
    troubles.expect("status of 422")
    begin(page, "ceo", "拒收")
    page.keyboard.press("/")
    page.keyboard.insert_text("预算月数")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("一年多")
    page.keyboard.press("Escape")
    refusal = current(page).locator("[data-error='value']")
    expect(refusal).to_contain_text("这里要填0到60之间的数字", timeout=20_000)
    expect(page.locator("#save-state")).to_contain_text("有1题要改")
    page.reload()
    assert chosen(page, "budget-months") == ["一年多"]
    page.locator("#q-budget-months-box").fill("12")
    saved(page)
    expect(page.locator("#q-budget-months [data-error]")).to_have_count(0)


def test_without_scripts_a_part_is_filled_in_and_saved(
    open_page: OpenPage, site: str, page: Page, troubles: Troubles
) -> None:
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "无脚本")
    plain = open_page(site=site, scripts=False)
    sign_in(plain)
    plain.goto(address)
    part = plain.locator("#part-method")
    part.locator("#q-strategy-shared-3").check()
    part.locator("[name='q-strategy-shared_note']").fill("区域会上讲过一次")
    part.get_by_role("button", name="保存这一部分").click()
    expect(plain.locator(".notice-success")).to_contain_text("已保存1题")
    expect(plain.locator("#q-strategy-shared-3")).to_be_checked()
    # Meanwhile somebody else answers; the plain page shows both and asks.
    stale = open_page(site=site, scripts=False)
    sign_in(stale, "owner")
    stale.goto(address)
    part.locator("#q-strategy-shared-4").check()
    part.get_by_role("button", name="保存这一部分").click()
    stale.locator("#q-strategy-shared-1").check()
    stale.locator("#part-method").get_by_role("button", name="保存这一部分").click()
    conflict = stale.locator(".overtaken")
    expect(conflict).to_contain_text(NAMES["consultant"])
    expect(conflict).to_contain_text("4 可复制")
    expect(stale.locator("#q-strategy-shared-1")).to_be_checked()
    conflict.get_by_label("用对方保存的这一份").check()
    stale.locator("#part-method").get_by_role("button", name="保存这一部分").click()
    expect(stale.locator("#q-strategy-shared-4")).to_be_checked()
    assert history(page, address, "strategy-shared")[0] == "1 散乱"


def test_the_panel_follows_the_answers(page: Page) -> None:
    address = begin(page, "private-domain-head", "旁栏")
    side = page.locator("#so-far")
    expect(side).to_contain_text("接着最该问的", timeout=20_000)
    hint = side.locator("[data-jumps]").first
    item = hint.get_attribute("data-jumps") or ""
    hint.click()
    expect(current(page)).to_have_attribute("data-item", item)
    expect(page.locator(".part.is-shown .question.is-current")).to_have_count(1)
    answer_by_keys(page)
    saved(page)
    expect(side.locator(f"[data-jumps='{item}']")).to_have_count(0, timeout=20_000)
    assert address


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_is_accessible_and_fits_the_screen(
    open_page: OpenPage, site: str, screen: Screen, language: str
) -> None:
    page = open_page(screen, site=site, locale=language)
    sign_in(page)
    engagement = engagement_of(page, ANSWERED)
    switch = page.locator("button[name=locale]")
    wanted = {"zh-CN": "zh-Hans", "en-GB": "en"}[language]
    if switch.get_attribute("value") == wanted:
        switch.click()
    page.goto(f"{engagement}/interviews")
    interview = page.locator("main tbody th a").nth(3).get_attribute("href") or ""
    page.goto(f"{engagement}/adjudication")
    case = page.locator("section[aria-labelledby='open'] th a").first.get_attribute("href") or ""
    kept = page.request.get(interview).text()
    found = re.search(r'data-response="([0-9a-f]{16})"', kept)
    assert found is not None
    for address in (
        f"{engagement}/interviews",
        interview,
        f"{interview}?section=facts",
        f"{interview}/so-far",
        f"{engagement}/adjudication",
        case,
    ):
        page.goto(address)
        if page.locator("#so-far").count():
            page.locator("#side-next").wait_for()
        check_accessibility(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (address, wide)
    page.goto(interview)
    page.keyboard.press("?")
    check_accessibility(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    check_accessibility(page)
    page.keyboard.press("Escape")
    page.locator("[data-history]:visible").first.click()
    page.locator("#history").wait_for()
    check_accessibility(page)
