"""From rows to an ``Assessment``: everything an engagement knows, as the engine takes it.

Respondents come from interviews and from submitted self-assessments; where a person did both, the
interview counts item by item. Only self-assessments that were sent count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from app.content.answers.respondents import Person, numbered
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    FindingDecision,
    FindingVerdict,
    PlanControls,
)
from app.services.access import Opened
from app.services.answers.values import decoded
from app.services.plans.controls import controls_from
from app.store.answers import current_answers, responses_of
from app.store.decisions import standing_decisions, standing_plan
from app.store.pulse import pulse_of
from app.store.rows import Consultancy, CurrentAnswer, DecidedFinding, PlanRevision, Response
from app.store.scope import ScopedSession

FACTS, ADJUDICATION, INTERVIEW, SELF = "facts", "adjudication", "interview", "self"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every row an assessment is made of, read in one transaction."""

    opened: Opened
    consultancy: Consultancy
    responses: Sequence[Response]
    answers: Mapping[str, Sequence[CurrentAnswer]]
    decisions: Mapping[str, DecidedFinding]
    plan: PlanRevision | None
    pulse: Sequence[Mapping[str, Any]]

    @property
    def stamp(self) -> tuple[Any, ...]:
        """A value that differs whenever the assessment may differ."""
        engagement, client = self.opened.engagement, self.opened.client
        brand = self.consultancy
        return (
            engagement.release_digest,
            engagement.form,
            engagement.interviewed_on,
            client.name,
            client.industry,
            client.archetype,
            client.city_tier,
            brand.name,
            brand.brand_name,
            brand.brand_consultant,
            brand.brand_contact,
            brand.brand_accent,
            tuple(
                (
                    row.id,
                    row.role,
                    row.label,
                    counts(row),
                    row.quotable,
                    *_revisions(self.answers[row.id]),
                )
                for row in self.responses
            ),
            tuple((rule, row.number) for rule, row in sorted(self.decisions.items())),
            self.plan.number if self.plan else 0,
            len(self.pulse),
        )


def _revisions(answers: Iterable[CurrentAnswer]) -> Iterable[tuple[str, int]]:
    return ((answer.item, answer.revision) for answer in answers)


def gather(session: ScopedSession, opened: Opened) -> Gathered:
    """Read everything an engagement's assessment is made of."""
    engagement = opened.engagement.id
    responses = responses_of(session, engagement)
    grouped: dict[str, list[CurrentAnswer]] = {row.id: [] for row in responses}
    for answer in current_answers(session, grouped):
        grouped[answer.response_id].append(answer)
    consultancy = session.get(Consultancy, session.tenant)
    assert consultancy is not None  # noqa: S101  every tenant's row refers to it
    return Gathered(
        opened=opened,
        consultancy=consultancy,
        responses=responses,
        answers=grouped,
        decisions=standing_decisions(session, engagement),
        plan=standing_plan(session, engagement),
        pulse=pulse_of(session, engagement),
    )


def counts(response: Response) -> bool:
    """Tell whether the answers of a person count in the diagnosis."""
    return response.kind == INTERVIEW or (
        response.kind == SELF
        and response.submitted_at is not None
        and response.withdrawn_at is None
    )


def assembled(
    gathered: Gathered, model: MaturityModel, controls: PlanControls | None = None
) -> Assessment:
    """Return the assessment; ``controls`` replace the plan decided last."""
    facts = _facts(gathered, model)
    if controls is None:
        controls = controls_from(gathered.plan.controls) if gathered.plan else PlanControls()
    return Assessment(
        form=gathered.opened.engagement.form,
        client=_client(gathered, facts, model),
        facts=facts,
        respondents=numbered(_people(gathered, model)),
        adjudications=_adjudications(gathered, model),
        pulse=_pulse(gathered, model),
        controls=controls,
        interviewed_on=gathered.opened.engagement.interviewed_on,
        decisions={
            rule: decision_of(row)
            for rule, row in gathered.decisions.items()
            if rule in model.rules
        },
    )


def decision_of(row: DecidedFinding) -> FindingDecision:
    """Return a decision's row as the engine takes it."""
    return FindingDecision(
        verdict=cast(FindingVerdict, row.verdict),
        reason=row.reason,
        finding=row.finding or None,
        recommend=row.recommend or None,
    )


def _client(
    gathered: Gathered, facts: Mapping[str, FactValue], model: MaturityModel
) -> ClientProfile:
    client, brand = gathered.opened.client, gathered.consultancy
    known = {item.id for item in model.content.archetypes if item.overlay is None}
    said = facts.get("archetype")
    tier = facts.get("city-tier")
    archetype = str(said.value) if said else client.archetype
    return ClientProfile(
        name=client.name,
        archetype=archetype if archetype in known else None,
        city_tier=str(tier.value) if tier else (client.city_tier or None),
        industry=client.industry,
        consultancy=brand.brand_name or brand.name,
        consultant=brand.brand_consultant,
        contact=brand.brand_contact,
        accent=brand.brand_accent,
    )


def _facts(gathered: Gathered, model: MaturityModel) -> Mapping[str, FactValue]:
    given = {}
    for answer in _sheet(gathered, FACTS):
        part = model.fact_parts.get(answer.item)
        if part is not None and answer.kind == "given":
            value = cast(Any, decoded(answer.value, part.type))
            grade = cast(EvidenceCode, answer.evidence) if answer.evidence else None
            given[answer.item] = FactValue(value, grade, answer.note)
    return {part: given[part] for part in model.fact_parts if part in given}


def _adjudications(gathered: Gathered, model: MaturityModel) -> Mapping[str, Adjudication]:
    given = {}
    for answer in _sheet(gathered, ADJUDICATION):
        question = model.questions.get(answer.item)
        value = decoded(answer.value, question.type) if question else None
        if answer.kind == "given" and value is not None:
            grade = cast(EvidenceCode, answer.evidence or "E2")
            given[answer.item] = Adjudication(value, answer.note, grade)
    return {name: given[name] for name in model.questions if name in given}


def _pulse(gathered: Gathered, model: MaturityModel) -> tuple[Mapping[str, AnswerValue], ...]:
    """Return what customers said; nothing at all before enough of them answered."""
    known = {item.id for item in model.content.pulse}
    found = [
        {name: cast(AnswerValue, value) for name, value in said.items() if name in known}
        for said in gathered.pulse
    ]
    answered = tuple(said for said in found if said)
    return answered if len(answered) >= model.content.rating.agreement.pulse_minimum else ()


def _sheet(gathered: Gathered, kind: str) -> Iterable[CurrentAnswer]:
    for response in gathered.responses:
        if response.kind == kind:
            yield from gathered.answers[response.id]


def _people(gathered: Gathered, model: MaturityModel) -> tuple[Person, ...]:
    return tuple(
        Person(role, label, _in_order(rows, model, _unquoted(gathered)), {})
        for role, label, rows in _heard(gathered, model)
    )


def rows_behind(
    gathered: Gathered, model: MaturityModel
) -> tuple[Mapping[str, CurrentAnswer], ...]:
    """Return the rows behind each respondent's answers, by question id.

    The respondents stand in the order of the assessment.
    """
    return tuple(rows for _, _, rows in _heard(gathered, model))


def _heard(
    gathered: Gathered, model: MaturityModel
) -> list[tuple[str, str, Mapping[str, CurrentAnswer]]]:
    """Return each person once, in the order they were begun; the interview comes on top."""
    merged: dict[tuple[str, str, str], dict[str, CurrentAnswer]] = {}
    unquoted = _unquoted(gathered)
    counting = [row for row in gathered.responses if counts(row)]
    for response in sorted(counting, key=lambda row: row.kind == INTERVIEW):
        # Two people without a label are two people.
        alone = "" if response.label else response.id
        rows = merged.setdefault((response.role, response.label, alone), {})
        for row in gathered.answers[response.id]:
            rows.pop(row.item, None)
            answer = answer_of(row, model, quoted=response.id not in unquoted)
            if answer is not None:
                rows[row.item] = row
    begun = {(row.role, row.label, "" if row.label else row.id): row for row in counting[::-1]}
    ordered = sorted(merged, key=lambda key: (begun[key].created_at, begun[key].id))
    return [
        (role, label, merged[role, label, alone])
        for role, label, alone in ordered
        if merged[role, label, alone]
    ]


def _unquoted(gathered: Gathered) -> frozenset[str]:
    """Return the responses of people who did not let a report print what they wrote."""
    return frozenset(row.id for row in gathered.responses if row.kind == SELF and not row.quotable)


def answer_of(row: CurrentAnswer, model: MaturityModel, *, quoted: bool = True) -> Answer | None:
    """Return a row as the engine takes it; None where it was cleared or is no question.

    Where it may not be ``quoted``, it comes without its words: an answer in words is none at all.
    """
    question = model.questions.get(row.item)
    if question is None or row.kind == "cleared" or (question.type == "text" and not quoted):
        return None
    value = decoded(row.value, question.type) if row.kind == "given" else None
    evidence = cast(EvidenceCode, row.evidence or "E0")
    return Answer(value, evidence, row.note, row.quote) if quoted else Answer(value, evidence)


def _in_order(
    rows: Mapping[str, CurrentAnswer], model: MaturityModel, unquoted: frozenset[str]
) -> Mapping[str, Answer]:
    answers = {
        name: answer_of(rows[name], model, quoted=rows[name].response_id not in unquoted)
        for name in model.questions
        if name in rows
    }
    return {name: answer for name, answer in answers.items() if answer is not None}
