"""Members, settings of the consultancy, and the record."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, template_folder="templates")
