"""The one place where the parts are wired into an application."""

from flask import Flask

from app.cli import content_commands, diagnose_command
from app.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application with its commands."""
    app = Flask(__name__, static_folder=None)
    app.config["SETTINGS"] = settings or Settings()
    app.cli.add_command(diagnose_command)
    app.cli.add_command(content_commands)
    return app
