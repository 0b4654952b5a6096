"""The portfolio of a consultancy: every client a person sees, and what they have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from app.domain.actuals import Actuals, KpiActual
from app.domain.adoption import Advice, AdviceLine, Advised, advice_lines, advice_of
from app.domain.benchmark_cells import BenchmarkCell, Contribution, contributions_of
from app.domain.model import MaturityModel
from app.domain.portfolio import ArchetypeLine, ClientStanding, by_archetype
from app.services.access import sees_as
from app.services.acting import Acting
from app.services.engagements.offers import newest_model
from app.services.engagements.progress import EDITION, Progress, progress_from
from app.services.engagements.undertaking import engagement_view
from app.services.portfolio.benchmarks import benchmarks, figures_of
from app.services.portfolio.standing import Standing, client_standing
from app.store.coaching import latest_entries
from app.store.portfolio import PortfolioRow, consents, portfolio_rows
from app.store.rows import BenchmarkConsent

RENEWED: Final = 6
"""Engagements computed anew for one look: each takes a diagnosis."""
LOOKED_BACK: Final = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in the portfolio, by its newest answered engagement.

    ``stale`` says that something changed since ``standing`` was computed; ``agreed`` whether it
    counts in benchmarks, None where nobody asked. ``advice`` is that of the newest round whose plan
    was decided, else of the newest.
    """

    client: str
    name: str
    engagement: str
    title: str
    standing: ClientStanding
    stale: bool
    agreed: bool | None
    consent_note: str
    advice: tuple[Advised, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything the page shows, by what the person may see.

    ``waiting`` clients have no answers yet. ``cells`` are the benchmarks of ``archetype`` (None:
    of all) in the order of the model; ``fewest`` is the smallest number of clients in one.
    """

    model: MaturityModel
    clients: tuple[ClientRow, ...]
    waiting: int
    archetypes: tuple[ArchetypeLine, ...]
    archetype: str | None
    cells: tuple[BenchmarkCell, ...]
    agreed: int
    fewest: int
    advice: tuple[AdviceLine, ...]


def portfolio(acting: Acting, archetype: str | None = None) -> Portfolio:
    """Return the portfolio a person sees; an unknown ``archetype`` counts as none."""
    model = newest_model(acting.settings, acting.locale)
    if archetype not in model.archetypes:
        archetype = None
    rows, agreed = _renewed(acting)
    every = _clients(rows, agreed)
    seen = {row.client for row in _seen(acting)}
    shown = tuple(one for one in every if one.client in seen)
    actuals = _actuals(acting, rows)
    cells = benchmarks(acting, model, _contributions(every, actuals), {one.client for one in shown})
    advice = _advice(acting, model, shown, actuals)
    return Portfolio(
        model=model,
        clients=shown,
        waiting=len(seen - {one.client for one in shown}),
        archetypes=by_archetype(one.standing for one in shown),
        archetype=archetype,
        cells=tuple(
            cell
            for figure in figures_of(model)
            if (cell := cells[figure, archetype]).kind != "none"
        ),
        agreed=sum(one.agreed is True for one in every),
        fewest=model.content.coaching.benchmark_clients,
        advice=advice_lines(model, advice),
    )


def _seen(acting: Acting) -> Sequence[PortfolioRow]:
    with acting.reading() as session:
        return portfolio_rows(session, sees_as(acting), EDITION)


def _renewed(
    acting: Acting,
) -> tuple[Sequence[PortfolioRow], Mapping[str, BenchmarkConsent]]:
    """Return the engagements of the whole consultancy, a few of the person's own computed anew."""
    old = [row for row in _seen(acting) if row.stale]
    for row in old[:RENEWED]:
        engagement_view(acting, row.engagement)
    with acting.reading() as session:
        return portfolio_rows(session, None, EDITION), consents(session)


def _clients(
    rows: Iterable[PortfolioRow], agreed: Mapping[str, BenchmarkConsent]
) -> tuple[ClientRow, ...]:
    """Return every client by its newest answered engagement, the highest index first."""
    grouped: dict[str, list[tuple[PortfolioRow, Progress]]] = {}
    for row in rows:
        progress = progress_from(row.document) if row.document else None
        if progress is not None and progress.completeness.begun and progress.answered:
            grouped.setdefault(row.client, []).append((row, progress))
    found = []
    for client, rounds in grouped.items():
        row, progress = rounds[0]
        said = agreed.get(client)
        previous = next((older.index for _row, older in rounds[1:]), None)
        found.append(
            ClientRow(
                client=client,
                name=row.client_name,
                engagement=row.engagement,
                title=row.title,
                standing=client_standing(
                    client, progress.standing, progress.index, progress.level,
                    shares=said is not None and said.agreed,
                    previous=previous, rounds=len(rounds),
                ),
                stale=bool(row.stale),
                agreed=said.agreed if said is not None else None,
                consent_note=said.note if said is not None else "",
                advice=_newest_advice([each.standing for _row, each in rounds]),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=_place))


def _newest_advice(rounds: Sequence[Standing]) -> tuple[Advised, ...]:
    planned = (each.advice for each in rounds if any(one.planned for one in each.advice))
    return next(planned, rounds[0].advice)


def _place(row: ClientRow) -> tuple[bool, Fraction, str]:
    index = row.standing.index
    return index is None, -(index or Fraction(0)), row.name


def _actuals(acting: Acting, rows: Iterable[PortfolioRow]) -> Mapping[str, Actuals]:
    """Return the weekly figures of every client; where two rounds speak of a week, the newer's."""
    owner = {row.engagement: row.client for row in reversed(list(rows))}
    newer = {engagement: place for place, engagement in enumerate(owner)}
    since = acting.today - LOOKED_BACK
    with acting.reading() as session:
        entries = latest_entries(session, owner, since) if owner else []
    grouped: dict[str, dict[tuple[str, date], KpiActual]] = {}
    for entry in sorted(entries, key=lambda entry: newer[entry.engagement_id]):
        actual = KpiActual(entry.kpi, entry.week, Fraction(entry.value or 0))
        grouped.setdefault(owner[entry.engagement_id], {})[entry.kpi, entry.week] = actual
    return {client: Actuals.of(own.values()) for client, own in grouped.items()}


def _contributions(
    clients: Iterable[ClientRow], actuals: Mapping[str, Actuals]
) -> tuple[Contribution, ...]:
    """Return what clients count with: of each KPI the newest figure."""
    found: list[Contribution] = []
    for one in clients:
        given = actuals.get(one.client, Actuals())
        newest = {actual.kpi: actual.value for actual in sorted(given.given, key=_week)}
        found += contributions_of(one.standing, newest)
    return tuple(found)


def _week(actual: KpiActual) -> int:
    return actual.week.toordinal()


def _advice(
    acting: Acting,
    model: MaturityModel,
    clients: Iterable[ClientRow],
    actuals: Mapping[str, Actuals],
) -> tuple[Advice, ...]:
    found: list[Advice] = []
    for one in clients:
        own = actuals.get(one.client, Actuals())
        found += advice_of(one.client, model, one.advice, own, acting.today)
    return tuple(found)
