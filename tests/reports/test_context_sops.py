"""The SOP pack: cards a manager can work from, the merged week, the tasks of the first days."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.planning import ALWAYS_OPEN
from app.reporting.context import sops
from app.reporting.context.sops_calendar import brief
from app.reporting.context.source import Source
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
    assert len(cards) == len(built(source).cards) == len(source.diagnosis.sops)
    for item in source.diagnosis.sops:
        shown = cards[item.sop.code].steps
        assert [step.code for step in shown] == [step.code for step in item.sop.steps]
        assert all(step.action and step.script and step.target for step in shown)


@pytest.mark.parametrize("name", CASES)
def test_cards_stand_in_the_order_in_which_they_open(name: str) -> None:
    source = case(name)
    plan = source.diagnosis.roadmap
    assert plan is not None
    codes = {item.sop.id: item.sop.code for item in source.diagnosis.sops}
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
    item = next(item for item in source.diagnosis.sops if item.rules)
    card = next(card for card in built(source).cards if card.code == item.sop.code)
    assert any(code in card.why for code in fired)


def test_a_procedure_no_finding_asks_for_says_its_stage_does() -> None:
    source = case("case-2-jewellery")
    staged = next(item for item in source.diagnosis.sops if not item.rules)
    card = next(card for card in built(source).cards if card.code == staged.sop.code)
    assert card.why.endswith("阶段必备")


def test_the_headline_counts_what_opens_in_the_first_fifteen_days() -> None:
    part = built(case("case-1-mother-baby"))
    plan = case("case-1-mother-baby").diagnosis.roadmap
    assert plan is not None
    early = {
        task.sop for task in plan.tasks if task.step.timing.day >= 0 and task.start <= plan.day(15)
    }
    assert part.headline.startswith(f"{len(part.cards)}份SOP：第15天前只上{len(early)}份")


@pytest.mark.parametrize("name", CASES)
def test_every_recurring_step_stands_once_in_its_owner_s_week(name: str) -> None:
    source = case(name)
    weeks = {week.role: week for week in built(source).weeks}
    for item in source.diagnosis.sops:
        for step in item.sop.steps:
            if step.timing.every is None or step.owner in ("automation", "customer"):
                continue
            week = weeks[source.wording.role(step.owner)]
            found = [slot for slot in week.slots if step.code in slot.codes.split()]
            assert len(found) == 1, step.code


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
def test_the_first_tasks_end_on_day_fifteen_and_leave_weekends_to_the_shops(name: str) -> None:
    source = case(name)
    plan = source.diagnosis.roadmap
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


def test_a_short_first_clause_takes_the_next_one_along() -> None:
    assert (
        brief("填周表：各群退出、活跃、6个时段的点击；核对")
        == "填周表：各群退出、活跃、6个时段的点击"
    )
    assert (
        brief("发1个两选一投票或10个字能答的话题，14:00前后公布")
        == "发1个两选一投票或10个字能答的话题"
    )
    assert brief("清点") == "清点"


def test_one_respondent_gets_the_stage_s_procedures() -> None:
    part = built(source_of(interviewed(("ceo", {"strategy-shared": 1}))))
    assert part.cards
    assert all(card.why for card in part.cards)


def test_no_procedures_no_section() -> None:
    source = case("case-1-mother-baby")
    assert sops.build(replace(source, diagnosis=replace(source.diagnosis, sops=()))) is None
