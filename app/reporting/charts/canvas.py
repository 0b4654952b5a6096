"""The one place where SVG is written: elements, escaping, rounding, text.

What WeasyPrint's SVG can do decides the form: presentation attributes only, text placed by its
left end and its baseline. A centred or right-aligned text is placed by our own measure instead of
``text-anchor``, because WeasyPrint makes a separate PDF object of every anchored text (measured:
370 bytes each, twice the size of a page of labels). No element carries an id, so any number of
charts can stand in one document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from app.reporting.charts.metrics import GAP, clean, gap_between, text_width
from app.reporting.charts.theme import BODY, LEADING, Theme

Point = tuple[float, float]
Segment = tuple[float, float, float, float]

_ASCENT = 0.88  # of the em box of a Chinese character
MIDDLE = 0.37  # from the baseline up to the optical middle of a line


def coordinate(value: float) -> str:
    """Return a length with at most one decimal: small output, a tenth of a pixel is invisible."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def line_height(size: float = BODY) -> float:
    """Return the distance from baseline to baseline of a wrapped label."""
    return size * LEADING


def block_height(lines: Sequence[str], size: float = BODY) -> float:
    """Return the height of a wrapped label, 0 if it has no line."""
    return len(lines) * line_height(size)


class Canvas:
    """A drawing of fixed width that grows downwards until ``svg`` closes it."""

    def __init__(self, width: float, theme: Theme) -> None:
        """Start an empty drawing, ``width`` in user units."""
        self.width = width
        self.theme = theme
        self._parts: list[str] = []

    def _add(self, tag: str, attributes: dict[str, str], content: str = "") -> None:
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        if content:
            self._parts.append(f"<{tag}{written}>{escape(content)}</{tag}>")
        else:
            self._parts.append(f"<{tag}{written}/>")

    def _paint(
        self, attributes: dict[str, str], fill: str, stroke: str, weight: float, dash: str
    ) -> None:
        attributes["fill"] = fill or "none"
        if stroke:
            attributes["stroke"] = stroke
            attributes["stroke-width"] = f"{weight:g}"
            if dash:
                attributes["stroke-dasharray"] = dash

    def path(
        self, data: str, *, fill: str = "", stroke: str = "", weight: float = 0.75, dash: str = ""
    ) -> None:
        """Draw path data; without ``fill`` and ``stroke`` nothing shows."""
        attributes = {"d": data}
        self._paint(attributes, fill, stroke, weight, dash)
        self._add("path", attributes)

    def rules(
        self, segments: Iterable[Segment], *, stroke: str, weight: float = 0.75, dash: str = ""
    ) -> None:
        """Draw any number of straight lines as one element."""
        data = []
        for x1, y1, x2, y2 in segments:
            data.append(f"M{coordinate(x1)} {coordinate(y1)}")
            if coordinate(y1) == coordinate(y2):
                data.append(f"H{coordinate(x2)}")
            elif coordinate(x1) == coordinate(x2):
                data.append(f"V{coordinate(y2)}")
            else:
                data.append(f"L{coordinate(x2)} {coordinate(y2)}")
        if data:
            self.path("".join(data), stroke=stroke, weight=weight, dash=dash)

    def shape(
        self,
        points: Sequence[Point],
        *,
        fill: str = "",
        stroke: str = "",
        weight: float = 0.75,
        dash: str = "",
        closed: bool = True,
    ) -> None:
        """Draw a polygon, or a polyline if not ``closed``."""
        data = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
        self.path(
            f"M{data}" + ("Z" if closed else ""),
            fill=fill,
            stroke=stroke,
            weight=weight,
            dash=dash,
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "",
        stroke: str = "",
        weight: float = 0.75,
        dash: str = "",
    ) -> None:
        """Draw a rectangle; one without area is left out."""
        if width <= 0 or height <= 0:
            return
        attributes = {
            "x": coordinate(x),
            "y": coordinate(y),
            "width": coordinate(width),
            "height": coordinate(height),
        }
        self._paint(attributes, fill, stroke, weight, dash)
        self._add("rect", attributes)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = "",
        stroke: str = "",
        weight: float = 1.25,
    ) -> None:
        """Draw a circle."""
        attributes = {"cx": coordinate(x), "cy": coordinate(y), "r": coordinate(radius)}
        self._paint(attributes, fill, stroke, weight, "")
        self._add("circle", attributes)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float = BODY,
        anchor: float = 0.0,
        bold: bool = False,
        fill: str = "",
    ) -> None:
        """Write one line.

        ``anchor`` is the part of the text's width that lies left of ``x``: 0 starts at ``x``,
        0.5 centres on it, 1 ends at it. An empty text writes nothing.
        """
        text = clean(text)
        if not text:
            return
        left = x - anchor * text_width(text, size, bold)
        attributes = {"x": coordinate(left), "y": coordinate(baseline)}
        gaps = [gap_between(one, two) for one, two in pairwise(text)]
        if any(gaps):
            last = len(gaps) - gaps[::-1].index(True)
            thin = f"{GAP * size:.2f}".rstrip("0").removeprefix("0")
            attributes["dx"] = " ".join(["0", *(thin if gap else "0" for gap in gaps[:last])])
        if size != BODY:
            attributes["font-size"] = f"{size:g}"
        if bold:
            attributes["font-weight"] = "700"
        if fill and fill != self.theme.ink:
            attributes["fill"] = fill
        self._add("text", attributes, text)

    def block(
        self,
        x: float,
        top: float,
        lines: Sequence[str],
        *,
        size: float = BODY,
        anchor: float = 0.0,
        bold: bool = False,
        fill: str = "",
    ) -> float:
        """Write wrapped lines below ``top`` and return where the next block may begin."""
        pitch = line_height(size)
        lead = (pitch - size) / 2 + _ASCENT * size
        for number, line in enumerate(lines):
            self.text(
                x, top + number * pitch + lead, line, size=size, anchor=anchor, bold=bold, fill=fill
            )
        return top + len(lines) * pitch

    def svg(self, height: float, title: str, desc: str = "") -> Markup:
        """Close the drawing at ``height`` and return it.

        ``title`` becomes the alternative text of the figure in the tagged PDF; it must say what
        the chart shows. Raises ValueError if it is empty.
        """
        title = clean(title)
        if not title:
            raise ValueError("a chart needs a title: it is the figure's alternative text")
        width, height_text = coordinate(self.width), coordinate(height)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}"'
            f' height="{height_text}" viewBox="0 0 {width} {height_text}"'
            f' font-family="{escape(self.theme.font_family)}" font-size="{BODY:g}"'
            f' fill="{escape(self.theme.ink)}">'
        )
        texts = f"<title>{escape(title)}</title>"
        if desc := clean(desc):
            texts += f"<desc>{escape(desc)}</desc>"
        drawing = head + texts + "".join(self._parts) + "</svg>"
        return Markup(drawing)  # noqa: S704 - the one place; each value above went through escape()
