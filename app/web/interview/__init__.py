"""The interview cockpit and adjudication."""

from flask import Blueprint

blueprint = Blueprint("interview", __name__, template_folder="templates")
