"""The contradictions of the private-domain model, and how an author's mistakes in them are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.content.answers import read_assessment
from app.content.examples import SampleWorld, example_mistakes
from app.content.loader import load_model
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import parse
from app.domain.contradictions import find_contradictions
from app.domain.model import MaturityModel, slots
from app.domain.world import World

SOURCE = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"
FILE = "contradictions.yaml"
IDS = [item["id"] for item in parse((SOURCE / FILE).read_bytes(), FILE)["contradictions"]]
Edit = Callable[[str, str, str], None]


def problems_in(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load_model(folder)
    return caught.value.problems


def line_of(folder: Path, text: str) -> int:
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_there_is_a_pair_for_most_of_what_a_firm_may_claim(private_domain: MaturityModel) -> None:
    assert [item.code for item in private_domain.contradictions.values()] == [
        f"CO-{number:02}" for number in range(1, 31)
    ]
    pairs = private_domain.contradictions.values()
    concerned = {area for item in pairs for area in item.areas}
    assert len(concerned) >= 24


@pytest.mark.parametrize("pair", IDS)
def test_a_pair_behaves_as_its_examples_say(private_domain: MaturityModel, pair: str) -> None:
    item = private_domain.contradictions[pair]
    expression = private_domain.expression(item.when)
    groups = (
        (item.examples.fires, "True"),
        (item.examples.stays_quiet, "False"),
        (item.examples.undecided, "UNKNOWN"),
    )
    for samples, expected in groups:
        assert samples
        for sample in samples:
            assert repr(expression.evaluate(SampleWorld(sample))) == expected, sample


@pytest.mark.parametrize("pair", IDS)
def test_one_side_alone_never_makes_a_contradiction(
    private_domain: MaturityModel, pair: str
) -> None:
    item = private_domain.contradictions[pair]
    expression = private_domain.expression(item.when)
    for sample in item.examples.fires:
        for name in sample:
            alone = SampleWorld({name: sample[name]})
            assert expression.evaluate(alone) is not True, name


@pytest.mark.parametrize("pair", IDS)
def test_a_pair_prints_its_number_and_asks_one_thing_more(
    private_domain: MaturityModel, pair: str
) -> None:
    item = private_domain.contradictions[pair]
    assert any(slots(sentence) for sentence in item.says)
    assert "？" in item.ask
    assert item.ask_to_see


def test_an_example_that_lies_is_told(folder: Path, spoil: Edit) -> None:
    spoil(FILE, "value(tag_coverage): 39}", "value(tag_coverage): 41}")
    mistakes = list(example_mistakes(load_model(folder)))
    assert [message for _, message in mistakes] == ["这个例子应触发，实际不触发。"]
    assert mistakes[0][0][0] == "contradictions"


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        (
            "areas: [tagging]",
            "areas: [taging]",
            "taging",
            "没有名为「taging」的领域，是不是「tagging」",
        ),
        ("roles: [it, operations]", "roles: [it, operation]", "operation]", "是不是「operations」"),
        (
            "when: value(tags_and_tiers) >= 2.5 and value(tag_coverage) < 40",
            "when: confidence(tagging) >= 0.5 and value(tag_coverage) < 40",
            "confidence(tagging)",
            "不能读「confidence(tagging)」",
        ),
        (
            "when: value(tags_and_tiers) >= 2.5 and value(tag_coverage) < 40",
            "when: score(tagging) >= 2.5 and value(tag_coverage) < 40",
            "score(tagging)",
            "不能读「score(tagging)」",
        ),
        (
            "when: value(tags_and_tiers) >= 2.5 and value(tag_coverage) < 40",
            "when: low_confidence_areas >= 2 and value(tag_coverage) < 40",
            "low_confidence_areas",
            "不能读「low_confidence_areas」",
        ),
        (
            "when: value(tags_and_tiers) >= 2.5 and value(tag_coverage) < 40",
            "when: value(tags_and_tiers) >= 2.5 and not known(value(tag_coverage))",
            "value(tags_and_tiers) >= 2.5 and not known",
            "不能用known()",
        ),
        (
            "when: value(tags_and_tiers) >= 2.5 and value(tag_coverage) < 40",
            "when: value(tag_coverage) < 40",
            "when: value(tag_coverage) < 40",
            "至少要读两样",
        ),
        ("code: CO-27", "code: CO-26", "", "code「CO-26」重复了"),
        ("value(tag_coverage) < 40", "value(tag_cover) < 40", "tag_cover)", "tag_cover"),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    folder: Path, spoil: Edit, old: str, new: str, at: str, words: str
) -> None:
    spoil(FILE, old, new)
    told = [problem for problem in problems_in(folder) if words in problem.message]
    assert told, problems_in(folder)
    assert told[0].file == FILE
    assert "CO-2" in told[0].subject
    if at:
        assert told[0].line == line_of(folder, at)


def test_contradictions_without_a_discount_are_refused(folder: Path, spoil: Edit) -> None:
    spoil("model.yaml", "  contradiction_discount: 0.7\n", "")
    assert any("contradiction_discount" in problem.message for problem in problems_in(folder))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("case-1-mother-baby", ["CO-02", "CO-03", "CO-11", "CO-25"]),
        ("case-2-jewellery", ["CO-01", "CO-07", "CO-12", "CO-17", "CO-23"]),
        ("self-check", []),
    ],
)
def test_the_examples_contradict_themselves_where_their_people_did(
    private_domain: MaturityModel, case: str, expected: list[str]
) -> None:
    path = SOURCE / "examples" / f"{case}.yaml"
    assessment = read_assessment(path.read_bytes(), path.name, private_domain)
    found = find_contradictions(World(private_domain, assessment))
    assert [item.contradiction.code for item in found.found] == expected
