"""kill -9 of the web server while people save: nothing acknowledged is lost, a retry saves once.

The server is the one that ``serve`` starts, reached over the network by several devices at once.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

import pytest

from app.services.accounts.sessions import open_device
from app.store.answers import current_answers, rebuild_current
from app.web.principal import MEMBER_COOKIE
from tests.interviews import Kitchen, kitchen
from tests.jobs.processes import eventually
from tests.people import SECRET, Installed
from tests.respondents import Company
from tests.web.test_interview_answers import address

ROOT: Final = Path(__file__).resolve().parents[2]
ITEMS: Final = ("cold-chain", "raw-and-ready", "checks-on-time", "worst-shift")
"""What is answered, each on a device of its own."""
ENOUGH: Final = 8
"""Acknowledged saves after which the server dies; a device is slowed down after ten in a second."""


@dataclass
class Server:
    """The web server of an installation, as a process group that can be killed."""

    port: int
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert eventually(lambda: self.ask("GET", "/sign-in")[0] == 200), self.log.read_text()

    def kill(self) -> None:
        """Kill the server and all its processes, without a word to any of them."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(
        self, method: str, path: str, cookie: str = "", data: Any = None, **headers: str
    ) -> tuple[int, bytes, str]:
        """Return status, body and cookies of an answer; status 0 where none came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        told = {"Cookie": cookie, **{k.replace("_", "-"): v for k, v in headers.items()}}
        content = None
        if data is not None:
            content, told["Content-Type"] = json.dumps(data).encode(), "application/json"
        try:
            connection.request(method, path, content, told)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers.get("Set-Cookie", "")
        except (OSError, HTTPException):
            return 0, b"", ""
        finally:
            connection.close()


@pytest.fixture
def server(installed: Installed, tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    web += ["--worker-class", "gthread", "--threads", "8"]
    web += ["--config", "python:app.cli.gunicorn_settings"]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "ZHENMAI_DATA": str(installed.settings.data),
        "ZHENMAI_DATABASE": installed.database.engine.url.render_as_string(hide_password=False),
        "ZHENMAI_SECRET_KEY": SECRET,
        "PORT": str(port),
    }
    found = Server(port, web, environment, tmp_path / "server.log")
    yield found
    found.kill()


@dataclass
class Device:
    """A signed-in browser that saves answer after answer to one question."""

    server: Server
    path: str
    item: str
    member: str
    form: str = ""
    token: str = ""
    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[dict[str, object]] = field(default_factory=list)

    def renew(self) -> None:
        """Fetch the form token and the cookie it belongs to."""
        status, data, cookie = self.server.ask("GET", "/form-token", self.member)
        assert status == 200
        self.token, self.form = json.loads(data)["token"], cookie.partition(";")[0]

    def send(self, said: dict[str, object]) -> int:
        """Send a save and note what became of it."""
        cookies = f"{self.member}; {self.form}"
        status, data, _cookie = self.server.ask(
            "POST", self.path, cookies, said, X_CSRFToken=self.token
        )
        if status == 200:
            self.acknowledged.append(str(said["key"]))
        elif status == 0:
            self.unanswered.append(said)
        assert status in (0, 200), data
        return status

    def save_on(self, enough: Callable[[], None]) -> None:
        """Save until nobody answers any more."""
        number = 0
        while self.send(self.said(number)) == 200:
            number += 1
            enough()

    def said(self, number: int) -> dict[str, object]:
        """Return the n-th save."""
        value: object = f"周{number}" if self.item == "worst-shift" else number % 3
        key = f"{self.item}-{number:04}"
        return {"item": self.item, "value": value, "base": number, "key": key}


def device(work: Kitchen, server: Server, chef: str, item: str) -> Device:
    """Sign somebody in on a device of their own."""
    who = work.acting()
    with who.writing() as session:
        token = open_device(session, who.person, datetime.now(UTC), "127.0.0.1", "test")
    found = Device(server, address(work, chef), item, f"{MEMBER_COOKIE}={token}")
    found.renew()
    return found


def test_a_server_killed_among_saves_loses_and_doubles_nothing(
    installed: Installed, server: Server
) -> None:
    work = kitchen(installed)
    chef = work.begin("chef")
    server.start()
    devices = [device(work, server, chef, item) for item in ITEMS]
    reached = threading.Event()

    def count() -> None:
        if sum(len(each.acknowledged) for each in devices) >= ENOUGH:
            reached.set()

    saving = [threading.Thread(target=each.save_on, args=(count,)) for each in devices]
    for one in saving:
        one.start()
    assert reached.wait(30)
    server.kill()
    for one in saving:
        one.join()
    known = {row.key for row in work.log(chef)}
    assert {key for each in devices for key in each.acknowledged} <= known, "nothing is lost"

    server.start()
    for each in devices:
        # What the script in the page does: it sends again what was not acknowledged.
        again, each.unanswered = each.unanswered, []
        each.renew()
        assert [each.send(said) for said in again] == [200] * len(again) == [200]
    log = [row.key for row in work.log(chef)]
    assert sorted(log) == sorted(key for each in devices for key in each.acknowledged)
    assert len(log) == len(set(log)), "nothing is doubled"
    with work.acting().reading() as session:
        current = {(row.item, row.revision) for row in current_answers(session, [chef])}
        rebuilt = {(row.item, row.revision) for row in rebuild_current(session, chef)}
    assert current == rebuilt == {(each.item, len(each.acknowledged)) for each in devices}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_link_anybody_opened_stands_in_the_servers_log(
    installed: Installed, server: Server
) -> None:
    work = kitchen(installed)
    company = Company(installed, installed.first, work.engagement)
    invitation = company.invite()
    server.start()
    for path in (company.link(invitation), f"/i/zm_{'a' * 32}0000", "/join/zm_x", "/i/zm_%ff"):
        assert server.ask("GET", path)[0] in (200, 404)
    # Something that the server has to say something about.
    with socket.create_connection(("127.0.0.1", server.port)) as broken:
        broken.sendall(f"GET {company.link(invitation)} HTTP/9.9\r\n\r\n".encode())
        broken.recv(1000)
    server.kill()
    assert company.token(invitation) not in server.log.read_text()
    assert "zm_" not in server.log.read_text()
