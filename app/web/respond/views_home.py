"""Where a respondent stands: the welcome, the overview, the review, the thanks."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.services.errors import RefusedError
from app.services.respondents.own_result import own_result
from app.services.respondents.responding import Posed, open_questionnaire
from app.services.respondents.submitting import submit as send_answers
from app.web.compressing import packed
from app.web.interview.speaking import reading_of, speaker
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.respond import blueprint
from app.web.respond.cards import in_words
from app.web.respond.limits import PER_DEVICE, device
from app.web.respond.notices import notice_of
from app.web.workspace.posting import expect

_PAGES = {
    "new": "respond/welcome.html",
    "withdrawn": "respond/welcome.html",
    "answering": "respond/overview.html",
    "submitted": "respond/thanks.html",
}


@blueprint.get("/answer")
@policy(Right.RESPONDENT)
@packed
def home() -> str:
    """Show what comes next: the notice, the sections with their progress, or the thanks."""
    who = acting()
    found = open_questionnaire(who)
    asks = found.state in ("new", "withdrawn")
    notice = notice_of(who, found) if asks else None
    own = own_result(who) if found.state == "submitted" else None
    return render_template(_PAGES[found.state], found=found, notice=notice, own=own)


@blueprint.get("/answer/review")
@policy(Right.RESPONDENT)
@packed
def review() -> Response:
    """Show every answer before it is sent, and what is still open."""
    found = open_questionnaire(acting())
    if found.state != "answering":
        return _home()
    speaks = speaker(found.model)

    def said(each: Posed) -> str:
        if each.standing is None:
            return ""
        return in_words(each.item, reading_of(each.item, each.standing), speaks)

    page = render_template("respond/review.html", found=found, title=speaks.title, said=said)
    return make_response(page)


@blueprint.post("/answer/submit")
@policy(Right.RESPONDENT)
@limiter.limit(PER_DEVICE, key_func=device)
def submit() -> Response:
    """Send the answers; a second time changes nothing."""
    expect("quotable")
    try:
        send_answers(acting(), quotable=request.form.get("quotable") == "yes")
    except RefusedError as error:
        flash(say(error.fields["answers"]), "warning")
        return make_response(redirect(url_for("respond.review"), 303))
    return _home()


def _home() -> Response:
    return make_response(redirect(url_for("respond.home"), 303))
