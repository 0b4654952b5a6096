"""What a form says, in the reader's language.

A message is a Chinese key with values; the English stands in ``web-forms.po``. Whoever shows it
hands in the look-up, so nothing here knows who reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

Translate = Callable[[str], str]
"""Returns the text of a Chinese key in the reader's language, not yet filled in."""

SHOWN_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Message:
    """A key with what fills its ``{slots}``; a value may be a message itself."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Translate) -> str:
        """Return the message in the reader's language."""
        values = {
            name: value.text(translate) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        return translate(self.key).format(**values)


class ValueRefusedError(Exception):
    """Something typed that cannot be taken: what is wrong, what is permitted, what to do.

    ``field`` names the part of the answer meant: value, evidence, note or quote.
    """

    def __init__(self, message: Message, field: str = "value") -> None:
        super().__init__(message.key)
        self.message = message
        self.field = field

    @property
    def key(self) -> str:
        """The Chinese key of the message."""
        return self.message.key

    @property
    def params(self) -> Mapping[str, object]:
        """What fills the key in."""
        return self.message.params

    def text(self, translate: Translate) -> str:
        """Return the message in the reader's language."""
        return self.message.text(translate)


def refused(key: str, **params: object) -> ValueRefusedError:
    """Return the refusal that says ``key`` filled in with ``params``."""
    return ValueRefusedError(Message(key, params))


def shown(typed: str) -> str:
    """Return what was typed as a message quotes it: on one line, visible, cut to a length."""
    start = typed[: 2 * SHOWN_CHARACTERS]
    visible = "".join(letter if letter.isprintable() else " " for letter in start)
    line = " ".join(visible.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[:SHOWN_CHARACTERS] + "…"
