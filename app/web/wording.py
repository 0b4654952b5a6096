"""The words of the screens, looked up by their Chinese text.

Each area of the screens has a catalogue of its own, ``web-<area>.po``; together they are one
dictionary per language. What none of them has is looked for among the report's fixed words, so
that paper and screen say the same.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, Protocol

from babel import negotiate_locale
from babel.messages.pofile import read_po

from app.reporting.phrases import CATALOGUES, SOURCE_LOCALE, Phrase, catalogue, fill

NAMES: Final[Mapping[str, str]] = {"zh-Hans": "中文", "en": "English"}
"""The languages of the screens by their own names, the first language first."""

BABEL: Final[Mapping[str, str]] = {"zh-Hans": "zh_Hans_CN", "en": "en_GB"}
"""How the locale library spells them."""

_CHINESE: Final = ("zh", "zh_CN", "zh_SG", "zh_TW", "zh_HK", "zh_MO", "zh_Hant")


class Say(Protocol):
    """Looks a text up and fills it in: ``_("{n}个客户", n=3)``."""

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return the text in the language."""


@cache
def words_of(locale: str) -> Mapping[str, str]:
    """Return the translations of the screens' words; Chinese needs none."""
    if locale == SOURCE_LOCALE:
        return {}
    found = dict(catalogue(locale))
    for path in sorted((CATALOGUES / locale / "LC_MESSAGES").glob("web-*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and isinstance(message.string, str) and message.string:
                    found[str(message.id)] = Phrase(message.string)
    return found


@cache
def say_in(locale: str) -> Say:
    """Return the look-up of a language."""
    words = words_of(locale)

    def say(text: str, /, **values: Any) -> str:
        return fill(words.get(text, text), **values)

    return say


@lru_cache(maxsize=256)
def best_locale(*wanted: str | None) -> str:
    """Return the first of the wanted languages (as browsers or people write them) there is."""
    asked = [name.replace("-", "_") for name in wanted if name]
    known = [name.replace("-", "_") for name in NAMES]
    found = negotiate_locale(asked, known, aliases=dict.fromkeys(_CHINESE, "zh_Hans"))
    return found.replace("_", "-") if found else SOURCE_LOCALE
