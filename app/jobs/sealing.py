"""What a child process gives up before it works, and that it ends with its parent.

Linux only, as all of it is the kernel's: namespaces, resource limits and the death signal.
"""

import ctypes
import os
import resource
import select
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.jobs.limits import Limits

_NEW_USERS: Final = 0x10000000  # CLONE_NEWUSER
_NEW_PROCESSES: Final = 0x20000000  # CLONE_NEWPID
_NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET
_SET_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS

_FIRST_TO_GO: Final = "1000"
_MAPPED_FILES: Final = 1 << 30
"""Address space beside the memory proper: libraries, fonts (20 MB each), thread arenas."""
_PROCESSES: Final = 64

_libc: Final = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Ask the kernel for namespaces of one's own; raises ``OSError``. Python has it from 3.12."""
    if _libc.unshare(ctypes.c_int(flags)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@dataclass(frozen=True, slots=True)
class Seclusion:
    """How far a process could leave the rest of the machine."""

    own_users: bool
    """Whether it counts users, and with them processes per user, for itself."""
    refusal: str
    """Why it still has the network; empty where it has none."""


def seclude() -> Seclusion:
    """Leave the network, and let the next fork begin a world of processes of its own.

    When the first process of that world dies, the kernel ends all the others, also those that left
    the process group. Root may do it at once; others, and root in a container, need a world of
    users of their own as well, which some systems forbid.
    """
    user, group = os.geteuid(), os.getegid()
    wanted = _NEW_NETWORK | _NEW_PROCESSES
    refusal = ""
    for flags in (wanted, wanted | _NEW_USERS):
        try:
            unshare(flags)
        except OSError as error:
            refusal = error.strerror or str(error)
        else:
            if flags & _NEW_USERS:
                _keep_name(user, group)
            return Seclusion(own_users=bool(flags & _NEW_USERS), refusal="")
    return Seclusion(own_users=False, refusal=refusal)


def _keep_name(user: int, group: int) -> None:
    """Be the same user inside the new world as outside."""
    own = Path("/proc/self")
    # Where /proc cannot be written, the process goes by the name of "nobody", with the same rights.
    with suppress(OSError):
        (own / "setgroups").write_text("deny")
        (own / "uid_map").write_text(f"{user} {user} 1")
        (own / "gid_map").write_text(f"{group} {group} 1")


def die_with(parent_pipe: int) -> None:
    """End this process when the one that forked it ends.

    ``parent_pipe`` is the reading end of a pipe whose other end that process holds: closed already
    means that it died before the kernel knew of our wish.
    """
    _libc.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    poller = select.poll()
    poller.register(parent_pipe, select.POLLHUP)
    if poller.poll(0):
        os._exit(1)


def accept(limits: Limits, seclusion: Seclusion) -> None:
    """Put the limits on this process, for good, and on all it starts.

    RLIMIT_DATA is the limit on memory: RLIMIT_AS also counts mapped files, and the 700 MB of
    addresses of a report are 340 MB of memory. Processes are counted per user, so their number is
    bounded only where the users are the child's own; the kernel never bounds root's.
    """
    _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    _lower(resource.RLIMIT_AS, limits.memory_bytes + _MAPPED_FILES)
    if seclusion.own_users:
        _lower(resource.RLIMIT_NPROC, _PROCESSES)
    # Where memory runs out for the whole machine, the child goes before the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)


def _lower(kind: int, most: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))
