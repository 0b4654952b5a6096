"""Views of this area."""

from app.web.pulse import blueprint, views_poster, views_sheet

__all__ = ["blueprint", "views_poster", "views_sheet"]
