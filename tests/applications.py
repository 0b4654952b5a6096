"""Applications that installations of tests borrow, one after the other.

To put an application together, with its two hundred addresses, takes longer than most tests that
use one. Of an installation it knows no more than its settings and its database.
"""

from typing import Any, Final

from flask import Flask

from app.extensions import limiter
from app.factory import create_app
from app.settings import Settings
from app.store.database import Database
from tests.compiled import TEMPLATES


def application(settings: Settings, database: Database) -> Flask:
    """Return an application of an installation's own; its forms need no token."""
    app = create_app(settings, database)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, SERVER_NAME="127.0.0.1:8000")
    return app


class Lender:
    """Lends applications: whoever gives one back leaves it as good as new for the next."""

    def __init__(self) -> None:
        """Nothing is put together yet."""
        self._free: dict[str, list[Flask]] = {}
        self._new: dict[Flask, dict[str, Any]] = {}

    def lend(self, settings: Settings, database: Database) -> Flask:
        """Return an application of an installation."""
        free = self._free.get(_kind(settings))
        if not free:
            app = application(settings, database)
            self._new[app] = dict(app.config)
            return app
        app = free.pop()
        app.config.clear()
        app.config.update(self._new[app], SETTINGS=settings)
        app.extensions["zhenmai_database"] = database
        limiter.reset()
        return app

    def take_back(self, app: Flask) -> None:
        """Have an application ready for somebody else; nobody sends it a request any more."""
        self._free.setdefault(_kind(app.config["SETTINGS"]), []).append(app)


def _kind(settings: Settings) -> str:
    """Return what an application has taken from its settings for good."""
    return settings.model_dump_json(exclude={"data"})


LENDER: Final = Lender()
