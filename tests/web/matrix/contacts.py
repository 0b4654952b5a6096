"""The client's side of an engagement: contacts in every state, a shared report, talk about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.services.acting import Acting
from app.services.coaching.actuals import week_of
from app.services.coaching.coached_plan import open_coached
from app.services.coaching.stores import add_stores
from app.services.portal.comments import say_of
from app.services.portal.contacts import ContactRole, ContactWords, invite_contact, shut_out
from app.services.portal.feeds import feed_address, make_feed
from app.services.portal.sessions import open_contact_device
from app.services.portal.sharing import share_report
from app.services.tokens import derived_token, token_hash
from app.store.rows import Contact, ContactLink
from app.store.types import new_id
from tests.installations import NOW
from tests.web.matrix.world import House, Work, World, acting_in

CONTACTS: Final[tuple[tuple[str, ContactRole, str], ...]] = (
    ("boss", "boss", ""),
    ("store", "store", "Store"),
    ("out", "manager", ""),
)


def add_portal(world: World, house: House, work: Work) -> None:
    """Invite a boss, a store manager and one who is shut out; share a report and talk about it."""
    owner, engagement = acting_in(world, house), work.ids["engagement"]
    for who, role, store in CONTACTS:
        words = ContactWords(
            name=f"{work.mark} {who}",
            email=_email(house, work, who),
            role=role,
            store=f"{work.mark} {store}" if store else "",
        )
        contact = invite_contact(owner, engagement, words)
        work.ids |= {f"contact:{who}": contact}
        if who == "out":
            shut_out(owner, engagement, contact)
        with world.database.writing(house.tenant.id) as session:
            work.contacts[who] = open_contact_device(
                session, contact, NOW, "203.0.113.7", f"Mozilla/5.0 {work.mark}"
            )
    boss = work.ids["contact:boss"]
    work.ids |= {"contact": boss, "contact:email": _email(house, work, "boss")}
    _links(world, house, work, boss)
    _coaching(owner, work)
    share_report(owner, engagement, work.ids["report"])
    say_of(contact_of(owner, world, boss), engagement, work.ids["rule:decided"], f"{work.mark} no")
    say_of(owner, engagement, work.ids["rule:decided"], f"{work.mark} yes")
    say_of(contact_of(owner, world, boss), engagement, work.ids["rule"], f"{work.mark} why")


def _coaching(owner: Acting, work: Work) -> None:
    """Let the store manager's store take part; note a figure of the week."""
    engagement = work.ids["engagement"]
    begins = open_coached(owner, engagement).begins
    add_stores(owner, engagement, [f"{work.mark} Store"], begins)
    week = owner.today
    figure = next(one for one in week_of(owner, engagement, week).figures if not one.counted)
    boss = replace(owner, person=work.ids["contact:boss"], role="client")
    make_feed(boss, engagement)
    made = feed_address(boss, engagement)
    make_feed(boss, engagement)
    address = feed_address(boss, engagement)
    assert made is not None
    assert address is not None
    work.ids |= {
        "figure": figure.name,
        "token:feed:revoked": _token_in(made),
        "token:feed": _token_in(address),
    }


def _token_in(address: str) -> str:
    return address.rpartition("/")[2].removesuffix(".ics")


def _email(house: House, work: Work, who: str) -> str:
    # Without a mark: the page that asks for a link says again what was typed.
    return f"{who}.{house.letter}.{work.mark.work}@example.com"


def contact_of(owner: Acting, world: World, contact: str) -> Acting:
    """Return a contact of the owner's house at work."""
    with world.database.reading(owner.tenant) as session:
        row = session.find(Contact, contact)
        assert row is not None
        return replace(owner, person=row.id, name=row.name, role="client", store=row.store)


def _links(world: World, house: House, work: Work, boss: str) -> None:
    """Note the secret of the boss's invitation, and of a used and an expired link."""
    key, tenant = world.settings.key, house.tenant.id
    with world.database.writing(tenant) as session:
        (link,) = session.scalars(select(ContactLink.id).where(ContactLink.contact_id == boss))
        work.ids["token:contact"] = derived_token(key, "portal", tenant, link)
        for state in ("used", "expired"):
            row = ContactLink(
                id=new_id(), contact_id=boss, created_at=NOW, expires_at=NOW + timedelta(days=1)
            )
            token = derived_token(key, "portal", tenant, row.id)
            row.token_hash = token_hash(token)
            if state == "used":
                row.used_at = NOW
            else:
                row.expires_at = NOW - timedelta(minutes=1)
            session.add(row)
            work.ids[f"token:contact:{state}"] = token
