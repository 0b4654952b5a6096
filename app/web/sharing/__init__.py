"""The consultant's side of the client's portal: who may come in, what they see, what they said."""

from flask import Blueprint

blueprint = Blueprint("sharing", __name__, template_folder="templates")
