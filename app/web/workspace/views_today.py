"""Today: what needs something, over all engagements a person sees."""

from flask import render_template, request

from app.services.engagements.today import day_counts, refreshed, today
from app.store.progress import NEEDS, Need
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.workspace import blueprint
from app.web.workspace.tasks import line_rows


@blueprint.get("/today")
@policy(Right.MEMBER)
def home() -> str:
    """Show what needs something today, or one kind of it."""
    found = today(acting(), _only())
    rows = line_rows(found.lines, found.only)
    return render_template("workspace/today.html", today=found, rows=rows, needs=NEEDS)


@blueprint.get("/today/<engagement>")
@policy(Right.MEMBER)
def today_line(engagement: str) -> str:
    """Show the line of one engagement, computed anew, with the numbers above: parts of the page."""
    line = refreshed(acting(), engagement)
    return render_template(
        "workspace/today_later.html",
        rows=line_rows([line]),
        counts=day_counts(acting()),
        needs=NEEDS,
        only=_only(),
    )


def _only() -> Need | None:
    """Return the one kind of thing that is asked for."""
    asked = request.args.get("need", "")
    return next((need for need in NEEDS if need == asked), None)
