"""The customer pulse: the page behind a poster's code, and the poster itself."""

from flask import Blueprint

blueprint = Blueprint("pulse", __name__, template_folder="templates")
