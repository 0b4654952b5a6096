"""Interviews as consultants hold them: by keyboard, two at a time, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import (
    LANGUAGES,
    check_accessibility,
    faults_on_every_screen,
)
from tests.browser.cockpit import (
    ANSWERED,
    answer_by_keys,
    begin,
    chosen,
    current,
    cut,
    engagement_of,
    history,
    saved,
)
from tests.browser.members import NAMES, SignIn
from tests.browser.watching import Troubles
from tests.enterprises import private_domain_model

CUT = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """A consultant at a desk."""
    return sign_in()


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


def test_two_in_one_interview_see_each_other_and_settle_a_conflict(
    page: Page, sign_in: SignIn, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "两人")
    first = current(page).get_attribute("data-item") or ""
    other = sign_in("owner")
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
    page.get_by_role("button", name="去处理").press("Enter")
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
    page: Page, sign_in: SignIn, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "用对方的")
    first = current(page).get_attribute("data-item") or ""
    other = sign_in("owner")
    other.goto(address)
    cut(page)
    page.keyboard.press("5")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
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


def test_without_scripts_a_part_is_filled_in_and_saved(
    page: Page, sign_in: SignIn, troubles: Troubles
) -> None:
    troubles.expect("status of 409")
    address = begin(page, "regional-head", "无脚本")
    plain = sign_in(scripts=False)
    plain.goto(address)
    part = plain.locator("#part-method")
    part.locator("#q-strategy-shared-3").check()
    part.locator("[name='q-strategy-shared_note']").fill("区域会上讲过一次")
    part.get_by_role("button", name="保存这一部分").click()
    expect(plain.locator(".notice-success")).to_contain_text("已保存1题")
    expect(plain.locator("#q-strategy-shared-3")).to_be_checked()
    # Meanwhile somebody else answers; the plain page shows both and asks.
    stale = sign_in("owner", scripts=False)
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


@LANGUAGES
def test_every_page_is_accessible_and_fits_the_screen(sign_in: SignIn, language: str) -> None:
    page = sign_in(language=language)
    engagement = engagement_of(page, ANSWERED)
    page.goto(f"{engagement}/interviews")
    interview = page.locator("main tbody th a").nth(3).get_attribute("href") or ""
    page.goto(f"{engagement}/adjudication")
    case = page.locator("section[aria-labelledby='open'] th a").first.get_attribute("href") or ""
    kept = page.request.get(interview).text()
    found = re.search(r'data-response="([0-9a-f]{16})"', kept)
    assert found is not None
    wrong: list[str] = []
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
        wrong += faults_on_every_screen(page, address, language)
    page.goto(interview)
    page.keyboard.press("?")
    wrong += faults_on_every_screen(page, "help", language)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    wrong += faults_on_every_screen(page, "jump", language)
    page.keyboard.press("Escape")
    page.locator(".part.is-shown .question.is-done h3").first.click()
    current(page).locator("[data-history]").click()
    page.locator("#history").wait_for()
    wrong += faults_on_every_screen(page, "history", language)
    assert not wrong, "\n".join(wrong)
