"""The public self-check: the door, the screens, the result, asking for a diagnosis.

Before consent no page of this area sets a cookie: none of them may show a form token or a message
kept for the next page. The language of those pages stands in their address.
"""

from flask import Blueprint

blueprint = Blueprint("check", __name__, template_folder="templates")
