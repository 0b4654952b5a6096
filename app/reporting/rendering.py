"""What a render gives or refuses, apart from the renderer, whose import takes long."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["fonts", "layout", "pages-again", "drawing"]
"""The steps of a render, in their order; ``pages-again`` only where page numbers moved pages."""


class RenderError(Exception):
    """The document cannot be put on paper as it is; the message says what is wrong and where."""


class MissingGlyphError(RenderError):
    """No typeface of the report can show ``characters`` (distinct, in order of code point)."""

    def __init__(self, message: str, characters: tuple[str, ...]) -> None:
        super().__init__(message)
        self.characters = characters


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished PDF: the file's bytes and its number of pages."""

    data: bytes
    pages: int
