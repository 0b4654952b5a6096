"""Organisation chart: a head, teams side by side, posts below each team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height
from app.reporting.charts.metrics import wrap
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

PostState = Literal["filled", "vacant", "shared", "unknown"]

_MOST_COLUMNS = 6
_GUTTER = 12.0
_INDENT = 9.0
_TRUNK = 12.0
_PAD = 6.0
_DASHES: dict[PostState | None, str] = {"vacant": "4 2.5", "unknown": "1 2"}


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A box: the head, a team or a post.

    ``note`` names who holds it or how many there are. ``state`` None draws a plain box: a team is
    neither filled nor vacant. ``band`` groups neighbouring teams under one heading (HQ, stores).
    """

    label: str
    note: str = ""
    state: PostState | None = None
    band: str = ""
    children: tuple[OrgUnit, ...] = ()


def organisation_chart(
    head: OrgUnit,
    *,
    title: str,
    desc: str = "",
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the head, its teams as columns (six to a row, then a further row), posts below.

    A filled post has a solid frame, a vacant one a dashed frame in the alert colour, a shared one
    a double frame, one that nobody asked about a dotted frame; each also says so in a word.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    wide = min(width, 210.0)
    bottom = _box(canvas, head, (width - wide) / 2, 1, wide, words, centred=True)
    teams = head.children
    tiers = -(-len(teams) // _MOST_COLUMNS)
    per_tier = -(-len(teams) // max(tiers, 1))
    margin = _TRUNK if tiers > 1 else 0.0
    stem = (width / 2, bottom)
    for start in range(0, len(teams), max(per_tier, 1)):
        rail = bottom + 10
        if start:
            stem = (1.0, stem[1])
        bottom = _tier(canvas, teams[start : start + per_tier], stem, rail, margin, words)
        if tiers > 1 and start + per_tier < len(teams):
            canvas.rules([(1, rail, 1, bottom + 10)], stroke=theme.muted, weight=0.8)
    return canvas.svg(bottom + 2, title, desc)


def _tier(
    canvas: Canvas,
    teams: Sequence[OrgUnit],
    stem: tuple[float, float],
    rail: float,
    margin: float,
    words: Words,
) -> float:
    """Draw one row of teams with their posts and return where it ends.

    ``stem`` is where the line from above comes from, ``rail`` the height at which it spreads;
    ``margin`` keeps the left edge free for the trunk that leads on to a further row.
    """
    theme = canvas.theme
    room = canvas.width - margin
    pitch = min((room + _GUTTER) / len(teams), 190.0)
    wide = pitch - _GUTTER
    left = margin + (room - (pitch * len(teams) - _GUTTER)) / 2
    places = [left + index * pitch for index in range(len(teams))]
    middles = [place + wide / 2 for place in places]
    boxes_top, joints = _bands(canvas, teams, places, wide, rail)
    ends = [*joints, stem[0]] + ([1.0] if margin else [])
    segments = [(min(ends), rail, max(ends), rail)]
    if stem[0] > 1:
        segments.append((stem[0], stem[1], stem[0], rail))
    segments += [(x, rail, x, boxes_top) for x in middles if boxes_top == rail + 10]
    if boxes_top != rail + 10:
        segments += [(x, boxes_top - 8, x, boxes_top) for x in middles]
    canvas.rules(segments, stroke=theme.muted, weight=0.8)
    ends = []
    for team, place in zip(teams, places, strict=True):
        bottom = _box(canvas, team, place, boxes_top, wide, words, centred=True)
        ends.append(_posts(canvas, team.children, place, bottom, wide, words))
    return max(ends)


def _bands(
    canvas: Canvas, teams: Sequence[OrgUnit], places: Sequence[float], wide: float, rail: float
) -> tuple[float, list[float]]:
    """Write the headings over neighbouring teams of one band.

    Returns where the boxes begin and the places on the rail from which lines go down.
    """
    runs: list[tuple[str, float, float]] = []
    for team, place in zip(teams, places, strict=True):
        if runs and runs[-1][0] == team.band:
            runs[-1] = (team.band, runs[-1][1], place + wide)
        else:
            runs.append((team.band, place, place + wide))
    if not any(band for band, _, _ in runs):
        return rail + 10, [place + wide / 2 for place in places]
    blocks = [wrap(band, SMALL, end - start, bold=True) for band, start, end in runs]
    tall = max(block_height(lines, SMALL) for lines in blocks)
    line = rail + 8 + tall + 4
    for lines, (_, start, end) in zip(blocks, runs, strict=True):
        middle = (start + end) / 2
        canvas.rules([(middle, rail, middle, rail + 7)], stroke=canvas.theme.muted, weight=0.8)
        canvas.block(
            middle,
            rail + 8 + tall - block_height(lines, SMALL),
            lines,
            size=SMALL,
            anchor=0.5,
            bold=True,
            fill=canvas.theme.accent,
        )
        canvas.rules([(start, line, end, line)], stroke=canvas.theme.accent, weight=1.2)
    return line + 8, [(start + end) / 2 for _, start, end in runs]


def _posts(
    canvas: Canvas,
    posts: Sequence[OrgUnit],
    left: float,
    top: float,
    wide: float,
    words: Words,
) -> float:
    """Draw the posts of a box below it, indented, on one spine; return where they end."""
    spine = left + _INDENT / 2
    joints = []
    bottom = top
    for post in posts:
        box_top = bottom + 6
        inner = left + _INDENT
        box_bottom = _box(canvas, post, inner, box_top, wide - _INDENT, words, centred=False)
        joints.append((box_top + box_bottom) / 2)
        # A fourth level and below keeps the indent while there is room for a word or two.
        deeper = inner if wide - _INDENT > 70 else left
        bottom = _posts(canvas, post.children, deeper, box_bottom, left + wide - deeper, words)
    if joints:
        segments = [(spine, top, spine, joints[-1])]
        segments += [(spine, y, left + _INDENT, y) for y in joints]
        canvas.rules(segments, stroke=canvas.theme.muted, weight=0.8)
    return bottom


def _state_word(unit: OrgUnit, words: Words) -> str:
    named: dict[PostState | None, str] = {
        "filled": words.filled,
        "vacant": words.vacant,
        "shared": words.shared,
        "unknown": words.unassessed,
        None: "",
    }
    return named[unit.state]


def _box(
    canvas: Canvas,
    unit: OrgUnit,
    left: float,
    top: float,
    wide: float,
    words: Words,
    *,
    centred: bool,
) -> float:
    """Draw one box and return its lower edge."""
    theme = canvas.theme
    room = wide - 2 * _PAD
    plain = unit.state is None
    label = wrap(unit.label, BODY, room, bold=plain)
    word = _state_word(unit, words)
    vacant = unit.state == "vacant"
    note = wrap(" · ".join(text for text in (word, unit.note) if text), SMALL, room, bold=vacant)
    if len(note) > 1:  # rather the word and the note each on lines of their own
        note = wrap(word, SMALL, room, bold=vacant) + wrap(unit.note, SMALL, room, bold=vacant)
    height = block_height(label) + block_height(note, SMALL) + 7
    if plain:
        canvas.rect(left, top, wide, height, fill=theme.accent_soft)
    else:
        canvas.rect(
            left + 0.5,
            top + 0.5,
            wide - 1,
            height - 1,
            fill=theme.paper,
            stroke=theme.alert if vacant else theme.accent,
            weight=1,
            dash=_DASHES.get(unit.state, ""),
        )
    if unit.state == "shared":
        canvas.rect(left + 3, top + 3, wide - 6, height - 6, stroke=theme.accent, weight=0.6)
    x = left + (wide / 2 if centred else _PAD)
    anchor = 0.5 if centred else 0.0
    end = canvas.block(x, top + 3.5, label, anchor=anchor, bold=plain)
    canvas.block(
        x,
        end,
        note,
        size=SMALL,
        anchor=anchor,
        bold=vacant,
        fill=theme.alert if vacant else theme.muted,
    )
    return top + height
