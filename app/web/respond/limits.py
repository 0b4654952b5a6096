"""How often a link is knocked at and a device sends: counted by link and by device.

A whole workshop sits behind one address, so the address alone is no measure of anybody.
"""

from typing import Final

from flask import request

from app.services.tokens import token_hash
from app.web.principal import RESPONDENT_COOKIE, cookie_name

PER_LINK: Final = "30/minute"
PER_ADDRESS: Final = "600/minute"
PER_DEVICE: Final = "120/minute"
PER_DEVICE_BURST: Final = "10/second"
"""More than static/js/queue.js sends, which paces itself."""
PER_DEVICE_STEADY: Final = "300/minute"
"""A whole questionnaire answered without a network is sent within a minute."""
PER_DEVICE_PHOTOS: Final = "30/minute"


def link() -> str:
    """Return what stands for the link that is knocked at; its secret is kept nowhere."""
    token = (request.view_args or {}).get("token", "")
    return f"link:{token_hash(token)}"


def address() -> str:
    """Return the address the request came from, apart from what else it is counted for."""
    return f"respondents:{request.remote_addr or 'unknown'}"


def brought_device() -> str:
    """Return the device's token that the browser sent, or nothing."""
    return request.cookies.get(cookie_name(RESPONDENT_COOKIE), "")


def device() -> str:
    """Return what stands for the device."""
    return f"answering:{token_hash(brought_device())}"
