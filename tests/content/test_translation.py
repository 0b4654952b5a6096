"""A translation gives every text of the content and nothing else; a mistake is told where it is."""

import re
import shutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from app.content.loader import load_model
from app.content.problems import ContentError, Problem
from app.content.translatable import record_shape
from app.content.translation import HAN, languages_in, load_translated, translate
from app.domain.model import MaturityModel, ModelContent, slots
from app.services.casework.checking import check_models

ROOT = Path(__file__).resolve().parents[2]
PRIVATE_DOMAIN = ROOT / "questionnaires" / "private-domain"
KITCHEN = ROOT / "tests" / "fixtures" / "models" / "kitchen-hygiene"
Edit = Callable[[str, str], None]


@pytest.fixture(scope="module")
def english() -> MaturityModel:
    return load_translated(PRIVATE_DOMAIN, "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model whose translation a test may spoil."""
    copy = tmp_path / "private-domain"
    shutil.copytree(PRIVATE_DOMAIN, copy)
    return copy


@pytest.fixture
def spoil(folder: Path) -> Edit:
    def edit(old: str, new: str) -> None:
        path = folder / "i18n" / "en.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def problems_in(folder: Path, model: MaturityModel, language: str = "en") -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        translate(model, folder, language)
    return caught.value.problems


def text_lines(folder: Path, text: str) -> list[int]:
    lines = (folder / "i18n" / "en.yaml").read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line]


def texts_in(value: Any) -> list[str]:
    """Every string of a content tree, translatable or not."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for f in fields(value) for text in texts_in(getattr(value, f.name))]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    return [text for item in value for text in texts_in(item)] if isinstance(value, tuple) else []


def test_every_translation_of_every_model_is_complete() -> None:
    assert check_models(ROOT / "questionnaires").problems == ()


def test_the_private_domain_model_exists_in_english() -> None:
    assert languages_in(PRIVATE_DOMAIN) == ("en",)
    (line,) = check_models(ROOT / "questionnaires").checked
    assert "译文en" in line


def test_no_chinese_is_left_anywhere_in_the_english_model(english: MaturityModel) -> None:
    assert [text for text in texts_in(english.content) if HAN.search(text)] == []


def test_a_field_that_holds_chinese_is_marked_as_text(private_domain: MaturityModel) -> None:
    """A new field of the content classes cannot be forgotten by the translations."""
    found = record_shape(ModelContent).texts(private_domain.content, ())
    translatable = {text for _, text in found}
    unmarked = [t for t in texts_in(private_domain.content) if HAN.search(t)]
    assert [text for text in unmarked if text not in translatable] == []


def test_ids_numbers_and_conditions_stay(
    private_domain: MaturityModel, english: MaturityModel
) -> None:
    base, content = private_domain.content, english.content
    assert [rule.id for rule in content.rules] == [rule.id for rule in base.rules]
    assert [rule.when for rule in content.rules] == [rule.when for rule in base.rules]
    assert content.staffing is not None
    assert base.staffing is not None
    assert content.staffing.base_capacity == base.staffing.base_capacity
    assert content.language == "en"
    assert english.expressions == private_domain.expressions


def test_every_evidence_sentence_fills_the_same_slots(
    private_domain: MaturityModel, english: MaturityModel
) -> None:
    pairs = zip(private_domain.content.rules, english.content.rules, strict=True)
    for base, rule in pairs:
        for one, other in zip(base.says, rule.says, strict=True):
            assert set(slots(one)) == set(slots(other)), rule.id


def test_a_script_uses_only_slots_its_sop_lists(english: MaturityModel) -> None:
    for sop in english.content.sops:
        used = {slot for step in sop.steps for slot in slots(step.script)}
        assert used <= set(sop.slots), sop.id


def test_the_base_terms_stay_at_hand(private_domain: MaturityModel, english: MaturityModel) -> None:
    assert english.base is private_domain.content or english.base == private_domain.content
    assert private_domain.base is None


def test_the_digest_covers_the_translation(folder: Path, spoil: Edit) -> None:
    model = load_model(folder)
    before = translate(model, folder, "en").digest
    spoil("title: Private-domain maturity model", "title: Maturity model of private domain")
    assert load_model(folder).digest == model.digest, "the Chinese report does not change"
    assert translate(model, folder, "en").digest != before


def test_a_missing_text_is_told_with_what_it_should_say(
    folder: Path, spoil: Edit, private_domain: MaturityModel
) -> None:
    spoil("title: Private-domain maturity model\n", "")
    (problem,) = problems_in(folder, private_domain)
    assert (problem.file, problem.subject) == ("i18n/en.yaml", "title")
    assert "私域经营成熟度模型" in problem.message


def test_a_missing_part_is_told_once_with_its_extent(
    folder: Path, private_domain: MaturityModel
) -> None:
    path = folder / "i18n" / "en.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("\nglossary:")
    path.write_text(text[: start + 1], encoding="utf-8")
    (problem,) = problems_in(folder, private_domain)
    assert problem.subject == "glossary"
    assert re.search(r"等\d\d处", problem.message)


def test_an_orphan_is_told_at_its_key_with_the_nearest_id(
    folder: Path, spoil: Edit, private_domain: MaturityModel
) -> None:
    spoil("\n  private-domain:\n    term:", "\n  private-domains:\n    term:")
    orphan, missing = sorted(
        problems_in(folder, private_domain), key=lambda problem: "缺译文" in problem.message
    )
    assert orphan.line == text_lines(folder, "  private-domains:")[0]
    assert "是不是「private-domain」" in orphan.message
    assert missing.subject == "glossary.private-domain"


def test_what_is_not_a_text_is_refused(
    folder: Path, spoil: Edit, private_domain: MaturityModel
) -> None:
    spoil("title: Private-domain maturity model", "title: Private-domain maturity model\ncode: PD")
    (problem,) = problems_in(folder, private_domain)
    assert (problem.line, problem.column) == (3, 1)
    assert "「code」不是要译的文字" in problem.message


def test_a_list_of_another_length_is_refused(folder: Path, private_domain: MaturityModel) -> None:
    path = folder / "i18n" / "en.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("        anchors:\n") + len("        anchors:\n")
    path.write_text(text[:start] + "          - One more\n" + text[start:], encoding="utf-8")
    (problem,) = problems_in(folder, private_domain)
    assert problem.subject == "dimensions.method.areas.strategy.anchors"
    assert "应有5项，现在6项" in problem.message


def test_a_slot_that_differs_is_refused(
    folder: Path, spoil: Edit, private_domain: MaturityModel
) -> None:
    spoil("{level(data_reporting)}", "{level(data_report)}")
    (problem,) = problems_in(folder, private_domain)
    assert "缺{level(data_reporting)}，多{level(data_report)}" in problem.message


def test_a_script_slot_that_the_sop_does_not_list_is_refused(
    folder: Path, private_domain: MaturityModel
) -> None:
    path = folder / "i18n" / "en.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("\nsops:")
    spoilt = text[:start] + re.sub(r"\{(\w+)", r"{my \1", text[start:], count=1)
    path.write_text(spoilt, encoding="utf-8")
    (problem,) = problems_in(folder, private_domain)
    assert problem.subject.startswith("sops.")
    assert "多{my " in problem.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: 私域成熟度模型", "中文或全角标点"),
        ("title: Private-domain， maturity", "「，」"),
        ("title: 12", "加引号"),
        ('title: ""', "应是文字"),
        ("title: [one]", "应是文字"),
    ],
)
def test_a_text_that_cannot_stand_is_refused(
    text: str, words: str, folder: Path, spoil: Edit, private_domain: MaturityModel
) -> None:
    spoil("title: Private-domain maturity model", text)
    (problem,) = problems_in(folder, private_domain)
    assert problem.line == 2
    assert words in problem.message


def test_a_file_with_another_shape_is_told(folder: Path, private_domain: MaturityModel) -> None:
    (folder / "i18n" / "en.yaml").write_text("- title\n", encoding="utf-8")
    (problem,) = problems_in(folder, private_domain)
    assert "映射" in problem.message


def test_a_file_named_after_no_language_is_told(
    folder: Path, private_domain: MaturityModel
) -> None:
    (folder / "i18n" / "en.yaml").rename(folder / "i18n" / "english.yaml")
    (problem,) = problems_in(folder, private_domain, "english")
    assert "文件名应是语言的代码" in problem.message


def test_from_another_language_every_text_is_asked_for(
    tmp_path: Path, kitchen_hygiene: MaturityModel
) -> None:
    copy = tmp_path / "kitchen-hygiene"
    shutil.copytree(KITCHEN, copy)
    (copy / "i18n").mkdir()
    (copy / "i18n" / "zh-Hans.yaml").write_text("title: 厨房卫生成熟度模型\n", encoding="utf-8")
    told = {problem.subject for problem in problems_in(copy, kitchen_hygiene, "zh-Hans")}
    assert {"subtitle", "scale", "dimensions", "sections"} <= told
    assert "title" not in told


def test_content_check_tells_the_gaps_of_a_translation(folder: Path, spoil: Edit) -> None:
    spoil("title: Private-domain maturity model\n", "")
    outcome = check_models(folder.parent, [folder])
    assert [problem.subject for problem in outcome.problems] == ["title"]
    assert outcome.checked == ()
