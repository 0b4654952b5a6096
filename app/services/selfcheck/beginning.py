"""Beginning a self-check: consent first, then a token for the browser, and nothing before that.

Nobody says who they are. What a stranger's browser gets is a random token; the row keeps its hash,
no address, no name. How many begin is counted by address and by consultancy, by hashes alone.
"""

from datetime import datetime, timedelta
from typing import Final

from app.services.accounts.throttling import Limit, door, knock, network_of
from app.services.acting import Acting
from app.services.callers import Caller
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.releases import keep_model
from app.services.respondents.consenting import NOTICE_CHANGED, Document, keep_text, version_of
from app.services.selfcheck.house import (
    CheckHouse,
    check_house,
    house_of_row,
    offered_form,
    roles_of,
)
from app.services.tokens import is_token, random_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.errors import TakenError
from app.store.rows import SelfCheck
from app.store.scope import INSTALLATION
from app.store.selfchecks import check_by_token
from app.store.types import new_id

LASTS: Final = timedelta(days=30)
"""How long answers that were not handed over are kept."""
DAY: Final = timedelta(days=1)
PER_ADDRESS: Final = (Limit(300, timedelta(minutes=10)), Limit(2000, DAY))
"""A hall full of people has one address: 200 phones begin within a minute."""
PER_HOUSE: Final = (Limit(1000, timedelta(hours=1)), Limit(5000, DAY))
_TRIES: Final = 4
"""Many begin under the same words at once; one of them is the first to store the text."""


def begin(caller: Caller, slug: str, role: str, document: Document, version: str) -> str:
    """Begin a self-check with a consultancy; return the token for the browser alone.

    ``version`` is the version of the notice the stranger had before them, ``document`` what it says
    now. Raises ``NotFoundError`` where nobody may begin, ``ConflictError`` ("notice-changed"),
    ``RefusedError`` without a role, and ``ThrottledError``.
    """
    house = check_house(caller.database, slug)
    if not house.is_open:
        raise NotFoundError
    model, _form = offered_form(caller.settings, "")
    if version_of(document) != version:
        raise ConflictError(NOTICE_CHANGED, "说明刚刚更新过，请再看一遍。")
    if role not in {one.id for one in roles_of(model)}:
        raise RefusedError({"role": "请选择您在公司里的角色。"})
    knock(
        caller.database,
        caller.now,
        door(caller.settings, "self-check from", network_of(caller.address), PER_ADDRESS),
        door(caller.settings, "self-check with", house.tenant, PER_HOUSE),
    )
    digest = keep_model(caller.database, caller.settings, model.content.id, caller.now)
    token = random_token()
    for last in range(_TRIES, 0, -1):
        try:
            with caller.database.writing(house.tenant) as session:
                keep_text(session, document, version, caller.now)
                session.add(
                    SelfCheck(
                        id=new_id(),
                        token_hash=token_hash(token),
                        release_digest=digest,
                        role=role,
                        consent_version=version,
                        answers={},
                        created_at=caller.now,
                        expires_at=caller.now + LASTS,
                    )
                )
            break
        except TakenError:
            if last == 1:
                raise
    return token


def resume_visitor(
    database: Database, settings: Settings, slug: str, token: str, now: datetime, locale: str
) -> tuple[Acting, CheckHouse] | None:
    """Return the stranger whose browser holds a token at an address, or None.

    They act without a name and without an address: neither is written down anywhere.
    """
    if not is_token(token):
        return None
    with database.reading(INSTALLATION) as session:
        found = check_by_token(session, slug, token_hash(token))
    if found is None or found[0].expires_at <= now:
        return None
    check, row = found
    house = house_of_row(row)
    return visitor(database, settings, house, check.id, now, locale), house


def visitor(
    database: Database,
    settings: Settings,
    house: CheckHouse,
    check: str,
    now: datetime,
    locale: str,
) -> Acting:
    """Return a stranger at work on their own self-check."""
    return Acting(
        database=database,
        settings=settings,
        tenant=house.tenant,
        person=check,
        name="",
        role="visitor",
        now=now,
        zone=house.zone,
        locale=locale,
    )
