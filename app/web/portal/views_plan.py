"""The plan a client reads."""

from flask import Response

from app.services.portal.plan import client_plan
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.principal import acting


@blueprint.get("/portal/<engagement>/plan")
@policy(Right.CLIENT_WHOLE)
def plan(engagement: str) -> Response:
    """Show the plan of the newest shared version."""
    return page(engagement, "plan", found=client_plan(acting(), engagement))
