"""Views of this area."""

from app.web.portfolio import blueprint, views_board

__all__ = ["blueprint", "views_board"]
