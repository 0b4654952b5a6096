"""A company under diagnosis, people invited to answer, and their phones, for tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.response import AnswerValue
from app.forms.answer_input import AnswerInput
from app.services.accounts.sessions import resume_respondent
from app.services.acting import Acting
from app.services.answers.assembling import FACTS
from app.services.answers.saving import Typed
from app.services.callers import Caller
from app.services.interviews.interviewing import open_sheet
from app.services.invitations.inviting import Invited, invite, reissue
from app.services.releases import keep_model
from app.services.respondents.consenting import Document, agree, version_of
from app.services.respondents.entering import enter
from app.services.respondents.responding import save_page
from app.services.tokens import derived_token
from app.store.answers import current_answers
from app.store.rows import AuditEvent, Client, Engagement, Invitation, Response, TeamMember
from app.web.principal import RESPONDENT_COOKIE
from tests.installations import NOW
from tests.kitchens import keep_kitchen
from tests.people import Installed, Tenant

CLIENT: Final = "河畔厨房"
ENGAGEMENT: Final = "e" * 16
_HIDDEN: Final = re.compile(r'name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Company:
    """An engagement of a consultancy with people to invite."""

    installed: Installed
    tenant: Tenant
    engagement: str

    def acting(self, who: str = "consultant") -> Acting:
        """Return a member at work."""
        return self.installed.acting(who, self.tenant)

    def invite(self, role: str = "chef", label: str = "") -> str:
        """Invite somebody and return the invitation."""
        (invitation,) = invite(self.acting(), self.engagement, [Invited(role, label)])
        return invitation

    def invite_many(self, count: int, role: str = "cook") -> tuple[str, ...]:
        """Invite several people of one role."""
        people = [Invited(role, str(number)) for number in range(count)]
        return invite(self.acting(), self.engagement, people)

    def reissue(self, invitation: str) -> None:
        """Replace a link."""
        reissue(self.acting(), self.engagement, [invitation])

    def token(self, invitation: str, issue: int = 1) -> str:
        """Return the token of an invitation's link."""
        key = self.installed.settings.key
        return derived_token(key, "invitation", self.tenant.id, invitation, issue)

    def link(self, invitation: str, issue: int = 1) -> str:
        """Return the path of an invitation's link."""
        return f"/i/{self.token(invitation, issue)}"

    def respondent(self, invitation: str, now: datetime = NOW, locale: str = "zh-Hans") -> Acting:
        """Return the invited person at work, on a device of their own."""
        device = enter(self.caller(now), self.token(invitation))
        database, settings = self.installed.database, self.installed.settings
        found = resume_respondent(database, settings, device, now, "203.0.113.7", locale)
        assert found is not None
        return found.acting

    def caller(self, now: datetime = NOW) -> Caller:
        """Return somebody at the door."""
        return Caller(self.installed.database, self.installed.settings, now, "203.0.113.7")

    def row(self, invitation: str) -> Invitation:
        """Return the row of an invitation as it is now."""
        with self.installed.database.reading(self.tenant.id) as session:
            row = session.find(Invitation, invitation)
        assert row is not None
        return row

    def response(self, invitation: str) -> Response | None:
        """Return the row of the answers of an invitation, None before consent."""
        with self.installed.database.reading(self.tenant.id) as session:
            query = select(Response).where(Response.invitation_id == invitation)
            return session.scalars(query).first()

    def put_away(self) -> None:
        """Archive the engagement."""
        with self.installed.database.writing(self.tenant.id) as session:
            row = session.find(Engagement, self.engagement)
            assert row is not None
            row.archived_at = NOW

    def change(self, invitation: str, **values: object) -> None:
        """Change columns of an invitation directly."""
        with self.installed.database.writing(self.tenant.id) as session:
            row = session.find(Invitation, invitation)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)


def company(
    installed: Installed, tenant: Tenant | None = None, mark: str = "", model: str = ""
) -> Company:
    """Store a kitchen under diagnosis; ``mark`` (one letter) where there are several.

    A chef is asked five questions, then two, then three figures of two facts. ``model`` is one the
    installation offers instead.
    """
    tenant = tenant or installed.first
    acting = installed.acting("owner", tenant)
    if model:
        digest = keep_model(installed.database, installed.settings, model, NOW)
    else:
        digest = keep_kitchen(installed.database)
    engagement = (mark or ENGAGEMENT[0]) * 16
    client = f"c{engagement[1:]}"
    with acting.writing() as session:
        session.add(Client(id=client, name=CLIENT, created_at=NOW, created_by=acting.person))
        session.flush()
        session.add(
            Engagement(
                id=engagement,
                client_id=client,
                title="首次诊断",
                release_digest=digest,
                form="full",
                locale="zh-Hans",
                created_at=NOW,
                created_by=acting.person,
            )
        )
        session.flush()
        session.add_all(
            TeamMember(engagement_id=engagement, member_id=tenant.people[who].id)
            for who in ("consultant", "viewer")
        )
    return Company(installed, tenant, engagement)


@dataclass(frozen=True, slots=True)
class Phone:
    """A respondent's browser without scripts."""

    client: FlaskClient

    @property
    def device(self) -> str:
        """The token in the cookie; empty where there is none."""
        found = self.client.get_cookie(RESPONDENT_COOKIE, domain="127.0.0.1")
        return found.value if found is not None else ""

    def carry(self, token: str) -> None:
        """Bring a token along, as another tab of the same browser does."""
        self.client.set_cookie(RESPONDENT_COOKIE, token, domain="127.0.0.1")

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, data: Mapping[str, object] | None = None) -> TestResponse:
        """Press a button."""
        return self.client.post(path, data=dict(data or {}))

    def token(self, path: str) -> str:
        """Return the form token of a page."""
        return hidden(self.get(path))["csrf_token"]

    def open(self, link: str) -> TestResponse:
        """Open a link and press its button."""
        self.get(link)
        return self.post(link)

    def agree(self) -> TestResponse:
        """Agree to the notice."""
        version = hidden(self.get("/answer"))["version"]
        return self.post("/answer/consent", {"version": version})

    def fields(self, number: int) -> dict[str, object]:
        """Return what an untouched screen sends."""
        return form_in(self.get(f"/answer/{number}"))

    def answer(self, number: int, given: Mapping[str, object], to: str = "next") -> TestResponse:
        """Fill a screen in and send it; ``given`` by item id, a level, words, or a list."""
        values = {f"{name_of(item)}_value": value for item, value in given.items()}
        return self.post(f"/answer/{number}", {**self.fields(number), **values, "to": to})


def name_of(item: str) -> str:
    """Return what the inputs of a question are named after; those of a fact begin with f-."""
    return item if item.startswith("f-") else f"q-{item}"


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the names and values of the inputs of a page whose value stands right behind."""
    found = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page.text):
        match = _HIDDEN.search(tag)
        assert match is not None
        found[match[1]] = match[2]
    return found


def phone(installed: Installed) -> Phone:
    """Return a phone nobody has opened anything on."""
    return Phone(installed.browser(None))


def form_in(page: TestResponse) -> dict[str, object]:
    """Return what the questions of a page would send as they stand."""
    read = _FormReader()
    read.feed(page.text)
    return {name: values for name, values in read.found.items() if name not in _NOT_ASKED}


_NOT_ASKED: Final = ("csrf_token", "here", "version")


class _FormReader(HTMLParser):
    """Collects names and values as a browser does: ticked boxes, typed words, hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "textarea":
            self._words = name
            self.found[name] = [""]
        elif tag == "input" and ("checked" in told or told["type"] in ("hidden", "text")):
            self.found.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._words = ""

    def handle_data(self, data: str) -> None:
        if self._words:
            self.found[self._words][0] += data


def answering(company: Company, invitation: str) -> Phone:
    """Return a phone on which the link was opened and the notice agreed to."""
    found = phone(company.installed)
    found.open(company.link(invitation))
    found.agree()
    return found


# -- without a browser ---------------------------------------------------------------------------

DOCUMENT: Final[Document] = {"zh-Hans": [("谁在问", "我们")], "en": [("Who asks", "We do")]}
"""A short text to agree to."""


def consented(company: Company, invitation: str, now: datetime = NOW) -> Acting:
    """Return the invited person at work, who has agreed."""
    who = company.respondent(invitation, now)
    agree(who, DOCUMENT, version_of(DOCUMENT))
    return who


def saved(
    who: Acting,
    number: int,
    item: str,
    value: AnswerValue | None,
    *,
    base: int = 0,
    key: str = "a" * 24,
    note: str = "",
) -> None:
    """Save one answer of a page; None is "don't know"."""
    given = AnswerInput(value=value, unknown=value is None, note=note)
    kept = save_page(who, number, [Typed(item, given, base)], key)
    assert kept.overtaken == {}


def standing(company: Company, response: str) -> dict[str, object]:
    """Return the values that stand in a response; "don't know" is None."""
    with company.installed.database.reading(company.tenant.id) as session:
        rows = current_answers(session, [response])
        return {row.item: row.value for row in rows if row.kind != "cleared"}


def facts_sheet(company: Company) -> str:
    """Return the id of the engagement's sheet of facts, begun where there was none."""
    return open_sheet(company.acting(), company.engagement, FACTS)


def events(company: Company, action: str) -> list[AuditEvent]:
    """Return the lines of the record that say somebody did this."""
    with company.installed.database.reading(company.tenant.id) as session:
        query = select(AuditEvent).where(AuditEvent.action == action)
        return list(session.scalars(query.order_by(AuditEvent.number)))
