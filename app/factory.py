"""The one place where the parts are wired into an application."""

import hashlib
import hmac

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.cli import COMMANDS
from app.settings import Settings
from app.store.database import Database
from app.web.wiring import init_web

LARGEST_REQUEST = 1024 * 1024
"""Bytes of an ordinary request; routes that take files raise it for themselves."""


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Return the application with its commands and screens; nothing is opened yet.

    ``database`` is given by tests; else it is the one of the settings.
    """
    settings = settings or Settings()
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config["SETTINGS"] = settings
    for command in COMMANDS:
        app.cli.add_command(command)
    app.extensions["zhenmai_database"] = database or Database(
        settings.database_url, journal=settings.sqlite_journal
    )
    _secure(app, settings)
    init_web(app)
    return app


def _secure(app: Flask, settings: Settings) -> None:
    """Replace the framework's defaults that are not ours."""
    app.config.update(
        SECRET_KEY=form_key(settings.key),
        SECRET_KEY_FALLBACKS=[form_key(key) for key in settings.old_secret_keys],
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-zm_form" if settings.is_https else "zm_form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        # Our own check of the origin (app.web.origins) stands in for that of the referrer.
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI="swept-memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap it
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def form_key(key: str) -> str:
    """Return the key that signs form tokens: apart from the one that derives links."""
    return hmac.new(key.encode(), b"forms", hashlib.sha256).hexdigest()
