"""The populated installation: its two consultancies, their engagements, who has which session."""

from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask

from app.services.acting import Acting
from app.settings import Settings
from app.store.database import Database
from app.store.rows import Member
from tests.installations import NOW
from tests.people import Tenant
from tests.web.matrix.marks import Mark


@dataclass
class Work:
    """One engagement and what is in it: ids by the name their URL parameter has."""

    mark: Mark
    ids: dict[str, str] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)
    """The invitations by their state."""
    cookies: dict[str, str] = field(default_factory=dict)
    """Tokens of the devices that came by those links."""

    contacts: dict[str, str] = field(default_factory=dict)
    """Tokens of the devices of the client's contacts: boss, store, and one who was shut out."""

    @property
    def inside(self) -> Mark:
        """The mark of what respondents must not see."""
        return replace(self.mark, part="inside")


@dataclass
class House:
    """One consultancy: its people, its two engagements, the sessions of its people."""

    letter: str
    tenant: Tenant
    works: dict[str, Work] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    """A second device of each person, by person."""

    @property
    def mark(self) -> Mark:
        """The mark of what belongs to the consultancy as a whole."""
        return Mark(self.letter)

    def person(self, who: str) -> str:
        """Return the id of a person."""
        return self.ids[f"member:{who}"]


@dataclass
class World:
    """The populated installation."""

    database: Database
    settings: Settings
    app: Flask
    houses: dict[str, House] = field(default_factory=dict)


def acting_in(world: World, house: House, who: str = "owner") -> Acting:
    """Return a person at work."""
    with world.database.reading(house.tenant.id) as session:
        row = session.find(Member, house.person(who))
        assert row is not None
        role: Any = row.role
        return Acting(
            world.database,
            world.settings,
            house.tenant.id,
            row.id,
            row.name,
            role,
            NOW,
            "203.0.113.9",
        )


def guest_of(world: World, house: House, work: Work, state: str) -> Acting:
    """Return somebody who came by one of the links, at work."""
    return Acting(
        world.database, world.settings, house.tenant.id, work.guests[state], "", "respondent", NOW
    )
