"""The consultant's word on findings: what it changes in a published case, and what it never can."""

from dataclasses import fields, replace

import pytest

from app.content.answers import read_assessment
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.plan import Plan
from app.domain.response import Adjudication, FindingDecision, PlanControls
from tests.integration.fingerprint import AS_OF, MODEL

CASE_1, CASE_2 = "case-1-mother-baby.yaml", "case-2-jewellery.yaml"
ACCEPTED = FindingDecision("accepted")
REJECTED = FindingDecision("rejected", "当面核对过，不成立")


def decided(model: MaturityModel, file: str, **decisions: FindingDecision) -> Diagnosis:
    """Diagnose a case with decisions; rule ids are spelt with underscores."""
    given = {name.replace("_", "-"): decision for name, decision in decisions.items()}
    assessment = read_assessment((MODEL / "examples" / file).read_bytes(), file, model)
    return diagnose(model, replace(assessment, decisions=given), AS_OF)


@pytest.fixture(scope="module")
def case_1(private_domain: MaturityModel) -> Diagnosis:
    return decided(private_domain, CASE_1)


def codes(diagnosis: Diagnosis) -> list[str]:
    return [finding.rule.code for finding in diagnosis.diagnostics.every()]


def sops(plan: Plan) -> set[str]:
    return {item.sop.code for item in plan.sops}


def assert_rated_alike(one: Diagnosis, other: Diagnosis) -> None:
    """What no decision may change: scores, gates, stage, and everything computed from answers."""
    changed = {"assessment", "diagnostics", "plan", "basis"}
    for name in {field.name for field in fields(Diagnosis)} - changed:
        assert getattr(one, name) == getattr(other, name), name


def test_an_accepted_finding_changes_nothing_but_its_mark(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    found = decided(private_domain, CASE_1, no_working_pilot=ACCEPTED)
    assert_rated_alike(found, case_1)
    assert found.plan == case_1.plan
    assert codes(found) == codes(case_1)
    marked = [f.rule.code for f in found.diagnostics.every() if f.decision is not None]
    assert marked == ["RU-22"]


def test_an_edited_finding_speaks_in_the_consultants_words_and_keeps_its_place(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    words = FindingDecision("edited", "店长听不懂", finding="没有一家店做成过")
    found = decided(private_domain, CASE_1, no_working_pilot=words)
    assert_rated_alike(found, case_1)
    assert found.plan == case_1.plan
    assert codes(found) == codes(case_1)
    (finding,) = [f for f in found.diagnostics.every() if f.rule.code == "RU-22"]
    assert finding.title == "没有一家店做成过"
    assert finding.recommend == finding.rule.recommend


def test_a_rejected_finding_leaves_findings_causes_and_plan_but_no_score(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    found = decided(private_domain, CASE_1, koc_not_found=REJECTED)
    assert_rated_alike(found, case_1)
    assert set(codes(case_1)) - set(codes(found)) == {"RU-40"}
    (rejected,) = found.diagnostics.rejected
    assert rejected.rule.code == "RU-40"
    assert rejected.trace.result is True
    counts = [
        {cause.cluster: len(cause.findings) for cause in d.diagnostics.root_causes}
        for d in (case_1, found)
    ]
    assert sum(counts[0].values()) - sum(counts[1].values()) == 1
    # Only RU-40 asked for the KOC programme.
    assert sops(case_1.plan) - sops(found.plan) == {"SOP-14"}
    named = [rule for item in found.plan.sops for rule in item.rules]
    assert "koc-not-found" in [rule for item in case_1.plan.sops for rule in item.rules]
    assert "koc-not-found" not in named
    assert not [line for line in found.plan.kpis if "koc-not-found" in line.cited_by]


def test_a_rejected_finding_gives_its_place_among_the_first_to_the_next(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    before = [finding.rule.code for finding in case_1.diagnostics.must]
    found = decided(private_domain, CASE_1, no_standard_process=REJECTED)
    assert before[1] == "RU-15"
    after = [finding.rule.code for finding in found.diagnostics.must]
    next_one = case_1.diagnostics.should[0].rule.code
    assert after == [*(code for code in before if code != "RU-15"), next_one]


def test_its_sops_stay_where_the_stage_demands_them(private_domain: MaturityModel) -> None:
    plain = decided(private_domain, CASE_2)
    (before,) = [item for item in plain.plan.sops if item.sop.code == "SOP-10"]
    assert before.rules == ("no-standard-process",)
    found = decided(private_domain, CASE_2, no_standard_process=REJECTED)
    (after,) = [item for item in found.plan.sops if item.sop.code == "SOP-10"]
    assert (after.rules, after.stage) == ((), "scale")


def test_its_sops_stay_where_another_finding_demands_them(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    found = decided(private_domain, CASE_1, indiscriminate_adding=REJECTED)
    (item,) = [item for item in found.plan.sops if item.sop.code == "SOP-05"]
    assert item.rules
    assert "indiscriminate-adding" not in item.rules
    assert sops(found.plan) == sops(case_1.plan)


def test_a_milder_finding_of_the_family_speaks_when_the_head_is_rejected(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    heads = {finding.rule.code: finding for finding in case_1.diagnostics.findings}
    assert [milder.rule.code for milder in heads["RU-22"].collapsed] == ["RU-23"]
    found = decided(private_domain, CASE_1, no_working_pilot=REJECTED)
    assert "RU-23" in {finding.rule.code for finding in found.diagnostics.findings}


def test_the_plan_of_other_controls_leaves_a_rejected_finding_out_too(
    private_domain: MaturityModel,
) -> None:
    found = decided(private_domain, CASE_1, koc_not_found=REJECTED)
    controls = replace(found.assessment.controls, max_hires={"specialist": 0})
    assert "SOP-14" not in sops(found.what_if(controls))
    added = found.what_if(PlanControls(add_sops=("koc-programme",)))
    assert "SOP-14" in sops(added)


def test_a_red_line_caps_the_level_whatever_is_said_of_its_finding(
    private_domain: MaturityModel,
) -> None:
    file = CASE_2
    assessment = read_assessment((MODEL / "examples" / file).read_bytes(), file, private_domain)
    practices = tuple(item.id for item in private_domain.questions["compliance-breaches"].items)
    ruled = {
        "compliance-handled": Adjudication(1, "没有一样做全"),
        "compliance-breaches": Adjudication(practices, "逐项看到"),
    }
    standing = diagnose(
        private_domain,
        replace(assessment, adjudications={**assessment.adjudications, **ruled}),
        AS_OF,
    )
    assert standing.scorecard.red_flags()
    assert "RU-09" in codes(standing)
    rejected = diagnose(
        private_domain,
        replace(standing.assessment, decisions={"compliance-red-line": REJECTED}),
        AS_OF,
    )
    assert "RU-09" not in codes(rejected)
    assert_rated_alike(rejected, standing)
    assert rejected.scorecard.red_flags() == standing.scorecard.red_flags()


def test_a_decision_on_a_rule_that_does_not_fire_is_kept_and_idle(
    private_domain: MaturityModel, case_1: Diagnosis
) -> None:
    found = decided(private_domain, CASE_1, hero_dependent=REJECTED, no_working_pilot=ACCEPTED)
    assert found.assessment.decisions["hero-dependent"] == REJECTED
    assert found.diagnostics.idle(found.assessment.decisions) == {"hero-dependent"}
    assert found.diagnostics.rejected == ()
    assert codes(found) == codes(case_1)
    assert found.plan == case_1.plan


def test_everything_may_be_rejected(private_domain: MaturityModel, case_1: Diagnosis) -> None:
    every = {rule.id.replace("-", "_"): REJECTED for rule in case_1.diagnostics.fired()}
    found = decided(private_domain, CASE_1, **every)
    assert_rated_alike(found, case_1)
    assert found.diagnostics.findings == ()
    assert found.diagnostics.root_causes == ()
    assert len(found.diagnostics.rejected) == len(case_1.diagnostics.fired())
    assert all(item.stage or item.supports for item in found.plan.sops)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"verdict": "rejected"}, "for a reason"),
        ({"verdict": "edited", "finding": "x"}, "for a reason"),
        ({"verdict": "edited", "reason": "x"}, "has words"),
        ({"verdict": "accepted", "finding": "x"}, "has words"),
        ({"verdict": "rejected", "reason": "x", "recommend": "y"}, "has words"),
    ],
)
def test_a_decision_that_says_too_little_or_contradicts_itself_does_not_exist(
    decision: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        FindingDecision(**decision)  # type: ignore[arg-type] # plain texts, as a form gives them
