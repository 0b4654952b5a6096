"""The commands as a consultant uses them: files written, lines printed, mistakes told."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from app.factory import create_app

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "questionnaires" / "private-domain" / "examples" / "case-1-mother-baby.yaml"


@pytest.fixture
def runner() -> FlaskCliRunner:
    return create_app().test_cli_runner()


def run(runner: FlaskCliRunner, *arguments: object) -> Result:
    return runner.invoke(args=[str(argument) for argument in arguments])


def test_diagnose_writes_json_and_says_the_essentials(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "diagnose", CASE, "--out", tmp_path / "new" / "folder", "--only", "json")
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "new" / "folder" / "diagnosis.json").read_text("utf-8"))
    assert written["overall_level"] == 1
    assert "总指数" in result.output
    assert "跑模型" in result.output
    assert "月成本" in result.output
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "diagnosis.json"
    ]


def test_the_same_answers_give_the_same_json_bytes(runner: FlaskCliRunner, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(runner, "diagnose", CASE, "--out", tmp_path / name, "--only", "json")
    first, second = ((tmp_path / name / "diagnosis.json").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_date_of_a_diagnosis_is_passed_in(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "diagnose", CASE, "--out", tmp_path, "--only", "json", "--as-of", "2026-10-01")
    written = json.loads((tmp_path / "diagnosis.json").read_text("utf-8"))
    assert date.fromisoformat(written["as_of"]) == date(2026, 10, 1)


def test_a_mistake_in_the_answers_ends_with_2_and_writes_nothing(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    bad = tmp_path / "answers.yaml"
    text = CASE.read_text(encoding="utf-8")
    assert "archetype: A4" in text
    bad.write_text(text.replace("archetype: A4", "archetype: A9"), encoding="utf-8")
    out = tmp_path / "out"
    result = run(runner, "diagnose", bad, "--out", out)
    assert result.exit_code == 2
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "archetype: A4" in row)
    assert f"answers.yaml:{line}:" in result.output
    assert "A4" in result.output
    assert not out.exists()


@pytest.mark.parametrize(
    "text",
    ["", "a: [1", "just words", "model: nobody\nform: full\n", "model: private-domain\n", "\x00"],
)
def test_a_hopeless_file_is_told_without_a_traceback(
    runner: FlaskCliRunner, tmp_path: Path, text: str
) -> None:
    bad = tmp_path / "answers.yaml"
    bad.write_text(text, encoding="utf-8")
    result = run(runner, "diagnose", bad, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "answers.yaml" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_a_character_no_font_shows_is_told_before_anything_is_written(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    bad = tmp_path / "answers.yaml"
    text = CASE.read_text(encoding="utf-8")
    bad.write_text(text.replace("name: 示例母婴连锁", "name: 示例\ue123母婴"), encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "name: 示例母婴连锁" in row)
    result = run(runner, "diagnose", bad, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert f"answers.yaml:{line}:" in result.output
    assert "U+E123" in result.output
    assert not (tmp_path / "out").exists()
    data_only = run(runner, "diagnose", bad, "--out", tmp_path / "out", "--only", "json")
    assert data_only.exit_code == 0


def test_an_unknown_format_is_refused_with_the_known_ones(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "diagnose", CASE, "--out", tmp_path, "--only", "docx")
    assert result.exit_code == 2
    assert "json, pdf" in result.output


def test_content_check_passes_for_what_is_published(runner: FlaskCliRunner) -> None:
    result = run(runner, "content", "check")
    assert result.exit_code == 0, result.output
    assert "private-domain" in result.output


def test_content_check_tells_every_mistake_and_ends_with_1(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    (tmp_path / "model.yaml").write_text("id: broken\nversion: 1\n", encoding="utf-8")
    result = run(runner, "content", "check", tmp_path)
    assert result.exit_code == 1
    assert "model.yaml:2:10" in result.output
    assert "缺少「scale」" in result.output


def test_content_show_prints_the_model_as_data(runner: FlaskCliRunner) -> None:
    result = run(runner, "content", "show", "private-domain", "--format", "json")
    assert result.exit_code == 0
    data = json.loads(result.output)
    assert len(data["rules"]) == 52
    assert {sop["code"] for sop in data["sops"]} >= {"SOP-01", "SOP-28"}


def test_content_show_names_the_model_it_does_not_know(runner: FlaskCliRunner) -> None:
    result = run(runner, "content", "show", "nobody")
    assert result.exit_code == 2
    assert "nobody" in result.output


def test_a_folder_that_cannot_be_written_is_told(runner: FlaskCliRunner, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    result = run(runner, "diagnose", CASE, "--out", blocked / "under", "--only", "json")
    assert result.exit_code == 1
    assert str(blocked) in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_diagnosis_is_written_in_the_language_asked_for(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    case = CASE.with_name("case-1-mother-baby.en.yaml")
    arguments = ("diagnose", case, "--out", tmp_path, "--locale", "en", "--only", "json")
    result = run(runner, *arguments)
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "diagnosis.json").read_text("utf-8"))
    assert written["report"]["language"] == "en"
    assert "Run the model" in result.output
    assert "Must fix" in result.output


def test_a_language_the_model_does_not_have_is_told_with_those_it_has(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "diagnose", CASE, "--out", tmp_path / "out", "--locale", "fr")
    assert result.exit_code == 2
    assert "zh-Hans、en" in result.output
    assert not (tmp_path / "out").exists()


def test_content_show_gives_titles_in_every_language(runner: FlaskCliRunner) -> None:
    data = json.loads(run(runner, "content", "show", "private-domain").output)
    assert data["languages"] == ["zh-Hans", "en"]
    assert data["roles"][1]["titles"] == {"zh-Hans": "区域负责人", "en": "Regional head"}
