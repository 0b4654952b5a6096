"""How the pages of coaching are shown: in the frame of their engagement, or the empty place."""

from datetime import date
from typing import Any, Final

from babel.dates import format_date, format_interval
from flask import Response, g, make_response, render_template

from app.domain.actuals import LAST_DAY
from app.services.coaching.coached_plan import Coached
from app.services.engagements.undertaking import engagement_view
from app.web.coaching import blueprint
from app.web.principal import acting
from app.web.wording import BABEL

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


_TICKS: Final = {"zh-Hans": "M/d", "en": "d MMM"}
_WITH_YEAR: Final = "yMMMd"
_WITHIN_YEAR: Final = "MMMd"


@blueprint.app_template_filter("until")
def until(first: date, last: date) -> str:
    """Return the days from one to another as the language writes them: 9–15 Nov 2026."""
    return format_interval(first, last, _WITH_YEAR, locale=BABEL[g.locale])


@blueprint.app_template_filter("tick")
def tick(day: date) -> str:
    """Return a day as short as the head of a narrow column needs it."""
    return format_date(day, _TICKS[g.locale], locale=BABEL[g.locale])


@blueprint.app_template_filter("week_days")
def week_days(monday: date) -> str:
    """Return the days of a week that is named by its Monday, without the year."""
    return format_interval(monday, monday + LAST_DAY, _WITHIN_YEAR, locale=BABEL[g.locale])
