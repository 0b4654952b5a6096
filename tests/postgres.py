"""A PostgreSQL of the tests' own: made, started, given to a command, stopped and thrown away.

``python -m tests.postgres COMMAND…`` runs the command with the address of a new, empty server in
``ZHENMAI_TEST_POSTGRES`` and ends with the command's exit code. The server is reached through a
socket in a folder of its own that nobody else can enter: no port is opened, none can be taken.
It ends with this program, however that ends.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import psycopg
from psycopg import sql

VARIABLE: Final = "ZHENMAI_TEST_POSTGRES"
"""The environment variable with the server's address, in SQLAlchemy's form."""

DEBIAN_SERVERS: Final = Path("/usr/lib/postgresql")
"""One folder per version; the programs in it are not on the path."""

_PORT: Final = 5432  # only the name of the socket
_SECONDS_TO_START: Final = 60
# What is thrown away anyway need not survive a power cut.
_SETTINGS: Final = (
    "listen_addresses=",
    "max_connections=100",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
)


class ServerError(Exception):
    """There is no server; the message says why and what to do."""


def _program(name: str) -> str:
    """Find a server program, of Debian's newest version if there is more than one."""
    installed = DEBIAN_SERVERS.glob(f"*/bin/{name}")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise ServerError(f"PostgreSQL's {name} is missing: ./run setup dev installs it.")
    return found


def _as_nobody_special() -> list[str]:
    """What comes before a server program: PostgreSQL refuses root, and shall not outlive us."""
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        command += ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
    return [*command, "--"]


def _environment() -> dict[str, str]:
    """Leave out the variables by which PostgreSQL's programs would look for another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _initialise(folder: Path) -> Path:
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError as error:
            raise ServerError("There is no user postgres: ./run setup dev makes it.") from error
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    made = subprocess.run(
        [
            *_as_nobody_special(),
            _program("initdb"),
            f"--pgdata={data}",
            "--username=zhenmai",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
        env=_environment(),
    )
    if made.returncode:
        raise ServerError(f"initdb failed:\n{made.stdout}{made.stderr}")
    return data


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            psycopg.connect(_for_psycopg(address)).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                text = log.read_text(encoding="utf-8", errors="replace")
                raise ServerError(f"PostgreSQL did not start:\n{text}") from error
            time.sleep(0.05)
        else:
            return


def _for_psycopg(address: str) -> str:
    return address.replace("postgresql+psycopg:", "postgresql:", 1)


@contextmanager
def running_server() -> Iterator[str]:
    """Run a new server; yield the address of its database ``postgres``, owned by a superuser.

    ServerError if the programs are missing or the server does not start.
    """
    with tempfile.TemporaryDirectory(prefix="zhenmai-postgres-") as name:
        folder = Path(name)
        data = _initialise(folder)
        log = folder / "log"
        settings = [*_SETTINGS, f"unix_socket_directories={folder}"]
        command = [*_as_nobody_special(), _program("postgres"), "-D", str(data), "-p", str(_PORT)]
        for setting in settings:
            command += ["-c", setting]
        with (
            log.open("wb") as output,
            # A group of its own: Ctrl-C is for the tests, which still need the server to end well.
            subprocess.Popen(
                command, cwd=folder, env=_environment(), stderr=output, process_group=0
            ) as server,
        ):
            address = f"postgresql+psycopg://zhenmai@/postgres?host={folder}&port={_PORT}"
            try:
                _wait_until_ready(server, address, log)
                yield address
            finally:
                server.send_signal(signal.SIGINT)  # "fast": whoever is connected is sent away
                try:
                    server.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    server.kill()


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make an empty database on the server at this address; yield its address, then drop it."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(_for_psycopg(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.replace("/postgres?", f"/{name}?", 1)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def _give_up(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _leave_it_to_the_command(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C reaches the command as well, which then ends in its own way."""


def main(command: Sequence[str]) -> int:
    """Run the command with a server; its exit code, or 1 if there is no server."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _give_up)
    try:
        with running_server() as address:
            signal.signal(signal.SIGINT, _leave_it_to_the_command)
            with subprocess.Popen(command, env=os.environ | {VARIABLE: address}) as child:
                try:
                    return child.wait()
                except SystemExit:
                    child.terminate()
                    raise
    except ServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
