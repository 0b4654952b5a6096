"""The whole way on a new installation: from its first owner to the client who comments on it."""

import re
from pathlib import Path
from typing import Final

import pypdfium2
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.cockpit import answer_by_keys, cut, jump, saved
from tests.browser.letters import letter_to
from tests.browser.phone import answer, questions
from tests.browser.portal import BOSS, open_portal, use_portal
from tests.browser.site import Site
from tests.browser.watching import Troubles
from tests.browser.windows import WECHAT, OpenPage

CUT: Final = "ERR_INTERNET_DISCONNECTED"
PASSWORD: Final = "一家新开的咨询机构-2026"
CLIENT: Final = "白露茶饮连锁"
FACTS: Final = {
    "F01": "4", "F02": "1", "F03": "42", "F04": "9", "F05": "36", "F06": "52000",
    "F07": "2600", "F08": "14", "F09": "118", "F10": "3", "F12": "460000", "F13": "9800000",
    "F14": "58", "F15": "95000", "F16": "150000", "F17": "12", "F18": "1", "F19": "1",
    "F21": "2", "F26": "2", "F27": "2", "F28": "2", "F30": "0",
}  # fmt: skip
"""What the head of private domain knows by heart: the keys pressed, or what is typed."""


def found(page: Page, url: str, client: str) -> None:
    """Make the first owner and the consultancy, by the link that the installation printed."""
    page.goto(url)
    page.get_by_role("button", name="开始设置").click()
    page.get_by_label("咨询机构名称").fill("白露咨询")
    page.get_by_label("姓名").fill("程一苇")
    page.get_by_label("邮箱").fill("cheng@example.com")
    page.get_by_label("密码").fill(PASSWORD)
    check_accessibility(page)
    page.get_by_role("button", name="建立并登录").click()
    page.wait_for_url("**/today")
    check_accessibility(page)
    page.goto("/clients/new")
    page.get_by_label("客户名称").fill(client)
    page.get_by_role("button", name="新建客户").click()
    page.get_by_role("link", name="新建项目").first.click()
    page.get_by_role("button", name="新建项目").click()
    page.wait_for_url(re.compile(r"/engagements/[0-9a-f]{16}$"))


def tab(page: Page, name: str) -> None:
    """Go to a page of the engagement."""
    tabs = page.get_by_role("navigation", name="项目页面")
    tabs.get_by_role("link", name=re.compile(f"^{name}")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def link_for(page: Page, role: str) -> str:
    """Invite somebody and return the link one would pass on."""
    tab(page, "邀请")
    page.get_by_role("link", name="邀请一位").first.click()
    page.get_by_label("角色").select_option(label=role)
    page.get_by_role("button", name="建链接", exact=True).click()
    return page.locator("#the-link").inner_text()


def answer_on_the_phone(page: Page, link: str) -> None:
    """Answer every screen, always with the highest level, and send it."""
    page.goto(link)
    page.locator("main button").click()
    page.get_by_role("button", name="同意，开始答题").click()
    while re.search(r"/answer/\d+$", screen := page.url):
        for question in questions(page):
            answer(question, choice=4)
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(screen)
    page.get_by_role("button", name="提交问卷").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("谢谢您，已经提交")


def interview(page: Page) -> None:
    """Hold an interview by keyboard; the network is away from the 10th and the 30th question on."""
    tab(page, "访谈")
    page.get_by_label("角色").select_option(label="私域负责人")
    page.get_by_role("button", name="开始访谈").click()
    expect(page.locator("#cockpit")).to_be_visible()
    page.goto(f"{page.url.split('?')[0]}?everything=1")
    count = page.locator(".part:not(#part-facts) .question").count()
    for number in range(count):
        if number in {10, 30}:
            cut(page)
        if number in {20, 40}:
            expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
            page.context.set_offline(False)
            saved(page, 60_000)
        answer_by_keys(page)
        page.keyboard.press("ArrowDown")
    for code, keys in FACTS.items():
        jump(page, code)
        page.keyboard.type(keys)
        page.keyboard.press("Escape")
    settled = re.compile("^(saved|refused)$")
    expect(page.locator("#save-state")).to_have_attribute("data-state", settled, timeout=60_000)
    expect(page.locator("[data-error]")).to_have_text([])
    saved(page)
    page.get_by_role("button", name="结束访谈").click()


def adjudicate(page: Page) -> str:
    """Rule on the first question on which the CEO and the head part; return its number."""
    tab(page, "裁定")
    waiting = page.get_by_role("table", name="等您裁定")
    code = waiting.locator(".question-code").first.inner_text()
    waiting.get_by_role("link").first.click()
    page.locator("fieldset.levels input[type=radio]").nth(1).check()
    page.get_by_role("button", name="保存裁定").click()
    expect(page.locator(".error-summary")).to_contain_text("理由")
    page.get_by_label("理由").fill("CEO说有，调出的原件只有一页提纲，门店都没见过。")
    check_accessibility(page)
    page.get_by_role("button", name="保存裁定").click()
    tab(page, "裁定")
    expect(page.get_by_role("table", name="已裁定")).to_contain_text(code)
    return code


def decide(page: Page) -> None:
    """Look at the diagnosis and confirm every finding."""
    tab(page, "诊断")
    check_accessibility(page)
    path = page.url
    page.goto(f"{path}/acceptance")
    page.get_by_role("button", name="确认打勾的发现").click()
    page.wait_for_url("**/findings")


def plan(page: Page) -> None:
    """Change one control, see the answer change, and keep the plan."""
    tab(page, "规划")
    box = page.get_by_label("12个月目标用户", exact=True)
    with page.expect_response(lambda got: got.request.method == "POST"):
        box.fill("120000")
    page.get_by_role("link", name="存为第1版").click()
    dialog = page.get_by_role("dialog", name="存为规划第1版")
    expect(dialog).to_contain_text("120,000")
    dialog.get_by_label("为什么这样定").fill("董事会定的目标")
    dialog.get_by_role("button", name="存为第1版").click()
    expect(page.get_by_role("status").first).to_contain_text("已存为规划第1版")


def issue(page: Page, folder: Path) -> Path:
    """Issue the first version, wait for it as people do, and download it."""
    tab(page, "报告")
    page.get_by_role("button", name="出第1版").click()
    expect(page.locator(".report-work")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("^PDF"))
    expect(link).to_be_visible(timeout=180_000)
    check_accessibility(page)
    with page.expect_download() as coming:
        link.click()
    kept = folder / coming.value.suggested_filename
    coming.value.save_as(kept)
    return kept


def test_from_the_first_owner_to_the_report_in_the_clients_hands(
    open_page: OpenPage, empty_site: tuple[Site, str], troubles: Troubles, tmp_path: Path
) -> None:
    troubles.expect(CUT)
    troubles.expect("status of 422")  # the ruling without a reason, a figure that is none
    site, first_link = empty_site
    page = open_page(site=site.url)
    found(page, first_link, CLIENT)
    engagement = page.url
    link = link_for(page, "CEO")
    answer_on_the_phone(open_page(WECHAT), link)
    page.goto(engagement)
    interview(page)
    code = adjudicate(page)
    decide(page)
    plan(page)
    report = issue(page, tmp_path)

    open_portal(page, engagement)
    said = use_portal(open_page(WECHAT), site)
    page.goto(f"{engagement}/portal")
    page.get_by_label("回复客户").fill("好，周五去看。")
    page.get_by_role("button", name="发出回复").click()
    expect(page.locator(".talk")).to_contain_text(said)
    expect(page.locator(".talk-ours")).to_contain_text("好，周五去看。")
    letter_to(site, BOSS, "有了回复")

    assert CLIENT in report.name
    document = pypdfium2.PdfDocument(report)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    text = re.sub(r"\s", "", text)
    for expected in (CLIENT, "白露咨询", "120,000", code, "只有一页提纲", "SOP-"):
        assert expected in text, expected
