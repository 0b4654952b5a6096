"""Work against people: both counts, hours, refused hires, and one truth on all pages."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.plan import Plan, make_plan
from app.domain.reconciliation import Cause, Reconciled
from app.domain.workload import reference_workload, volumes
from app.reporting.context import sops
from app.reporting.context.staffing_causes import CauseWords
from app.reporting.context.staffing_counts import CountRow
from tests.reports.drawing import texts
from tests.reports.sample_sources import case
from tests.reports.staffed import CASES, EVERY, SHORT, built, document, refused, source, view_of

# -- both counts ---------------------------------------------------------------------------------


def figure(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", "").replace(",", ""))


def counted(name: str) -> tuple[CountRow, ...]:
    counts = built(name).counts
    assert counts is not None
    return (*counts.posts, *counts.specialists)


@EVERY
def test_the_printed_causes_add_up_to_the_printed_difference(name: str) -> None:
    for row in counted(name):
        told = sum((figure(cause.fte) for cause in row.causes), Decimal(0))
        rest = figure(row.rest) if row.rest else Decimal(0)
        assert told + rest == figure(row.difference), row.label
        assert figure(row.formula) + figure(row.difference) == figure(row.work), row.label


@EVERY
def test_both_counts_are_those_of_the_document(name: str) -> None:
    view = view_of(name)
    codes = {view.post(post.id): post.code for post in view.model.posts}
    written = {
        item["post"]: item
        for item in document(name)["staffing"]["reconciled"]
        if item["phase"] == view.code(view.full.phase)
    }
    counts = built(name).counts
    assert counts is not None
    assert {codes[row.label] for row in counts.posts} == set(written)
    for row in counts.posts:
        item = written[codes[row.label]]
        assert figure(row.formula) == Decimal(str(item["by_formula"]))
        assert abs(figure(row.work) - Decimal(str(item["by_work"]))) <= Decimal("0.0051")
        assert abs(sum(c["fte"] for c in item["causes"]) - item["difference"]) < 0.001


@EVERY
def test_every_cause_of_every_phase_has_a_sentence_without_gaps(name: str) -> None:
    view = view_of(name)
    words = CauseWords(view)
    horizons = {horizon.phase: horizon for horizon in view.staffing.horizons}
    for item in view.plan.reconciled:
        for cause in item.causes:
            text = words.of(horizons[item.phase], item, cause)
            assert text
            assert not re.search(r"[{}]|None", text), text


def test_every_driver_can_part_the_two_counts_in_words() -> None:
    view = view_of(SHORT)
    words, horizon = CauseWords(view), view.full
    drivers = volumes(
        view.model,
        reference_workload(view.model, horizon.work),
        specialists=Fraction(1),
        depth=Fraction(1),
        hires=Fraction(0),
        months=Fraction(1),
    )
    for driver in drivers:
        if driver == "once":
            continue
        cause = Cause("mix", driver, Fraction(1, 2))
        item = Reconciled("specialist", horizon.phase, Fraction(1), Fraction(2), (cause,))
        assert words.of(horizon, item, cause)


def test_few_new_friends_are_told_as_shares_of_the_users() -> None:
    view = view_of("case-2-jewellery")
    full = view.full
    share = view.source.wording.percent(full.work.central_adds / full.work.online_users * 100, 1)
    counts = built("case-2-jewellery").counts
    assert counts is not None
    row = next(row for row in counts.posts if row.label == "运营专员")
    (told,) = [cause for cause in row.causes if "新增" in cause.says]
    assert told.says == f"每月新增只及用户的{share}，参照企业是25.0%"
    assert told.fte.startswith("−")


# -- hours ---------------------------------------------------------------------------------------


@EVERY
def test_the_load_bars_are_those_of_the_document(name: str) -> None:
    hours, wording = built(name).hours, source(name).wording
    assert hours is not None
    loads = {(load["post"], load["phase"]): load for load in document(name)["staffing"]["loads"]}
    view, expected = view_of(name), []
    for post in view.model.posts:
        for horizon in view.staffing.horizons:
            load = loads.get((post.code, view.code(horizon.phase)))
            # A post with nobody in it has no share; that it has none is an alarm of its own.
            if load is not None and load["available"]:
                share = Fraction(str(load["hours"])) / Fraction(str(load["available"])) * 100
                close = load["excess"] > 0 and share < 101
                expected.append(wording.percent(share, 1 if close else 0))
    printed = [each.text for each in texts(hours.grid) if each.text.endswith("%")]
    assert printed == expected


@EVERY
def test_a_waterfall_ends_at_the_hours_of_its_post(name: str) -> None:
    hours, view = built(name).hours, view_of(name)
    assert hours is not None
    words = [each.text for drawing in hours.waterfalls for each in texts(drawing)]
    totals = [words[place + 1] for place, word in enumerate(words) if word == "合计"]
    loads = [load for load in view.loads(view.full.phase) if load.works]
    assert totals == [view.source.wording.number(load.hours) for load in loads]
    capacity = [word.removeprefix("可用工时 ") for word in words if word.startswith("可用工时 ")]
    assert sorted(capacity) == sorted(view.source.wording.number(load.available) for load in loads)


@EVERY
def test_what_nobody_has_hours_for_is_told_with_the_hours(name: str) -> None:
    part, plan = built(name), source(name).diagnosis.plan
    told = [text for text in part.alarms if "装不下" in text]
    posts = dict.fromkeys(load.post for load in plan.overloads)
    assert len(told) == len(posts)
    for post, text in zip(posts, told, strict=True):
        assert text.startswith(view_of(name).post(post))
        for load in plan.overloads:
            if load.post == post:
                assert f"{source(name).wording.number(load.hours)}小时" in text
    assert part.hours is not None
    assert (part.hours.overload_chart is not None) == bool(plan.overloads)


def test_refusing_people_leaves_work_without_hours_and_says_so() -> None:
    assert refused().diagnosis.plan.overloads
    assert any("没有人的时间去做" in text for text in built(f"{SHORT}-refused").alarms)
    assert not case(SHORT).diagnosis.plan.overloads
    assert not built(SHORT).alarms


@pytest.mark.parametrize("name", CASES)
def test_new_people_cost_the_hours_they_cannot_work_yet(name: str) -> None:
    hours, view = built(name).hours, view_of(name)
    assert hours is not None
    assert hours.newcomers
    rows = {row.phase: row for row in hours.newcomers}
    for horizon in view.staffing.horizons:
        row = rows.get(f"{view.code(horizon.phase)} {view.phase(horizon.phase)}")
        if row is not None:
            loads = view.loads(horizon.phase)
            lost = sum((load.trained - load.available for load in loads), Fraction(0))
            taught = sum((load.by_driver().get("new-hire", 0) for load in loads), Fraction(0))
            assert row.lost == view.source.wording.number(lost, 1)
            assert row.taught == view.source.wording.number(taught, 1)


def test_a_store_s_day_takes_the_same_minutes_in_both_chapters() -> None:
    hours, pack = built(SHORT).hours, sops.build(case(SHORT))
    assert hours is not None
    assert pack is not None
    (told,) = [text for text in hours.notes if text.startswith("门店")]
    minutes = re.search(r"约(\d+)分钟", told)
    assert minutes is not None
    assert pack.headline.endswith(f"一家店一天{minutes[1]}分钟")


# -- refused hires -------------------------------------------------------------------------------


def without(name: str, post: str) -> Plan:
    diagnosis = source(name).diagnosis
    controls = diagnosis.assessment.controls
    hires = {**controls.max_hires, post: 0}
    return make_plan(diagnosis.basis, replace(controls, max_hires=hires))


@pytest.mark.parametrize("name", CASES)
def test_a_refused_hire_costs_what_the_plan_made_again_without_it_loses(name: str) -> None:
    plan, wording = source(name).diagnosis.plan, source(name).wording
    rows = built(name).refusals
    assert plan.staffing is not None
    hired = {post for horizon in plan.staffing.horizons for post in horizon.hires}
    assert {row.post for row in rows} == hired
    for row in rows:
        other = without(name, row.post)
        assert other.staffing is not None
        assert all(row.post not in horizon.hires for horizon in other.staffing.horizons)
        assert row.index.startswith(wording.number(other.projection.index, 1))
        last, then = plan.staffing.horizons[-1], other.staffing.horizons[-1]
        assert row.saved == wording.money(last.monthly_cost - then.monthly_cost)
        kept = {item.sop.id for item in other.sops}
        gone = [item.sop for item in plan.sops if item.sop.id not in kept]
        assert all(any(sop.code in text for text in row.stopped) for sop in gone)
        assert bool(gone) == any(text.startswith("停") for text in row.stopped)
        lost = other.sacrifice.kpis if other.sacrifice is not None else ()
        assert set(row.kpis) >= {
            line.kpi.code for line in plan.kpis if line.kpi.id in lost and line.targets
        }


def test_money_that_does_more_elsewhere_is_told_as_a_gain() -> None:
    told = source(f"{SHORT}-refused")
    index = told.diagnosis.plan.projection.index
    assert index is not None
    for row in built(f"{SHORT}-refused").refusals:
        other = without(f"{SHORT}-refused", row.post).projection.index
        assert other is not None
        change = other - index
        shown = f"（{told.wording.signed(change, 1)}）" if change else "，不变"
        assert row.index == told.wording.number(other, 1) + shown
        assert row.bites or change >= 0


def test_the_dearest_refusal_comes_first_and_the_harmless_last() -> None:
    for name in CASES:
        bites = [row.bites for row in built(name).refusals]
        assert bites == sorted(bites, reverse=True)
    assert built(SHORT).refusals[0].who in built(SHORT).refusals_title


def test_work_that_moves_to_others_names_them_and_their_load() -> None:
    rows = {row.post: row for row in built("case-2-jewellery").refusals}
    told = "；".join(rows["service"].besides)
    assert "活转给运营专员" in told
    assert "没有专人接" in told
    assert rows["service"].stopped == ()


def test_the_plan_that_lacks_nobody_gives_up_nothing() -> None:
    assert case(SHORT).diagnosis.plan.sacrifice is None
    assert built(SHORT).sacrifice is None


@pytest.mark.parametrize("name", [f"{name}-refused" for name in CASES])
def test_the_drop_list_holds_every_sop_that_gives_way_with_its_price(name: str) -> None:
    plan, wording, part = source(name).diagnosis.plan, source(name).wording, built(name).sacrifice
    assert part is not None
    assert plan.sacrifice is not None
    stopped = {row.sop for row in part.rows if row.what == "停掉"}
    assert stopped == {wording.sop(sop) for sop in plan.sacrifice.dropped}
    assert len({row.sop for row in part.rows}) == len(part.rows)
    assert {row.sop for row in part.rows} == {wording.sop(item.sop) for item in plan.releases}
    price = dict(part.prices)
    kept, full = plan.sacrifice.kept.index, plan.sacrifice.full.index
    shown = price["计划做完后的指数"]
    assert shown == f"{wording.number(kept, 1)}，人给够是{wording.number(full, 1)}"
    assert all(wording.kpi(kpi) in price["不再设目标的指标"] for kpi in plan.sacrifice.kpis)


@pytest.mark.parametrize("name", [f"{name}-refused" for name in CASES])
def test_heads_refused_stand_beside_heads_granted(name: str) -> None:
    part, view = built(name), view_of(name)
    rows = {row.post: row for row in part.heads}
    last = view.staffing.horizons[-1]
    assert last.refused()
    for need in last.needs:
        row = rows[view.post(need.post)]
        granted = last.heads().get(need.post, Fraction(0))
        assert row.people[-1] == view.source.wording.plain(granted)
        short = need.post in last.refused()
        assert row.asked[-1] == (view.source.wording.plain(need.fte) if short else "")
