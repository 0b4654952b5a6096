"""Every kind of person who can send a request, and what each right answers them.

A right or a person without an expectation here stops the matrix: whoever adds one says what it
means for all the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.web.policies import Right
from app.web.principal import (
    CONTACT_COOKIE,
    MEMBER_COOKIE,
    RESPONDENT_COOKIE,
    check_cookie,
)
from tests.web.matrix.world import House, World


class Door(Enum):
    """What the policy of a route does with somebody, before any object is looked for."""

    OPEN = "let in"
    SIGN_IN = "sent to sign in"
    SECOND_FACTOR = "sent to show the second factor"
    FORBIDDEN = "refused"
    NO_PAGE = "told there is no such page"
    BEGIN = "led to where a self-check begins"
    PORTAL = "sent to ask for a link to the portal"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who sends requests. ``session`` names one of the house's or the work's sessions.

    ``works`` are the engagements of their house they may see; ``person`` is who of the house they
    are; ``work`` is the engagement a respondent was invited to or a contact sees, ``guest`` which
    guest they are, ``contact`` whether they are a client's; ``visit`` is which stranger of the
    house's self-check somebody is.
    ``thorough``: HEAD is tried too, though the same view answers it and GET, and closed doors with
    everybody's ids, though a door looks at none. ``untried`` are kinds of ids left out in
    engagements, because for them another person stands as well.
    """

    name: str
    house: str
    doors: Mapping[Right, Door]
    session: str = ""
    works: frozenset[str] = frozenset()
    person: str = "consultant"
    work: str = "mine"
    guest: int | None = None
    visit: int | None = None
    contact: bool = False
    thorough: bool = False
    untried: frozenset[str] = frozenset()

    @property
    def is_respondent(self) -> bool:
        """Whether they came by a link."""
        return self.guest is not None

    def cookie(self, world: World) -> str:
        """Return the header their browser sends."""
        if not self.session:
            return ""
        house: House = world.houses[self.house]
        if self.visit is not None:
            return f"{check_cookie(house.ids['slug'])}={house.cookies[self.session]}"
        if self.contact:
            return f"{CONTACT_COOKIE}={house.works[self.work].contacts[self.session]}"
        if self.is_respondent:
            return f"{RESPONDENT_COOKIE}={house.works[self.work].cookies[self.session]}"
        return f"{MEMBER_COOKIE}={house.cookies[self.session]}"


_O, _S, _F, _R, _N = Door.OPEN, Door.SIGN_IN, Door.SECOND_FACTOR, Door.FORBIDDEN, Door.NO_PAGE
_B: Final = Door.BEGIN
_P: Final = Door.PORTAL

_RIGHTS: Final = tuple(Right.__members__.values())


def _doors(**doors: Door) -> Mapping[Right, Door]:
    return {Right[name]: door for name, door in doors.items()}


def _at(**doors: Door) -> Mapping[Right, Door]:
    """Return the doors of somebody who is neither a client's contact nor in a self-check."""
    return _doors(**doors, CLIENT=_P, CLIENT_WHOLE=_P, VISITOR=_B)


OUTSIDE: Final = _at(PUBLIC=_O, HALF=_S, MEMBER=_S, SELF=_S, WRITE=_S, OWNER=_S, RESPONDENT=_N)
HALF: Final = _at(PUBLIC=_O, HALF=_O, MEMBER=_F, SELF=_F, WRITE=_F, OWNER=_F, RESPONDENT=_N)
VIEWER: Final = _at(PUBLIC=_O, HALF=_O, MEMBER=_O, SELF=_O, WRITE=_R, OWNER=_R, RESPONDENT=_N)
CONSULTANT: Final = _at(PUBLIC=_O, HALF=_O, MEMBER=_O, SELF=_O, WRITE=_O, OWNER=_R, RESPONDENT=_N)
OWNER: Final = _at(PUBLIC=_O, HALF=_O, MEMBER=_O, SELF=_O, WRITE=_O, OWNER=_O, RESPONDENT=_N)
GUEST: Final[Mapping[Right, Door]] = {**OUTSIDE, Right.RESPONDENT: _O}
VISITOR: Final[Mapping[Right, Door]] = {**OUTSIDE, Right.VISITOR: _O}
CONTACT: Final = {**OUTSIDE, Right.CLIENT: _O, Right.CLIENT_WHOLE: _O}
STORE: Final = {**OUTSIDE, Right.CLIENT: _O, Right.CLIENT_WHOLE: _R}

_MINE: Final = frozenset({"mine"})
_OTHER: Final = frozenset({"other"})
_BOTH: Final = frozenset({"mine", "other"})

PRINCIPALS: Final[tuple[Principal, ...]] = (
    Principal("anonymous", "a", OUTSIDE, thorough=True),
    Principal("second factor due", "a", HALF, "half", person="half", thorough=True),
    Principal("viewer on the team", "a", VIEWER, "viewer", _MINE, "viewer"),
    Principal("viewer not on the team", "a", VIEWER, "watcher", person="watcher"),
    Principal("consultant on the team", "a", CONSULTANT, "consultant", _MINE, thorough=True),
    Principal("consultant not on the team", "a", CONSULTANT, "colleague", person="colleague"),
    Principal("owner", "a", OWNER, "owner", _BOTH, "owner", untried=frozenset({"own"})),
    Principal("disabled member", "a", OUTSIDE, "disabled", person="disabled"),
    Principal("revoked session", "a", OUTSIDE, "revoked"),
    Principal(
        "other tenant's consultant",
        "b",
        CONSULTANT,
        "consultant",
        _MINE,
        untried=frozenset({"own", "not mine"}),
    ),
    Principal(
        "other tenant's owner",
        "b",
        OWNER,
        "owner",
        _BOTH,
        "owner",
        untried=frozenset({"own", "not mine"}),
    ),
    Principal("respondent", "a", GUEST, "open", guest=0, thorough=True),
    Principal("respondent of another engagement", "a", GUEST, "open", work="other", guest=0),
    Principal("respondent with an expired link", "a", OUTSIDE, "expired", guest=2),
    Principal("respondent with a revoked link", "a", OUTSIDE, "revoked", guest=3),
    Principal("respondent who has submitted", "a", GUEST, "done", guest=4),
    Principal("other tenant's respondent", "b", GUEST, "open", guest=0),
    Principal("visitor", "a", VISITOR, "check:open", visit=0, thorough=True),
    Principal("visitor who has asked", "a", VISITOR, "check:asked", visit=1),
    Principal("other tenant's visitor", "b", VISITOR, "check:open", visit=0),
    Principal("client contact", "a", CONTACT, "boss", _MINE, thorough=True, contact=True),
    Principal(
        "contact of another client", "a", CONTACT, "boss", _OTHER, work="other", contact=True
    ),
    Principal("store manager", "a", STORE, "store", _MINE, contact=True),
    Principal("contact who was shut out", "a", OUTSIDE, "out", contact=True),
    Principal("other tenant's contact", "b", CONTACT, "boss", _MINE, contact=True),
)


def unexplained() -> list[str]:
    """Return what is missing: rights some person has no expectation for."""
    return [
        f"{principal.name}: say in tests/web/matrix/principals.py what Right.{right.name} answers"
        for principal in PRINCIPALS
        for right in _RIGHTS
        if right not in principal.doors
    ]
