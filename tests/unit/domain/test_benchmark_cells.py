"""Benchmarks: five clients or the prior, always labelled, and nothing to be had by subtraction."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.benchmark_cells import (
    BenchmarkCell,
    Contribution,
    Snapshot,
    contributions_of,
    gives_away,
    prior,
    readable_by,
    rounded,
    snapshot,
)
from app.domain.portfolio import standing
from tests.coached import MODEL, diagnosis

FEWEST = MODEL.content.coaching.benchmark_clients
KINDS = list(MODEL.archetypes)
ONLINE, STORE = "online-frequent", "store-frequent"


def clients(archetype: str, numbers: Iterable[int], figure: str = "index") -> list[Contribution]:
    return [
        Contribution(f"{archetype}-{number}", archetype, figure, Fraction(10 + number))
        for number in numbers
    ]


def cells(given: list[Contribution], before: Snapshot | None = None) -> Snapshot:
    return snapshot(MODEL, given, ["index", "add-rate"], before)


def cell(found: Snapshot, archetype: str | None, figure: str = "index") -> BenchmarkCell:
    return found[figure, archetype]


def test_five_clients_make_a_benchmark_and_four_do_not() -> None:
    found = cells(clients(ONLINE, range(5)) + clients(STORE, range(4)))
    assert (cell(found, ONLINE).kind, cell(found, ONLINE).n) == ("clients", 5)
    assert cell(found, ONLINE).median == 12
    assert (cell(found, STORE).kind, cell(found, STORE).n) == ("none", 0)
    assert cell(found, STORE).median is None


def test_without_clients_a_kpi_shows_the_prior_of_its_archetype_with_its_grade() -> None:
    found = cells([])
    shown = cell(found, STORE, "add-rate")
    assert (shown.kind, shown.n, shown.grade) == ("prior", 0, "OPJ")
    assert shown.median == 30
    assert shown.basis
    assert cell(found, ONLINE, "add-rate").median == 8
    assert prior(MODEL, "group-entry-rate", None).median == 25  # the catalogue's own bound
    assert prior(MODEL, "method", None).kind == "none"


def test_the_whole_is_withheld_where_it_would_give_away_a_part() -> None:
    given = clients(ONLINE, range(6)) + clients(STORE, range(3))
    found = cells(given)
    assert cell(found, ONLINE).kind == "clients"
    assert cell(found, None).kind == "none"  # nine less six leaves three
    enough = cells(clients(ONLINE, range(6)) + clients(STORE, range(6)))
    assert (cell(enough, None).kind, cell(enough, None).n) == ("clients", 12)


def test_small_archetypes_together_may_still_stand_in_the_whole() -> None:
    given = clients(ONLINE, range(6)) + clients(STORE, range(3)) + clients(KINDS[1], range(2))
    found = cells(given)
    assert (cell(found, None).kind, cell(found, None).n) == ("clients", 11)


def test_quartiles_need_twice_as_many_because_five_would_show_single_clients() -> None:
    assert cell(cells(clients(ONLINE, range(9))), ONLINE).quartiles is None
    quartiles = cell(cells(clients(ONLINE, range(11))), ONLINE).quartiles
    assert quartiles is not None
    assert [int(one) for one in quartiles] == [12, 18]


def test_figures_are_rounded_so_that_a_median_is_nobody_s_exact_value() -> None:
    assert rounded(Fraction("63.4")) == 63
    assert rounded(Fraction("8.27")) == Fraction("8.3")
    assert rounded(Fraction(12345)) == 12000
    assert rounded(Fraction("-0.1234")) == Fraction("-0.12")
    assert rounded(Fraction(0)) == 0


def test_one_newcomer_does_not_renew_a_benchmark_but_five_do() -> None:
    first = cells(clients(ONLINE, range(5)))
    one_more = cells(clients(ONLINE, range(6)), first)
    assert cell(one_more, ONLINE) == cell(first, ONLINE)
    assert cell(one_more, None) == cell(first, None)
    five_more = cells(clients(ONLINE, range(10)), one_more)
    assert cell(five_more, ONLINE).n == 10


def test_one_slow_archetype_does_not_hold_up_another() -> None:
    first = cells(clients(ONLINE, range(5)) + clients(STORE, range(5)))
    later = cells(clients(ONLINE, range(10)) + clients(STORE, range(6)), first)
    assert cell(later, ONLINE).n == 10
    assert cell(later, STORE).n == 5
    # The whole would give the sixth store away.
    assert cell(later, None).n in (0, 10)


def test_new_values_of_the_same_clients_renew_a_benchmark() -> None:
    first = cells(clients(ONLINE, range(5)))
    risen = [
        Contribution(one.client, ONLINE, "index", one.value + 30)
        for one in clients(ONLINE, range(5))
    ]
    assert cell(cells(risen, first), ONLINE).median == 42


def test_who_withdraws_counts_no_more_and_is_not_given_away_by_it() -> None:
    first = cells(clients(ONLINE, range(6)))
    fewer = cells(clients(ONLINE, range(5)), first)
    assert cell(fewer, ONLINE).kind == "none"  # six less five would be the one who left
    again = cells(clients(ONLINE, range(5)), fewer)
    assert cell(again, ONLINE).kind == "none"  # and readers still remember the six
    grown = cells(clients(ONLINE, range(5)) + clients(ONLINE, range(20, 26)), fewer)
    assert cell(grown, ONLINE).n == 11


def test_a_client_does_not_read_a_benchmark_of_itself_and_four_others() -> None:
    found = cells(clients(ONLINE, range(5)))
    own = readable_by(MODEL, found, {f"{ONLINE}-0"})
    assert cell(own, ONLINE).kind == "none"
    stranger = readable_by(MODEL, found, {"somebody"})
    assert cell(stranger, ONLINE).kind == "clients"
    six = readable_by(MODEL, cells(clients(ONLINE, range(6))), {f"{ONLINE}-0"})
    assert cell(six, ONLINE).n == 6


def test_a_consultancy_reads_a_benchmark_of_its_own_clients_alone() -> None:
    found = cells(clients(ONLINE, range(5)))
    everyone = {f"{ONLINE}-{number}" for number in range(5)}
    assert cell(readable_by(MODEL, found, everyone), ONLINE).n == 5
    three = {f"{ONLINE}-{number}" for number in range(3)}
    assert cell(readable_by(MODEL, found, three), ONLINE).kind == "none"


def test_a_reader_never_gets_the_names_behind_a_cell() -> None:
    seen = readable_by(MODEL, cells(clients(ONLINE, range(8))), ())
    assert all(not one.clients for one in seen.values())


def test_only_who_agreed_and_said_what_it_is_counts() -> None:
    agreed = standing("c-1", diagnosis(), shares=True)
    given_values = contributions_of(agreed, {"add-rate": Fraction(9)})
    figures = {one.figure: one.value for one in given_values}
    assert figures["index"] == agreed.index
    assert figures["add-rate"] == 9
    assert set(MODEL.dimensions) <= set(figures)
    assert contributions_of(standing("c-2", diagnosis(), shares=False), {}) == ()
    assert contributions_of(replace(agreed, archetype=None), {}) == ()


def test_a_client_gives_one_value_of_a_figure() -> None:
    with pytest.raises(ValueError, match="two values"):
        cells(clients(ONLINE, range(2)) + clients(ONLINE, range(1)))


# -- nothing to be had by subtraction ------------------------------------------------------------


def found_by_hand(sets: list[frozenset[str]], known: frozenset[str]) -> bool:
    """Return the same by trying every whole with every choice of parts."""
    for whole in sets:
        inner = [part for part in sets if part < whole]
        for count in range(len(inner) + 1):
            for parts in combinations(inner, count):
                left = whole.difference(*parts) - known
                if 0 < len(left) < FEWEST:
                    return True
    return False


people = st.sets(st.sampled_from([str(n) for n in range(14)]))


@given(sets=st.lists(people, max_size=4), known=people)
def test_what_subtraction_gives_away_is_found(sets: list[set[str]], known: set[str]) -> None:
    frozen = [frozenset(one) for one in sets if one]
    known_ones = frozenset(known)
    assert gives_away(frozen, FEWEST, known_ones) == found_by_hand(frozen, known_ones)


@settings(max_examples=60)
@given(
    rounds=st.lists(
        st.dictionaries(
            st.integers(0, 30), st.integers(0, len(KINDS) - 1), min_size=0, max_size=31
        ),
        min_size=1,
        max_size=4,
    ),
    known=st.sets(st.integers(0, 30)),
)
def test_no_snapshot_with_the_one_before_it_gives_a_few_clients_away(
    rounds: list[dict[int, int]], known: set[int]
) -> None:
    before: Snapshot | None = None
    for members in rounds:
        given_values = [
            Contribution(str(client), KINDS[kind], "index", Fraction(client))
            for client, kind in members.items()
        ]
        found = snapshot(MODEL, given_values, ["index"], before)
        shown = [one.clients for one in found.values() if one.kind == "clients"]
        earlier = [one.clients for one in (before or {}).values() if one.kind == "clients"]
        assert not gives_away([*shown, *earlier], FEWEST)
        for one in found.values():
            assert one.kind != "clients" or one.n == len(one.clients) >= FEWEST
            assert one.kind == "clients" or one.n == 0
            if one.kind == "clients":
                assert one.clients <= {str(client) for client in members}
        names = frozenset(str(client) for client in known)
        read = readable_by(MODEL, found, names)
        legible = [found[key].clients for key, one in read.items() if one.kind == "clients"]
        assert not gives_away(legible, FEWEST, names)
        before = found
