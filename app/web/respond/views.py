"""Views of this area."""

from app.web.respond import (
    blueprint,
    closing,
    views_answers,
    views_consent,
    views_door,
    views_home,
)

__all__ = ["blueprint", "closing", "views_answers", "views_consent", "views_door", "views_home"]
