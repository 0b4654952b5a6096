"""The round that follows: begun with what ages slowly, and laid beside the one before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.actuals import Actuals
from app.domain.bounds import NAME_LIMIT
from app.domain.carry_over import CarryOver, from_earlier_round
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.kpi import KpiLine
from app.domain.kpi_path import TrendPoint, trend
from app.domain.model import MaturityModel
from app.domain.rediagnosis import Rediagnosis, compare
from app.domain.rescoring import LeftOut, rescorable
from app.domain.response import FactValue
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.assembling import FACTS
from app.services.answers.values import encoded
from app.services.coaching.actuals import check_in_basis
from app.services.coaching.coached_plan import find_coached
from app.services.diagnosis.diagnosing import Current, current_diagnosis
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.releases import keep_model, model_of
from app.services.working_days import working_days
from app.store.answers import append_answer, current_answers, responses_of
from app.store.coaching import later_round, round_of
from app.store.engagements import team_of
from app.store.errors import TakenError
from app.store.rows import Engagement, LoggedAnswer, Response, Round, TeamMember
from app.store.scope import ScopedSession
from app.store.types import new_id

TRENDS: Final = 8
"""KPIs shown beside a comparison."""


@dataclass(frozen=True, slots=True)
class CarriedFact:
    """A fact taken over from the round before; ``confirmed`` once it was looked at again."""

    part: str
    title: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """Where an engagement stands among the rounds of its client; ids, empty for none."""

    engagement: str
    title: str
    earlier: str
    earlier_title: str
    later: str
    later_title: str
    given_on: date | None
    carried: tuple[CarriedFact, ...]


@dataclass(frozen=True, slots=True)
class KpiCourse:
    """One KPI over the weeks between the rounds."""

    line: KpiLine
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds side by side, with what the new release could not read of the old answers."""

    found: Rediagnosis
    model: MaturityModel
    left_out: tuple[LeftOut, ...]
    courses: tuple[KpiCourse, ...]


@dataclass(frozen=True, slots=True)
class RoundOffer:
    """What a next round would begin with: how many facts are filled in, and what is asked again."""

    title: str
    given_on: date
    facts: tuple[str, ...]
    asked_again: int
    model_version: str
    same_release: bool


def round_place(acting: Acting, engagement: str) -> RoundPlace:
    """Return the rounds beside an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        row, later = round_of(session, engagement), later_round(session, engagement)
        titles = {
            name: found.title
            for name in (row.earlier_id if row else "", later.engagement_id if later else "")
            if name and (found := session.find(Engagement, name)) is not None
        }
        seen = _revisions(session, engagement) if row is not None else {}
    model = model_of(
        acting.database, acting.settings, opened.engagement.release_digest, acting.locale
    )
    earlier, after = (row.earlier_id if row else ""), (later.engagement_id if later else "")
    return RoundPlace(
        engagement=engagement,
        title=opened.engagement.title,
        earlier=earlier,
        earlier_title=titles.get(earlier, ""),
        later=after,
        later_title=titles.get(after, ""),
        given_on=row.given_on if row is not None else None,
        carried=tuple(
            CarriedFact(part, model.fact_parts[part].title, seen.get(part, 1) > 1)
            for part in (row.carried if row is not None else [])
            if part in model.fact_parts
        ),
    )


def _revisions(session: ScopedSession, engagement: str) -> Mapping[str, int]:
    sheets = [row.id for row in responses_of(session, engagement) if row.kind == FACTS]
    return {answer.item: answer.revision for answer in current_answers(session, sheets)}


# -- beginning a round ---------------------------------------------------------------------------


def round_offer(acting: Acting, engagement: str) -> RoundOffer:
    """Return what a next round would take over; raises ``NotFoundError`` and ``ConflictError``."""
    current = _answered(acting, engagement)
    model, carried = _carried(acting, current)
    row = current.gathered.opened.engagement
    return RoundOffer(
        title=row.title,
        given_on=current.diagnosis.as_of,
        facts=tuple(model.fact_parts[part].title for part in carried.facts),
        asked_again=len(carried.left),
        model_version=model.content.version,
        same_release=model.digest == current.model.digest,
    )


def _answered(acting: Acting, engagement: str) -> Current:
    current = current_diagnosis(acting, engagement)
    if not current.assessment.respondents and not current.assessment.facts:
        raise ConflictError("empty", "这一轮还没有任何答案，没有可比的。请先做完诊断，再开下一轮。")
    return current


def _carried(acting: Acting, current: Current) -> tuple[MaturityModel, CarryOver]:
    """Return the newest release and what it takes over, in the person's language."""
    digest = keep_model(acting.database, acting.settings, current.model.content.id, acting.now)
    model = model_of(acting.database, acting.settings, digest, acting.locale)
    form = current.gathered.opened.engagement.form
    if form not in model.forms:
        raise ConflictError("no-form", "现在的模型里没有这份问卷了，不能按同一口径复诊。")
    carried = from_earlier_round(
        current.assessment, current.diagnosis.as_of, model, form, acting.today
    )
    return model, carried


def begin_round(
    acting: Acting,
    engagement: str,
    title: str,
    interviewed_on: date | None,
    note: str,
) -> str:
    """Begin the round after an engagement and return its id.

    It is a new engagement of the client under the newest release, with the same team and form.
    Levels and figures that move are asked again; facts that keep are filled in with ``note``, to
    be confirmed. Raises ``NotFoundError``, ``NotAllowedError``, ``RefusedError`` and
    ``ConflictError`` (``empty``, ``no-form``, ``begun``: there is a next round already).
    """
    acting.must_write()
    if not title.strip() or len(title) > NAME_LIMIT:
        raise RefusedError({"title": "请填写项目名称。"})
    current = _answered(acting, engagement)
    before = current.gathered.opened.engagement
    if interviewed_on is not None and interviewed_on <= current.diagnosis.as_of:
        raise RefusedError({"interviewed_on": "复诊要在上一轮访谈之后。"})
    model, carried = _carried(acting, current)
    digest = keep_model(acting.database, acting.settings, model.content.id, acting.now)
    try:
        with acting.writing() as session:
            open_engagement(acting, session, engagement)
            row = Engagement(
                id=new_id(),
                client_id=before.client_id,
                title=title.strip(),
                release_digest=digest,
                form=before.form,
                locale=before.locale,
                interviewed_on=interviewed_on,
                created_at=acting.now,
                created_by=acting.person,
            )
            session.add(row)
            session.flush()
            people = {*team_of(session, engagement), acting.person}
            session.add_all(
                TeamMember(engagement_id=row.id, member_id=person) for person in sorted(people)
            )
            session.add(
                Round(
                    engagement_id=row.id,
                    earlier_id=engagement,
                    given_on=carried.given_on,
                    carried=list(carried.facts),
                    at=acting.now,
                    by=acting.person,
                )
            )
            session.flush()
            _fill_in(acting, session, row, carried.facts, note)
            record(
                acting, session, "coaching.round_begun", "engagement", row.id, row.id,
                title=row.title, earlier=engagement, facts=len(carried.facts),
            )  # fmt: skip
            return row.id
    except TakenError:
        raise _already() from None


def _already() -> ConflictError:
    return ConflictError("begun", "这一轮之后已经开过复诊，请打开那个项目。")


def _fill_in(
    acting: Acting,
    session: ScopedSession,
    engagement: Engagement,
    facts: Mapping[str, FactValue],
    note: str,
) -> None:
    if not facts:
        return
    sheet = Response(
        id=new_id(),
        engagement_id=engagement.id,
        kind=FACTS,
        role="",
        label="",
        release_digest=engagement.release_digest,
        created_at=acting.now,
        created_by=acting.person,
        saved_at=acting.now,
    )
    session.add(sheet)
    session.flush()
    for part, fact in facts.items():
        logged = LoggedAnswer(
            response_id=sheet.id,
            item=part,
            revision=1,
            base=0,
            key=f"round-{part}"[:64],
            kind="given",
            value=encoded(fact.value),
            evidence=fact.evidence or "",
            note=note,
            quote="",
            digest="",
            standing=True,
            actor=acting.person,
            at=acting.now,
        )
        append_answer(session, sheet, logged, None)
    session.flush()


# -- comparing -----------------------------------------------------------------------------------


def compare_rounds(acting: Acting, engagement: str) -> Comparison:
    """Return an engagement beside the round it follows.

    Raises ``NotFoundError`` where it follows none or the earlier one is not for this person.
    """
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        row = round_of(session, engagement)
    if row is None:
        raise NotFoundError
    before = current_diagnosis(acting, row.earlier_id).diagnosis
    after = current_diagnosis(acting, engagement).diagnosis
    rescored, left_out = _rescored(before, after)
    return Comparison(
        found=compare(before, rescored, after),
        model=after.model,
        left_out=left_out,
        courses=tuple(_courses(acting, row.earlier_id)),
    )


def _rescored(before: Diagnosis, after: Diagnosis) -> tuple[Diagnosis, tuple[LeftOut, ...]]:
    if before.model.digest == after.model.digest:
        return before, ()
    readable = rescorable(before.assessment, after.model)
    day = before.as_of
    again = diagnose(after.model, readable.assessment, day, calendar=working_days(day))
    return again, readable.left_out


def _courses(acting: Acting, engagement: str) -> Iterator[KpiCourse]:
    """Yield the KPIs of an engagement that were measured at least twice, the phase's own first."""
    coached = find_coached(acting, engagement)
    if coached is None:
        return
    basis = check_in_basis(coached)
    measured = [line for line in basis.lines if _measured(basis.actuals, line)]
    measured.sort(key=lambda line: (line.kpi.id not in basis.focus, line.kpi.code))
    for line in measured[:TRENDS]:
        path = basis.paths.get(line.kpi.id)
        yield KpiCourse(line, trend(line.kpi.id, path, basis.actuals, coached.weeks))


def _measured(actuals: Actuals, line: KpiLine) -> bool:
    return len(actuals.series(line.kpi.id)) > 1
