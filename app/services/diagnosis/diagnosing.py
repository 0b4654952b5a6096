"""The diagnosis of an engagement as it stands now, computed once per state of its answers."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import Assessment, PlanControls
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.assembling import Gathered, assembled, gather
from app.services.releases import model_of
from app.services.working_days import working_days

_KEPT: Final = 24
_lock = Lock()
_known: "OrderedDict[Hashable, Diagnosis]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Current:
    """An engagement's diagnosis with the rows behind it."""

    gathered: Gathered
    model: MaturityModel
    diagnosis: Diagnosis

    @property
    def assessment(self) -> Assessment:
        """What the diagnosis was computed from."""
        return self.diagnosis.assessment


def current_diagnosis(acting: Acting, engagement: str, locale: str | None = None) -> Current:
    """Return the diagnosis of an engagement from everything answered so far.

    ``locale`` is the language of what it says, by default the person's own. Raises
    ``NotFoundError``. The same state is computed once per process and language.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        gathered = gather(session, opened)
    return diagnosed(acting, gathered, locale or acting.locale)


def diagnosed(
    acting: Acting, gathered: Gathered, locale: str, controls: PlanControls | None = None
) -> Current:
    """Return the diagnosis of rows already read; ``controls`` replace the plan decided last."""
    engagement = gathered.opened.engagement
    model = model_of(acting.database, acting.settings, engagement.release_digest, locale)
    day = diagnosis_day(gathered, acting.today)
    key = (acting.tenant, engagement.id, model.digest, day, gathered.stamp, _key(controls))
    with _lock:
        known = _known.get(key)
        if known is not None:
            _known.move_to_end(key)
    if known is None:
        known = diagnose(
            model, assembled(gathered, model, controls), day, calendar=working_days(day)
        )
        with _lock:
            _known[key] = known
            while len(_known) > _KEPT:
                _known.popitem(last=False)
    return Current(gathered, model, known)


def diagnosis_day(gathered: Gathered, today: date) -> date:
    """Return the day a diagnosis is dated: that of the interviews, else today."""
    return gathered.opened.engagement.interviewed_on or today


def _key(controls: PlanControls | None) -> str:
    return "" if controls is None else hashlib.sha256(repr(controls).encode()).hexdigest()
