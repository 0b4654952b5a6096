"""The last touch on a translated report: Chinese terms at first use, Chinese words marked as such.

A reader who works with Chinese colleagues must be able to name the thing in Chinese, so the first
time a term of the glossary stands in running text its Chinese follows in brackets. What a client
wrote in Chinese stays as written and is tagged, for hyphenation, typefaces and screen readers.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from app.domain.model import MaturityModel

HAN: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_PIECES: Final = re.compile(r"(<[^>]*>)")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID: Final = frozenset({"br", "col", "hr", "img", "link", "meta"})
_RUNNING: Final = frozenset({"p", "li"})
_CLOSED: Final = re.compile(
    r"<(?:svg|title|style|thead|h[1-6])\b"
    r'|<section class="(?:cover|contents)"|\bclass="[^"]*\b(?:kicker|voice)\b'
)
"""Where no term is explained: drawings, headings, the pages before the text, others' words."""


def shared_terms(model: MaturityModel) -> dict[str, str]:
    """Return the glossary's terms with those of the base language; empty for a base model."""
    if model.base is None:
        return {}
    base = {term.id: term.term for term in model.base.glossary}
    return {
        term.term: base[term.id]
        for term in model.content.glossary
        if HAN.search(base[term.id]) and term.term != base[term.id]
    }


def marked(html: str, terms: Mapping[str, str], language: str) -> str:
    """Return a page with ``terms`` explained at first use and ``language``'s words tagged.

    Terms are found whatever their case, also in the plural; the longest one that fits counts.
    """
    explain = _Explainer(terms, language).explain
    out: list[str] = []
    closed: list[bool] = []
    running: list[bool] = []
    for piece in _PIECES.split(html):
        if piece.startswith("<"):
            _follow(piece, closed, running)
            out.append(piece)
        elif not any(closed):
            out.append(_tagged(explain(piece) if any(running) else piece, language))
        else:
            out.append(piece)
    return "".join(out)


def _follow(tag: str, closed: list[bool], running: list[bool]) -> None:
    """Keep both stacks in step with an opening or closing tag."""
    found = _TAG.match(tag)
    if found is None or found[2] in _VOID or tag.endswith("/>"):
        return
    if found[1]:
        closed.pop()
        running.pop()
    else:
        closed.append(_CLOSED.search(tag) is not None)
        running.append(found[2] in _RUNNING)


def _tagged(text: str, language: str) -> str:
    """Return a text with every run of Chinese in a span, but for what ``_Explainer`` has done."""
    parts = _PIECES.split(text)
    return "".join(
        part
        if part.startswith("<") or (place and parts[place - 1].startswith("<span"))
        else HAN.sub(lambda run: f'<span lang="{language}">{run[0]}</span>', part)
        for place, part in enumerate(parts)
    )


class _Explainer:
    """Adds the term of the base language after the first use of each term."""

    def __init__(self, terms: Mapping[str, str], language: str) -> None:
        self._open = {name.lower(): base for name, base in terms.items()}
        self._language = language
        names = sorted(self._open, key=len, reverse=True)
        choice = "|".join(re.escape(name) for name in names)
        pattern = re.compile(rf"(?<![\w-])({choice})(?:s|es)?(?![\w-])", re.IGNORECASE)
        self._replace: Callable[[str], str] = (
            (lambda text: pattern.sub(self._first_use, text)) if names else (lambda text: text)
        )

    def explain(self, text: str) -> str:
        """Return a text with the terms in it explained that were not met before."""
        return self._replace(text) if self._open and text.strip() else text

    def _first_use(self, found: re.Match[str]) -> str:
        base = self._open.pop(found[1].lower(), None)
        if base is None:
            return found[0]
        return f'{found[0]} (<span lang="{self._language}">{base}</span>)'
