"""Views of this area."""

from app.web.reports import blueprint, views_board, views_files, views_preview

__all__ = ["blueprint", "views_board", "views_files", "views_preview"]
