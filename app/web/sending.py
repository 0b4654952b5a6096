"""How a file is sent: one that runs nothing in a browser, and that no cache keeps."""

import unicodedata
from io import BytesIO
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
    content = found.content
    try:
        response = send_file(
            BytesIO(content) if isinstance(content, bytes) else content,
            mimetype=found.media_type,
            as_attachment=bool(found.name),
            download_name=found.name or None,
            conditional=False,
            etag=False,
            max_age=0,
        )
    except FileNotFoundError:
        raise NotFound from None
    headers = response.headers
    if found.plain_name:
        names = {"filename": found.plain_name, "filename*": f"UTF-8''{quote(found.name, safe='')}"}
        headers.set("Content-Disposition", "attachment", **names)
    headers["Content-Security-Policy"] = SANDBOX
    headers["Cache-Control"] = "private, no-store"
    return response


def workbook_sent(data: bytes, words: str) -> Response:
    """Return a workbook as a download that these words name."""
    return sent(Download(data, MEDIA_TYPE, f"{file_name(words)}.xlsx"))


def file_name(words: str) -> str:
    """Return words as the name of a file: letters, digits, hyphens; never a path or a command."""
    plain = unicodedata.normalize("NFKC", words)
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in plain)
    return "-".join(part for part in kept.split("-") if part)[:_LONGEST_NAME] or "list"
