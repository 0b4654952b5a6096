"""Two consultancies with everything a consultancy can hold, each text marked with its owner.

Each has two engagements, ``mine`` (the consultant and the viewer are on its team) and ``other``
(the owner alone), both answered in full from a published case, with links in every state, photos,
decisions, a plan, reports in every state of their jobs, mail and the record. Its public self-check
is open: one stranger is in the middle of it, others have asked for a diagnosis.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.content.answers import read_assessment
from app.factory import create_app
from app.services.accounts import joining
from app.services.accounts.sessions import open_device
from app.services.files import file_store
from app.services.record.recording import record
from app.services.releases import keep_model, model_of
from app.services.tokens import derived_token, random_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.rows import (
    Consultancy,
    DeviceSession,
    Member,
    OutgoingMail,
    PasswordReset,
)
from app.store.types import new_id
from tests.accounts import PASSWORD
from tests.installations import NOW
from tests.people import SECRET, UNUSABLE, add_tenant, quick_hasher
from tests.web.matrix.marks import Mark
from tests.web.matrix.strangers import add_strangers
from tests.web.matrix.works import PICTURE, add_work
from tests.web.matrix.world import House, World, acting_in

MODEL: Final = "private-domain"
CASE: Final = "case-2-jewellery.yaml"
WORKS: Final = ("mine", "other")
EXTRA: Final[Mapping[str, str]] = {
    "half": "consultant",
    "disabled": "consultant",
    "watcher": "viewer",
}
"""People beside those of every tenant: one whose second factor is due, one shut out, one who looks
on but is on no team."""


def populate(database: Database, data: Path) -> World:
    """Fill an empty, migrated database, and return what is where."""
    settings = Settings(data=data, secret_key=SECRET, mail="file")
    app = create_app(settings, database)
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, SERVER_NAME="127.0.0.1:8000")
    world = World(database, settings, app)
    digest = keep_model(database, settings, MODEL, NOW)
    model = model_of(database, settings, digest)
    case = read_assessment(
        (settings.questionnaires / MODEL / "examples" / CASE).read_bytes(), CASE, model
    )
    for letter in ("a", "b"):
        house = _house(world, letter)
        world.houses[letter] = house
        for name in WORKS:
            house.works[name] = add_work(world, house, name, model, digest, case)
        add_strangers(world, house, digest)
        _sign_in(world, house)
        with database.writing(house.tenant.id) as session:
            # Gone before the tests begin, so that what they cause can be told apart.
            for mail in session.scalars(select(OutgoingMail)):
                mail.sent_at = NOW
    return world


# -- the consultancy -------------------------------------------------------------------------------


def _house(world: World, letter: str) -> House:
    mark = str(Mark(letter))
    tenant = add_tenant(world.database, mark, letter)
    house = House(letter, tenant)
    house.ids = {f"member:{who}": person.id for who, person in tenant.people.items()}
    with world.database.writing(tenant.id) as session:
        consultancy = session.get(Consultancy, tenant.id)
        assert consultancy is not None
        logo = file_store(world.settings).put(PICTURE + mark.encode())
        for name in ("brand_name", "brand_consultant", "brand_contact", "brand_confidentiality"):
            setattr(consultancy, name, f"{mark} {name}")
        consultancy.brand_logo = logo
        for place, (who, role) in enumerate(EXTRA.items(), start=6):
            identity = f"{letter}{place}".ljust(16, "0")
            house.ids[f"member:{who}"] = identity
            session.add(
                Member(
                    id=identity,
                    email=f"{who}@{mark.lower()}.example",
                    name=f"{mark} {who}",
                    role=role,
                    password_hash=UNUSABLE,
                    created_at=NOW,
                    totp_secret="x" * 32 if who == "half" else None,
                    totp_confirmed_at=NOW if who == "half" else None,
                    disabled_at=NOW if who == "disabled" else None,
                )
            )
    password = quick_hasher().hash(PASSWORD)
    with world.database.writing(tenant.id) as session:
        for name in house.ids.values():
            row = session.find(Member, name)
            assert row is not None
            row.password_hash = password
    owner = acting_in(world, house)
    joined = joining.invite(owner, f"new@{mark.lower()}.example", f"{mark} new", "consultant")
    house.ids["joining"] = joined
    token = derived_token(world.settings.key, "joining", tenant.id, joined, 1)
    house.ids["joining:token"] = token
    with world.database.writing(tenant.id) as session:
        session.add(
            PasswordReset(
                member_id=house.person("viewer"),
                token_hash=token_hash(random_token()),
                created_at=NOW,
                expires_at=NOW + timedelta(hours=1),
            )
        )
        record(owner, session, "client.changed", "client", "0" * 16, name=mark)
    return house


def _sign_in(world: World, house: House) -> None:
    """Open two devices for every person, and one that was revoked."""
    agent = f"Mozilla/5.0 {house.mark}"
    with world.database.writing(house.tenant.id) as session:
        for name, member in house.ids.items():
            if not name.startswith("member:"):
                continue
            who = name.removeprefix("member:")
            house.cookies[who] = open_device(session, member, NOW, "203.0.113.9", agent)
            device = new_id()
            house.devices[who] = device
            session.add(
                DeviceSession(
                    id=device,
                    member_id=member,
                    token_hash=token_hash(random_token()),
                    created_at=NOW,
                    seen_at=NOW,
                    address="203.0.113.9",
                    user_agent=agent,
                )
            )
        token = random_token()
        house.cookies["revoked"] = token
        session.add(
            DeviceSession(
                id=new_id(),
                member_id=house.person("consultant"),
                token_hash=token_hash(token),
                created_at=NOW,
                seen_at=NOW,
                revoked_at=NOW,
                address="203.0.113.9",
                user_agent=agent,
            )
        )
