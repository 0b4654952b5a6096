"""Who may report on a plan under way: the team, and the client for what is its own."""

from typing import Final

from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached
from app.services.errors import ConflictError, NotFoundError
from app.store.rows import CoachedUnit

ARCHIVED: Final = "archived"
_SAID_TO_TEAM: Final = "这个项目已经归档，不再记录。请先恢复项目。"
_SAID_TO_CLIENT: Final = "这个项目已经结束归档，不再记录。还要接着记的话，请联系顾问。"


def find_store(coached: Coached, store: str) -> CoachedUnit | None:
    """Return a store by its id or its name; None for the whole enterprise.

    Raises ``NotFoundError`` where no such store takes part or ever did.
    """
    if not store:
        return None
    for unit in coached.units:
        if store in (unit.id, unit.name):
            return unit
    raise NotFoundError


def own_store(acting: Acting, coached: Coached, store: str) -> str:
    """Return the id of the store the person may see: a store manager sees no other.

    Empty for the whole enterprise. Raises ``NotFoundError``.
    """
    asked = find_store(coached, store)
    if acting.role == "client" and acting.store:
        own = find_store(coached, acting.store)
        if own is None or (asked is not None and asked.id != own.id):
            raise NotFoundError
        return own.id
    return asked.id if asked is not None else ""


def must_report(acting: Acting, coached: Coached, unit: str) -> None:
    """Raise where the person may not say anything of a store (empty: of the enterprise).

    ``NotAllowedError`` for whoever only looks, ``NotFoundError`` for a store manager and another's
    store, ``ConflictError`` where the engagement is put away.
    """
    if acting.role != "client":
        acting.must_write()
    elif acting.store and own_store(acting, coached, unit) != unit:
        raise NotFoundError
    if coached.opened.engagement.archived_at is not None:
        raise ConflictError(ARCHIVED, _SAID_TO_CLIENT if acting.role == "client" else _SAID_TO_TEAM)
