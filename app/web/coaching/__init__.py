"""Coaching: the week, its tasks, the gate of the phase, the stores, and the round that follows."""

from flask import Blueprint

blueprint = Blueprint("coaching", __name__, template_folder="templates")
