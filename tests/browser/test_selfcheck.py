"""A stranger in WeChat does the self-check and asks; the consultancy accepts, and asks no more."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.cockpit import jump, saved
from tests.browser.members import SignIn
from tests.browser.phone import questions
from tests.browser.site import SAID
from tests.browser.watching import Troubles
from tests.browser.windows import WECHAT, OpenPage

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
COMPANY = "红花制衣"


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0, page.url


def look(page: Page) -> None:
    """The checker finds nothing either: for what ``test_pages`` does not get to see."""
    fits(page)
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


def begin(page: Page, site: str) -> None:
    """Read what it is, choose a role, agree; until then no cookie lies in the browser."""
    page.goto(f"{site}/check/demo")
    page.get_by_role("button", name="同意，开始自查").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    look(page)
    assert page.context.cookies() == []
    page.locator("select[name=role]").select_option("private-domain-head")
    page.get_by_role("button", name="同意，开始自查").click()
    expect(page).to_have_url(f"{site}/check/demo/1")
    kept = {cookie["name"] for cookie in page.context.cookies()}
    assert kept == {"zm_check_demo", "zm_locale", "zm_form"}


def fill_in(page: Page, site: str) -> None:
    """Answer every screen, one figure wrongly at first, up to the result."""
    number = 1
    slip = True
    while page.url == f"{site}/check/demo/{number}":
        asked = questions(page)
        assert 0 < len(asked) <= 6
        for question in asked:
            answer(question)
        fits(page)
        stores = page.locator("#f-stores_value")
        if slip and stores.count():
            slip = False
            stores.fill("很多家")
            page.locator("button[value=next]").click()
            expect(page.locator("[aria-invalid=true]")).to_have_value("很多家")
            look(page)
            stores.fill(FIGURES["stores"])
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(f"{site}/check/demo/{number}")
        number += 1
    assert number == 11
    expect(page).to_have_url(f"{site}/check/demo/result")


def printed(page: Page, to: Path) -> list[str]:
    """Have the three pages made, wait for them, take them away; return what each page says."""
    page.get_by_role("button", name="生成PDF").click()
    download = page.get_by_role("link", name="下载PDF")
    download.wait_for(timeout=WAIT_FOR_PDF)
    with page.expect_download() as taken:
        download.click()
    path = to / taken.value.suggested_filename
    taken.value.save_as(path)
    document = pypdfium2.PdfDocument(path)
    said = ["".join(each.get_textpage().get_text_range().split()) for each in document]
    document.close()
    return said


def ask(page: Page, site: str) -> None:
    """Ask for a diagnosis: first without a word, then in full and twice."""
    page.get_by_role("link", name="请求诊断").click()
    page.get_by_role("button", name="提交请求").click()
    expect(page.locator(".summary")).to_be_visible()
    look(page)
    page.locator("#company").fill(COMPANY)
    page.locator("#contact").fill("微信 red-flower")
    page.locator("label[for=agree]").click()
    page.get_by_role("button", name="提交请求").dblclick()
    expect(page).to_have_url(f"{site}/check/demo/result")
    expect(page.get_by_text(COMPANY)).to_be_visible()


def accept(page: Page) -> str:
    """Accept the lead, from the day's list on, and return its engagement."""
    expect(page.get_by_text("请求诊断，等您答复")).to_be_visible()
    look(page)
    page.get_by_role("link", name="线索", exact=True).click()
    page.get_by_role("link", name=COMPANY).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPANY)
    page.get_by_role("button", name="接受").click()
    expect(page.get_by_text("自查里的28个答案已经填进去")).to_be_visible()
    look(page)
    return page.url


def verify(page: Page, engagement: str) -> None:
    """Look at originals of two answers, find far less, and have the difference told."""
    page.goto(f"{page.url.split('?')[0]}?everything=1")
    for code in ("Q-M1.1", "Q-P2.1"):
        jump(page, code)
        page.keyboard.press("1")
    saved(page)
    page.goto(f"{engagement}/diagnosis/findings")
    page.get_by_role("link", name="逐题对照").click()
    rating = page.locator("section", has=page.locator("#self-rating"))
    expect(rating).to_contain_text("企业的自评比诊断高")
    expect(rating).to_contain_text("只比核过的2道自查题")
    look(page)


def test_from_the_strangers_phone_to_an_engagement_that_asks_nothing_twice(
    site: str, open_page: OpenPage, sign_in: SignIn, troubles: Troubles, tmp_path: Path
) -> None:
    troubles.expect("status of 422")
    page = open_page(WECHAT)
    begin(page, site)
    fill_in(page, site)
    headline = page.get_by_role("heading", level=1).inner_text()
    assert re.search(r"\d\d\.\d", headline)
    expect(page.locator("figure.drawing svg")).to_be_visible()
    expect(page.locator("ol.moves > li")).to_have_count(3)
    pages = printed(page, tmp_path)
    assert len(pages) == 3
    assert "".join(headline.split()) in pages[0]
    ask(page, site)

    # The consultancy accepts, and finds every answer there.
    desk = sign_in()
    engagement = accept(desk)
    desk.goto(f"{engagement}/interviews")
    expect(desk.get_by_text("已填10/37项")).to_be_visible()
    desk.get_by_role("link", name="私域负责人 · 自查").click()
    expect(desk.locator("[data-by]:visible").filter(has_text="自查，").first).to_be_visible()
    assert desk.locator("input[type=radio][name$=_evidence][value=E0]:checked").count() >= 1
    verify(desk, engagement)
    page.reload()
    expect(page.get_by_text("已经接受您为")).to_be_visible()


def test_a_first_visit_weighs_little_leaves_nothing_and_needs_no_mouse(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(WECHAT)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(f"{site}/check/demo", wait_until="networkidle")
    assert sum(weights) < SMALLEST, weights
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.locator("select[name=role]").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="同意，开始自查").press("Enter")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.get_by_role("button", name="下一页").press("Enter")
    expect(page).to_have_url(f"{site}/check/demo/2")


def test_the_demo_tells_where_its_self_check_is(demo_data: Path) -> None:
    assert "公开自查：http://127.0.0.1:8000/check/demo\n" in (demo_data / SAID).read_text()
