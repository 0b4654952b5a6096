"""Ruling where roles disagree: what each side said, the value that counts, and the reason for it.

A front-line role is shown by itself only from a minimum number of answers on (``minimum_group`` of
the model). Below it the whole front line is shown in one group, and if that too is smaller, not at
all: then no gap is told either, which would give its mean away. So it is on paper, too (see
``app.reporting.context.perception_views``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.adjudication import Disagreement, RoleMean, disagreements, open_adjudications
from app.domain.bounds import REASON_LIMIT
from app.domain.definitions.questionnaire import Question, Role
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment
from app.domain.world import World
from app.forms.answer_input import AnswerInput
from app.forms.messages import ValueRefusedError, refused
from app.forms.words import read_words
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.answers.answering import Given, Standing, answerable, keep_answer, standing_of
from app.services.answers.assembling import ADJUDICATION, gather
from app.services.answers.saving import given_of
from app.services.errors import NotFoundError
from app.services.interviews.interviewing import ensure_sheet, model_in
from app.services.interviews.so_far import scored_now
from app.services.record.recording import record
from app.store.answers import current_answers, locked_response
from app.store.interviews import names_of, sheet_of


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer behind a mean; ``label`` is empty for the front line."""

    role: str
    label: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Group:
    """A role, or the whole front line (``role`` None), with its mean and every answer in it.

    ``counts`` where its answers count in the question's score.
    """

    role: Role | None
    mean: Fraction
    counts: bool
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the consultant ruled, by whom; ``standing.note`` is the reason."""

    standing: Standing
    who: str

    @property
    def stands(self) -> bool:
        """Whether it counts, and was not withdrawn."""
        return self.standing.kind == "given"


@dataclass(frozen=True, slots=True)
class Case:
    """One question that roles answered differently.

    ``gap`` is top minus front line and ``spread`` the highest minus the lowest mean, in levels;
    both None where the front line is ``withheld``. ``top`` and ``front`` are the sides' means.
    ``ruling`` is None where nobody ever ruled; ``revision`` is what a new ruling goes on top of.
    """

    question: Question
    groups: tuple[Group, ...]
    withheld: bool
    gap: Fraction | None
    spread: Fraction | None
    top: Fraction | None
    front: Fraction | None
    ruling: Ruling | None

    @property
    def revision(self) -> int:
        """The revision of the ruling that stands; 0 for none."""
        return self.ruling.standing.revision if self.ruling is not None else 0

    @property
    def settled(self) -> bool:
        """Whether a ruling stands."""
        return self.ruling is not None and self.ruling.stands


@dataclass(frozen=True, slots=True)
class Docket:
    """All questions several roles answered: those that wait for a ruling, those that have one.

    ``open`` with the one that matters most first; ``settled`` and ``others`` (which need none) in
    asking order. ``sheet`` is the response that keeps the rulings, None until the first.
    """

    opened: Opened
    model: MaturityModel
    sheet: str | None
    open: tuple[Case, ...]
    settled: tuple[Case, ...]
    others: tuple[Case, ...]

    def case(self, question: str) -> Case | None:
        """Return the case of a question."""
        every = (*self.open, *self.settled, *self.others)
        return next((case for case in every if case.question.id == question), None)


def docket(acting: Acting, engagement: str) -> Docket:
    """Return what there is to rule on in an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        gathered = gather(session, opened)
        sheet = sheet_of(session, engagement, ADJUDICATION)
        rows = current_answers(session, [sheet.id]) if sheet is not None else ()
        names = names_of(session, (row.actor for row in rows))
    rulings = {row.item: Ruling(standing_of(row), names.get(row.actor, "")) for row in rows}
    model = model_in(acting, opened)
    world = scored_now(acting, gathered, model).world
    cases = {each.question: _case(world, each, rulings) for each in disagreements(world)}
    # A ruling stays to be seen and withdrawn when the answers it weighed are gone.
    alone = [name for name in rulings if name not in cases and name in model.questions]
    cases |= {name: _lone(model.questions[name], rulings[name]) for name in alone}
    waiting = [cases[each.question] for each in open_adjudications(world)]
    rest = [case for case in cases.values() if case not in waiting]
    return Docket(
        opened=opened,
        model=model,
        sheet=sheet.id if sheet is not None else None,
        open=tuple(waiting),
        settled=tuple(_in_order(model, (case for case in rest if case.settled))),
        others=tuple(_in_order(model, (case for case in rest if not case.settled))),
    )


def _in_order(model: MaturityModel, cases: Iterable[Case]) -> list[Case]:
    places = {name: place for place, name in enumerate(model.questions)}
    return sorted(cases, key=lambda case: places[case.question.id])


def _lone(question: Question, ruling: Ruling) -> Case:
    return Case(question, (), False, None, None, None, None, ruling)


def _case(world: World, found: Disagreement, rulings: dict[str, Ruling]) -> Case:
    question = world.model.questions[found.question]
    front = [mean for mean in found.means if mean.side == "front"]
    shown, withheld = _shown_front(world, front)
    groups = [_group(world, question, mean) for mean in found.means if mean.side != "front"]
    if shown == "each":
        groups += [_group(world, question, mean) for mean in front]
    elif shown == "together":
        groups.append(_front_group(world, question, front))
    top = [mean.mean for mean in found.means if mean.side == "top"]
    return Case(
        question=question,
        groups=tuple(groups),
        withheld=withheld,
        gap=None if withheld else found.gap,
        spread=None if withheld else found.spread,
        top=_mean(top),
        front=None if withheld else _mean([mean.mean for mean in front]),
        ruling=rulings.get(found.question),
    )


def _shown_front(world: World, front: Sequence[RoleMean]) -> tuple[str, bool]:
    """Return how the front line may be shown: each role, together, or (withheld) not at all."""
    least = world.model.content.rating.agreement.minimum_group
    if all(mean.answers >= least for mean in front):
        return "each", False
    if sum(mean.answers for mean in front) >= least:
        return "together", False
    return "", True


def _group(world: World, question: Question, mean: RoleMean) -> Group:
    role = world.model.roles[mean.role]
    voices = _voices(world.assessment, question, {mean.role}, named=role.side != "front")
    return Group(role, mean.mean, bool(mean.weight), voices)


def _front_group(world: World, question: Question, front: Sequence[RoleMean]) -> Group:
    voices = _voices(world.assessment, question, {mean.role for mean in front}, named=False)
    pooled = _mean([mean.mean for mean in front]) or Fraction(0)
    return Group(None, pooled, any(mean.weight for mean in front), voices)


def _voices(
    assessment: Assessment, question: Question, roles: set[str], *, named: bool
) -> tuple[Voice, ...]:
    found = [
        Voice(person.role if named else "", person.label if named else "", answer)
        for person in assessment.respondents
        if person.role in roles
        and (answer := person.answers.get(question.id)) is not None
        and answer.value is not None
    ]
    # Unnamed answers stand in the order of what was said, not of who said it.
    return tuple(found if named else sorted(found, key=lambda voice: str(voice.answer.value)))


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


# -- ruling ----------------------------------------------------------------------------------------


def adjudicate(
    acting: Acting,
    engagement: str,
    question: str,
    said: AnswerInput,
    reason: str,
    base: int,
    key: str,
) -> Standing:
    """Set the value that counts for a question, on top of revision ``base`` of its ruling.

    Raises ``NotFoundError``, ``NotAllowedError``, ``ValueRefusedError`` where value, evidence or
    reason is missing, ``StaleAnswerError`` where somebody else ruled meanwhile, ``RefusedError``.
    """
    if said.value is None:
        raise refused("请选定一个数值；裁定不能是「不知道」。")
    words = _reason(reason)
    if not words:
        raise ValueRefusedError(refused("请写明裁定的理由，它会印在报告附录里。").message, "note")
    if said.evidence is None:
        raise ValueRefusedError(refused("请选证据等级：这个值是凭什么定的。").message, "evidence")
    evidence: EvidenceCode = said.evidence
    given = given_of(question, AnswerInput(said.value, evidence=evidence, note=words))
    return _rule(acting, engagement, given, base, key, "adjudication.set")


def withdraw(
    acting: Acting, engagement: str, question: str, reason: str, base: int, key: str
) -> Standing:
    """Take a ruling back: the mean of the roles counts again. Raises as ``adjudicate`` does."""
    given = Given(question, "cleared", note=_reason(reason))
    return _rule(acting, engagement, given, base, key, "adjudication.withdrawn")


def _reason(typed: str) -> str:
    try:
        return read_words(typed, REASON_LIMIT)
    except ValueRefusedError as refusal:
        raise ValueRefusedError(refusal.message, "note") from None


def _rule(
    acting: Acting, engagement: str, given: Given, base: int, key: str, action: str
) -> Standing:
    with acting.writing() as session:
        opened = open_engagement(acting, session, engagement)
        acting.must_write()
        _must_be_scored(acting, opened, given.item)
        sheet = ensure_sheet(acting, session, opened, ADJUDICATION)
        locked_response(session, sheet.id)
        found = answerable(acting, session, sheet.id)
        kept = keep_answer(acting, session, found, given, base, key)
        if not (kept.stale or kept.repeated):
            record(
                acting,
                session,
                action,
                "interview",
                sheet.id,
                engagement,
                item=given.item,
                revision=kept.standing.revision,
            )
    return kept.settled()


def _must_be_scored(acting: Acting, opened: Opened, question: str) -> None:
    model = model_in(acting, opened)
    form = model.forms[opened.engagement.form]
    found = model.questions.get(question)
    asked = found is not None and (form.every_question or question in form.questions)
    if found is None or not asked or found.type in ("text", "computed"):
        raise NotFoundError
