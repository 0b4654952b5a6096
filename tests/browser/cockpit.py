"""What the journeys through interviews share: beginning one, reading what it shows."""

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

FRESH: Final = "示例鲜果连锁"
ANSWERED: Final = "示例母婴连锁"


def engagement_of(page: Page, client: str) -> str:
    """Return the address of a client's engagement."""
    page.goto("/clients")
    page.get_by_role("link", name=client).first.click()
    links = page.locator("main a[href^='/engagements/']")
    found = re.search(r"/engagements/[0-9a-f]{16}", links.first.get_attribute("href") or "")
    assert found is not None
    return found[0]


def begin(page: Page, role: str, label: str) -> str:
    """Begin an interview in the fresh engagement and return its address."""
    page.goto(f"{engagement_of(page, FRESH)}/interviews")
    page.get_by_label("角色").select_option(role)
    page.get_by_label("门店或区分标签").fill(label)
    page.get_by_role("button", name="开始访谈").click()
    # Only when the script has come does the page listen to keys.
    expect(current(page)).to_be_visible(timeout=30_000)
    return page.url.split("?")[0].split("#")[0]


def current(page: Page) -> Locator:
    """Return the question one is at."""
    return page.locator(".question.is-current")


def jump(page: Page, code: str) -> None:
    """Go to a question by its number, as the keys do."""
    page.keyboard.press("/")
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")
    expect(current(page)).to_have_attribute("data-code", code)


def answer_by_keys(page: Page) -> None:
    """Answer the question one is at with the keys alone."""
    kind = current(page).get_attribute("data-kind")
    if kind == "rows":
        page.keyboard.press("2")
    elif kind == "ticks":
        page.keyboard.press("1")
        page.keyboard.press("3")
    elif kind == "box":
        page.keyboard.press("1")
        page.keyboard.press("Escape")
    else:
        page.keyboard.press("Enter")
        page.keyboard.insert_text("没有数据就不敢投")
        page.keyboard.press("Escape")


def saved(page: Page, patience: int = 15_000) -> None:
    """Wait until everything is on the server."""
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=patience)


def cut(page: Page) -> None:
    """Take the network away, at a moment when nothing is on its way."""
    saved(page)
    expect(page.locator("#so-far")).to_have_attribute("data-fresh", "", timeout=30_000)
    page.context.set_offline(True)


def chosen(page: Page, item: str) -> list[str]:
    """Return what is ticked or typed as the answer to an item."""
    card = page.locator(f".question[data-item='{item}']")
    ticked: list[str] = card.locator("input[name$='_value']:checked").evaluate_all(
        "inputs => inputs.map(input => input.value).filter(Boolean)"
    )
    typed = card.locator("[data-types]")
    text = [typed.input_value()] if typed.count() and typed.input_value() else []
    return ticked or text


def history(page: Page, address: str, item: str) -> list[str]:
    """Return the answers ever given to an item, newest first, as the record shows them."""
    response = page.locator(f".question[data-item='{item}']").locator("xpath=ancestor::form")
    kept = response.get_attribute("data-response") or ""
    page.goto(f"{address.rsplit('/', 1)[0]}/{kept}/history/{item}")
    rows: list[str] = page.locator("main tbody tr td:nth-child(3) b").all_inner_texts()
    page.goto(address)
    return rows
