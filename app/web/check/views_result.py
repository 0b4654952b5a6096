"""The result on the screen, and its three pages as PDF."""

from typing import Any, Final

from flask import Response, make_response, redirect, render_template, url_for

from app.extensions import limiter
from app.services.errors import ConflictError
from app.services.reports.board import STEPS
from app.services.selfcheck.answering import own_check
from app.services.selfcheck.printing import Printing, printed_file, printing_of, request_print
from app.services.selfcheck.result import CONTRADICTORY, NO_RESULT, own_result
from app.web.check import blueprint
from app.web.check.limits import PER_BROWSER, browser
from app.web.policies import Right, policy
from app.web.principal import acting, now
from app.web.reports.views_board import STEP_WORDS
from app.web.sending import sent
from app.web.workspace.posting import expect

_NOT_YET: Final = (NO_RESULT, CONTRADICTORY)


@blueprint.get("/check/<slug>/result")
@policy(Right.VISITOR)
def result(slug: str) -> Response:
    """Show what the answers come to, at once, as the report reads it."""
    who = acting()
    try:
        found, printing = own_result(who), printing_of(who)
    except ConflictError as error:
        if error.code not in _NOT_YET:
            raise
        return make_response(redirect(url_for("check.review", slug=slug), 303))
    own = own_check(who)
    page = render_template(
        "check/result.html",
        own=own,
        printed=found.printed,
        stages=found.stages,
        **_printing(printing),
    )
    return make_response(page)


@blueprint.post("/check/<slug>/report")
@policy(Right.VISITOR)
@limiter.limit("10/minute", key_func=browser)
def ask_for_report(slug: str) -> Response:
    """Have the three pages drawn; a second time changes nothing."""
    expect()
    request_print(acting())
    return make_response(redirect(f"{url_for('check.result', slug=slug)}#report", 303))


@blueprint.get("/check/<slug>/report")
@policy(Right.VISITOR)
@limiter.limit(PER_BROWSER, key_func=browser)
def report_progress(slug: str) -> str:
    """Return the part of the result page that changes while the three pages are drawn."""
    del slug
    return render_template("check/printing.html", **_printing(printing_of(acting())))


@blueprint.get("/check/<slug>/report.pdf")
@policy(Right.VISITOR)
@limiter.limit(PER_BROWSER, key_func=browser)
def report_file(slug: str) -> Response:
    """Send the three pages."""
    del slug
    return sent(printed_file(acting()))


def _printing(printing: Printing) -> dict[str, Any]:
    return {
        "printing": printing,
        "step_words": STEP_WORDS,
        "steps": len(STEPS),
        # A link to where one is already does not load: each look has an address of its own.
        "look": int(now().timestamp()),
    }
