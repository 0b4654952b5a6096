"""Taking a whole answers file into an engagement: people, facts, adjudications, decisions, plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.response import Assessment
from app.services.acting import Acting
from app.services.answers.answering import AnswerKind, Given
from app.services.answers.assembling import ADJUDICATION, FACTS, INTERVIEW
from app.services.answers.values import encoded
from app.services.plans.controls import controls_document
from app.services.record.recording import record
from app.store.answers import append_answer
from app.store.decisions import next_decision_number, standing_plan
from app.store.rows import DecidedFinding, Engagement, LoggedAnswer, PlanRevision, Response
from app.store.scope import ScopedSession
from app.store.types import new_id


def import_assessment(
    acting: Acting, session: ScopedSession, engagement: Engagement, assessment: Assessment
) -> None:
    """Store everything an assessment says as answers of a new engagement, in one transaction.

    Every respondent becomes an interview of their own. The engagement must not have answers yet:
    the labels would collide, which raises ``TakenError``.
    """
    facts = (
        Given(part, "given", fact.value, fact.evidence or "", fact.note)
        for part, fact in assessment.facts.items()
    )
    keep_sheet(acting, session, engagement, Sheet(FACTS), facts)
    for place, person in enumerate(assessment.respondents):
        answers = (
            Given(item, _kind(given.value), given.value, given.evidence, given.note, given.quote)
            for item, given in person.answers.items()
        )
        sheet = Sheet(INTERVIEW, person.role, person.label, place)
        keep_sheet(acting, session, engagement, sheet, answers)
    settled = (
        Given(item, "given", choice.value, choice.evidence, choice.reason)
        for item, choice in assessment.adjudications.items()
    )
    keep_sheet(acting, session, engagement, Sheet(ADJUDICATION), settled)
    _decisions(acting, session, engagement, assessment)
    record(
        acting,
        session,
        "answers.imported",
        "engagement",
        engagement.id,
        engagement.id,
        respondents=len(assessment.respondents),
        facts=len(assessment.facts),
    )


def _kind(value: object) -> AnswerKind:
    return "unknown" if value is None else "given"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Answers that come all at once: of which kind, from whom, in which place among such sheets.

    ``actor`` is who said them, by default whoever brings them in; ``at`` when, by default now.
    """

    kind: str
    role: str = ""
    label: str = ""
    place: int = 0
    actor: str | None = None
    at: datetime | None = None


def keep_sheet(
    acting: Acting,
    session: ScopedSession,
    engagement: Engagement,
    sheet: Sheet,
    answers: Iterable[Given],
) -> None:
    """Store answers as a new sheet of an engagement, each its first revision."""
    response = Response(
        id=new_id(),
        engagement_id=engagement.id,
        kind=sheet.kind,
        role=sheet.role,
        label=sheet.label,
        release_digest=engagement.release_digest,
        # People are listed in the order they were begun; a file says all at once.
        created_at=acting.now + timedelta(microseconds=sheet.place),
        created_by=acting.person,
        saved_at=acting.now,
    )
    session.add(response)
    session.flush()
    for given in answers:
        logged = LoggedAnswer(
            response_id=response.id,
            item=given.item,
            revision=1,
            base=0,
            key=f"import-{given.item}"[:64],
            kind=given.kind,
            value=encoded(given.value),
            evidence=given.evidence,
            note=given.note,
            quote=given.quote,
            digest=given.digest,
            standing=True,
            actor=acting.person if sheet.actor is None else sheet.actor,
            at=sheet.at or acting.now,
        )
        append_answer(session, response, logged, None)
    session.flush()


def _decisions(
    acting: Acting, session: ScopedSession, engagement: Engagement, assessment: Assessment
) -> None:
    for rule, decision in assessment.decisions.items():
        session.add(
            DecidedFinding(
                engagement_id=engagement.id,
                rule=rule,
                number=next_decision_number(session, engagement.id, rule),
                verdict=decision.verdict,
                reason=decision.reason,
                finding=decision.finding or "",
                recommend=decision.recommend or "",
                at=acting.now,
                by=acting.person,
            )
        )
    controls = controls_document(assessment.controls)
    if controls:
        last = standing_plan(session, engagement.id)
        session.add(
            PlanRevision(
                engagement_id=engagement.id,
                number=last.number + 1 if last else 1,
                controls=controls,
                at=acting.now,
                by=acting.person,
            )
        )
    session.flush()
