"""Photos beside answers over HTTP: how one comes in."""

from flask import request


def photo_brought() -> tuple[bytes, str]:
    """Return the bytes of the photo sent and what its device calls it; nothing where none was."""
    file = request.files.get("photo")
    if file is None:
        return b"", ""
    with file.stream as stream:
        return stream.read(), file.filename or ""
