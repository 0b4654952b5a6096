"""Runs one function in a child process that can be killed and may use only so much.

For work whose duration or hunger hostile input may decide: rendering, reading pictures and
workbooks. Renderers hold Python's lock and cannot be stopped from inside, so no thread will do.
The child knows none of our secrets (its environment holds a path and a language), has no network
where the system permits that, and ends with its parent, with all that it started.
"""

import logging
import math
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Final, Self, TypeAlias

from app.jobs.errors import (
    CancelledError,
    ChildCrashedError,
    ChildError,
    ChildMemoryError,
    ChildRefusedError,
    ChildTimeoutError,
    limit_error,
)
from app.jobs.frames import (
    BROKEN,
    NOTE,
    OVER,
    PROGRESS,
    REFUSED,
    RESULT,
    BrokenFrameError,
    FrameReader,
    progress_in,
)
from app.jobs.limits import Limits
from app.jobs.order import Order, Target
from app.settings import PROJECT

OnProgress: TypeAlias = Callable[[str, int | None], None]

_PROGRAM: Final = "app.jobs.inside"
_FLAGS: Final = ("-s", "-X", "faulthandler")
_LOOK_EVERY: Final = 0.5
"""Seconds between two questions whether the work was called off."""
_GOES_BY_ITSELF: Final = 2.0
"""Seconds a child gets to end its own group before it is killed from here."""
_SOON: Final = 0.005
_PIECE: Final = 64 * 1024
_LAST_WORDS: Final = 8 * 1024
"""Bytes of error output kept for the log."""
_NEARLY: Final = 0.9
"""Share of a limit from which a death is put down to it."""

# What Python needs to start and fontconfig to find fonts; nothing of ours has these names.
_KEPT: Final = ("PATH", "HOME", "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_DATA_HOME")
_SET: Final = {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}

_log: Final = logging.getLogger(__name__)


def run_in_child(
    target: Target,
    argument: Any,
    limits: Limits,
    on_progress: OnProgress = lambda _step, _number: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """Return what ``target(argument, reporter)`` returns in a child process of its own.

    ``target`` is a function at the top of a module; ``argument`` is bytes or anything that can be
    pickled (only this direction uses pickles). ``on_progress`` gets what the child tells, in order.
    ``cancelled`` is asked about twice a second, so it may keep a lease alive; when it says yes, or
    either of the two raises, the child is killed.

    Raises ``CancelledError``, ``ChildRefusedError`` with the target's own words,
    ``ChildTimeoutError``, ``ChildMemoryError``, ``ChildSizeError``, ``ChildCrashedError``. Whatever
    happens, no process and no temporary file of the work is left when it returns.
    """
    with (
        tempfile.TemporaryDirectory(prefix="zhenmai-", ignore_cleanup_errors=True) as scratch,
        _Child(Order.of(target, argument, limits, scratch)) as child,
    ):
        return child.listen(on_progress, cancelled)


class _Child:
    """A started child and the pipes to it; leaving the ``with`` ends it."""

    def __init__(self, order: Order) -> None:
        self._limits = order.limits
        self._deadline = time.monotonic() + order.limits.wall_seconds
        self._frames = FrameReader(order.limits.result_bytes)
        self._last_words = b""
        self._process, self._report = _start(order)
        self._output = _stream(self._process.stdout)
        self._listening = {self._report, self._output.fileno()}
        self._poll = select.poll()
        for descriptor in self._listening:
            self._poll.register(descriptor, select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            self._end()
        os.close(self._report)
        self._output.close()

    def listen(self, on_progress: OnProgress, cancelled: Callable[[], bool]) -> bytes:
        """Return the result as soon as it has arrived; raises as ``run_in_child`` says."""
        look_again = 0.0
        while True:
            now = time.monotonic()
            if now >= look_again:
                if cancelled():
                    raise CancelledError
                look_again = now + _LOOK_EVERY
            if now >= self._deadline:
                raise ChildTimeoutError("wall")
            # Asked before reading: whatever a dead child wrote is there by now.
            gone = self._is_gone()
            pause = 0.0 if gone else min(look_again, self._deadline) - now
            ready = self._ready(pause)
            if self._output.fileno() in ready:
                self._hear_output()
            if self._report in ready:
                result = self._hear_report(on_progress)
                if result is not None:
                    return result
            if gone and not ready:
                raise self._death()

    def _ready(self, pause: float) -> set[int]:
        """Wait for words of the child; a child that has closed its report is about to end."""
        if self._report not in self._listening:
            pause = min(pause, _SOON)
        return {descriptor for descriptor, _ in self._poll.poll(math.ceil(pause * 1000))}

    def _stop_listening(self, descriptor: int) -> None:
        self._listening.discard(descriptor)
        self._poll.unregister(descriptor)

    def _hear_output(self) -> None:
        piece = os.read(self._output.fileno(), _PIECE)
        self._last_words = (self._last_words + piece)[-_LAST_WORDS:]
        if not piece:
            self._stop_listening(self._output.fileno())

    def _hear_report(self, on_progress: OnProgress) -> bytes | None:
        piece = os.read(self._report, _PIECE)
        if not piece:
            self._stop_listening(self._report)
        try:
            for kind, payload in self._frames.feed(piece):
                if kind == RESULT:
                    return payload
                if kind == PROGRESS:
                    on_progress(*progress_in(payload))
                else:
                    _take_text(kind, payload.decode(errors="replace"))
        except BrokenFrameError as error:
            raise ChildCrashedError(None, f"the child broke the protocol: {error}") from error
        return None

    def _is_gone(self) -> bool:
        """Whether the child has ended; not reaped yet, so its number is still its own."""
        ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is not None

    def _death(self) -> ChildError:
        """Return the error that fits a child that died without a last word."""
        used = self._end()
        code = self._process.returncode
        if used.ru_utime + used.ru_stime >= _NEARLY * self._limits.cpu_seconds:
            return ChildTimeoutError("cpu")
        if code < 0 and used.ru_maxrss * 1024 >= _NEARLY * self._limits.memory_bytes:
            return ChildMemoryError("memory")
        return ChildCrashedError(code, self._last_words.decode(errors="replace"))

    def _end(self) -> resource.struct_rusage:
        """End the child and all of its group, reap it, return what it used."""
        # The guard inside ends its worker and tidies when it sees its input end.
        _stream(self._process.stdin).close()
        patience = time.monotonic() + _GOES_BY_ITSELF
        while not self._is_gone() and time.monotonic() < patience:
            time.sleep(_SOON)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return used


def _take_text(kind: bytes, text: str) -> None:
    if kind == NOTE:
        _log.warning("child process: %s", text)
    elif kind == REFUSED:
        raise ChildRefusedError(text)
    elif kind == BROKEN:
        raise ChildCrashedError(None, text)
    elif kind == OVER:
        raise limit_error(text) or BrokenFrameError("an unknown limit")


def _start(order: Order) -> tuple[subprocess.Popen[bytes], int]:
    """Start the child; return it and the end of the pipe on which it reports."""
    report, childs_report = os.pipe()
    paper = order.write()
    try:
        # The arguments are our own constants and two numbers.
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *_FLAGS, "-m", _PROGRAM, str(paper), str(childs_report)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(paper, childs_report),
            cwd=PROJECT,
            env={name: os.environ[name] for name in _KEPT if name in os.environ}
            | _SET
            | {"TMPDIR": order.scratch},
            start_new_session=True,
        )
    except BaseException:
        os.close(report)
        raise
    finally:
        os.close(paper)
        os.close(childs_report)
    return process, report


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101  Popen was asked for all of them
    return stream
