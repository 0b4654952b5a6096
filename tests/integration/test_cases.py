"""The two published cases from answers file to plan: what a consultant must recognise."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from app.content.answers import read_assessment
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.response import Assessment
from tests.integration.fingerprint import AS_OF, MODEL, text_of

EXAMPLES = MODEL / "examples"
TOLERANCE = Fraction("0.25")


@dataclass(frozen=True)
class Case:
    """What the published story demands of one answers file."""

    file: str
    areas: dict[str, str]
    index: tuple[Fraction, Fraction]
    level: int
    rules: frozenset[str]
    quiet: frozenset[str]
    most_rules: int


def rules(*numbers: int) -> frozenset[str]:
    return frozenset(f"RU-{number:02}" for number in numbers)


CASE_1 = Case(
    file="case-1-mother-baby.yaml",
    areas={
        "M": "2 1.5 1.5 1 1 2.5",
        "P": "1.5 1 1.3 1.5 1.5 1.5",
        "T": "1.5 1.5 1 1.5 1.5 2",
        "I": "1 1",
        "C": "2 1.7",
        "A": "1.5 1.5",
        "S": "1.3 1",
        "R": "2 1.5",
    },
    index=(Fraction("9.5"), Fraction("13.5")),
    level=1,
    rules=rules(2, 7, 11, 13, 17, 22, 23, 24, 33, 37, 47),
    # A frequent trade without a hero, whose money would work if the shops did.
    quiet=rules(3, 9, 10, 16, 20, 27, 35, 45, 48, 50, 51, 52),
    most_rules=38,
)
CASE_2 = Case(
    file="case-2-jewellery.yaml",
    areas={
        "M": "3.5 2.5 3 2.5 2.3 3",
        "P": "3 2 2.3 2.3 2.8 2",
        "T": "2.5 2.2 2.3 1.8 2.3 2.3",
        "I": "2.3 2",
        "C": "3.3 3.5",
        "A": "2.8 2.3",
        "S": "2 1.7",
        "R": "3 2.2",
    },
    index=(Fraction(35), Fraction(39)),
    level=2,
    rules=rules(26, 29, 30, 34, 35, 41, 43, 45, 47, 52),
    # Strategy, positioning, acquisition, welcome and service stand; nothing is to be replicated.
    quiet=rules(1, 5, 9, 10, 11, 13, 21, 22, 23, 36, 37, 38, 39, 40, 44, 48, 50, 51),
    most_rules=28,
)
CASES = pytest.mark.parametrize("case", [CASE_1, CASE_2], ids=["mother-baby", "jewellery"])


def answers_of(model: MaturityModel, file: str) -> Assessment:
    return read_assessment((EXAMPLES / file).read_bytes(), file, model)


@pytest.fixture(scope="module")
def diagnosed(private_domain: MaturityModel) -> dict[str, Diagnosis]:
    """Both cases diagnosed, by file."""
    return {
        case.file: diagnose(private_domain, answers_of(private_domain, case.file), AS_OF)
        for case in (CASE_1, CASE_2)
    }


def golden_areas(case: Case) -> dict[str, Fraction]:
    return {
        f"{code}{place}": Fraction(score)
        for code, scores in case.areas.items()
        for place, score in enumerate(scores.split(), 1)
    }


@CASES
def test_every_area_comes_within_a_quarter_of_the_golden_table(
    private_domain: MaturityModel, diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    card = diagnosed[case.file].scorecard
    golden = golden_areas(case)
    assert len(golden) == len(private_domain.areas) == 28
    scores = {area.code: card.areas[area.id].score for area in private_domain.areas.values()}
    off = {
        code: (score and float(score), float(golden[code]))
        for code, score in scores.items()
        if score is None or abs(score - golden[code]) > TOLERANCE
    }
    assert off == {}


@CASES
def test_index_and_level_are_those_of_the_story(
    diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    card = diagnosed[case.file].scorecard
    assert card.index is not None
    assert case.index[0] <= card.index <= case.index[1]
    assert card.level == case.level


@CASES
def test_the_rules_of_the_story_fire_and_those_of_other_stories_do_not(
    diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    diagnostics = diagnosed[case.file].diagnostics
    fired = {rule.code for rule in diagnostics.fired()}
    assert case.rules - fired == frozenset()
    assert case.quiet & fired == frozenset()
    assert len(fired) <= case.most_rules
    assert diagnostics.undecided == ()


@CASES
def test_everything_was_asked_and_the_evidence_is_mixed(
    private_domain: MaturityModel, diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    missing = diagnosed[case.file].not_assessed
    assert (missing.questions, missing.facts, missing.areas) == ((), (), ())
    assessment = answers_of(private_domain, case.file)
    answers = [answer for person in assessment.respondents for answer in person.answers.values()]
    assert {answer.evidence for answer in answers} == {"E0", "E1", "E2", "E3"}
    assert any(answer.value is None for answer in answers)
    assert len(assessment.adjudications) >= 2
    assert all(entry.reason for entry in assessment.adjudications.values())
    for question in ("bottleneck", "stop-doing", "best-story"):
        said = {p.role for p in assessment.respondents if question in p.answers}
        assert len(said) >= 4


def test_in_case_one_the_top_sees_a_strategy_the_shops_never_heard_of(
    diagnosed: dict[str, Diagnosis],
) -> None:
    diagnosis = diagnosed[CASE_1.file]
    gap = diagnosis.agreements["strategy-shared"].gap
    assert gap is not None
    assert gap >= 1
    assert diagnosis.alpha is not None
    assert diagnosis.alpha < Fraction("0.667")


def test_case_one_is_an_overdue_model_run_that_rolled_out_too_soon(
    diagnosed: dict[str, Diagnosis],
) -> None:
    stage = diagnosed[CASE_1.file].stage
    assert stage is not None
    assert stage.scale is not None
    assert stage.stages[stage.scale].code == "ST2"
    assert stage.stage.code == "ST1"
    assert stage.overdue
    assert stage.mismatch == "scale-ahead"


def test_case_two_lives_on_its_stock_with_the_capability_of_a_beginner(
    diagnosed: dict[str, Diagnosis],
) -> None:
    stage = diagnosed[CASE_2.file].stage
    assert stage is not None
    assert stage.scale is not None
    assert stage.stages[stage.scale].code == "ST4"
    assert stage.verdict < stage.scale
    assert stage.mismatch == "scale-ahead"
    assert not stage.overdue
    assert stage.regress == ()


@CASES
def test_findings_say_why_in_the_clients_own_numbers(
    diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    for finding in diagnosed[case.file].diagnostics.findings:
        assert finding.says, finding.rule.code
        assert 1 <= finding.severity <= 4
        assert finding.priority > 0


def test_case_one_pilots_with_a_handful_and_lets_the_shops_carry_the_rest(
    diagnosed: dict[str, Diagnosis],
) -> None:
    plan = diagnosed[CASE_1.file].plan.staffing
    assert plan is not None
    by_phase = {horizon.phase: horizon for horizon in plan.horizons}
    assert by_phase["pilot"].people <= 5
    rollout = by_phase["scale-up"]
    posts = {need.post: need.people for need in rollout.posts}
    assert posts["coach"] == 12
    assert rollout.store_people == 300
    assert posts["specialist"] <= 10
    assert rollout.people < 40


def test_case_two_is_told_to_serve_deeply_only_where_it_pays(
    diagnosed: dict[str, Diagnosis],
) -> None:
    plan = diagnosed[CASE_2.file].plan.staffing
    assert plan is not None
    assert plan.capacity == 2_040
    served = [horizon for horizon in plan.horizons if not horizon.work.pilot]
    for horizon in served:
        assert horizon.specialists.too_heavy
        assert horizon.focus is not None
        assert horizon.focus.people < horizon.specialists.count
    heads = [need.people for need in served[0].posts if need.post == "specialist"]
    assert heads == [16]


def test_in_case_two_customers_find_the_content_less_useful_than_the_team_does(
    diagnosed: dict[str, Diagnosis],
) -> None:
    pulse = diagnosed[CASE_2.file].pulse
    assert pulse is not None
    assert pulse.enough
    gaps = {line.item.id: line.gap for line in pulse.lines if line.gap is not None}
    assert gaps["content-helps"] > 0
    assert gaps["answers-in-time"] < 0


@CASES
def test_the_plan_starts_on_the_day_the_client_named(
    private_domain: MaturityModel, diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    diagnosis = diagnosed[case.file]
    assert answers_of(private_domain, case.file).controls.start == date(2026, 12, 1)
    assert diagnosis.plan.roadmap is not None
    build = [phase for phase in diagnosis.plan.roadmap.phases if phase.phase.kind != "align"]
    assert build[0].start == date(2026, 12, 1)
    planned = {task.sop for task in diagnosis.plan.roadmap.tasks}
    assert planned >= {sop.sop.id for sop in diagnosis.plan.sops if sop.rules}


# -- the same answers give the same bytes ---------------------------------------------------------


@CASES
def test_the_same_answers_give_the_same_diagnosis(
    private_domain: MaturityModel, diagnosed: dict[str, Diagnosis], case: Case
) -> None:
    again = diagnose(private_domain, answers_of(private_domain, case.file), AS_OF)
    assert text_of(again) == text_of(diagnosed[case.file])


def test_another_process_with_another_hash_seed_comes_to_the_same_bytes() -> None:
    command = [sys.executable, "-m", "tests.integration.fingerprint", str(EXAMPLES / CASE_1.file)]
    digests = {
        subprocess.run(
            command,
            cwd=MODEL.parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


# -- the short forms ------------------------------------------------------------------------------


def test_the_self_check_rates_its_eighteen_areas_and_trusts_none(
    private_domain: MaturityModel,
) -> None:
    answers = answers_of(private_domain, "self-check.yaml")
    diagnosis = diagnose(private_domain, answers, AS_OF)
    asked = {name: area for name, area in diagnosis.scorecard.areas.items() if area.asked}
    assert len(asked) == 18
    assert all(area.level is not None for area in asked.values())
    assert diagnosis.not_assessed.questions == ()
    assert diagnosis.stage is not None
    assert diagnosis.plan.staffing is not None
    # Two people who fill in a form are no picture of top against front line.
    assert diagnosis.alpha is None


def test_the_customer_pulse_speaks_for_enough_customers(private_domain: MaturityModel) -> None:
    answers = answers_of(private_domain, "customer-pulse.yaml")
    pulse = diagnose(private_domain, answers, AS_OF).pulse
    assert pulse is not None
    assert pulse.customers == 36
    assert pulse.enough
    lines = {line.item.id: line for line in pulse.lines}
    assert sum(lines["frequency-right"].counts.values()) == 36
    assert lines["would-recommend"].nps == Fraction(100 * (14 - 9), 36)
    assert lines["answers-in-time"].n == 35
