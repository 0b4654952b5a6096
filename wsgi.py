"""The application a server or the ``flask`` command starts."""

from app.factory import create_app

app = create_app()
