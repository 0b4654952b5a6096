"""How a file of a report is sent: as a download that runs nothing, kept by no cache."""

from flask import Response, send_file
from werkzeug.exceptions import NotFound

from app.services.reports.files import ReportDownload
from app.web.headers import SANDBOX


def sent(found: ReportDownload) -> Response:
    """Return the file; raises ``NotFound`` where its bytes are gone meanwhile."""
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
