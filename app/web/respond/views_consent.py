"""Consent given, and taken back."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.services.errors import ConflictError
from app.services.respondents.consenting import NOTICE_CHANGED, agreed_text
from app.services.respondents.consenting import agree as record_consent
from app.services.respondents.consenting import withdraw as take_consent_back
from app.services.respondents.responding import open_questionnaire
from app.web.compressing import packed
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.respond import blueprint
from app.web.respond.limits import PER_DEVICE, device
from app.web.respond.notices import agreed_notice, notice_of
from app.web.workspace.posting import expect


@blueprint.post("/answer/consent")
@policy(Right.RESPONDENT)
@limiter.limit(PER_DEVICE, key_func=device)
def agree() -> Response:
    """Record the consent to the text on the page, and go to the first open screen."""
    expect("version")
    who = acting()
    found = open_questionnaire(who)
    told = notice_of(who, found)
    try:
        record_consent(who, told.document, request.form.get("version", ""))
    except ConflictError as error:
        if error.code != NOTICE_CHANGED:
            raise
        flash(say(error.message), "warning")
        page = render_template("respond/welcome.html", found=found, notice=told)
        return make_response(page, 409)
    first = found.next_open
    if first is None or found.done:
        return make_response(redirect(url_for("respond.home"), 303))
    return make_response(redirect(url_for("respond.screen", number=first.number), 303))


@blueprint.get("/answer/notice")
@policy(Right.RESPONDENT)
@packed
def notice() -> Response:
    """Show what the respondent agreed to, word for word as it was then."""
    who = acting()
    agreed = agreed_text(who)
    if agreed is None:
        return make_response(redirect(url_for("respond.home"), 303))
    page = render_template(
        "respond/notice.html",
        found=open_questionnaire(who),
        notice=agreed_notice(agreed),
        at=agreed.at,
    )
    return make_response(page)


@blueprint.route("/answer/withdraw", methods=["GET", "POST"])
@policy(Right.RESPONDENT)
@limiter.limit(PER_DEVICE, key_func=device, methods=["POST"])
def withdraw() -> Response:
    """Ask whether consent is to be taken back, and take it back."""
    expect()
    found = open_questionnaire(acting())
    if request.method in SAFE and found.state in ("answering", "submitted"):
        return make_response(render_template("respond/withdraw.html", found=found))
    if request.method not in SAFE:
        take_consent_back(acting())
        flash(say("同意已撤回。"), "success")
    return make_response(redirect(url_for("respond.home"), 303))
