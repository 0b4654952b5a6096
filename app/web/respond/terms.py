"""Words of the trade in a question, each with its meaning, for those who do not speak it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.domain.model import MaturityModel

MOST: Final = 4
"""Terms explained beside one question; more of them nobody reads on a phone."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means."""

    word: str
    meaning: str


class Terms:
    """The glossary of one release in one language."""

    def __init__(self, meanings: dict[str, str]) -> None:
        self._meanings = {word.lower(): Term(word, told) for word, told in meanings.items()}
        # The longest first: where one stands inside another, the longer one is meant.
        words = sorted(self._meanings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_spelled, words)), re.IGNORECASE) if words else None

    def within(self, *texts: str) -> tuple[Term, ...]:
        """Return the terms in some texts in the order they are met."""
        if self._pattern is None:
            return ()
        met = (found[0].lower() for text in texts for found in self._pattern.finditer(text))
        found = (self._meanings.get(word) or self._meanings.get(word[:-1]) for word in met)
        return tuple(dict.fromkeys(term for term in found if term is not None))[:MOST]


def terms_of(model: MaturityModel) -> Terms:
    """Return the glossary of a model."""
    return _terms(tuple((term.term, term.meaning) for term in model.content.glossary))


@lru_cache(maxsize=16)
def _terms(pairs: tuple[tuple[str, str], ...]) -> Terms:
    return Terms(dict(pairs))


def _spelled(word: str) -> str:
    """Return what finds a word: in Chinese anywhere, elsewhere as a whole word or its plural."""
    told = re.escape(word)
    return told if _HAN.search(word) else rf"(?<![A-Za-z0-9_-]){told}s?(?![A-Za-z0-9_-])"
