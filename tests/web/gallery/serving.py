"""The gallery behind an address, with the headers the application sends."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from app.web.headers import CSP
from tests.web.gallery.rendering import PAGES, STATIC, page

HTML: Final = "text/html; charset=utf-8"
ANSWERS: Final = {
    "/refused": (422, '<div class="error-summary" tabindex="-1" id="refused">x</div>'),
    "/conflict": (409, '<dialog class="dialog" id="both" data-open><button>x</button></dialog>'),
    "/failed": (500, ""),
    "/added": (200, '<p id="row">x</p>'),
}
"""What is sent back for a part of a page, and as which status."""


class _Gallery(BaseHTTPRequestHandler):
    """Answers /<page>, in English with ``?en``, and /static/<file>."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        name = path.lstrip("/")
        if name in PAGES:
            self._answer(
                page(name, "en" if query == "en" else "zh-Hans").encode(),
                "text/html; charset=utf-8",
            )
        elif name.startswith("static/") and (STATIC / name[7:]).is_file():
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self._answer((STATIC / name[7:]).read_bytes(), kind)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Answer what ``exchanges.html`` sends: only with the form token, as the application."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, body = ANSWERS.get(self.path, (404, ""))
        if self.headers.get("X-CSRFToken") != "t":
            status, body = 403, page("problem", "en")
        elif self.path == "/failed":
            body = page("problem", "zh-Hans")
        self._answer(body.encode(), HTML, status)

    def _answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def gallery_server(port: int = 0) -> Iterator[str]:
    """Serve the gallery; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", port), _Gallery) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


__all__ = ["PAGES", "gallery_server"]
