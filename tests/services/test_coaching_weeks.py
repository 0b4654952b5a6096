"""A week of coaching: figures against plan, tasks settled, everything kept as revisions."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.domain.actuals import A_WEEK, week_of
from app.services.coaching.actuals import (
    Figure,
    FiguresRefusedError,
    enter_actuals,
)
from app.services.coaching.actuals import week_of as read_week
from app.services.coaching.coached_plan import NotCoachedError, open_coached
from app.services.coaching.sheets import COLUMNS, read_sheet, sheet_for
from app.services.coaching.stores import add_stores, end_store, stores_of
from app.services.coaching.tasks import settle_task, tasks_of
from app.services.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
)
from app.services.workbooks.listing import ListRefusedError, WorkbookRefusedError
from app.services.workbooks.writing import Column, Sheet, workbook_of
from app.store.rows import KpiEntry, TaskSettlement
from app.web.wording import say_in
from tests.case_engagements import ENGAGEMENT, add_case
from tests.coached_cases import STORES, at, standing, with_stores
from tests.installations import NOW
from tests.people import Installed

MONDAY = week_of(NOW.date())
"""The week tests happen in: NOW is its Sunday."""
SAY = say_in("zh-Hans")


def figure(installed: Installed, kpi: str) -> Figure:
    sheet = read_week(installed.acting("consultant"), ENGAGEMENT, NOW.date())
    return next(one for one in sheet.figures if one.kpi.id == kpi)


def test_an_engagement_without_an_issued_plan_is_not_coached(installed: Installed) -> None:
    add_case(installed)
    with pytest.raises(NotCoachedError):
        open_coached(installed.acting("consultant"), ENGAGEMENT)
    with pytest.raises(NotFoundError):
        open_coached(installed.acting("colleague"), ENGAGEMENT)


def test_a_figure_is_held_against_the_plan_and_an_older_one_is_kept(
    coached_case: Installed,
) -> None:
    installed = coached_case
    before = figure(installed, "add-rate")
    assert before.line.missing
    assert before.line.planned is not None
    acting = installed.acting("consultant")
    enter_actuals(acting, ENGAGEMENT, MONDAY, {"add-rate": "1"}, {"add-rate": "只开了一家"})
    enter_actuals(acting, ENGAGEMENT, MONDAY, {"add-rate": "1.5%"})
    found = figure(installed, "add-rate")
    assert (found.typed, found.note) == ("1.5", "")
    assert found.line.deviation is not None
    assert found.line.deviation.band == "red"
    assert found.line.behind in ("not-carried-out", "not-begun")
    with acting.reading() as session:
        rows = session.scalars(
            select(KpiEntry).where(KpiEntry.kpi == "add-rate").order_by(KpiEntry.number)
        ).all()
    assert [(row.number, row.value, row.note) for row in rows] == [
        (1, "1", "只开了一家"),
        (2, "3/2", ""),
    ]


def test_the_same_figure_again_is_no_revision_and_an_empty_one_takes_it_back(
    coached_case: Installed,
) -> None:
    installed = coached_case
    acting = installed.acting("consultant")
    for typed in ("12", "12.0", ""):
        enter_actuals(acting, ENGAGEMENT, MONDAY, {"add-rate": typed, "deletion-7d": ""})
    found = figure(installed, "add-rate")
    assert found.line.missing
    assert (found.typed, found.note) == ("", "")
    assert [(one.value, one.who, one.at) for one in found.said] == [
        (Fraction(12), acting.name, acting.now),
        (None, acting.name, acting.now),
    ]


def test_what_cannot_be_taken_is_told_by_figure_and_nothing_of_it_is_kept(
    coached_case: Installed,
) -> None:
    installed = coached_case
    acting = installed.acting("consultant")
    with pytest.raises(FiguresRefusedError) as refused:
        enter_actuals(
            acting, ENGAGEMENT, MONDAY,
            {"add-rate": "many", "sop-on-time": "90", "deletion-7d": "3"},
        )  # fmt: skip
    assert set(refused.value.messages) == {"add-rate", "sop-on-time"}
    with acting.reading() as session:
        assert session.scalar(select(func.count()).select_from(KpiEntry)) == 0


def test_figures_are_given_neither_ahead_nor_by_whoever_only_looks(
    coached_case: Installed,
) -> None:
    installed = coached_case
    with pytest.raises(ConflictError):
        enter_actuals(installed.acting("consultant"), ENGAGEMENT, MONDAY + A_WEEK, {})
    with pytest.raises(NotAllowedError):
        enter_actuals(installed.acting("viewer"), ENGAGEMENT, MONDAY, {"add-rate": "1"})
    with pytest.raises(NotFoundError):
        enter_actuals(installed.acting("colleague"), ENGAGEMENT, MONDAY, {"add-rate": "1"})


def test_a_task_is_done_late_skipped_or_open_again_and_feeds_the_on_time_share(
    coached_case: Installed,
) -> None:
    installed = coached_case
    acting = installed.acting("consultant")
    board = tasks_of(acting, ENGAGEMENT)
    due = [line for line in board.lines if line.due < acting.today]
    assert len(due) >= 4
    assert board.share.on_time == 0
    done, late, skipped, *_ = (line.key for line in due)
    settle_task(acting, ENGAGEMENT, done, "done")
    settle_task(acting, ENGAGEMENT, late, "late")
    settle_task(acting, ENGAGEMENT, skipped, "skipped", reason="系统没上线")
    after = {line.key: line for line in tasks_of(acting, ENGAGEMENT).lines}
    assert [after[key].state for key in (done, late, skipped)] == ["done", "late", "skipped"]
    assert after[skipped].reason == "系统没上线"
    share = tasks_of(acting, ENGAGEMENT).share
    assert share.on_time == 1
    assert figure(installed, "sop-on-time").line.actual == share.percent
    settle_task(acting, ENGAGEMENT, done, "open")
    assert tasks_of(acting, ENGAGEMENT).share.on_time == 0
    with acting.reading() as session:
        assert session.scalar(select(func.count()).select_from(TaskSettlement)) == 4


def test_a_task_is_not_skipped_without_a_reason_nor_late_before_its_day(
    coached_case: Installed,
) -> None:
    installed = coached_case
    monday = at(installed, MONDAY)
    ahead = max(tasks_of(monday, ENGAGEMENT).lines, key=lambda line: line.due)
    for state in ("skipped", "late"):
        with pytest.raises(RefusedError):
            settle_task(monday, ENGAGEMENT, ahead.key, state)
    with pytest.raises(NotFoundError):
        settle_task(monday, ENGAGEMENT, "SOP-99/99.1~1~", "done")
    with pytest.raises(NotAllowedError):
        settle_task(installed.acting("viewer"), ENGAGEMENT, ahead.key, "done")


def test_stores_have_tasks_and_figures_of_their_own(coached_case: Installed) -> None:
    installed = coached_case
    owner = installed.acting("owner")
    assert add_stores(owner, ENGAGEMENT, [*STORES, " "], MONDAY) == 3
    first = stores_of(owner, ENGAGEMENT).stores[0]
    own = tasks_of(owner, ENGAGEMENT, store=first.name)
    assert {line.store for line in own.lines} == {first.name}
    sheet = enter_actuals(owner, ENGAGEMENT, MONDAY, {f"add-rate@{first.id}": "31"})
    (shown,) = [one for one in sheet.stores if one.store == first.id]
    assert [one.line.actual for one in shown.figures if one.kpi.id == "add-rate"] == [31]
    assert figure(installed, "add-rate").line.actual is None
    end_store(owner, ENGAGEMENT, first.id, MONDAY + timedelta(days=2))
    assert all(
        line.first <= MONDAY + timedelta(days=2)
        for line in tasks_of(owner, ENGAGEMENT, store=first.id).lines
    )
    with pytest.raises(RefusedError):
        add_stores(owner, ENGAGEMENT, [STORES[1]], MONDAY)


def test_a_sheet_goes_out_with_the_plan_and_comes_back_with_figures(
    coached_case: Installed,
) -> None:
    installed = coached_case
    with_stores(installed, ENGAGEMENT, MONDAY)
    acting = installed.acting("consultant")
    assert sheet_for(acting, ENGAGEMENT, MONDAY, SAY).startswith(b"PK")
    heads = tuple(Column(words[0]) for words in COLUMNS.values())
    rows = [
        ("K03", "", "", "", "", "12.5%", "三店平均"),
        ("K03", "", STORES[0], "", "", "30", ""),
        ("K10", "", "", "", "", "", ""),
    ]
    book = workbook_of([Sheet("周报", heads, rows)], NOW)
    sheet = read_sheet(acting, ENGAGEMENT, MONDAY, book, SAY)
    found = {(one.kpi.code, one.line.unit): one for one in sheet.every()}
    store = standing(installed, ENGAGEMENT, MONDAY).units[0].id
    assert found["K03", ""].line.actual == Fraction(25, 2)
    assert found["K03", ""].note == "三店平均"
    assert found["K03", store].line.actual == 30


def test_a_sheet_comes_back_in_the_language_and_the_week_it_went_out_for(
    coached_case: Installed,
) -> None:
    with_stores(coached_case, ENGAGEMENT, MONDAY)
    acting = coached_case.acting("consultant")
    english = say_in("en")
    enter_actuals(acting, ENGAGEMENT, MONDAY, {"add-rate": "12"})
    store = standing(coached_case, ENGAGEMENT, MONDAY).units[0].id
    name = f"add-rate@{store}"
    enter_actuals(acting, ENGAGEMENT, MONDAY, {name: "30"})
    book = sheet_for(acting, ENGAGEMENT, MONDAY, english)
    sheet = read_sheet(acting, ENGAGEMENT, MONDAY, book, english)
    typed = {one.name: one.typed for one in sheet.every()}
    assert (typed["add-rate"], typed[name]) == ("12", "30")
    with pytest.raises(WorkbookRefusedError, match="那一周"):
        read_sheet(acting, ENGAGEMENT, MONDAY - A_WEEK, book, english)


def test_a_sheet_with_mistakes_is_refused_cell_by_cell(coached_case: Installed) -> None:
    installed = coached_case
    acting = installed.acting("consultant")
    heads = tuple(Column(words[0]) for words in COLUMNS.values())
    rows = [
        ("K03", "", "", "", "", "lots", ""),
        ("K99", "", "", "", "", "3", ""),
        ("K03", "", "没有的店", "", "", "3", ""),
    ]
    for wanted, some in (
        ({("A 指标代码", 3), ("C 门店", 4)}, rows),
        ({("F 本周实际", 2)}, rows[:1]),
    ):
        book = workbook_of([Sheet("周报", heads, some)], NOW)
        with pytest.raises(ListRefusedError) as refused:
            read_sheet(acting, ENGAGEMENT, MONDAY, book, SAY)
        assert {(one.column, one.row) for one in refused.value.mistakes} == wanted
    with acting.reading() as session:
        assert session.scalar(select(func.count()).select_from(KpiEntry)) == 0
