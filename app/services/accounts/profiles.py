"""What members choose for themselves: name, language and time zone."""

from dataclasses import dataclass

from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.services.record.recording import record
from app.store.rows import Member


@dataclass(frozen=True, slots=True)
class Profile:
    """How a member is called, reads and reckons time."""

    name: str
    locale: str
    zone: str


def change_profile(acting: Acting, profile: Profile) -> None:
    """Keep what a member says about themselves."""
    with acting.writing() as session:
        member = session.find(Member, acting.person)
        if member is None:
            raise NotFoundError
        if member.name != profile.name:
            before = member.name
            record(acting, session, "account.renamed", before=before, after=profile.name)
        member.name, member.locale, member.zone = profile.name, profile.locale, profile.zone


def choose_locale(acting: Acting, locale: str) -> None:
    """Keep the language a member wants the screens in."""
    with acting.writing() as session:
        member = session.find(Member, acting.person)
        if member is not None:
            member.locale = locale
