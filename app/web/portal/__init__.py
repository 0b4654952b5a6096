"""The client's portal: a mailed link, the state of the engagement, reports, findings, plan."""

from flask import Blueprint

blueprint = Blueprint("portal", __name__, template_folder="templates")
