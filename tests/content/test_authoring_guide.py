"""The examples of the authoring guide are valid, because authors copy them."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from app.content.answers import read_assessment
from app.content.loader import load_model, strict_validator
from app.content.strict_yaml import parse
from app.content.translation import load_translated
from app.domain.definitions.contradiction import Contradiction
from app.domain.definitions.kpi import Kpi
from app.domain.definitions.limits import Limit
from app.domain.definitions.questionnaire import Fact, Question
from app.domain.definitions.rule import Rule
from app.domain.definitions.sop import SopStep
from app.domain.definitions.staffing import StandingWork
from app.domain.definitions.stage import GateItem
from app.domain.definitions.structure import Gate, Panel
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.services.casework.assessing import refused_controls

GUIDE = Path(__file__).resolve().parents[2] / "questionnaires" / "README.md"
BLOCK = re.compile(r"^```yaml(?: title=(\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
CLASSES: dict[str, type] = {
    "question": Question,
    "fact": Fact,
    "rule": Rule,
    "contradiction": Contradiction,
    "sop-step": SopStep,
    "kpi": Kpi,
    "panel": Panel,
    "gate": Gate,
    "gate-line": GateItem,
    "limit": Limit,
    "standing-work": StandingWork,
}
BLOCKS = BLOCK.findall(GUIDE.read_text("utf-8"))
ANSWERS = "answers"
TRANSLATION = "translation"
EXAMPLES = [(kind, text) for kind, text in BLOCKS if kind not in ("", ANSWERS, TRANSLATION)]
WHOLE_MODELS = [text for kind, text in BLOCKS if not kind]
ANSWERS_FILES = [text for kind, text in BLOCKS if kind == ANSWERS]
TRANSLATIONS = [text for kind, text in BLOCKS if kind == TRANSLATION]
CONTROL = re.compile(r"`([a-z_]+)`")


def test_every_kind_of_item_has_an_example() -> None:
    assert {kind for kind, _ in EXAMPLES} == set(CLASSES)


@pytest.mark.parametrize(("kind", "text"), EXAMPLES, ids=[kind for kind, _ in EXAMPLES])
def test_an_example_is_what_it_shows(kind: str, text: str) -> None:
    value: Any = parse(text.encode(), "README.md")
    item = value[0] if isinstance(value, tuple) else value
    assert strict_validator(CLASSES[kind]).validate_python(item).id


@pytest.mark.parametrize("text", ANSWERS_FILES)
def test_an_answers_file_of_the_guide_is_read(text: str, private_domain: MaturityModel) -> None:
    assessment = read_assessment(text.encode(), "answers.yaml", private_domain)
    day = assessment.interviewed_on
    assert day is not None
    assert refused_controls(private_domain, assessment, day) == ()


def test_the_guide_explains_every_control_of_a_plan() -> None:
    table = GUIDE.read_text("utf-8").partition("| Control | Takes |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    explained = [name for row in rows for name in CONTROL.findall(row)]
    assert sorted(explained) == sorted(field.name for field in fields(PlanControls))


@pytest.mark.parametrize("text", WHOLE_MODELS)
def test_the_second_model_of_the_guide_loads(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    model = load_model(tmp_path)
    assert model.content.scale.minimum == 0


def test_the_translation_of_the_guide_is_that_of_its_model(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(WHOLE_MODELS[0], encoding="utf-8")
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "en.yaml").write_text(TRANSLATIONS[0], encoding="utf-8")
    assert load_translated(tmp_path, "en").content.title == "Kitchen hygiene maturity"
