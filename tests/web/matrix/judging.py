"""What every answer is held against: status, foreign like missing, marks, stored rows."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import FileStorage

from app.web.policies import Right
from tests.accounts import Postbox
from tests.people import Installed
from tests.web.matrix.cells import SAFE, Cell
from tests.web.matrix.holding import Held, Key, Rows
from tests.web.matrix.marks import Mark, marks_in
from tests.web.matrix.principals import Door, Principal
from tests.web.matrix.registry import NAMED, RECORDED

_ID: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_RANDOM: Final = (
    re.compile(rb'name="csrf_token" value="[^"]*"'),
    re.compile(rb'name="csrf-token" content="[^"]*"'),
)
_NOT_TOLD: Final = ("set-cookie", "date")
_NOBODYS: Final = frozenset({"attempt", "release"})
"""Tables without a tenant that a request may write: failed tries at a door, frozen models."""
_ANYBODYS: Final = frozenset({"consent_text", "contact_link", "self_check"})
"""What whoever likes may begin, signed in or not: a public self-check, a letter with a link into
the portal to the address it belongs to."""
_OWNERS: Final = frozenset({"consultancy", "joining", "member"})
"""What owners alone may change, but for one's own row."""
_VIEWERS: Final = frozenset({"audit_event", "device_session", "member", "outbox", "password_reset"})
"""What people who only look may change: their own account."""
_REFUSALS: Final = ("access.forbidden", "access.missing")
"""Actions of lines that tell of a refusal."""


@dataclass(frozen=True)
class Answer:
    """What came back, and what the request changed in the database."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    changed: Mapping[Key, tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]
    mails: bytes = b""
    broke: str = ""


@dataclass
class Court:
    """Sends cells and holds their answers against everything that is promised."""

    held: Held
    owners: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Id of a row → its house and engagement (empty where it is the house's)."""
    asked: int = 0
    scopes: "Scopes" = field(init=False)

    def __post_init__(self) -> None:
        self.scopes = Scopes.of(self.held, self.held.before)
        self.owners = {
            str(row["id"]): self.scopes.scope(table, row)
            for (table, _key), row in self.held.before.items()
            if "id" in row and "tenant_id" in row
        }

    def faults(self, cells: Iterable[Cell]) -> list[str]:
        """Send every cell and return what was wrong, each said in one line."""
        found: list[str] = []
        answers: dict[tuple[str, str, str], tuple[Cell, Answer]] = {}
        for cell in cells:
            answer = self.send(cell)
            answers[cell.rule, cell.method, cell.kind] = cell, answer
            found += [f"{cell.name}: {fault}" for fault in self.judged(cell, answer)]
        for cell, answer in answers.values():
            twin = answers.get((cell.rule, cell.method, cell.twin))
            if cell.twin and twin is not None:
                found += [f"{cell.name}: {fault}" for fault in _told_apart(cell, answer, *twin)]
        return found

    # -- sending -------------------------------------------------------------------------------

    def send(self, cell: Cell) -> Answer:
        """Send one request, note what it wrote, and take it back."""
        world = self.held.world
        self.asked += 1
        self.held.statements.clear()
        client = world.app.test_client(use_cookies=False)
        headers = {}
        if cookie := cell.principal.cookie(world):
            headers["Cookie"] = cookie
        with _breaking(world.app) as broken:
            response = client.open(
                cell.path,
                method=cell.method,
                headers=headers,
                query_string=dict(cell.sent.query),
                json=cell.sent.json,
                data=fresh(cell.sent.form) if cell.sent.json is None else None,
                buffered=True,
            )
            body = response.get_data()
        changed = dict(self.held.changed())
        mails = self._mails() if any(table == "outbox" for table, _ in changed) else b""
        if self.held.statements:
            self.held.undo()
        return Answer(
            response.status_code, dict(response.headers), body, changed, mails, "".join(broken)
        )

    def _mails(self) -> bytes:
        world = self.held.world
        first, second = (world.houses[letter].tenant for letter in ("a", "b"))
        installed = Installed(world.database, world.settings, first, second, world.app)
        taken = Postbox(installed).collect()
        return "\n".join(f"{mail.to} {mail.subject} {mail.text}" for mail in taken).encode()

    # -- judging -------------------------------------------------------------------------------

    def judged(self, cell: Cell, answer: Answer) -> Iterator[str]:
        """Return what is wrong with an answer by itself."""
        if answer.status >= 500 and answer.status not in cell.statuses:
            last = " | ".join(answer.broke.splitlines()[-3:])
            yield f"broke with {answer.status}: {last}"
            return
        if answer.status not in cell.statuses:
            allowed = " or ".join(map(str, sorted(cell.statuses)))
            yield f"answered {answer.status}, not {allowed}"
        yield from _at_the_door(cell, answer)
        yield from self._leaks(cell, answer)
        yield from self._rows(cell, answer)
        yield from _unrecorded(cell, answer)

    def _leaks(self, cell: Cell, answer: Answer) -> Iterator[str]:
        known = _may_see(cell)
        headers = "\n".join(answer.headers.values()).encode()
        for mark in sorted(map(str, marks_in(answer.body) | marks_in(headers))):
            if mark not in known:
                yield f"shows {mark}"
        for mark in sorted(map(str, marks_in(answer.mails))):
            if not mark.lower().startswith(f"canary{cell.principal.house}"):
                yield f"mails {mark}"
        given = {*cell.ids, *cell.path.split("/")}
        for name in {found.decode() for found in _ID.findall(answer.body)} - given:
            house, work = self.owners.get(name, (cell.principal.house, ""))
            if house != cell.principal.house or (work and work not in _works(cell.principal)):
                yield f"shows the id {name} of {house}/{work}"

    def _rows(self, cell: Cell, answer: Answer) -> Iterator[str]:
        """Return what was written that must not be, each kind of it once."""
        if not answer.changed:
            return
        refused = answer.status >= 400 or cell.method in SAFE or cell.door is not Door.OPEN
        now = {key: row for key, (_before, row) in answer.changed.items() if row is not None}
        scopes = self.scopes.knowing(now)
        told = Counter[str]()
        for (table, _key), (before, after) in answer.changed.items():
            if table in _NOBODYS or _only_a_sign_of_life(table, before, after):
                continue
            if table == "audit_event" and before is None and cell.endpoint in RECORDED:
                continue
            house, work = scopes.scope(table, after or before or {})
            at_home = house == cell.principal.house
            if at_home and answer.status in (403, 404) and _tells_of_the_refusal(table, after):
                told.update(_strange(cell, table, after or {}))
                continue
            if refused:
                told[f"changed {table} of {house}/{work} though it answered {answer.status}"] += 1
            elif house != cell.principal.house:
                told[f"changed {table} of house {house}"] += 1
            elif work and work not in _works(cell.principal) | cell.opened:
                told[f"changed {table} of the engagement {house}/{work}"] += 1
            told.update(_beyond(cell, self.held, table, after or before or {}))
            if after is not None:
                told.update(_strange(cell, table, after))
        yield from (f"{fault} ({count} rows)" for fault, count in sorted(told.items()))


# -- pieces ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scopes:
    """Whose rows are: by their house and, through what they hang on, their engagement."""

    houses: Mapping[str, str]
    works: Mapping[str, str]
    parents: Mapping[str, str]
    """Response, report, invitation → engagement."""

    @classmethod
    def of(cls, held: Held, rows: Rows) -> "Scopes":
        """Read whose is what from the rows themselves."""
        houses = {house.tenant.id: letter for letter, house in held.world.houses.items()}
        works: dict[str, str] = {}
        for house in held.world.houses.values():
            for name, work in house.works.items():
                works |= {work.ids["engagement"]: name, work.ids["client"]: name}
        return cls(houses, works, {}).knowing(rows)

    def knowing(self, rows: Rows) -> "Scopes":
        """Return these with what more rows tell."""
        works, parents = dict(self.works), dict(self.parents)
        for (table, _key), row in rows.items():
            if table in ("response", "report", "invitation"):
                parents[str(row["id"])] = str(row["engagement_id"])
            elif table == "engagement":
                parents[str(row["id"])] = str(row["id"])
                works.setdefault(str(row["id"]), works.get(str(row["client_id"]), ""))
        return Scopes(self.houses, works, parents)

    def scope(self, table: str, row: Mapping[str, Any]) -> tuple[str, str]:
        """Return house and engagement of a row; the engagement is empty for the house's own."""
        house = self.houses.get(str(row.get("tenant_id", row.get("id"))), "?")
        if table == "client":
            return house, self.works.get(str(row["id"]), "")
        if table == "engagement":
            return house, self.works.get(str(row["id"]), "")
        for name in ("engagement_id", "response_id", "report_id", "invitation_id", "subject"):
            if row.get(name):
                engagement = self.parents.get(str(row[name]), str(row[name]))
                return house, self.works.get(engagement, "")
        return house, ""


def fresh(form: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a form whose files can be read again: sending one closes them."""
    if form is None:
        return None

    def copied(value: Any) -> Any:
        if isinstance(value, tuple) and isinstance(value[0], io.BytesIO):
            return FileStorage(io.BytesIO(value[0].getvalue()), value[1])
        return value

    return {name: copied(value) for name, value in form.items()}


@contextmanager
def _breaking(app: Flask) -> Iterator[list[str]]:
    """Collect what the application logs of its own errors."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter().format(record))

    handler, loggers = Keep(), (logging.getLogger("app.web.problems"), app.logger)
    before = [(logger, logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
    try:
        yield lines
    finally:
        for logger, handlers, propagates in before:
            logger.handlers, logger.propagate = handlers, propagates


def _works(principal: Principal) -> frozenset[str]:
    return frozenset({principal.work}) if principal.is_respondent else principal.works


def _may_see(cell: Cell) -> frozenset[str]:
    """Return the marks a person may meet, as text."""
    who = cell.principal
    house = Mark(who.house)
    if who.is_respondent:
        work = Mark(who.house, who.work)
        return frozenset(map(str, (house, work, replace(work, part=f"guest{who.guest}"))))
    marks = {house}
    if who.visit is not None:
        marks.add(replace(house, part=f"guest{who.visit}"))
    elif who.doors[Right.WRITE] is Door.OPEN:
        # What strangers handed over; the first has not.
        marks |= {replace(house, part=f"guest{place}") for place in (1, 2)}
    if cell.endpoint in NAMED:
        marks |= {Mark(who.house, name) for name in cell.opened}
    for name in who.works:
        work = Mark(who.house, name)
        parts = ("", "inside", *(f"guest{place}" for place in range(10)))
        marks |= {replace(work, part=part) for part in parts}
    return frozenset(map(str, marks))


def _at_the_door(cell: Cell, answer: Answer) -> Iterator[str]:
    wanted = {
        Door.SIGN_IN: "/sign-in",
        Door.SECOND_FACTOR: "/second-factor",
        Door.PORTAL: "/portal/sign-in",
        Door.BEGIN: "/check/",
    }.get(cell.door)
    if wanted and answer.status == 303 and not answer.headers["Location"].startswith(wanted):
        yield f"leads to {answer.headers['Location']}, not to {wanted}"


def _only_a_sign_of_life(
    table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> bool:
    """Tell whether all that changed is when a device was seen, or how long the record is."""
    name = {"device_session": "seen_at", "consultancy": "record_lines"}.get(table)
    if name is None or before is None or after is None:
        return False
    return {**before, name: None} == {**after, name: None}


def _tells_of_the_refusal(table: str, after: Mapping[str, Any] | None) -> bool:
    """Tell whether a new row is the line that somebody was refused."""
    return table == "audit_event" and after is not None and after["action"] in _REFUSALS


def _unrecorded(cell: Cell, answer: Answer) -> Iterator[str]:
    """Return that a member was refused something by its id or their role, without a line of it."""
    if answer.status not in (403, 404) or cell.door not in (Door.OPEN, Door.FORBIDDEN):
        return
    by_id = cell.kind.rpartition("/")[2].partition(":")[0] in ("not mine", "foreign", "missing")
    is_member = not cell.principal.is_respondent and cell.principal.session
    if not is_member or not by_id or cell.right in (Right.PUBLIC, Right.RESPONDENT):
        return
    if not any(
        _tells_of_the_refusal(table, row) for (table, _), (_b, row) in answer.changed.items()
    ):
        yield "left no line in the record"


def _beyond(cell: Cell, held: Held, table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Return what no policy may let this person change, whatever a route declares."""
    who, words = cell.principal, ""
    if who.is_respondent or table in _ANYBODYS:
        return
    if who.doors[Right.OWNER] is not Door.OPEN and table in _OWNERS:
        own = table == "member" and row.get("id") == held.world.houses[who.house].person(who.person)
        words = "" if own else "owners"
    if who.doors[Right.WRITE] is not Door.OPEN and table not in _VIEWERS:
        words = "owners and consultants"
    if words and not cell.opened and who.doors[Right.MEMBER] is Door.OPEN:
        yield f"changed {table}, which is for {words}"


def _strange(cell: Cell, table: str, row: Mapping[str, Any]) -> Iterator[str]:
    for mark in marks_in(repr(row).encode()):
        if mark.house != cell.principal.house:
            yield f"wrote {mark} into {table}"


def _told_apart(cell: Cell, answer: Answer, twin: Cell, other: Answer) -> Iterator[str]:
    if answer.status != other.status:
        yield f"answered {answer.status}, but {other.status} for ids nobody has"
    elif _plain(cell, answer) != _plain(twin, other):
        yield "answers another page than for ids nobody has"
    elif _headers(cell, answer) != _headers(twin, other):
        yield "answers other headers than for ids nobody has"


def _plain(cell: Cell, answer: Answer) -> bytes:
    body = answer.body
    for name in sorted(cell.ids, key=len, reverse=True):
        body = body.replace(name.encode(), b"-id-")
    for pattern in _RANDOM:
        body = pattern.sub(b"", body)
    return body


def _headers(cell: Cell, answer: Answer) -> dict[str, str]:
    kept = {}
    for name, value in answer.headers.items():
        if name.lower() not in (*_NOT_TOLD, "content-length"):
            for one in cell.ids:
                value = value.replace(one, "-id-")
            kept[name.lower()] = value
    return kept
