"""The harness itself: it finds what is wrong with a page, and nothing on a page that is right."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import check_accessibility
from tests.browser.watching import Troubles
from tests.browser.windows import DESKTOP, PHONE, ZOOMED, OpenPage, Screen

ROOT = Path(__file__).resolve().parents[2]

STRICT = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"

PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>访谈</title>
<link rel="icon" href="data:,"></head><body><main><h1>访谈</h1>{body}</main></body></html>"""

BODIES = {
    "/good": '<form><label>门店数 <input name="stores"></label></form>',
    "/no-label": '<form><input id="stores"></form>',
    "/small-targets": "<style>a{display:block;width:9px;height:9px;overflow:hidden}</style>"
    '<a href="/good">一</a><a href="/no-label">二</a>',
    "/logs-error": "<script>console.error('答案没有保存')</script>",
    "/throws": "<script>null.answer</script>",
    "/inline-style": '<p style="color:red">红</p>',
    "/missing-picture": '<img src="/nowhere.png" alt="">',
    "/refused-picture": '<img src="http://127.0.0.1:1/logo.png" alt="">',
    "/foreign-picture": '<img src="http://example.com/logo.png" alt="">',
}


class Pages(BaseHTTPRequestHandler):
    """Answers the paths above; /download with a file, everything else with 404."""

    def do_GET(self) -> None:
        body = BODIES.get(self.path)
        self.send_response(404 if body is None and self.path != "/download" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/download":
            self.send_header("Content-Disposition", "attachment; filename=report.txt")
        if self.path in ("/inline-style", "/good"):
            self.send_header("Content-Security-Policy", STRICT)
        self.end_headers()
        self.wfile.write(PAGE.format(body=body or "没有这一页").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The address of a server with the pages above."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("screen", [DESKTOP, PHONE, ZOOMED])
def test_a_page_that_is_right_gives_no_trouble(
    open_page: OpenPage, pages: str, screen: Screen
) -> None:
    page = open_page(screen, site=pages)
    page.goto("/good")
    check_accessibility(page)
    assert page.evaluate("[innerWidth, navigator.language]") == [screen.width, "zh-CN"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/logs-error", r"console error: 答案没有保存 \[http://.*/logs-error\]"),
        ("/throws", r"exception: .*null.* \[http://.*/throws\]"),
        ("/inline-style", r"console error: .*Content Security Policy.*style"),
        ("/missing-picture", r"console error: .*404.*/nowhere\.png"),
        ("/refused-picture", r"failed request: .*http://127\.0\.0\.1:1/logo\.png"),
        ("/foreign-picture", r"failed request: net::ERR_NAME_NOT_RESOLVED GET http://example\.com"),
        ("/nowhere", r"console error: .*404.*/nowhere"),
    ],
)
def test_what_goes_wrong_on_a_page_is_reported(
    page: Page, pages: str, troubles: Troubles, path: str, line: str
) -> None:
    page.goto(pages + path)
    with pytest.raises(AssertionError, match=line):
        troubles.judge()


def test_what_goes_wrong_in_a_window_that_the_page_opened_is_reported(
    page: Page, pages: str, troubles: Troubles
) -> None:
    page.goto(f"{pages}/good")
    with page.context.expect_page() as opened:
        page.evaluate("window.open('/logs-error') && null")
    opened.value.wait_for_load_state()
    with pytest.raises(AssertionError, match="答案没有保存"):
        troubles.judge()


def test_an_expected_trouble_is_in_order(page: Page, pages: str, troubles: Troubles) -> None:
    troubles.expect("status of 404")
    page.goto(f"{pages}/nowhere")


def test_an_expected_trouble_that_stays_away_is_reported(
    page: Page, pages: str, troubles: Troubles
) -> None:
    troubles.expect("status of 404")
    page.goto(f"{pages}/good")
    with pytest.raises(AssertionError, match="did not happen: status of 404"):
        troubles.judge()


def test_a_cut_network_can_be_expected(page: Page, pages: str, troubles: Troubles) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED")
    page.goto(f"{pages}/good")
    page.context.set_offline(True)
    assert page.evaluate("fetch('/good').catch(() => 'cut')") == "cut"


def test_a_download_is_no_trouble(page: Page, pages: str) -> None:
    page.goto(f"{pages}/good")
    with page.expect_download() as download:
        page.evaluate("location = '/download'")
    assert download.value.suggested_filename == "report.txt"


def test_a_window_without_scripts_can_be_opened(open_page: OpenPage, pages: str) -> None:
    page = open_page(site=pages, scripts=False)
    page.goto("/logs-error")
    assert page.get_by_role("heading").inner_text() == "访谈"


def test_two_windows_share_no_cookies(open_page: OpenPage, pages: str) -> None:
    one, other = open_page(site=pages), open_page(site=pages)
    one.goto("/good")
    one.evaluate("document.cookie = 'who=me'")
    other.goto("/good")
    assert other.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    ("path", "line"),
    [("/no-label", r"label: .*\n +#stores"), ("/small-targets", r"target-size: .*\n +a")],
)
def test_the_accessibility_checker_names_rule_and_element(
    page: Page, pages: str, path: str, line: str
) -> None:
    page.goto(pages + path)
    with pytest.raises(AssertionError, match=line):
        check_accessibility(page)


def test_a_test_that_overlooks_an_error_fails(pages: str, tmp_path: Path) -> None:
    (tmp_path / "test_overlooking.py").write_text(
        f"def test_overlooking(page):\n    page.goto({pages + '/logs-error'!r})\n",
        encoding="utf-8",
    )
    plugins = ("-p", "tests.browser.conftest", "-p", "no:cacheprovider", "-p", "no:pytest_alembic")
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-c", os.devnull, tmp_path],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert answer.returncode == 1, answer.stdout
    assert "1 failed" in answer.stdout
    assert "答案没有保存" in answer.stdout
