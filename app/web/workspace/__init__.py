"""Today, clients, engagements, teams and invitations."""

from flask import Blueprint

blueprint = Blueprint("workspace", __name__, template_folder="templates")
