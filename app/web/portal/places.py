"""Where the pages of the portal lead, by what a contact may see."""

from flask import url_for

from app.web.portal import blueprint
from app.web.presenting import say
from app.web.principal import contact_in

_FIRST = (("home", "首页", "portal.home"),)
_WHOLE = (
    ("reports", "报告", "portal.reports"),
    ("findings", "问题清单", "portal.findings"),
    ("plan", "计划", "portal.plan"),
)
_LAST = (
    ("tasks", "待办", "portal.tasks"),
    ("kpis", "指标", "portal.kpis"),
    ("calendar", "日历", "portal.calendar"),
)


@blueprint.app_template_global()
def portal_places(engagement: str) -> list[tuple[str, str, str]]:
    """Return key, title and address of the pages a contact finds in the bar."""
    places = [*_FIRST, *(_WHOLE if contact_in().whole else ()), *_LAST]
    return [(key, say(title), url_for(to, engagement=engagement)) for key, title, to in places]
