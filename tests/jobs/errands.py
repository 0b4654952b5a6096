"""What the children of the tests do: importable, as a child process demands."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.jobs.errors import ChildRefusedError
from app.jobs.frames import PROGRESS, write_frame
from app.jobs.reporter import Reporter

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")


def shout(argument: bytes, _reporter: Reporter) -> bytes:
    return argument.upper()


def describe(argument: Mapping[str, Any], _reporter: Reporter) -> bytes:
    return repr(sorted(argument.items())).encode()


def count(argument: int, reporter: Reporter) -> bytes:
    reporter.tell("start")
    for number in range(argument):
        reporter.tell("page", number)
    return b"done"


def print_much(argument: bytes, _reporter: Reporter) -> bytes:
    for stream in (sys.stdout, sys.stderr):
        stream.write("x" * 1_000_000)
        stream.flush()
    return argument


def loop(_argument: bytes, _reporter: Reporter) -> bytes:
    while True:
        pass


def tell_pid_and_wait(_argument: bytes, reporter: Reporter) -> bytes:
    reporter.tell("waiting", os.getpid())
    time.sleep(600)
    return b""


def leave_marked_descendants(argument: str, reporter: Reporter) -> bytes:
    """Start one process in the same group and one in a session of its own, then wait."""
    environment = {"MARK": argument}
    subprocess.Popen(SLEEP, env=environment)
    subprocess.Popen(SLEEP, env=environment, start_new_session=True)
    reporter.tell("waiting")
    time.sleep(600)
    return b""


def leave_descendants_and_return(argument: str, _reporter: Reporter) -> bytes:
    environment = {"MARK": argument}
    subprocess.Popen(SLEEP, env=environment)
    subprocess.Popen(SLEEP, env=environment, start_new_session=True)
    return b"finished"


def devour_memory(_argument: bytes, _reporter: Reporter) -> bytes:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def refuse(argument: str, _reporter: Reporter) -> bytes:
    raise ChildRefusedError(argument)


def break_down(_argument: bytes, _reporter: Reporter) -> bytes:
    raise KeyError("no such chapter")


def fall_over(_argument: bytes, _reporter: Reporter) -> bytes:
    sys.stderr.write("these were its last words\n")
    ctypes.string_at(0)
    return b""


def quit_early(_argument: bytes, _reporter: Reporter) -> bytes:
    os._exit(7)


def return_a_text(_argument: bytes, _reporter: Reporter) -> Any:
    return "not bytes"


def return_bytes(argument: int, _reporter: Reporter) -> bytes:
    return bytes(argument)


def make_pages(argument: int, reporter: Reporter) -> bytes:
    reporter.count_pages(argument)
    return b"a document"


def babble(argument: bytes, reporter: Reporter) -> bytes:
    os.write(reporter.descriptor, argument)
    time.sleep(600)
    return b""


def tell_rubbish(argument: bytes, reporter: Reporter) -> bytes:
    write_frame(reporter.descriptor, PROGRESS, argument)
    time.sleep(600)
    return b""


def show_environment(_argument: bytes, _reporter: Reporter) -> bytes:
    return "\n".join(f"{name}={value}" for name, value in os.environ.items()).encode()


def show_descriptors(_argument: bytes, _reporter: Reporter) -> bytes:
    shown = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            shown.append(str(link.readlink()))
        except FileNotFoundError:  # the listing's own
            continue
    return "\n".join(shown).encode()


def write_a_file(argument: int, _reporter: Reporter) -> bytes:
    path = Path(os.environ["TMPDIR"]) / "large"
    path.write_bytes(bytes(argument))
    return str(path).encode()


def connect(argument: int, _reporter: Reporter) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", argument), timeout=10):
            return b"connected"
    except OSError:
        return b"no network"


def match_font(_argument: bytes, _reporter: Reporter) -> bytes:
    return subprocess.run(["fc-match", "Noto Sans CJK SC"], capture_output=True, check=True).stdout
