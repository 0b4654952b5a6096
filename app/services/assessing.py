"""From a file of answers to a diagnosis."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.content.answers import model_named, read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel


@dataclass(frozen=True, slots=True)
class Assessed:
    """A diagnosis with the digest of everything that went into it."""

    diagnosis: Diagnosis
    digest: str


@cache
def model_in(folder: Path) -> MaturityModel:
    """Load a model once per process; raises ``ContentError``."""
    return load_model(folder)


def assess_file(
    answers: Path,
    questionnaires: Path,
    as_of: date | None,
    today: date,
    progress: Callable[[str], None],
) -> Assessed:
    """Read, check and diagnose a file of answers.

    The diagnosis is dated ``as_of``, else the day of the interviews named in the file, else
    ``today``. Raises ``ContentError`` with every mistake in the answers or in the model.
    """
    data = answers.read_bytes()
    progress("read")
    model = model_in(questionnaires / model_named(data, answers.name, known_models(questionnaires)))
    assessment = read_assessment(data, answers.name, model)
    day = as_of or assessment.interviewed_on or today
    diagnosis = diagnose(model, assessment, day, progress)
    digest = hashlib.sha256()
    for part in (model.digest.encode(), data, day.isoformat().encode()):
        digest.update(hashlib.sha256(part).digest())
    return Assessed(diagnosis, digest.hexdigest())


def known_models(questionnaires: Path) -> tuple[str, ...]:
    """Return the ids of the model folders in ``questionnaires``."""
    return tuple(sorted(path.parent.name for path in questionnaires.glob("*/model.yaml")))
