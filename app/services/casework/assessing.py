"""From a file of answers to a diagnosis."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.content.answers import model_named, read_assessment, refuse_controls
from app.content.loader import load_model
from app.content.translation import languages_in, translate
from app.domain.controls import Refusal, refusals
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import Assessment
from app.domain.world import World
from app.services.working_days import working_days


@dataclass(frozen=True, slots=True)
class Assessed:
    """A diagnosis with the digest of everything that went into it."""

    diagnosis: Diagnosis
    digest: str

    @property
    def locale(self) -> str:
        """The language of the diagnosis: that of its model."""
        return self.diagnosis.model.content.language


class UnknownLocaleError(Exception):
    """The model does not exist in the language asked for; ``known`` are the ones it has."""

    def __init__(self, locale: str, known: tuple[str, ...]) -> None:
        super().__init__(locale)
        self.known = known


@cache
def model_in(folder: Path) -> MaturityModel:
    """Load a model once per process; raises ``ContentError``."""
    return load_model(folder)


@cache
def translated_in(folder: Path, locale: str) -> MaturityModel:
    """Load a model's translation once per process; raises ``ContentError``."""
    return translate(model_in(folder), folder, locale)


def locales_of(folder: Path) -> tuple[str, ...]:
    """Return the languages of a model, its own first; raises ``ContentError``."""
    return (model_in(folder).content.language, *languages_in(folder))


def assess_file(
    answers: Path,
    questionnaires: Path,
    as_of: date | None,
    today: date,
    progress: Callable[[str], None],
    locale: str | None = None,
) -> Assessed:
    """Read, check and diagnose a file of answers.

    The diagnosis is dated ``as_of``, else the day of the interviews named in the file, else
    ``today``. ``locale`` is the language of the diagnosis, by default the model's own; the answers
    may be in any. Raises ``ContentError`` with every mistake in the answers or in the model, and
    with every control of the plan that does not fit the diagnosis; ``UnknownLocaleError``.
    """
    data = answers.read_bytes()
    progress("read")
    folder = questionnaires / model_named(data, answers.name, known_models(questionnaires))
    model = model_in(folder)
    assessment = read_assessment(data, answers.name, model)
    day = as_of or assessment.interviewed_on or today
    refuse_controls(refused_controls(model, assessment, day), data, answers.name, model)
    if locale is not None and locale not in locales_of(folder):
        raise UnknownLocaleError(locale, locales_of(folder))
    # Mistakes in answers are told in the language of their authors; what is found, in the locale.
    if locale is not None and locale != model.content.language:
        model = translated_in(folder, locale)
    diagnosis = diagnose(model, assessment, day, progress, working_days(day))
    digest = hashlib.sha256()
    for part in (model.digest.encode(), data, day.isoformat().encode()):
        digest.update(hashlib.sha256(part).digest())
    return Assessed(diagnosis, digest.hexdigest())


def refused_controls(
    model: MaturityModel, assessment: Assessment, as_of: date
) -> tuple[Refusal, ...]:
    """Return the controls that cannot be taken in a diagnosis of ``as_of``."""
    world, controls = World(model, assessment), assessment.controls
    # Scoring is the dear part, and only a target level asks for it.
    level = world.scorecard.level if controls.target_level is not None else None
    return refusals(
        controls, model=model, as_of=as_of, users=world.figures.number("users"), level=level
    )


def known_models(questionnaires: Path) -> tuple[str, ...]:
    """Return the ids of the model folders in ``questionnaires``."""
    return tuple(sorted(path.parent.name for path in questionnaires.glob("*/model.yaml")))
