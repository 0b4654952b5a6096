"""Views of this area."""

from app.web.portal import (
    blueprint,
    places,
    views_door,
    views_findings,
    views_home,
    views_plan,
    views_reports,
)

__all__ = [
    "blueprint",
    "places",
    "views_door",
    "views_findings",
    "views_home",
    "views_plan",
    "views_reports",
]
