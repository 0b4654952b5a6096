"""The plan on screen: the what-if controls and their revisions."""

from flask import Blueprint

blueprint = Blueprint("plan", __name__, template_folder="templates")
