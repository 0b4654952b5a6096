"""The stores that take part: each has its own tasks and figures from its first day to its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.bounds import NAME_LIMIT
from app.domain.sop_load import STORE_ROLE
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached, open_coached
from app.services.coaching.reporters import must_report
from app.services.errors import NotFoundError, RefusedError
from app.services.record.recording import record
from app.store.coaching import find_unit, units_of
from app.store.rows import CoachedUnit
from app.store.types import new_id

MOST: Final = 60
"""Stores of one engagement; a pilot has ten."""


@dataclass(frozen=True, slots=True)
class StoreLine:
    """A store that takes part or did."""

    id: str
    name: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class StoreBoard:
    """The stores of an engagement; ``first`` is offered as the first day of a new one."""

    stores: tuple[StoreLine, ...]
    first: date


def stores_of(acting: Acting, engagement: str) -> StoreBoard:
    """Return the stores; raises ``NotFoundError`` and ``NotCoachedError``."""
    coached = open_coached(acting, engagement)
    lines = tuple(StoreLine(one.id, one.name, one.first, one.last) for one in coached.units)
    return StoreBoard(lines, max(coached.running.start, coached.roadmap.start))


def store_names(acting: Acting, engagement: str) -> tuple[str, ...]:
    """Return the names of the stores that take part or did, by name; none before there is a plan.

    Raises ``NotFoundError``.
    """
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return tuple(sorted(one.name for one in units_of(session, engagement)))


def add_stores(acting: Acting, engagement: str, names: Sequence[str], first: date) -> int:
    """Let stores take part from a day on; return how many.

    Raises as ``stores_of``, ``NotAllowedError``, ``ConflictError``, and ``RefusedError`` for names
    that are empty, too long or there already.
    """
    acting.must_write()
    coached = open_coached(acting, engagement)
    must_report(acting, coached, "")
    wanted = [name.strip() for name in names if name.strip()]
    _check(coached, wanted, first)
    with acting.writing() as session:
        session.add_all(
            CoachedUnit(
                id=new_id(),
                engagement_id=engagement,
                name=name,
                role=STORE_ROLE,
                first=first,
                created_at=acting.now,
                created_by=acting.person,
            )
            for name in wanted
        )
        record(
            acting, session, "coaching.stores_added", "engagement", engagement, engagement,
            stores=len(wanted),
        )  # fmt: skip
    return len(wanted)


def _check(coached: Coached, names: Sequence[str], first: date) -> None:
    taken = {one.name for one in coached.units}
    doubled = [name for place, name in enumerate(names) if name in taken or name in names[:place]]
    if not names:
        raise RefusedError({"names": "请写门店名称，一行一家。"})
    if any(len(name) > NAME_LIMIT for name in names):
        raise RefusedError({"names": "门店名称最多{limit}个字。"}, limit=NAME_LIMIT)
    if doubled:
        raise RefusedError({"names": "「{name}」已经有了，请换一个能区分的名称。"}, name=doubled[0])
    if len(names) + len(coached.units) > MOST:
        raise RefusedError({"names": "一个项目最多{limit}家门店。"}, limit=MOST)
    if first < coached.begins:
        raise RefusedError({"first": "参加的第一天不能早于规划的第一天。"})


def end_store(acting: Acting, engagement: str, store: str, last: date | None) -> None:
    """Let a store take part until a day, or (None) go on; what it reported stays.

    Raises as ``stores_of``, ``NotAllowedError``, ``ConflictError`` and ``RefusedError``.
    """
    acting.must_write()
    coached = open_coached(acting, engagement)
    must_report(acting, coached, "")
    with acting.writing() as session:
        row = find_unit(session, engagement, store)
        if row is None:
            raise NotFoundError
        if last is not None and last < row.first:
            raise RefusedError({"last": "最后一天不能早于第一天。"})
        row.last = last
        record(
            acting, session, "coaching.store_ended", "engagement", engagement, engagement,
            store=row.name, last=last.isoformat() if last is not None else "",
        )  # fmt: skip
