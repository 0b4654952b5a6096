"""Files of reports, sent to whoever may see the row that names them."""

from typing import Final

from flask import Response, send_file
from werkzeug.exceptions import NotFound

from app.services.reports.files import report_file
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.reports import blueprint

SANDBOX: Final = "sandbox; default-src 'none'"
"""A file runs nothing, whatever a browser makes of it."""


@blueprint.get("/engagements/<engagement>/reports/<report>/<form>")
@policy(Right.MEMBER)
def file(engagement: str, report: str, form: str) -> Response:
    """Send a file of a report: ``pdf``, ``json`` or ``answers``."""
    found = report_file(acting(), engagement, report, form)
    try:
        response = send_file(
            found.path, mimetype=found.media_type, conditional=False, etag=False, max_age=0
        )
    except FileNotFoundError:
        raise NotFound from None
    headers = response.headers
    headers.set(
        "Content-Disposition",
        "attachment",
        filename=found.plain_name,
        **{"filename*": f"UTF-8''{_quoted(found.name)}"},
    )
    headers["Content-Security-Policy"] = SANDBOX
    headers["Cache-Control"] = "private, no-store"
    return response


def _quoted(name: str) -> str:
    """Return a name as RFC 5987 spells it."""
    plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    return "".join(chr(byte) if chr(byte) in plain else f"%{byte:02X}" for byte in name.encode())
