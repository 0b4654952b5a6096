"""Kitchen hygiene: another field, another language, a scale from 0 to 3, and no line of Python."""

from datetime import date
from fractions import Fraction

import pytest

from app.content.answers import read_assessment
from app.content.examples import example_mistakes
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.domain.pulse import read_pulse
from app.domain.rules import evaluate_rules
from app.domain.scorecard import Scorecard
from app.domain.world import World

BEST = """\
model: kitchen-hygiene
form: full
client: {name: Annexe, archetype: care-home}
facts: {F02: {food-handlers: 4, trained-handlers: 4}}
respondents:
  - role: manager
    answers:
      Q-M1.1: {value: 3, evidence: E2}
      Q-P1.2: 100
  - role: chef
    answers:
      Q-F1.1: {value: 3, evidence: E2}
      Q-F1.2: 99
      Q-F1.3: {value: true, evidence: E2}
      Q-F2.1: {value: 3, evidence: E2}
      Q-P1.1: [what, how, product, often, who, signed]
  - role: inspector
    answers: {Q-F2.2: []}
"""


@pytest.fixture(scope="module")
def world(kitchen_hygiene: MaturityModel, riverside: bytes) -> World:
    return World(kitchen_hygiene, read_assessment(riverside, "riverside.yaml", kitchen_hygiene))


def scorecard(model: MaturityModel, answers: str) -> Scorecard:
    return World(model, read_assessment(answers.encode(), "answers.yaml", model)).scorecard


def test_the_whole_model_is_its_folder(kitchen_hygiene: MaturityModel) -> None:
    content = kitchen_hygiene.content
    assert (content.scale.minimum, content.scale.maximum) == (0, 3)
    assert len(kitchen_hygiene.areas) == 4
    assert {q.type for q in kitchen_hygiene.questions.values()} == {
        "choice", "number", "multi", "yes-no", "computed", "text",
    }  # fmt: skip
    assert content.staffing is None
    assert content.stage_model is None


def test_its_rules_behave_as_their_examples_say(kitchen_hygiene: MaturityModel) -> None:
    assert list(example_mistakes(kitchen_hygiene)) == []


def test_question_scores_are_those_computed_by_hand(world: World) -> None:
    scores = {name: world.question(name).score for name in world.model.questions}
    assert scores == {
        # Chef 3 without a record seen counts as 2, weight 1; day cook 1, weight ½; the night
        # cook does not know; the manager is not asked: (2 + ½·1) ÷ 1½.
        "cold-chain": Fraction(5, 3),
        "checks-on-time": Fraction(1),  # 76.5 % is below 80
        "probe-calibrated": Fraction(1),  # a yes nobody has seen proof of
        "raw-and-ready": Fraction(7, 4),  # chef 2, cooks (1 + 2) ÷ 2, both primary
        "breaches-seen": Fraction(1),  # 3 less two breaches
        "cleaning-schedule": Fraction(2),  # 4 of 6 items on 0–3
        "tasks-signed": Fraction(9, 5),  # adjudicated to 60 % of 3
        "plan-in-use": Fraction(5, 3),  # manager 2, chef 1 at half weight
        "trained-share": Fraction(1),  # 9 of 12 is 75 %
        "worst-shift": None,
    }


def test_areas_dimensions_and_index_are_those_computed_by_hand(world: World) -> None:
    card = world.scorecard
    assert {name: (area.score, area.level) for name, area in card.areas.items()} == {
        "temperature-control": (Fraction(4, 3), 1),  # ½·5/3 + 0.3·1 + 0.2·1
        "cross-contamination": (Fraction(29, 20), 1),  # 0.6·1.75 + 0.4·1
        "cleaning": (Fraction(19, 10), 2),  # ½·2 + ½·1.8, and 1.9 + 0.25 reaches 2
        "food-safety-plan": (Fraction(7, 5), 1),  # 0.6·5/3 + 0.4·1
    }
    # Food handling is as good as its weaker area: aggregation "minimum".
    assert card.dimensions["food-handling"].score == Fraction(4, 3)
    # A restaurant weighs food handling 0.6 and premises 0.4: 0.8 + 0.76.
    assert card.lenses == {"practice": Fraction(39, 25), "assurance": Fraction(7, 5)}
    assert card.overall == Fraction(187, 125)  # 0.6·1.56 + 0.4·1.4
    assert card.index == Fraction(187, 125) / 3 * 100
    assert (card.level, card.binding) == (1, None)


def test_the_manager_sees_two_levels_more_than_the_cook(world: World) -> None:
    assert world.agreement("cold-chain").gap == 2


def test_the_findings_are_those_of_this_kitchen(world: World) -> None:
    diagnostics = evaluate_rules(world)
    assert [rule.code for rule in diagnostics.fired()] == ["KH-01", "KH-02"]
    assert diagnostics.undecided == ()
    # A red line of the law comes first whatever its priority.
    assert diagnostics.findings[0].rule.code == "KH-02"


def test_a_kitchen_that_does_everything_reaches_the_top_of_its_scale(
    kitchen_hygiene: MaturityModel,
) -> None:
    card = scorecard(kitchen_hygiene, BEST)
    assert card.index == 100
    assert card.level == 3
    assert card.binding is None


def test_an_open_contamination_route_holds_everything_down(kitchen_hygiene: MaturityModel) -> None:
    answers = BEST.replace("Q-F2.1: {value: 3, evidence: E2}", "Q-F2.1: 0").replace(
        "Q-F2.2: []", "Q-F2.2: [raw-above-ready, shared-cloth, bare-hands, shared-fryer]"
    )
    card = scorecard(kitchen_hygiene, answers)
    assert card.areas["cross-contamination"].level == 0
    # A care home weighs premises 0.2: practice 0.8·0 + 0.2·3; overall 0.6·0.6 + 0.4·3.
    assert card.overall == Fraction(39, 25)
    assert card.dimensions["management"].level == 1
    assert card.dimensions["management"].held_by == ("plan-meets-bench",)
    assert card.level == 1
    assert [gate.id for gate in card.red_flags()] == ["open-route"]


def test_the_lower_of_two_gates_binds(kitchen_hygiene: MaturityModel) -> None:
    answers = (
        BEST.replace("archetype: care-home", "archetype: restaurant")
        .replace("trained-handlers: 4", "trained-handlers: 0")
        .replace("Q-M1.1: {value: 3, evidence: E2}", "Q-M1.1: 0")
    )
    card = scorecard(kitchen_hygiene, answers)
    # 0.6·3 + 0.4·0 = 1.8 would be level 2; nobody steers, so 0 + 1 is the ceiling.
    assert (card.overall, card.by_score, card.level) == (Fraction(9, 5), 2, 1)
    assert card.binding is not None
    assert card.binding.gate.id == "unmanaged"


def test_guests_speak_on_the_scale_of_the_model(world: World) -> None:
    pulse = read_pulse(world)
    assert pulse is not None
    felt, arrived, recommend, wish = pulse.lines
    assert (felt.mean, felt.gap, felt.finding) == (Fraction(1, 2), Fraction(7, 5), True)
    assert arrived.counts == {"warm": 1}
    assert recommend.nps == 50
    assert wish.texts == ("Wipe the menus.",)


def test_what_the_model_leaves_out_the_diagnosis_leaves_out(
    kitchen_hygiene: MaturityModel, world: World
) -> None:
    diagnosis = diagnose(kitchen_hygiene, world.assessment, date(2026, 10, 17))
    assert (diagnosis.stage, diagnosis.plan.staffing, diagnosis.plan.roadmap) == (None, None, None)
    assert [panel.panel.id for panel in diagnosis.panels] == [
        "prerequisites",
        "paper-and-practice",
    ]
    clean = diagnosis.panels[0].cells[1]
    assert (clean.value, clean.level) == (Fraction(9, 5), 2)
