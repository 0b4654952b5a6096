"""The record as people meet it: in words, narrowed, page by page, taken away, checked."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from app.services.accounts.members import disable
from app.services.invitations.inviting import Invited, revoke
from app.services.record.reading import AREAS
from app.services.record.recording import record
from app.store.rows import AuditEvent
from app.store.scope import INSTALLATION
from app.web.admin.record_words import DETAILS, WORDS
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.web.recorded_actions import actions, detail_names
from tests.workspace import invited

OLD = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


def write(installed: Installed, action: str, who: str = "owner", **detail: Any) -> None:
    acting = installed.acting(who)
    with acting.writing() as session:
        record(acting, session, action, "client", "c", **detail)


# -- words -------------------------------------------------------------------------------------


def test_every_action_anybody_records_has_words_and_an_area() -> None:
    found = actions()
    assert len(found) > 60, "the code is read"
    silent = {action: place for action, place in found.items() if action not in WORDS}
    assert not silent, f"add words to app/web/admin/record_words.py: {silent}"
    areas = {action.partition(".")[0] for action in found}
    assert areas == set(AREAS), "AREAS names exactly the first words of the actions"


def test_no_words_are_kept_for_actions_nobody_records() -> None:
    assert sorted(set(WORDS) - set(actions())) == []


def test_every_detail_has_a_name_people_read() -> None:
    found = detail_names()
    silent = {name: place for name, place in found.items() if name not in DETAILS}
    assert not silent, f"add words to DETAILS in app/web/admin/record_words.py: {silent}"
    assert sorted(set(DETAILS) - set(found)) == []


def test_a_line_is_told_in_the_words_of_the_reader(installed: Installed) -> None:
    write(installed, "client.created", name="红花制衣")
    write(installed, "member.role_changed", before="viewer", after="consultant")
    write(installed, "report.checked", identical=True, version=2)
    page = installed.browser().get("/record").text
    assert "新建了客户" in page
    assert "红花制衣" in page
    assert "只读成员" in page
    assert "client.created" not in page
    browser = installed.browser()
    browser.post("/profile", data={"name": "Lin", "locale": "en", "zone": "Europe/London"})
    english = browser.get("/record").text
    assert "Created a client" in english
    assert "identical to the byte" in english
    assert "22 Nov 2026, 01:30" in english, "in the zone of the reader"
    assert "新建了客户" not in english


def test_a_line_names_roles_and_whoever_answers_by_title(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    (guest,) = invited(installed, ENGAGEMENT, Invited("cook", "Grill"))
    revoke(installed.acting("consultant"), ENGAGEMENT, [guest])
    visitor = replace(installed.acting("viewer"), person=guest, name="Grill")
    with visitor.writing() as session:
        record(visitor, session, "response.consented", "response", "", ENGAGEMENT)
    page = installed.browser().get("/record").text
    assert "Cook · Grill" in page
    withdrawn = page[page.index("作废了邀请链接") :]
    assert "Cook</span>" in withdrawn
    assert "Grill</span>" in withdrawn
    *_older, consented = rows(installed.browser().post("/record/export").data)
    assert consented[2] == "Cook · Grill"


def test_what_was_done_to_a_member_names_the_member(installed: Installed) -> None:
    member = installed.first.people["viewer"]
    disable(installed.acting(), member.id)
    assert member.name in installed.browser().get("/record").text.split("停用了成员")[1]


def test_a_digest_is_shown_as_far_as_one_compares_it(installed: Installed) -> None:
    write(installed, "report.requested", digest="ab" * 32)
    page = installed.browser().get("/record").text
    assert "abababababab" in page
    assert "ab" * 7 not in page


def test_marked_up_names_are_words(installed: Installed) -> None:
    write(installed, "client.created", name="<script>alert(1)</script>{{ 7*7 }}")
    page = installed.browser().get("/record").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


# -- narrowing, paging -------------------------------------------------------------------------


def test_filters_stay_in_the_form_in_the_export_and_on_later_pages(installed: Installed) -> None:
    for number in range(103):
        write(installed, "client.created", name=f"客户{number:03}")
    write(installed, "member.invited", email="x@a.example")
    page = installed.browser().get("/record?area=client&first=2026-11-22")
    assert "客户102" in page.text
    assert "客户003" in page.text
    assert "客户002" not in page.text, "a hundred lines on a page"
    assert "x@a.example" not in page.text
    assert '<option value="client" selected' in page.text
    older = (
        page.text.split("更早的记录")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    )
    assert "area=client" in older
    rest = installed.browser().get(older).text
    assert "客户002" in rest
    assert "客户003" not in rest
    assert "更早的记录" not in rest
    assert "/record/export?area=client&amp;first=2026-11-22" in page.text


def test_filters_nobody_can_read_narrow_nothing(installed: Installed) -> None:
    write(installed, "client.created", name="红花制衣")
    odd = "/record?first=yesterday&last=2026-13-40&area=nothing&before=many&engagement=&actor="
    assert "红花制衣" in installed.browser().get(odd).text
    nobody = installed.browser().get("/record?actor=nobody")
    assert "没有符合条件的记录" in nobody.text


@pytest.mark.parametrize("before", ["-1", "0", "99999999999999999999"])
def test_a_page_number_nobody_has_breaks_nothing(installed: Installed, before: str) -> None:
    assert installed.browser().get(f"/record?before={before}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_break_nothing(installed: Installed, day: str) -> None:
    assert installed.browser().get(f"/record?first={day}").status_code == 200
    assert installed.browser().get(f"/record?last={day}").status_code == 200


# -- export ------------------------------------------------------------------------------------


def rows(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_an_export_has_every_line_asked_for_oldest_first(installed: Installed) -> None:
    write(installed, "client.created", name="红花制衣")
    write(installed, "member.invited", email="x@a.example")
    write(installed, "client.changed", name="蓝花制衣")
    answer = installed.browser().post("/record/export?area=client")
    assert answer.headers["Content-Disposition"] == "attachment; filename=record.xlsx"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    table = rows(answer.data)
    assert table[0][:5] == ["序号", "时间", "谁", "做了什么", "动作代码"]
    assert [row[4] for row in table[1:]] == ["client.created", "client.changed"]
    assert table[1][3] == "新建了客户"
    assert table[1][1] == "2026-11-22 09:30:00", "in the zone of the reader"
    page = installed.browser().get("/record").text
    assert "导出了记录" in page, "that it was exported is itself on record"


@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("http://evil.example";1)', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"],
)
def test_nothing_in_an_export_is_a_formula(installed: Installed, name: str) -> None:
    acting = installed.acting()
    with acting.writing() as session:
        record(acting, session, "client.created", subject_id=name, name=name)
    data = installed.browser().post("/record/export").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles
    assert rows(data)[1][6].strip() == name.strip(), "the text itself is kept"


def test_people_take_away_only_what_they_see(installed: Installed) -> None:
    write(installed, "client.created", name="老板的客户")
    write(installed, "account.signed_in", who="viewer")
    for who, expected in (("owner", 2), ("viewer", 1), ("consultant", 0)):
        data = installed.browser(who).post("/record/export").data
        seen = [row for row in rows(data)[1:] if row[4] != "record.exported"]
        assert len(seen) == expected, who


# -- checking ----------------------------------------------------------------------------------


def test_the_check_says_that_all_is_well_or_which_line_is_not(installed: Installed) -> None:
    for number in range(3):
        write(installed, "client.created", name=f"客户{number}")
    owner = installed.browser()
    assert "记录完整" in owner.post("/record/check", follow_redirects=True).text
    with installed.database.writing(INSTALLATION) as session:
        of_first = (AuditEvent.tenant_id == installed.first.id) & (AuditEvent.number == 2)
        session.execute(update(AuditEvent).where(of_first).values(at=NOW - timedelta(days=9)))
    assert "从第2行起" in owner.post("/record/check", follow_redirects=True).text


def test_only_owners_are_offered_the_check(installed: Installed) -> None:
    assert "检查是否被改动" in installed.browser().get("/record").text
    for who in ("consultant", "viewer"):
        assert "检查是否被改动" not in installed.browser(who).get("/record").text
        assert installed.browser(who).post("/record/check").status_code == 403
