"""The README's own example works as printed."""

import json
import re
from pathlib import Path

from app.factory import create_app

ROOT = Path(__file__).resolve().parents[2]


def test_the_answers_file_of_the_readme_is_diagnosed(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    answers = tmp_path / "answers.yaml"
    answers.write_text(example[1], encoding="utf-8")
    arguments = ["diagnose", str(answers), "--out", str(tmp_path), "--only", "json"]
    result = create_app().test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "diagnosis.json").read_text(encoding="utf-8"))
    assert written["client"]["name"] == "示例母婴连锁"
    assert written["undecided"], "almost nothing is answered, so rules must wait"


def test_every_verb_of_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"\./run ([a-z]+)", text))
    script = (ROOT / "run").read_text(encoding="utf-8")
    assert {verb for verb in verbs if f"./run {verb}" in script or f"{verb})" in script} == verbs
