"""Views of this area."""

from app.web.plan import blueprint, views_desk, views_revisions

__all__ = ["blueprint", "views_desk", "views_revisions"]
