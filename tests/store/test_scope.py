"""The wall between tenants holds in the query layer."""

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from app.store.database import Database
from app.store.errors import ScopeError, TakenError
from app.store.rows import Client, Consultancy, Engagement, Member, Release
from app.store.scope import INSTALLATION, walled
from tests.installations import NOW

A, B = "a" * 16, "b" * 16


@pytest.fixture
def two(database: Database) -> Database:
    """Two consultancies with one client each."""
    with database.writing(INSTALLATION) as session:
        for tenant in (A, B):
            session.add(Consultancy(id=tenant, name=tenant, created_at=NOW))
        session.flush()
        for tenant in (A, B):
            session.add(
                Client(
                    tenant_id=tenant,
                    id=tenant[::-1],
                    name=f"client of {tenant}",
                    created_at=NOW,
                    created_by=tenant,
                )
            )
    return database


def test_a_query_without_a_tenant_raises(two: Database) -> None:
    with two.reading(None) as session:
        with pytest.raises(ScopeError):
            session.scalars(select(Client)).all()
        with pytest.raises(ScopeError):
            session.scalars(select(Consultancy).join(Member, Member.tenant_id == Consultancy.id))
        with pytest.raises(ScopeError):
            session.scalar(select(func.count()).select_from(Client))


def test_a_query_finds_the_rows_of_its_tenant_alone(two: Database) -> None:
    with two.reading(A) as session:
        assert [row.tenant_id for row in session.scalars(select(Client))] == [A]
        assert session.scalar(select(func.count()).select_from(Client)) == 1
        other = aliased(Client)
        pairs = session.execute(select(Client.id, other.id).join(other, other.id != Client.id))
        assert pairs.all() == []
        assert session.scalar(select(Client).where(Client.tenant_id == B)) is None
        assert session.scalar(select(select(func.count(Client.id)).scalar_subquery())) == 1


def test_a_query_put_together_once_finds_the_rows_of_whoever_asks(two: Database) -> None:
    kept = walled(select(Client.id).where(Client.name.startswith(bindparam("name"))))
    for tenant in (A, B, A):
        with two.reading(tenant) as session:
            found = session.scalars(kept, {"name": "client", "zhenmai_tenant": B})
            assert found.all() == [tenant]
    with two.reading(None) as session, pytest.raises(ScopeError):
        session.scalars(kept, {"name": "client"})
    # Who asks over all tenants has to do so with a query that was made for it.
    with pytest.raises(StatementError), two.reading(INSTALLATION) as session:
        session.scalars(kept, {"name": "client"}).all()


def test_the_key_of_another_tenants_row_finds_nothing(two: Database) -> None:
    with two.reading(A) as session:
        assert session.find(Client, B) is None
        assert session.get(Client, (B, B)) is None
        assert session.find(Client, A) is not None


def test_updates_and_deletes_stay_in_the_tenant(two: Database) -> None:
    with two.writing(A) as session:
        session.execute(update(Client).values(name="changed"))
    with two.reading(B) as session:
        assert session.scalar(select(Client.name)) == f"client of {B}"


def test_many_rows_named_by_their_keys_are_not_changed_at_once(two: Database) -> None:
    with pytest.raises(ScopeError), two.writing(A) as session:
        session.execute(update(Client), [{"tenant_id": B, "id": B, "name": "changed"}])


def test_statements_on_bare_tables_are_refused(two: Database) -> None:
    with two.reading(A) as session:
        with pytest.raises(ScopeError):
            session.execute(text("SELECT * FROM client"))
        with pytest.raises(ScopeError):
            session.execute(select(Client.__table__))


def test_a_row_for_another_tenant_is_refused(two: Database) -> None:
    row = {"name": "x", "created_at": NOW, "created_by": A, "industry": "", "archetype": ""}
    with pytest.raises(ScopeError), two.writing(A) as session:
        session.add(Client(tenant_id=B, **row))
    with pytest.raises(ScopeError), two.writing(A) as session:
        session.execute(insert(Client), [{**row, "tenant_id": B, "id": "x"}])
    with pytest.raises(ScopeError), two.writing(None) as session:
        session.add(Client(**row))


def test_a_transaction_that_reads_stores_nothing(two: Database) -> None:
    row = Client(name="x", created_at=NOW, created_by=A)
    with two.reading(A) as session:
        session.add(row)
        with pytest.raises(ScopeError):
            session.flush()


def test_a_row_moved_to_another_tenant_is_refused(two: Database) -> None:
    def move() -> None:
        with two.writing(A) as session:
            client = session.find(Client, A)
            assert client is not None
            client.tenant_id = B

    with pytest.raises(ScopeError):
        move()


def test_a_reference_to_another_tenants_row_cannot_be_stored(two: Database) -> None:
    with two.writing(None) as session:
        session.add(Release(digest="d", model="m", version="1", archive=b"", created_at=NOW))
    with pytest.raises(TakenError), two.writing(A) as session:
        session.add(
            Engagement(
                client_id=B,
                title="t",
                release_digest="d",
                form="full",
                locale="en",
                created_at=NOW,
                created_by=A,
            )
        )
