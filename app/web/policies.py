"""Who may call which route. Every route says so; one that does not stops the start.

The check runs before the view, in one place. Which *objects* a person may see is decided in the
queries (see ``app.services.access``): a policy only says what kind of person may knock.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, TypeVar

from flask import Flask, g, request
from werkzeug.exceptions import Forbidden, MethodNotAllowed

from app.web.principal import Contact, Guest, Member, Respondent, SignInNeeded, Visitor

View = TypeVar("View", bound=Callable[..., object])

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Right(Enum):
    """What a caller must be. The flag tells whether the route may change anything."""

    PUBLIC = ("public", True)
    """Anybody, signed in or not."""
    HALF = ("half", True)
    """Signed in by password; the second factor may still be due."""
    MEMBER = ("member", False)
    """Any member, only looking."""
    SELF = ("self", True)
    """Any member, changing what is their own."""
    WRITE = ("write", True)
    """Owners and consultants."""
    OWNER = ("owner", True)
    """Owners."""
    RESPONDENT = ("respondent", True)
    """Somebody who came by an invitation's link."""
    VISITOR = ("visitor", True)
    """Somebody in the middle of a public self-check, after consent."""
    CLIENT = ("client", True)
    """A client's contact, store managers included."""
    CLIENT_WHOLE = ("client_whole", True)
    """A client's contact who sees the whole enterprise, not one store alone."""

    def __init__(self, word: str, writes: bool) -> None:
        self.word = word
        self.writes = writes


_POLICY: Final = "zhenmai_policy"
_BY_THEMSELVES: Final[Mapping[Right, tuple[type, str]]] = {
    Right.RESPONDENT: (Respondent, "respondent"),
    Right.VISITOR: (Visitor, "visitor"),
}
"""Rights of people who are no members: who they are, and whom an invitation to come in is for."""


def policy(right: Right) -> Callable[[View], View]:
    """Declare who may call a view."""

    def mark(view: View) -> View:
        setattr(view, _POLICY, right)
        return view

    return mark


class PolicyError(Exception):
    """A route without a policy, or a policy that contradicts its methods."""


def right_of(app: Flask, endpoint: str) -> Right | None:
    """Return the right a route asks for."""
    return getattr(app.view_functions[endpoint], _POLICY, None)


def check_policies(app: Flask) -> None:
    """Raise ``PolicyError`` naming every route that lacks a policy or could write with a look."""
    wrong = []
    for rule in app.url_map.iter_rules():
        right = right_of(app, rule.endpoint)
        methods = set(rule.methods or ())
        if right is None:
            wrong.append(f"{rule.rule} ({rule.endpoint}) has no policy")
        elif methods - SAFE and not right.writes:
            wrong.append(f"{rule.rule} ({rule.endpoint}) changes things with a right to look")
    if wrong:
        raise PolicyError("; ".join(sorted(wrong)))


def enforce() -> None:
    """Let the request through or raise; runs before every view."""
    endpoint = request.endpoint
    if endpoint is None:
        return
    app: Flask = g.app
    right = right_of(app, endpoint)
    if right is None:
        raise Forbidden
    who = g.principal
    if right is Right.PUBLIC:
        return
    if right in _BY_THEMSELVES:
        kind, whom = _BY_THEMSELVES[right]
        if not isinstance(who, kind):
            raise SignInNeeded(whom)
        return
    if right in (Right.CLIENT, Right.CLIENT_WHOLE):
        _admit_contact(who, right)
        return
    if not isinstance(who, Member):
        raise SignInNeeded("member")
    if not who.verified and right is not Right.HALF:
        raise SignInNeeded("second factor")
    if right is Right.WRITE and who.acting.role == "viewer":
        raise Forbidden
    if right is Right.OWNER and who.acting.role != "owner":
        raise Forbidden
    if request.method not in SAFE and not right.writes:
        raise MethodNotAllowed


def _admit_contact(who: object, right: Right) -> None:
    if not isinstance(who, Contact):
        raise SignInNeeded("client")
    if right is Right.CLIENT_WHOLE and not who.contact_in.whole:
        raise Forbidden


__all__ = ["Guest", "Right", "check_policies", "enforce", "policy", "right_of"]
