"""How the chart tests read a drawing: its texts with their boxes, its lines, its faults.

Also the texts they draw: what a client may type.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import strategies as st
from markupsafe import Markup

from app.reporting.charts.metrics import text_width
from app.reporting.charts.theme import SMALL

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "图的替代文字"
HOSTILE = "<b>A&B</b> \"母婴\" 'x' ]]> 好孩子"


@dataclass(frozen=True)
class Written:
    """One text of a drawing and the box of its ink."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Written") -> bool:
        return (
            self.left < other.right - 0.6
            and other.left < self.right - 0.6
            and self.top < other.bottom - 0.6
            and other.top < self.bottom - 0.6
        )


def texts(svg: str) -> list[Written]:
    root = ElementTree.fromstring(svg)
    found = []
    for element in root.iter(f"{SVG}text"):
        size = float(element.get("font-size", root.get("font-size", "")))
        x, y = float(element.get("x", "")), float(element.get("y", ""))
        text = element.text or ""
        wide = text_width(text, size, element.get("font-weight") == "700")
        found.append(Written(text, x, y - 0.86 * size, x + wide, y + 0.12 * size))
    return found


def words_of(svg: str) -> str:
    return "".join(written.text for written in texts(svg))


def lines(svg: str, **attributes: str) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight lines of all paths that carry these attributes."""
    for element in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if any(element.get(name.replace("_", "-")) != v for name, v in attributes.items()):
            continue
        for x, y, step, end in re.findall(
            r"M([\d.-]+) ([\d.-]+)([HVL])([\d.-]+(?: [\d.-]+)?)", element.get("d", "")
        ):
            last = [float(number) for number in end.split()]
            x2 = last[0] if step in "HL" else float(x)
            y2 = last[-1] if step in "VL" else float(y)
            yield float(x), float(y), x2, y2


def assert_legible(svg: Markup) -> None:
    """Nothing clipped, nothing covered, nothing too small, nothing a PDF or a browser refuses."""
    assert isinstance(svg, Markup)
    root = ElementTree.fromstring(svg)
    assert root[0].tag == f"{SVG}title"
    assert root[0].text
    left, top, width, height = (float(part) for part in root.get("viewBox", "").split())
    assert (left, top) == (0, 0)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "path", "rect", "circle", "text",
        }  # fmt: skip
        assert not {"style", "class", "id", "href", "onload"} & set(element.keys())
        assert not any("nan" in value or "inf" in value for value in element.attrib.values())
        assert not any("url(" in value for value in element.attrib.values())
    written = texts(svg)
    for one in written:
        assert one.left >= -0.6, one
        assert one.top >= -0.6, one
        assert one.right <= width + 0.6, one
        assert one.bottom <= height + 0.6, one
    for one, two in combinations(written, 2):
        assert not one.meets(two), (one, two)
    sizes = [float(e.get("font-size", "11")) for e in root.iter(f"{SVG}text")]
    assert all(size >= SMALL for size in sizes)


chinese = st.text(
    "门店引流承接复购分层私域运营标准流程三百家，。、（）「」：12%", min_size=1, max_size=26
)
english = st.lists(
    st.sampled_from(
        ["store", "add-rate", "private-domain", "of", "replication", "SOP", "&", "a/b"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)
