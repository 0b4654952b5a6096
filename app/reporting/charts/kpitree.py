"""KPI tree: from the goal on the left to what can be acted on at the right."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, Segment, block_height
from app.reporting.charts.metrics import wrap
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_GUTTER = 26.0
_BETWEEN = 7.0


@dataclass(frozen=True, slots=True)
class KpiNode:
    """One KPI: its name, its figure as printed (such as 6%→30%), what it depends on.

    ``known`` False prints that it was not assessed instead of a figure.
    """

    label: str
    value: str = ""
    known: bool = True
    alert: bool = False
    children: tuple[KpiNode, ...] = ()

    def depth(self) -> int:
        """Return the number of levels from here to the farthest leaf."""
        return 1 + max((child.depth() for child in self.children), default=0)


def kpi_tree(
    root: KpiNode,
    *,
    title: str,
    desc: str = "",
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the tree; every level has its own column, every leaf its own line."""
    tree = _Tree(Canvas(width, theme or Theme()), words or Words(), root)
    tree.draw(root, 0, 0.0)
    return tree.canvas.svg(tree.height(root, 0) + 2, title, desc)


def _between(level: int) -> float:
    """Return the space between two children of a node: more between the main branches."""
    return _BETWEEN * (2 if level == 0 else 1)


class _Tree:
    """The drawing of one tree: column widths and the recursion over its nodes."""

    def __init__(self, canvas: Canvas, words: Words, root: KpiNode) -> None:
        self.canvas = canvas
        self.words = words
        self.pitch = (canvas.width + _GUTTER) / root.depth()
        self.wide = self.pitch - _GUTTER

    def blocks(self, node: KpiNode, level: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the wrapped name and figure of a node."""
        value = node.value if node.known else self.words.unassessed
        return (
            wrap(node.label, BODY, self.wide, bold=level == 0),
            wrap(value, SMALL, self.wide, bold=node.alert),
        )

    def own(self, node: KpiNode, level: int) -> float:
        """Return the height of a node's own text and the rule below it."""
        label, value = self.blocks(node, level)
        return block_height(label) + block_height(value, SMALL) + 3

    def height(self, node: KpiNode, level: int) -> float:
        """Return the height of a node with everything it depends on."""
        below = sum(self.height(child, level + 1) for child in node.children)
        below += _between(level) * max(len(node.children) - 1, 0)
        return max(self.own(node, level), below)

    def draw(self, node: KpiNode, level: int, top: float) -> float:
        """Draw a node and all below it in its band; return the height of its rule."""
        theme = self.canvas.theme
        left = level * self.pitch
        band = self.height(node, level)
        below = sum(self.height(child, level + 1) for child in node.children)
        below += _between(level) * max(len(node.children) - 1, 0)
        y = top + max((band - below) / 2, 0.0)
        rules = []
        for child in node.children:
            rules.append(self.draw(child, level + 1, y))
            y += self.height(child, level + 1) + _between(level)
        own = self.own(node, level)
        first = (rules[0] + rules[-1]) / 2 - own if rules else top + (band - own) / 2
        first = min(max(first, top), top + band - own)
        label, value = self.blocks(node, level)
        end = self.canvas.block(left, first, label, bold=level == 0)
        colour = theme.alert if node.alert else theme.muted
        self.canvas.block(left, end, value, size=SMALL, bold=node.alert, fill=colour)
        rule = first + own
        stroke = theme.alert if node.alert else theme.accent if level == 0 else theme.rule
        self.canvas.rules(
            [(left, rule, left + self.wide, rule)],
            stroke=stroke,
            weight=1.5 if level == 0 or node.alert else 0.8,
        )
        self._join(left + self.wide, rule, rules)
        return rule

    def _join(self, left: float, rule: float, rules: list[float]) -> None:
        if not rules:
            return
        spine = left + _GUTTER / 2
        segments: list[Segment] = [(left, rule, spine, rule)]
        segments.append((spine, min(*rules, rule), spine, max(*rules, rule)))
        segments += [(spine, y, left + _GUTTER, y) for y in rules]
        self.canvas.rules(segments, stroke=self.canvas.theme.rule, weight=0.8)
