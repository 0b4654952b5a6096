"""The diagnosis on screen, and the decisions on its findings."""

from flask import Blueprint

blueprint = Blueprint("diagnosis", __name__, template_folder="templates")
