"""A consultant reads a diagnosis and decides upon its findings, by keyboard alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import (
    LANGUAGES,
    check_accessibility,
    faults_on_every_screen,
)
from tests.browser.members import SignIn
from tests.browser.site import Site, running_copy
from tests.browser.watching import Troubles

CHAPTERS = ("", "/findings", "/perception", "/panels", "/stage", "/economics", "/next-level",
            "/not-assessed")  # fmt: skip
STEPS = ("/score", "/dimensions/method", "/areas/strategy", "/questions/strategy-shared",
         "/facts/users", "/numbers/ltv_cac")  # fmt: skip
DECIDING = ("/findings/zombie-groups", "/findings/zombie-groups/edit",
            "/findings/zombie-groups/reject", "/acceptance")  # fmt: skip


@pytest.fixture(scope="module")
def workspace(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo workspace of these tests' own: decisions are never taken back."""
    with running_copy(demo_data, tmp_path_factory.mktemp("diagnosis")) as found:
        yield found


def diagnosis_of(page: Page, client: str) -> str:
    """Return the path of a client's diagnosis, found as a person finds it."""
    page.goto("/clients")
    page.get_by_role("link", name=client).first.click()
    page.get_by_role("link", name="首次诊断").first.click()
    page.get_by_role("navigation", name=re.compile("项目页面|Pages of")).get_by_role(
        "link", name=re.compile("^(诊断|Diagnosis)")
    ).click()
    page.wait_for_url("**/diagnosis")
    return urlsplit(page.url).path


def tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached within {most} tabs")


def test_from_the_index_down_to_one_answer_and_back(sign_in: SignIn) -> None:
    page = sign_in()
    start = diagnosis_of(page, "示例珠宝品牌")
    index = page.locator(".figures-key a").first
    tab_to(page, index)
    page.keyboard.press("Enter")
    sheet = page.locator("#sheet")
    heading = sheet.get_by_role("heading", level=2)
    expect(heading).to_have_text("总分怎么来的")
    expect(heading).to_be_focused()
    check_accessibility(page)
    for link, title in (
        ("系统化方法得分", "M 系统化方法"),
        ("战略共识得分", "M1 战略共识"),
        ("战略统一得分", "Q-M1.1 战略统一"),
    ):
        tab_to(page, sheet.get_by_role("link", name=re.compile(link)))
        page.keyboard.press("Enter")
        expect(heading).to_have_text(title)
        expect(heading).to_be_focused()
        check_accessibility(page)
    history = sheet.get_by_role("link", name=re.compile("^经过 CEO"))
    expect(sheet.get_by_role("heading", name="CEO")).to_be_visible()
    tab_to(page, history)
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/strategy-shared")
    check_accessibility(page)
    page.goto(start)
    tab_to(page, index)
    page.keyboard.press("Enter")
    expect(heading).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(index).to_be_focused()


def test_without_scripts_every_step_down_is_a_page(sign_in: SignIn) -> None:
    page = sign_in("viewer", scripts=False)
    diagnosis_of(page, "示例珠宝品牌")
    page.locator(".figures-key a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("总分怎么来的")
    page.get_by_role("link", name=re.compile("系统化方法得分")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("M 系统化方法")


def test_a_consultant_accepts_edits_and_rejects_with_reasons(
    sign_in: SignIn, troubles: Troubles
) -> None:
    page = sign_in()
    start = diagnosis_of(page, "示例珠宝品牌")
    page.goto(f"{start}/findings")
    first = page.locator(".finding-line").first
    name = first.get_by_role("link").first.inner_text()
    tab_to(page, first.get_by_role("button", name=re.compile("确认")))
    page.keyboard.press("Enter")
    expect(first.locator(".finding-state")).to_contain_text("已确认")
    expect(page.locator("#decision-count")).to_contain_text("1/23条")
    expect(first).to_be_focused()

    page.goto(f"{start}/findings/users-guessed")
    tab_to(page, page.get_by_role("link", name="改写…"))
    page.keyboard.press("Enter")
    words = page.get_by_label("发现", exact=True)
    tab_to(page, words)
    page.keyboard.press("Control+A")
    page.keyboard.type("用户什么时候看手机，没有人问过")
    tab_to(page, page.get_by_label("为什么改写"))
    page.keyboard.type("店长听得懂")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有人问过")
    expect(page.get_by_role("complementary")).to_contain_text("店长听得懂")

    page.goto(f"{start}/findings/zombie-groups/reject")
    expect(page.get_by_text("SOP-20")).to_be_visible()
    troubles.expect("status of 422")
    tab_to(page, page.get_by_role("button", name="否决这条发现"))
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    check_accessibility(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("为什么否决")).to_be_focused()
    page.keyboard.type("空群上周已经关掉")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary")).to_contain_text("空群上周已经关掉")

    page.goto(f"{start}/findings")
    expect(page.get_by_role("heading", name=re.compile("已否决"))).to_be_visible()
    expect(page.locator("#decision-count")).to_contain_text("2/22条")
    check_accessibility(page)
    page.get_by_role("link", name=re.compile("确认待定的20条")).click()
    check_accessibility(page)
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="确认打勾的发现").click()
    expect(page.get_by_text("已确认19条发现")).to_be_visible()
    expect(page.locator("#decision-count")).to_contain_text("21/22条")
    assert name in page.content()


def test_somebody_who_decides_too_late_sees_both_decisions(
    sign_in: SignIn, troubles: Troubles
) -> None:
    page, other = sign_in(), sign_in("owner")
    start = diagnosis_of(page, "示例母婴连锁")
    path = f"{start}/findings/koc-not-found/reject"
    page.goto(path)
    other.goto(f"{start}/findings/koc-not-found")
    other.get_by_role("button", name="确认", exact=True).click()
    expect(other.get_by_role("complementary")).to_contain_text("已确认")
    troubles.expect("status of 409")
    page.get_by_label("为什么否决").fill("当面核对过")
    page.get_by_role("button", name="否决这条发现").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("有人先决定了")
    expect(page.get_by_text("当面核对过")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="用我的决定").click()
    expect(page.get_by_role("complementary")).to_contain_text("林知行")
    expect(page.get_by_role("complementary")).to_contain_text("当面核对过")


@LANGUAGES
def test_every_page_fits_the_screen_and_passes_the_checker(sign_in: SignIn, language: str) -> None:
    page = sign_in("owner", language)
    start = diagnosis_of(page, "示例珠宝品牌")
    wrong: list[str] = []
    for path in (*CHAPTERS, *STEPS, *DECIDING):
        page.goto(start + path)
        wrong += faults_on_every_screen(page, path, language)
    assert not wrong, "\n".join(wrong)
