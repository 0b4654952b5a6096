"""The findings a client reads, and what they say of them."""

from typing import Final

from flask import Response, flash, make_response, redirect, url_for

from app.extensions import limiter
from app.forms.portal import CommentForm
from app.services.errors import ConflictError, RefusedError
from app.services.portal.findings import client_finding, client_findings, comment_as_client
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect

REFUSED: Final = 422
_PER_PERSON: Final = "30/minute"


def _person() -> str:
    return f"contact:{acting().person}"


@blueprint.get("/portal/<engagement>/findings")
@policy(Right.CLIENT_WHOLE)
def findings(engagement: str) -> Response:
    """List the confirmed findings."""
    return page(engagement, "findings", found=client_findings(acting(), engagement))


@blueprint.get("/portal/<engagement>/findings/<name>")
@policy(Right.CLIENT_WHOLE)
def finding(engagement: str, name: str) -> Response:
    """Show one finding and what was said of it."""
    return _page(engagement, name, bound(CommentForm))


@blueprint.post("/portal/<engagement>/findings/<name>")
@policy(Right.CLIENT_WHOLE)
@limiter.limit(_PER_PERSON, key_func=_person)
def comment(engagement: str, name: str) -> Response:
    """Say something of a finding."""
    form = bound(CommentForm)
    expect(form=form)
    if not form.validate():
        return _page(engagement, name, form, REFUSED)
    try:
        comment_as_client(acting(), engagement, name, form.data["said"])
    except RefusedError as error:
        show_refusal(form, error)
        return _page(engagement, name, form, REFUSED)
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        flash(say("留言已送达顾问，有回复会发邮件给您。"), "success")
    target = url_for("portal.finding", engagement=engagement, name=name, _anchor="talk")
    return make_response(redirect(target, 303))


def _page(engagement: str, name: str, form: CommentForm, status: int = 200) -> Response:
    found = client_finding(acting(), engagement, name)
    return page(engagement, "finding", status, found=found, form=form)
