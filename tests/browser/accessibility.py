"""Whether everybody can use a page: the accessibility checker, and room for it on every screen."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.windows import DESKTOP, PHONE, ZOOMED

WIDTHS: Final = (DESKTOP.width, ZOOMED.width, PHONE.width)
"""A page is loaded once for all of them: only the width of its window changes."""
LANGUAGES: Final = pytest.mark.parametrize("language", ["zh", "en"])
"""A sweep over pages is done in both."""
_CHECKED_AT: Final = {"zh": DESKTOP.width, "en": PHONE.width}
"""Each language on another screen: what axe finds depends on one or the other, not on both."""
_OPTIONS: Final[Mapping[str, Any]] = {
    "resultTypes": ["violations"],
    # WCAG 2.2: targets of at least 24 px. axe leaves it off unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
}
# Three quarters of axe's time, and colours are the same in every language.
_ONCE: Final = "color-contrast"


def check_accessibility(page: Page, *, colours: bool = True) -> None:
    """AssertionError with rule, help and each element's selector if axe finds anything.

    Every rule, and no finding is small enough to stay; ``colours`` tells whether contrast is
    looked at as well, for a page that another test looks at.
    """
    rules = {**_OPTIONS["rules"], _ONCE: {"enabled": colours}}
    found: list[dict[str, Any]] = (
        Axe().run(page, options={**_OPTIONS, "rules": rules}).response["violations"]
    )
    lines = [
        f"{violation['id']}: {violation['help']}\n    {target}"
        for violation in found
        for target in (_selector(node) for node in violation["nodes"])
    ]
    assert not lines, "\n".join([f"axe finds on {page.url}:", *lines])


def faults_on_every_screen(page: Page, name: str, language: str) -> list[str]:
    """Return what is wrong with the page one is on: wider than a screen, or found by the checker.

    ``name`` is what the faults call the page; ``language`` ("zh" or "en") the one it is in.
    """
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE.height})
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            wrong.append(f"{name} is {beyond} px wider than {width} px")
        if width == _CHECKED_AT[language]:
            try:
                check_accessibility(page, colours=language == "zh")
            except AssertionError as found:
                wrong.append(f"{name}, {width} px: {found}")
    return wrong


def _selector(node: dict[str, Any]) -> str:
    """Name the element; inside frames and shadow trees axe gives one selector per step."""
    return " > ".join(
        step if isinstance(step, str) else " >>> ".join(step) for step in node["target"]
    )
