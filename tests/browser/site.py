"""The running application for the journeys: web server and worker with the demo workspace.

``site`` is its address, ``demo_site`` says where it keeps its things. Each test worker has one of
its own; tests make what they change themselves, or leave the published cases as they found them.
Those that cannot run a ``running`` copy of ``demo_data``, which is loaded once for all of them.
``empty_site`` is an installation without a single person.
"""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS_TO_START: Final = 60
PASSWORD: Final = "demo-zhenmai-2026"
SAID: Final = "said.txt"
"""What loading the demo workspace told, beside its files."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation."""

    url: str
    port: int
    data: Path
    process: subprocess.Popen[bytes]

    def command(self, *arguments: str) -> str:
        """Run a command of the program on this installation and return what it printed."""
        return _flask(self.data, self.port, *arguments)


def _environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "ZHENMAI_DATA": str(data), "ZHENMAI_MAIL": "file", "PORT": str(port)}


def _flask(data: Path, port: int, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=_environment(data, port),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def free_port() -> int:
    """Return a port of this machine that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(data: Path) -> Iterator[Site]:
    """Run the installation in ``data`` until the end of the block."""
    port = free_port()
    log = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=ROOT,
        env=_environment(data, port),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        if not answers(port, process, "/healthz"):
            said = (data / "serve.log").read_text()[-2000:]
            pytest.fail(f"the site did not become ready:\n{said}")
        yield Site(f"http://127.0.0.1:{port}", port, data, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def answers(port: int, process: subprocess.Popen[bytes], path: str) -> bool:
    """Wait until a server that starts answers for ``path``; False if it ended or took too long.

    That it is not ready yet is no answer: a status of 500 or more.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)  # a process that starts can only be asked again
    return False


@pytest.fixture(scope="session")
def demo_data(run_folder: Path) -> Path:
    """The demo workspace in files, for copies; loaded by whichever process comes first."""
    loaded = run_folder / "demo"
    with (run_folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            said = _flask(run_folder / "loading", 8000, "demo", "load", "--undrawn")
            (run_folder / "loading" / SAID).write_text(said)
            (run_folder / "loading").rename(loaded)
    return loaded


@contextmanager
def running_copy(demo_data: Path, folder: Path) -> Iterator[Site]:
    """Run a demo workspace in ``folder`` that its tests may change as they like."""
    with running(shutil.copytree(demo_data, folder / "data")) as found:
        yield found


@pytest.fixture(scope="session")
def demo_site(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo workspace, running."""
    with running_copy(demo_data, tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture(scope="session")
def workspace(demo_site: Site) -> Site:
    """Where ``sign_in`` goes; a module that changes what others look at has one of its own."""
    return demo_site


@pytest.fixture(scope="session")
def site(demo_site: Site) -> str:
    """The address of the demo workspace."""
    return demo_site.url


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """A new installation, running, and the one-time link of its first owner."""
    _flask(tmp_path / "data", 8000, "db", "migrate")
    with running(tmp_path / "data") as found:
        printed = found.command("owner", "link")
        link = re.search(r"http://\S+", printed)
        assert link is not None, printed
        yield found, link.group()
