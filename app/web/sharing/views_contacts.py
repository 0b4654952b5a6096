"""The contacts of an engagement: listed, invited, written to again, shut out."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.forms.portal import CONTACT_ROLES, ContactForm
from app.services.coaching.stores import store_names
from app.services.engagements.undertaking import EngagementView, engagement_view
from app.services.errors import ConflictError, RefusedError, ThrottledError
from app.services.portal.comments import threads_of
from app.services.portal.contacts import (
    ContactWords,
    contact_list,
    invite_contact,
    shut_out,
    write_again,
)
from app.services.portal.sharing import shared_versions
from app.services.reports.board import versions_of
from app.web.binding import bound, show_refusal
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.sharing import blueprint
from app.web.workspace.posting import expect

REFUSED = 422


@blueprint.get("/engagements/<engagement>/portal")
@policy(Right.MEMBER)
def board(engagement: str) -> str:
    """Show who of the client may come in, what they see, and what they said."""
    who = acting()
    view = engagement_view(who, engagement)
    return render_template(
        "sharing/board.html",
        view=view,
        contacts=contact_list(who, engagement),
        roles={role: say(title) for role, title in CONTACT_ROLES},
        shared=shared_versions(who, engagement),
        versions=[one for one in versions_of(who, engagement).versions if one.files],
        threads=threads_of(who, engagement),
    )


@blueprint.route("/engagements/<engagement>/portal/invite", methods=["GET", "POST"])
@policy(Right.WRITE)
def invite(engagement: str) -> Response:
    """Invite somebody of the client."""
    who = acting()
    view = engagement_view(who, engagement)
    form = bound(ContactForm, data={"role": "boss", "locale": view.locale})
    expect(form=form)
    if request.method in SAFE:
        return make_response(_invite_page(view, form))
    if not form.validate():
        return make_response(_invite_page(view, form), REFUSED)
    given = form.data
    words = ContactWords(
        given["name"], given["email"], given["role"], given["store"] or "", given["locale"]
    )
    try:
        invite_contact(who, engagement, words)
    except ThrottledError as error:
        response = make_response(_invite_page(view, form, too_many=True), 429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_invite_page(view, form), REFUSED)
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        flash(say("邀请已发到{email}，链接7天内有效。", email=words.email), "success")
    return _to_board(engagement)


def _invite_page(view: EngagementView, form: ContactForm, too_many: bool = False) -> str:
    stores = store_names(acting(), view.id)
    if stores:
        form.store.render_kw = {"list": "known-stores"}
    return render_template(
        "sharing/invite.html", view=view, form=form, too_many=too_many, stores=stores
    )


@blueprint.post("/engagements/<engagement>/portal/contacts/<contact>/again")
@policy(Right.WRITE)
def again(engagement: str, contact: str) -> Response:
    """Mail a contact a new link."""
    return _done(
        engagement,
        lambda: write_again(acting(), engagement, contact),
        "新链接已发出，7天内有效。",
    )


@blueprint.post("/engagements/<engagement>/portal/contacts/<contact>/revoke")
@policy(Right.WRITE)
def revoke(engagement: str, contact: str) -> Response:
    """Shut a contact out of this engagement."""
    return _done(
        engagement,
        lambda: shut_out(acting(), engagement, contact),
        "已收回，对方从现在起进不来了。要恢复，重新邀请同一个邮箱。",
    )


def _done(engagement: str, change: Callable[[], None], words: str) -> Response:
    expect()
    try:
        change()
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    except ThrottledError:
        flash(say("一天最多发100封邀请，请明天再发。"), "warning")
    else:
        flash(say(words), "success")
    return _to_board(engagement)


def _to_board(engagement: str) -> Response:
    return make_response(redirect(url_for("sharing.board", engagement=engagement), 303))
