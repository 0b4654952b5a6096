"""The examples of the authoring guide are valid, because authors copy them."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.content.loader import load_model, strict_validator
from app.content.strict_yaml import parse
from app.domain.definitions.kpi import Kpi
from app.domain.definitions.limits import Limit
from app.domain.definitions.questionnaire import Fact, Question
from app.domain.definitions.rule import Rule
from app.domain.definitions.sop import SopStep
from app.domain.definitions.structure import Gate, Panel

GUIDE = Path(__file__).resolve().parents[2] / "questionnaires" / "README.md"
BLOCK = re.compile(r"^```yaml(?: title=(\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
CLASSES: dict[str, type] = {
    "question": Question,
    "fact": Fact,
    "rule": Rule,
    "sop-step": SopStep,
    "kpi": Kpi,
    "panel": Panel,
    "gate": Gate,
    "limit": Limit,
}
EXAMPLES = [(kind, text) for kind, text in BLOCK.findall(GUIDE.read_text("utf-8")) if kind]
WHOLE_MODELS = [text for kind, text in BLOCK.findall(GUIDE.read_text("utf-8")) if not kind]


def test_every_kind_of_item_has_an_example() -> None:
    assert {kind for kind, _ in EXAMPLES} == set(CLASSES)


@pytest.mark.parametrize(("kind", "text"), EXAMPLES, ids=[kind for kind, _ in EXAMPLES])
def test_an_example_is_what_it_shows(kind: str, text: str) -> None:
    value: Any = parse(text.encode(), "README.md")
    item = value[0] if isinstance(value, tuple) else value
    assert strict_validator(CLASSES[kind]).validate_python(item).id


@pytest.mark.parametrize("text", WHOLE_MODELS)
def test_the_second_model_of_the_guide_loads(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    model = load_model(tmp_path)
    assert model.content.scale.minimum == 0
