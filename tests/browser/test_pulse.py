"""The customer pulse: a consultant prints a poster, customers answer it on their phones."""

import re

from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.cockpit import engagement_of
from tests.browser.members import SignIn
from tests.browser.windows import PHONE, WECHAT, OpenPage

CLIENT = "示例鲜果连锁"


def answered(page: Page, link: str) -> None:
    """Answer the whole sheet and send it twice, as impatient people do."""
    page.goto(link)
    assert "zm_pulse" not in [cookie["name"] for cookie in page.context.cookies()]
    for question in page.locator("fieldset.question").all():
        choices = question.locator(".pick label")
        if choices.count():
            choices.nth(min(3, choices.count() - 1)).click()
        else:
            question.locator("textarea").fill("别在半夜发")
    page.locator("main button[type=submit]").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("谢谢您|Thank you"))


def test_a_poster_is_printed_and_every_phone_answers_it_once(
    open_page: OpenPage, sign_in: SignIn
) -> None:
    desk = sign_in("owner")
    desk.goto(f"{engagement_of(desk, CLIENT)}/invitations")
    desk.get_by_role("link", name="客户脉搏海报").click()
    check_accessibility(desk)
    desk.get_by_role("button", name="备好海报").click()
    check_accessibility(desk)
    link = desk.locator(".poster .sheet-link").inner_text()
    desk.emulate_media(media="print")
    expect(desk.locator(".poster svg")).to_be_visible()
    expect(desk.get_by_text("已收0份")).to_be_hidden()
    desk.emulate_media(media="screen")
    phones = {
        "zh": open_page(WECHAT),
        "en": open_page(PHONE, locale="en-GB"),
        "plain": open_page(WECHAT, scripts=False),
    }
    for name, phone in phones.items():
        phone.goto(link)
        if name != "plain":
            width = phone.evaluate("document.documentElement.scrollWidth")
            assert width <= WECHAT.width
            check_accessibility(phone)
        answered(phone, link)
        phone.goto(link)
        expect(phone.locator("form[method=post] fieldset")).to_have_count(0)
    check_accessibility(phones["en"])
    desk.reload()
    expect(desk.get_by_text("已收3份")).to_be_visible()
    expect(desk.get_by_text("还差27份")).to_be_visible()
    desk.get_by_role("button", name="停止接收").click()
    late = open_page(WECHAT)
    assert (late.request.get(link)).status == 404
