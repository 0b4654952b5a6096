"""Answering what the client said of a finding."""

from flask import Response, flash, make_response, redirect, request, url_for

from app.forms.portal import CommentForm
from app.services.errors import ConflictError, RefusedError
from app.services.portal.comments import say_of
from app.web.binding import bound
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.sharing import blueprint
from app.web.workspace.posting import expect


@blueprint.post("/engagements/<engagement>/portal/findings/<name>/answer")
@policy(Right.WRITE)
def answer(engagement: str, name: str) -> Response:
    """Add the consultant's words to a finding's thread."""
    form = bound(CommentForm)
    expect("from", form=form)
    if form.validate():
        try:
            say_of(acting(), engagement, name, form.data["said"])
        except RefusedError as error:
            flash(say(error.fields["said"]), "error")
        except ConflictError as error:
            flash(say(error.message, **error.values), "error")
        else:
            flash(say("已回复，客户会收到邮件。"), "success")
    else:
        flash(form.said.errors[0], "error")
    if request.form.get("from") == "finding":
        target = url_for("diagnosis.finding", engagement=engagement, name=name, _anchor="talk")
    else:
        target = url_for("sharing.board", engagement=engagement, _anchor=f"thread-{name}")
    return make_response(redirect(target, 303))
