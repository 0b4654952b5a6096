"""A stranger in WeChat does the self-check and asks; the consultancy accepts, and asks no more."""

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.site import PASSWORD, Site
from tests.browser.watching import Troubles
from tests.browser.windows import DESKTOP, WECHAT, ZOOMED, OpenPage, Screen

SMALLEST = 60 * 1024
"""The most a first page may weigh on a phone, compressed or not."""
FIGURES = {
    "aov": "42",
    "orders-per-year": "16",
    "stores": "9",
    "users": "8600",
    "months-since-launch": "14",
    "specialists": "2",
    "private-gmv": "96000",
    "private-cost": "31000",
}
"""What the published example says of the company, by item."""
WAIT_FOR_PDF = 120_000
LOOKS = 2_000


def check(page: Page, scripts: bool = True) -> None:
    """Nothing sticks out sideways, and the accessibility checker finds nothing."""
    if scripts:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"] if page.viewport_size else False, page.url
        check_accessibility(page)


def answer(question: Locator) -> None:
    """Answer one question as a thumb would: a level in the middle, a figure as published."""
    box = question.locator("input[type=text]")
    if box.count():
        name = (question.get_attribute("id") or "").removeprefix("f-")
        box.fill(FIGURES[name])
    else:
        picks = question.locator(".pick label")
        picks.nth(min(2, picks.count() - 2)).click()


def begin(page: Page, site: str, english: bool, scripts: bool = True) -> None:
    """Read what it is, choose a role, agree; until then no cookie lies in the browser."""
    page.goto(f"{site}/check/demo")
    check(page, scripts)
    page.get_by_role("button", name="Agree and begin" if english else "同意，开始自查").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    check(page, scripts)
    assert page.context.cookies() == []
    page.locator("select[name=role]").select_option("private-domain-head")
    page.get_by_role("button", name="Agree and begin" if english else "同意，开始自查").click()
    expect(page).to_have_url(f"{site}/check/demo/1")
    assert {cookie["name"] for cookie in page.context.cookies()} == {
        "zm_check_demo", "zm_locale", "zm_form",
    }  # fmt: skip


def fill_in(page: Page, site: str, scripts: bool = True) -> None:
    """Answer every screen, up to the result."""
    number = 1
    while page.url == f"{site}/check/demo/{number}":
        questions = page.locator("fieldset.question").all()
        assert 0 < len(questions) <= 6
        for question in questions:
            answer(question)
        check(page, scripts)
        page.locator("button[value=next]").click()
        number += 1
    assert number == 11
    expect(page).to_have_url(f"{site}/check/demo/result")


def accept(page: Page, company: str) -> str:
    """Sign in as the consultant, accept the lead of a company, and return its engagement."""
    page.goto("/sign-in")
    page.get_by_label("邮箱").fill("consultant@example.com")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("请求诊断，等您答复")).to_be_visible()
    check(page)
    page.get_by_role("link", name="线索", exact=True).click()
    check(page)
    page.get_by_role("link", name=company).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(company)
    check(page)
    page.get_by_role("button", name="接受").click()
    expect(page.get_by_text("自查里的28个答案已经填进去")).to_be_visible()
    check(page)
    return page.url


@pytest.mark.parametrize(
    ("screen", "locale", "scripts"),
    [(WECHAT, "zh-CN", True), (WECHAT, "zh-CN", False), (ZOOMED, "en-GB", True)],
)
def test_from_the_strangers_phone_to_an_engagement_that_asks_nothing_twice(
    site: str,
    open_page: OpenPage,
    troubles: Troubles,
    tmp_path: Path,
    screen: Screen,
    locale: str,
    scripts: bool,
) -> None:
    troubles.expect("status of 422")
    english = locale.startswith("en")
    company = f"红花制衣{screen.width}{scripts}"
    page = open_page(screen, locale=locale, scripts=scripts)
    begin(page, site, english, scripts)
    fill_in(page, site, scripts)

    # The result, at once.
    check(page, scripts)
    headline = page.get_by_role("heading", level=1).inner_text()
    assert re.search(r"\d\d\.\d", headline)
    expect(page.locator("figure.drawing svg")).to_be_visible()
    expect(page.locator("ol.moves > li")).to_have_count(3)

    # Its three pages.
    page.get_by_role("button", name="Make the PDF" if english else "生成PDF").click()
    check(page, scripts)
    download = page.get_by_role("link", name="Download the PDF" if english else "下载PDF")
    if scripts:
        download.wait_for(timeout=WAIT_FOR_PDF)
    else:
        # Whoever has no scripts looks again, as often as it takes.
        for _look in range(LOOKS):
            if download.count():
                break
            page.get_by_role("link", name="看看好了没有").click()
    check(page, scripts)
    with page.expect_download() as taken:
        download.click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    document = pypdfium2.PdfDocument(path)
    first = "".join(document[0].get_textpage().get_text_range().split())
    assert len(document) == 3
    assert "".join(headline.split()) in first

    # Asking for more.
    page.get_by_role("link", name="Ask for a diagnosis" if english else "请求诊断").click()
    check(page, scripts)
    page.locator("main form button").click()
    expect(page.locator(".summary")).to_be_visible()
    check(page, scripts)
    page.locator("#company").fill(company)
    page.locator("#contact").fill("微信 red-flower")
    page.locator("label[for=agree]").click()
    page.locator("main form button").dblclick()
    expect(page).to_have_url(f"{site}/check/demo/result")
    expect(page.get_by_text(company)).to_be_visible()
    check(page, scripts)
    for path_of_page in ("", "/notice", "/erase"):
        page.goto(f"{site}/check/demo{path_of_page}")
        check(page, scripts)

    # The consultancy accepts, and finds every answer there.
    desk = open_page(DESKTOP, site=site)
    engagement = accept(desk, company)
    desk.goto(f"{engagement}/interviews")
    expect(desk.get_by_text("已填10/37项")).to_be_visible()
    desk.get_by_role("link", name="私域负责人 · 自查").click()
    expect(desk.get_by_text("自查，").first).to_be_visible()
    assert desk.locator("input[type=radio][name$=_evidence][value=E0]:checked").count() >= 1
    page.goto(f"{site}/check/demo/result")
    told = "has accepted your request" if english else "已经接受您为"
    expect(page.get_by_text(told)).to_be_visible()


def test_every_other_page_of_a_self_check_passes_the_accessibility_checker(
    site: str, open_page: OpenPage, troubles: Troubles
) -> None:
    for status in ("404", "422", "409"):
        troubles.expect(f"status of {status}")
    page, other = open_page(WECHAT), open_page(WECHAT)
    page.goto(f"{site}/check/nobody")
    check(page)
    begin(page, site, english=False)
    for path in ("", "/review", "/erase", "/notice", "/77"):
        page.goto(f"{site}/check/demo{path}")
        check(page)
    page.goto(f"{site}/check/demo/9")
    page.locator("#f-stores_value").fill("很多家")
    page.locator("button[value=next]").click()
    expect(page.locator("[aria-invalid=true]")).to_have_value("很多家")
    check(page)
    # A shop without shops: told before the result, with the way there.
    page.locator("#f-archetype .pick label").nth(2).click()
    page.locator("#f-stores_value").fill("0")
    page.locator("button[value=pause]").click()
    page.goto(f"{site}/check/demo/1")
    page.locator("fieldset.question").first.locator(".pick label").nth(1).click()
    page.locator("button[value=pause]").click()
    page.goto(f"{site}/check/demo/result")
    expect(page).to_have_url(f"{site}/check/demo/review")
    expect(page.locator(".summary")).to_contain_text("对不上的数据")
    check(page)
    page.goto(f"{site}/check/demo/erase")
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("button", name="同意，开始自查")).to_be_visible()
    # Handed over on one page while another still shows a screen.
    begin(other, site, english=False)
    other.locator("fieldset.question").first.locator(".pick label").nth(1).click()
    other.locator("button[value=pause]").click()
    late = other.context.new_page()
    late.goto(f"{site}/check/demo/1")
    other.goto(f"{site}/check/demo/ask")
    other.locator("#company").fill("晚一步公司")
    other.locator("#contact").fill("13800001234")
    other.locator("label[for=agree]").click()
    other.locator("main form button").click()
    expect(other).to_have_url(f"{site}/check/demo/result")
    late.locator("button[value=next]").click()
    expect(late.get_by_role("heading", level=1)).to_have_text("这一步没有执行")
    check(late)


def test_the_keyboard_alone_begins_and_answers(site: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site}/check/demo")
    page.locator("select[name=role]").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="同意，开始自查").press("Enter")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.get_by_role("button", name="下一页").press("Enter")
    expect(page).to_have_url(f"{site}/check/demo/2")


def test_a_first_visit_weighs_little_and_leaves_nothing(site: str, open_page: OpenPage) -> None:
    page = open_page(WECHAT)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(f"{site}/check/demo", wait_until="networkidle")
    assert sum(weights) < SMALLEST, weights
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_demo_tells_where_its_self_check_is(demo_site: Site) -> None:
    printed = demo_site.command("demo", "load")
    assert f"公开自查：{demo_site.url}/check/demo" in printed
