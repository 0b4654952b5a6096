"""Consultancies, their people and signed-in browsers, for tests of services and screens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app.services.accounts import passwords
from app.services.accounts.sessions import open_device
from app.services.acting import Acting, ActingRole
from app.settings import Settings
from app.store.database import Database
from app.store.rows import Consultancy, Member
from app.store.scope import INSTALLATION
from app.web.principal import MEMBER_COOKIE
from tests.applications import LENDER
from tests.installations import NOW

SECRET: Final = "a key that only tests use, long enough"
UNUSABLE: Final = "!"
"""A password hash nothing matches; tests that sign in by password make a real one."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a consultancy."""

    id: str
    name: str
    role: ActingRole
    email: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """A consultancy with an owner, two consultants and a viewer."""

    id: str
    name: str
    people: dict[str, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Installed:
    """An installation with two consultancies, and everything to act in it.

    ``ready`` is its application where a test has made one of its own.
    """

    database: Database
    settings: Settings
    first: Tenant
    second: Tenant
    ready: Flask | None = None

    @cached_property
    def app(self) -> Flask:
        """The application, lent when it is first asked for: services are tested without one."""
        return self.ready or LENDER.lend(self.settings, self.database)

    def close(self) -> None:
        """Give the application back, where one was asked for; there are no more requests."""
        if "app" in self.__dict__ and self.ready is None:
            LENDER.take_back(self.__dict__.pop("app"))

    def acting(
        self, who: str = "owner", tenant: Tenant | None = None, now: datetime = NOW
    ) -> Acting:
        """Return a person at work: owner, consultant, colleague (a second consultant), viewer."""
        tenant = tenant or self.first
        person = tenant.people[who]
        return Acting(
            database=self.database,
            settings=self.settings,
            tenant=tenant.id,
            person=person.id,
            name=person.name,
            role=person.role,
            now=now,
        )

    def browser(self, who: str | None = "owner", tenant: Tenant | None = None) -> FlaskClient:
        """Return a browser without scripts, signed in as a person; None is nobody."""
        client = self.app.test_client()
        if who is not None:
            tenant = tenant or self.first
            with self.database.writing(tenant.id) as session:
                from_real_clock = datetime.now(NOW.tzinfo)
                person = tenant.people[who]
                token = open_device(session, person.id, from_real_clock, "127.0.0.1", "test")
            client.set_cookie(MEMBER_COOKIE, token, domain="127.0.0.1")
        return client


PEOPLE: Final[dict[str, ActingRole]] = {
    "owner": "owner",
    "consultant": "consultant",
    "colleague": "consultant",
    "viewer": "viewer",
}


def tenant_of(name: str, mark: str) -> Tenant:
    """Return a consultancy with its people, as they are stored; ids begin with ``mark``."""
    tenant = Tenant(f"{mark}0".ljust(16, "0"), name)
    for place, (who, role) in enumerate(PEOPLE.items(), start=1):
        tenant.people[who] = Person(
            f"{mark}{place}".ljust(16, "0"), f"{name}{who}", role, f"{who}@{mark}.example"
        )
    return tenant


def add_tenant(database: Database, name: str, mark: str) -> Tenant:
    """Store a consultancy with its people; ids begin with ``mark``, so that leaks show."""
    tenant = tenant_of(name, mark)
    with database.writing(INSTALLATION) as session:
        session.add(Consultancy(id=tenant.id, name=name, created_at=NOW))
        session.flush()
        for person in tenant.people.values():
            session.add(
                Member(
                    tenant_id=tenant.id,
                    id=person.id,
                    email=person.email,
                    name=person.name,
                    role=person.role,
                    password_hash=UNUSABLE,
                    created_at=NOW,
                )
            )
    return tenant


def quick_hasher() -> PasswordHasher:
    """Return a hasher that costs nearly nothing, as tests hash often and keep no secrets."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def install(database: Database, data: Path) -> Installed:
    """Return an installation with two consultancies on a migrated database without any."""
    settings = Settings(data=data, secret_key=SECRET, mail="file")
    return Installed(
        database,
        settings,
        add_tenant(database, "衡石咨询", "a"),
        add_tenant(database, "观澜顾问", "b"),
    )


@pytest.fixture
def installed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installed]:
    """An installation with two consultancies; forms need no token unless a test turns it on."""
    monkeypatch.setattr(passwords, "hasher", quick_hasher())
    found = install(database, tmp_path / "data")
    yield found
    found.close()
