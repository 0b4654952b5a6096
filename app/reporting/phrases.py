"""The fixed words of a report in its language, looked up by their Chinese text.

The catalogue of a language is a gettext file, ``app/translations/<locale>/LC_MESSAGES``. Chinese
has none: there the key is the text. gettext chooses a plural by one number for a whole message;
our sentences count up to four things, so a message chooses at the word instead:
``{n} {n|question|questions}`` takes the first form where ``n`` is printed as 1.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

CATALOGUES: Final = Path(__file__).resolve().parents[1] / "translations"
SOURCE_LOCALE: Final = "zh-Hans"
"""The language the keys are written in."""

Translate = Callable[[str], str]


class Phrase(str):
    """A fixed text whose ``format`` also chooses between singular and plural."""

    __slots__ = ()

    def format(self, *args: object, **kwargs: object) -> str:
        """Fill the phrase in."""
        return _FORMATTER.vformat(self, args, kwargs)


class _Formatter(Formatter):
    """``str.format`` with one more kind of field: ``{name|one|many}``."""

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, int | str]:
        name, *forms = field_name.split("|")
        value, key = super().get_field(name, args, kwargs)
        if not forms:
            return value, key
        one, many = forms
        return (one if str(value) == "1" else many), key


_FORMATTER: Final = _Formatter()


@cache
def locales() -> tuple[str, ...]:
    """Return the languages the fixed words exist in."""
    found = CATALOGUES.glob("*/LC_MESSAGES/messages.po")
    return (SOURCE_LOCALE, *sorted(path.parts[-3] for path in found))


@cache
def translation(locale: str) -> Translate:
    """Return the look-up of a locale's fixed words; a text without translation stays as it is.

    A region without words of its own has those of its language: ``en-GB`` those of ``en``.
    """
    for name in (locale, locale.partition("-")[0]):
        if name != SOURCE_LOCALE and name in locales():
            found = catalogue(name)
            return lambda text: found.get(text, text)
    return lambda text: text


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """Return the fixed words of a locale by their Chinese text."""
    # Only reports in another language need the reader of catalogues.
    from babel.messages.pofile import read_po

    path = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = read_po(file)
    return {
        str(message.id): Phrase(_spaced(message.string))
        for message in messages
        if message.id and isinstance(message.string, str)
    }


def _spaced(text: str) -> str:
    """Return a text with the blank that follows a Latin mark; a Chinese mark has its own.

    Sentences and lists are put together from phrases. Where nothing follows, a page and a drawing
    drop the blank.
    """
    return text + " " if text.endswith(_MARKS) else text


_MARKS: Final = (".", ",", ";", ":", "?", "!")


def fill(text: str, *args: object, **kwargs: object) -> str:
    """Return a fixed text filled in where there is anything to fill in."""
    return text.format(*args, **kwargs) if args or kwargs else text
