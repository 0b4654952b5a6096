"""The way into the portal: asking for a link, the link's neutral page, the exchange, leaving."""

from math import ceil
from typing import Final

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from app.extensions import limiter
from app.forms.portal import PortalDoorForm
from app.services.errors import NotFoundError, ThrottledError
from app.services.portal.entering import ask_link, enter_portal, opens_portal
from app.services.portal.sessions import leave_portal
from app.services.tokens import token_hash
from app.web.auth.arriving import REFUSED, caller, slow_down, unreferred
from app.web.binding import bound
from app.web.policies import SAFE, Right, policy
from app.web.portal import blueprint
from app.web.presenting import say
from app.web.principal import (
    CONTACT_COOKIE,
    acting,
    contact_in,
    cookie_name,
    drop_token,
    keep_token,
)
from app.web.workspace.posting import expect

ASKED_PER_ADDRESS: Final = "60 per hour"
"""Sheds a flood; how often one mailbox is written to is counted by the service."""
PER_ADDRESS: Final = "300 per minute"
PER_LINK: Final = "30 per minute"


def _link() -> str:
    """Return what stands for the link that is knocked at; its secret is kept nowhere."""
    return f"portal:{token_hash((request.view_args or {}).get('token', ''))}"


@blueprint.route("/portal/sign-in", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(ASKED_PER_ADDRESS, methods=["POST"])
def sign_in() -> Response:
    """Mail a link; the answer is the same for every address."""
    form = bound(PortalDoorForm)
    expect(form=form)
    if request.method in SAFE:
        return make_response(_sign_in_page(form))
    if not form.validate():
        return make_response(_sign_in_page(form), REFUSED)
    email = form.data["email"]
    try:
        ask_link(caller(), email)
    except ThrottledError as error:
        return slow_down(_sign_in_page(form, error.seconds), error)
    return make_response(render_template("portal/link_sent.html", email=email))


def _sign_in_page(form: PortalDoorForm, seconds: int = 0) -> str:
    return render_template("portal/sign_in.html", form=form, minutes=ceil(seconds / 60))


@blueprint.route("/enter/<token>", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_LINK, key_func=_link)
@limiter.limit(PER_ADDRESS)
def enter(token: str) -> Response:
    """Show a page that names nobody; let the caller in when the button is pressed."""
    try:
        if request.method in SAFE:
            if not opens_portal(caller(), token):
                raise NotFoundError
            return unreferred(make_response(render_template("portal/enter.html")))
        brought = request.cookies.get(cookie_name(CONTACT_COOKIE), "")
        device = enter_portal(caller(), token, brought)
    except NotFoundError:
        return unreferred(make_response(render_template("portal/dead_link.html"), 404))
    response = unreferred(make_response(redirect(url_for("portal.door"), 303)))
    keep_token(response, CONTACT_COOKIE, device)
    return response


@blueprint.post("/portal/sign-out")
@policy(Right.CLIENT)
def sign_out() -> Response:
    """End this device's session at the server, then forget it here."""
    leave_portal(acting(), contact_in().device)
    session.clear()
    flash(say("已退出。"), "success")
    response = make_response(redirect(url_for("portal.sign_in"), 303))
    drop_token(response, CONTACT_COOKIE)
    return response
