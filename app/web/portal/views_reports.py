"""The reports shared with a client: listed, downloaded, read section by section."""

from typing import Final

from flask import Response, make_response, render_template, request

from app.services.errors import NotFoundError
from app.services.portal.shared import (
    SectionChoice,
    section_choice,
    shared_file,
    shared_section,
    shared_style,
    shared_with_client,
)
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.principal import acting
from app.web.reports.views_board import language_name
from app.web.reports.views_preview import FRAMED, FRAMING
from app.web.sending import sent

_COVER: Final = "cover"
"""The section that is a title page: for paper, and nothing to read on a screen."""


@blueprint.get("/portal/<engagement>/reports")
@policy(Right.CLIENT_WHOLE)
def reports(engagement: str) -> Response:
    """List the versions shared with the client."""
    found = shared_with_client(acting(), engagement)
    return page(engagement, "reports", versions=found, languages=language_name)


@blueprint.get("/portal/<engagement>/reports/<report>/pdf")
@policy(Right.CLIENT_WHOLE)
def file(engagement: str, report: str) -> Response:
    """Send the PDF of a shared version."""
    return sent(shared_file(acting(), engagement, report))


@blueprint.get("/portal/<engagement>/reports/<report>")
@policy(Right.CLIENT_WHOLE)
def read(engagement: str, report: str) -> Response:
    """Show the page that holds a section of a shared version."""
    choice = section_choice(acting(), engagement, report)
    section = _asked(choice)
    response = page(
        engagement,
        "read",
        choice=choice,
        section=section,
        section_title=dict(choice.sections)[section],
    )
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@blueprint.get("/portal/<engagement>/reports/<report>/section")
@policy(Right.CLIENT_WHOLE)
def section(engagement: str, report: str) -> Response:
    """Return a section as a page of its own."""
    choice = section_choice(acting(), engagement, report)
    name = _asked(choice)
    found = shared_section(acting(), engagement, report, name)
    shown = render_template(
        "portal/section.html",
        found=found,
        title=dict(choice.sections)[name],
        choice=choice,
        engagement=engagement,
    )
    response = make_response(shown)
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@blueprint.get("/portal/<engagement>/reports/<report>/style.css")
@policy(Right.CLIENT_WHOLE)
def style(engagement: str, report: str) -> Response:
    """Return the style of a section."""
    widths = [width for width in request.args.get("widths", "").split(",") if width]
    css = shared_style(acting(), engagement, report, widths)
    return Response(css, mimetype="text/css")


def _asked(choice: SectionChoice) -> str:
    """Return the section asked for; the first that says something where nobody asked."""
    first = next((name for name, _title in choice.sections if name != _COVER), "")
    section = request.args.get("section", first)
    if section not in dict(choice.sections):
        raise NotFoundError
    return section
