"""The portfolio: who sees which client, what counts in benchmarks, what became of advice."""

from datetime import timedelta
from fractions import Fraction

import pytest

from app.domain.actuals import A_WEEK, week_of
from app.domain.benchmark_cells import INDEX, BenchmarkCell, Contribution
from app.services.coaching.actuals import enter_actuals
from app.services.engagements.offers import newest_model
from app.services.errors import NotAllowedError, NotFoundError, RefusedError
from app.services.portfolio.benchmarks import benchmarks
from app.services.portfolio.board import portfolio
from app.services.portfolio.consenting import set_consent
from tests.case_engagements import ENGAGEMENT
from tests.coached_cases import at
from tests.installations import NOW
from tests.kitchens import add_kitchen
from tests.people import Installed

CLIENT = f"c{ENGAGEMENT[1:]}"


def contributions(*clients: int) -> list[Contribution]:
    return [Contribution(f"client-{n}", "store-frequent", INDEX, Fraction(20 + n)) for n in clients]


def cell(
    installed: Installed, *clients: int, who: str = "viewer", knows: set[str] | None = None
) -> BenchmarkCell:
    acting = installed.acting(who)
    model = newest_model(installed.settings, "zh-Hans")
    return benchmarks(acting, model, contributions(*clients), knows or set())[INDEX, None]


def test_a_benchmark_needs_five_clients_and_says_on_how_many_it_rests(installed: Installed) -> None:
    assert cell(installed, 1, 2, 3, 4).kind == "none"
    found = cell(installed, 1, 2, 3, 4, 5)
    assert found.kind == "clients"
    assert found.n == 5
    assert found.median == 23
    assert found.clients == frozenset()


def test_what_was_shown_is_remembered_so_that_no_client_can_be_made_out(
    installed: Installed,
) -> None:
    assert cell(installed, 1, 2, 3, 4, 5).n == 5
    # One more would be told by the difference: the old cell stands until there are enough.
    assert cell(installed, 1, 2, 3, 4, 5, 60).median == 23
    assert cell(installed, *range(1, 11)).n == 10
    # One withdrew: the old cell may not stand, the new one would give it away.
    assert cell(installed, *range(1, 10)).kind == "none"


def test_who_knows_most_of_a_cell_does_not_see_it(installed: Installed) -> None:
    knows = {"client-1", "client-2"}
    assert cell(installed, 1, 2, 3, 4, 5, knows=knows).kind == "none"
    assert cell(installed, 1, 2, 3, 4, 5).kind == "clients"


def test_the_portfolio_shows_the_clients_one_sees_by_what_they_came_to(
    coached_case: Installed,
) -> None:
    add_kitchen(coached_case, team=(), answered=False)
    found = portfolio(coached_case.acting("consultant"))
    (row,) = found.clients
    assert row.client == CLIENT
    assert row.standing.index is not None
    assert row.standing.stage is not None
    assert row.standing.limiting is not None
    assert not row.stale
    assert found.waiting == 0
    assert [line.clients for line in found.archetypes] == [1]
    assert {cell.kind for cell in found.cells} == {"prior"}
    assert portfolio(coached_case.acting("owner")).waiting == 1
    assert portfolio(coached_case.acting("colleague")).clients == ()


def test_a_client_counts_only_while_it_agrees_and_every_saying_is_kept(
    coached_case: Installed,
) -> None:
    acting = coached_case.acting("consultant")
    assert portfolio(acting).clients[0].agreed is None
    with pytest.raises(RefusedError):
        set_consent(acting, CLIENT, agreed=True, note=" ")
    set_consent(acting, CLIENT, agreed=True, note="总经理当面同意")
    found = portfolio(acting)
    assert (found.agreed, found.clients[0].consent_note) == (1, "总经理当面同意")
    set_consent(acting, CLIENT, agreed=False, note="")
    assert portfolio(acting).agreed == 0
    with pytest.raises(NotAllowedError):
        set_consent(coached_case.acting("viewer"), CLIENT, agreed=True, note="x")
    with pytest.raises(NotFoundError):
        set_consent(coached_case.acting("colleague"), CLIENT, agreed=True, note="x")


def test_advice_is_told_with_what_its_kpis_did_before_and_after(coached_case: Installed) -> None:
    acting = coached_case.acting("consultant")
    week = week_of(NOW.date())
    for place, value in enumerate(("10", "14", "18", "22")):
        on = week + (place - 3) * A_WEEK
        enter_actuals(at(coached_case, on + timedelta(days=6)), ENGAGEMENT, on, {"add-rate": value})
    later = coached_case.acting("consultant", now=NOW + timedelta(days=30))
    lines = {line.rule: line for line in portfolio(later).advice}
    assert lines
    assert all(line.clients == 1 for line in lines.values())
    begun = [line for line in lines.values() if line.reached["begun"]]
    assert begun
    moves = [move for line in begun for move in line.moves if move.kpi == "add-rate"]
    assert moves
    assert all(move.n == 1 and move.improved == 1 for move in moves)
    assert portfolio(acting).advice


def test_another_consultancy_sees_nothing_of_it(coached_case: Installed) -> None:
    set_consent(coached_case.acting(), CLIENT, agreed=True, note="同意")
    portfolio(coached_case.acting())
    other = portfolio(coached_case.acting("owner", coached_case.second))
    assert other.clients == ()
    assert other.agreed == 0
