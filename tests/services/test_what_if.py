"""What the desk shows is what the report prints: the same plan, whichever way it comes about."""

import json
from datetime import date
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.response import PlanControls
from app.reporting.context import staffing
from app.reporting.context.source import Edition, Source
from app.reporting.document import diagnosis_document
from app.services.plans.figures import figures_of
from app.services.plans.gauges import defaults_of
from app.services.plans.prices import limits_in_force, prices, without
from app.services.plans.reading import PlanReading
from app.services.plans.what_if import diagnosis_under
from tests.decisions import decisions, permitted
from tests.enterprises import AS_OF, private_domain_model
from tests.published_cases import CASES, published_case

ROUNDED = 0.0001
"""Figures of the document have four places."""


@cache
def diagnosed(case: str) -> Diagnosis:
    return diagnose(private_domain_model(), published_case(case), AS_OF)


def reading_of(diagnosis: Diagnosis) -> PlanReading:
    edition = Edition("", 0, AS_OF, "zh-Hans", "", "")
    return PlanReading(Source.of(diagnosis, edition))


def under(case: str, **controls: object) -> PlanReading:
    start = diagnosed(case).plan.controls.start
    return reading_of(
        diagnosis_under(diagnosed(case), PlanControls(start=start, **controls))  # type: ignore[arg-type] # whatever a test decides
    )


@settings(max_examples=15)
@given(st.sampled_from(CASES), decisions())
def test_the_desk_answers_what_a_diagnosis_with_these_decisions_says(
    case: str, drawn: PlanControls
) -> None:
    standing = diagnosed(case)
    controls = permitted(standing, drawn)
    found = diagnosis_under(standing, controls)
    anew = diagnose(found.model, found.assessment, AS_OF)
    assert found.assessment.controls == controls
    assert found.plan == anew.plan
    assert found.diagnostics.findings == anew.diagnostics.findings
    assert found.economics == anew.economics


def test_a_service_mode_changes_what_rules_read_and_so_the_findings() -> None:
    standing = diagnosed(CASES[0])
    found = diagnosis_under(standing, PlanControls(service_mode="concierge"))
    assert found.load_ratio != standing.load_ratio
    assert found.load_ratio == diagnose(found.model, found.assessment, AS_OF).load_ratio


@pytest.mark.parametrize("case", CASES)
def test_the_figures_are_those_of_the_json_document(case: str) -> None:
    reading = under(case, max_hires={"content": 0, "service": 1}, payroll_cap=Fraction(200_000))
    document = json.loads(json.dumps(diagnosis_document(reading.source)))
    figures, plan = figures_of(reading), document["plan"]
    lost = plan["sacrifice"]
    assert float(figures.index or 0) == pytest.approx(plan["projection"]["index"], abs=ROUNDED)
    assert figures.level == plan["projection"]["level"]
    assert figures.dropped == len(lost["dropped"])
    assert figures.kpis == len(lost["kpis"])
    assert figures.delay == max((delay["days"] for delay in lost["delays"]), default=0)
    assert figures.sops == len(plan["sops"])
    base = document["business_case"]["scenarios"]["base"]
    assert float(figures.roi or 0) == pytest.approx(base["roi"], abs=ROUNDED)
    assert figures.pays_from == base["pays_from"]
    phases = {phase["id"]: phase for phase in plan["roadmap"]["phases"]}
    gates = [phase["end"] for name, phase in phases.items() if name != "align"]
    assert figures.gate is not None
    assert figures.gate.isoformat() == gates[0]


@pytest.mark.parametrize("case", CASES)
def test_the_words_are_those_of_the_printed_section(case: str) -> None:
    reading = under(case, max_hires={"content": 0}, payroll_cap=Fraction(150_000))
    printed = staffing.build(reading.source)
    assert printed is not None
    assert reading.heads is not None
    assert reading.hours is not None
    assert reading.headline == printed.headline
    assert reading.heads.rows() == printed.heads
    assert reading.given_up == printed.sacrifice
    assert reading.costs == printed.cost
    assert (*reading.hours.overloads, *reading.over_cap) == printed.alarms


def test_the_dearest_month_keeps_a_cap_that_can_be_kept() -> None:
    reading = under(CASES[0], payroll_cap=Fraction(150_000))
    assert not reading.plan.over_cap()
    payroll = figures_of(reading).payroll
    assert payroll is not None
    assert payroll <= 150_000


def test_each_limit_is_priced_by_lifting_it_alone() -> None:
    reading = under(
        CASES[0], max_hires={"content": 0, "coach": 2, "manager": 9}, payroll_cap=Fraction(150_000)
    )
    limits = limits_in_force(reading)
    # A limit nobody runs into refuses nobody.
    assert [limit.post for limit in limits] == ["content", "coach", ""]
    found = {price.limit.post: price for price in prices(reading)}
    for limit in limits:
        lifted = diagnosis_under(
            reading.source.diagnosis, without(reading.plan.controls, limit)
        ).plan
        gained = {item.sop.id for item in lifted.sops} - {s.sop.id for s in reading.plan.sops}
        names = {reading.wording.sop(sop) for sop in gained}
        assert set(found[limit.post].dropped) == names
        assert lifted.projection.index is not None
        assert reading.plan.projection.index is not None
        points = lifted.projection.index - reading.plan.projection.index
        assert found[limit.post].index == points
    assert any(price.bites for price in found.values())


def test_every_sop_says_why_it_is_in_or_out() -> None:
    reading = under(CASES[1], add_sops=("live-commerce",), drop_sops=("guest-sharing",))
    lines = {line.id: line for line in reading.sop_lines}
    assert set(lines) == set(private_domain_model().sops)
    assert all(bool(line.why) == (line.state == "planned") for line in lines.values())
    # What the client adds or drops does not change where the diagnosis puts it.
    plain = {line.id: line.state for line in under(CASES[1]).sop_lines}
    assert {name: line.state for name, line in lines.items()} == plain


@pytest.mark.parametrize("case", CASES)
def test_a_default_stands_where_its_slider_can_reach_it(case: str) -> None:
    found = defaults_of(diagnosed(case))
    for path, gauge in found.gauges.items():
        assert gauge.low < gauge.high, path
        assert gauge.step > 0, path
        if gauge.default is not None:
            assert gauge.low <= gauge.default <= gauge.high, path


@pytest.mark.parametrize("case", CASES)
def test_deciding_a_default_changes_nothing(case: str) -> None:
    """The default a control shows is the value the engine uses without it."""
    plain = diagnosis_under(diagnosed(case), PlanControls())
    found = defaults_of(plain)
    decided = PlanControls(
        start=found.start,
        service_mode=found.mode,
        city_tier=found.tier,
        growth_buffer=found.growth,
        productive_hours=found.gauges["productive_hours",].default,
        tool_level=int(found.gauges["tool_level",].default or 0),
    )
    same = diagnosis_under(plain, decided).plan
    assert same.staffing == plain.plan.staffing
    assert same.roadmap == plain.plan.roadmap
    assert same.start == date(2026, 12, 5)
