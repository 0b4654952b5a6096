"""How the pages of coaching are shown: in the frame of their engagement, or the empty place."""

from datetime import date
from typing import Any, Final

from flask import Response, make_response, render_template

from app.domain.actuals import LAST_DAY
from app.services.coaching.coached_plan import Coached
from app.services.engagements.undertaking import engagement_view
from app.web.coaching import blueprint
from app.web.principal import acting

REFUSED: Final = 422
CONFLICT: Final = 409


def shown(
    engagement: str, template: str, coached: Coached | None, status: int = 200, **values: Any
) -> Response:
    """Return a page of an engagement under coaching."""
    page = render_template(
        f"coaching/{template}.html",
        view=engagement_view(acting(), engagement),
        engagement=engagement,
        coached=coached,
        **values,
    )
    return make_response(page, status)


def not_coached(engagement: str, chapter: str) -> Response:
    """Return the page that says what coaching begins with."""
    return shown(engagement, "not_coached", None, chapter=chapter)


def day_of(given: str | None) -> date | None:
    """Return the day an address names; None for none or nonsense."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None


@blueprint.app_template_filter("sunday")
def sunday(monday: date) -> date:
    """Return the last day of a week that is named by its Monday."""
    return monday + LAST_DAY
