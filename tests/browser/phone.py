"""How a person answers on a phone: with the thumb, screen by screen."""

from playwright.sync_api import Locator, Page, expect


def questions(page: Page) -> list[Locator]:
    """Return the questions of the screen one is at, once it is there in full."""
    page.wait_for_load_state()
    return page.locator("fieldset.question").all()


def unscripted(page: Page) -> None:
    """Let a page be as it is before its script came; the browser itself still runs some."""
    page.route(
        "**/js/respond.js*",
        lambda route: route.fulfill(content_type="text/javascript", body=""),
    )


def answer(question: Locator, choice: int = 1) -> None:
    """Answer one question, whatever its kind: of several levels the one after ``choice`` others."""
    radios = question.locator(".pick:not(.pick-clear) input[type=radio]")
    box = question.locator("input[type=text]")
    words = question.locator("textarea[name$=_value]")
    if radios.count():
        place = min(choice, radios.count() - 2)  # the last one is "don't know"
        question.locator(".pick:not(.pick-clear) label").nth(place).click()
        expect(radios.nth(place)).to_be_checked()
    elif box.count():
        box.fill("3")
    elif words.count():
        words.fill("周六的海报周五晚上才到，三家店没来得及贴。")
    else:
        question.locator(".pick label").first.click()
