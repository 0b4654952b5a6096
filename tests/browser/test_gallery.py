"""The components of the screens, each on a page of the gallery, as a person meets them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import (
    LANGUAGES,
    check_accessibility,
    faults_on_every_screen,
)
from tests.browser.watching import Troubles
from tests.browser.windows import PHONE, OpenPage
from tests.web.gallery.rendering import PAGES
from tests.web.gallery.serving import gallery_server

SHOWN = tuple(name for name in PAGES if name != "exchanges")


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of the gallery."""
    with gallery_server() as address:
        yield address


@pytest.fixture
def components(open_page: OpenPage, gallery: str) -> Page:
    """The page with most components on it."""
    page = open_page(site=gallery)
    page.goto("/components")
    return page


@pytest.fixture
def exchanges(open_page: OpenPage, gallery: str) -> Page:
    """The page whose buttons exchange a part of it."""
    page = open_page(site=gallery)
    page.goto("/exchanges")
    return page


@LANGUAGES
def test_every_component_fits_the_screen_and_passes_the_checker(
    open_page: OpenPage, gallery: str, language: str
) -> None:
    page = open_page(site=gallery)
    wrong: list[str] = []
    for name in SHOWN:
        page.goto(f"/{name}{'?en' if language == 'en' else ''}")
        wrong += faults_on_every_screen(page, name, language)
    assert not wrong, "\n".join(wrong)


def test_an_open_dialog_passes_the_checker_and_gives_the_focus_back(components: Page) -> None:
    opener = components.get_by_role("button", name="驳回", exact=True).first
    opener.click()
    dialog = components.get_by_role("dialog", name="驳回「未跑通试点就推全国」")
    expect(dialog).to_be_visible()
    check_accessibility(components)
    components.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_button_in_a_dialog_closes_it(components: Page) -> None:
    components.get_by_role("button", name="驳回", exact=True).first.click()
    components.get_by_role("button", name="不驳回").click()
    expect(components.get_by_role("dialog")).to_be_hidden()


def test_the_account_menu_opens_without_scripts(open_page: OpenPage, gallery: str) -> None:
    page = open_page(site=gallery, scripts=False)
    page.goto("/components")
    page.locator("summary", has_text="陈立").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()


def test_escape_closes_the_account_menu_and_returns_to_it(components: Page) -> None:
    summary = components.locator("summary", has_text="陈立")
    summary.click()
    components.get_by_role("link", name="登录的设备").focus()
    components.keyboard.press("Escape")
    expect(components.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_page_that_came_back_with_mistakes_says_so_first(components: Page) -> None:
    summary = components.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="邮箱").click()
    email = components.get_by_role("textbox", name="邮箱")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description(
        "邮箱地址不完整或有错字，应写成name@company.com这样。"
    )


def test_slider_and_number_move_together(open_page: OpenPage, gallery: str) -> None:
    page = open_page(site=gallery)
    page.goto("/plan")
    slider = page.get_by_role("slider", name="目标用户")
    number = page.get_by_role("spinbutton", name="目标用户")
    slider.press("ArrowRight")
    expect(number).to_have_value("37000")
    number.fill("20000")
    expect(slider).to_have_value("20000")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_tabs_are_one_row_on_a_phone_and_begin_at_the_one_that_is_open(
    open_page: OpenPage, gallery: str, scripts: bool
) -> None:
    page = open_page(PHONE, site=gallery, scripts=scripts)
    page.goto("/plan?en")
    tabs = page.get_by_role("navigation", name="Pages of this engagement").get_by_role("link")
    expect(tabs.and_(page.locator("[aria-current]"))).to_be_in_viewport(ratio=1)
    boxes = [tab.bounding_box() for tab in tabs.all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert sum(box["width"] for box in boxes if box) > PHONE.width
    tabs.first.focus()
    expect(tabs.first).to_be_in_viewport(ratio=1)


def test_levels_are_chosen_by_keyboard_and_seen_to_have_the_focus(
    open_page: OpenPage, gallery: str
) -> None:
    page = open_page(site=gallery)
    page.goto("/interview")
    second = page.get_by_role("radio", name="2 起步").first
    second.focus()
    page.keyboard.press("ArrowDown")
    third = page.get_by_role("radio", name="3 标准化").first
    expect(third).to_be_checked()
    ring = third.evaluate("one => getComputedStyle(one.nextElementSibling).outlineStyle")
    assert ring == "solid"


def test_refused_input_is_shown_in_its_place_and_gone_to(
    exchanges: Page, troubles: Troubles
) -> None:
    troubles.expect("status of 422")
    exchanges.get_by_role("button", name="refused").click()
    expect(exchanges.locator("#answer #refused")).to_be_focused()


def test_a_conflict_opens_the_dialogue_it_came_with(exchanges: Page, troubles: Troubles) -> None:
    troubles.expect("status of 409")
    exchanges.get_by_role("button", name="conflict").click()
    expect(exchanges.locator("dialog#both")).to_have_js_property("open", True)


def test_a_failed_exchange_leaves_the_page_and_says_what_happened(
    exchanges: Page, troubles: Troubles
) -> None:
    troubles.expect("status of 500")
    troubles.expect("Response Status Error Code 500")
    exchanges.get_by_role("button", name="failed").click()
    alert = exchanges.get_by_role("alert").filter(has_text="已确认保存的内容都还在")
    expect(alert).to_be_visible()
    expect(exchanges.locator("#answer")).to_be_empty()
    alert.get_by_role("button", name="关闭").click()
    expect(alert).to_be_hidden()


def test_an_unreachable_server_is_told_in_words(exchanges: Page, troubles: Troubles) -> None:
    troubles.expect("net::ERR_FAILED")
    troubles.expect("htmx:afterRequest|htmx:sendError")
    exchanges.route("**/gone", lambda route: route.abort())
    exchanges.get_by_role("button", name="gone").click()
    expect(exchanges.get_by_role("alert").filter(has_text="连不上服务器")).to_be_visible()


def test_the_focus_stays_where_it_was_when_another_part_changes(exchanges: Page) -> None:
    exchanges.get_by_role("button", name="added").click()
    expect(exchanges.locator("#row")).to_be_visible()
    expect(exchanges.get_by_role("button", name="added")).to_be_focused()


def test_a_second_click_does_not_send_the_form_again(exchanges: Page) -> None:
    sent = exchanges.evaluate(
        """() => {
            let sent = 0;
            window.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) sent += 1;
                event.preventDefault();
            });
            const button = document.querySelector("#once button");
            button.click();
            button.click();
            return sent;
        }"""
    )
    assert sent == 1
