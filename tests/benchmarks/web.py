"""``./run bench web``: pages, saves, and other people's requests while reports render.

Everything goes over HTTP through the web server that ``./run start`` runs, ours and the bare
application alike, with a connection for each request: between two clicks of a person a server has
closed the one before.
"""

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count, cycle, islice
from pathlib import Path
from time import perf_counter

from sqlalchemy import select, text

from app.cli.serving import web_server
from app.services.accounts.sessions import open_device
from app.store.database import Database
from app.store.rows import CurrentAnswer
from app.store.scope import INSTALLATION
from app.web.principal import MEMBER_COOKIE
from tests.benchmarks.crowd import BARE_FOLDER, KEY, OWNER, TENANT, engagement_id, populate
from tests.benchmarks.rounds import compared, ratio, report
from tests.browser.site import answers, free_port

FOLDER = Path("var/bench/web")
ROUNDS = 41
RENDERINGS = 5
IDLE = 400
"""Requests that nothing stands beside, before each rendering."""
DEVICES = 8
"""A device may save ten answers a second; several take turns."""
ITEM = "strategy-shared"
CASE = "questionnaires/private-domain/examples/case-2-jewellery.yaml"
_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Browser:
    """Somebody with a browser: cookies, and a connection for each request."""

    def __init__(self, port: int, token: str = "") -> None:
        """Come to the server at ``port``, signed in with ``token``."""
        self._port = port
        self._cookies = {MEMBER_COOKIE: token} if token else {}
        self._form_token = ""

    def get(self, path: str) -> bytes:
        """Return a page; the form token in it is kept."""
        found = self._send("GET", path, None, {})
        match = _TOKEN.search(found.decode("utf-8", "replace"))
        self._form_token = match[1] if match else self._form_token
        return found

    def post(self, path: str, told: Mapping[str, object]) -> bytes:
        """Send something with the token of the last page."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._form_token}
        return self._send("POST", path, json.dumps(told).encode(), headers)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, {**headers, "Cookie": cookies})
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        assert answer.status == 200, (path, answer.status, found[:300])
        for morsel in SimpleCookie(answer.headers.get("Set-Cookie", "")).values():
            self._cookies[morsel.key] = morsel.value
        return found


@contextmanager
def serving(application: str, **variables: str) -> Iterator[int]:
    """Run an application on the product's web server; give its port."""
    port = free_port()
    process = subprocess.Popen(
        web_server(application, port), env={**os.environ, "PORT": str(port), **variables}
    )
    try:
        assert answers(port, process, "/static/css/shell.css"), (
            "the server did not start: see above"
        )
        yield port
    finally:
        process.terminate()
        process.wait(60)


def signed_in(database: Database, port: int) -> Browser:
    """Return a signed-in browser."""
    with database.writing(TENANT) as session:
        token = open_device(session, OWNER, datetime.now(UTC), "127.0.0.1", "bench")
    return Browser(port, token)


def pages(browser: Browser, yardstick: Browser) -> None:
    """Measure workspace pages against a bare page of the same bytes."""
    for path in ("/today", "/clients", f"/engagements/{engagement_id(7)}"):
        size = len(browser.get(path))
        for _ in range(10):
            browser.get(path)
        measured = ratio(
            partial(browser.get, path), partial(yardstick.get, f"/?bytes={size}"), rounds=ROUNDS
        )
        report(f"page {path} ({size:,} bytes) ÷ a bare Flask page", measured, 6, 3)


def saves(browsers: list[Browser], yardstick: Browser, database: Database) -> None:
    """Measure saving an answer against one bare commit through Flask."""
    responses = [f"r{number:09d}{0:06d}" for number in range(len(browsers))]
    with database.reading(TENANT) as session:
        found = select(CurrentAnswer.response_id, CurrentAnswer.revision).where(
            CurrentAnswer.item == ITEM, CurrentAnswer.response_id.in_(responses)
        )
        revisions = dict(session.execute(found).all())
    turns = cycle(enumerate(zip(browsers, responses, strict=True)))
    numbers = count()
    began = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    for engagement, (browser, response) in islice(turns, len(browsers)):
        browser.get(f"/engagements/{engagement_id(engagement)}/interviews/{response}")

    def save() -> None:
        engagement, (browser, response) = next(turns)
        place = f"/engagements/{engagement_id(engagement)}/interviews/{response}"
        number = next(numbers)
        told = {
            "item": ITEM,
            "value": number // len(browsers) % 5 + 1,
            "evidence": "E1",
            "note": "",
            "quote": "",
            "base": revisions[response],
            "key": f"bench-{began}-{number}",
        }
        answer = json.loads(browser.post(f"{place}/answers", told))
        revisions[response] = answer["revision"]

    report(
        "saving an answer ÷ one bare commit through Flask",
        ratio(save, lambda: yardstick.post("/", {}), rounds=ROUNDS),
        2.5,
        1.5,
    )


def while_rendering(browser: Browser) -> None:
    """Measure requests while two reports render, each in a process of its own as in a worker."""
    command = [sys.executable, "-m", "tests.benchmarks.render_once", CASE]
    measured = []
    for _ in range(RENDERINGS):
        idle = _p95([_timed(browser) for _ in range(IDLE)])
        renders = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
        times = []
        while all(render.poll() is None for render in renders):
            times.append(_timed(browser))
        assert all(render.wait() == 0 for render in renders)
        measured.append((_p95(times), idle))
    report("other requests' p95 while two reports render ÷ idle", compared(measured), 2, 1.2)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _timed(browser: Browser) -> float:
    start = perf_counter()
    browser.get("/today")
    return perf_counter() - start


def main() -> None:
    """Populate once, then measure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = str(FOLDER.resolve())
    database, _settings = populate(FOLDER.resolve())
    with database.reading(INSTALLATION) as session:
        rows = session.execute(text("SELECT count(*) FROM answer_log")).scalar()
    print(f"500 engagements, {rows:,} answers in the log")
    with (
        serving("wsgi:app", ZHENMAI_DATA=folder, ZHENMAI_SECRET_KEY=KEY) as port,
        serving("tests.benchmarks.bare:app", **{BARE_FOLDER: folder}) as bare_port,
    ):
        browsers = [signed_in(database, port) for _ in range(DEVICES)]
        yardstick = Browser(bare_port)
        pages(browsers[0], yardstick)
        saves(browsers, yardstick, database)
        while_rendering(browsers[0])


if __name__ == "__main__":
    main()
