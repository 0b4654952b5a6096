"""Views of this area."""

from app.web.coaching import (
    blueprint,
    views_gate,
    views_rounds,
    views_sheet,
    views_stores,
    views_tasks,
    views_week,
)

__all__ = [
    "blueprint",
    "views_gate",
    "views_rounds",
    "views_sheet",
    "views_stores",
    "views_tasks",
    "views_week",
]
