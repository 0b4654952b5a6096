"""The desk of a plan: the same diagnosis under other decisions, and what cannot be decided."""

from dataclasses import dataclass, replace
from typing import Final

from app.domain.controls import Refusal, refusals
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.services.acting import Acting
from app.services.diagnosis.diagnosing import Current, current_diagnosis
from app.services.reports.readiness import is_empty

DIAGNOSED: Final = ("service_mode", "tested_capacity", "assumptions")
"""Controls that findings depend on too: load ratio and unit economics are conditions of rules."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an engagement's plans are made from, and the revision that counts (0: none yet)."""

    current: Current
    number: int

    @property
    def model(self) -> MaturityModel:
        """The model in the person's language."""
        return self.current.model

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis under the revision that counts, or the defaults."""
        return self.current.diagnosis

    @property
    def decided(self) -> PlanControls:
        """What the revision that counts decides; the defaults where there is none."""
        return self.diagnosis.plan.controls

    @property
    def is_bare(self) -> bool:
        """Whether nobody has answered anything: there is nothing to plan from."""
        return is_empty(self.current.assessment)

    def refused(self, controls: PlanControls) -> tuple[Refusal, ...]:
        """Return every control that cannot be decided for this client today."""
        return refusals(
            controls,
            model=self.model,
            as_of=self.diagnosis.as_of,
            users=self.diagnosis.basis.world.figures.number("users"),
            level=self.diagnosis.scorecard.level,
        )

    def under(self, controls: PlanControls) -> Diagnosis:
        """Return the diagnosis with the plan these controls make."""
        return diagnosis_under(self.diagnosis, controls)


def open_desk(acting: Acting, engagement: str) -> Desk:
    """Return the desk of an engagement in the person's language; raises ``NotFoundError``."""
    current = current_diagnosis(acting, engagement)
    plan = current.gathered.plan
    return Desk(current, plan.number if plan is not None else 0)


def diagnosis_under(diagnosis: Diagnosis, controls: PlanControls) -> Diagnosis:
    """Return the diagnosis as it is once ``controls`` are decided.

    What was found is kept, and the plan alone made anew, unless a control changes what rules read.
    """
    standing = diagnosis.plan.controls
    if controls == standing:
        return diagnosis
    assessment = replace(diagnosis.assessment, controls=controls)
    if any(getattr(controls, name) != getattr(standing, name) for name in DIAGNOSED):
        return diagnose(
            diagnosis.model, assessment, diagnosis.as_of, calendar=diagnosis.basis.calendar
        )
    return replace(diagnosis, assessment=assessment, plan=diagnosis.what_if(controls))
