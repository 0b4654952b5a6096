"""A respondent on a phone inside WeChat: from the link to the thanks, with scripts and without.

With scripts switched off in the browser nothing may be different but that one saves by pressing.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from app.services.invitations.inviting import reissue
from app.services.respondents.own_result import allow_own_result
from tests.browser.accessibility import check_accessibility
from tests.browser.desk import Desk, desk
from tests.browser.phone import answer, questions, unscripted
from tests.browser.site import Site
from tests.browser.watching import Troubles
from tests.browser.windows import WECHAT, OpenPage

__all__ = ["desk"]


def check(page: Page, scripts: bool = True) -> None:
    """Nothing sticks out sideways, and the accessibility checker finds nothing."""
    if scripts:
        page.wait_for_load_state()  # a page that a press leads to may not have begun yet
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"] if page.viewport_size else False, page.url
        check_accessibility(page)


@pytest.mark.parametrize(
    ("locale", "scripts"), [("zh-CN", True), ("zh-CN", False), ("en-GB", True)]
)
def test_from_the_link_to_the_thanks(
    desk: Desk, open_page: OpenPage, locale: str, scripts: bool
) -> None:
    label = f"{locale}{scripts}"
    page = open_page(WECHAT, locale=locale, scripts=scripts)
    english = locale.startswith("en")
    allow_own_result(desk.acting, desk.engagement, shown=True)
    page.goto(desk.link(desk.invite("content", label)))
    check(page, scripts)
    page.get_by_role("button", name="Open the" if english else "打开问卷").click()
    expect(page).to_have_url(f"{desk.url}/answer")
    check(page, scripts)
    page.get_by_role("button", name="Agree and begin" if english else "同意，开始答题").click()

    number = 1
    while page.url.endswith(f"/answer/{number}"):
        assert len(questions(page)) <= 6
        for question in questions(page):
            answer(question)
        check(page, scripts)
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(re.compile(rf"/answer/{number}$"))
        number += 1
    expect(page).to_have_url(f"{desk.url}/answer/review")
    assert number == 7
    check(page, scripts)
    expect(page.get_by_text("周六的海报周五晚上才到").first).to_be_visible()
    page.get_by_role("button", name="Send the" if english else "提交问卷").dblclick()
    thanks = "Thank you, your answers are in" if english else "谢谢您，已经提交"
    expect(page.get_by_role("heading", level=1)).to_have_text(thanks)
    own = page.get_by_role("table", name="What your answers" if english else "您的答案在每个维度")
    expect(own.get_by_role("rowheader")).not_to_have_count(0)
    check(page, scripts)
    page.goto(f"{desk.url}/answer/1")
    expect(page.get_by_role("heading", level=1)).to_have_text(thanks)


def test_every_other_page_passes_the_accessibility_checker(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    for status in ("404", "409"):
        troubles.expect(f"status of {status}")
    invitation = desk.invite("sales", "a11y")
    page, other = open_page(WECHAT), open_page(WECHAT)
    for phone in (page, other):
        unscripted(phone)
    page.goto(f"{desk.url}/i/nothing")
    check(page)
    for phone in (page, other):
        phone.goto(desk.link(invitation))
        phone.locator("main button").click()
    page.get_by_role("button", name="同意，开始答题").click()
    other.goto(f"{desk.url}/answer/1")
    for path in ("/answer", "/answer/notice", "/answer/withdraw", "/answer/review", "/answer/77"):
        page.goto(desk.url + path)
        check(page)
    page.goto(f"{desk.url}/answer/1")
    page.locator("fieldset.question").first.locator(".pick label").first.click()
    page.get_by_role("button", name="保存，以后再答").click()
    check(page)
    # The other phone still shows the empty page: a conflict, and beside it a mistake.
    other.locator("fieldset.question").first.locator(".pick label").nth(2).click()
    other.locator("input[type=text]").first.fill("三十到四十")
    other.get_by_role("button", name="保存，下一页").click()
    expect(other.locator(".both")).to_contain_text("您刚才填的")
    expect(other.locator(".both")).to_contain_text("另一处已保存")
    expect(other.locator("[aria-invalid=true]")).to_have_value("三十到四十")
    check(other)
    page.goto(f"{desk.url}/answer/2")
    other.goto(f"{desk.url}/answer/review")
    other.get_by_role("button", name="提交问卷").click()
    page.get_by_role("button", name="保存，下一页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("刚才的改动没有保存")
    check(page)
    page.goto(f"{desk.url}/answer/withdraw")
    page.get_by_role("button", name="撤回同意").click()
    check(page)
    other.goto(f"{desk.url}/answer/notice")
    other.goto(desk.link(invitation))
    other.locator("main button").click()
    other.get_by_role("button", name="同意，继续答题").click()
    other.get_by_role("button", name="在这台设备上退出").click()
    check(other)


def test_a_link_that_was_replaced_is_dead_and_the_new_one_goes_on(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect("status of 404")
    invitation = desk.invite("store", "replaced")
    page = open_page(WECHAT)
    page.goto(desk.link(invitation))
    page.locator("main button").click()
    page.get_by_role("button", name="同意，开始答题").click()
    page.locator("fieldset.question").first.locator(".pick label").first.click()
    page.get_by_role("button", name="保存，以后再答").click()
    reissue(desk.acting, desk.engagement, [invitation])
    for address in (page.url, desk.link(invitation)):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("问卷打不开")
    page.goto(desk.link(invitation, 2))
    page.locator("main button").click()
    expect(page.get_by_text("已答1/14题")).to_be_visible()


def test_the_link_is_in_no_later_address_no_referrer_no_history_and_no_log(
    desk: Desk, open_page: OpenPage, demo_site: Site
) -> None:
    link = desk.link(desk.invite("content", "traces"))
    token = link.rsplit("/", 1)[1]
    page = open_page(WECHAT)
    told: list[str] = []
    page.on("request", lambda request: told.append(f"{request.url} {request.headers}"))
    page.goto(link)
    asked_for_the_door = len(told)
    assert not [line for line in told[1:] if token in line], "its files are not told where they are"
    page.get_by_role("button", name="打开问卷").click()
    expect(page).to_have_url(f"{desk.url}/answer")
    page.get_by_role("button", name="同意，开始答题").click()
    expect(page).to_have_url(f"{desk.url}/answer/1")
    page.get_by_role("link", name="说明与隐私").click()
    later = [line for line in told[asked_for_the_door:] if not line.startswith(f"{link} ")]
    assert len(later) > 3
    assert not [line for line in later if token in line]
    assert token not in page.evaluate("document.referrer + location.href + document.cookie")
    assert token not in page.content()
    assert token not in (demo_site.data / "serve.log").read_text()


def test_the_keyboard_alone_answers_a_page(desk: Desk, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(desk.link(desk.invite("customer", "keys")))
    page.locator("main button").press("Enter")
    page.get_by_role("button", name="同意，开始答题").press("Enter")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.get_by_role("button", name="保存，下一页").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/answer/2")
