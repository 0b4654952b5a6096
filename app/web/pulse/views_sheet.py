"""Six questions to a customer who scanned a poster: no name, once a device."""

import re
import secrets
from typing import Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from app.extensions import limiter
from app.services.errors import NotFoundError, RefusedError
from app.services.pulse.answering import Sheet, give, open_sheet
from app.services.tokens import token_hash
from app.web.auth.arriving import caller, unreferred
from app.web.compressing import packed
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import cookie_name, settings
from app.web.problems import STALE, answer
from app.web.pulse import blueprint
from app.web.respond.closing import dead_end
from app.web.respond.limits import address, link
from app.web.workspace.posting import expect

COOKIE: Final = "zm_pulse"
"""Which posters this device has answered at; nothing else is in it, and no server keeps it."""
PER_POSTER: Final = "600/minute"
PER_ADDRESS: Final = "120/minute"
"""A shop's customers share its network."""
_DAYS: Final = 180
_MOST_KEPT: Final = 12
_MARK: Final = re.compile(r"[0-9a-f]{12}")
_KEY: Final = re.compile(r"[0-9a-f]{24}")
_REFUSED: Final = 422
_LEFT_OPEN: Final = 403


@blueprint.route("/p/<token>", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_POSTER, key_func=link, methods=["POST"])
@limiter.limit(PER_ADDRESS, key_func=address, methods=["POST"])
@limiter.limit(PER_POSTER, key_func=address)
@packed
def sheet(token: str) -> Response:
    """Show the questions and take the answers; a device that has answered is thanked."""
    try:
        return _answered(token)
    except NotFoundError:
        return dead_end()


def _answered(token: str) -> Response:
    found = open_sheet(caller(), token, g.locale)
    mark = token_hash(token)[:12]
    if mark in _marks():
        return _thanks(found)
    if request.method in SAFE:
        return _shown(found)
    expect("key", *(item.id for item in found.items))
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        raise BadRequest
    told = {item.id: request.form.get(item.id, "") for item in found.items}
    try:
        give(caller(), token, key, told, g.locale)
    except RefusedError as error:
        errors = {name: say(words, **error.values) for name, words in error.fields.items()}
        return _shown(found, errors=errors, status=_REFUSED)
    response = make_response(redirect(url_for("pulse.sheet", token=token), 303))
    return _remembering(unreferred(response), mark)


def _shown(found: Sheet, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    key = request.form.get("key", "")
    page = render_template(
        "pulse/sheet.html",
        sheet=found,
        key=key if _KEY.fullmatch(key) else secrets.token_hex(12),
        told=request.form,
        errors=errors or {},
    )
    return unreferred(make_response(page, status))


def _thanks(found: Sheet) -> Response:
    return unreferred(make_response(render_template("pulse/thanks.html", sheet=found)))


def _marks() -> list[str]:
    kept = request.cookies.get(cookie_name(COOKIE), "").split(".")
    return [mark for mark in kept if _MARK.fullmatch(mark)][:_MOST_KEPT]


def _remembering(response: Response, mark: str) -> Response:
    response.set_cookie(
        cookie_name(COOKIE),
        ".".join([mark, *_marks()][:_MOST_KEPT]),
        max_age=_DAYS * 86400,
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


@blueprint.errorhandler(CSRFError)
def _stale_form(_error: CSRFError) -> Response:
    """Show the questions again with what was chosen: a phone forgot its cookie meanwhile."""
    if request.endpoint != "pulse.sheet":
        return answer(403, problem=STALE)
    try:
        found = open_sheet(caller(), (request.view_args or {})["token"], g.locale)
    except NotFoundError:
        return dead_end()
    flash(say("页面放得太久，这次没有提交。选的内容都还在，请再点一次。"), "warning")
    return _shown(found, status=_LEFT_OPEN)
