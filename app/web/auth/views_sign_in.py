"""The door, signing in and out, a forgotten password."""

from math import ceil
from typing import Final

from flask import (
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError

from app.extensions import limiter
from app.forms.accounts import ForgottenPasswordForm, SecondFactorForm, SignInForm
from app.services.accounts.devices import sign_out as close_session
from app.services.accounts.founding import is_founded
from app.services.accounts.resetting import ask_reset
from app.services.accounts.second_factor import show_code
from app.services.accounts.signing_in import sign_in as open_session
from app.services.errors import RefusedError, ThrottledError
from app.web.auth import blueprint
from app.web.auth.arriving import (
    REFUSED,
    brought_token,
    caller,
    let_in,
    slow_down,
    wanted,
)
from app.web.binding import bound, show_refusal
from app.web.origins import local_path
from app.web.policies import SAFE, Right, policy
from app.web.principal import (
    MEMBER_COOKIE,
    Member,
    acting,
    database,
    drop_token,
    member,
)
from app.web.wording import say_in

PER_ADDRESS: Final = "60 per minute"
"""Sheds a flood before it costs a hash; how many tries an account bears is counted elsewhere."""


@blueprint.get("/")
@policy(Right.PUBLIC)
def door() -> Response:
    """Lead everybody to where they belong."""
    if isinstance(g.principal, Member):
        target = "workspace.home" if g.principal.verified else "auth.second_factor"
        return make_response(redirect(url_for(target), 303))
    if not is_founded(database()):
        return make_response(render_template("auth/not_founded.html"))
    return make_response(redirect(url_for("auth.sign_in"), 303))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def sign_in() -> Response:
    """Ask for address and password."""
    if isinstance(g.principal, Member) and g.principal.verified:
        return make_response(redirect(local_path(wanted()), 303))
    form = bound(SignInForm)
    if request.method in SAFE:
        return make_response(_sign_in_page(form))
    if not form.validate():
        return make_response(_sign_in_page(form), REFUSED)
    given = form.data
    try:
        token = open_session(caller(), given["email"], given["password"], brought_token())
    except ThrottledError as error:
        return slow_down(_sign_in_page(form, error.seconds), error)
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_sign_in_page(form), REFUSED)
    return let_in(token, wanted())


def _sign_in_page(form: SignInForm, seconds: int = 0, stale: bool = False) -> str:
    return render_template(
        "auth/sign_in.html",
        form=form,
        action=url_for("auth.sign_in", next=wanted()),
        minutes=minutes_of(seconds),
        stale=stale,
    )


@blueprint.route("/second-factor", methods=["GET", "POST"])
@policy(Right.HALF)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def second_factor() -> Response:
    """Ask for the second factor, or lead to its set-up who has none and needs one."""
    signed_in = member()
    if signed_in.second_factor_missing:
        return make_response(redirect(url_for("auth.set_up", next=wanted()), 303))
    if signed_in.verified:
        return make_response(redirect(local_path(wanted()), 303))
    form = bound(SecondFactorForm)
    if request.method in SAFE:
        return make_response(_second_factor_page(form))
    if not form.validate():
        return make_response(_second_factor_page(form), REFUSED)
    try:
        token = show_code(acting(), signed_in.device, form.data["code"])
    except ThrottledError as error:
        return slow_down(_second_factor_page(form, error.seconds), error)
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_second_factor_page(form), REFUSED)
    return let_in(token, wanted())


def _second_factor_page(form: SecondFactorForm, seconds: int = 0) -> str:
    return render_template(
        "auth/second_factor.html",
        form=form,
        action=url_for("auth.second_factor", next=wanted()),
        minutes=minutes_of(seconds),
        email=member().email,
    )


@blueprint.post("/sign-out")
@policy(Right.HALF)
def sign_out() -> Response:
    """End this device's session at the server, then forget it here."""
    close_session(acting(), member().device)
    session.clear()
    flash(say_in(g.locale)("已退出登录。"), "success")
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    drop_token(response, MEMBER_COOKIE)
    return response


@blueprint.route("/forgot", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit("20 per hour", methods=["POST"])
def forgot() -> Response:
    """Mail a link for a new password; the answer is the same for every address."""
    form = bound(ForgottenPasswordForm)
    if request.method in SAFE:
        return make_response(_forgot_page(form))
    if not form.validate():
        return make_response(_forgot_page(form), REFUSED)
    email = form.data["email"]
    try:
        ask_reset(caller(), email)
    except ThrottledError as error:
        return slow_down(_forgot_page(form, error.seconds), error)
    return make_response(render_template("auth/forgot_sent.html", email=email))


def _forgot_page(form: ForgottenPasswordForm, seconds: int = 0) -> str:
    return render_template("auth/forgot.html", form=form, hours=ceil(seconds / 3600))


def minutes_of(seconds: int) -> int:
    """Return how many minutes to say: never too few."""
    return ceil(seconds / 60)


@blueprint.errorhandler(CSRFError)
def stale_page(_error: CSRFError) -> Response:
    """Answer a form whose token is no longer good: a fresh page, and what to do."""
    if request.endpoint == "auth.sign_in":
        page = _sign_in_page(bound(SignInForm), stale=True)
        return make_response(page, 403)
    rule = request.url_rule
    can_open = rule is not None and "GET" in (rule.methods or ())
    again = request.full_path.rstrip("?") if can_open else url_for("auth.door")
    return make_response(render_template("auth/stale.html", again=again), 403)
