"""The respondent's door: an invitation's link, consent, answers, submission."""

from flask import Blueprint

blueprint = Blueprint("respond", __name__, template_folder="templates")
