"""The public self-check of a house: strangers in every state, each text marked with its owner."""

from typing import Final

from sqlalchemy import select

from app.services.files import file_store
from app.services.respondents.consenting import keep_text, version_of
from app.services.selfcheck.asking import Asking, ask
from app.services.selfcheck.beginning import LASTS, visitor
from app.services.selfcheck.house import check_house
from app.services.selfcheck.printing import request_print
from app.services.tokens import random_token, token_hash
from app.store.jobs import STRANGERS
from app.store.rows import Consultancy, Job, SelfCheck, SelfCheckReport
from app.store.selfchecks import lead_of
from app.store.types import new_id
from tests.installations import NOW
from tests.strangers import HEAD, stored_answers
from tests.web.matrix.marks import Mark
from tests.web.matrix.world import House, World

STATES: Final = ("open", "asked", "declined")


def add_strangers(world: World, house: House, digest: str) -> None:
    """Open the self-check of a house, and have strangers do it: one goes on, two have asked."""
    slug = house.ids["slug"] = f"house-{house.letter}"
    with world.database.writing(house.tenant.id) as session:
        row = session.get(Consultancy, house.tenant.id)
        assert row is not None
        row.check_slug, row.check_open = slug, True
    found = check_house(world.database, slug)
    for place, state in enumerate(STATES):
        mark = Mark(house.letter, part=f"guest{place}")
        notice = {locale: [(f"{mark} notice", "…")] for locale in ("zh-Hans", "en")}
        check, token = new_id(), random_token()
        house.cookies[f"check:{state}"] = token
        with world.database.writing(house.tenant.id) as session:
            keep_text(session, notice, version_of(notice), NOW)
            session.add(
                SelfCheck(
                    id=check,
                    token_hash=token_hash(token),
                    release_digest=digest,
                    role=HEAD,
                    consent_version=version_of(notice),
                    answers=stored_answers(),
                    created_at=NOW,
                    saved_at=NOW,
                    expires_at=NOW + LASTS,
                )
            )
        acting = visitor(world.database, world.settings, found, check, NOW, "zh-Hans")
        if state == "open":
            request_print(acting)
            _drawn(world, house, mark)
            continue
        words = Asking(f"{mark} company", f"{mark} person", f"{mark} contact", f"{mark} note")
        ask(acting, words, notice, version_of(notice))
        with world.database.writing(house.tenant.id) as session:
            lead = lead_of(session, check)
            assert lead is not None
            house.ids["lead" if state == "asked" else f"lead:{state}"] = lead.id
            if state == "declined":
                lead.state, lead.decided_at, lead.reason = "declined", NOW, f"{mark} reason"
                lead.decided_by = house.person("owner")


def _drawn(world: World, house: House, mark: Mark) -> None:
    """Have the report that was asked for be finished."""
    data = f"pdf {mark}".encode()
    with world.database.writing(house.tenant.id) as session:
        report = session.scalars(select(SelfCheckReport)).one()
        report.digest, report.size = file_store(world.settings).put(data), len(data)
        report.pages, report.produced_at = 3, NOW
        job = session.scalars(select(Job).where(Job.kind == STRANGERS)).one()
        job.state, job.finished_at = "done", NOW
