"""A store enterprise with a decided plan: what tests of coaching look at."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from app.domain.actuals import A_WEEK, ENTERPRISE, Actuals, KpiActual, week_of
from app.domain.check_in import CheckInBasis
from app.domain.diagnosis import Diagnosis
from app.domain.due_tasks import Unit
from app.domain.execution import TrackedTask
from app.domain.kpi import KpiLine
from app.domain.kpi_path import KpiPath, kpi_path
from app.domain.plan import Plan
from app.domain.roadmap import PlannedPhase, Roadmap
from tests.enterprises import private_domain_model
from tests.standard_enterprise import standard_diagnosis

MODEL = private_domain_model()


@cache
def diagnosis() -> Diagnosis:
    """Return the diagnosis of an enterprise of twenty stores that starts its pilot."""
    return standard_diagnosis(MODEL, 2000, 800, stores=20, archetype="store-frequent")


def plan() -> Plan:
    """Return its plan: align, pilot from 5 December 2026 on (a Saturday), and what follows."""
    return diagnosis().plan


def roadmap() -> Roadmap:
    """Return the plan's roadmap."""
    found = plan().roadmap
    assert found is not None
    return found


def phase(name: str, of: Roadmap | None = None) -> PlannedPhase:
    """Return a dated phase."""
    return next(one for one in (of or roadmap()).phases if one.phase.id == name)


def lines() -> dict[str, KpiLine]:
    """Return the KPI lines of the plan by id."""
    return {line.kpi.id: line for line in plan().kpis}


def path(kpi: str) -> KpiPath:
    """Return the path of a KPI."""
    found = kpi_path(lines()[kpi], plan(), roadmap())
    assert found is not None
    return found


def stores(count: int, first: date | None = None) -> tuple[Unit, ...]:
    """Return pilot stores that take part from a day on, by default the first of the pilot."""
    return tuple(Unit(f"store-{n}", first or roadmap().start) for n in range(1, count + 1))


def weekly(
    kpi: str, first: date, values: Iterable[object], unit: str = ENTERPRISE
) -> list[KpiActual]:
    """Return actuals of weeks in a row, the first in the week of ``first``; None leaves one out."""
    return [
        KpiActual(kpi, week_of(first) + number * A_WEEK, Fraction(str(value)), unit)
        for number, value in enumerate(values)
        if value is not None
    ]


def basis(
    actuals: Iterable[KpiActual],
    tracked: Iterable[TrackedTask] = (),
    *,
    focus: frozenset[str] = frozenset(),
    changed: Iterable[KpiLine] = (),
) -> CheckInBasis:
    """Return what a check-in is held against; ``changed`` lines replace the plan's own."""
    own = lines() | {line.kpi.id: line for line in changed}
    paths = {
        name: found
        for name, line in own.items()
        if (found := kpi_path(line, plan(), roadmap())) is not None
    }
    return CheckInBasis(
        world=diagnosis().basis.world,
        lines=tuple(own.values()),
        paths=paths,
        tasks=roadmap().tasks,
        actuals=Actuals.of(actuals),
        tracked=tuple(tracked),
        focus=focus,
    )


def day(number: int) -> date:
    """Return a day of the build, 1 being its first."""
    return roadmap().start + timedelta(days=number - 1)
