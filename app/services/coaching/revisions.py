"""Who said what of a figure, and when: nothing that was entered is ever overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.services.acting import Acting
from app.store.coaching import entry_history, reporter_names


@dataclass(frozen=True, slots=True)
class Said:
    """One entry: ``value`` None took back what stood before; ``source`` is page or sheet."""

    value: Fraction | None
    note: str
    who: str
    at: datetime
    source: str


def said_in_week(
    acting: Acting, engagement: str, week: date
) -> Mapping[tuple[str, str], tuple[Said, ...]]:
    """Return everything said of a week (its Monday), by KPI and store, of each the oldest first."""
    with acting.reading() as session:
        rows = entry_history(session, engagement, week)
        names = reporter_names(session, {row.by for row in rows})
    found: dict[tuple[str, str], tuple[Said, ...]] = {}
    for row in rows:
        value = Fraction(row.value) if row.value else None
        said = Said(value, row.note, names.get(row.by, ""), row.at, row.source)
        key = (row.kpi, row.unit)
        found[key] = (*found.get(key, ()), said)
    return found
