"""Somebody at the door: what is known of a request before it is known who sends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from app.services.acting import Acting, ActingRole
from app.settings import Settings
from app.store.database import Database
from app.store.rows import Member


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller nobody knows yet, or who is about to become somebody else."""

    database: Database
    settings: Settings
    now: datetime
    address: str = ""
    user_agent: str = ""

    def acting_as(self, member: Member) -> Acting:
        """Return a member at work; for callers who have just shown that they are it."""
        return Acting(
            database=self.database,
            settings=self.settings,
            tenant=member.tenant_id,
            person=member.id,
            name=member.name,
            role=cast(ActingRole, member.role),
            now=self.now,
            address=self.address,
            zone=member.zone,
            locale=member.locale,
        )
