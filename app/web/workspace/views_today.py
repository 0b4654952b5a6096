"""Today: what needs something, over all engagements a person sees."""

from flask import render_template, request

from app.services.today import refreshed, today
from app.store.progress import NEEDS
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.workspace import blueprint
from app.web.workspace.tasks import line_rows


@blueprint.get("/today")
@policy(Right.MEMBER)
def home() -> str:
    """Show what needs something today, or one kind of it."""
    asked = request.args.get("need", "")
    only = next((need for need in NEEDS if need == asked), None)
    found = today(acting(), only)
    rows = line_rows(found.lines)
    return render_template("workspace/today.html", today=found, rows=rows, needs=NEEDS)


@blueprint.get("/today/<engagement>")
@policy(Right.MEMBER)
def today_line(engagement: str) -> str:
    """Show the line of one engagement, computed anew: a part of the page."""
    rows = line_rows([refreshed(acting(), engagement)])
    return render_template("workspace/today_line.html", rows=rows)
