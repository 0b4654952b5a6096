"""What lies ahead of a contact: tasks of one's own store alone, and a feed that tells titles."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.actuals import A_WEEK
from app.reporting.ical import Event, calendar_text
from app.services.acting import Acting
from app.services.coaching.coached_plan import NotCoachedError, open_coached
from app.services.coaching.stores import add_stores
from app.services.errors import NotFoundError
from app.services.portal.agenda import AgendaItem, agenda_of
from app.services.portal.coached import (
    client_tasks,
    client_week,
    enter_as_client,
    settle_as_client,
)
from app.services.portal.contacts import ContactRole, ContactWords, invite_contact
from app.services.portal.feeds import drop_feed, feed_address, make_feed, read_feed
from app.services.reports.register import request_report
from app.store.database import Database
from app.store.rows import Contact, SharedReport
from app.web.portal.views_calendar import titled
from tests.accounts import caller
from tests.case_engagements import add_case
from tests.installations import NOW
from tests.people import Installed, install

STORES = ("人民路店", "江北店")
LATER = NOW + timedelta(days=14)
"""By then the stores have tasks."""


@pytest.fixture(scope="module")
def coached(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The second published case under coaching, with two stores, stored once; on SQLite alone.

    Which rows a contact sees is tested on both engines by the matrix.
    """
    folder = tmp_path_factory.mktemp("coached")
    shutil.copyfile(migrated_file, folder / "zhenmai.sqlite3")
    database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
    installed = install(database, folder / "data")
    engagement = add_case(installed)
    owner = installed.acting()
    report = request_report(owner, engagement, "zh-Hans").report
    with owner.writing() as session:
        # As if its files were drawn: what a client sees needs no paper.
        session.add(
            SharedReport(
                report_id=report, engagement_id=engagement, shared_at=NOW, shared_by=owner.person
            )
        )
    add_stores(owner, engagement, STORES, open_coached(owner, engagement).begins)
    yield installed
    database.dispose()


ENGAGEMENT = "d" * 16


def contact(installed: Installed, role: ContactRole = "boss", store: str = "") -> Acting:
    """Return a contact of the case at work."""
    place = str(STORES.index(store)) if store in STORES else "other"
    words = ContactWords("周老板", f"{role}-{place}@example.com", role, store)
    owner = installed.acting()
    name = invite_contact(owner, ENGAGEMENT, words)
    with owner.reading() as session:
        row = session.find(Contact, name)
        assert row is not None
        return replace(
            owner, person=row.id, name=row.name, role="client", store=row.store, now=LATER
        )


def at(who: Acting, days: int) -> Acting:
    """Return a person some days later."""
    return replace(who, now=who.now + timedelta(days=days))


def title(_locale: str, item: AgendaItem | None) -> str:
    return "calendar" if item is None else f"{item.kind} {item.title}"


def test_a_store_manager_sees_and_settles_the_tasks_of_one_store(coached: Installed) -> None:
    manager = contact(coached, "store", STORES[0])
    board = client_tasks(manager, ENGAGEMENT, None, "", "")
    assert {line.store for line in board.lines} == {STORES[0]}
    with pytest.raises(NotFoundError):
        client_tasks(manager, ENGAGEMENT, None, STORES[1], "")
    whole = client_tasks(contact(coached), ENGAGEMENT, None, "", "")
    assert len(whole.lines) > len(board.lines)
    theirs = next(line for line in whole.lines if line.store == STORES[1])
    with pytest.raises(NotFoundError):
        settle_as_client(manager, ENGAGEMENT, [theirs.key], "done", "")
    settle_as_client(manager, ENGAGEMENT, [board.lines[0].key], "done", "")
    assert client_tasks(manager, ENGAGEMENT, None, "", "").lines[0].state == "done"


def test_a_boss_types_the_figures_of_a_week(coached: Installed) -> None:
    boss = contact(coached)
    sheet = client_week(boss, ENGAGEMENT, boss.today)
    figure = next(one for one in sheet.figures if not one.counted)
    enter_as_client(boss, ENGAGEMENT, boss.today, {figure.name: "12"}, {})
    after = client_week(boss, ENGAGEMENT, boss.today)
    found = next(one for one in after.figures if one.name == figure.name)
    assert found.typed == "12"
    assert [(one.who, one.at) for one in found.said] == [(boss.name, boss.now)]
    # Of a week just begun nobody has figures yet: the page opens at the one before.
    assert client_week(at(boss, days=1), ENGAGEMENT, None).week == sheet.week
    assert client_week(at(boss, days=5), ENGAGEMENT, None).week == sheet.week + A_WEEK


def test_the_days_ahead_hold_gates_and_the_tasks_of_ones_own_store(coached: Installed) -> None:
    boss, manager = contact(coached), contact(coached, "store", STORES[0])
    first, last = boss.today, boss.today + timedelta(days=60)
    whole = agenda_of(boss, ENGAGEMENT, first, last)
    own = agenda_of(manager, ENGAGEMENT, first, last)
    assert {item.kind for item in whole} == {"begins", "gate", "task"}
    assert all(first <= item.day <= last for item in whole)
    counted = [sum(item.count for item in items) for items in (own, whole)]
    assert 0 < counted[0] < counted[1]
    plan = open_coached(boss, ENGAGEMENT)
    gates = [
        item.day for item in agenda_of(boss, ENGAGEMENT, plan.begins, last) if item.kind == "gate"
    ]
    assert gates[0] == plan.gate_on, "the day on which it is due everywhere else"


def test_what_comes_after_a_gate_is_planned_until_it_is_decided_and_no_day_once_it_is_overdue(
    coached: Installed,
) -> None:
    boss = contact(coached)
    first, last = boss.today - 26 * A_WEEK, boss.today + 52 * A_WEEK

    def milestones(now: datetime) -> list[tuple[str, str, bool]]:
        items = agenda_of(replace(boss, now=now), ENGAGEMENT, first, last)
        return [(one.kind, one.title, one.planned) for one in items if one.kind != "task"]

    roadmap = open_coached(boss, ENGAGEMENT).roadmap
    align, pilot = (f"{one.phase.code} {one.phase.title}" for one in roadmap.phases[:2])
    gate = datetime.combine(roadmap.phases[0].end + timedelta(days=1), time(12), NOW.tzinfo)
    ahead = milestones(gate - timedelta(days=1))
    assert ("gate", align, False) in ahead
    assert ("begins", align, False) in ahead
    assert ("begins", pilot, True) in ahead
    assert ("gate", pilot, True) in ahead
    overdue = milestones(gate + timedelta(days=2))
    assert ("begins", align, False) in overdue
    assert pilot not in {title for kind, title, _planned in overdue if kind == "begins"}


def test_it_tells_what_a_gate_has_yet_to_allow_as_planned() -> None:
    pilot = AgendaItem(NOW.date(), "begins", "P1 试点", 0, "key")
    assert titled("zh-Hans", pilot) == "P1 试点开始"
    assert titled("zh-Hans", replace(pilot, planned=True)) == "P1 试点开始（计划，过关后）"
    assert titled("en", replace(pilot, planned=True)).endswith("begins (planned, after the gate)")
    gate = replace(pilot, kind="gate", planned=True)
    assert titled("zh-Hans", gate) == "P1 试点过关检查（计划）"


def test_a_store_that_takes_no_part_has_dates_but_no_tasks(coached: Installed) -> None:
    stranger = contact(coached, "store", "河西店")
    items = agenda_of(stranger, ENGAGEMENT, stranger.today, stranger.today + timedelta(days=60))
    assert {item.kind for item in items} == {"begins", "gate"}


def test_a_feed_tells_titles_and_days_of_what_its_contact_may_see(coached: Installed) -> None:
    manager = contact(coached, "store", STORES[0])
    make_feed(manager, ENGAGEMENT)
    address = feed_address(manager, ENGAGEMENT)
    assert address is not None
    token = address.rpartition("/")[2].removesuffix(".ics")
    text = read_feed(caller(coached, LATER), token, title)
    assert text.count("BEGIN:VEVENT") > 3
    fields = set(re.findall(r"^([A-Z-]+)[;:]", text, re.MULTILINE))
    assert fields == {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP",
    }  # fmt: skip
    for told in (*STORES, "周老板", "示例珠宝品牌", ENGAGEMENT, manager.person):
        assert told not in text


def test_nothing_of_the_plan_is_seen_before_a_version_is_shared(coached: Installed) -> None:
    boss = contact(coached)
    with coached.acting().writing() as session:
        for share in session.scalars(select(SharedReport)):
            share.withdrawn_at = NOW
    try:
        assert agenda_of(boss, ENGAGEMENT, boss.today, boss.today + timedelta(days=60)) == ()
        with pytest.raises(NotCoachedError):
            client_tasks(boss, ENGAGEMENT, None, "", "")
        with pytest.raises(NotCoachedError):
            settle_as_client(boss, ENGAGEMENT, ["x"], "done", "")
        with pytest.raises(NotCoachedError):
            client_week(boss, ENGAGEMENT, boss.today)
        with pytest.raises(NotCoachedError):
            enter_as_client(boss, ENGAGEMENT, boss.today, {}, {})
    finally:
        with coached.acting().writing() as session:
            for share in session.scalars(select(SharedReport)):
                share.withdrawn_at = None


def test_another_address_and_none_end_the_one_before(coached: Installed) -> None:
    boss = contact(coached)
    addresses = []
    for _time in range(2):
        make_feed(boss, ENGAGEMENT)
        addresses.append(feed_address(boss, ENGAGEMENT))
    first, second = (str(one).rpartition("/")[2].removesuffix(".ics") for one in addresses)
    with pytest.raises(NotFoundError):
        read_feed(caller(coached, LATER), first, title)
    assert read_feed(caller(coached, LATER), second, title)
    drop_feed(boss, ENGAGEMENT)
    assert feed_address(boss, ENGAGEMENT) is None
    with pytest.raises(NotFoundError):
        read_feed(caller(coached, LATER), second, title)


def test_a_calendar_is_written_as_programs_read_it() -> None:
    long = "早会，复盘；三件事 " * 12
    eve = date(2026, 12, 31)
    text = calendar_text("a, b", [Event("k", eve, long), Event("l", eve, "x\r\ny;")], NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    unfolded = text.replace("\r\n ", "")
    assert "X-WR-CALNAME:a\\, b" in unfolded
    assert f"SUMMARY:{long}" in unfolded
    assert "SUMMARY:x  y\\;" in unfolded
    assert "DTEND;VALUE=DATE:20270101" in unfolded
    uids = re.findall("UID:(.*)\r", unfolded)
    assert len(set(uids)) == 2
