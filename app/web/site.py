"""What belongs to no area: the language switch, a fresh form token, health."""

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request
from flask_wtf.csrf import generate_csrf

from app.services.accounts.profiles import choose_locale
from app.services.work.health import health_of
from app.web.origins import local_path
from app.web.policies import Right, policy
from app.web.principal import Member, database, keep_locale, now
from app.web.wording import NAMES

blueprint = Blueprint("site", __name__)


@blueprint.post("/locale")
@policy(Right.PUBLIC)
def switch_locale() -> Response:
    """Change the language and stay on the page."""
    wanted = request.form.get("locale", "")
    response = make_response(redirect(local_path(request.form.get("here"), "auth.door"), 303))
    if wanted in NAMES:
        if isinstance(g.principal, Member):
            choose_locale(g.principal.acting, wanted)
        keep_locale(response, wanted)
    return response


@blueprint.get("/form-token")
@policy(Right.PUBLIC)
def form_token() -> Response:
    """Return a fresh form token for a page that stayed open longer than its own was good."""
    return jsonify(token=generate_csrf())


@blueprint.get("/healthz")
@policy(Right.PUBLIC)
def health() -> Response:
    """Answer 200 when web, database and worker are ready, else 503; nothing else is told."""
    found = health_of(database(), now())
    response = jsonify(status="ready" if found.ready else "not ready")
    response.status_code = 200 if found.ready else 503
    return response
