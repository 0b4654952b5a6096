"""A control that only the diagnosis can refuse is told at its line and column."""

from datetime import date
from pathlib import Path

import pytest

from app.content.problems import ContentError, Problem
from app.services.casework.assessing import assess_file

QUESTIONNAIRES = Path(__file__).resolve().parents[2] / "questionnaires"
CASE = QUESTIONNAIRES / "private-domain" / "examples" / "case-2-jewellery.yaml"


def problems(folder: Path, plan: str, as_of: date | None = None) -> tuple[str, list[Problem]]:
    """Return the text of the second case with another plan, and what is refused in it."""
    text = CASE.read_text("utf-8").partition("\nplan:")[0] + f"\nplan:\n{plan}"
    answers = folder / "answers.yaml"
    answers.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        assess_file(answers, QUESTIONNAIRES, as_of, date(2026, 11, 21), lambda _step: None)
    return text, list(caught.value.problems)


def place(text: str, mark: str) -> tuple[int, int]:
    lines = text.splitlines()
    line = max(number for number, words in enumerate(lines, 1) if mark in words)
    return line, lines[line - 1].index(mark) + 1


def test_a_start_before_the_diagnosis_is_refused_where_it_stands(tmp_path: Path) -> None:
    text, (problem,) = problems(tmp_path, "  start: 2026-11-01\n")
    assert (problem.line, problem.column) == place(text, "2026-11-01")
    assert problem.subject == "plan.start"
    assert "「2026-11-01」" in problem.message
    assert "不早于2026-11-06" in problem.message


def test_the_same_start_is_in_the_past_of_a_later_diagnosis(tmp_path: Path) -> None:
    _, (problem,) = problems(tmp_path, "  start: 2026-12-01\n", as_of=date(2026, 12, 2))
    assert "不早于2026-12-02" in problem.message


def test_a_target_level_below_today_is_refused_where_it_stands(tmp_path: Path) -> None:
    text, (problem,) = problems(tmp_path, "  start: 2026-12-01\n  target_level: 1\n")
    assert (problem.line, problem.column) == (place(text, "target_level: 1")[0], 17)
    assert "2到5之间的整数" in problem.message
    assert "「1」" in problem.message


def test_a_target_below_today_s_users_is_refused_where_it_stands(tmp_path: Path) -> None:
    text, (problem,) = problems(tmp_path, "  target_users: 10\n")
    assert (problem.line, problem.column) == (place(text, "target_users: 10")[0], 17)
    assert "写的是「10」" in problem.message
