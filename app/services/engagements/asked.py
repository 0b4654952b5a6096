"""The people an engagement asks, by interview, by link, or both: who began, who has finished."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.agenda import agenda
from app.domain.model import MaturityModel
from app.services.answers.assembling import INTERVIEW, SELF, Gathered
from app.store.rows import Invitation, Response


@dataclass(frozen=True, slots=True)
class RolePeople:
    """The people of one role: how many there are, have begun, have finished."""

    role: str
    people: int
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """One person asked, by interview, by link, or both."""

    role: str
    interview: bool
    begun: bool
    finished: bool
    invitation: Invitation | None


def people_asked(
    gathered: Gathered, invitations: Sequence[Invitation], model: MaturityModel
) -> list[AskedPerson]:
    """Return everybody who was or is to be asked; an interview and a link of one label are one."""
    form = model.forms[gathered.opened.engagement.form]
    asked = {role.id: agenda(model, form, role).questions for role in model.roles.values()}
    people: dict[tuple[str, str], AskedPerson] = {}

    def add(role: str, label: str, own: str, person: AskedPerson) -> None:
        key = (role, label or f"\n{own}")
        other = people.get(key)
        if other is not None:
            person = AskedPerson(
                role,
                person.interview or other.interview,
                person.begun or other.begun,
                person.finished or other.finished,
                person.invitation or other.invitation,
            )
        people[key] = person

    by_link: dict[str, Response] = {}
    for response in gathered.responses:
        if response.kind == SELF and response.invitation_id is not None:
            by_link[response.invitation_id] = response
        elif response.kind in (INTERVIEW, SELF):
            given = {a.item for a in gathered.answers[response.id] if a.kind != "cleared"}
            wanted = {question.id for question in asked.get(response.role, ())}
            is_interview = response.kind == INTERVIEW
            finished = response.submitted_at is not None or (is_interview and wanted <= given)
            person = AskedPerson(response.role, is_interview, bool(given), finished, None)
            add(response.role, response.label, response.id, person)
    for invitation in invitations:
        found = by_link.get(invitation.id)
        finished = found is not None and found.submitted_at is not None
        # As the board has it: whoever cannot answer any more, or will not, is not asked.
        if invitation.revoked_at is not None and not finished:
            continue
        if found is not None and found.withdrawn_at is not None:
            continue
        begun = found is not None and bool(gathered.answers[found.id])
        link = invitation if invitation.revoked_at is None else None
        person = AskedPerson(invitation.role, False, begun or finished, finished, link)
        add(invitation.role, invitation.label, invitation.id, person)
    return list(people.values())


def by_role(people: Iterable[AskedPerson], model: MaturityModel) -> tuple[RolePeople, ...]:
    """Return how many people of each role there are, have begun and have finished."""
    grouped: dict[str, list[AskedPerson]] = {}
    for person in people:
        grouped.setdefault(person.role, []).append(person)
    return tuple(
        RolePeople(role, len(found), sum(p.begun for p in found), sum(p.finished for p in found))
        for role in model.roles
        if (found := grouped.get(role))
    )
