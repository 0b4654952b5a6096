"""Every route × method × person × whose ids: nobody gets, learns or changes what is not theirs.

The cells are generated from the application; see ``tests.web.matrix``. On PostgreSQL a selection of
the people is sent through every route: those for whom the database decides, not the door.
"""

from dataclasses import replace

import pytest

from app.web.policies import right_of
from tests.web.matrix.cells import METHODS, cells, is_registered, unlisted, unregistered
from tests.web.matrix.judging import Court
from tests.web.matrix.principals import PRINCIPALS, Principal, unexplained

BY_NAME = {principal.name: principal for principal in PRINCIPALS}
DECIDED_BY_ROWS = (
    "consultant on the team",
    "consultant not on the team",
    "other tenant's owner",
    "respondent",
    "other tenant's respondent",
    "visitor",
)
PLACES = [
    *(pytest.param("sqlite", one, id=f"sqlite-{one.name}") for one in PRINCIPALS),
    *(
        pytest.param("postgresql", replace(BY_NAME[name], thorough=False), id=f"postgresql-{name}")
        for name in DECIDED_BY_ROWS
    ),
]
SHOWN = 40


def told(faults: list[str]) -> str:
    """Return faults as a failure shows them."""
    more = [f"… and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    return "\n".join([*faults[:SHOWN], *more])


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_every_parameter_of_every_route_has_a_value(court: Court) -> None:
    lacking = unregistered(court.held.world.app)
    assert not lacking, told(lacking)


def test_every_right_has_an_answer_for_everybody() -> None:
    lacking = unexplained()
    assert not lacking, told(lacking)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_no_route_and_no_method_is_left_out(court: Court) -> None:
    world = court.held.world
    sent = {
        (cell.rule, cell.method)
        for principal in PRINCIPALS
        for cell in cells(world, principal)
        if cell.kind == "own"
    }
    missing = [
        f"{method} {rule.rule}"
        for rule in world.app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or ()) and (rule.rule, method) not in sent
    ]
    assert not missing, told(missing)


@pytest.mark.parametrize(("court", "principal"), PLACES, indirect=["court"], scope="module")
def test_nobody_gets_or_changes_what_is_not_theirs(court: Court, principal: Principal) -> None:
    faults = court.faults(cells(court.held.world, principal))
    assert not faults, told(faults)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["owner", "anonymous"])
def test_methods_a_route_does_not_take_are_refused(court: Court, name: str) -> None:
    world = court.held.world
    faults = [
        fault
        for rule in world.app.url_map.iter_rules()
        if is_registered(rule)
        for fault in court.faults(unlisted(world, rule, BY_NAME[name]))
    ]
    assert not faults, told(faults)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_what_routes_can_be_asked_is_told_without_an_error(court: Court) -> None:
    app = court.held.world.app
    for rule in app.url_map.iter_rules():
        if not rule.arguments and right_of(app, rule.endpoint) is not None:
            assert app.test_client().options(rule.rule).status_code < 500
