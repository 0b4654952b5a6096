"""Much more of everything, copied row by row: for what must not grow with the data."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert

from app.store.rows import Base
from app.store.types import new_id
from tests.web.matrix.holding import Held, rows_of
from tests.web.matrix.world import House

COPIES: Final = 8
"""Engagements more than before, with their clients, people and lines of the record."""
WITHIN: Final = 2
"""How often the content of one engagement is copied into itself: fifteen interviews become 45."""
_UNIQUE: Final = ("token_hash",)
_NUMBERED: Final[Mapping[str, str]] = {
    "report": "version",
    "plan_revision": "number",
    "finding_decision": "number",
    "finding_comment": "number",
    "kpi_entry": "number",
    "task_settlement": "number",
    "gate_review": "number",
    "benchmark_consent": "number",
}
"""Tables whose rows are told apart by a number within their engagement."""
_PEOPLE: Final = (
    "member",
    "joining",
    "device_session",
    "password_reset",
    "self_check",
    "self_check_report",
    "lead",
)
_TABLES: Final = Base.metadata.tables

Row = dict[str, Any]


def multiply(held: Held, house: House) -> None:
    """Store eight more engagements of a house, and three times as much in the first one."""
    rows = [
        (table, dict(row))
        for (table, _key), row in rows_of(held.connection).items()
        if row.get("tenant_id") == house.tenant.id
    ]
    mine = _of_engagement(rows, house.works["mine"].ids["engagement"])
    for number in range(1, COPIES + 1):
        _store(held.connection, _people(rows, number))
        _store(held.connection, _copied(mine, number))
        if number <= WITHIN:
            _store(held.connection, _within(mine, number))
    _store(held.connection, _lines(rows))


def _of_engagement(rows: list[tuple[str, Row]], engagement: str) -> list[tuple[str, Row]]:
    """Return an engagement, its client and all that hangs on it."""
    known = {engagement, *(row["client_id"] for _table, row in rows if row.get("id") == engagement)}
    found: list[tuple[str, Row]] = []
    rest = [each for each in rows if each[0] not in ("audit_event", *_PEOPLE)]
    while True:
        more = [(table, row) for table, row in rest if _hangs_on(table, row, known)]
        if not more:
            return found
        found += more
        known |= {str(row["id"]) for _table, row in more if row.get("id")}
        rest = [each for each in rest if each not in more]


def _hangs_on(table: str, row: Row, known: set[str]) -> bool:
    # An engagement hangs on its client; here the client hangs on it.
    if table in ("client", "engagement"):
        return row["id"] in known
    return any(row.get(name) in known for name in (*_links(table), "subject"))


def _links(table: str) -> list[str]:
    names = ("client_id", "engagement_id", "response_id", "report_id", "invitation_id",
             "contact_id")  # fmt: skip
    return [name for name in names if name in _TABLES[table].columns]


def _copied(rows: list[tuple[str, Row]], number: int) -> list[tuple[str, Row]]:
    """Return another engagement like this one, of another client."""
    return _renamed(rows, {str(row["id"]) for _table, row in rows if row.get("id")}, number)


def _within(rows: list[tuple[str, Row]], number: int) -> list[tuple[str, Row]]:
    """Return the same people, files and decisions once more in the same engagement."""
    kept = (
        *("client", "engagement", "team_member", "engagement_progress", "presence"),
        *("pulse_poster", "comment_notice"),
    )
    inside = [
        (table, row)
        for table, row in rows
        if table not in kept and row.get("kind") not in ("facts", "adjudication")
    ]
    parents = {str(row["id"]) for _table, row in inside if row.get("id")}
    alone = [
        (table, row)
        for table, row in inside
        if "response_id" not in row or row["response_id"] in parents
    ]
    copies = _renamed(alone, parents, number)
    for table, row in copies:
        if table in _NUMBERED:
            row[_NUMBERED[table]] += 100 * number
        if table == "contact":
            row["email"] = f"{number}-{row['email']}"
        if table in ("response", "invitation"):
            row["label"] = f"{row['label']} {number}"
        if table == "coached_unit":
            row["name"] = f"{row['name']} {number}"
    return copies


def _renamed(rows: list[tuple[str, Row]], ids: set[str], number: int) -> list[tuple[str, Row]]:
    names = {name: new_id() for name in ids}
    copies = []
    for table, row in rows:
        copy = {name: names.get(value, value) if isinstance(value, str) else value
                for name, value in row.items()}  # fmt: skip
        for name in _UNIQUE:
            if copy.get(name):
                copy[name] = _another(copy[name], number, copy.get("id"))
        copies.append((table, copy))
    return copies


def _people(rows: list[tuple[str, Row]], number: int) -> list[tuple[str, Row]]:
    people = [(table, row) for table, row in rows if table in _PEOPLE]
    # Devices stay those of the people they belong to: one person with many of them.
    members = {str(row["id"]) for table, row in people if table != "member"}
    copies = _renamed([each for each in people if each[0] != "member"], members, number)
    others = _renamed(
        [each for each in people if each[0] == "member"],
        {str(row["id"]) for table, row in people if table == "member"},
        number,
    )
    for _table, row in others:
        row["email"] = f"{number}-{row['email']}"
    return [*others, *copies]


def _lines(rows: list[tuple[str, Row]]) -> list[tuple[str, Row]]:
    lines = [row for table, row in rows if table == "audit_event"]
    last = max(row["number"] for row in lines)
    return [
        ("audit_event", {**row, "number": row["number"] + last * number})
        for number in range(1, COPIES + 1)
        for row in lines
    ]


def _another(digest: str, number: int, name: object) -> str:
    return hashlib.sha256(f"{digest}{number}{name}".encode()).hexdigest()


def _store(connection: Connection, rows: list[tuple[str, Row]]) -> None:
    order: Callable[[str], int] = [t.name for t in Base.metadata.sorted_tables].index
    by_table: dict[str, list[Row]] = {}
    for table, row in rows:
        by_table.setdefault(table, []).append(row)
    for table in sorted(by_table, key=order):
        connection.execute(insert(_TABLES[table]), by_table[table])
