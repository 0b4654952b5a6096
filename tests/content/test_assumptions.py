"""A wrong assumption is told: a range beside its value, half a range, one that is missing."""

import shutil
from pathlib import Path

import pytest

from app.content.loader import load_model
from app.content.problems import ContentError

SOURCE = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"


def refusal(folder: Path, old: str, new: str) -> str:
    """Return what is said of a copy of the model in which one text was replaced."""
    copy = folder / "private-domain"
    shutil.copytree(SOURCE, copy)
    path = copy / "economics.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_model(copy)
    return str(caught.value)


def test_a_plausible_range_beside_the_value_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, "    low: 0.015\n", "    low: 0.04\n")
    assert "monthly-churn" in said
    assert "minimum≤low≤value≤high≤maximum" in said


def test_half_a_range_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, "    low: 0.015\n", "")
    assert "low与high要么都写，要么都不写" in said


def test_a_model_with_staffing_needs_the_assumptions_of_its_accounts(tmp_path: Path) -> None:
    said = refusal(tmp_path, "  - id: hire-cost\n", "  - id: hiring-cost\n")
    assert "缺假设「hire-cost」" in said
