"""What a self-check comes to: the page and the paper are made from one set of frozen inputs.

So they can never say two things. Nobody named the enterprise; the report calls it "your company".
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from app.content.answers import write_assessment
from app.content.answers.facts import contradictions
from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, ClientProfile, FactValue, Respondent
from app.reporting.context import selfcheck
from app.reporting.context.selfcheck import SelfCheck as Printed
from app.reporting.context.source import Source
from app.services.acting import Acting
from app.services.answers.values import decoded
from app.services.casework.assessing import Assessed
from app.services.casework.issuing import definition_for, report_of
from app.services.errors import ConflictError
from app.services.files import file_store
from app.services.interviews.so_far import FactConflict
from app.services.releases import release_folder
from app.services.reports.frozen import FrozenReport, assessed_again, digest_of
from app.services.selfcheck.answering import asked_of, model_under, own_rows
from app.services.selfcheck.house import CheckHouse
from app.store.rows import SelfCheck

NO_RESULT: Final = "no-result"
CONTRADICTORY: Final = "contradictory"

YOUR_COMPANY: Final = {"zh-Hans": "贵公司", "en": "Your company"}
"""What the report of somebody unnamed is made out to."""
_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Step:
    """One of the model's stages, as its name is read; ``is_now`` marks the one it was judged at."""

    title: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a self-check: ``printed`` is the report's own reading of it.

    ``index`` (0–100) and ``level`` are None where too little was answered. ``stages`` are those of
    the drawing, for screens it is too wide for.
    """

    printed: Printed
    index: Fraction | None
    level: int | None
    stages: tuple[Step, ...]


def own_result(acting: Acting) -> Result:
    """Return the stranger's result, in their language.

    Raises ``NotFoundError``, and ``ConflictError`` where there is none yet: "no-result" (no
    question has an answer), "contradictory" (facts that cannot be true together).
    """
    return result_from(own_frozen(acting, acting.locale))


def own_frozen(acting: Acting, locale: str) -> FrozenReport:
    """Return what the stranger's report is made from now; raises as ``own_result`` does."""
    with acting.reading() as session:
        check, _lead, house = own_rows(acting, session)
    return frozen_check(acting, check, house, locale)


def frozen_check(acting: Acting, check: SelfCheck, house: CheckHouse, locale: str) -> FrozenReport:
    """Return what the report of a self-check is made from; raises ``ConflictError``."""
    model = model_under(acting, check, "")
    assessment = assessment_of(check, house, model, YOUR_COMPANY.get(locale, "Your company"))
    people = assessment.respondents
    if all(given.value is None for person in people for given in person.answers.values()):
        raise ConflictError(NO_RESULT, "一道题都还没有答，看不出结果。")
    if next(contradictions(model, assessment), None) is not None:
        raise ConflictError(CONTRADICTORY, "有几项公司数据对不上，请先核对。")
    day = (check.saved_at or check.created_at).astimezone(ZoneInfo(house.zone)).date()
    answers = write_assessment(assessment, model)
    template = definition_for(model, assessment.form)
    digest = digest_of(
        check.release_digest,
        hashlib.sha256(answers).hexdigest(),
        day.isoformat(),
        locale,
        [house.confidentiality, house.logo],
        [template.id, template.version],
    )
    path = file_store(acting.settings).path(house.logo) if house.logo else None
    return FrozenReport(
        folder=release_folder(acting.database, acting.settings, check.release_digest),
        answers=answers,
        as_of=day,
        locale=locale,
        number=f"ZM-{day:%Y%m%d}-{digest[:4].upper()}",
        version=1,
        issued=day,
        digest=digest,
        confidentiality=house.confidentiality,
        logo=path.read_bytes() if path is not None and path.is_file() else b"",
    )


def result_from(frozen: FrozenReport) -> Result:
    """Return the result of frozen inputs, as their report reads it."""
    assessed = _assessed(frozen)
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, frozen.edition(definition.version), frozen.brand)
    card = assessed.diagnosis.scorecard
    stages = tuple(_stages(assessed.diagnosis))
    return Result(selfcheck.build(source), card.index, card.level, stages)


def _stages(diagnosis: Diagnosis) -> Iterator[Step]:
    verdict = diagnosis.stage
    if verdict is not None:
        for place, stage in enumerate(verdict.stages):
            yield Step(f"{stage.code} {stage.title}", place == verdict.verdict)


def diagnosis_from(frozen: FrozenReport) -> Diagnosis:
    """Return the diagnosis behind frozen inputs."""
    return _assessed(frozen).diagnosis


@lru_cache(maxsize=_KEPT)
def _assessed(frozen: FrozenReport) -> Assessed:
    return assessed_again(frozen)


# -- from answers to an assessment -----------------------------------------------------------------


def assessment_of(
    check: SelfCheck, house: CheckHouse, model: MaturityModel, company: str
) -> Assessment:
    """Return the answers of a self-check as the engine takes them."""
    form, _plan = asked_of(check, model)
    facts = facts_of(check.answers, model)
    answers = answers_of(check.answers, model)
    known = {item.id for item in model.content.archetypes if item.overlay is None}
    archetype, tier = _text(facts, "archetype"), _text(facts, "city-tier")
    people = (Respondent(check.role, "", answers),) if answers else ()
    return Assessment(
        form=form.id,
        client=ClientProfile(
            name=company,
            archetype=archetype if archetype in known else None,
            city_tier=tier,
            consultancy=house.who,
            consultant=house.consultant,
            contact=house.contact,
            accent=house.accent,
        ),
        facts=facts,
        respondents=people,
    )


def answers_of(given: Mapping[str, Any], model: MaturityModel) -> Mapping[str, Answer]:
    """Return the stored answers to questions, in the order of the model."""
    return {
        name: Answer(decoded(given[name]["value"], question.type) if _told(given[name]) else None)
        for name, question in model.questions.items()
        if name in given
    }


def facts_of(given: Mapping[str, Any], model: MaturityModel) -> Mapping[str, FactValue]:
    """Return the stored facts that say something, in the order of the model."""
    return {
        name: FactValue(cast(Any, decoded(given[name]["value"], part.type)))
        for name, part in model.fact_parts.items()
        if name in given and _told(given[name])
    }


def _told(said: Mapping[str, Any]) -> bool:
    return bool(said["kind"] == "given")


def _text(facts: Mapping[str, FactValue], part: str) -> str | None:
    return str(facts[part].value) if part in facts else None


def fact_conflicts(acting: Acting) -> tuple[FactConflict, ...]:
    """Return the stranger's facts that cannot be true together, in their language."""
    with acting.reading() as session:
        check, _lead, house = own_rows(acting, session)
    return tuple(_conflicts(check, house, model_under(acting, check)))


def _conflicts(check: SelfCheck, house: CheckHouse, model: MaturityModel) -> Iterator[FactConflict]:
    assessment = assessment_of(check, house, model, YOUR_COMPANY["en"])
    for part, _subject, message in contradictions(model, assessment):
        yield FactConflict(part, model.fact_of[part], message)
