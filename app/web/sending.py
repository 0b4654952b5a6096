"""How a file is sent: one that runs nothing in a browser, and that no cache keeps."""

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Response, send_file
from werkzeug.exceptions import NotFound

from app.services.files import Download
from app.services.workbooks.writing import MEDIA_TYPE
from app.web.headers import SANDBOX

_LONGEST_NAME: Final = 60


def sent(found: Download) -> Response:
    """Return a file; raises ``NotFound`` where its bytes have gone from the disk meanwhile."""
    try:
        response = _sent(found.path, found.media_type, found.name)
    except FileNotFoundError:
        raise NotFound from None
    if found.plain_name:
        names = {"filename": found.plain_name, "filename*": f"UTF-8''{quote(found.name, safe='')}"}
        response.headers.set("Content-Disposition", "attachment", **names)
    return response


def workbook_sent(data: bytes, words: str) -> Response:
    """Return a workbook as a download that these words name."""
    return _sent(BytesIO(data), MEDIA_TYPE, f"{file_name(words)}.xlsx")


def _sent(file: Path | BytesIO, media_type: str, name: str) -> Response:
    response = send_file(
        file,
        mimetype=media_type,
        as_attachment=bool(name),
        download_name=name or None,
        conditional=False,
        etag=False,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(words: str) -> str:
    """Return words as the name of a file: letters, digits, hyphens; never a path or a command."""
    plain = unicodedata.normalize("NFKC", words)
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in plain)
    return "-".join(part for part in kept.split("-") if part)[:_LONGEST_NAME] or "list"
