import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.reporting.fonts import (
    BOLD,
    REGULAR,
    SYMBOL_FAMILY,
    TEXT_FAMILY,
    cut_faces,
    missing_characters,
)
from app.reporting.harfbuzz import FontError, FontFile

ROOT = Path(__file__).parents[2]


def every_gbk_character() -> str:
    characters = []
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                characters.append(bytes((high, low)).decode("gbk"))
            except UnicodeDecodeError:
                continue
    return "".join(characters)


def own_text() -> list[Path]:
    return [
        path
        for folder in ("questionnaires", "reports")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".yaml", ".j2", ".css", ".json")
    ]


def test_every_character_of_gbk_can_be_shown() -> None:
    characters = every_gbk_character()
    assert len(characters) > 21_000
    assert missing_characters(characters) == []


@pytest.mark.parametrize(
    "text", ["喆玥镕𠮷㐂", "Nguyễn Łódź Ñandú", "✓ ◐ ✗ ☑ ①⑳ ≥ → ℃", "〇％，。「」"]
)
def test_names_and_signs_outside_the_common_sets_can_be_shown(text: str) -> None:
    assert missing_characters(text) == []


def test_missing_characters_are_told_once_each_in_order() -> None:
    assert missing_characters("甲\ue123乙👍\ue123") == ["\ue123", "👍"]


def test_blanks_and_invisible_marks_need_no_glyph() -> None:
    assert missing_characters("a\u200bb\u00ad\u2009\u3000\n\t\ufe0f\ufeff") == []


def test_a_control_character_is_missing() -> None:
    assert missing_characters("a\x01") == ["\x01"]


@pytest.mark.parametrize("path", own_text(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_products_own_text_can_be_shown(path: Path) -> None:
    assert missing_characters(path.read_text(encoding="utf-8")) == []


def test_a_chinese_text_needs_the_text_family_alone_in_two_weights() -> None:
    faces = cut_faces("诊断报告")
    assert [(face.family, face.weight) for face in faces] == [
        (TEXT_FAMILY, REGULAR),
        (TEXT_FAMILY, BOLD),
    ]
    assert faces[0].data != faces[1].data


def test_the_symbol_family_joins_for_a_sign_that_the_text_family_lacks() -> None:
    assert {face.family for face in cut_faces("诊断✗")} == {TEXT_FAMILY, SYMBOL_FAMILY}


def test_a_cut_font_has_the_characters_asked_for_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "cut.otf"
    path.write_bytes(cut_faces("诊断")[0].data)
    cut = FontFile(path)
    assert cut.covers("诊")
    assert cut.covers("断")
    assert not cut.covers("报")


def test_the_same_characters_give_the_same_font_in_another_process() -> None:
    text = "私域增长诊断 0123 ✗"
    program = (
        "import hashlib, sys; from app.reporting.fonts import cut_faces;"
        "print(*(hashlib.sha256(f.data).hexdigest() for f in cut_faces(sys.argv[1])))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, text[::-1]],
        capture_output=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert answer.stdout.split() == [
        hashlib.sha256(face.data).hexdigest() for face in cut_faces(text)
    ]


def test_a_file_that_is_no_font_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "not-a-font.otf"
    path.write_text("hello")
    with pytest.raises(FontError, match=r"not-a-font\.otf"):
        FontFile(path)
    with pytest.raises(FontError, match=r"absent\.otf"):
        FontFile(tmp_path / "absent.otf")


def test_a_machine_without_the_fonts_is_told_which_package_to_install(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        "<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>"
    )
    answer = subprocess.run(
        [sys.executable, "-m", "app.reporting.fonts"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
    )
    assert answer.returncode == 1
    assert "fonts-noto-cjk" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_quotation_marks_can_be_set_as_narrow_as_english_needs_them() -> None:
    """The face has them a full em wide; its feature ``pwid`` replaces them."""
    assert all(b"pwid" in face.data for face in cut_faces("‘’“”"))
