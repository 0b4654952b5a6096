"""How pages of the diagnosis are shown: whole, or as a part that a page asks for."""

from typing import Any, Final

from flask import Response, make_response, render_template, request

from app.services.diagnosis.reading import Named, Reading, Target, read_diagnosis
from app.services.engagements.undertaking import engagement_view
from app.web.diagnosis.leading import SHEETS, leads
from app.web.principal import acting

REFUSED: Final = 422
CONFLICT: Final = 409


def asks_for_part() -> bool:
    """Tell whether a script asks for a part of a page."""
    return "HX-Request" in request.headers


def read(engagement: str) -> Reading:
    """Return the diagnosis of an engagement for whoever is looking."""
    return read_diagnosis(acting(), engagement)


def whole(engagement: str, template: str, status: int = 200, **values: Any) -> Response:
    """Return a whole page, in the frame of its engagement."""
    page = render_template(
        f"diagnosis/{template}.html",
        view=engagement_view(acting(), engagement),
        **_common(engagement),
        **values,
    )
    response = make_response(page, status)
    response.vary.add("HX-Request")
    return response


def part(engagement: str, template: str, status: int = 200, **values: Any) -> Response:
    """Return a part of a page."""
    shown = render_template(f"diagnosis/{template}.html", **_common(engagement), **values)
    response = make_response(shown, status)
    response.vary.add("HX-Request")
    return response


def drilled(
    engagement: str, body: str, title: str, crumbs: tuple[Named, ...], **values: Any
) -> Response:
    """Return one step down: a page of its own, or the sheet beside the page that asks for it.

    ``body`` is the template of what it says, ``crumbs`` the way there.
    """
    shown = {"body": f"diagnosis/{body}.html", "title": title, "crumbs": crumbs, **values}
    if asks_for_part():
        return part(engagement, "sheet", heading=3, ids="sheet-", **shown)
    return whole(engagement, "step", heading=2, ids="", **shown)


def _common(engagement: str) -> dict[str, Any]:
    return {
        "engagement": engagement,
        "lead": leads(engagement),
        "sheets": SHEETS,
        "top": Target("overall"),
    }
