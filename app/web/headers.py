"""What every answer tells the browser: run nothing but our own files, frame us nowhere."""

from typing import Final

from flask import Flask, Response, request

from app.web.principal import settings

CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
SANDBOX: Final = "sandbox; default-src 'none'"
"""For files people brought: a browser that opens one runs and loads nothing."""
PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
YEAR: Final = 365 * 24 * 3600


_ALWAYS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


def add_headers(response: Response) -> Response:
    """Add the headers; a view may have set a stricter one of its own."""
    headers = response.headers
    told = dict(_ALWAYS)
    if settings().is_https:
        told["Strict-Transport-Security"] = f"max-age={YEAR}"
    if request.endpoint == "static":
        # The address carries the digest of the file (see ``app.web.presenting``).
        fresh = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        headers["Cache-Control"] = fresh
    else:
        told["Cache-Control"] = "private, no-store"
        if "Vary" in headers:
            response.vary.add("Cookie")
        else:
            told["Vary"] = "Cookie"
    # One look at what is there for all of ours: every answer passes here.
    given = {name.lower() for name in headers.keys()}  # noqa: SIM118  not a mapping
    for name, value in told.items():
        if name.lower() not in given:
            headers.add(name, value)
    return response


def init_headers(app: Flask) -> None:
    """Have every answer carry the headers."""
    app.after_request(add_headers)
