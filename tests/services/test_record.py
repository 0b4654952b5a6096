"""The record: sealed line by line, so that what is done behind the program's back shows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.services.acting import Acting
from app.services.errors import NotAllowedError
from app.services.record.reading import Asked, broken_line, read_record
from app.services.record.recording import record
from app.store.rows import AuditEvent, Client, Consultancy, Engagement, Release, TeamMember
from app.store.scope import INSTALLATION
from tests.installations import NOW
from tests.people import Installed

LINES = 6


def write(acting: Acting, action: str, engagement: str = "", **detail: Any) -> None:
    with acting.writing() as session:
        record(acting, session, action, "client", "c", engagement, **detail)


@pytest.fixture
def recorded(installed: Installed) -> Installed:
    """A record of six lines in the first consultancy, and of one in the second."""
    for number in range(1, LINES + 1):
        write(installed.acting(), "client.created", name=f"客户{number}")
    write(installed.acting("owner", installed.second), "client.created", name="别家的客户")
    return installed


def tamper(installed: Installed, statement: Any) -> None:
    """Do something to the tables that no service does."""
    with installed.database.writing(INSTALLATION) as session:
        session.execute(statement)


def lines(installed: Installed, who: str = "owner", **asked: Any) -> list[int]:
    pages, _choices = read_record(installed.acting(who), Asked(**asked))
    return [line.number for line in pages.lines]


def mine(number: int) -> Any:
    return (AuditEvent.tenant_id == "a000000000000000") & (AuditEvent.number == number)


def test_a_record_nobody_touched_is_whole(recorded: Installed) -> None:
    assert broken_line(recorded.acting()) is None
    assert broken_line(recorded.acting("owner", recorded.second)) is None


def test_an_empty_record_is_whole(installed: Installed) -> None:
    assert broken_line(installed.acting()) is None


CHANGES: dict[str, Callable[[], Any]] = {
    "at": lambda: NOW - timedelta(days=1),
    "actor_id": lambda: "a200000000000000",
    "actor": lambda: "别人",
    "address": lambda: "198.51.100.1",
    "action": lambda: "client.changed",
    "subject": lambda: "engagement",
    "subject_id": lambda: "d",
    "engagement_id": lambda: "e",
    "detail": lambda: {"name": "另一个"},
    "previous": lambda: "0" * 64,
    "digest": lambda: "0" * 64,
    "note": lambda: "补记",
}


def test_every_column_of_a_line_is_under_the_seal() -> None:
    columns = {column.name for column in AuditEvent.__table__.columns}
    assert columns == {"tenant_id", "number", *CHANGES}


def test_a_changed_line_is_named_whatever_was_changed(recorded: Installed) -> None:
    with recorded.database.reading(recorded.first.id) as session:
        line = session.scalars(select(AuditEvent).where(mine(4))).one()
        before = {name: getattr(line, name) for name in CHANGES}
    for name, changed in CHANGES.items():
        tamper(recorded, update(AuditEvent).where(mine(4)).values({name: changed()}))
        assert broken_line(recorded.acting()) == 4, name
        tamper(recorded, update(AuditEvent).where(mine(4)).values({name: before[name]}))
    assert broken_line(recorded.acting()) is None
    assert broken_line(recorded.acting("owner", recorded.second)) is None


@pytest.mark.parametrize("number", [1, 3, LINES])
def test_a_removed_line_is_named_wherever_it_stood(recorded: Installed, number: int) -> None:
    tamper(recorded, delete(AuditEvent).where(mine(number)))
    assert broken_line(recorded.acting()) == number
    write(recorded.acting(), "client.created", name="之后的")
    assert broken_line(recorded.acting()) == number, "a later line does not cover it up"


def test_a_record_that_was_emptied_is_noticed(recorded: Installed) -> None:
    of_first = AuditEvent.tenant_id == recorded.first.id
    tamper(recorded, delete(AuditEvent).where(of_first))
    assert broken_line(recorded.acting()) == 1


def test_a_line_put_in_at_the_end_is_named(recorded: Installed) -> None:
    row = {
        "tenant_id": recorded.first.id, "number": LINES + 1, "at": NOW, "actor_id": "",
        "actor": "别人", "address": "", "action": "client.created", "subject": "",
        "subject_id": "", "engagement_id": "", "detail": {}, "previous": "0" * 64,
        "digest": "1" * 64, "note": "",
    }  # fmt: skip
    tamper(recorded, insert(AuditEvent).values(row))
    assert broken_line(recorded.acting()) == LINES + 1


def test_two_lines_that_changed_places_are_noticed(recorded: Installed) -> None:
    for before, after in ((2, 900), (3, 2), (900, 3)):
        tamper(recorded, update(AuditEvent).where(mine(before)).values(number=after))
    assert broken_line(recorded.acting()) == 2


def test_the_number_of_lines_made_smaller_is_noticed(recorded: Installed) -> None:
    house = Consultancy.id == recorded.first.id
    tamper(recorded, update(Consultancy).where(house).values(record_lines=LINES - 2))
    assert broken_line(recorded.acting()) == LINES - 1


@pytest.mark.parametrize("who", ["consultant", "viewer"])
def test_only_owners_check_the_record(recorded: Installed, who: str) -> None:
    with pytest.raises(NotAllowedError):
        broken_line(recorded.acting(who))


# -- who sees what -----------------------------------------------------------------------------


def engagement(installed: Installed, name: str, *team: str) -> str:
    """Store an engagement with its team, by rows alone."""
    tenant = installed.first
    with installed.database.writing(None) as bare:
        if bare.get(Release, "r" * 64) is None:
            bare.add(Release(digest="r" * 64, model="m", version="1", archive=b"", created_at=NOW))
    with installed.database.writing(tenant.id) as session:
        owner = tenant.people["owner"].id
        session.add(Client(id=f"c{name}", name=f"客户{name}", created_at=NOW, created_by=owner))
        session.flush()
        session.add(
            Engagement(
                id=name,
                client_id=f"c{name}",
                title="首诊",
                release_digest="r" * 64,
                form="full",
                locale="zh-Hans",
                created_at=NOW,
                created_by=owner,
            )
        )
        session.flush()
        session.add_all(
            TeamMember(engagement_id=name, member_id=tenant.people[who].id) for who in team
        )
    return name


def test_people_see_their_own_lines_and_those_of_their_engagements(installed: Installed) -> None:
    shared = engagement(installed, "shared", "consultant", "viewer")
    other = engagement(installed, "other", "colleague")
    write(installed.acting("owner"), "member.invited")  # 1
    write(installed.acting("owner"), "engagement.changed", shared)  # 2
    write(installed.acting("colleague"), "engagement.changed", other)  # 3
    write(installed.acting("consultant"), "account.signed_in")  # 4
    write(installed.acting("viewer"), "account.signed_in")  # 5
    assert lines(installed) == [5, 4, 3, 2, 1]
    assert lines(installed, "consultant") == [4, 2]
    assert lines(installed, "viewer") == [5, 2]
    assert lines(installed, "colleague") == [3]
    assert lines(installed, "consultant", engagement=other) == []
    colleague = installed.first.people["colleague"].id
    assert lines(installed, "consultant", actor=colleague) == []


def test_who_left_a_team_sees_no_more_than_their_own_lines(installed: Installed) -> None:
    shared = engagement(installed, "shared", "consultant", "colleague")
    write(installed.acting("consultant"), "engagement.changed", shared)
    write(installed.acting("colleague"), "engagement.changed", shared)
    member = installed.first.people["consultant"].id
    tamper(installed, delete(TeamMember).where(TeamMember.member_id == member))
    pages, choices = read_record(installed.acting("consultant"), Asked())
    assert [line.number for line in pages.lines] == [1]
    assert pages.lines[0].engagement == "", "no link to what is no longer theirs"
    assert choices.engagements == ()


def test_a_choice_of_people_is_for_owners_alone(installed: Installed) -> None:
    _pages, all_of_them = read_record(installed.acting(), Asked())
    assert len(all_of_them.people) == 4
    _pages, own = read_record(installed.acting("consultant"), Asked())
    assert [name for _id, name in own.people] == ["衡石咨询consultant"]


# -- narrowing and paging ----------------------------------------------------------------------


def test_the_record_is_narrowed_by_area_person_and_day(installed: Installed) -> None:
    write(installed.acting("owner", now=NOW - timedelta(days=2)), "client.created")  # 1
    write(installed.acting("consultant"), "client.created")  # 2
    write(installed.acting("consultant"), "clients.other")  # 3
    write(installed.acting("owner", now=NOW + timedelta(days=1)), "report.issued")  # 4
    assert lines(installed, area="client") == [2, 1], "an area is a whole word"
    assert lines(installed, actor=installed.first.people["consultant"].id) == [3, 2]
    today = installed.acting().today
    assert lines(installed, first=today) == [4, 3, 2]
    assert lines(installed, first=today, last=today) == [3, 2]
    assert lines(installed, last=today - timedelta(days=1)) == [1]
    assert lines(installed, area="client", first=today, actor="nobody") == []


def test_days_are_those_of_the_reader(installed: Installed) -> None:
    # 16:30 in London is half past midnight of the next day in Shanghai.
    late = NOW.replace(hour=16, minute=30)
    write(installed.acting("owner", now=late), "client.created")
    assert lines(installed, first=date(2026, 11, 23), last=date(2026, 11, 23)) == [1]
    assert lines(installed, first=date(2026, 11, 22), last=date(2026, 11, 22)) == []


def test_pages_follow_each_other_without_a_gap_or_a_repetition(recorded: Installed) -> None:
    seen, before = [], None
    for _page in range(LINES):
        pages, _choices = read_record(recorded.acting(), Asked(before=before), limit=2)
        seen += [line.number for line in pages.lines]
        # A new line on top does not push one over to the next page.
        write(recorded.acting(), "client.changed")
        before = pages.older
        if before is None:
            break
    assert seen == [6, 5, 4, 3, 2, 1]


def test_a_line_stands_or_falls_with_what_it_tells(installed: Installed) -> None:
    acting = installed.acting()

    def fails_after_writing() -> None:
        with acting.writing() as session:
            record(acting, session, "client.created")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_after_writing()
    with installed.database.reading(installed.first.id) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0
    assert broken_line(acting) is None
