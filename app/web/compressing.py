"""What goes over the air is packed: style sheets and scripts always, pages that say so.

Packing secrets and something a stranger chose into one answer tells the secret by the answer's
length (BREACH, Prado, Harris & Gluck, 2013). So a page is packed only where its view declares it,
and then only for a plain look without a query: nothing in its address is the caller's choice,
hence nothing of a stranger's stands beside the form token. Files of ours hold no secret.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

from flask import Flask, Response, current_app, request

from app.web.presenting import STATIC

View = TypeVar("View", bound=Callable[..., object])

_PACKS: Final = "zhenmai_packs"
_TEXTS: Final = (".css", ".js", ".svg")
_LEAST: Final = 600
"""Bytes below which packing saves nothing."""
_FILE_LEVEL: Final = 9
_PAGE_LEVEL: Final = 5


def packed(view: View) -> View:
    """Declare that a page may be packed: it shows nothing of its address but the path."""
    setattr(view, _PACKS, True)
    return view


def pack(response: Response) -> Response:
    """Pack an answer where the caller takes it and it may be packed."""
    if request.endpoint == "static":
        return _pack_file(response)
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, _PACKS, False) or response.mimetype != "text/html":
        return response
    response.vary.add("Accept-Encoding")
    if _takes(response) and not request.query_string and len(response.data) >= _LEAST:
        _replace(response, gzip.compress(response.data, _PAGE_LEVEL, mtime=0))
    return response


def _pack_file(response: Response) -> Response:
    name = (request.view_args or {}).get("filename", "")
    if not name.endswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if not _takes(response) or "Range" in request.headers:
        return response
    data = _file(name, (STATIC / name).stat().st_mtime)
    # The file that was opened to be sent as it is.
    response.call_on_close(getattr(response.response, "close", _nothing))
    tag, _weak = response.get_etag()
    response.direct_passthrough = False
    _replace(response, data)
    if tag is not None:
        # The same file in other bytes: a browser that has it need not fetch it again.
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=256)
def _file(name: str, _changed: float) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), _FILE_LEVEL, mtime=0)


def _takes(response: Response) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and "Content-Encoding" not in response.headers
        and request.accept_encodings["gzip"] > 0
    )


def _replace(response: Response, data: bytes) -> None:
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"


def _nothing() -> None:
    """Stand in for closing where nothing was opened."""


def init_compressing(app: Flask) -> None:
    """Have answers packed."""
    app.after_request(pack)
