"""Views of this area."""

from app.web.portal import (
    blueprint,
    places,
    views_calendar,
    views_door,
    views_findings,
    views_home,
    views_kpis,
    views_plan,
    views_reports,
    views_tasks,
)

__all__ = [
    "blueprint",
    "places",
    "views_calendar",
    "views_door",
    "views_findings",
    "views_home",
    "views_kpis",
    "views_plan",
    "views_reports",
    "views_tasks",
]
