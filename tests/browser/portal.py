"""The client in the portal, as people use it: on a phone, by the letters they get."""

import re
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.letters import letter_to, link_in
from tests.browser.site import Site

BOSS: Final = "boss@bailu.example"


def open_portal(page: Page, engagement: str) -> None:
    """Invite the boss and share the report, as the consultant."""
    page.goto(f"{engagement}/portal")
    page.get_by_role("link", name="邀请联系人").first.click()
    page.get_by_label("姓名").fill("白总")
    page.get_by_label("邮箱").fill(BOSS)
    page.get_by_role("button", name="发出邀请").click()
    expect(page.get_by_role("table", name="联系人")).to_contain_text(BOSS)
    page.goto(f"{engagement}/reports")
    page.get_by_role("button", name=re.compile("^分享给客户")).click()
    expect(page.get_by_role("status").first).to_contain_text("已分享")


def use_portal(page: Page, site: Site) -> str:
    """Go through the portal as the boss; return what was said of a finding."""
    page.goto(link_in(letter_to(site, BOSS, "请您查看")))
    check_accessibility(page)
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("白总，您好")
    check_accessibility(page)
    assert "第1版" in letter_to(site, BOSS, "可以看了")
    _read(page)
    said = _comment(page)
    _settle(page)
    _enter(page)
    _subscribe(page)
    return said


def _to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="主要页面").get_by_role("link", name=name).click()


def _read(page: Page) -> None:
    _to(page, "报告")
    page.get_by_role("link", name=re.compile("^在线看")).click()
    page.get_by_label("章节").select_option(index=1)
    page.get_by_role("button", name="看这一章").click()
    frame = page.frame_locator(".report-frame")
    expect(frame.locator("main h1, main h2").first).to_be_visible()


def _comment(page: Page) -> str:
    _to(page, "问题清单")
    page.locator("main article h3 a").first.click()
    said = "这一条我们上个月已经改了，请来店里看。"
    page.get_by_role("textbox", name="留言").fill(said)
    check_accessibility(page)
    page.get_by_role("button", name="发出留言").click()
    expect(page.locator(".talk")).to_contain_text(said)
    return said


def _settle(page: Page) -> None:
    _to(page, "待办")
    while not page.locator(".task-open").count():
        page.get_by_role("link", name="下一周").click()
        page.wait_for_load_state()
    check_accessibility(page)
    done = page.locator(".task-done")
    before = done.count()
    page.get_by_role("button", name=re.compile("^做完了")).first.click()
    expect(page.get_by_role("status").first).to_contain_text("记下了")
    expect(done).to_have_count(before + 1)
    page.get_by_role("button", name=re.compile("^改回未做")).first.click()
    expect(done).to_have_count(before)


def _enter(page: Page) -> None:
    _to(page, "指标")
    box = page.locator(".kpi-form .kpi-input .field-unit input").first
    box.fill("很多")
    page.get_by_role("button", name="记下这一周").click()
    expect(page.locator(".error-summary")).to_be_visible()
    check_accessibility(page)
    box.fill("12.5")
    page.get_by_role("button", name="记下这一周").click()
    expect(page.get_by_role("status").first).to_contain_text("已记下")
    expect(box).to_have_value("12.5")


def _subscribe(page: Page) -> None:
    _to(page, "日历")
    page.get_by_role("button", name="生成订阅地址").click()
    address = page.locator(".feed-address code").inner_text()
    check_accessibility(page)
    calendar = page.request.get(address)
    assert calendar.ok
    assert calendar.text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="作废").click()
    expect(page.locator(".feed-address")).to_have_count(0)
    assert page.request.get(address).status == 404
