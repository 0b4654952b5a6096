"""How far an engagement is, derived from everything in it; kept until something in it changes.

Computing takes a diagnosis, which a list of engagements cannot afford for each of them. So what
came of it is kept beside a count of changes that every transaction raises (``app.store.changes``):
while the count stands still, what is kept is what would be computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, cast

from app.domain.adjudication import open_adjudications
from app.domain.agenda import agenda
from app.domain.completeness import Completeness, Lack, RoleCoverage, completeness
from app.domain.diagnosis import Diagnosis
from app.domain.engagement import (
    EngagementRecord,
    EngagementState,
    engagement_state,
    lights,
    undecided_findings,
)
from app.domain.model import MaturityModel
from app.domain.plan import ALIGNMENT_LEAD
from app.domain.response import Confidence
from app.reporting.context.confidence import confidence_of, overall_trust
from app.services.access import Opened
from app.services.acting import Acting
from app.services.answers.assembling import INTERVIEW, SELF, Gathered, gather
from app.services.diagnosis.diagnosing import diagnosed
from app.services.plans.controls import controls_from
from app.store.errors import BusyError, TakenError
from app.store.invitations import invitations_of
from app.store.progress import (
    NEEDS,
    Issued,
    Need,
    find_progress,
    issued_reports,
    mask,
    plan_revision,
)
from app.store.rows import EngagementProgress, Invitation, Response
from app.store.scope import ScopedSession

EDITION: Final = 2
"""Raised with every change of what is computed here: what was kept before is computed anew."""

LightState: TypeAlias = Literal["done", "part", "missing", "unknown"]

_LIGHTS: Final[Mapping[str, LightState]] = {"full": "done", "half": "part", "empty": "missing"}


@dataclass(frozen=True, slots=True)
class RolePeople:
    """The people of one role: how many there are, have begun, have finished."""

    role: str
    people: int
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything lists and the head of an engagement's pages show of it.

    ``asked`` are the scored questions of the form, ``answered`` those with a score; ``index`` is
    0–100, ``level`` on the scale, ``trust`` 0–1 with its word; None where nothing is rated.
    ``interviewed`` interviews have answers, ``interviews`` are not finished; ``waiting`` are the
    respondents with a link who have not submitted, ``expires_at`` the first end of such a link.
    ``adjudications`` and ``undecided`` wait for the consultant, ``adjudicated`` and ``decided`` are
    done; ``findings`` is how many there are. ``plan`` is the newest revision decided,
    ``reported_plan`` the newest one in an issued report, ``plan_start`` its first day; ``version``
    the newest report.
    """

    completeness: Completeness
    people: tuple[RolePeople, ...]
    asked: int
    answered: int
    index: Fraction | None
    level: int | None
    trust: Fraction | None
    confidence: Confidence | None
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
    worked_at: datetime | None

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


def standing_progress(row: EngagementProgress | None) -> Progress | None:
    """Return what a row keeps, or None where something changed since it was computed."""
    if row is None or row.counted != row.changes or row.edition != EDITION:
        return None
    try:
        return _from_document(row.document)
    except (KeyError, TypeError, ValueError):
        # Another program wrote it, before an upgrade or after a step back: it is computed anew.
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
    # An interview presses by its day, which the question of the day knows.
    row.rank = min((NEEDS.index(need) for need in needs if need != "interview"), default=len(NEEDS))
    row.interviews = found.interviews
    row.waiting, row.expires_at = found.waiting, found.expires_at
    row.adjudications, row.findings = found.adjudications, found.undecided
    row.worked_at = found.worked_at
    row.document = _document(found)


# -- computing ---------------------------------------------------------------------------------


def _computed(known: Known, diagnosis: Diagnosis) -> Progress:
    gathered, world = known.gathered, diagnosis.basis.world
    card, findings = diagnosis.scorecard, diagnosis.diagnostics
    people = _people(known, diagnosis.model)
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
        people=_by_role(people, diagnosis.model),
        asked=len(scored),
        answered=sum(diagnosis.questions[name].score is not None for name in scored),
        index=card.index,
        level=card.level,
        trust=trust,
        confidence=None if trust is None else confidence_of(diagnosis, trust),
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
        worked_at=_worked_at(known),
    )


@dataclass(frozen=True, slots=True)
class _Person:
    """One person asked, by interview, by link, or both."""

    role: str
    interview: bool
    begun: bool
    finished: bool
    invitation: Invitation | None


def _people(known: Known, model: MaturityModel) -> list[_Person]:
    """Return everybody who was or is to be asked; an interview and a link of one label are one."""
    form = model.forms[known.gathered.opened.engagement.form]
    asked = {role.id: agenda(model, form, role).questions for role in model.roles.values()}
    people: dict[tuple[str, str], _Person] = {}

    def add(role: str, label: str, own: str, person: _Person) -> None:
        key = (role, label or f"\n{own}")
        other = people.get(key)
        if other is not None:
            person = _Person(
                role,
                person.interview or other.interview,
                person.begun or other.begun,
                person.finished or other.finished,
                person.invitation or other.invitation,
            )
        people[key] = person

    by_link: dict[str, Response] = {}
    for response in known.gathered.responses:
        if response.kind == SELF and response.invitation_id is not None:
            by_link[response.invitation_id] = response
        elif response.kind in (INTERVIEW, SELF):
            given = {a.item for a in known.gathered.answers[response.id] if a.kind != "cleared"}
            wanted = {question.id for question in asked.get(response.role, ())}
            is_interview = response.kind == INTERVIEW
            finished = response.submitted_at is not None or (is_interview and wanted <= given)
            person = _Person(response.role, is_interview, bool(given), finished, None)
            add(response.role, response.label, response.id, person)
    for invitation in known.invitations:
        found = by_link.get(invitation.id)
        finished = found is not None and found.submitted_at is not None
        # As the board has it: whoever cannot answer any more, or will not, is not asked.
        if invitation.revoked_at is not None and not finished:
            continue
        if found is not None and found.withdrawn_at is not None:
            continue
        begun = found is not None and bool(known.gathered.answers[found.id])
        link = invitation if invitation.revoked_at is None else None
        person = _Person(invitation.role, False, begun or finished, finished, link)
        add(invitation.role, invitation.label, invitation.id, person)
    return list(people.values())


def _by_role(people: Iterable[_Person], model: MaturityModel) -> tuple[RolePeople, ...]:
    grouped: dict[str, list[_Person]] = {}
    for person in people:
        grouped.setdefault(person.role, []).append(person)
    return tuple(
        RolePeople(role, len(found), sum(p.begun for p in found), sum(p.finished for p in found))
        for role in model.roles
        if (found := grouped.get(role))
    )


def _worked_at(known: Known) -> datetime | None:
    gathered = known.gathered
    moments = [
        *(row.saved_at for row in gathered.responses),
        *(row.submitted_at for row in gathered.responses),
        *(row.at for row in gathered.decisions.values()),
        *(report.created_at for report in known.reports),
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
    start = given["plan_start"]
    given["plan_start"] = None if start is None else date.fromisoformat(start)
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
