"""How far an engagement is, derived from everything in it; kept until something in it changes.

Computing takes a diagnosis, which a list of engagements cannot afford for each of them. So what
came of it is kept beside a count of changes that every transaction raises (``app.store.changes``):
while the count stands still, what is kept is what would be computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, cast

from app.domain.adjudication import open_adjudications
from app.domain.completeness import Completeness, Lack, RoleCoverage, completeness
from app.domain.diagnosis import Diagnosis
from app.domain.engagement import (
    EngagementRecord,
    EngagementState,
    engagement_state,
    lights,
    undecided_findings,
)
from app.domain.plan import ALIGNMENT_LEAD
from app.domain.response import Confidence
from app.reporting.context.confidence import confidence_of, overall_trust
from app.services.access import Opened
from app.services.acting import Acting
from app.services.answers.assembling import Gathered, gather
from app.services.coaching.coached_plan import gate_day
from app.services.diagnosis.diagnosing import diagnosed
from app.services.diagnosis.footing import Footing, footing_of
from app.services.engagements.asked import RolePeople, by_role, people_asked
from app.services.plans.controls import controls_from
from app.services.portfolio.standing import Standing, standing_from, standing_of
from app.store.coaching import last_review
from app.store.errors import BusyError, TakenError
from app.store.invitations import invitations_of
from app.store.progress import (
    BY_DAY,
    NEEDS,
    Issued,
    Need,
    find_progress,
    issued_reports,
    mask,
    plan_revision,
)
from app.store.rows import EngagementProgress, HeldReview, Invitation
from app.store.scope import ScopedSession

EDITION: Final = 5
"""Raised with every change of what is computed here: what was kept before is computed anew."""

LightState: TypeAlias = Literal["done", "part", "missing", "unknown"]

_LIGHTS: Final[Mapping[str, LightState]] = {"full": "done", "half": "part", "empty": "missing"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything lists and the head of an engagement's pages show of it.

    ``asked`` are the scored questions of the form, ``answered`` those with a score; ``index`` is
    0–100, ``level`` on the scale, ``trust`` 0–1 with its word; None where nothing is rated.
    ``footing`` says what they stand on.
    ``interviewed`` interviews have answers, ``interviews`` are not finished; ``waiting`` are the
    respondents with a link who have not submitted, ``expires_at`` the first end of such a link.
    ``adjudications`` and ``undecided`` wait for the consultant, ``adjudicated`` and ``decided``
    are done; ``findings`` is how many there are. ``gate_on`` is the day the gate of the running
    phase is due, ``reviewed`` tells whether any was reviewed, ``standing`` is what the
    portfolio shows. ``plan`` is the newest revision decided, ``reported_plan`` the newest one
    in an issued report, ``plan_start`` its first day; ``version`` the newest report.
    """

    completeness: Completeness
    people: tuple[RolePeople, ...]
    asked: int
    answered: int
    index: Fraction | None
    level: int | None
    trust: Fraction | None
    confidence: Confidence | None
    footing: Footing
    lights: Mapping[str, LightState]
    interviewed: int
    interviews: int
    waiting: int
    expires_at: datetime | None
    adjudications: int
    adjudicated: int
    findings: int
    undecided: int
    decided: int
    plan: int | None
    reports: int
    version: int | None
    reported_plan: int | None
    plan_start: date | None
    gate_on: date | None
    reviewed: bool
    worked_at: datetime | None
    standing: Standing

    def state(self, today: date) -> EngagementState:
        """Return the four steps as of a day."""
        return engagement_state(
            EngagementRecord(
                completeness=self.completeness,
                open_adjudications=self.adjudications,
                adjudications=self.adjudicated,
                undecided=self.undecided,
                decided=self.decided,
                plan=self.plan,
                reports=self.reports,
                reported_plan=self.reported_plan,
                plan_start=self.plan_start,
                gate_on=self.gate_on,
                reviewed=self.reviewed,
            ),
            today,
        )

    @property
    def needs(self) -> tuple[Need, ...]:
        """What the engagement needs from its consultant; an interview, if its day is near."""
        diagnose, align, *_ = self.state(date.max).steps
        settled = diagnose.done and align.done
        worth = self.completeness.worth_issuing
        asked: Mapping[Need, bool] = {
            "interview": not self.interviewed,
            "gate": self.gate_on is not None,
            "adjudications": self.adjudications > 0,
            # Findings of half a diagnosis are not worth deciding: more answers change them.
            "findings": worth and self.undecided > 0,
            "plan": settled and self.plan is None,
            "report": settled and self.plan is not None and self.reported_plan != self.plan,
            # What a finished diagnosis can do without, nobody needs to be told of every morning.
            "interviews": self.interviews > 0 and not worth,
            "people": self.waiting > 0,
            "begin": not self.completeness.begun and not self.waiting,
        }
        return tuple(need for need in NEEDS if asked[need])


@dataclass(frozen=True, slots=True)
class Known:
    """What an engagement's progress is computed from, read in one transaction."""

    changes: int
    gathered: Gathered
    invitations: Sequence[Invitation]
    reports: Sequence[Issued]
    plan_start: date | None
    review: HeldReview | None


def standing_progress(row: EngagementProgress | None) -> Progress | None:
    """Return what a row keeps, or None where something changed since it was computed."""
    if row is None or row.counted != row.changes or row.edition != EDITION:
        return None
    return progress_from(row.document)


def progress_from(document: Mapping[str, Any]) -> Progress | None:
    """Return the progress that was kept, however old; None where this program did not write it."""
    try:
        return _from_document(document)
    except (KeyError, TypeError, ValueError):
        # Written before an upgrade or after a step back: it is computed anew.
        return None


def read_for_progress(session: ScopedSession, opened: Opened) -> Known:
    """Read everything the progress of an engagement is computed from."""
    engagement = opened.engagement.id
    # First: what changes while the rest is read makes the result out of date, not wrong.
    row = find_progress(session, engagement)
    reports = issued_reports(session, engagement)
    planned = max((one.plan for one in reports if one.plan is not None), default=None)
    start = None
    if planned is not None:
        revision = plan_revision(session, engagement, planned)
        told = controls_from(revision.controls).start if revision else None
        as_of = next(one.as_of for one in reports if one.plan == planned)
        start = max(told or as_of + ALIGNMENT_LEAD, as_of + timedelta(days=1))
    return Known(
        changes=row.changes if row else 0,
        gathered=gather(session, opened),
        invitations=invitations_of(session, engagement),
        reports=reports,
        plan_start=start,
        review=last_review(session, engagement),
    )


def take_stock(acting: Acting, known: Known) -> Progress:
    """Compute the progress of an engagement and keep it for whoever asks next."""
    engagement = known.gathered.opened.engagement
    # What is kept is ids and numbers: the language of the diagnosis does not matter.
    current = diagnosed(acting, known.gathered, acting.locale)
    found = _computed(known, current.diagnosis)
    try:
        with acting.writing() as session:
            row = find_progress(session, engagement.id)
            if row is None:
                row = EngagementProgress(engagement_id=engagement.id)
                session.add(row)
            _keep(row, found, known.changes)
    except (BusyError, TakenError):
        # Keeping it is for speed alone; the next one who asks will try again.
        pass
    return found


def _keep(row: EngagementProgress, found: Progress, changes: int) -> None:
    row.counted, row.edition = changes, EDITION
    row.begun = found.completeness.begun
    row.step = found.state(date.max).current.step
    row.index = None if found.index is None else str(found.index)
    row.asked, row.answered = found.asked, found.answered
    needs = found.needs
    row.needs = mask(needs)
    # An interview or a gate presses by its day, which the question of the day knows.
    row.rank = min((NEEDS.index(need) for need in needs if need not in BY_DAY), default=len(NEEDS))
    row.gate_on = found.gate_on
    row.interviews = found.interviews
    row.waiting, row.expires_at = found.waiting, found.expires_at
    row.adjudications, row.findings = found.adjudications, found.undecided
    row.worked_at = found.worked_at
    row.document = _document(found)


# -- computing ---------------------------------------------------------------------------------


def _computed(known: Known, diagnosis: Diagnosis) -> Progress:
    gathered, world = known.gathered, diagnosis.basis.world
    card, findings = diagnosis.scorecard, diagnosis.diagnostics
    people = people_asked(gathered, known.invitations, diagnosis.model)
    interviews = [one for one in people if one.interview]
    waiting = [one for one in people if one.invitation is not None and not one.finished]
    trust = overall_trust(diagnosis)
    scored = [
        name for name in diagnosis.questions if diagnosis.model.questions[name].type != "text"
    ]
    whole = completeness(world)
    # Whoever is answering by a link has begun, though nothing counts until it is sent.
    begun = whole.begun or any(person.begun for person in people)
    return Progress(
        completeness=replace(whole, begun=begun),
        people=by_role(people, diagnosis.model),
        asked=len(scored),
        answered=sum(diagnosis.questions[name].score is not None for name in scored),
        index=card.index,
        level=card.level,
        trust=trust,
        confidence=None if trust is None else confidence_of(diagnosis, trust),
        footing=footing_of(diagnosis),
        lights={
            cell.id: _LIGHTS[cell.status.mark] if cell.status else "unknown"
            for cell in lights(world)
        },
        interviewed=sum(one.begun for one in interviews),
        interviews=sum(not one.finished for one in interviews),
        waiting=len(waiting),
        expires_at=min(
            (one.invitation.expires_at for one in waiting if one.invitation), default=None
        ),
        adjudications=len(open_adjudications(world)),
        adjudicated=len(diagnosis.assessment.adjudications),
        findings=len(findings.findings),
        undecided=len(undecided_findings(findings)),
        decided=len(diagnosis.assessment.decisions),
        plan=gathered.plan.number if gathered.plan else None,
        reports=len(known.reports),
        version=max((one.version for one in known.reports), default=None),
        reported_plan=max(
            (one.plan for one in known.reports if one.plan is not None), default=None
        ),
        plan_start=known.plan_start,
        gate_on=_gate_on(known, diagnosis),
        reviewed=known.review is not None,
        worked_at=_worked_at(known),
        standing=standing_of(diagnosis, decided=gathered.plan is not None),
    )


def _gate_on(known: Known, diagnosis: Diagnosis) -> date | None:
    """Return the day the gate of the phase at work is due, once there is a plan to coach by.

    The last review knows it; before the first one it is that of the issued plan's first phase.
    """
    reported = max((one.plan for one in known.reports if one.plan is not None), default=None)
    if known.review is not None and reported in (None, known.review.plan):
        return known.review.next_on
    roadmap = diagnosis.plan.roadmap
    if reported is None or roadmap is None:
        return None
    return gate_day(diagnosis.model, roadmap.phases[0])


def _worked_at(known: Known) -> datetime | None:
    gathered = known.gathered
    moments = [
        *(row.saved_at for row in gathered.responses),
        *(row.submitted_at for row in gathered.responses),
        *(row.at for row in gathered.decisions.values()),
        *(report.created_at for report in known.reports),
        known.review.at if known.review else None,
        gathered.plan.at if gathered.plan else None,
    ]
    return max((at for at in moments if at is not None), default=None)


# -- keeping -----------------------------------------------------------------------------------


def _document(found: Progress) -> dict[str, Any]:
    """Return the progress in JSON: fractions as "36/5", days and moments in ISO 8601."""
    plain: dict[str, Any] = _plain(asdict(found))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


def _from_document(document: Mapping[str, Any]) -> Progress:
    given = {field.name: document[field.name] for field in fields(Progress)}
    for name in ("index", "trust"):
        given[name] = None if given[name] is None else Fraction(given[name])
    for name in ("expires_at", "worked_at"):
        given[name] = None if given[name] is None else datetime.fromisoformat(given[name])
    for name in ("plan_start", "gate_on"):
        given[name] = None if given[name] is None else date.fromisoformat(given[name])
    given["footing"] = Footing(**given["footing"])
    given["standing"] = standing_from(given["standing"])
    given["people"] = tuple(RolePeople(**one) for one in given["people"])
    given["completeness"] = _completeness(given["completeness"])
    return Progress(**given)


def _completeness(given: Mapping[str, Any]) -> Completeness:
    whole = Completeness(**given)
    return replace(
        whole,
        roles=tuple(RoleCoverage(**role) for role in given["roles"]),
        answered=Fraction(given["answered"]),
        facts_missing=tuple(given["facts_missing"]),
        open_areas=tuple(given["open_areas"]),
        lacks=tuple(Lack(cast(Any, one["kind"]), tuple(one["ids"])) for one in given["lacks"]),
    )
