"""The door of a self-check: what it is, what is agreed to, and beginning; logo and colours."""

from typing import Final

from flask import Response, g, make_response, redirect, render_template, request, url_for

from app.extensions import csrf, limiter
from app.services.accounts.branding import LOGO_TYPE
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.files import Download
from app.services.selfcheck.answering import own_check
from app.services.selfcheck.beginning import begin
from app.services.selfcheck.forgetting import erase
from app.services.selfcheck.house import house_logo, offered_form, roles_of
from app.web.auth.arriving import caller
from app.web.check import blueprint
from app.web.check.limits import PER_ADDRESS, address
from app.web.check.notices import begin_notice
from app.web.check.surroundings import house
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import Visitor, check_cookie, keep_locale, keep_token, settings
from app.web.sending import sent
from app.web.workspace.posting import expect

REFUSED: Final = 422
CHANGED: Final = 409
_A_DAY: Final = "private, max-age=86400"


@blueprint.route("/check/<slug>", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, key_func=address)
def door(slug: str) -> Response:
    """Show what the self-check is and where one stands in it; begin when somebody agrees."""
    found = house()
    visits = isinstance(g.principal, Visitor)
    anew = request.args.get("again") == "yes" or not visits
    if request.method in SAFE and not anew:
        own = own_check(g.principal.acting)
        return make_response(render_template("check/home.html", own=own))
    if not found.is_open:
        raise NotFoundError
    if request.method in SAFE:
        return _start()
    expect("role", "version")
    try:
        token = begin(
            caller(),
            slug,
            request.form.get("role", ""),
            begin_notice(found).document,
            request.form.get("version", ""),
        )
    except RefusedError as error:
        return _start(say(error.fields["role"]), status=REFUSED)
    except ConflictError as error:
        return _start(changed=say(error.message), status=CHANGED)
    if visits:
        _forget(g.principal)
    response = make_response(redirect(url_for("check.screen", slug=slug, number=1), 303))
    keep_token(response, check_cookie(slug), token)
    keep_locale(response, g.locale)
    return response


# No form token is asked for: it would need a cookie, and nobody has agreed to one. There is no
# session here that another site could ride on, and where a request comes from is checked as always.
csrf.exempt(door)


def _start(error: str = "", changed: str = "", status: int = 200) -> Response:
    found = house()
    model, form = offered_form(settings(), g.locale)
    page = render_template(
        "check/start.html",
        form=form,
        roles=roles_of(model),
        chosen=request.form.get("role", ""),
        notice=begin_notice(found),
        error=error,
        changed=changed,
    )
    return make_response(page, status)


def _forget(who: Visitor) -> None:
    """Delete what this browser held before, unless it was handed over: nobody can see it again."""
    if own_check(who.acting).handed is None:
        erase(who.acting)


@blueprint.get("/check/<slug>/logo")
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, key_func=address)
def logo(slug: str) -> Response:
    """Send the consultancy's picture."""
    del slug
    response = sent(Download(house_logo(settings(), house()), LOGO_TYPE))
    response.headers["Cache-Control"] = _A_DAY
    return response


@blueprint.get("/check/<slug>/colours.css")
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, key_func=address)
def colours(slug: str) -> Response:
    """Send the consultancy's colours as a style sheet: no page may carry a style in its tags."""
    del slug
    lines = (f"  --{name}: {value};" for name, value in house().colours.items())
    text = "\n".join((":root {", *lines, "}", ""))
    response = Response(text, mimetype="text/css")
    response.headers["Cache-Control"] = _A_DAY
    return response
