"""What goes wrong in a browser without anybody clicking on it: no test may overlook it."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, WebError


class Troubles:
    """The errors of all the windows of one test, and which of them the test expects.

    A trouble is a line of text: an error on the console (a violated content security policy and
    an answer of 400 or more are reported there), an exception that no script caught, a request
    that got no answer, or a window that crashed or no longer responds.
    """

    def __init__(self) -> None:
        """Nothing has happened, and nothing is expected."""
        self._contexts: list[BrowserContext] = []
        self._lines: list[str] = []
        self._expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Note from now on what goes wrong in this context's windows."""
        self._contexts.append(context)
        context.on("console", self._on_console)
        context.on("requestfailed", self._on_failed_request)
        context.on("weberror", self._on_exception)
        context.on("page", lambda page: page.on("crash", self._on_crash))

    def expect(self, pattern: str) -> None:
        """Declare that a trouble will occur whose line has this regular expression in it.

        Any number of such troubles are in order; none at all is a failure of its own.
        """
        self._expected.append(pattern)

    def judge(self) -> None:
        """Forget what has happened; AssertionError if it is not what was expected."""
        __tracebackhide__ = True
        for context in self._contexts:
            for page in context.pages:
                self._hear_out(page)
        lines, self._lines = self._lines, []
        expected, self._expected = self._expected, []
        unexpected = [
            line for line in lines if not any(re.search(pattern, line) for pattern in expected)
        ]
        missing = [
            f"expected, but it did not happen: {pattern}"
            for pattern in expected
            if not any(re.search(pattern, line) for line in lines)
        ]
        if unexpected or missing:
            raise AssertionError("\n".join(["The browser reports:", *unexpected, *missing]))

    def _hear_out(self, page: Page) -> None:
        """Let the window answer once: what it had to report came before the answer."""
        try:
            page.locator(":root").wait_for(state="attached", timeout=10_000)
        except Error as error:
            self._lines.append(f"no answer: {error.message.splitlines()[0]} [{page.url}]")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._lines.append(f"console error: {message.text} [{message.location['url']}]")

    def _on_failed_request(self, request: Request) -> None:
        # The browser itself breaks off what a left page was loading, and the page load that turned
        # out to be a download.
        if request.failure != "net::ERR_ABORTED":
            self._lines.append(f"failed request: {request.failure} {request.method} {request.url}")

    def _on_exception(self, error: WebError) -> None:
        where = error.page.url if error.page else "?"
        self._lines.append(f"exception: {error.error} [{where}]")

    def _on_crash(self, page: Page) -> None:
        self._lines.append(f"crash: {page.url}")
