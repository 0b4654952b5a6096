"""``./run bench web``: pages, saves, and other people's requests while reports render."""

import statistics
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.factory import create_app
from app.services.accounts.sessions import open_device
from app.settings import Settings
from app.store.database import Database
from app.store.scope import INSTALLATION
from app.web.principal import MEMBER_COOKIE
from tests.benchmarks.crowd import OWNER, TENANT, engagement_id, populate
from tests.benchmarks.rounds import ratio, report

FOLDER = Path("var/bench/web")
ROUNDS = 41
CASE = "questionnaires/private-domain/examples/case-2-jewellery.yaml"


def browser(app: Flask, database: Database) -> FlaskClient:
    """Return a signed-in browser."""
    client = app.test_client()
    with database.writing(TENANT) as session:
        token = open_device(session, OWNER, datetime.now(UTC), "127.0.0.1", "bench")
    client.set_cookie(MEMBER_COOKIE, token, domain="127.0.0.1")
    return client


def application(settings: Settings, database: Database) -> Flask:
    """Return the application without form tokens and limits, which a bare page has not either."""
    app = create_app(settings, database)
    app.config.update(WTF_CSRF_ENABLED=False, SERVER_NAME="127.0.0.1:8000")
    app.extensions["limiter"] = set()
    return app


def bare_page(body: bytes) -> FlaskClient:
    """Return a browser of an application whose one page is these bytes."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: body, endpoint="page")
    return app.test_client()


def pages(client: FlaskClient) -> None:
    """Measure workspace pages against a bare page of the same bytes."""
    for path in ("/today", "/clients", f"/engagements/{engagement_id(7)}"):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status)
        bare = bare_page(answer.data)
        measured = ratio(partial(client.get, path), partial(bare.get, "/"), rounds=ROUNDS)
        report(f"page {path} ({len(answer.data):,} bytes) ÷ a bare Flask page", measured, 6, 3)


def saves(client: FlaskClient, database: Database) -> None:
    """Measure saving an answer against one bare commit through Flask."""
    app = Flask("bare commit")
    with database.engine.execution_options(zhenmai_writes=True).begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS bench_bare (n INTEGER, v TEXT)"))
    numbers = count()

    @app.post("/")
    def commit() -> str:
        with (
            database.turn(),
            database.engine.execution_options(zhenmai_writes=True).begin() as connection,
        ):
            connection.execute(
                text("INSERT INTO bench_bare VALUES (:n, 'x')"), {"n": next(numbers)}
            )
        return "saved"

    bare = app.test_client()
    response = f"r{7:09d}{0:06d}"
    path = f"/engagements/{engagement_id(7)}/interviews/{response}/answers"
    revision = count(1)

    def save() -> None:
        base = next(revision)
        answer = client.post(
            path,
            json={
                "item": "strategy-shared",
                "value": base % 5 + 1,
                "evidence": "E1",
                "note": "",
                "quote": "",
                "base": base,
                "key": f"bench-{base}-{perf_counter()}",
            },
        )
        assert answer.status_code == 200, answer.get_json()

    report(
        "saving an answer ÷ one bare commit through Flask",
        ratio(save, lambda: bare.post("/"), rounds=ROUNDS),
        2.5,
        1.5,
    )


def while_rendering(client: FlaskClient) -> None:
    """Measure requests while two reports render, each in a process of its own as in a worker."""
    idle = _percentile(client, 200)
    command = [sys.executable, "-m", "tests.benchmarks.render_once", CASE]
    renders = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    times = []
    while all(render.poll() is None for render in renders):
        times.append(_timed(client))
    for render in renders:
        render.wait()
    busy = statistics.quantiles(times, n=20)[-1]
    print(
        f"other requests' p95 while two reports render ÷ idle\n    ratio {busy / idle:.2f} over"
        f" {len(times)} requests (idle 200)  must ≤ 2, dream ≤ 1.2"
        f"{'  ok' if busy / idle <= 2 else '  NOT REACHED'}\n"
        f"    idle p95 {idle * 1000:.1f} ms, while rendering {busy * 1000:.1f} ms"
    )


def _percentile(client: FlaskClient, requests: int) -> float:
    return statistics.quantiles([_timed(client) for _ in range(requests)], n=20)[-1]


def _timed(client: FlaskClient) -> float:
    start = perf_counter()
    client.get("/today")
    return perf_counter() - start


def main() -> None:
    """Populate once, then measure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    database, settings = populate(FOLDER.resolve())
    with database.reading(INSTALLATION) as session:
        rows = session.execute(text("SELECT count(*) FROM answer_log")).scalar()
    print(f"500 engagements, {rows:,} answers in the log")
    client = browser(application(settings, database), database)
    pages(client)
    saves(client, database)
    while_rendering(client)


if __name__ == "__main__":
    main()
