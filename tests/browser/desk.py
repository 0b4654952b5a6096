"""The consultant who invites people, beside the running site: for the journeys of those invited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.services.acting import Acting
from app.services.invitations.inviting import Invited, invite
from app.services.tokens import derived_token
from app.settings import Settings
from app.store.answers import history_of
from app.store.database import Database
from app.store.doors import member_by_email
from app.store.engagements import list_engagements
from app.store.invitations import invited_responses
from app.store.rows import Invitation, LoggedAnswer
from app.store.scope import INSTALLATION
from tests.browser.site import Site

FRESH = "示例鲜果连锁"


@dataclass(frozen=True, slots=True)
class Desk:
    """The consultant who invites, beside the running site."""

    acting: Acting
    engagement: str
    url: str

    def invite(self, role: str, label: str) -> str:
        """Invite somebody and return the invitation."""
        (invitation,) = invite(self.acting, self.engagement, [Invited(role, label)])
        return invitation

    def link(self, invitation: str, issue: int = 1) -> str:
        """Return the link of an invitation."""
        key, tenant = self.acting.settings.key, self.acting.tenant
        return f"{self.url}/i/{derived_token(key, 'invitation', tenant, invitation, issue)}"

    def change(self, invitation: str, **values: object) -> None:
        """Change columns of an invitation directly."""
        with self.acting.writing() as session:
            row = session.find(Invitation, invitation)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)

    def log(self, invitation: str) -> list[LoggedAnswer]:
        """Return everything that was ever saved behind an invitation, in the order it came."""
        with self.acting.reading() as session:
            found = invited_responses(session, self.engagement).get(invitation)
            return list(history_of(session, found.id)) if found is not None else []


@pytest.fixture(scope="module")
def desk(demo_site: Site) -> Iterator[Desk]:
    """The owner of the demo consultancy at work on the fresh engagement."""
    settings = Settings(data=demo_site.data)
    database = Database(settings.database_url)
    with database.reading(INSTALLATION) as session:
        owner = member_by_email(session, "owner@example.com")
    assert owner is not None
    acting = Acting(
        database, settings, owner.tenant_id, owner.id, owner.name, "owner", datetime.now(UTC)
    )
    with acting.reading() as session:
        found = {client.name: row.id for row, client in list_engagements(session, None)}
    yield Desk(acting, found[FRESH], demo_site.url)
    database.dispose()
