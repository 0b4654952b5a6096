"""Views of this area."""

from app.web.workspace import (
    blueprint,
    frame,
    views_clients,
    views_engagements,
    views_invitations,
    views_reopen,
    views_today,
    views_workbooks,
)

__all__ = [
    "blueprint",
    "frame",
    "views_clients",
    "views_engagements",
    "views_invitations",
    "views_reopen",
    "views_today",
    "views_workbooks",
]
