"""Views of this area."""

from app.web.admin import blueprint, views_members, views_record, views_settings

__all__ = ["blueprint", "views_members", "views_record", "views_settings"]
