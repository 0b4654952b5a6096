"""The client's side of the demo's coached case: contacts, a shared report, talk about a finding.

Nobody is written to; whoever wants to look asks for a link at the portal's door.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.diagnosis.deciding import accept_rest, undecided
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.portal.findings import client_findings
from app.store.reports import reports_of
from app.store.rows import Contact, ContactAccess, FindingComment, SharedReport
from app.store.types import new_id

CONFIRMED: Final = 8
"""Findings the demo's consultant has confirmed before the report."""
_NOON: Final = time(4, tzinfo=UTC)
"""Noon in Shanghai."""
_COMMENT: Final = "这一条我们有不同看法：总部已经发过通知，是不是门店没有收到？"
_ASKS: Final = "这条要全部门店一起做吗？先在四家试点店做，人手够；全铺开我们排不出人。"
_ANSWER: Final = "通知我们看到了，四家店里有两家说没收到。周会上一起对一下，下一版按核对的结果写。"


@dataclass(frozen=True, slots=True)
class DemoContact:
    """Somebody of the demo's client."""

    email: str
    name: str
    role: str
    store: str = ""


CONTACTS: Final = (
    DemoContact("boss@example.com", "陈岚", "boss"),
    DemoContact("store@example.com", "吴桐", "store", "人民路店"),
)


def confirm_findings(acting: Acting, engagement: str, day: date) -> None:
    """Confirm the most urgent findings of the case on a day before its report is issued."""
    acting = replace(acting, now=datetime.combine(day, _NOON))
    found = undecided(current_diagnosis(acting, engagement).diagnosis)
    accept_rest(acting, engagement, [finding.rule.id for finding in found[:CONFIRMED]])


def open_demo_portal(acting: Acting, engagement: str) -> None:
    """Let the contacts in, share the report, and have a finding talked about."""
    with acting.writing() as session:
        client = open_engagement(acting, session, engagement).client.id
        contacts = [
            Contact(
                id=new_id(),
                client_id=client,
                name=one.name,
                email=one.email,
                role=one.role,
                store=one.store,
                created_at=acting.now,
                created_by=acting.person,
            )
            for one in CONTACTS
        ]
        session.add_all(contacts)
        session.flush()
        session.add_all(
            ContactAccess(
                engagement_id=engagement,
                contact_id=one.id,
                created_at=acting.now,
                created_by=acting.person,
            )
            for one in contacts
        )
        # Its files are drawn once a worker runs; until then it is read on the screen.
        report, _name = reports_of(session, engagement)[0]
        session.add(
            SharedReport(
                report_id=report.id,
                engagement_id=engagement,
                shared_at=acting.now,
                shared_by=acting.person,
            )
        )
        boss = contacts[0]
    who = replace(acting, person=boss.id, name=boss.name, role="client")
    confirmed = client_findings(who, engagement).findings
    if not confirmed:
        return
    with acting.writing() as session:
        for number, (speaker, said) in enumerate(((who, _COMMENT), (acting, _ANSWER)), start=1):
            session.add(_comment(speaker, engagement, confirmed[0].rule, number, said))
        # One waits for its answer, so that the day's overview has something to tell.
        session.add(_comment(who, engagement, confirmed[-1].rule, 1, _ASKS))


def _comment(speaker: Acting, engagement: str, rule: str, number: int, said: str) -> FindingComment:
    is_contact = speaker.role == "client"
    return FindingComment(
        engagement_id=engagement,
        rule=rule,
        number=number,
        member_id=None if is_contact else speaker.person,
        contact_id=speaker.person if is_contact else None,
        author=speaker.name,
        said=said,
        at=speaker.now,
    )
