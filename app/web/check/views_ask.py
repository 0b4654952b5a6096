"""Asking for a diagnosis: the stranger names themselves, agrees, and hands the answers over."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.forms.selfchecks import AskForm
from app.services.errors import ConflictError, RefusedError
from app.services.respondents.consenting import NOTICE_CHANGED
from app.services.selfcheck.answering import own_check
from app.services.selfcheck.asking import Asking
from app.services.selfcheck.asking import ask as hand_over
from app.services.selfcheck.result import CONTRADICTORY, NO_RESULT
from app.web.binding import bound, show_refusal
from app.web.check import blueprint
from app.web.check.limits import PER_BROWSER, browser
from app.web.check.notices import ask_notice
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect, told

REFUSED: Final = 422
CHANGED: Final = 409


@blueprint.route("/check/<slug>/ask", methods=["GET", "POST"])
@policy(Right.VISITOR)
@limiter.limit(PER_BROWSER, key_func=browser, methods=["POST"])
def ask(slug: str) -> Response:
    """Ask who they are and for their consent, and hand the answers over."""
    own = own_check(acting())
    form = bound(AskForm)
    expect("agree", "version", form=form)
    to_result = make_response(redirect(url_for("check.result", slug=slug), 303))
    if own.handed is not None or not own.rated:
        return to_result
    if request.method in SAFE:
        return _page(form)
    agreed = request.form.get("agree") == "yes"
    if not form.validate() or not agreed:
        return _page(form, REFUSED, agreed=agreed)
    try:
        hand_over(
            acting(),
            Asking(**told(form.data)),
            ask_notice(own.house).document,
            request.form.get("version", ""),
        )
    except RefusedError as error:
        show_refusal(form, error)
        return _page(form, REFUSED, agreed=agreed)
    except ConflictError as error:
        if error.code in (NO_RESULT, CONTRADICTORY):
            return make_response(redirect(url_for("check.review", slug=slug), 303))
        if error.code != NOTICE_CHANGED:
            raise
        flash(say(error.message), "warning")
        return _page(form, CHANGED)
    flash(say("请求已经交给{who}。", who=own.house.who), "success")
    return to_result


def _page(form: AskForm, status: int = 200, *, agreed: bool = False) -> Response:
    own = own_check(acting())
    page = render_template(
        "check/ask.html",
        own=own,
        form=form,
        notice=ask_notice(own.house),
        agreed=agreed,
        refused=status == REFUSED,
    )
    return make_response(page, status)
