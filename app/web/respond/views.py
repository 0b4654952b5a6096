"""Views of this area."""

from app.web.respond import (
    blueprint,
    closing,
    views_answers,
    views_autosave,
    views_consent,
    views_door,
    views_home,
    views_photos,
)

__all__ = [
    "blueprint",
    "closing",
    "views_answers",
    "views_autosave",
    "views_consent",
    "views_door",
    "views_home",
    "views_photos",
]
