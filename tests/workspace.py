"""What tests of the workspace share: invitations, workbooks, counting queries."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import xlsxwriter
from sqlalchemy import event

from app.services.invitations.board import guest_board
from app.services.invitations.inviting import Invited, invite
from app.store.database import Database
from app.store.rows import CurrentAnswer, Invitation, Response
from tests.installations import NOW
from tests.people import Installed, Tenant

HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'x' %}",
    "${7*7}#{7*7}[[link]]",
    '=HYPERLINK("http://evil.example","x")',
)
"""Texts that would do something if they were anything but text somewhere."""


def invited(
    installed: Installed,
    engagement: str,
    *people: Invited,
    who: str = "consultant",
    tenant: Tenant | None = None,
) -> tuple[str, ...]:
    """Invite people as a member; return the ids."""
    return invite(installed.acting(who, tenant), engagement, people)


def row_of(installed: Installed, invitation: str, tenant: Tenant | None = None) -> Invitation:
    """Return the row of an invitation."""
    with installed.database.reading((tenant or installed.first).id) as session:
        found = session.find(Invitation, invitation)
    assert found is not None
    return found


def answer(
    installed: Installed, invitation: str, items: Sequence[str], *, submitted: bool = False
) -> None:
    """Store answers of somebody invited, as coming by the link would."""
    row = row_of(installed, invitation)
    with installed.database.writing(row.tenant_id) as session:
        session.add(
            Response(
                id=invitation[::-1],
                engagement_id=row.engagement_id,
                kind="self",
                role=row.role,
                label=row.label,
                invitation_id=row.id,
                release_digest="",
                created_at=NOW,
                consented_at=NOW,
                saved_at=NOW,
                submitted_at=NOW if submitted else None,
            )
        )
        session.flush()
        for item in items:
            session.add(
                CurrentAnswer(
                    response_id=invitation[::-1], item=item, revision=1, kind="unknown", at=NOW
                )
            )


def states(installed: Installed, engagement: str, who: str = "consultant") -> list[str]:
    """Return how far everybody invited is, in the order of the board."""
    return [guest.status for guest in guest_board(installed.acting(who), engagement).guests]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect every statement sent to the database while the block runs."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


# -- workbooks -----------------------------------------------------------------------------------


def workbook(*rows: Sequence[object], sheet: str = "名单") -> bytes:
    """Return an honest workbook of these rows."""
    store = io.BytesIO()
    with xlsxwriter.Workbook(store, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(number, place, cell)
    return store.getvalue()


def rebuilt(
    data: bytes,
    *,
    replaced: Mapping[str, bytes] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a workbook with parts replaced or added."""
    store = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, (replaced or {}).get(name, old.read(name)))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return store.getvalue()
