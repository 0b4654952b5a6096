"""Sign-in, second factor, joining, password reset, profile and devices."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__, template_folder="templates")
