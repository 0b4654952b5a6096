"""Doors that do not open, and what is not taken: what happened, what was kept, what to do."""

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError

from app.services.errors import ConflictError, NotFoundError
from app.services.selfcheck.house import check_house
from app.web.check import blueprint
from app.web.check.surroundings import look_around
from app.web.check.views_answers import show_again
from app.web.policies import SAFE
from app.web.principal import SignInNeeded, Visitor, database, load_principal
from app.web.problems import answer
from app.web.wording import say_in

_LEFT_OPEN = 403


@blueprint.errorhandler(SignInNeeded)
def _not_begun(_error: SignInNeeded) -> Response:
    """Lead whoever has no self-check here, or an expired one, to where one begins."""
    slug = (request.view_args or {}).get("slug", "")
    try:
        check_house(database(), slug)
    except NotFoundError:
        return answer(404)
    return make_response(redirect(url_for("check.door", slug=slug), 303))


@blueprint.errorhandler(ConflictError)
def _not_taken(error: ConflictError) -> Response:
    words = say_in(g.locale)(error.message, **error.values)
    return make_response(render_template("check/not_taken.html", said=words), 409)


@blueprint.errorhandler(CSRFError)
def _stale_form(_error: CSRFError) -> Response:
    """Show a screen again with what was typed, ready to be sent; nothing has been stored."""
    load_principal()
    look_around()
    if not isinstance(g.principal, Visitor):
        return answer(403)
    arguments = request.view_args or {}
    if request.endpoint == "check.save" and request.method not in SAFE:
        return show_again(arguments, _LEFT_OPEN)
    page = render_template("check/again.html", again=request.path)
    return make_response(page, _LEFT_OPEN)
