"""A model folder that tests of authors' mistakes may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real model that a test may spoil."""
    copy = tmp_path / "private-domain"
    shutil.copytree(SOURCE, copy)
    return copy


@pytest.fixture
def spoil(folder: Path) -> Edit:
    """Replace the first occurrence of a text in one file of the copy."""

    def edit(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit
