"""A respondent who sends their answers and is killed, at every single step of it.

``python -m tests.submitting DATABASE DATA TENANT INVITATION``: kills one process after another,
each one step later, until one gets through; prints after each death what the database holds.
"""

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from app.services.acting import Acting
from app.services.interviews.interviewing import snapshot_of
from app.services.respondents.submitting import submit
from app.settings import Settings
from app.store.database import Database
from app.store.rows import AuditEvent, CurrentAnswer, LoggedAnswer, Response
from tests.installations import NOW
from tests.people import SECRET

MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds of a sending; ``died`` tells whether its process was killed."""

    died: bool
    submitted: bool
    sealed: bool
    events: int
    sheets: int
    figures: int
    current_figures: int


def held(acting: Acting, died: bool) -> Held:
    """Look at everything a sending writes."""
    with acting.reading() as session:
        row = session.scalars(select(Response).where(Response.invitation_id == acting.person)).one()
        sheets = session.scalars(select(Response.id).where(Response.kind == "facts")).all()

        def count(table: Any, *where: Any) -> int:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

        return Held(
            died=died,
            submitted=row.submitted_at is not None,
            sealed=row.snapshot == snapshot_of(session, row.id),
            events=count(AuditEvent, AuditEvent.action == "response.submitted"),
            sheets=len(sheets),
            figures=count(LoggedAnswer, LoggedAnswer.response_id.in_(sheets)),
            current_figures=count(CurrentAnswer, CurrentAnswer.response_id.in_(sheets)),
        )


def send_and_die(acting: Acting, step: int) -> None:
    """Send, and be killed before the ``step``-th thing that writes; the last is the commit."""
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_statement(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            tick()

    event.listen(acting.database.engine, "before_cursor_execute", on_statement)
    event.listen(acting.database.engine, "commit", lambda _conn: tick())
    submit(acting)
    # Committed, and nobody has been told.
    tick()


def main() -> None:
    """Kill one process after another until one gets through."""
    url, data, tenant, invitation = sys.argv[1:]

    def respondent() -> Acting:
        settings = Settings(data=Path(data), secret_key=SECRET)
        return Acting(Database(url), settings, tenant, invitation, "x", "respondent", NOW)

    for step in range(1, MOST_STEPS):
        child = os.fork()
        if child == 0:
            send_and_die(respondent(), step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status)
        if not died and os.WEXITSTATUS(status) != 0:
            raise SystemExit(f"the sending failed at step {step}")
        watcher = respondent()
        print(json.dumps(asdict(held(watcher, died))), flush=True)  # noqa: T201  the finding
        watcher.database.dispose()
        if not died:
            return
    raise SystemExit("no sending got through")


if __name__ == "__main__":
    main()
