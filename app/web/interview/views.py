"""Views of this area."""

from app.web.interview import (
    blueprint,
    views_adjudication,
    views_answers,
    views_board,
    views_cockpit,
    views_history,
    views_photos,
)

__all__ = [
    "blueprint",
    "views_adjudication",
    "views_answers",
    "views_board",
    "views_cockpit",
    "views_history",
    "views_photos",
]
