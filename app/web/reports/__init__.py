"""Issuing, previewing and downloading reports."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, template_folder="templates")
