"""``diagnosis.json``: its schema, and that its numbers are those of the diagnosis."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.content.answers import read_assessment
from app.domain.model import MaturityModel
from app.domain.response import Answer
from app.reporting.context.source import Source
from app.reporting.document import diagnosis_document, diagnosis_schema
from app.reporting.document_values import number
from tests.reports.diagnosed import (
    CASES,
    case_source,
    full,
    pulse_of,
    said,
    self_check,
    source_of,
)


def document(source: Source) -> dict[str, Any]:
    """Return the document as a reader gets it."""
    read: dict[str, Any] = json.loads(json.dumps(diagnosis_document(source), ensure_ascii=False))
    return read


def mistakes(found: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(
        diagnosis_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(found)]


def rounded(value: Fraction) -> float:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(diagnosis_schema())


@pytest.mark.parametrize("name", CASES)
def test_both_cases_fit_the_schema(private_domain: MaturityModel, name: str) -> None:
    assert mistakes(document(case_source(private_domain, name))) == []


THIN: dict[str, Callable[[MaturityModel], Source]] = {
    "nobody-asked": lambda model: source_of(model, full()),
    "one-answer": lambda model: source_of(
        model, full(said("ceo", "", strategy_shared=Answer(2, "E1")))
    ),
    "facts-only": lambda model: source_of(model, full(facts={"users": 5000, "stores": 12})),
    "self-check": lambda model: source_of(model, self_check(model, {})),
    "pulse": lambda model: source_of(model, pulse_of({"content-helps": 3, "would-recommend": 9})),
}


@pytest.mark.parametrize("name", THIN)
def test_thin_assessments_fit_the_schema(private_domain: MaturityModel, name: str) -> None:
    assert mistakes(document(THIN[name](private_domain))) == []


def test_another_model_fits_the_schema(kitchen_hygiene: MaturityModel, riverside: bytes) -> None:
    assessment = read_assessment(riverside, "riverside.yaml", kitchen_hygiene)
    assert mistakes(document(source_of(kitchen_hygiene, assessment))) == []


def test_the_schema_refuses_what_is_missing_and_what_is_too_much(
    private_domain: MaturityModel,
) -> None:
    found = document(case_source(private_domain, CASES[0]))
    assert mistakes({**found, "surprise": 1})
    assert mistakes({name: value for name, value in found.items() if name != "index"})
    found["findings"][0]["severity"] = "4"
    assert mistakes(found)


@pytest.mark.parametrize("name", CASES)
def test_its_scores_are_those_of_the_diagnosis(private_domain: MaturityModel, name: str) -> None:
    source = case_source(private_domain, name)
    found, card = document(source), source.diagnosis.scorecard
    assert card.index is not None
    assert found["index"] == rounded(card.index)
    assert found["overall_level"] == card.level
    for area, score in card.areas.items():
        written = found["areas"][private_domain.areas[area].code]
        assert (written["id"], written["level"]) == (area, score.level)
        assert written["score"] == (None if score.score is None else rounded(score.score))
    for dimension, level in card.dimensions.items():
        code = private_domain.dimensions[dimension].code
        assert found["dimensions"][code]["level"] == level.level


@pytest.mark.parametrize("name", CASES)
def test_its_plan_is_that_of_the_diagnosis(private_domain: MaturityModel, name: str) -> None:
    source = case_source(private_domain, name)
    found, diagnosis = document(source), source.diagnosis
    assert [item["code"] for item in found["plan"]["sops"]] == [
        s.sop.code for s in diagnosis.plan.sops
    ]
    assert diagnosis.plan.roadmap is not None
    assert len(found["plan"]["tasks"]) == len(diagnosis.plan.roadmap.tasks)
    for task, planned in zip(found["plan"]["tasks"], diagnosis.plan.roadmap.tasks, strict=True):
        assert date.fromisoformat(task["start"]) == planned.start
        assert task["sop"] == private_domain.sops[planned.sop].code
    assert diagnosis.plan.staffing is not None
    for written, horizon in zip(
        found["staffing"]["horizons"], diagnosis.plan.staffing.horizons, strict=True
    ):
        assert written["people"] == horizon.people
        assert written["monthly_cost"] == rounded(horizon.monthly_cost)


@pytest.mark.parametrize("name", CASES)
def test_items_go_by_codes_that_exist(private_domain: MaturityModel, name: str) -> None:
    found = document(case_source(private_domain, name))
    rules = {rule.code for rule in private_domain.rules.values()}
    sops = {sop.code for sop in private_domain.sops.values()}
    kpis = {kpi.code for kpi in private_domain.kpis.values()}
    for finding in found["findings"]:
        assert finding["code"] in rules
        assert finding["sops"]
        assert set(finding["sops"]) <= sops
        assert set(finding["kpis"]) <= kpis
    priorities = found["priorities"]
    ranked = [*priorities["must"], *priorities["should"], *priorities["later"]]
    heads = [finding for finding in found["findings"] if finding["family_head"] is None]
    assert ranked == [finding["code"] for finding in heads]


@pytest.mark.parametrize("name", CASES)
def test_every_fired_rule_is_a_finding_behind_the_head_of_its_family(
    private_domain: MaturityModel, name: str
) -> None:
    source = case_source(private_domain, name)
    found = document(source)["findings"]
    fired = {rule.code for rule in source.diagnosis.diagnostics.fired()}
    assert {finding["code"] for finding in found} == fired
    speaking = ""
    for finding in found:
        if finding["family_head"] is None:
            speaking = finding["code"]
        else:
            assert finding["family_head"] == speaking


def numbers_in(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner)
    elif isinstance(value, float):
        yield value


def test_no_number_has_more_than_four_places(private_domain: MaturityModel) -> None:
    found = document(case_source(private_domain, CASES[0]))
    assert all(Decimal(str(value)) % Decimal("0.0001") == 0 for value in numbers_in(found))


@pytest.mark.parametrize(
    ("exact", "written"),
    [
        (Fraction(1, 3), 0.3333),
        (Fraction(5, 100_000), 0.0001),
        (Fraction(-5, 100_000), -0.0001),
        (Fraction(3), 3.0),
        (0.5176, 0.5176),
    ],
)
def test_numbers_are_rounded_half_up(exact: Fraction | float, written: float) -> None:
    assert number(exact) == written


def test_nothing_is_written_as_minus_zero() -> None:
    assert str(number(Fraction(-1, 1_000_000))) == "0.0"
    assert str(number(-0.00001)) == "0.0"


def test_the_same_answers_give_the_same_text(private_domain: MaturityModel) -> None:
    texts = {
        json.dumps(diagnosis_document(case_source(private_domain, CASES[1]))) for _ in range(2)
    }
    assert len(texts) == 1


def test_a_single_front_line_answer_is_not_told_by_role(private_domain: MaturityModel) -> None:
    people = [said("store", label, strategy_shared=Answer(1)) for label in ("a", "b")]
    ceo = said("ceo", "", strategy_shared=Answer(4, "E2"))
    roles = document(source_of(private_domain, full(ceo, *people)))["questions"]["Q-M1.1"]["roles"]
    assert roles["STORE"] == {"mean": None, "n": 2}
    assert roles["CEO"] == {"mean": 4.0, "n": 1}


def test_a_self_check_says_that_it_is_self_reported(private_domain: MaturityModel) -> None:
    confidence = document(source_of(private_domain, self_check(private_domain, {})))["confidence"]
    assert confidence["self_reported"] is True
    assert confidence["word"] == "low"


@pytest.mark.parametrize("name", CASES)
def test_the_business_case_is_the_plan_s_to_the_last_digit(
    private_domain: MaturityModel, name: str
) -> None:
    source = case_source(private_domain, name)
    found, case = document(source)["business_case"], source.diagnosis.plan.business_case
    assert case is not None
    for key in ("low", "base", "high", "as_today"):
        scenario = getattr(case, key)
        printed = [month["cumulative"] for month in found["scenarios"][key]["months"]]
        assert printed == [number(line.cumulative) for line in scenario.lines]
    assert {item["id"] for item in found["assumptions"]} == set(case.assumed)


@pytest.mark.parametrize("name", CASES)
def test_the_ways_up_are_those_of_the_steps(private_domain: MaturityModel, name: str) -> None:
    source = case_source(private_domain, name)
    found = {way["target"]: way for way in document(source)["next_levels"]}
    for target, way in source.diagnosis.next_levels().items():
        dimensions = source.model.dimensions
        code = dimensions[target].code if target in dimensions else target
        areas = [source.model.areas[move.area].code for move in way.moves]
        assert [move["area"] for move in found[code]["moves"]] == areas
