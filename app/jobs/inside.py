"""The program that a child process runs: ``python -m app.jobs.inside ORDER REPORT`` (descriptors).

Two processes: a guard, which does nothing but watch, and the worker it forks, which has given up
what it does not need. The guard's standard input is a pipe that the parent holds and never
writes to: when it ends, the parent is gone or has had enough, and the guard ends all of the group.
"""

import os
import select
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from typing import Final, NoReturn

from app.jobs.errors import ChildRefusedError, ChildSizeError
from app.jobs.frames import BROKEN, NOTE, OVER, REFUSED, RESULT, write_frame
from app.jobs.order import Order
from app.jobs.reporter import Reporter
from app.jobs.sealing import Seclusion, accept, die_with, seclude

NICENESS: Final = 10
"""Heavy work stands back: somebody at a screen waits less well than a report."""


def main(order_descriptor: int, report: int) -> NoReturn:
    """Carry out one order and end."""
    order = Order.read(order_descriptor)
    os.set_inheritable(report, False)
    seclusion = seclude()
    if seclusion.refusal:
        write_frame(report, NOTE, f"work goes on with a network: {seclusion.refusal}".encode())
    guard_lives, guard = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(guard)
        die_with(guard_lives)
        os.close(guard_lives)
        _work(order, report, seclusion)
    os.close(report)
    _watch(worker, order.scratch)


def _work(order: Order, report: int, seclusion: Seclusion) -> NoReturn:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    kind, payload = BROKEN, b""
    os.nice(NICENESS)
    try:
        accept(order.limits, seclusion)
        kind, payload = RESULT, order.carry_out(Reporter(order.limits, report))
        if len(payload) > order.limits.result_bytes:
            kind, payload = OVER, b"result"
    except ChildRefusedError as error:
        kind, payload = REFUSED, str(error).encode()
    except ChildSizeError as error:
        kind, payload = OVER, error.limit.encode()
    except MemoryError:
        kind, payload = OVER, b"memory"
    except BaseException:
        # Whatever it was, the parent learns of it; there is nobody else to handle it.
        kind, payload = BROKEN, traceback.format_exc().encode(errors="replace")
    with suppress(OSError):  # the parent may have had enough
        write_frame(report, kind, payload)
    # Nothing is left to tidy: the scratch folder goes as a whole.
    os._exit(0 if kind == RESULT else 1)


def _watch(worker: int, scratch: str) -> NoReturn:
    parent = sys.stdin.fileno()
    ending = select.poll()
    ending.register(parent, select.POLLIN)
    # A thread could wait for the one as well, but none may start after ``seclude``.
    ending.register(os.pidfd_open(worker), select.POLLIN)
    if parent in {descriptor for descriptor, _ in ending.poll()}:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        shutil.rmtree(scratch, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        # Ends as the worker did, so that the parent sees how.
        with suppress(OSError):  # of SIGKILL
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
