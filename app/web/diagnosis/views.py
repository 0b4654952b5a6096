"""Views of this area."""

from app.web.diagnosis import blueprint, views_drilling, views_findings, views_overview

__all__ = ["blueprint", "views_drilling", "views_findings", "views_overview"]
