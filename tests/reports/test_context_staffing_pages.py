"""One truth: summary, roadmap, KPIs, organisation, terminal and document tell the same loss."""

import pytest

from app.domain.response import PlanControls
from app.reporting.context import five_ones_organisation, kpis, roadmap
from app.reporting.context.given_up import losses
from app.reporting.context.summary_plan import people_and_money
from app.services.casework.assessing import Assessed
from app.services.casework.summarising import summary_lines
from tests.reports.drawing import texts
from tests.reports.sample_sources import case
from tests.reports.staffed import EVERY, SHORT, built, document, refused, source, view_of


@EVERY
def test_summary_roadmap_terminal_and_staffing_tell_the_same_loss(name: str) -> None:
    told, plan = source(name), source(name).diagnosis.plan
    clauses = losses(plan, told.wording)
    part, money, way = built(name), people_and_money(told), roadmap.build(told)
    assert money is not None
    assert way is not None
    lines = summary_lines(Assessed(told.diagnosis, "5a3f"))
    if plan.sacrifice is None:
        assert clauses == ()
        assert not any(line.startswith("取舍") for line in lines)
        return
    price = told.wording.joined(clauses)
    assert part.sacrifice is not None
    assert part.sacrifice.headline.endswith(price)
    assert all(clause in money.note for clause in clauses[:2]) == bool(plan.cuts)
    assert f"取舍　　{price}" in lines
    missing = "".join(way.shortage)
    assert all(told.wording.sop(sop) in missing for sop in plan.sacrifice.dropped)


def test_a_metric_nothing_works_on_any_more_says_why_it_has_no_target() -> None:
    told, plan = refused(), refused().diagnosis.plan
    assert plan.sacrifice is not None
    assert plan.sacrifice.kpis
    lost = {told.model.kpis[kpi].code for kpi in plan.sacrifice.kpis}
    rows = {row.code: row for family in kpis.build(told).families for row in family.rows}
    assert {code for code, row in rows.items() if row.target == "人手不够，不设"} == lost
    before = {row.code: row for f in kpis.build(case(SHORT)).families for row in f.rows}
    assert all(row.target != "人手不够，不设" for row in before.values())


def test_a_post_refused_is_vacant_in_the_organisation_with_what_was_granted() -> None:
    told = five_ones_organisation.build_organisation(refused("case-2-jewellery"))
    assert told is not None
    words = "".join(each.text for each in texts(told.drawing))
    assert "只批" in words
    assert "销售顾问" in told.headline


def test_the_document_says_what_was_decided_and_what_it_cost() -> None:
    plan = document(f"{SHORT}-refused")["plan"]
    assert plan["controls"]["payroll_cap"] == 150_000
    assert set(plan["controls"]["max_hires"].values()) == {0, 1}
    assert {cut["by"] for cut in plan["cuts"]} == {"max_hires", "payroll_cap"}
    assert plan["sacrifice"]["index_lost"] > 0
    assert plan["projection"] == plan["sacrifice"]["kept"]
    codes = {sop["code"] for sop in plan["sops"]}
    assert not codes & set(plan["sacrifice"]["dropped"])
    unset = document(SHORT)["plan"]
    assert unset["sacrifice"] is None
    assert unset["cuts"] == []
    assert PlanControls().payroll_cap is unset["controls"]["payroll_cap"] is None


@EVERY
def test_a_cap_the_people_at_work_break_stands_in_the_document_and_on_paper(name: str) -> None:
    view, cap = view_of(name), source(name).diagnosis.plan.controls.payroll_cap
    over = document(name)["plan"]["over_cap"]
    paid = {view.code(item.phase): view.paid(item) for item in view.staffing.horizons}
    assert over == {code: float(m - cap) for code, m in paid.items() if cap and m > cap}
    told = [text for text in built(name).alarms if "守不住" in text]
    assert len(told) == bool(over)
    assert all(view.phase(phase) in told[0] for phase in view.over_cap())


@EVERY
def test_loads_of_the_document_are_the_sum_of_their_work(name: str) -> None:
    for load in document(name)["staffing"]["loads"]:
        assert abs(sum(work["hours"] for work in load["works"]) - load["hours"]) < 0.01
        assert load["excess"] == pytest.approx(max(0, load["hours"] - load["available"]), abs=2e-4)
        assert {work["kind"] for work in load["works"]} <= {
            "routine",
            "set-up",
            "standing",
            "cover",
        }
