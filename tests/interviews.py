"""What tests of interviews share: a kitchen to interview in, saves, and many at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from app.services.acting import Acting
from app.services.answers.saving import Outcome, Said, save_said
from app.services.interviews.interviewing import begin_interview, interview_board
from app.store.answers import history_of
from app.store.rows import AuditEvent, LoggedAnswer
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed

T = TypeVar("T")


@dataclass(frozen=True)
class Kitchen:
    """An engagement nobody has answered in, with a consultant and a colleague on its team."""

    installed: Installed
    engagement: str = ENGAGEMENT

    def acting(self, who: str = "consultant", after: timedelta = timedelta(0)) -> Acting:
        """Return a person at work, ``after`` the moment tests begin at."""
        return self.installed.acting(who, now=NOW + after)

    def begin(self, role: str = "chef", label: str = "", who: str = "consultant") -> str:
        """Begin an interview."""
        return begin_interview(self.acting(who), self.engagement, role, label)

    def facts(self) -> str:
        """Return the id of the sheet of facts."""
        sheet = interview_board(self.acting(), self.engagement).facts
        assert sheet is not None
        return sheet.id

    def save(
        self,
        response: str,
        item: str,
        value: object,
        base: int = 0,
        key: str = "",
        *,
        who: str = "consultant",
        after: timedelta = timedelta(0),
        evidence: object = None,
        note: object = "",
    ) -> Outcome:
        """Save one answer."""
        said = Said(item, value, evidence, note)
        key = key or f"{who}-{item}-{base}-{value}"[:64].replace("%", "_")
        return save_said(self.acting(who, after), self.engagement, response, said, base, key)

    def log(self, response: str, item: str | None = None) -> Sequence[LoggedAnswer]:
        """Return everything ever saved in a response."""
        with self.acting().reading() as session:
            return history_of(session, response, item)

    def actions(self) -> list[str]:
        """Return what the record says was done, oldest first."""
        with self.acting().reading() as session:
            rows = session.query(AuditEvent).order_by(AuditEvent.number)
            return [row.action for row in rows]


def kitchen(installed: Installed, *, answered: bool = False) -> Kitchen:
    """Return a kitchen, answered as in the published example or not at all."""
    add_kitchen(installed, answered=answered, team=("consultant", "colleague"))
    return Kitchen(installed)


def at_once(times: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Do something several times at once; return what each came to."""

    def one(number: int) -> T | Exception:
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def later(minutes: int) -> datetime:
    """Return the moment so many minutes after tests begin."""
    return NOW + timedelta(minutes=minutes)
