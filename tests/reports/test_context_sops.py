"""The SOP pack: cards a manager can work from, the merged week, the tasks of the first days."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.domain.calendar import WEEKENDS_ONLY
from app.domain.plan_limits import at_work
from app.domain.planning import ALWAYS_OPEN
from app.domain.working_week import HANDS_OFF
from app.reporting.clauses import brief
from app.reporting.context import sops
from app.reporting.context.sops_calendar import calendar_note
from app.reporting.context.source import Source
from app.services.working_days import working_days
from tests.reports.sample_sources import case, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


def built(source: Source) -> sops.SopPack:
    part = sops.build(source)
    assert part is not None
    return part


@pytest.mark.parametrize("name", CASES)
def test_every_planned_procedure_has_one_card_with_all_its_steps(name: str) -> None:
    source = case(name)
    cards = {card.code: card for card in built(source).cards}
    assert len(cards) == len(built(source).cards) == len(source.diagnosis.plan.sops)
    for item in source.diagnosis.plan.sops:
        shown = cards[item.sop.code].steps
        assert [step.code for step in shown] == [step.code for step in item.sop.steps]
        assert all(step.action and step.script and step.target for step in shown)


@pytest.mark.parametrize("name", CASES)
def test_cards_stand_in_the_order_in_which_they_open(name: str) -> None:
    source = case(name)
    plan = source.diagnosis.plan.roadmap
    assert plan is not None
    codes = {item.sop.id: item.sop.code for item in source.diagnosis.plan.sops}
    opens: dict[str, date] = {}
    for task in plan.tasks:
        if task.step.timing.day >= 0:
            code = codes[task.sop]
            opens[code] = min(opens.get(code, date.max), task.start)
    order = [card.code for card in built(source).cards]
    assert order == sorted(order, key=lambda code: (opens[code], code))


def test_a_card_says_which_finding_called_it() -> None:
    source = case("case-1-mother-baby")
    fired = {rule.code for rule in source.diagnosis.diagnostics.fired()}
    item = next(item for item in source.diagnosis.plan.sops if item.rules)
    card = next(card for card in built(source).cards if card.code == item.sop.code)
    assert any(code in card.why for code in fired)


def test_a_procedure_no_finding_asks_for_says_its_stage_does() -> None:
    source = case("case-2-jewellery")
    staged = next(item for item in source.diagnosis.plan.sops if not item.rules)
    card = next(card for card in built(source).cards if card.code == staged.sop.code)
    assert card.why.endswith("阶段必备")


def test_the_headline_counts_what_opens_in_the_first_fifteen_days() -> None:
    part = built(case("case-1-mother-baby"))
    plan = case("case-1-mother-baby").diagnosis.plan.roadmap
    assert plan is not None
    early = {
        task.sop for task in plan.tasks if task.step.timing.day >= 0 and task.start <= plan.day(15)
    }
    assert part.headline.startswith(f"{len(part.cards)}份SOP：第15天前只上{len(early)}份")


def codes_of(part: sops.SopPack, role: str) -> list[str]:
    """Return every code in the week of a role (by title), on its sheet or in its list."""
    codes = [slot.codes for week in part.weeks if week.role == role for slot in week.slots]
    for sheet in part.posters:
        if sheet.role == role:
            codes += [w.codes for row in sheet.rows for cell in row.cells for w in cell.works]
            codes += [code for _, _, code in sheet.monthly]
    return [code for text in codes for code in text.split()]


@pytest.mark.parametrize("name", CASES)
def test_every_recurring_step_stands_once_in_its_owner_s_week(name: str) -> None:
    source = case(name)
    part, plan = built(source), source.diagnosis.plan
    for sop in at_work([item.sop for item in plan.sops], plan.thinned):
        for step in sop.steps:
            if step.timing.every is None or step.owner in HANDS_OFF:
                continue
            codes = codes_of(part, source.wording.role(step.owner))
            assert codes.count(step.code) == 1, step.code


@pytest.mark.parametrize("name", CASES)
def test_one_time_of_one_day_takes_one_line(name: str) -> None:
    for week in built(case(name)).weeks:
        day, seen = "", set()
        for slot in week.slots:
            day = slot.day or day
            if ":" in slot.time:
                assert (day, slot.time) not in seen
                seen.add((day, slot.time))


@pytest.mark.parametrize("name", CASES)
def test_every_front_line_role_has_one_sheet_with_seven_columns(name: str) -> None:
    source = case(name)
    part = built(source)
    front = [role.title for role in source.model.content.roles if role.side == "front"]
    assert [sheet.role for sheet in part.posters] == front
    assert not {week.role for week in part.weeks} & set(front)
    for sheet in part.posters:
        assert len(sheet.days) == len(sheet.totals) == 7
        assert all(sum(cell.span for cell in row.cells) == 7 for row in sheet.rows)
        times = [row.time for row in sheet.rows if ":" in row.time]
        assert times == sorted(set(times))


@pytest.mark.parametrize("name", CASES)
def test_the_totals_of_a_sheet_are_the_minutes_its_headline_tells(name: str) -> None:
    for sheet in built(case(name)).posters:
        minutes = [int(total.minutes) for total in sheet.totals]
        assert f"{min(minutes)}–{max(minutes)}分钟" in sheet.headline
        assert not any(total.over for total in sheet.totals)


def test_a_day_with_more_work_than_hours_is_marked() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.plan
    controls = replace(plan.controls, productive_hours=Fraction(1))
    diagnosis = replace(source.diagnosis, plan=replace(plan, controls=controls))
    sheet = built(replace(source, diagnosis=diagnosis)).posters[0]
    assert all(total.over for total in sheet.totals)


def test_a_sheet_marks_what_gives_way_and_names_the_limit() -> None:
    for sheet in built(case("case-1-mother-baby")).posters:
        works = [work for row in sheet.rows for cell in row.cells for work in cell.works]
        marked = any("△" in work.codes for work in works)
        assert marked == any(note.startswith("△") for note in sheet.notes)
    operations = built(case("case-1-mother-baby")).posters[0]
    assert "LI-11" in operations.notes[0]


def test_a_cadence_of_the_client_s_own_stands_in_the_week() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.plan
    controls = replace(plan.controls, cadence={"10.3": Fraction(3), "10.5": Fraction(0)})
    diagnosis = replace(source.diagnosis, plan=replace(plan, controls=controls))
    codes = codes_of(built(replace(source, diagnosis=diagnosis)), source.wording.role("operations"))
    assert codes.count("10.3") == 3
    assert "10.5" not in codes


def test_without_users_the_times_stand_and_the_minutes_are_missing() -> None:
    part = built(source_of(interviewed(("ceo", {"strategy-shared": 1}))))
    assert part.posters
    assert all(sheet.rows and not sheet.totals for sheet in part.posters)
    assert "算不出每人的分钟数" in part.posters[0].basis


@pytest.mark.parametrize("name", CASES)
def test_the_first_tasks_end_on_day_fifteen_and_leave_weekends_to_the_shops(name: str) -> None:
    source = case(name)
    plan = source.diagnosis.plan.roadmap
    assert plan is not None
    codes = {task.code for task in built(source).tasks}
    tasks = {task.step.code: task for task in plan.tasks}
    assert codes
    for code in codes:
        task = tasks[code]
        assert task.recurs is None
        assert task.start <= plan.day(15)
        assert task.start.weekday() < 5 or task.step.owner in ALWAYS_OPEN


def test_what_happens_with_every_new_friend_is_no_task_of_a_day() -> None:
    codes = {task.code for task in built(case("case-1-mother-baby")).tasks}
    assert not any(code.startswith("06.") for code in codes)


def test_a_date_is_printed_once_for_all_its_tasks() -> None:
    days = [task.day for task in built(case("case-1-mother-baby")).tasks if task.day]
    assert len(days) == len(set(days))


@pytest.mark.parametrize("name", CASES)
def test_every_task_of_the_first_days_has_a_time_and_stands_in_its_order(name: str) -> None:
    source = case(name)
    day, before = "", ""
    for task in built(source).tasks:
        if task.day:
            day, before = task.day, ""
        assert day
        assert before <= task.time
        assert task.owner
        assert len(task.time) == 5
        before = task.time


def test_the_days_off_the_dates_avoid_are_named() -> None:
    source = case("case-1-mother-baby")
    first, last = date(2026, 12, 1), date(2027, 3, 31)
    only_weekends = calendar_note(source, WEEKENDS_ONLY, first, last)
    assert only_weekends.startswith("日期只避开了周末")
    note = calendar_note(source, working_days(first), first, last)
    assert "元旦（1月1日）" in note
    assert "春节（2月5日）" in note
    assert "2027年的放假安排尚未公布" in note
    settled = calendar_note(source, working_days(first), date(2026, 9, 1), date(2026, 10, 31))
    assert "国庆节（10月1日）" in settled
    assert "9月20日、10月10日调休上班" in settled
    assert "尚未公布" not in settled


def test_a_short_first_clause_takes_the_next_one_along() -> None:
    assert (
        brief("填周表：各群退出、活跃、6个时段的点击；核对", 12)
        == "填周表：各群退出、活跃、6个时段的点击"
    )
    assert (
        brief("发1个两选一投票或10个字能答的话题，14:00前后公布", 12)
        == "发1个两选一投票或10个字能答的话题"
    )
    assert brief("清点", 12) == "清点"


def test_one_respondent_gets_the_stage_s_procedures() -> None:
    part = built(source_of(interviewed(("ceo", {"strategy-shared": 1}))))
    assert part.cards
    assert all(card.why for card in part.cards)


def test_no_procedures_no_section() -> None:
    source = case("case-1-mother-baby")
    plan = replace(source.diagnosis.plan, sops=())
    assert sops.build(replace(source, diagnosis=replace(source.diagnosis, plan=plan))) is None
