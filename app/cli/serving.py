"""``flask serve``: web server and worker as one; ``flask worker run``: a worker alone."""

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection
from types import FrameType
from typing import Final

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.cli.database import bring_up_to_date, database
from app.jobs.consumer import Consumer, Rhythm
from app.jobs.queue import Queue
from app.services.work.health import sign_of_life
from app.services.work.mailing import Post, has_due_mail, send_due_mail, transport_of
from app.services.work.tidying import Caretaker
from app.services.work.worker import works_of
from app.settings import Settings

THREADS: Final = 8
THREADS_OF_WORKER: Final = 2
"""Reports rendered at a time; each takes a core and half a gigabyte."""
LOOK_EVERY: Final = 0.5
MAIL: Final = "mail"
"""The word that asks a worker to look into the outbox."""
SWEEP_EVERY: Final = 5.0
"""Seconds until letters and jobs nobody was woken for are found."""
PATIENCE: Final = 20
"""Seconds a part gets to end after it was asked to."""
_ENDS_WITH_US: Final = ("setpriv", "--pdeathsig", "TERM", "--")
"""Debian's own way to end a program with its parent, however that ends."""


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """启动网站和后台任务，直到被停止；任何一个意外退出都会重新启动。"""
    settings: Settings = current_app.config["SETTINGS"]
    bring_up_to_date()
    database().dispose()
    web = web_server("wsgi:app", settings.port)
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    supervisor = _Supervisor({"web": web, "worker": worker}, settings)
    sys.exit(supervisor.run())


def web_server(application: str, port: int) -> list[str]:
    """Return the command that serves an application (``module:name``) on this machine's port."""
    return [
        *(sys.executable, "-m", "gunicorn", application),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)),
        *("--config", "python:app.cli.gunicorn_settings"),
    ]


class _Supervisor:
    """Keeps two processes running and ends both when it is told to."""

    def __init__(self, commands: dict[str, list[str]], settings: Settings) -> None:
        self._commands = commands
        self._settings = settings
        self._announced = False
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._begun: dict[str, float] = {}
        self._asked = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        while not self._asked:
            for name, command in self._commands.items():
                if not self._see_to(name, command):
                    self._stop()
                    return 1
            if not self._announced and self._ready():
                self._announced = True
                click.echo(f"诊脉已启动：{self._settings.address}/")
            time.sleep(LOOK_EVERY)
        self._stop()
        return 0

    def _ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._settings.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": self._settings.hosts[0]})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _see_to(self, name: str, command: list[str]) -> bool:
        """Start a part, or start it again; a part that cannot even start ends everything."""
        running = self._running.get(name)
        if running is not None and running.poll() is None:
            return True
        if running is not None and time.monotonic() - self._begun[name] < 3:
            click.echo(f"{name}: {running.returncode}", err=True)
            return False
        self._begun[name] = time.monotonic()
        self._running[name] = subprocess.Popen([*_ENDS_WITH_US, *command])  # noqa: S603  our own
        return True

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


worker_commands = AppGroup("worker", help="后台任务。")


@worker_commands.command("run")
@with_appcontext
def run_command() -> None:
    """处理后台任务（出报告、发邮件），直到被停止。"""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings: Settings = current_app.config["SETTINGS"]
    store = database()
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"[:80]
    works = works_of(store, settings, name)
    post = Post(store, settings, transport_of(settings, click.echo), lambda: datetime.now(UTC))

    def work(_word: str, must_stop: Callable[[], bool]) -> None:
        # Letters first: they are quick, and a report takes half a minute.
        send_due_mail(post)
        works.work(must_stop)

    caretaker = Caretaker(store, settings, lambda: datetime.now(UTC))

    def waiting() -> Sequence[str]:
        caretaker.look_in()
        return [*works.waiting(), *([MAIL] if has_due_mail(post) else [])]

    consumer = Consumer(
        Queue(settings.data / "queue.sqlite3"),
        work,
        waiting,
        beat=lambda: sign_of_life(store, name, datetime.now(UTC)),
        threads=THREADS_OF_WORKER,
        rhythm=Rhythm(sweep=SWEEP_EVERY),
    )
    consumer.run()
