"""A consultant moves the plan's controls, sees what it costs, and keeps a version."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, Response, Route, expect

from tests.browser.accessibility import (
    LANGUAGES,
    check_accessibility,
    faults_on_every_screen,
)
from tests.browser.members import SignIn
from tests.browser.site import Site, running_copy
from tests.browser.watching import Troubles

MOTHER_BABY, JEWELLERY = "示例母婴连锁", "示例珠宝品牌"


@pytest.fixture(scope="module")
def workspace(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo workspace of these tests' own: versions are never taken back."""
    with running_copy(demo_data, tmp_path_factory.mktemp("plan")) as found:
        yield found


def open_desk(page: Page, client: str) -> str:
    """Go to a client's plan as a person finds it; return its path."""
    page.goto("/clients")
    page.get_by_role("link", name=client).first.click()
    page.get_by_role("link", name="首次诊断").first.click()
    tabs = page.get_by_role("navigation", name=re.compile("项目页面|Pages of"))
    tabs.get_by_role("link", name=re.compile("^(规划|Plan)")).click()
    page.wait_for_url("**/plan")
    return urlsplit(page.url).path


def tab_to(page: Page, target: Locator, most: int = 160) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached within {most} tabs")


def is_computing(response: Response) -> bool:
    return response.request.method == "POST" and response.url.endswith("/plan")


def test_a_refused_hire_names_what_is_dropped_and_is_kept_as_a_version(sign_in: SignIn) -> None:
    page = sign_in()
    path = open_desk(page, MOTHER_BABY)
    box = page.get_by_label("内容", exact=True)
    tab_to(page, box)
    with page.expect_response(is_computing):
        page.keyboard.type("0")
    lost = page.get_by_role("table", name="让路的SOP")
    expect(lost).to_contain_text("SOP-13 嘉宾分享会")
    expect(page.locator("#said")).to_contain_text("停1份SOP，指数少1.1")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile(r"hires-content=0"))
    check_accessibility(page)

    page.get_by_role("link", name="存为第2版").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="存为规划第2版")
    expect(dialog).to_contain_text("内容招聘")
    check_accessibility(page)
    tab_to(page, dialog.get_by_label("为什么这样定"))
    page.keyboard.type("老板不批内容岗")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已存为规划第2版")

    page.goto(path)
    expect(page.get_by_label("内容", exact=True)).to_have_value("0")
    expect(page.get_by_role("table", name="让路的SOP")).to_contain_text("SOP-13")
    page.goto(f"{path}/revisions/1")
    expect(page.get_by_role("heading", name="规划第1版")).to_be_visible()
    expect(page.locator("#content")).not_to_contain_text("SOP-13 嘉宾分享会停掉")
    page.get_by_role("link", name="规划的各版").click()
    expect(page.get_by_role("row", name=re.compile("第2版"))).to_contain_text("老板不批内容岗")


def test_two_who_keep_at_once_are_shown_both_plans(sign_in: SignIn, troubles: Troubles) -> None:
    first, second = sign_in(), sign_in("owner")
    path = open_desk(first, JEWELLERY)
    open_desk(second, JEWELLERY)
    for page, box, value in ((first, "客服", "1"), (second, "12个月目标用户", "80000")):
        with page.expect_response(is_computing):
            page.get_by_label(box, exact=True).fill(value)
        expect(page.get_by_role("heading", name="和规划第1版比：改了1项")).to_be_visible()

    def keep(page: Page, why: str) -> None:
        page.get_by_role("link", name=re.compile("^存为第")).click()
        page.get_by_label("为什么这样定").fill(why)
        page.get_by_role("button", name=re.compile("^存为第")).click()

    keep(first, "客服先招一个")
    expect(first.get_by_role("status").first).to_contain_text("已存为规划第2版")
    troubles.expect("status of 409")
    keep(second, "冲八万")
    expect(second.locator(".notice")).to_contain_text("周一鸣刚刚存了规划第2版")
    expect(second.locator("#content")).to_contain_text("客服先招一个")
    expect(second.get_by_role("row", name=re.compile("12个月目标用户"))).to_contain_text("80,000人")
    check_accessibility(second)
    second.get_by_role("button", name="用我的，存为第3版").click()
    expect(second.get_by_role("status").first).to_contain_text("已存为规划第3版")
    second.goto(f"{path}/revisions")
    expect(second.get_by_role("row")).to_have_count(4)


def test_only_the_newest_answer_is_shown(sign_in: SignIn, troubles: Troubles) -> None:
    # What htmx itself writes down of a request that a newer one takes the place of.
    troubles.expect("htmx:(sendAbort|afterRequest)")
    page = sign_in("viewer")
    open_desk(page, MOTHER_BABY)
    held: list[Route] = []

    def hold_the_first(route: Route, request: Request) -> None:
        if request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/plan", hold_the_first)
    box = page.get_by_label("12个月目标用户", exact=True)
    with page.expect_request(lambda request: request.method == "POST"):
        box.fill("200000")
    with page.expect_response(is_computing):
        box.fill("300000")
    expect(page).to_have_url(re.compile("target_users=300000"))
    expect(page.locator("#compared ~ .plan-changes")).to_contain_text("300,000人")


def test_a_slider_and_its_box_say_the_same(sign_in: SignIn) -> None:
    page = sign_in("viewer")
    open_desk(page, JEWELLERY)
    box, slider = page.locator("#payroll_cap"), page.locator("#payroll_cap-slider")
    with page.expect_response(is_computing):
        box.fill("20万")
    expect(slider).to_have_value("200000")
    with page.expect_response(is_computing):
        slider.press("ArrowLeft")
    expect(box).to_have_value("195000")
    with page.expect_response(is_computing):
        page.get_by_role("button", name="恢复默认：月人工上限").click()
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_a_refusal_stands_beside_its_control_and_the_last_answer_stays(
    sign_in: SignIn, troubles: Troubles
) -> None:
    page = sign_in()
    open_desk(page, MOTHER_BABY)
    headline = page.locator(".plan-headline")
    before = headline.inner_text()
    box = page.get_by_label("12个月目标用户", exact=True)
    troubles.expect("status of 422")
    with page.expect_response(is_computing):
        box.fill("100")
    expect(page.locator("#target_users-error")).to_contain_text("今天已有120,000名用户")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#answer-stale")).to_contain_text("上一次算得出的结果")
    assert headline.inner_text() == before
    check_accessibility(page)
    with page.expect_response(is_computing):
        box.fill("200000")
    expect(page.locator("#target_users-error")).to_be_empty()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#answer-stale")).to_be_empty()


def test_a_sop_is_found_by_a_word_of_its_title(sign_in: SignIn) -> None:
    page = sign_in("viewer")
    open_desk(page, MOTHER_BABY)
    group = page.locator("#group-sops")
    group.locator("summary").click()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    group.get_by_role("searchbox").fill("朋友圈")
    switch = group.get_by_role("radiogroup", name="SOP-11 朋友圈日历")
    expect(switch).to_be_visible()
    expect(group.locator("[role=radiogroup]:visible")).to_have_count(1)
    assert "POST" not in requests
    with page.expect_response(is_computing):
        switch.get_by_role("radio", name="不做").check()
    expect(page.locator("#compared ~ .plan-changes")).to_contain_text("SOP-11 朋友圈日历")
    expect(group.locator("summary")).to_contain_text("改了1项")
    with page.expect_response(is_computing):
        page.keyboard.press("ArrowUp")
    expect(switch.get_by_role("radio", name="加做")).to_be_checked()
    with page.expect_response(is_computing):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("heading", name=re.compile("^和规划第.版一样$"))).to_be_visible()
    expect(group.locator("summary")).not_to_contain_text("改了")


def test_what_is_still_being_worked_out_is_as_legible_as_the_rest(sign_in: SignIn) -> None:
    page = sign_in("viewer")
    path = open_desk(page, MOTHER_BABY)
    held: list[Route] = []
    page.route(re.compile(r"/plan(/prices\?.*)?$"), hold_all_but_pages(held))
    page.goto(f"{path}?base=1&start=2026-12-01&hires-content=0&hires-coach=1")
    expect(page.locator("#prices.htmx-request")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("12个月目标用户", exact=True).fill("200000")
    expect(page.locator("#answer.htmx-request")).to_be_visible()
    check_accessibility(page)
    for route in held:
        route.continue_()
    expect(page.locator("#answer:not(.htmx-request)")).to_be_visible()


def hold_all_but_pages(held: list[Route]) -> Callable[[Route, Request], None]:
    """Keep back what scripts ask for, so that a test sees the page while it waits."""

    def hold(route: Route, request: Request) -> None:
        if request.is_navigation_request():
            route.continue_()
        else:
            held.append(route)

    return hold


def test_nothing_is_offered_for_saving_until_something_differs(sign_in: SignIn) -> None:
    page = sign_in("owner")
    open_desk(page, JEWELLERY)
    opener = page.get_by_role("link", name=re.compile("^存为第"))
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("一模一样，没有可存的")
    expect(dialog.get_by_role("button", name=re.compile("^存为第"))).to_be_hidden()
    check_accessibility(page)
    page.keyboard.press("Escape")
    with page.expect_response(is_computing):
        page.get_by_label("12个月目标用户", exact=True).fill("90000")
    expect(page.locator("#compared ~ .plan-changes")).to_contain_text("90,000人")
    opener.click()
    expect(dialog).to_contain_text("90,000人")
    expect(dialog.get_by_role("button", name=re.compile("^存为第"))).to_be_visible()


def test_the_desk_works_without_scripts(sign_in: SignIn) -> None:
    page = sign_in("viewer", scripts=False)
    open_desk(page, MOTHER_BABY)
    page.get_by_label("流量", exact=True).fill("1")
    page.get_by_role("button", name="重新计算").click()
    page.wait_for_url("**/plan?**hires-traffic=1**")
    page.get_by_role("button", name="恢复默认：流量").click()
    page.wait_for_url(lambda url: "/plan?" in url and "traffic" not in url)


@LANGUAGES
def test_every_page_fits_the_screen_and_passes_the_checker(sign_in: SignIn, language: str) -> None:
    page = sign_in("owner", language)
    path = open_desk(page, MOTHER_BABY)
    refused = "?base=1&start=2026-12-01&hires-content=0&hires-coach=1&payroll_cap=200000"
    wrong: list[str] = []
    for part in ("", refused, "/revisions", "/revisions/1", f"/save{refused}", f"/prices{refused}"):
        page.goto(path + part)
        page.evaluate(
            "document.querySelectorAll('main details').forEach((one) => { one.open = true })"
        )
        wrong += faults_on_every_screen(page, part, language)
    assert not wrong, "\n".join(wrong)
