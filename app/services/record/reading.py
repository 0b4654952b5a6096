"""The record as people read it: filtered, in words, exported, and checked for tampering."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.services.access import sees_as
from app.services.acting import Acting
from app.services.record.recording import record
from app.services.releases import model_of
from app.services.workbooks.writing import Column, Sheet, workbook_of
from app.store.engagements import engagement_titles, release_digests
from app.store.invitations import guests_named
from app.store.members import list_members
from app.store.record import Wanted, events, first_broken_line
from app.store.rows import AuditEvent

PAGE: Final = 100
MOST_EXPORTED: Final = 50_000
_NAMING_A_ROLE: Final = frozenset({"role", "roles"})

AREAS: Final[Mapping[str, str]] = {
    "account": "登录与账号",
    "member": "成员管理",
    "consultancy": "机构",
    "settings": "机构设置",
    "lead": "线索",
    "client": "客户",
    "engagement": "项目",
    "team": "项目组",
    "invitation": "邀请",
    "response": "答卷",
    "answers": "导入答案",
    "pulse": "客户脉搏",
    "interview": "访谈",
    "photo": "照片",
    "adjudication": "裁定",
    "finding": "发现",
    "plan": "规划",
    "report": "报告",
    "contact": "客户联系人",
    "portal": "客户门户",
    "record": "记录",
    "access": "被拒的请求",
    "demo": "示范数据",
    "coaching": "陪跑",
    "portfolio": "客户全景",
}
"""The first word of an action, as people read it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the record is asked for; days are the reader's own, both included."""

    engagement: str | None = None
    actor: str | None = None
    area: str | None = None
    first: date | None = None
    last: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who did what to what, when and from where.

    ``roles`` are the titles of the engagement's roles by id, for details that name one.
    """

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    subject_id: str
    engagement: str
    engagement_title: str
    detail: Mapping[str, Any]
    address: str
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pages:
    """Some lines, newest first; ``older`` is where the next page begins, None at the end."""

    lines: tuple[Line, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the record can be narrowed to: (id, name)."""

    people: tuple[tuple[str, str], ...]
    engagements: tuple[tuple[str, str], ...]


def read_record(acting: Acting, asked: Asked, limit: int = PAGE) -> tuple[Pages, Choices]:
    """Return the lines a person may see. Owners see all; others their own and their engagements."""
    with acting.reading() as session:
        rows = events(session, _wanted(acting, asked), limit + 1)
        titles = engagement_titles(session, sees_as(acting))
        members = [(row.id, row.name) for row in list_members(session)]
        guests = guests_named(session, _others(rows, {member for member, _name in members}))
        digests = release_digests(session, {row.engagement_id for row in rows})
    roles = _role_titles(acting, rows, guests, digests)
    lines = tuple(
        _line(row, titles, roles.get(row.engagement_id, {}), guests.get(row.actor_id))
        for row in rows[:limit]
    )
    older = lines[-1].number if len(rows) > limit and lines else None
    people = members if acting.role == "owner" else [(acting.person, acting.name)]
    return Pages(lines, older), Choices(tuple(people), tuple(titles.items()))


@dataclass(frozen=True, slots=True)
class Spoken:
    """How an export is written: the headings of its columns, and the words of a line."""

    headings: Sequence[str]
    who: Callable[[Line], str]
    action: Callable[[Line], str]
    details: Callable[[Line], str]


def export_record(acting: Acting, asked: Asked, spoken: Spoken) -> bytes:
    """Return the lines as a workbook, oldest first; that it was exported is itself recorded.

    Columns: number, time, who, what in words and as the program calls it, of which kind of thing,
    its id, the engagement, details, address.
    """
    pages, _choices = read_record(acting, replace(asked, before=None), MOST_EXPORTED)
    zone = ZoneInfo(acting.zone)
    rows = [
        (
            line.number,
            f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            spoken.who(line),
            spoken.action(line),
            line.action,
            line.subject,
            line.subject_id,
            line.engagement_title,
            spoken.details(line),
            line.address,
        )
        for line in reversed(pages.lines)
    ]
    with acting.writing() as session:
        record(acting, session, "record.exported", lines=len(rows))
    columns = tuple(Column(heading) for heading in spoken.headings)
    return workbook_of([Sheet("record", columns, rows)], acting.now)


def broken_line(acting: Acting) -> int | None:
    """Return the first line of the record that does not fit its seal; None where all do."""
    acting.must_own()
    with acting.reading() as session:
        return first_broken_line(session)


def _wanted(acting: Acting, asked: Asked) -> Wanted:
    zone = ZoneInfo(acting.zone)
    after = asked.last + timedelta(days=1) if asked.last else None
    return Wanted(
        seen_by=sees_as(acting),
        engagement=asked.engagement,
        actor=asked.actor,
        area=asked.area,
        since=datetime.combine(asked.first, time(), zone) if asked.first else None,
        until=datetime.combine(after, time(), zone) if after else None,
        before=asked.before,
    )


def _others(rows: Iterable[AuditEvent], members: Collection[str]) -> Collection[str]:
    """Return who acted without being a member."""
    return {row.actor_id for row in rows if row.actor_id and row.actor_id not in members}


def _role_titles(
    acting: Acting,
    rows: Iterable[AuditEvent],
    guests: Collection[str],
    digests: Mapping[str, str],
) -> Mapping[str, Mapping[str, str]]:
    """Return the titles of roles, in the reader's language, where a line names a role."""
    naming = {
        row.engagement_id
        for row in rows
        if row.actor_id in guests or not _NAMING_A_ROLE.isdisjoint(row.detail)
    }
    models = {
        engagement: model_of(acting.database, acting.settings, digest, acting.locale)
        for engagement, digest in digests.items()
        if engagement in naming
    }
    return {
        engagement: {role.id: role.title for role in model.content.roles}
        for engagement, model in models.items()
    }


def _line(
    row: AuditEvent,
    titles: Mapping[str, str],
    roles: Mapping[str, str],
    guest: tuple[str, str] | None,
) -> Line:
    who = row.actor
    if guest is not None:
        role, label = guest
        who = " · ".join(filter(None, (roles.get(role, role), label)))
    return Line(
        number=row.number,
        at=row.at,
        who=who,
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        engagement=row.engagement_id if row.engagement_id in titles else "",
        engagement_title=titles.get(row.engagement_id, ""),
        detail=row.detail,
        address=row.address,
        roles=roles,
    )
