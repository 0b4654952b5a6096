"""Who is calling: nobody known, a member, a respondent by a link, a contact, a visitor."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask, Response, current_app, g, request

from app.services.accounts.sessions import LONGEST, SignedIn, resume, resume_respondent
from app.services.acting import Acting
from app.services.portal.sessions import LONGEST as CONTACT_LONGEST
from app.services.portal.sessions import ContactIn, resume_contact
from app.services.selfcheck.beginning import resume_visitor
from app.services.selfcheck.house import CheckHouse
from app.settings import Settings
from app.store.database import Database
from app.web.wording import best_locale

MEMBER_COOKIE: Final = "zm_session"
RESPONDENT_COOKIE: Final = "zm_answer"
CONTACT_COOKIE: Final = "zm_client"
LOCALE_COOKIE: Final = "zm_locale"
CHECK_COOKIE: Final = "zm_check"
GUEST_DAYS: Final = 30
"""How long a browser keeps the token of somebody who is no member."""
YEAR_SECONDS: Final = 365 * 86400


class SignInNeeded(Exception):  # noqa: N818  not an error: an invitation to sign in
    """The route is for somebody else; ``whom`` says for whom."""

    def __init__(self, whom: str) -> None:
        super().__init__(whom)
        self.whom = whom


@dataclass(frozen=True, slots=True)
class Guest:
    """Nobody we know."""


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in member."""

    signed_in: SignedIn

    @property
    def acting(self) -> Acting:
        """The member at work."""
        return self.signed_in.acting

    @property
    def verified(self) -> bool:
        """Whether every factor asked for was shown."""
        return self.signed_in.verified


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who came by an invitation's link."""

    acting: Acting
    invitation: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A stranger in the middle of a self-check, after consent."""

    acting: Acting
    house: CheckHouse


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a client, in the portal."""

    contact_in: ContactIn

    @property
    def acting(self) -> Acting:
        """The contact at work."""
        return self.contact_in.acting


def database() -> Database:
    """Return the installation's database."""
    found: Database = current_app.extensions["zhenmai_database"]
    return found


def settings() -> Settings:
    """Return the installation's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def now() -> datetime:
    """Return the moment of this request: the same for all it does."""
    moment: datetime = g.now
    return moment


def cookie_name(name: str) -> str:
    """Return a cookie's name; over https the prefix makes browsers insist on host and path."""
    return f"__Host-{name}" if settings().is_https else name


def check_cookie(slug: str) -> str:
    """Return the cookie of a self-check: who does two of them keeps both."""
    return f"{CHECK_COOKIE}_{slug}"


def begin() -> None:
    """Set what every request has; runs before anything can refuse it, as error pages need it."""
    g.app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target
    g.now = datetime.now(UTC)
    g.principal = Guest()
    g.locale = _asked_locale()


def load_principal() -> None:
    """Find out who is calling; runs before every view."""
    if request.endpoint == "static":
        return
    g.principal = _principal()
    if isinstance(g.principal, Member):
        g.locale = best_locale(g.principal.acting.locale)
    elif isinstance(g.principal, Contact):
        g.locale = g.principal.acting.locale


def _principal() -> Guest | Member | Respondent | Contact | Visitor:
    address = request.remote_addr or ""
    blueprint = request.blueprint
    if blueprint == "check":
        return _visitor((request.view_args or {}).get("slug", ""))
    if blueprint == "respond":
        token = request.cookies.get(cookie_name(RESPONDENT_COOKIE), "")
        found = resume_respondent(database(), settings(), token, g.now, address, g.locale)
        return Guest() if found is None else Respondent(found.acting, found.invitation)
    if blueprint == "portal":
        token = request.cookies.get(cookie_name(CONTACT_COOKIE), "")
        asked = g.locale if request.cookies.get(cookie_name(LOCALE_COOKIE)) else ""
        inside = resume_contact(database(), settings(), token, g.now, address, asked)
        return Guest() if inside is None else Contact(inside)
    token = request.cookies.get(cookie_name(MEMBER_COOKIE), "")
    signed_in = resume(database(), settings(), token, g.now, address)
    return Guest() if signed_in is None else Member(signed_in)


def _visitor(slug: str) -> Guest | Visitor:
    token = request.cookies.get(cookie_name(check_cookie(slug)), "")
    found = resume_visitor(database(), settings(), slug, token, g.now, g.locale)
    return Guest() if found is None else Visitor(*found)


def _asked_locale() -> str:
    asked = request.cookies.get(cookie_name(LOCALE_COOKIE))
    return best_locale(asked, *request.accept_languages.values())


def acting() -> Acting:
    """Return who acts; only behind a policy that asks for somebody."""
    who = g.principal
    if isinstance(who, Guest):
        raise SignInNeeded("member")
    found: Acting = who.acting
    return found


def member() -> SignedIn:
    """Return the signed-in member; only behind a policy that asks for one."""
    who = g.principal
    if not isinstance(who, Member):
        raise SignInNeeded("member")
    return who.signed_in


def contact_in() -> ContactIn:
    """Return the contact in the portal; only behind a policy that asks for one."""
    who = g.principal
    if not isinstance(who, Contact):
        raise SignInNeeded("client")
    return who.contact_in


def keep_token(response: Response, name: str, token: str) -> None:
    """Put a token into its cookie: unreadable for scripts, never sent from other sites."""
    if name == MEMBER_COOKIE:
        lasts = LONGEST
    else:
        lasts = CONTACT_LONGEST if name == CONTACT_COOKIE else timedelta(days=GUEST_DAYS)
    response.set_cookie(
        cookie_name(name),
        token,
        max_age=int(lasts.total_seconds()),
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def keep_locale(response: Response, locale: str) -> None:
    """Keep the language somebody chose, for pages seen before signing in."""
    response.set_cookie(
        cookie_name(LOCALE_COOKIE),
        locale,
        max_age=YEAR_SECONDS,
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_token(response: Response, name: str) -> None:
    """Remove a token's cookie."""
    response.delete_cookie(
        cookie_name(name), path="/", secure=settings().is_https, httponly=True, samesite="Lax"
    )


def init_principal(app: Flask) -> None:
    """Have every request know its caller."""
    app.before_request(load_principal)
