"""A consultancy as large as the web has to stay fast with: 500 engagements, a million answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from app.services.releases import keep_model, model_of
from app.settings import Settings
from app.store.database import Database
from app.store.migrating import migrate
from app.store.rows import (
    Client,
    Consultancy,
    CurrentAnswer,
    Engagement,
    EngagementProgress,
    LoggedAnswer,
    Member,
    Response,
    TeamMember,
)

KEY: Final = "a benchmark's key, long enough to be one"
BARE_FOLDER: Final = "ZHENMAI_BENCH_BARE"
"""The variable that tells the bare application where its database goes."""
TENANT: Final = "c" * 16
OWNER: Final = "d" * 16
CLIENTS: Final = 50
PER_CLIENT: Final = 10
ANSWERS: Final = 1_000_000
ROLES: Final = ("ceo", "regional-head", "private-domain-head", "operations", "store", "content")


def engagement_id(number: int) -> str:
    """Return the id of the n-th engagement."""
    return f"e{number:015d}"


def populate(folder: Path) -> tuple[Database, Settings]:
    """Make the installation in ``folder`` once; a second call opens what is there."""
    settings = Settings(data=folder, secret_key=KEY)
    database = Database(settings.database_url)
    done = folder / "populated"
    if done.exists():
        return database, settings
    migrate(database)
    now = datetime.now(UTC)
    digest = keep_model(database, settings, "private-domain", now)
    questions = list(model_of(database, settings, digest).questions)
    with database.engine.execution_options(zhenmai_writes=True).begin() as connection:
        for table, rows in _rows(digest, questions, now):
            connection.execute(insert(table), rows)
    done.touch()
    return database, settings


def _rows(
    digest: str, questions: list[str], now: datetime
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    made = {"tenant_id": TENANT, "created_at": now, "created_by": OWNER}
    yield Consultancy, [{"id": TENANT, "name": "大所", "created_at": now}]
    yield (
        Member,
        [
            {
                "tenant_id": TENANT,
                "id": OWNER,
                "email": "owner@example.com",
                "name": "所有者",
                "role": "owner",
                "password_hash": "!",
                "created_at": now,
            }
        ],
    )
    yield Client, [{**made, "id": f"k{n:015d}", "name": f"客户{n}"} for n in range(CLIENTS)]
    numbers = range(CLIENTS * PER_CLIENT)
    yield (
        Engagement,
        [
            {
                **made,
                "id": engagement_id(n),
                "client_id": f"k{n // PER_CLIENT:015d}",
                "title": f"第{n % PER_CLIENT + 1}次诊断",
                "release_digest": digest,
                "form": "full",
                "locale": "zh-Hans",
                "created_at": now - timedelta(hours=n),
            }
            for n in numbers
        ],
    )
    yield (
        EngagementProgress,
        [{"tenant_id": TENANT, "engagement_id": engagement_id(n)} for n in numbers],
    )
    yield (
        TeamMember,
        [
            {"tenant_id": TENANT, "engagement_id": engagement_id(n), "member_id": OWNER}
            for n in numbers
        ],
    )
    people = -(-ANSWERS // (len(numbers) * len(questions)))
    for n in numbers:
        yield from _answers(n, people, digest, questions, made, now)


def _answers(
    n: int, people: int, digest: str, questions: list[str], made: dict[str, Any], now: datetime
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    responses = [f"r{n:09d}{person:06d}" for person in range(people)]
    yield (
        Response,
        [
            {
                **made,
                "id": response,
                "engagement_id": engagement_id(n),
                "kind": "interview",
                "role": ROLES[place % len(ROLES)],
                "label": f"第{place}位",
                "release_digest": digest,
                "saved_at": now,
            }
            for place, response in enumerate(responses)
        ],
    )
    answers = [
        {
            "tenant_id": TENANT,
            "response_id": response,
            "item": question,
            "revision": 1,
            "kind": "unknown",
            "value": None,
            "at": now,
            "actor": OWNER,
        }
        for response in responses
        for question in questions
    ]
    yield CurrentAnswer, answers
    yield (
        LoggedAnswer,
        [
            {**row, "base": 0, "key": f"{row['item']}"[:64], "digest": "0" * 64, "standing": True}
            for row in answers
        ],
    )
