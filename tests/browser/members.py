"""Members of the demo workspace at their desks: a window for each, signed in.

``sign_in`` opens one on the site of the fixture ``workspace``, which is the shared demo site where
a module of tests has none of its own.
"""

from typing import Final, Protocol

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PASSWORD, Site
from tests.browser.windows import LANGUAGE_NAMES, OpenPage

NAMES: Final = {"owner": "林知行", "consultant": "周一鸣", "viewer": "许安"}


class SignIn(Protocol):
    """Opens a window for one more member, signed in and reading ``language`` ("zh" or "en")."""

    def __call__(
        self, who: str = "consultant", language: str = "zh", *, scripts: bool = True
    ) -> Page:
        """Return the window, at the list of what is to be done."""
        ...


@pytest.fixture
def sign_in(open_page: OpenPage, workspace: Site) -> SignIn:
    """Sign members in, each in a window of their own."""

    def signed_in(who: str = "consultant", language: str = "zh", *, scripts: bool = True) -> Page:
        page = open_page(site=workspace.url, scripts=scripts)
        give_password(page, who, language)
        return page

    return signed_in


def give_password(page: Page, who: str = "consultant", language: str = "zh") -> None:
    """Sign in on a window; whatever language was left behind, the member now reads ``language``."""
    page.goto("/sign-in")
    page.fill("#email", f"{who}@example.com")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".topbar")).to_contain_text(NAMES[who])
    switch = page.get_by_role("button", name=LANGUAGE_NAMES[language], exact=True)
    if switch.count():
        switch.click()
        expect(switch).to_have_count(0)
