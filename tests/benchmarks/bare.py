"""The yardstick of ``./run bench web``: a Flask application that does next to nothing."""

import os
from itertools import count
from pathlib import Path

from flask import Flask, request
from sqlalchemy import text

from app.store.database import Database
from tests.benchmarks.crowd import BARE_FOLDER

app = Flask("bare")
_database = Database(f"sqlite:///{Path(os.environ[BARE_FOLDER]) / 'bare.sqlite3'}")
_numbers = count()

with _database.turn(), _database.engine.execution_options(zhenmai_writes=True).begin() as _opened:
    _opened.execute(text("CREATE TABLE IF NOT EXISTS bare (n INTEGER, v TEXT)"))


@app.get("/")
def page() -> bytes:
    """Return a page of as many bytes as asked for."""
    return b"x" * int(request.args["bytes"])


@app.post("/")
def commit() -> str:
    """Store one row with the settings that our own answers are stored with."""
    with (
        _database.turn(),
        _database.engine.execution_options(zhenmai_writes=True).begin() as connection,
    ):
        connection.execute(text("INSERT INTO bare VALUES (:n, 'x')"), {"n": next(_numbers)})
    return "saved"
