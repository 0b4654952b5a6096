"""The history of an answer: who said what, when, and what became of it."""

from flask import render_template, request

from app.services.answers.history import answer_history
from app.web.interview import blueprint
from app.web.interview.speaking import speaker
from app.web.policies import Right, policy
from app.web.principal import acting


@blueprint.get("/engagements/<engagement>/interviews/<response>/history/<item>")
@policy(Right.MEMBER)
def history(engagement: str, response: str, item: str) -> str:
    """Show everything ever said to an item."""
    found = answer_history(acting(), engagement, response, item)
    whole = "HX-Request" not in request.headers
    return render_template(
        "interview/history_page.html" if whole else "interview/history.html",
        engagement=engagement,
        history=found,
        speaks=speaker(found.model),
    )
