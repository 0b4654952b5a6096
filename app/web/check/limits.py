"""How often a self-check is knocked at: by address for strangers, by browser after consent.

Many phones share one address, so its limit is that of a hall full of people. How many may *begin*
is counted in the database (``app.services.selfcheck.beginning``).
"""

from typing import Final

from flask import request

from app.services.tokens import token_hash
from app.web.principal import check_cookie, cookie_name

PER_ADDRESS: Final = "1200/minute"
PER_BROWSER: Final = "120/minute"


def address() -> str:
    """Return the address a stranger comes from, apart from what else it is counted for."""
    return f"strangers:{request.remote_addr or 'unknown'}"


def browser() -> str:
    """Return what stands for the browser; its token is kept nowhere."""
    slug = (request.view_args or {}).get("slug", "")
    token = request.cookies.get(cookie_name(check_cookie(slug)), "")
    return f"checking:{token_hash(token)}"
