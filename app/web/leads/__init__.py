"""Leads: strangers who did the self-check and ask for a diagnosis."""

from flask import Blueprint

blueprint = Blueprint("leads", __name__, template_folder="templates")
