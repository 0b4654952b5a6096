"""One section of the report in the browser, as it would be issued now.

The section is a page of its own inside a frame: nothing in it runs, and its style is the printed
page's, served beside it.
"""

from typing import Final

from flask import Response, make_response, render_template, request, url_for

from app.services.engagements.undertaking import engagement_view
from app.services.errors import NotFoundError
from app.services.reports.previewing import (
    PreviewChoice,
    preview_choice,
    preview_style,
    section_preview,
)
from app.web.headers import CSP
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.reports import blueprint
from app.web.reports.views_board import language_name

FRAMING: Final = f"{CSP}; frame-src 'self'"
"""The policy of the one page that holds a frame."""

FRAMED: Final = "; ".join(
    (
        # Without scripts, being of our origin gives the section its style sheet and nothing else.
        "sandbox allow-same-origin",
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)


@blueprint.get("/engagements/<engagement>/reports/preview")
@policy(Right.MEMBER)
def preview(engagement: str) -> Response:
    """Show the page that holds a section."""
    who = acting()
    choice = preview_choice(who, engagement)
    section, locale = _asked(choice)
    page = render_template(
        "reports/preview.html",
        view=engagement_view(who, engagement),
        choice=choice,
        section=section,
        section_title=dict(choice.sections)[section],
        chosen_locale=locale,
        languages=language_name,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@blueprint.get("/engagements/<engagement>/reports/preview/section")
@policy(Right.MEMBER)
def section(engagement: str) -> Response:
    """Return a section as a page of its own."""
    choice = preview_choice(acting(), engagement)
    section, locale = _asked(choice)
    logo = url_for("admin.logo")
    found = section_preview(acting(), engagement, section, locale, logo)
    page = render_template(
        "reports/section.html",
        found=found,
        engagement=engagement,
        title=dict(choice.sections)[section],
        language=locale,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@blueprint.get("/engagements/<engagement>/reports/preview/style.css")
@policy(Right.MEMBER)
def style(engagement: str) -> Response:
    """Return the style of a section."""
    widths = [width for width in request.args.get("widths", "").split(",") if width]
    locale = request.args.get("locale", "")
    css = preview_style(acting(), engagement, locale, widths)
    return Response(css, mimetype="text/css")


def _asked(choice: PreviewChoice) -> tuple[str, str]:
    """Return section and language as asked for; those of the engagement where nobody asked."""
    section = request.args.get("section", choice.sections[0][0])
    locale = request.args.get("locale", choice.locale)
    if section not in dict(choice.sections) or locale not in choice.languages:
        raise NotFoundError
    return section, locale
