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
PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
YEAR: Final = 365 * 24 * 3600


def add_headers(response: Response) -> Response:
    """Add the headers; a view may have set a stricter one of its own."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    if settings().is_https:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint == "static":
        # The address carries the digest of the file (see ``app.web.files``).
        fresh = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        headers["Cache-Control"] = fresh
    else:
        headers.setdefault("Cache-Control", "private, no-store")
        response.vary.add("Cookie")
    return response


def init_headers(app: Flask) -> None:
    """Have every answer carry the headers."""
    app.after_request(add_headers)
