"""The first page of the portal."""

from flask import Response, make_response, redirect, url_for

from app.services.errors import NotFoundError
from app.services.portal.home import portal_home
from app.services.portal.shared import engagements_shared
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.principal import acting
from app.web.workspace.frame import step_shown


@blueprint.get("/portal")
@policy(Right.CLIENT)
def door() -> Response:
    """Lead a contact to the newest engagement they see."""
    found = engagements_shared(acting())
    if not found:
        raise NotFoundError
    return make_response(redirect(url_for("portal.home", engagement=found[0].id), 303))


@blueprint.get("/portal/<engagement>")
@policy(Right.CLIENT)
def home(engagement: str) -> Response:
    """Show how far the engagement is, what comes next, and what is new."""
    who = acting()
    found = portal_home(who, engagement)
    steps = [step_shown(step) for step in found.steps]
    return page(engagement, "home", home=found, way=steps, today=who.today)
