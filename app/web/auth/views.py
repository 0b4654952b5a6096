"""Views of this area."""

from app.web.auth import (
    blueprint,
    views_account,
    views_links,
    views_second_factor,
    views_sign_in,
)

__all__ = ["blueprint", "views_account", "views_links", "views_second_factor", "views_sign_in"]
