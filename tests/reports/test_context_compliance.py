"""The compliance section: red lines with their evidence, limits, and the plan held against them."""

from dataclasses import replace

import pytest

from app.domain.definitions.sop import Sop, SopStep, Timing
from app.domain.model import MaturityModel
from app.domain.plan_limits import LimitCheck, at_work, check_limits
from app.domain.response import Adjudication, Answer, Respondent
from app.reporting.context import compliance
from app.reporting.context.compliance_checks import check_row
from app.reporting.context.compliance_limits import limit_rows
from app.reporting.context.source import Source
from tests.reports.diagnosed import CASES, case_source, full, said, self_check, source_of


def breaches(*items: str, evidence: str = "E1") -> Answer:
    return Answer(items, "E2" if evidence == "E2" else "E1")


def checks(source: Source) -> dict[str, LimitCheck]:
    """Return what the domain found, by the id of the limit."""
    return {check.limit.id: check for check in source.diagnosis.plan.limits.checks}


def with_sop(source: Source, sop: Sop) -> Source:
    """Put a changed SOP into the plan in place of the one with its id."""
    sops = tuple(
        replace(selected, sop=sop) if selected.sop.id == sop.id else selected
        for selected in source.diagnosis.plan.sops
    )
    old = source.diagnosis.plan
    running = at_work([*(item.sop for item in sops), *old.standing], old.thinned)
    figures = source.diagnosis.basis.world.figures
    limits = check_limits(source.model, running, old.controls, figures)
    plan = replace(old, sops=sops, limits=limits)
    return replace(source, diagnosis=replace(source.diagnosis, plan=plan))


def steps_of(source: Source, sop: str) -> tuple[Sop, tuple[SopStep, ...]]:
    found = source.model.sops[sop]
    return found, found.steps


# -- red lines -------------------------------------------------------------------------------------


def test_a_reported_breach_stands_first_with_how_many_said_so(
    private_domain: MaturityModel,
) -> None:
    assessment = full(
        said("operations", "", compliance_breaches=breaches("shills")),
        said("it", "", compliance_breaches=breaches("shills", evidence="E2")),
        said("consultant", "", compliance_breaches=breaches()),
    )
    lines = compliance.build(source_of(private_domain, assessment)).red_lines
    assert lines is not None
    first = lines.rows[0]
    assert "水军" in first.practice
    assert first.standing is True
    assert first.today == "3人答，2人反映（E2）"
    assert first.basis == ("LA-07",)


def test_who_reported_a_breach_is_not_told(private_domain: MaturityModel) -> None:
    assessment = full(
        said("operations", "王店", compliance_breaches=breaches("plug-ins")),
        said("it", "", compliance_breaches=breaches()),
    )
    lines = compliance.build(source_of(private_domain, assessment)).red_lines
    assert lines is not None
    assert "运营" not in "".join(row.today for row in lines.rows)


def test_every_refusal_has_a_lawful_way(private_domain: MaturityModel) -> None:
    lines = compliance.build(case_source(private_domain, CASES[0])).red_lines
    assert lines is not None
    assert all(row.basis and row.instead for row in lines.rows)
    assert any("删除的好友" in row.practice for row in lines.rows)


def test_a_ruling_of_the_consultant_counts(private_domain: MaturityModel) -> None:
    answered = full(said("it", "", compliance_breaches=breaches("bought-lists")))
    ruled = replace(
        answered,
        adjudications={"compliance-breaches": Adjudication((), "合同与名单都查过，没有", "E2")},
    )
    lines = compliance.build(source_of(private_domain, ruled)).red_lines
    assert lines is not None
    assert lines.standing == 0
    assert lines.rows[0].today == "顾问裁定没有（E2）"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((), "红线做法没有人答：先核实，再谈扩量"),
        (
            (said("it", "", compliance_breaches=breaches("shills")),),
            "1类红线做法还在发生，先停下来再谈别的",
        ),
        (
            (said("it", "", compliance_breaches=breaches(), compliance_handled=Answer(1, "E2")),),
            "没有人反映红线做法，但合规只到L2：规矩还没写成文",
        ),
    ],
    ids=["nobody-asked", "one-breach", "no-breach-but-weak"],
)
def test_the_headline_states_where_it_stands(
    private_domain: MaturityModel, people: tuple[Respondent, ...], expected: str
) -> None:
    assert compliance.build(source_of(private_domain, full(*people))).headline == expected


def test_the_headline_names_the_users_at_stake(private_domain: MaturityModel) -> None:
    headline = compliance.build(case_source(private_domain, CASES[0])).headline
    assert headline == "2类红线做法还在发生，120,000名用户押在上面"


def test_level_one_brings_its_warning(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, self_check(private_domain, {"compliance-handled": 1}))
    assert compliance.build(source).warnings


# -- limits and checks -----------------------------------------------------------------------------


def test_every_limit_is_printed_with_date_source_and_grade(private_domain: MaturityModel) -> None:
    section = compliance.build(case_source(private_domain, CASES[1]))
    rows = [*section.platform, *section.law, *section.house]
    assert [row.code for row in rows] == [limit.code for limit in private_domain.content.limits]
    assert all(row.as_of and row.source and row.grade and row.conduct for row in rows)


def test_a_value_is_printed_with_unit_and_period(private_domain: MaturityModel) -> None:
    rows = {
        row.code: row.value for row in limit_rows(case_source(private_domain, CASES[0]), "platform")
    }
    assert rows["LI-02"] == "7条/周"
    assert rows["LI-06"] == "20,000人"
    assert rows["LI-05"] == "—"


def test_only_platform_parameters_grow_stale(private_domain: MaturityModel) -> None:
    section = compliance.build(case_source(private_domain, CASES[0]))
    assert "LI-01" in section.stale
    assert not any(row.stale for row in section.law)


@pytest.mark.parametrize("name", CASES)
def test_the_published_plans_break_no_limit(private_domain: MaturityModel, name: str) -> None:
    found = checks(case_source(private_domain, name))
    assert {check.verdict for check in found.values()} <= {"within", "arrange"}
    assert found["mass-message-daily-setting"].most == 1
    assert (found["group-messages-a-day"].most or 0) <= 8


def test_two_messages_to_one_customer_on_a_day_are_over(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    sop, steps = steps_of(source, "member-day")
    moved = tuple(
        replace(step, timing=Timing(shown="同一天", day=-5)) if step.code == "16.5" else step
        for step in steps
    )
    check = checks(with_sop(source, replace(sop, steps=moved)))["mass-message-daily-setting"]
    assert check.most == 2
    assert check.verdict == "over"
    assert check.where == ("SOP-16",)


def test_selling_on_the_first_day_breaks_the_quiet_rule(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    sop, steps = steps_of(source, "new-friend-welcome")
    hasty = tuple(
        replace(step, timing=Timing(shown="第1天", day=1)) if step.owner == "sales" else step
        for step in steps
    )
    assert checks(source)["no-selling-at-first"].verdict == "within"
    assert (
        checks(with_sop(source, replace(sop, steps=hasty)))["no-selling-at-first"].verdict == "over"
    )


def test_a_message_at_night_is_found(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    sop, steps = steps_of(source, "daily-community")
    late = tuple(
        replace(step, timing=replace(step.timing, at="23:00")) if step.code == "10.6" else step
        for step in steps
    )
    assert "10.6" not in checks(source)["quiet-night"].where
    assert "10.6" in checks(with_sop(source, replace(sop, steps=late)))["quiet-night"].where


def test_an_unverified_firm_beyond_two_hundred_customers_is_over(
    private_domain: MaturityModel,
) -> None:
    facts = {"users": 900, "wecom-verified": False}
    check = checks(source_of(private_domain, full(facts=facts)))["customers-unverified"]
    assert check.bound == 200
    assert check.verdict == "over"


def test_a_fact_beyond_a_limit_is_a_line_with_limit_source_date_and_way(
    private_domain: MaturityModel,
) -> None:
    facts = {"users": 900, "active-groups": 1, "group-size": 600}
    section = compliance.build(source_of(private_domain, full(facts=facts)))
    (line,) = section.excesses
    assert line.startswith("现在平均每群600人，超过LI-15 客户群人数（500人；")
    assert "截至2026-11-21，C级" in line
    assert "目标人数定在150–300人" in line


def test_steps_that_meet_tell_which_goes_first_and_which_waits(
    private_domain: MaturityModel,
) -> None:
    source = case_source(private_domain, CASES[0])
    row = next(row for row in compliance.build(source).checks if row.code == "LI-03")
    check = checks(source)["mass-message-daily-setting"]
    assert row.kind == "arrange"
    assert row.keeps.startswith(f"撞上时：先发{check.order[0]}；")
    assert row.keeps.endswith("顺延到次日")
    assert check.yields[0].step in row.keeps


def test_what_must_be_arranged_says_how(private_domain: MaturityModel) -> None:
    source = case_source(private_domain, CASES[0])
    rows = [check_row(source, check) for check in source.diagnosis.plan.limits.checks]
    assert all(bool(row.keeps) == (row.kind != "within") for row in rows)


def test_a_model_without_limits_has_no_table_of_them(
    kitchen_hygiene: MaturityModel,
) -> None:
    section = compliance.build(source_of(kitchen_hygiene, replace(full(), form="full")))
    assert [section.platform, section.law, section.house, section.checks] == [(), (), (), ()]
