"""A client with a shared report and contacts in its portal, for tests."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import pytest
from flask.testing import FlaskClient

from app.services.acting import Acting
from app.services.diagnosis.deciding import Words, decide, undecided
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.portal.contacts import ContactRole, ContactWords, invite_contact
from app.services.portal.entering import enter_portal
from app.services.portal.sessions import ContactIn, resume_contact
from app.services.portal.sharing import share_report
from app.services.reports.register import request_report
from app.web.principal import CONTACT_COOKIE
from tests.accounts import Postbox, caller
from tests.installations import NOW
from tests.kitchens import LOCALE, add_kitchen, draw_quickly, work
from tests.people import Installed

BOSS: Final = "boss@riverside.example"


@dataclass
class Clientele:
    """An engagement with a portal, and the mailbox of everybody in it."""

    installed: Installed
    engagement: str
    post: Postbox

    def consultant(self, now: datetime = NOW) -> Acting:
        """Return the consultant on the team at work."""
        return self.installed.acting("consultant", now=now)

    def invite(self, email: str = BOSS, role: ContactRole = "boss", store: str = "") -> str:
        """Invite a contact and return its id."""
        words = ContactWords("周老板", email, role, store)
        return invite_contact(self.consultant(), self.engagement, words)

    def enter(self, now: datetime = NOW, brought: str = "") -> str:
        """Enter by the newest link in the mail; return the device's token."""
        _path, token = self.post.newest_link(now)
        return enter_portal(caller(self.installed, now), token, brought)

    def who(self, device: str, now: datetime = NOW) -> ContactIn | None:
        """Return who holds a device's token at a moment."""
        database, settings = self.installed.database, self.installed.settings
        return resume_contact(database, settings, device, now, "203.0.113.5", "")

    def contact(
        self, email: str = BOSS, role: ContactRole = "boss", store: str = "", now: datetime = NOW
    ) -> Acting:
        """Invite a contact, let it in, and return it at work."""
        self.invite(email, role, store)
        found = self.who(self.enter())
        assert found is not None
        return replace(found.acting, now=now)

    def browser(self, device: str) -> FlaskClient:
        """Return a browser in the portal."""
        client = self.installed.app.test_client()
        client.set_cookie(CONTACT_COOKIE, device, domain="127.0.0.1")
        return client

    def accept(self, number: int = 1) -> list[str]:
        """Confirm the most urgent findings nobody decided upon; return their rules."""
        who = self.consultant()
        found = undecided(current_diagnosis(who, self.engagement).diagnosis)[:number]
        for finding in found:
            decide(who, self.engagement, finding.rule.id, Words("accepted"), 0)
        return [finding.rule.id for finding in found]

    def issue(self) -> str:
        """Issue a report, drawn at once; return its id."""
        who = self.consultant()
        report = request_report(who, self.engagement, LOCALE).report
        work(who)
        return report

    def share(self) -> str:
        """Issue a report and share it; return its id."""
        report = self.issue()
        share_report(self.consultant(), self.engagement, report)
        return report


@pytest.fixture
def clientele(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Clientele:
    """A kitchen under diagnosis whose consultant opens a portal; reports are drawn at once."""
    draw_quickly(monkeypatch)
    return Clientele(installed, add_kitchen(installed), Postbox(installed))
