"""HTML to PDF/UA-1, by WeasyPrint; the one module that imports it.

The renderer reaches nothing outside the job: style sheets and pictures come from the mappings
given, fonts are cut for the document, any other address stops the render. Whatever WeasyPrint would
only log (an unknown property, a dead link, a missing picture, a character without glyph) is an
error here, because on paper it is a hole that nobody was told of. The same input gives the same
bytes.

WeasyPrint holds Python's lock all the time: render in worker processes, not in threads.
"""

import gc
import html as html_entities
import logging
import re
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.reporting.fonts import (
    SYMBOL_FAMILY,
    TEXT_FAMILY,
    CutFace,
    cut_faces,
    missing_characters,
)
from app.reporting.rendering import MissingGlyphError, Phase, RenderedPdf, RenderError

_VARIANT: Final = "pdf/ua-1"
_PROGRESS: Final = "weasyprint.progress"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_SCHEME: Final = "asset:"
_FONT_PREFIX: Final = "font-"
_CONTENT_TYPES: Final = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}

# What style sheets and WeasyPrint itself add to a text: counters, list marks, ellipsis, hyphen.
_GENERATED: Final = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    + "‐‑–—‘’“”…•◦▪、。（）〇一二三四五六七八九十百千"
)
# Characters that Pango takes for emoji and sets in any font with "emoji" in its name or, failing
# that, any font at all, before it looks at the font stack: Emoji_Presentation in the Unicode
# Character Database and the three hands that take a skin colour.
_EMOJI: Final = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u261d\u2648-\u2653\u267f\u2693\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a-\u270d"
    "\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001faff]"
)
_AS_TEXT: Final = "\ufe0e"
_AS_EMOJI: Final = "\ufe0f"

_CSS_ESCAPE: Final = re.compile(r"\\([0-9a-fA-F]{1,6})")
_CONTEXT_LENGTH: Final = 12  # characters shown either side of a missing one
_UNSEEN_ELEMENTS: Final = frozenset({"head", "script", "style", "template"})

# gc, log level and handlers belong to the whole process.
_one_at_a_time: Final = threading.Lock()


def render_pdf(
    html: str,
    stylesheets: Mapping[str, str],
    assets: Mapping[str, bytes],
    *,
    title: str,
    author: str,
    language: str,
    identifier: str,
    created: date,
    progress: Callable[[Phase], None] | None = None,
    on_page: Callable[[Phase, int], None] | None = None,
) -> RenderedPdf:
    """Render one document to tagged, bookmarked, deterministic PDF/UA-1.

    ``html`` is a whole page whose root has ``lang`` equal to ``language`` (BCP 47). The style
    sheets, name to CSS text, apply in their order. Page and style sheets refer to an asset as
    ``asset:NAME``; nothing else can be referred to. The CSS families are those of
    ``app.reporting.fonts``; set ``FONT_STACK`` on the root and on every <svg>.
    ``identifier`` is the digest of what went in; it and ``created``, a day, are written into the
    file. ``progress`` is told the name of each phase as it begins, ``on_page`` the number of each
    page as its layout begins: first while the pages are made (``layout``), then while those are
    made anew that changed when page numbers became known (``pages-again``). What either raises ends
    the render and comes through.

    Raises MissingGlyphError for a character that cannot be shown, FontError for a missing font,
    RenderError for everything else that would leave a hole in the document.
    """
    properties = _Properties(title, author, language, identifier, created)
    with _one_at_a_time, _without_garbage_collection(), _page_by_page(on_page):
        return _render(html, stylesheets, assets, properties, progress or _tell_nobody)


@dataclass(frozen=True, slots=True)
class _Properties:
    title: str
    author: str
    language: str
    identifier: str
    created: date


def _render(
    html: str,
    stylesheets: Mapping[str, str],
    assets: Mapping[str, bytes],
    properties: _Properties,
    tell: Callable[[Phase], None],
) -> RenderedPdf:
    fetcher = _AssetFetcher(stylesheets, assets)
    with _complaints() as complaints:
        try:
            page = HTML(string=_settable(html), url_fetcher=fetcher)
            tell("fonts")
            faces = _fonts_for(page.etree_element, stylesheets, assets)
            tell("layout")
            document = _lay_out(page, stylesheets, faces, fetcher)
            _set_metadata(document, properties)
            tell("drawing")
            data: bytes = document.write_pdf(
                pdf_variant=_VARIANT, pdf_identifier=properties.identifier.encode()
            )
        except FatalURLFetchingError as error:
            raise RenderError(str(error)) from error
    # WeasyPrint swallows even a fatal error while it draws a picture.
    mistakes = [*fetcher.refused, *complaints, *_untitled_drawings(page.etree_element)]
    if mistakes:
        raise RenderError("The document has mistakes:\n" + "\n".join(mistakes))
    _refuse_foreign_fonts(document)
    return RenderedPdf(data, len(document.pages))


def _tell_nobody(_phase: Phase) -> None:
    """Stand in for a progress callback."""


def _settable(html: str) -> str:
    """Take out what a client's text may bring along that WeasyPrint and Pango cannot set.

    Emoji become plain characters of the font stack, as far as it has them. Unicode's own line and
    paragraph separators become blanks, as a line end in HTML is; WeasyPrint 70 stops with an
    assertion at the second.
    """
    html = html.replace("\u2028", "\n").replace("\u2029", "\n").replace(_AS_EMOJI, "")
    return _EMOJI.sub(lambda match: match[0] + _AS_TEXT, html)


# --- the sealed room ----------------------------------------------------------------------------


class _AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves ``asset:NAME`` from memory; any other address is an injection and stops the render."""

    def __init__(self, stylesheets: Mapping[str, str], assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []
        self._assets: dict[str, bytes] = {}
        for name, data in (*((n, s.encode()) for n, s in stylesheets.items()), *assets.items()):
            self.add(name, data)

    def add(self, name: str, data: bytes) -> None:
        if name in self._assets:
            raise ValueError(f"two assets are called {name!r}")
        self._assets[name] = data

    def fetch(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  WeasyPrint's signature
    ) -> URLFetcherResponse:
        name = url.removeprefix(_SCHEME)
        if name == url:
            raise self._refusal(f"The document asks for {url[:200]!r}: only asset: may be.")
        if name not in self._assets:
            raise self._refusal(f"The document asks for {url[:200]!r}, which was not given.")
        suffix = name[name.rfind(".") :].lower()
        content_type = _CONTENT_TYPES.get(suffix, "application/octet-stream")
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": content_type})

    def _refusal(self, message: str) -> FatalURLFetchingError:
        self.refused.append(message)
        return FatalURLFetchingError(message)


@contextmanager
def _without_garbage_collection() -> Generator[None]:
    """Keep the collector from walking the box tree over and over: 8 % of a render's time.

    The tree is full of cycles, so it is collected at the end, or the next render would start with
    this one's memory still held.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()


class _PageListener(logging.Handler):
    """Hears WeasyPrint's own account of its progress."""

    _PAGE: Final = "Step 5 - Creating layout - Page %d"
    _AGAIN: Final = "Step 5 - Creating layout - Repagination #%d"

    def __init__(self, on_page: Callable[[Phase, int], None]) -> None:
        super().__init__(logging.INFO)
        self._on_page = on_page
        self._phase: Phase = "layout"

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == self._AGAIN:
            self._phase = "pages-again"
        elif record.msg == self._PAGE and isinstance(record.args, tuple):
            self._on_page(self._phase, int(str(record.args[0])))


@contextmanager
def _page_by_page(on_page: Callable[[Phase, int], None] | None) -> Generator[None]:
    """Tell each page that is laid out, and keep the telling out of everybody's log."""
    if on_page is None:
        yield
        return
    logger, listener = logging.getLogger(_PROGRESS), _PageListener(on_page)
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagate


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message not in self.messages:
            self.messages.append(message)


@contextmanager
def _complaints() -> Generator[list[str]]:
    """Collect what WeasyPrint and fontTools log as warning or worse, each message once.

    No message is let through as harmless: each place in WeasyPrint 70 that logs one drops a rule,
    a picture, a link, a cell or a glyph, or names a property that should be written otherwise.
    """
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        for logger in loggers:
            logger.removeHandler(collector)


# --- layout -------------------------------------------------------------------------------------


def _lay_out(
    page: HTML,
    stylesheets: Mapping[str, str],
    faces: tuple[CutFace, ...],
    fetcher: _AssetFetcher,
) -> Document:
    fonts = FontConfiguration()
    sources = [_font_face_rules(faces, fetcher), *stylesheets.values()]
    sheets = [CSS(string=css, font_config=fonts, url_fetcher=fetcher) for css in sources]
    return page.render(
        font_config=fonts, stylesheets=sheets, presentational_hints=False, pdf_variant=_VARIANT
    )


def _font_face_rules(faces: tuple[CutFace, ...], fetcher: _AssetFetcher) -> str:
    rules = []
    for face in faces:
        name = f"{_FONT_PREFIX}{face.family.replace(' ', '-')}-{face.weight}".lower()
        fetcher.add(name, face.data)
        rules.append(
            f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
            f'src: url("{_SCHEME}{name}") }}'
        )
    return "\n".join(rules)


def _set_metadata(document: Document, properties: _Properties) -> None:
    metadata = document.metadata
    if metadata.lang != properties.language:
        raise RenderError(
            f"The page says lang={metadata.lang!r}, but it is to be {properties.language!r}."
        )
    metadata.title = properties.title
    metadata.authors = [properties.author]
    metadata.created = metadata.modified = properties.created.isoformat()
    metadata.generator = "Zhenmai"


# --- every character shows ----------------------------------------------------------------------


def _fonts_for(
    root: Any, stylesheets: Mapping[str, str], assets: Mapping[str, bytes]
) -> tuple[CutFace, ...]:
    """Cut the fonts to all that the document may show; MissingGlyphError with the places."""
    pieces = [
        *_visible_texts(root),
        *((f"style sheet {name}", _unescaped(css)) for name, css in stylesheets.items()),
        *(
            (f"picture {name}", html_entities.unescape(data.decode("utf-8", "replace")))
            for name, data in assets.items()
            if name.endswith(".svg")
        ),
    ]
    characters = set(_GENERATED).union(*(text for _, text in pieces))
    missing = missing_characters("".join(characters))
    if missing:
        lines = [_first_place(character, pieces) for character in missing]
        raise MissingGlyphError(
            "No font of the report has these characters:\n" + "\n".join(lines), tuple(missing)
        )
    return cut_faces(characters)


def _walk(element: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield (place, tag, element) of every element that is laid out, in document order."""
    if not isinstance(element.tag, str):  # a comment
        return
    tag = element.tag.rpartition("}")[2]
    if tag in _UNSEEN_ELEMENTS:
        return
    name = tag + "".join(
        f"{sign}{element.get(attribute)}"
        for sign, attribute in (("#", "id"), (".", "class"))
        if element.get(attribute)
    )
    place = f"{path} > {name}" if path else name
    yield place, tag, element
    for child in element:
        yield from _walk(child, place)


def _visible_texts(root: Any) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of every text on the page; an SVG's title and desc are not drawn."""
    for place, tag, element in _walk(root):
        if element.text and tag not in ("title", "desc"):
            yield place, element.text
        for child in element:
            if child.tail:
                yield place, child.tail


def _untitled_drawings(root: Any) -> Iterator[str]:
    """Name the drawings without <title>: it becomes their text alternative in the file."""
    for place, tag, element in _walk(root):
        inside_another = " > svg" in place.rpartition(" > ")[0]
        if tag == "svg" and not inside_another and not element.findtext(f"{_SVG}title"):
            yield f"A drawing has no <title>: {place}"


def _unescaped(css: str) -> str:
    return css + "".join(chr(int(code, 16) or 0x20) for code in _CSS_ESCAPE.findall(css))


def _first_place(character: str, pieces: list[tuple[str, str]]) -> str:
    place, text = next((place, text) for place, text in pieces if character in text)
    at = text.index(character)
    snippet = text[max(0, at - _CONTEXT_LENGTH) : at + _CONTEXT_LENGTH + 1]
    return f"U+{ord(character):04X} {character!r} in {place}: …{' '.join(snippet.split())}…"


def _refuse_foreign_fonts(document: Document) -> None:
    """Refuse a document in which Pango took a font that the machine happens to have."""
    foreign = sorted(
        (font.family, "".join(font.to_unicode.values())[:20])
        for font in document.fonts.values()
        if font.family not in (TEXT_FAMILY, SYMBOL_FAMILY)
    )
    if foreign:
        raise RenderError(
            "Text is not set in the report's fonts; give its element, often an <svg>, the font "
            "stack:\n" + "\n".join(f"{family}: {characters!r}" for family, characters in foreign)
        )
