"""A page asks the database as often for much more data: nothing is asked row by row."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from tests.web.matrix.cells import Cell, cells_of
from tests.web.matrix.judging import Court
from tests.web.matrix.multiplying import multiply
from tests.web.matrix.principals import PRINCIPALS
from tests.web.test_matrix import told

BY_NAME = {principal.name: principal for principal in PRINCIPALS}
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def pages(court: Court) -> Iterator[Cell]:
    """Return every page a member or a contact can open: as the consultant, else as others."""
    world = court.held.world
    for rule in world.app.url_map.iter_rules():
        for name in ("consultant on the team", "owner", "client contact"):
            opened = [
                cell
                for cell in cells_of(world, rule, BY_NAME[name])
                if cell.method == "GET" and cell.kind == "own" and cell.statuses == {200}
            ]
            if opened and rule.endpoint != "static":
                yield opened[0]
                break


def counted(court: Court, cell: Cell) -> int:
    """Return how many statements a page sends to the database when nothing is new to it."""
    world, statements = court.held.world, list[str]()

    def seen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.lstrip().upper().startswith(CONTROL):
            statements.append(statement)

    browser = world.app.test_client(use_cookies=False)
    headers = {"Cookie": cell.principal.cookie(world)}
    for _time in range(2):
        statements.clear()
        event.listen(court.held.connection, "before_cursor_execute", seen)
        answer = browser.get(
            cell.path, headers=headers, query_string=dict(cell.sent.query), buffered=True
        )
        event.remove(court.held.connection, "before_cursor_execute", seen)
        assert answer.status_code == 200, cell.name
    return len(statements)


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_no_page_asks_more_often_for_more_data(court: Court) -> None:
    cells = list(pages(court))
    assert len(cells) > 50
    few = {cell.name: counted(court, cell) for cell in cells}
    court.held.undo()
    multiply(court.held, court.held.world.houses["a"])
    many = {cell.name: counted(court, cell) for cell in cells}
    court.held.undo()
    grown = [f"{name}: {few[name]} → {many[name]}" for name in few if many[name] != few[name]]
    assert not grown, told(grown)
    greedy = [f"{name}: {count} statements" for name, count in few.items() if count > MOST]
    assert not greedy, told(greedy)


MOST = 30
"""More than this for one page is a mistake whatever the data."""
