"""The link itself: opening it changes nothing; a button exchanges it for a device's cookie."""

from flask import Response, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.services.errors import NotFoundError
from app.services.respondents.entering import enter, leave, opens
from app.web.auth.arriving import caller, unreferred
from app.web.policies import SAFE, Right, policy
from app.web.principal import RESPONDENT_COOKIE, drop_token, keep_token
from app.web.respond import blueprint
from app.web.respond.limits import PER_ADDRESS, PER_LINK, address, brought_device, link


@blueprint.route("/i/<token>", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_LINK, key_func=link)
@limiter.limit(PER_ADDRESS, key_func=address)
def door(token: str) -> Response:
    """Show a page that names nobody; let the caller in when the button is pressed."""
    if request.method in SAFE:
        if not opens(caller(), token):
            raise NotFoundError
        return unreferred(make_response(render_template("respond/door.html")))
    device = enter(caller(), token, brought_device())
    response = unreferred(make_response(redirect(url_for("respond.home"), 303)))
    keep_token(response, RESPONDENT_COOKIE, device)
    return response


@blueprint.post("/answer/leave")
@policy(Right.RESPONDENT)
def leave_device() -> Response:
    """Close the questionnaire on this phone, for whoever takes it next."""
    leave(caller(), brought_device())
    response = make_response(render_template("respond/left.html"))
    drop_token(response, RESPONDENT_COOKIE)
    return response
