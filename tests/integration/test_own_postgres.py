"""The PostgreSQL that ./run test starts: used by a command, gone afterwards, missed aloud."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]

USE_IT = """
import os, sys, psycopg
from tests.postgres import VARIABLE, fresh_database
with fresh_database(os.environ[VARIABLE]) as url:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        print(url, *connection.execute("SHOW max_connections").fetchone())
sys.exit(7)
"""

WAIT_FOR_IT = """
import os, psycopg
from tests.postgres import VARIABLE
address = os.environ[VARIABLE]
with psycopg.connect(address.replace("+psycopg", "")) as connection:
    print(address, flush=True)
    connection.execute("SELECT pg_sleep(600)")
"""


def folder_in(address: str) -> Path:
    return Path(address.partition("host=")[2].partition("&")[0])


def command_with_server(script: str) -> list[str]:
    return [sys.executable, "-m", "tests.postgres", sys.executable, "-c", script]


def test_a_command_gets_a_server_of_its_own_and_nothing_is_left() -> None:
    answer = subprocess.run(
        command_with_server(USE_IT), capture_output=True, check=False, cwd=ROOT, encoding="utf-8"
    )
    assert answer.returncode == 7, answer.stderr
    address, connections = answer.stdout.split()
    assert address.startswith("postgresql+psycopg://")
    assert connections == "100"
    assert not folder_in(address).exists()


def test_the_server_ends_even_if_its_starter_is_killed() -> None:
    with subprocess.Popen(
        command_with_server(WAIT_FOR_IT),
        cwd=ROOT,
        encoding="utf-8",
        stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as starter:
        assert starter.stdout is not None
        address = starter.stdout.readline().strip()
        starter.kill()
        # Server and command both hold this pipe: it closes when the last of them has ended.
        starter.communicate(timeout=60)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.replace("+psycopg", ""))
    shutil.rmtree(folder_in(address))


def test_a_missing_postgresql_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "DEBIAN_SERVERS", tmp_path)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(postgres.ServerError, match=r"\./run setup dev"), postgres.running_server():
        pytest.fail("there is no server to run")
