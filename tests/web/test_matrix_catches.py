"""The matrix sees faults of isolation: each is planted, sent through a few routes, and noticed."""

from collections.abc import Iterator

import pytest

from tests.web.matrix.bugs import BUGS, Bug, planted
from tests.web.matrix.cells import Cell, cells_of
from tests.web.matrix.judging import Court
from tests.web.matrix.principals import PRINCIPALS
from tests.web.test_matrix import told

BY_NAME = {principal.name: principal for principal in PRINCIPALS}


def cells_for(court: Court, bug: Bug) -> Iterator[Cell]:
    """Return the cells of the routes a bug shows on."""
    world = court.held.world
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in bug.endpoints:
            yield from cells_of(world, rule, BY_NAME[bug.principal])


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name.replace(" ", "-"))
def test_a_planted_fault_is_seen_and_nothing_without_it(court: Court, bug: Bug) -> None:
    sound = court.faults(cells_for(court, bug))
    assert not sound, told(sound)
    with planted(bug, court.held.world):
        assert court.faults(cells_for(court, bug)), bug.name
