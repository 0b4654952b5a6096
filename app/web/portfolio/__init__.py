"""The portfolio: all clients on one page, and what may be said of them together."""

from flask import Blueprint

blueprint = Blueprint("portfolio", __name__, template_folder="templates")
