"""One engagement with everything an engagement can hold, each text marked with its owner."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, FactValue, FindingDecision, Respondent
from app.forms.factory import input_name
from app.services.acting import Acting
from app.services.answers.answering import Given, keep_answer
from app.services.coaching.actuals import enter_actuals
from app.services.coaching.gates import hold_review
from app.services.coaching.stores import add_stores, stores_of
from app.services.coaching.tasks import settle_task, tasks_of
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.importing import import_assessment
from app.services.engagements.undertaking import engagement_view
from app.services.files import file_store
from app.services.interviews.questioning import open_interview
from app.services.invitations.inviting import Invited, invite
from app.services.portfolio.consenting import set_consent
from app.services.pulse.posters import make_poster, poster_of, replace_poster
from app.services.record.recording import record
from app.services.reports.register import request_report
from app.services.respondents.consenting import agree, version_of
from app.services.respondents.responding import open_questionnaire
from app.services.tokens import derived_token, random_token, token_hash
from app.store.answers import current_answers, responses_of
from app.store.invitations import invited_responses
from app.store.rows import (
    Attachment,
    Client,
    DecidedFinding,
    Engagement,
    Invitation,
    Job,
    Presence,
    Report,
    ReportFile,
    RespondentSession,
    Response,
    TeamMember,
)
from app.store.types import new_id
from tests.installations import NOW
from tests.web.matrix.contacts import add_portal
from tests.web.matrix.marks import Mark
from tests.web.matrix.world import House, Work, World, acting_in, guest_of

BEGUN: Final = ("open", "second", "done")
GUESTS: Final = ("open", "second", "expired", "revoked", "done", "new")
PICTURE: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540000000004945"
    "4e44ae426082"
)
"""One transparent pixel."""


def add_work(
    world: World, house: House, name: str, model: MaturityModel, digest: str, case: Assessment
) -> Work:
    """Store an engagement of a house, marked, and return what is where in it."""
    work = Work(Mark(house.letter, name))
    owner = acting_in(world, house)
    marked = _marked(case, model, str(work.inside))
    with world.database.writing(house.tenant.id) as session:
        engagement = _begun(owner, session, work, digest, marked)
        import_assessment(owner, session, engagement, marked)
        team = (
            ("owner", "consultant", "viewer", "half", "disabled") if name == "mine" else ("owner",)
        )
        session.add_all(
            TeamMember(engagement_id=engagement.id, member_id=house.person(who)) for who in team
        )
    _responses(world, house, work)
    _guests(world, house, work, model)
    _poster(world, house, work)
    _words(world, house, work)
    _decisions(world, house, work)
    _reports(world, house, work)
    _coached(world, house, work)
    add_portal(world, house, work)
    for who in ("owner", "consultant"):
        # What is computed on the way is stored now, so that looking changes nothing later.
        if who in team:
            engagement_view(acting_in(world, house, who), engagement.id)
    return work


def _begun(owner: Acting, session: Any, work: Work, digest: str, case: Assessment) -> Engagement:
    mark = str(work.mark)
    client = Client(
        id=new_id(),
        name=f"{mark} client",
        industry=f"{mark} industry",
        archetype=case.client.archetype or "",
        business_model="b2c",
        city_tier=case.client.city_tier or "",
        contact=f"{work.inside} contact",
        note=f"{work.inside} note",
        created_at=NOW,
        created_by=owner.person,
    )
    session.add(client)
    session.flush()
    engagement = Engagement(
        id=new_id(),
        client_id=client.id,
        title=f"{mark} title",
        release_digest=digest,
        form="full",
        locale="zh-Hans",
        interviewed_on=case.interviewed_on,
        created_at=NOW,
        created_by=owner.person,
    )
    session.add(engagement)
    session.flush()
    work.ids |= {"client": client.id, "engagement": engagement.id}
    record(owner, session, "engagement.created", "engagement", engagement.id, engagement.id,
           title=f"{work.inside} title")  # fmt: skip
    return engagement


def _marked(case: Assessment, model: MaturityModel, mark: str) -> Assessment:
    """Return a case whose every free text is a mark: no word of it belongs to a language."""

    def answer(item: str, given: Answer) -> Answer:
        question = model.questions[item]
        value = f"{mark} {item}" if question.type == "text" else given.value
        return replace(given, value=value, note=mark if given.note else "", quote=mark)

    people = tuple(
        Respondent(
            person.role,
            f"{mark} {place}",
            {item: answer(item, given) for item, given in person.answers.items()},
        )
        for place, person in enumerate(case.respondents)
    )
    facts = {
        part: FactValue(fact.value, fact.evidence, mark if fact.note else "")
        for part, fact in case.facts.items()
    }
    settled = {item: replace(ruling, reason=mark) for item, ruling in case.adjudications.items()}
    return replace(case, respondents=people, facts=facts, adjudications=settled)


def _responses(world: World, house: House, work: Work) -> None:
    """Name the interviews, and put photos, somebody's presence and a closed one among them."""
    database, engagement = world.database, work.ids["engagement"]
    owner = acting_in(world, house)
    with database.writing(house.tenant.id) as session:
        rows = responses_of(session, engagement)
        interviews = [row for row in rows if row.kind == "interview"]
        first, last = interviews[1], interviews[-2]
        last.submitted_at, last.snapshot = NOW, "0" * 64
        empty = Response(
            id=new_id(),
            engagement_id=engagement,
            kind="interview",
            role="store",
            label=f"{work.inside} empty",
            release_digest=first.release_digest,
            created_at=NOW,
            created_by=owner.person,
        )
        session.add(empty)
        session.flush()
        answers = current_answers(session, [first.id])
        item = min(row.item for row in answers if type(row.value) is int)
        photo = _photo(world, first.id, item, str(work.inside), owner.person)
        session.add(photo)
        session.add(Presence(response_id=first.id, member_id=owner.person, item=item, seen_at=NOW))
        ruled = next(row.id for row in rows if row.kind == "adjudication")
        work.ids |= {
            "question:ruled": min(row.item for row in current_answers(session, [ruled])),
            "response": first.id,
            "response:closed": last.id,
            "response:empty": empty.id,
            "response:facts": next(row.id for row in rows if row.kind == "facts"),
            "photo": photo.id,
            "item": item,
        }


def _photo(world: World, response: str, item: str, mark: str, by: str = "") -> Attachment:
    """Return a photo beside an answer, marked, with its file."""
    return Attachment(
        id=new_id(),
        response_id=response,
        item=item,
        digest=file_store(world.settings).put(PICTURE + mark.encode()),
        name=f"{mark}.jpg",
        media_type="image/jpeg",
        size=len(PICTURE),
        added_at=NOW,
        added_by=by,
    )


def _poster(world: World, house: House, work: Work) -> None:
    """Put up a poster for customers, replaced once."""
    owner, engagement = acting_in(world, house), work.ids["engagement"]
    tokens = []
    for change in (make_poster, replace_poster):
        change(owner, engagement)
        link = poster_of(owner, engagement).link
        assert link is not None
        tokens.append(link.rpartition("/")[2])
    work.ids["token:pulse:old"], work.ids["token:pulse"] = tokens


def _guests(world: World, house: House, work: Work, model: MaturityModel) -> None:
    """Invite a person for every state a link can be in; some have begun, one has submitted."""
    owner, engagement = acting_in(world, house), work.ids["engagement"]
    people = [
        Invited(
            role="store",
            label=f"{work.mark}Guest{place}",
            contact_name=f"{work.mark}Guest{place} name",
            email=f"{work.mark}guest{place}@example.com".lower(),
            phone=f"1380000{place}",
        )
        for place in range(len(GUESTS))
    ]
    made = invite(owner, engagement, people)
    work.guests = dict(zip(GUESTS, made, strict=True))
    question = next(
        question
        for question in model.questions.values()
        if "store" in question.primary and question.type == "choice"
    )
    work.ids |= {"invitation": work.guests["open"], "question:guest": question.id}
    notice = {locale: [(f"{work.mark} notice", "…")] for locale in ("zh-Hans", "en")}
    for state in BEGUN:
        agree(guest_of(world, house, work, state), notice, version_of(notice))
    with world.database.writing(house.tenant.id) as session:
        begun = invited_responses(session, engagement)
        for place, (state, invitation) in enumerate(work.guests.items()):
            row = session.find(Invitation, invitation)
            assert row is not None
            token = random_token()
            work.cookies[state] = token
            row.opened_at = NOW
            session.add(
                RespondentSession(
                    invitation_id=invitation,
                    issue=row.issue,
                    token_hash=token_hash(token),
                    created_at=NOW,
                    expires_at=NOW + timedelta(days=20),
                )
            )
            if state in BEGUN:
                _answered(owner, session, begun[invitation], work, place, question.id)
            if state == "open":
                photo = _photo(world, begun[invitation].id, question.id, f"{work.mark}Guest0")
                session.add(photo)
                work.ids["photo:guest"] = photo.id
            if state == "expired":
                row.expires_at = NOW - timedelta(days=1)
            if state == "revoked":
                row.revoked_at = NOW
        session.flush()
    for state, invitation in work.guests.items():
        derived = derived_token(world.settings.key, "invitation", house.tenant.id, invitation, 1)
        work.ids[f"token:{state}"] = derived
    work.ids |= {f"response:{state}": begun[work.guests[state]].id for state in BEGUN}


def _answered(
    owner: Acting, session: Any, response: Response, work: Work, place: int, question: str
) -> None:
    said = Given(question, "given", 2, "E0", f"{work.mark}Guest{place} note")
    keep_answer(owner, session, response, said, 0, f"guest-{place}-key")
    if place == GUESTS.index("done"):
        response.submitted_at, response.snapshot = NOW, "0" * 64


def _words(world: World, house: House, work: Work) -> None:
    """Note the words of the model that addresses name."""
    asked = open_questionnaire(guest_of(world, house, work, "open")).pages[0].posed[0].item
    work.ids["screen:input"] = f"{input_name(asked)}_value"
    interview = open_interview(
        acting_in(world, house), work.ids["engagement"], work.ids["response"]
    )
    model = interview.model
    scored = next(question for question in model.questions.values() if question.area is not None)
    work.ids |= {
        "role:title": model.roles["store"].title,
        "section": interview.parts[0].key,
        "question:scored": scored.id,
        "area": str(scored.area),
        "dimension": model.content.dimensions[0].id,
        "fact": model.content.facts[0].id,
    }


def _decisions(world: World, house: House, work: Work) -> None:
    """Decide upon one finding in other words, and leave the rest open."""
    owner, engagement = acting_in(world, house), work.ids["engagement"]
    current = current_diagnosis(owner, engagement)
    findings = [finding.rule.id for finding in current.diagnosis.diagnostics.findings]
    work.ids |= {"rule": findings[1], "rule:decided": findings[0]}
    inside = str(work.inside)
    FindingDecision("edited", inside, inside, inside)
    with world.database.writing(house.tenant.id) as session:
        session.add(
            DecidedFinding(
                engagement_id=engagement,
                rule=findings[0],
                number=1,
                verdict="edited",
                reason=inside,
                finding=inside,
                recommend=inside,
                at=NOW,
                by=owner.person,
            )
        )


def _coached(world: World, house: House, work: Work) -> None:
    """Coach by the newest report: a store, a figure, a task skipped, a review, a consent."""
    owner, engagement, inside = acting_in(world, house), work.ids["engagement"], str(work.inside)
    add_stores(owner, engagement, [f"{inside} store"], NOW.date())
    work.ids["store"] = stores_of(owner, engagement).stores[0].id
    enter_actuals(owner, engagement, NOW.date(), {"add-rate": "9"}, {"add-rate": inside})
    skipped, waiting, *_ = tasks_of(owner, engagement).lines
    settle_task(owner, engagement, skipped.key, "skipped", reason=inside)
    work.ids["task"] = waiting.key
    hold_review(owner, engagement, {}, 0, inside)
    set_consent(owner, work.ids["client"], agreed=True, note=inside)


def _reports(world: World, house: House, work: Work) -> None:
    """Issue a report that is finished, and leave one failed and one waiting behind it."""
    owner, engagement = acting_in(world, house), work.ids["engagement"]
    issued = request_report(owner, engagement, "zh-Hans", f"{work.inside} note").report
    work.ids["report"] = issued
    files = file_store(world.settings)
    with world.database.writing(house.tenant.id) as session:
        first = session.find(Report, issued)
        assert first is not None
        session.add_all(
            ReportFile(
                report_id=issued,
                format=kind,
                digest=files.put(f"{kind} {work.inside}".encode()),
                size=len(f"{kind} {work.inside}"),
                pages=2 if kind == "pdf" else None,
                produced_at=NOW,
            )
            for kind in ("pdf", "json")
        )
        job = session.query(Job).filter(Job.subject == issued).one()
        job.state, job.finished_at = "done", NOW
        work.ids["job"] = job.id
        for version, state in ((2, "failed"), (3, "queued")):
            copied = _copy(first, version)
            session.add(copied)
            session.flush()
            waits = Job(
                id=new_id(),
                kind=job.kind,
                subject=copied.id,
                input_hash=copied.digest,
                state=state,
                message="任务中断，请重试。" if state == "failed" else "",
                created_at=NOW,
                created_by=owner.person,
                finished_at=NOW if state == "failed" else None,
            )
            session.add(waits)
            work.ids |= {f"report:{state}": copied.id, f"job:{state}": waits.id}


def _copy(report: Report, version: int) -> Report:
    kept = {
        column.name: getattr(report, column.name)
        for column in Report.__table__.columns
        if column.name not in ("id", "version")
    }
    return Report(**kept, id=new_id(), version=version)
