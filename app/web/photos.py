"""Photos beside answers over HTTP: how one comes in, and how one is sent."""

from flask import Response, request, send_file
from werkzeug.exceptions import NotFound

from app.services.answers.attaching import PhotoFile
from app.web.headers import SANDBOX


def photo_brought() -> tuple[bytes, str]:
    """Return the bytes of the photo sent and what its device calls it; nothing where none was."""
    file = request.files.get("photo")
    if file is None:
        return b"", ""
    with file.stream as stream:
        return stream.read(), file.filename or ""


def photo_sent(found: PhotoFile) -> Response:
    """Return a photo as a download that no cache keeps; raises ``NotFound`` where it is lost."""
    try:
        response = send_file(
            found.path,
            mimetype=found.media_type,
            as_attachment=True,
            download_name=found.name,
            conditional=False,
            etag=False,
            max_age=0,
        )
    except FileNotFoundError:
        raise NotFound from None
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
