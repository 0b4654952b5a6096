"""How pages of the portal are shown: in the frame of their engagement."""

from typing import Any

from flask import Response, make_response, render_template

from app.services.portal.shared import portal_frame
from app.web.principal import acting


def page(engagement: str, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page of the portal; raises ``NotFoundError`` for an engagement not shared."""
    shown = render_template(
        f"portal/{template}.html",
        frame=portal_frame(acting(), engagement),
        engagement=engagement,
        **values,
    )
    return make_response(shown, status)
