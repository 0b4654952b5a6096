"""Giving sent answers back to the person who sent them."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, url_for

from app.forms.invitations import ReopenForm
from app.services.engagements.undertaking import engagement_view
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.invitations.board import guest_board
from app.services.respondents.submitting import reopen as give_back
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace import blueprint
from app.web.workspace.posting import expect, saves

REFUSED: Final = 422


@blueprint.route("/engagements/<engagement>/responses/<response>/reopen", methods=["GET", "POST"])
@policy(Right.WRITE)
def reopen(engagement: str, response: str) -> Response:
    """Ask for the reason, and give the answers back; the record says who did it and why."""
    who = acting()
    view = engagement_view(who, engagement)
    guests = guest_board(who, engagement).guests
    guest = next((one for one in guests if one.response == response), None)
    if guest is None:
        raise NotFoundError
    form = bound(ReopenForm)
    expect(form=form)
    if saves() and form.validate():
        try:
            give_back(who, engagement, response, form.data["reason"])
        except RefusedError as error:
            show_refusal(form, error)
        except ConflictError as error:
            flash(say(error.message, **error.values), "warning")
            return _to_guest(engagement, guest.id)
        else:
            flash(say("已退回。对方用原来的链接修改，改完要再提交一次。"), "success")
            return _to_guest(engagement, guest.id)
    page = render_template("workspace/reopen.html", view=view, guest=guest, form=form)
    return make_response(page, REFUSED if saves() else 200)


def _to_guest(engagement: str, invitation: str) -> Response:
    url = url_for("workspace.invitation", engagement=engagement, invitation=invitation)
    return make_response(redirect(url, 303))
