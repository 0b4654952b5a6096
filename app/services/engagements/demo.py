"""The demo workspace: one consultancy, its people, four clients, a public self-check.

Two clients are the published cases, answered by all their roles; one was diagnosed twice; the
fourth is fresh, so that every empty page can be seen too. The self-check is open, and one lead
came in by it. Loading it again changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.content.answers import read_assessment
from app.domain.response import Assessment
from app.services.accounts.passwords import hashed
from app.services.acting import Acting
from app.services.answers.values import encoded
from app.services.engagements.demo_coaching import DemoDates, coach_demo
from app.services.engagements.demo_portal import confirm_findings, open_demo_portal
from app.services.engagements.demo_rounds import TITLES, rounds_of
from app.services.engagements.importing import import_assessment
from app.services.record.recording import record
from app.services.releases import keep_model, model_of
from app.services.respondents.consenting import keep_text, version_of
from app.services.selfcheck.asking import Asking, ask
from app.services.selfcheck.beginning import LASTS, visitor
from app.services.selfcheck.house import check_house
from app.services.tokens import random_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.doors import member_by_email
from app.store.rows import Client, Consultancy, Engagement, Member, Round, SelfCheck, TeamMember
from app.store.scope import INSTALLATION, ScopedSession
from app.store.types import new_id

MODEL: Final = "private-domain"
PASSWORD: Final = "demo-zhenmai-2026"  # noqa: S105  printed by ./run demo, of no use elsewhere
CONSULTANCY: Final = "示范咨询"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A member of the demo consultancy."""

    email: str
    name: str
    role: str


PEOPLE: Final = (
    DemoPerson("owner@example.com", "林知行", "owner"),
    DemoPerson("consultant@example.com", "周一鸣", "consultant"),
    DemoPerson("viewer@example.com", "许安", "viewer"),
)
CASES: Final = ("case-1-mother-baby.yaml", "case-2-jewellery.yaml")
TITLE: Final = "首次诊断"
FRESH: Final = ("示例鲜果连锁", "水果生鲜连锁", "store-frequent")
SLUG: Final = "demo"
SELF_CHECK: Final = "self-check.yaml"
NOTICE: Final = {
    "zh-Hans": [("示范数据", "这一份自查是虚构的，没有真人填写。")],
    "en": [("Demo data", "This self-check is made up; nobody filled it in.")],
}
CONSENT: Final = version_of(NOTICE)


def load_demo(database: Database, settings: Settings, now: datetime, *, drawn: bool = True) -> bool:
    """Put the demo workspace into an installation; False where it is there already.

    Its coached case has an issued report; ``drawn`` has a worker make the files of it.
    """
    with database.reading(INSTALLATION) as session:
        if member_by_email(session, PEOPLE[0].email) is not None:
            return False
    digest = keep_model(database, settings, MODEL, now)
    model = model_of(database, settings, digest)
    examples = settings.questionnaires / MODEL / "examples"
    cases = [read_assessment((examples / name).read_bytes(), name, model) for name in CASES]
    stranger = read_assessment((examples / SELF_CHECK).read_bytes(), SELF_CHECK, model)
    tenant = new_id()
    dates = DemoDates.before(now.date())
    with database.writing(INSTALLATION) as session:
        session.add(
            Consultancy(
                id=tenant, name=CONSULTANCY, created_at=now, check_slug=SLUG, check_open=True
            )
        )
    with database.writing(tenant) as session:
        members = [_member(session, person, now) for person in PEOPLE]
        session.flush()
        acting = Acting(
            database=database,
            settings=settings,
            tenant=tenant,
            person=members[0].id,
            name=members[0].name,
            role="owner",
            now=now,
        )
        coached = _case(acting, session, members, digest, _coached(cases[0], dates))
        for assessment in cases[1:]:
            _case(acting, session, members, digest, assessment)
        _twice(acting, session, members, digest, rounds_of(cases[1], model, acting.today))
        client = _client(acting, session, *FRESH)
        _engagement(acting, session, client, members, digest)
        check = _self_check(acting, session, digest, stranger)
        record(acting, session, "demo.loaded")
    # Asked as a stranger asks, after the answers are there.
    house = check_house(database, SLUG)
    asking = Asking(stranger.client.name, "陈女士", "微信 mai-xiang-demo", "想先弄清楚缺不缺人。")
    ask(visitor(database, settings, house, check, now, "zh-Hans"), asking, NOTICE, CONSENT)
    confirm_findings(acting, coached, dates.interviewed_on + timedelta(days=4))
    coach_demo(acting, coached, dates, drawn=drawn)
    open_demo_portal(acting, coached)
    return True


def _self_check(acting: Acting, session: ScopedSession, digest: str, stranger: Assessment) -> str:
    """Store what the head of private domain answered in the published self-check."""
    person = stranger.respondents[-1]
    said = {item: given.value for item, given in person.answers.items()}
    told = {part: fact.value for part, fact in stranger.facts.items()}
    # A file names these two beside the facts; a stranger is asked.
    told |= {
        "archetype": stranger.client.archetype or "",
        "city-tier": stranger.client.city_tier or "",
    }
    keep_text(session, NOTICE, CONSENT, acting.now)
    row = SelfCheck(
        id=new_id(),
        token_hash=token_hash(random_token()),
        release_digest=digest,
        role=person.role,
        consent_version=CONSENT,
        answers={
            item: {"kind": "given", "value": encoded(value)}
            for item, value in {**said, **told}.items()
        },
        created_at=acting.now,
        saved_at=acting.now,
        expires_at=acting.now + LASTS,
    )
    session.add(row)
    return row.id


def _coached(case: Assessment, dates: DemoDates) -> Assessment:
    """Return a case that was asked, and whose build began, long enough ago to be coached."""
    controls = dates.controls(case.controls)
    return replace(case, interviewed_on=dates.interviewed_on, controls=controls)


def _member(session: ScopedSession, person: DemoPerson, now: datetime) -> Member:
    row = Member(
        id=new_id(),
        email=person.email,
        name=person.name,
        role=person.role,
        password_hash=hashed(PASSWORD),
        created_at=now,
    )
    session.add(row)
    return row


def _case(
    acting: Acting,
    session: ScopedSession,
    members: list[Member],
    digest: str,
    assessment: Assessment,
) -> str:
    client = _client_of(acting, session, assessment)
    return _answered(acting, session, client, members, digest, assessment).id


def _twice(
    acting: Acting,
    session: ScopedSession,
    members: list[Member],
    digest: str,
    rounds: tuple[Assessment, Assessment],
) -> None:
    """Store a client with two rounds, the second laid beside the first."""
    client = _client_of(acting, session, rounds[0])
    first, second = (
        _answered(acting, session, client, members, digest, one, title)
        for one, title in zip(rounds, TITLES, strict=True)
    )
    # The first round is over and asks for nothing any more.
    first.archived_at = acting.now
    session.add(
        Round(
            engagement_id=second.id,
            earlier_id=first.id,
            given_on=rounds[0].interviewed_on,
            carried=[],
            at=acting.now,
            by=acting.person,
        )
    )


def _client_of(acting: Acting, session: ScopedSession, assessment: Assessment) -> Client:
    profile = assessment.client
    client = _client(acting, session, profile.name, profile.industry, profile.archetype or "")
    client.city_tier = profile.city_tier or ""
    stores = assessment.facts.get("stores")
    client.stores = int(str(stores.value)) if stores else None
    return client


def _answered(
    acting: Acting,
    session: ScopedSession,
    client: Client,
    members: list[Member],
    digest: str,
    assessment: Assessment,
    title: str = TITLE,
) -> Engagement:
    engagement = _engagement(acting, session, client, members, digest, title)
    engagement.interviewed_on = assessment.interviewed_on
    import_assessment(acting, session, engagement, assessment)
    return engagement


def _client(
    acting: Acting, session: ScopedSession, name: str, industry: str, archetype: str
) -> Client:
    row = Client(
        id=new_id(),
        name=name,
        industry=industry,
        archetype=archetype,
        business_model="b2c",
        created_at=acting.now,
        created_by=acting.person,
    )
    session.add(row)
    session.flush()
    return row


def _engagement(
    acting: Acting,
    session: ScopedSession,
    client: Client,
    members: list[Member],
    digest: str,
    title: str = TITLE,
) -> Engagement:
    row = Engagement(
        id=new_id(),
        client_id=client.id,
        title=title,
        release_digest=digest,
        form="full",
        locale="zh-Hans",
        created_at=acting.now,
        created_by=acting.person,
    )
    session.add(row)
    session.flush()
    session.add_all(TeamMember(engagement_id=row.id, member_id=member.id) for member in members)
    session.flush()
    return row
