"""The queue wakes workers; the sweep finds what it lost; workers end in good order."""

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from app.jobs.consumer import Consumer, Rhythm
from app.jobs.queue import Queue
from tests.jobs.processes import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]
OFTEN = Rhythm(sweep=0.02, beat=0.02, finish=PATIENCE, release=PATIENCE)
IMPATIENT = Rhythm(finish=0, release=PATIENCE)

Start = Callable[..., Consumer]


class Work:
    """Keeps the words it was given; can be made to fail or to wait."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def note(self, word: str, _must_stop: Callable[[], bool]) -> None:
        if word == "bad":
            raise LookupError("this one fails")
        self.done.append(word)

    def wait(self, word: str, must_stop: Callable[[], bool]) -> None:
        self.begun.set()
        assert eventually(lambda: must_stop() or self.may_end.is_set())
        self.done.append(f"{word} released" if must_stop() else f"{word} finished")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "queue.sqlite3"


@pytest.fixture
def queue(file: Path) -> Iterator[Queue]:
    with closing(Queue(file)) as queue:
        yield queue


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def started(queue: Queue) -> Iterator[Start]:
    """Start consumers of the queue; all are stopped in the end."""
    running: list[Consumer] = []

    def nothing() -> Sequence[str]:
        return ()

    def start(
        work: Callable[[str, Callable[[], bool]], None],
        sweep: Callable[[], Sequence[str]] = nothing,
        beat: Callable[[], None] = lambda: None,
        rhythm: Rhythm = OFTEN,
    ) -> Consumer:
        consumer = Consumer(queue, work, sweep, beat, threads=1, rhythm=rhythm)
        running.append(consumer)
        consumer.start()
        return consumer

    yield start
    for consumer in running:
        consumer.stop()


def stored(file: Path) -> list[bytes]:
    with closing(sqlite3.connect(file)) as connection:
        return [data for (data,) in connection.execute("select data from task order by id")]


# --- waking ---------------------------------------------------------------------------------------


def test_words_are_answered_in_their_order(queue: Queue, work: Work, started: Start) -> None:
    for word in ("one", "two", "three"):
        queue.wake(word)
    started(work.note)
    assert eventually(lambda: work.done == ["one", "two", "three"])


def test_a_worker_at_rest_is_woken_from_another_process(
    file: Path, work: Work, started: Start
) -> None:
    started(work.note)
    script = (
        "import pathlib, sys; from app.jobs.queue import Queue;"
        "Queue(pathlib.Path(sys.argv[1])).wake('hello')"
    )
    subprocess.run([sys.executable, "-c", script, str(file)], cwd=ROOT, check=True)
    assert eventually(lambda: work.done == ["hello"])


def test_words_outlive_a_restart(file: Path, work: Work, started: Start) -> None:
    with closing(Queue(file)) as other:
        other.wake("before")
    started(work.note)
    assert eventually(lambda: work.done == ["before"])


def test_what_lies_in_the_file_is_json(queue: Queue, file: Path) -> None:
    queue.wake("诊断")
    (data,) = stored(file)
    assert json.loads(data)["args"] == ["诊断"]


def test_a_pickle_in_the_file_runs_nothing_and_stops_nobody(
    queue: Queue, file: Path, tmp_path: Path, work: Work, started: Start
) -> None:
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
            return os.system, (f"touch {trap}",)

    queue.wake("template")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("update task set data = ?", (pickle.dumps(Trap()),))
    queue.wake("next")
    started(work.note)
    assert eventually(lambda: work.done == ["next"])
    assert not trap.exists()


def test_a_queue_that_cannot_be_written_costs_only_a_log_line(
    queue: Queue, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("drop table task")
    queue.wake("lost")
    assert "the next sweep will" in caplog.text


def test_work_that_fails_is_logged_and_the_next_goes_on(
    queue: Queue, work: Work, started: Start, caplog: pytest.LogCaptureFixture
) -> None:
    queue.wake("bad")
    queue.wake("good")
    started(work.note)
    assert eventually(lambda: work.done == ["good"])
    assert "this one fails" in caplog.text


# --- sweep and heartbeat --------------------------------------------------------------------------


def test_the_sweep_wakes_what_was_forgotten(work: Work, started: Start) -> None:
    forgotten = ["job-1", "mail-2"]
    started(work.note, lambda: [forgotten.pop(0)] if forgotten else [])
    assert eventually(lambda: work.done == ["job-1", "mail-2"])


def test_the_sweep_wakes_nothing_that_waits_already(
    queue: Queue, work: Work, started: Start
) -> None:
    sweeps: list[int] = []

    def sweep() -> Sequence[str]:
        sweeps.append(1)
        return ["busy", "again"]

    def waiting() -> list[str]:
        items = queue.huey.storage.enqueued_items()
        return sorted(queue.huey.deserialize_task(data).args[0] for data in items)

    queue.wake("busy")
    started(work.wait, sweep)
    assert work.begun.wait(PATIENCE)
    # "busy" is at work, so it is woken anew, as its lease may have run out; but only once.
    assert eventually(lambda: waiting() == ["again", "busy"])
    until = len(sweeps) + 4
    assert eventually(lambda: len(sweeps) >= until)
    assert waiting() == ["again", "busy"]
    work.may_end.set()


def test_a_sweep_and_a_heartbeat_that_fail_are_tried_again(work: Work, started: Start) -> None:
    swept: list[int] = []
    beaten: list[int] = []

    def sweep() -> Sequence[str]:
        swept.append(1)
        if len(swept) == 1:
            raise OSError("the database is away")
        return ["found"] if len(swept) == 2 else []

    def beat() -> None:
        beaten.append(1)
        if len(beaten) == 1:
            raise OSError("the database is away")

    started(work.note, sweep, beat)
    assert eventually(lambda: work.done == ["found"] and len(beaten) > 2)


# --- the end --------------------------------------------------------------------------------------


def test_running_work_may_finish_when_the_worker_stops(
    queue: Queue, work: Work, started: Start
) -> None:
    queue.wake("first")
    queue.wake("second")
    consumer = started(work.wait)
    assert work.begun.wait(PATIENCE)
    threading.Timer(0.05, work.may_end.set).start()
    assert consumer.stop()
    assert work.done == ["first finished"]
    assert queue.waiting() == {"second"}


def test_work_that_takes_too_long_is_asked_to_let_go(
    queue: Queue, work: Work, started: Start
) -> None:
    queue.wake("long")
    consumer = started(work.wait, rhythm=IMPATIENT)
    assert work.begun.wait(PATIENCE)
    assert consumer.stop()
    assert work.done == ["long released"]


def test_work_that_does_not_let_go_is_reported(queue: Queue, work: Work, started: Start) -> None:
    def ignore(word: str, _must_stop: Callable[[], bool]) -> None:
        work.wait(word, lambda: False)

    queue.wake("stubborn")
    consumer = started(ignore, rhythm=Rhythm(finish=0, release=0))
    assert work.begun.wait(PATIENCE)
    assert not consumer.stop()
    work.may_end.set()
    assert eventually(lambda: work.done == ["stubborn finished"])


WORKER = """
import sys
from pathlib import Path
from app.jobs.consumer import Consumer, Rhythm
from app.jobs.queue import Queue
from tests.jobs.processes import eventually

def work(word, must_stop):
    print("begun", word, flush=True)
    assert eventually(must_stop)
    print("released", word, flush=True)

queue = Queue(Path(sys.argv[1]))
rested = Consumer(queue, work, lambda: [], rhythm=Rhythm(finish=0, release=60)).run()
print("rested" if rested else "cut off", flush=True)
"""


@pytest.fixture
def worker(file: Path, queue: Queue) -> Iterator[subprocess.Popen[str]]:
    """A worker process that has begun to work on the word "report"."""
    queue.wake("report")
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun report\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_worker_in_good_order(
    worker: subprocess.Popen[str], number: signal.Signals
) -> None:
    worker.send_signal(number)
    said, _ = worker.communicate(timeout=PATIENCE)
    assert said == "released report\nrested\n"
    assert worker.returncode == 0


def test_what_a_killed_worker_held_is_swept_up_by_the_next(
    worker: subprocess.Popen[str], queue: Queue, work: Work, started: Start
) -> None:
    worker.kill()
    worker.wait(PATIENCE)
    assert queue.waiting() == frozenset()
    open_rows = ["report"]
    started(work.note, lambda: [open_rows.pop()] if open_rows else [])
    assert eventually(lambda: work.done == ["report"])
