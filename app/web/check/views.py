"""Views of this area."""

from app.web.check import (
    blueprint,
    closing,
    surroundings,
    views_answers,
    views_ask,
    views_door,
    views_own,
    views_result,
)

__all__ = [
    "blueprint",
    "closing",
    "surroundings",
    "views_answers",
    "views_ask",
    "views_door",
    "views_own",
    "views_result",
]
