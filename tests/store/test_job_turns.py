"""Whose job is next: a flood of one consultancy never keeps another waiting."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.store.database import Database
from app.store.jobs import claim, next_jobs, queue_positions
from app.store.rows import Consultancy, Job
from app.store.scope import INSTALLATION
from tests.installations import NOW

A, B, C = "a" * 16, "b" * 16, "c" * 16
LEASE = timedelta(seconds=45)
FLOOD = 300


@pytest.fixture
def three(database: Database) -> Database:
    """Three consultancies without jobs."""
    with database.writing(INSTALLATION) as session:
        session.add_all(Consultancy(id=one, name=one, created_at=NOW) for one in (A, B, C))
    return database


def ask(database: Database, tenant: str, count: int, second: int = 0) -> None:
    """Have jobs wait since a second after now."""
    with database.writing(tenant) as session:
        session.add_all(
            Job(
                id=f"{tenant[0]}{second:05}{place:010}",
                kind="report",
                subject=f"{place:016}",
                input_hash="0" * 64,
                created_at=NOW + timedelta(seconds=second, microseconds=place),
                created_by=tenant,
            )
            for place in range(count)
        )


def take(database: Database, second: int) -> str:
    """Take the next job as a worker does; return whose it is."""
    now = NOW + timedelta(seconds=second)
    with database.reading(INSTALLATION) as session:
        tenant, job = next_jobs(session, now)[0]
    with database.writing(tenant) as session:
        assert claim(session, job, "w", now, LEASE) is not None
    return tenant


def end(database: Database) -> None:
    """Have everything at work be done."""
    with database.writing(INSTALLATION) as session:
        for row in session.scalars(select(Job).where(Job.state == "running")):
            row.state = "done"


def test_a_flood_of_one_tenant_keeps_nobody_else_waiting(three: Database) -> None:
    ask(three, A, FLOOD)
    assert take(three, 1) == A
    ask(three, B, 2, second=2)
    ask(three, C, 1, second=3)
    served = []
    for second in range(4, 10):
        end(three)
        served.append(take(three, second))
    # What the others asked for after the flood is taken as soon as one job of it has ended.
    assert served == [B, C, A, B, A, A]


def test_jobs_of_one_tenant_keep_their_order(three: Database) -> None:
    ask(three, A, 3)
    with three.reading(INSTALLATION) as session:
        jobs = [job for _tenant, job in next_jobs(session, NOW)]
    assert jobs == sorted(jobs)


def test_two_workers_serve_two_tenants_at_once(three: Database) -> None:
    ask(three, A, FLOOD)
    ask(three, B, 1, second=1)
    assert {take(three, 2), take(three, 3)} == {A, B}


def test_the_place_in_the_queue_is_that_of_the_turns(three: Database) -> None:
    ask(three, A, FLOOD)
    taken = take(three, 1)
    assert taken == A
    ask(three, B, 2, second=2)
    now = NOW + timedelta(seconds=3)
    with three.reading(INSTALLATION) as session:
        first, second = (f"b00002{place:010}" for place in range(2))
        # One at work, then B's first, then A's and B's second.
        at_work = "a00000" + "0" * 10
        found = queue_positions(session, [first, second, at_work], now)
        assert found == {first: 1, second: 3}, "what is at work waits for nothing"


def test_a_job_whose_lease_ran_out_is_taken_again(three: Database) -> None:
    ask(three, A, 1)
    assert take(three, 1) == A
    with three.reading(INSTALLATION) as session:
        assert next_jobs(session, NOW + timedelta(seconds=30)) == []
    assert take(three, 60) == A
