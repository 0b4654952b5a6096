"""Looks at the machine's processes, as a test of who is still alive must."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 30.0


def eventually(condition: Callable[[], bool]) -> bool:
    """Ask until it is so; give up after a time that only a hung machine needs."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid: int) -> bool:
    return _state_and_parent(pid)[0] not in ("", "Z", "X")


def children_of(pid: int) -> list[int]:
    return [child for child in _pids() if _state_and_parent(child)[1] == pid]


def guards_of(pid: int) -> list[int]:
    """List the outer processes of the children that ``run_in_child`` started in a process."""
    programs = (b"app.jobs.inside", b"tests.jobs.without_namespaces")
    return [
        child
        for child in children_of(pid)
        if is_alive(child) and any(program in _command(child) for program in programs)
    ]


def marked(mark: str) -> list[int]:
    """List the living processes with ``MARK=mark`` in their environment."""
    return [pid for pid in _pids() if f"MARK={mark}" in _environment(pid) and is_alive(pid)]


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    return fields[0], int(fields[1])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _environment(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []
