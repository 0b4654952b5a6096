"""Callers at the doors of this area: who knocks, which link they came by, how they are let in."""

from typing import Final

from flask import Response, g, make_response, redirect, render_template, request, session

from app.services.callers import Caller
from app.services.errors import ThrottledError
from app.web.origins import local_path
from app.web.principal import (
    MEMBER_COOKIE,
    SignInNeeded,
    cookie_name,
    database,
    keep_token,
    member,
    now,
    settings,
)

_CLAIM: Final = "zm_claim"
REFUSED: Final = 422


def caller() -> Caller:
    """Return whoever sends this request."""
    return Caller(
        database=database(),
        settings=settings(),
        now=now(),
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )


def brought_token() -> str:
    """Return the session token the browser sent."""
    return request.cookies.get(cookie_name(MEMBER_COOKIE), "")


def wanted() -> str | None:
    """Return the page somebody was on the way to."""
    return request.args.get("next")


def let_in(token: str, to: str | None = None) -> Response:
    """Send somebody on with a new session: to the page they wanted, else home."""
    response = make_response(redirect(local_path(to), 303))
    keep_token(response, MEMBER_COOKIE, token)
    return response


def keep_claim(place: str, token: str) -> None:
    """Keep the token of a link for the page it leads to, so that no address has it any more."""
    session[_CLAIM] = {place: token}


def claimed(place: str) -> str:
    """Return the token a link left for this page, or nothing."""
    found: dict[str, str] = session.get(_CLAIM, {})
    return found.get(place, "")


def drop_claim() -> None:
    """Forget what a link left."""
    session.pop(_CLAIM, None)


def unreferred(response: Response) -> Response:
    """Have the browser tell nobody the address of this page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def dead_link() -> Response:
    """Return the one answer to every link that opens nothing, whatever the reason."""
    drop_claim()
    return unreferred(make_response(render_template("auth/dead_link.html"), 404))


def slow_down(page: str, error: ThrottledError) -> Response:
    """Return a page that says when to try again."""
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def must_have_shown_all() -> None:
    """Let nobody past whose second factor is set up but not shown yet in this session.

    Setting one up is open to members who have none, so those pages ask for less than the others.
    """
    signed_in = member()
    if not signed_in.verified and not signed_in.second_factor_missing:
        raise SignInNeeded("second factor")


def is_half_in() -> bool:
    """Tell whether the member still has to do something before the rest opens."""
    found: bool = not g.principal.verified
    return found
