"""A worker process's inside: threads that answer the queue, a sweep, a heartbeat, a clean end.

The threads only wait and look on; heavy work runs in child processes (``app.jobs.child``).
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Final, TypeAlias

from huey.consumer import Consumer as HueyConsumer

from app.jobs.queue import Queue

Work: TypeAlias = Callable[[str, Callable[[], bool]], None]
"""``work(word, must_stop)``: does what the word asks for, or whatever is most urgent.

It takes its work from the database by a lease and does nothing where there is none. Once
``must_stop()`` says yes the process is about to end: it lets go of its lease and returns.
"""

_LOOK_EVERY: Final = 0.1
_SEE_TO_THREADS_EVERY: Final = 10.0
_LONGEST_WAIT: Final = 0.5
"""Seconds until an idle thread looks into the queue again."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and how long, in seconds."""

    sweep: float = 30
    """Between two searches for work that nobody was woken for."""
    beat: float = 5
    """Between two signs of life."""
    finish: float = 5
    """Given to running work when the worker is to stop."""
    release: float = 10
    """Given after that to let go of it."""


class Consumer:
    """Answers a queue with a few threads until it is stopped.

    ``sweep`` returns the words that somebody should have been woken for: leases that ran out, jobs
    whose wake was lost, unsent mail. It is asked at once and then regularly. ``beat`` tells the
    world that the worker lives. Whatever any of the three raises is logged and work goes on.
    """

    def __init__(
        self,
        queue: Queue,
        work: Work,
        sweep: Callable[[], Sequence[str]],
        beat: Callable[[], None] = lambda: None,
        threads: int = 2,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._queue = queue
        self._sweep = sweep
        self._rhythm = rhythm or Rhythm()
        self._asked_to_stop = False
        self._must_stop = threading.Event()
        self._ended = threading.Event()
        queue.on_word(lambda word: work(word, self._must_stop.is_set))
        self._threads = _Threads(
            queue.huey,
            workers=threads,
            periodic=False,
            max_delay=_LONGEST_WAIT,
            scheduler_interval=60,
        )
        self._regular = [
            _Regular("beat", self._rhythm.beat, beat, self._ended),
            _Regular("sweep", self._rhythm.sweep, self._wake_forgotten, self._threads.stop_flag),
        ]

    def run(self) -> bool:
        """Work until SIGTERM or SIGINT; needs the main thread. Return whether all came to rest."""
        signals = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self._ask_to_stop) for number in signals}
        try:
            self.start()
            look_again = time.monotonic() + _SEE_TO_THREADS_EVERY
            while not self._asked_to_stop:
                time.sleep(_LOOK_EVERY)
                if time.monotonic() >= look_again:
                    self._threads.check_worker_health()
                    look_again = time.monotonic() + _SEE_TO_THREADS_EVERY
            return self.stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self) -> None:
        """Start the threads and return."""
        self._threads.start()
        for regular in self._regular:
            regular.start()

    def stop(self) -> bool:
        """Take no new work, let running work finish or let go; return whether all came to rest.

        What does not come to rest dies with the process, and its children with it; its lease
        runs out and the work begins anew elsewhere.
        """
        self._threads.stop_flag.set()
        rested = self._threads.rest_within(self._rhythm.finish)
        if not rested:
            self._must_stop.set()
            rested = self._threads.rest_within(self._rhythm.release)
        if not rested:
            _log.warning("work is still running and will be cut off")
        self._ended.set()
        for regular in self._regular:
            regular.join(self._rhythm.release)
        self._queue.close()
        return rested

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        # A signal handler may interrupt anything, so it takes no lock.
        self._asked_to_stop = True

    def _wake_forgotten(self) -> None:
        waiting = self._queue.waiting()
        for word in self._sweep():
            if word not in waiting:
                self._queue.wake(word)


class _Threads(HueyConsumer):  # type: ignore[misc]  # huey ships no types
    """huey's threads without its hold on the process's signals (SIGHUP would start it anew)."""

    def _set_signal_handlers(self) -> None:
        pass

    def rest_within(self, seconds: float) -> bool:
        """Wait for all threads; return whether they have ended."""
        deadline = time.monotonic() + seconds
        running = [*(thread for _, thread in self.worker_threads), self.scheduler]
        for thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in running)


class _Regular(threading.Thread):
    """Does one thing at once and then at intervals until told to end."""

    def __init__(
        self, name: str, seconds: float, action: Callable[[], None], ended: threading.Event
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._seconds = seconds
        self._action = action
        self._ended_by = ended

    def run(self) -> None:
        """Go on whatever the action raises."""
        while True:
            try:
                self._action()
            except Exception:
                _log.exception("%s failed; it is tried again", self.name)
            if self._ended_by.wait(self._seconds):
                return
