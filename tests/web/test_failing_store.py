"""A full disk, a database that is locked or gone: no false word, nothing lost, and it heals."""

import errno
import fcntl
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import QueuePool, event
from werkzeug.test import TestResponse

from app.extensions import limiter
from app.services.interviews.questioning import open_interview
from app.store.database import Database
from app.store.errors import BusyError
from app.store.scope import INSTALLATION
from tests.interviews import Kitchen, kitchen
from tests.people import Installed
from tests.web.test_interview_answers import ITEM, address, body, told

ROOM: int = 20
"""Answers of two thousand bytes that no database takes without growing."""


@pytest.fixture
def work(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    monkeypatch.setattr(limiter, "enabled", False)
    return kitchen(installed)


@pytest.fixture
def chef(work: Kitchen) -> str:
    return work.begin("chef")


@pytest.fixture
def browser(work: Kitchen) -> FlaskClient:
    return work.installed.browser("consultant")


def page(work: Kitchen, chef: str) -> str:
    return f"/engagements/{work.engagement}/interviews/{chef}"


def file_of(database: Database) -> Path:
    """Return the file an SQLite database lies in."""
    return Path(str(database.engine.url.database))


def beside(database: Database) -> psycopg.Connection[Any]:
    """Connect to the PostgreSQL past the application, as its administrator does."""
    url = database.engine.url.set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@contextmanager
def heard(target: Any, name: str, listener: Callable[..., None], **how: Any) -> Iterator[None]:
    """Have something happen at an event of the engine for a while."""
    event.listen(target, name, listener, **how)
    try:
        yield
    finally:
        event.remove(target, name, listener)


# -- no room -----------------------------------------------------------------------------------


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """Let the database grow no more, as on a disk without room."""
    if database.is_sqlite:

        def stay(connection: Any, *_rest: object) -> None:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count={pages}")

        def grow(connection: Any, *_rest: object) -> None:
            connection.execute("PRAGMA max_page_count=1000000")

        with heard(database.engine, "checkout", stay):
            yield
        event.listen(database.engine, "checkout", grow)
        return
    with beside(database) as admin:
        admin.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'Datei kann nicht erweitert werden' USING ERRCODE = 'disk_full'; "
            "END $$"
        )
        admin.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON answer_log "
            "FOR EACH ROW EXECUTE FUNCTION no_room()"
        )
        try:
            yield
        finally:
            admin.execute("DROP FUNCTION no_room CASCADE")


def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept_and_it_heals(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    def save(number: int) -> TestResponse:
        given = body(key=f"save-{number:04}", base=number, note="字" * 500)
        return browser.post(address(work, chef), json=given)

    with full_disk(work.installed.database):
        answers = [save(0)]
        while answers[-1].status_code == 200 and len(answers) < ROOM:
            answers.append(save(len(answers)))
        refused = answers.pop()
        assert (refused.status_code, told(refused)["error"]) == (507, "full")
        assert "没有保存" in told(refused)["message"]
        kept = [row.key for row in work.log(chef)]
        assert kept == [f"save-{number:04}" for number in range(len(answers))]
        assert browser.get(page(work, chef)).status_code == 200, "what there is can be read"
    again = save(len(answers))
    assert (again.status_code, told(again)["revision"]) == (200, len(answers) + 1)
    assert len(work.log(chef)) == len(answers) + 1


def test_a_photo_that_finds_no_room_leaves_nothing_and_can_be_sent_again(
    work: Kitchen, chef: str, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send() -> int:
        file = io.BytesIO()
        Image.new("RGB", (30, 20), "#1d4e6f").save(file, "PNG")
        file.seek(0)
        there = f"{page(work, chef)}/photos/{ITEM}"
        return browser.post(there, data={"photo": (file, "a.png")}).status_code

    def no_room(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        assert send() == 507
    assert not list((work.installed.settings.data / "blobs").glob("??/*"))
    assert photos(work, chef) == 0
    assert send() == 303
    assert photos(work, chef) == 1


def photos(work: Kitchen, chef: str) -> int:
    interview = open_interview(work.acting(), work.engagement, chef)
    return sum(len(posed.photos) for part in interview.parts for posed in part.posed)


# -- in use ------------------------------------------------------------------------------------


@contextmanager
def impatient(database: Database) -> Iterator[None]:
    """Wait for locks a moment instead of five seconds."""
    words = "PRAGMA busy_timeout=20" if database.is_sqlite else "SET LOCAL lock_timeout = '50ms'"

    def hurry(connection: Any) -> None:
        connection.exec_driver_sql(words)

    def connect_in_a_hurry(*given: Any) -> None:
        given[-1].update(timeout=0.02)

    with ExitStack() as both:
        both.enter_context(heard(database.engine, "begin", hurry, insert=True))
        if database.is_sqlite:
            both.enter_context(heard(database.engine, "do_connect", connect_in_a_hurry))
        yield


@contextmanager
def in_use(database: Database, lock: str) -> Iterator[None]:
    """Have another program write and not finish."""
    with impatient(database):
        if lock == "the queue of writers":
            assert database._gate is not None
            with (
                pytest.MonkeyPatch.context() as patch,
                database._gate._path.open("r+") as file,
            ):
                patch.setattr(database._gate, "_wait", 0.02)
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        elif database.is_sqlite:
            other = sqlite3.connect(file_of(database), isolation_level=None)
            other.execute(f"BEGIN {lock}")
            yield
            other.close()
        else:
            with beside(database) as other_one, other_one.transaction():
                other_one.execute("LOCK TABLE answer_log IN EXCLUSIVE MODE")
                yield


@pytest.mark.parametrize(
    ("engine_name", "lock"),
    [("sqlite", "the queue of writers"), ("sqlite", "IMMEDIATE"), ("postgresql", "a table")],
)
def test_a_save_into_a_locked_database_is_put_off_and_not_lost(
    work: Kitchen, chef: str, browser: FlaskClient, lock: str
) -> None:
    with in_use(work.installed.database, lock):
        refused = browser.post(address(work, chef), json=body())
        assert (refused.status_code, told(refused)["error"]) == (503, "busy")
        assert refused.headers["Retry-After"].isdigit()
        assert browser.get(page(work, chef)).status_code == 200, "reading goes on"
    assert work.log(chef) == []
    assert browser.post(address(work, chef), json=body()).status_code == 200
    assert len(work.log(chef)) == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("connected", [True, False], ids=["known connection", "new connection"])
def test_a_database_that_cannot_even_be_read_asks_to_come_back(
    work: Kitchen, chef: str, browser: FlaskClient, connected: bool
) -> None:
    if not connected:
        work.installed.database.dispose()
    with in_use(work.installed.database, "EXCLUSIVE"):
        for answer in (browser.get(page(work, chef)), browser.post(address(work, chef), json={})):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"].isdigit()
    assert browser.get(page(work, chef)).status_code == 200


def test_no_free_connection_asks_to_come_back(
    work: Kitchen, chef: str, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = work.installed.database.engine.pool
    assert isinstance(pool, QueuePool)
    monkeypatch.setattr(pool, "_timeout", 0.01)
    held = [work.installed.database.engine.connect() for _ in range(pool.size() * 2)]
    answer = browser.get(page(work, chef))
    for one in held:
        one.close()
    assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (503, True)
    assert browser.get(page(work, chef)).status_code == 200


# -- gone --------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_told_like_a_busy_one() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(BusyError), database.reading(INSTALLATION) as session:
        session.connection()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_server_that_was_started_anew_is_found_again(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    database = work.installed.database
    assert browser.get(page(work, chef)).status_code == 200
    with beside(database) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert browser.post(address(work, chef), json=body()).status_code == 200
    assert len(work.log(chef)) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("moment", ["INSERT INTO answer_log", "COMMIT"])
def test_a_server_that_goes_away_in_mid_save_loses_and_doubles_nothing(
    work: Kitchen, chef: str, browser: FlaskClient, moment: str
) -> None:
    database = work.installed.database

    def go_away(connection: Any) -> None:
        backend = connection.connection.dbapi_connection.info.backend_pid
        with beside(database) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    def on_statement(connection: Any, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(moment):
            go_away(connection)

    happens = ("commit", go_away) if moment == "COMMIT" else ("before_cursor_execute", on_statement)
    with heard(database.engine, *happens):
        refused = browser.post(address(work, chef), json=body())
    assert (refused.status_code, told(refused)["error"]) == (503, "busy")
    assert work.log(chef) == []
    assert browser.post(address(work, chef), json=body()).status_code == 200
    assert len(work.log(chef)) == 1
