"""Views of this area."""

from app.web.sharing import blueprint, views_comments, views_contacts, views_reports

__all__ = ["blueprint", "views_comments", "views_contacts", "views_reports"]
