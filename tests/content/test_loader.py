"""An author's mistake is told with file, line, column, id and what was expected; all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.content.loader import load_model
from app.content.problems import ContentError, Problem

SOURCE = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"
Edit = Callable[[str, str, str], None]


def problems_in(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load_model(folder)
    return caught.value.problems


def line_of(folder: Path, name: str, text: str) -> int:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def lines_of(folder: Path, name: str, text: str) -> list[int]:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line]


def test_an_untouched_copy_loads(folder: Path) -> None:
    assert load_model(folder).content.id == "private-domain"


def test_an_unknown_area_is_refused_where_it_stands(folder: Path, spoil: Edit) -> None:
    spoil("rules/method.yaml", "area: user-insight", "area: user-insights")
    (problem,) = problems_in(folder)
    assert problem.file == "rules/method.yaml"
    assert problem.line == line_of(folder, "rules/method.yaml", "area: user-insights")
    assert "RU-04" in problem.subject
    assert "user-insight" in problem.message


def test_a_bad_condition_points_into_the_expression(folder: Path, spoil: Edit) -> None:
    spoil("rules/method.yaml", "level(user_insight) <= 2", "level(user_insight) <= stroes")
    (problem,) = problems_in(folder)
    line = line_of(folder, "rules/method.yaml", "stroes")
    text = (folder / "rules/method.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert (problem.line, problem.column) == (line, text.index("stroes") + 1)
    assert "stores" in problem.message


def test_weights_that_do_not_add_up_are_refused(folder: Path, spoil: Edit) -> None:
    spoil("model.yaml", "weight: 0.60", "weight: 0.61")
    assert any("权重合计应为1" in problem.message for problem in problems_in(folder))


def test_all_mistakes_are_told_at_once(folder: Path, spoil: Edit) -> None:
    spoil("rules/people.yaml", "effort: M", "effort: X")
    spoil("kpis.yaml", "id: add-rate", "identity: add-rate")
    files = {problem.file for problem in problems_in(folder)}
    assert files == {"rules/people.yaml", "kpis.yaml"}


def test_mistakes_inside_items_do_not_hide_those_between_items(folder: Path, spoil: Edit) -> None:
    spoil("rules/people.yaml", "effort: M", "effort: X")
    spoil("kpis.yaml", "period: week", "period: fortnight")
    spoil("rules/method.yaml", "area: user-insight", "area: user-insights")
    spoil("rules/data.yaml", "level(data_reporting) <= 2", "level(data_reporting) <= stroes")
    problems = problems_in(folder)
    files = {problem.file for problem in problems}
    assert files == {"rules/people.yaml", "kpis.yaml", "rules/method.yaml", "rules/data.yaml"}
    for problem in problems:
        text = (folder / problem.file).read_text(encoding="utf-8").splitlines()
        assert any(
            word in text[problem.line - 1]
            for word in ("effort: X", "fortnight", "user-insights", "stroes")
        ), problem


def test_an_unreadable_file_does_not_hide_the_mistakes_of_others(folder: Path, spoil: Edit) -> None:
    spoil("glossary.yaml", "glossary:", "glossary: [")
    spoil("rules/people.yaml", "effort: M", "effort: X")
    assert {p.file for p in problems_in(folder)} == {"glossary.yaml", "rules/people.yaml"}


def test_a_number_written_as_text_is_refused(folder: Path, spoil: Edit) -> None:
    spoil("sections/01-method.yaml", "weight: 0.5\n", 'weight: "0.5"\n')
    assert any("应是数字" in problem.message for problem in problems_in(folder))


def test_a_code_that_looks_like_a_number_is_refused(folder: Path, spoil: Edit) -> None:
    spoil("roles.yaml", "code: CEO", "code: 1000")
    (problem,) = problems_in(folder)
    assert "应是文字" in problem.message
    assert "1000" in problem.message


def test_a_missing_key_names_itself(folder: Path, spoil: Edit) -> None:
    spoil("glossary.yaml", "meaning:", "meanings:")
    messages = [problem.message for problem in problems_in(folder)]
    assert any("缺少「meaning」" in message for message in messages)
    assert any("meanings" in message for message in messages)


def test_an_unknown_file_is_not_silently_ignored(folder: Path) -> None:
    (folder / "rulez.yaml").write_text("rules: []\n", encoding="utf-8")
    (problem,) = problems_in(folder)
    assert problem.file == "rulez.yaml"


def test_a_circle_of_prerequisites_is_refused(folder: Path, spoil: Edit) -> None:
    spoil(
        "sops/03-research-diagnosis.yaml",
        "done_when:",
        "requires:\n  - strategy-workshop\ndone_when:",
    )
    assert any("成环" in problem.message for problem in problems_in(folder))


def test_an_unused_sop_is_an_orphan(folder: Path) -> None:
    text = (folder / "sops/13-guest-sharing.yaml").read_text(encoding="utf-8")
    orphan = text.replace("id: guest-sharing", "id: orphan-sop").replace("SOP-13", "SOP-99")
    (folder / "sops/99-orphan.yaml").write_text(orphan, encoding="utf-8")
    messages = [problem.message for problem in problems_in(folder)]
    assert any("没有任何规则或阶段引用" in message for message in messages)


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path)
    assert "model.yaml" in problem.message


def test_the_digest_changes_with_one_letter(folder: Path, spoil: Edit) -> None:
    before = load_model(folder).digest
    spoil("glossary.yaml", "meaning: ", "meaning: 改")
    assert load_model(folder).digest != before


def test_a_procedure_that_breaks_a_limit_is_refused_where_it_is_timed(
    folder: Path, spoil: Edit
) -> None:
    name = "sops/16-member-day.yaml"
    spoil(name, "      day: -5\n", "      day: 0\n")
    problems = problems_in(folder)
    lines = [number + 1 for number in lines_of(folder, name, "timing:")]
    assert {problem.file for problem in problems} == {name}
    assert {problem.subject for problem in problems} == {
        "16.2 preview-by-tier",
        "16.5 remind-unused",
    }
    assert {problem.line for problem in problems} <= set(lines)
    message = problems[0].message
    assert (
        "第16.2、16.5步同一天最多到2条，超过LI-03「群发的每天上限（管理员设置）」1条/天" in message
    )
    assert "截至2025-11-17，A级）。合规的做法：同一客户当天撞上两份SOP时" in message


def test_a_message_after_nine_is_refused_with_the_rule_of_the_house(
    folder: Path, spoil: Edit
) -> None:
    spoil("sops/10-daily-community.yaml", 'at: "19:30"', 'at: "22:15"')
    (problem,) = problems_in(folder)
    assert problem.subject.startswith("10.5 ")
    assert "不守HO-02「晚上21:00之后不主动发」" in problem.message
    assert "OPJ级" in problem.message


def test_a_limit_that_counts_what_does_not_exist_is_refused(folder: Path, spoil: Edit) -> None:
    spoil("limits.yaml", "channels: [moments]", "channels: [moment]")
    spoil("limits.yaml", 'kept_by: ["27.3"]', 'kept_by: ["27.9"]')
    first, second = problems_in(folder)
    assert "没有名为「moment」的渠道，是不是「moments」" in first.message
    assert "没有名为「27.9」的SOP步骤" in second.message


def test_a_limit_that_is_measured_needs_its_number(folder: Path, spoil: Edit) -> None:
    spoil("limits.yaml", "    value: 8\n    unit: 条\n", "    unit: 条\n")
    (problem,) = problems_in(folder)
    assert "value" in problem.message
    assert problem.subject.startswith("HO-01")
