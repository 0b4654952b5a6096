"""What is the stranger's own: what they agreed to, and deleting all of it."""

from flask import Response, g, make_response, render_template, request

from app.extensions import limiter
from app.services.errors import NotFoundError
from app.services.selfcheck.answering import begun_under, own_check
from app.services.selfcheck.asking import asked_under
from app.services.selfcheck.forgetting import erase as forget
from app.web.check import blueprint
from app.web.check.limits import PER_BROWSER, browser
from app.web.policies import SAFE, Right, policy
from app.web.principal import Guest, acting, check_cookie, drop_token
from app.web.respond.notices import agreed_notice
from app.web.workspace.posting import expect


@blueprint.get("/check/<slug>/notice")
@policy(Right.VISITOR)
def notice(slug: str) -> str:
    """Show what the stranger agreed to, word for word as it was then."""
    del slug
    who = acting()
    begun = begun_under(who)
    told = [(begun.at, agreed_notice(begun))]
    try:
        asked = asked_under(who)
    except NotFoundError:
        pass
    else:
        told.append((asked.at, agreed_notice(asked)))
    return render_template("check/notice.html", own=own_check(who), notices=told)


@blueprint.route("/check/<slug>/erase", methods=["GET", "POST"])
@policy(Right.VISITOR)
@limiter.limit(PER_BROWSER, key_func=browser, methods=["POST"])
def erase(slug: str) -> Response:
    """Ask whether everything is to be deleted, and delete it."""
    expect()
    if request.method in SAFE:
        return make_response(render_template("check/erase.html", own=own_check(acting())))
    handed = own_check(acting()).handed
    forget(acting())
    # From here on nobody is known, so the page that says so is an answer of its own.
    g.principal = Guest()
    response = make_response(render_template("check/erased.html", handed=handed))
    drop_token(response, check_cookie(slug))
    return response
