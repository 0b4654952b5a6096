"""Who acts, for whom, when and from where: the first parameter of every use case."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from app.services.errors import NotAllowedError
from app.settings import Settings
from app.store.database import Database
from app.store.scope import ScopedSession

MemberRole: TypeAlias = Literal["owner", "consultant", "viewer"]
ActingRole: TypeAlias = Literal[
    "owner", "consultant", "viewer", "respondent", "client", "visitor", "system"
]


@dataclass(frozen=True, slots=True)
class Acting:
    """One person (or the system) at work in one consultancy at one moment.

    ``person`` is the member's id, for a respondent the id of the invitation, for a client the
    contact's, for a visitor that of the self-check, else empty; ``name`` is what the record prints.
    ``store`` is the one store a store manager of the client sees; empty for everybody else. ``now``
    is the only clock a service reads.
    """

    database: Database
    settings: Settings
    tenant: str
    person: str
    name: str
    role: ActingRole
    now: datetime
    address: str = ""
    zone: str = "Asia/Shanghai"
    locale: str = "zh-Hans"
    store: str = ""

    @property
    def today(self) -> date:
        """Today where the person is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def writes(self) -> bool:
        """Whether the person may change anything that is the consultancy's."""
        return self.role in ("owner", "consultant", "system")

    def reading(self) -> AbstractContextManager[ScopedSession]:
        """Open a transaction that reads in the consultancy."""
        return self.database.reading(self.tenant)

    def writing(self) -> AbstractContextManager[ScopedSession]:
        """Open a transaction that writes in the consultancy."""
        return self.database.writing(self.tenant)

    def must_write(self) -> None:
        """Raise ``NotAllowedError`` for people who only look."""
        if not self.writes:
            raise NotAllowedError

    def must_see_all(self) -> None:
        """Raise ``NotAllowedError`` for a client's store managers, who see their store alone."""
        if self.role == "client" and self.store:
            raise NotAllowedError

    def must_own(self) -> None:
        """Raise ``NotAllowedError`` for anybody but owners."""
        if self.role not in ("owner", "system"):
            raise NotAllowedError
