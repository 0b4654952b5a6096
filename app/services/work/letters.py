"""The texts of e-mails: plain text files with ``[[placeholders]]``, one folder per language.

The first line is the subject, the rest the body. A placeholder is filled in once: nothing in a
value is ever read as a placeholder, and there is no template language to break out of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TRANSLATIONS: Final = Path(__file__).resolve().parents[2] / "translations"
SOURCE_LOCALE: Final = "zh-Hans"
_PLACEHOLDER: Final = re.compile(r"\[\[([a-z_]+)\]\]")


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of one e-mail in one language, not yet filled in."""

    subject: str
    body: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that have to be filled in."""
        return frozenset(_PLACEHOLDER.findall(self.subject + self.body))


def letter_locales() -> tuple[str, ...]:
    """Return the languages there are letters in."""
    return tuple(sorted(path.parent.name for path in TRANSLATIONS.glob("*/letters")))


def letter_names(locale: str) -> frozenset[str]:
    """Return the names of the letters of a language."""
    return frozenset(path.stem for path in (TRANSLATIONS / locale / "letters").glob("*.txt"))


@cache
def letter(name: str, locale: str) -> Letter:
    """Return a letter; in Chinese where the language has none. Raises ``LookupError``."""
    # Names come from the program and locales from the outbox; neither may become a path.
    chosen = locale if locale in letter_locales() else SOURCE_LOCALE
    if name not in letter_names(chosen):
        raise LookupError(f"there is no letter {name!r} in {chosen}")
    text = (TRANSLATIONS / chosen / "letters" / f"{name}.txt").read_text(encoding="utf-8")
    subject, _, body = text.partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in, each value on one line."""
    return _PLACEHOLDER.sub(lambda found: _one_line(values[found[1]]), text)


def _one_line(value: str) -> str:
    """Return a value that can neither end a header nor pretend to be a paragraph of ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
