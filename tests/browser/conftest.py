"""A browser for the journeys. What goes wrong in it fails the test that made it happen.

``open_page`` opens a window for one person, ``sign_in`` one for a member of the demo workspace,
``page`` is such a window on a desktop, ``troubles`` takes what a test provokes on purpose:
``troubles.expect("status of 422")``. The address of the running application is the fixture
``site`` of ``tests/browser/site.py``.

Playwright keeps an event loop running in the test's thread as long as the browser lives: a test
that calls ``asyncio.run`` does so in a thread of its own.
"""

import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.members import sign_in
from tests.browser.site import demo_data, demo_site, empty_site, site, workspace
from tests.browser.watching import Troubles
from tests.browser.windows import ARGUMENTS, DESKTOP, OpenPage, Screen, new_context
from tests.web.conftest import populated

# A machine that gives its cores to others is slow, not wrong: what is there sooner is seen sooner.
expect.set_options(timeout=20_000)

__all__ = ["demo_data", "demo_site", "empty_site", "populated", "sign_in", "site", "workspace"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without the windows of a desktop around its pages, one for each worker."""
    chromium = shutil.which("chromium-headless-shell")
    if chromium is None:
        pytest.fail("chromium-headless-shell is not on the path: ./run setup dev installs it")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS) as launched,
    ):
        yield launched


@pytest.fixture
def troubles() -> Troubles:
    """What goes wrong in this test's windows; ``expect`` what is meant to."""
    return Troubles()


@pytest.fixture
def open_page(browser: Browser, troubles: Troubles) -> Iterator[OpenPage]:
    """Open windows, each for a person of its own, and close them after the test."""
    with ExitStack() as open_contexts:

        def open_one(
            screen: Screen = DESKTOP,
            *,
            site: str = "",
            locale: str = "zh-CN",
            timezone: str = "Asia/Shanghai",
            scripts: bool = True,
        ) -> Page:
            context = open_contexts.enter_context(
                new_context(
                    browser, screen, site=site, locale=locale, timezone=timezone, scripts=scripts
                )
            )
            troubles.watch(context)
            return context.new_page()

        yield open_one


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A window on a desktop, in Chinese."""
    return open_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge the test's windows as part of the test; a test that fails anyway says so first."""
    __tracebackhide__ = True
    troubles = getattr(item, "funcargs", {}).get("troubles")
    try:
        outcome = yield
    except Exception as error:
        if isinstance(troubles, Troubles):
            try:
                troubles.judge()
            except AssertionError as reported:
                error.add_note(str(reported))
        raise
    if isinstance(troubles, Troubles):
        troubles.judge()
    return outcome
