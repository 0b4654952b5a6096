"""The poster of an engagement: printed, replaced, closed."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from app.services.engagements.undertaking import engagement_view
from app.services.invitations.qr_codes import qr_svg
from app.services.pulse.posters import close_poster, make_poster, poster_of, replace_poster
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.pulse import blueprint
from app.web.workspace.posting import expect


@blueprint.route("/engagements/<engagement>/pulse", methods=["GET", "POST"])
@policy(Right.WRITE)
def poster(engagement: str) -> Response:
    """Show the poster as it is printed; make it, give it another code, take no more answers."""
    expect("action")
    who = acting()
    if request.method in SAFE:
        found = poster_of(who, engagement)
        title = say("二维码：{title}", title=say("客户脉搏"))
        page = render_template(
            "pulse/poster.html",
            view=engagement_view(who, engagement),
            poster=found,
            qr=Markup(qr_svg(found.link, title)) if found.link else "",  # noqa: S704  drawn by us
        )
        return make_response(page)
    action = request.form.get("action", "")
    if action == "make":
        make_poster(who, engagement)
        flash(say("海报已备好，打印出来贴在客户看得见的地方。"), "success")
    elif action == "replace":
        replace_poster(who, engagement)
        flash(say("二维码已换新，旧海报立即作废，请换上新的。收到的回答都还在。"), "success")
    elif action == "close":
        close_poster(who, engagement)
        flash(say("已停止接收，扫旧海报只会看到打不开的提示。收到的回答都还在。"), "success")
    else:
        raise BadRequest
    return make_response(redirect(url_for("pulse.poster", engagement=engagement), 303))
