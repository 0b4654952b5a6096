"""The private-domain model: complete, consistent, and its rules behave as their examples say."""

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.content.examples import example_mistakes
from app.domain.definitions.rule import Rule
from app.domain.model import MaturityModel
from app.services.casework.describing import describe_model, plain

HALF_WIDTH_IN_CHINESE = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
HAND_MADE_SPACE = re.compile(r"[\u4e00-\u9fff] [\u4e00-\u9fff]")


def test_the_method_is_complete(private_domain: MaturityModel) -> None:
    content = private_domain.content
    assert len(private_domain.areas) == 28
    assert len(content.facts) == 30
    assert len(private_domain.questions) == 70
    assert len(private_domain.forms["self-check"].questions) == 18
    assert len(private_domain.forms["customer-pulse"].pulse) == 6
    assert [rule.code for rule in private_domain.rules.values()] == [
        f"RU-{number:02}" for number in range(1, 53)
    ]
    assert [sop.code for sop in private_domain.sops.values()] == [
        f"SOP-{number:02}" for number in range(1, 29)
    ]
    assert sum(len(sop.steps) for sop in private_domain.sops.values()) == 175
    assert [kpi.code for kpi in content.kpis] == [f"K{number:02}" for number in range(1, 48)]
    assert len(content.post_cards) == 5


def test_the_method_names_what_its_sources_only_sketch(private_domain: MaturityModel) -> None:
    sizes = {name: len(item.items) for name, item in private_domain.frameworks.items()}
    assert sizes["seven-step-funnel"] == 7
    assert sizes["new-customer-seven-days"] == 7
    assert sizes["ten-columns"] == 10
    assert sizes["weekly-calendar"] == 7
    assert sizes["user-journey"] == 6
    assert sizes["positioning-canvas"] == 5
    assert sizes["trust-chain"] == 3
    assert sizes["three-offices"] == 3
    assert sizes["four-loops"] == 4
    assert sizes["three-layers"] == 3
    assert sizes["four-stages"] == 4
    assert sizes["seven-step-build"] == 7
    assert sizes["data-families"] == 3


def test_every_step_of_the_journey_has_a_trigger_and_an_action(
    private_domain: MaturityModel,
) -> None:
    for item in private_domain.frameworks["user-journey"].items:
        assert item.trigger, item.id
        assert item.action, item.id


def test_every_question_says_what_to_see_and_who_knows(private_domain: MaturityModel) -> None:
    for question in private_domain.questions.values():
        assert question.ask_to_see, question.id
        assert question.primary, question.id
        assert question.explain, question.id


def test_every_step_has_an_owner_a_script_one_metric_and_minutes(
    private_domain: MaturityModel,
) -> None:
    for sop in private_domain.sops.values():
        for step in sop.steps:
            assert step.script, step.code
            assert step.metric.target, step.code
            if step.owner == "automation":
                assert step.minutes == 0, step.code
            else:
                assert step.minutes > 0, step.code


def test_every_rule_has_worlds_that_fire_and_worlds_that_do_not(
    private_domain: MaturityModel,
) -> None:
    for rule in private_domain.content.rules:
        assert rule.examples.fires, rule.code
        assert rule.examples.stays_quiet, rule.code


def test_rules_behave_as_their_examples_say(private_domain: MaturityModel) -> None:
    assert list(example_mistakes(private_domain)) == []


def test_an_example_that_lies_is_told(private_domain: MaturityModel) -> None:
    lying = _with_examples_swapped(private_domain, private_domain.content.rules[0])
    assert any(path[1] == 0 for path, _ in example_mistakes(lying))


def _with_examples_swapped(model: MaturityModel, rule: Rule) -> MaturityModel:
    examples = replace(
        rule.examples, fires=rule.examples.stays_quiet, stays_quiet=rule.examples.fires
    )
    rules = tuple(
        replace(item, examples=examples) if item is rule else item for item in model.content.rules
    )
    return replace(model, content=replace(model.content, rules=rules))


def test_dated_parameters_carry_date_source_and_grade(private_domain: MaturityModel) -> None:
    for limit in private_domain.content.limits:
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", limit.as_of), limit.id
        assert limit.source, limit.id
        assert limit.conduct, limit.id


def test_weights_of_questions_add_up_inside_each_area(private_domain: MaturityModel) -> None:
    for area, questions in private_domain.questions_of.items():
        assert sum((Fraction(q.weight) for q in questions), Fraction(0)) == 1, area


def test_published_case_results_are_never_targets(private_domain: MaturityModel) -> None:
    texts = [
        text
        for part in (private_domain.content.rules, private_domain.content.sops)
        for text in _texts(plain(part))
    ]
    assert not [text for text in texts if "30万" in text or "×10" in text]


def test_chinese_texts_use_chinese_punctuation(private_domain: MaturityModel) -> None:
    data = describe_model(private_domain)
    keys = (
        "areas", "questions", "rules", "contradictions", "sops", "kpis", "frameworks", "glossary",
        "limits",
    )  # fmt: skip
    bad = [
        text
        for key in keys
        for text in _texts(data[key])
        if HALF_WIDTH_IN_CHINESE.search(text) or HAND_MADE_SPACE.search(text)
    ]
    assert bad == []


def test_no_text_stands_twice_where_it_should_be_specific(private_domain: MaturityModel) -> None:
    rules = private_domain.content.rules
    for field in ("finding", "cause", "consequence", "recommend", "first_step"):
        counted = Counter(getattr(rule, field) for rule in rules)
        assert [text for text, count in counted.items() if count > 1] == []
    anchors = Counter(text for area in private_domain.areas.values() for text in area.anchors)
    assert [text for text, count in anchors.items() if count > 1] == []


def test_shown_model_gives_every_item_id_code_and_titles(private_domain: MaturityModel) -> None:
    data = describe_model(private_domain)
    for key in (
        "areas", "facts", "questions", "forms", "rules", "sops", "kpis", "stages", "roles",
        "limits", "benchmarks",
    ):  # fmt: skip
        assert data[key], key
        for item in data[key]:
            assert item["id"], key
            assert item["code"], key
            assert item["titles"]["zh-Hans"], (key, item["id"])
    assert len(data["sops"][0]["steps"]) > 1
    full = next(form for form in data["forms"] if form["id"] == "full")
    assert len(full["questions"]) == 70


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []


@pytest.mark.parametrize("path", sorted(Path("questionnaires").rglob("*.yaml")), ids=str)
def test_no_file_holds_tabs_or_trailing_blanks(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        assert "\t" not in line, number
        assert line == line.rstrip(), number
