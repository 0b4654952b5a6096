"""The structure of a maturity model: scale, lenses, dimensions, areas, gates, panels, as data.

Nothing here knows about private domain. Another published model with weighted answers is another
folder of YAML with the same classes.
"""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.record import Number, Text, record

Aggregation = Literal["weighted-mean", "minimum"]
EvidenceCode = Literal["E0", "E1", "E2", "E3"]


@record
class Level:
    """One rung of the scale: its number, its name, and the sentence that tells it from the next."""

    level: int
    name: Text
    test: Text


@record
class Scale:
    """The scale of all scores.

    ``tolerance`` is what a score may lack and still reach a level: level n from n − tolerance.
    ``levels`` runs from ``minimum`` to ``maximum`` without a gap.
    """

    minimum: int
    maximum: int
    tolerance: Number
    levels: tuple[Level, ...]


@record
class EvidenceGrade:
    """How well an answer is evidenced. ``trust`` (0–1) is its share in the confidence."""

    id: str
    code: EvidenceCode
    title: Text
    meaning: Text
    trust: Number


@record
class EvidenceCap:
    """A choice of ``from_option`` or better needs evidence ``needs``, else it counts as ``cap``."""

    from_option: int
    needs: EvidenceCode
    cap: int


@record
class AgreementBands:
    """Where agreement statistics change their word (see ``app.domain.agreement``).

    ``gap_*`` in levels, ``sd_*`` in levels, ``rwg_*`` and ``alpha_*`` 0–1; ``pulse_gap`` is the
    difference between customers and team that becomes a finding; ``minimum_group`` the smallest
    number of front-line answers whose mean may be printed.
    """

    gap_watch: Number
    gap_finding: Number
    gap_serious: Number
    sd_aligned: Number
    sd_split: Number
    rwg_strong: Number
    rwg_moderate: Number
    rwg_weak: Number
    ad_acceptable: Number
    alpha_reliable: Number
    alpha_tentative: Number
    pulse_gap: Number
    pulse_minimum: int
    minimum_group: int


@record
class Rating:
    """The numbers by which answers become scores and scores become levels.

    Weights and shares are plain numbers (0.3 is 30 %). An area below ``standing_level`` is an open
    prerequisite of those that require it. An area's trust is multiplied by
    ``contradiction_discount`` for each contradiction found in it, in all by no less than
    ``contradiction_floor``.
    """

    primary_weight: Number
    secondary_weight: Number
    missing_limit: Number
    gate_margin: int
    critical_margin: int
    standing_level: int
    yes_without_evidence: Number
    yes_evidence: EvidenceCode
    fact_evidence: EvidenceCode
    evidence: tuple[EvidenceGrade, ...]
    evidence_caps: tuple[EvidenceCap, ...]
    confidence_high: Number
    confidence_medium: Number
    agreement: AgreementBands
    contradiction_discount: Number = 1
    contradiction_floor: Number = 0


@record
class Lens:
    """A way of looking: a weighted set of dimensions (the three keys, the five steps)."""

    id: str
    title: Text
    weight: Number
    aggregation: Aggregation = "weighted-mean"


@record
class Area:
    """A capability area: the smallest thing that has a level.

    ``anchors`` holds one observable description per level, lowest first; they are also the options
    of the area's first question. ``moves`` holds one concrete move per step up, lowest first.
    ``requires`` names areas that should stand before this one is worked on.
    """

    id: str
    code: str
    title: Text
    weight: Number
    purpose: Text
    anchors: tuple[Text, ...]
    moves: tuple[Text, ...] = ()
    requires: tuple[str, ...] = ()


@record
class Dimension:
    """A key or a step. ``critical`` areas hold its level down (at most one above the lowest)."""

    id: str
    code: str
    title: Text
    lens: str
    weight: Number
    asks: Text
    critical: tuple[str, ...]
    areas: tuple[Area, ...]
    aggregation: Aggregation = "weighted-mean"


@record
class Archetype:
    """A kind of enterprise with its own dimension weights.

    An archetype with ``overlay`` (a condition) replaces the weights of the client's own archetype
    whenever the condition holds.
    """

    id: str
    code: str
    title: Text
    examples: Text
    emphasis: Text
    weights: Mapping[str, Number]
    overlay: str | None = None


@record
class Gate:
    """A ceiling on a dimension (by id) or on ``overall``: at most ``at`` when ``when`` holds.

    ``binds`` names the dimensions or areas through which the gate holds the level down, so that
    rules about them gain priority. ``reason`` completes the sentence "held at level n by …".
    """

    id: str
    title: Text
    caps: str
    at: str
    binds: tuple[str, ...]
    reason: Text
    when: str | None = None
    red_flag: Text | None = None


@record
class PanelItem:
    """One computed line of a panel: ``value`` is an expression on the scale."""

    id: str
    title: Text
    value: str
    note: Text = ""


@record
class PanelRow:
    """One row of a grid panel: one expression per column of the panel."""

    id: str
    title: Text
    cells: tuple[str, ...]


@record
class PanelStatus:
    """From which level an item of a status panel shows this word and mark."""

    at_least: int
    mark: Literal["full", "half", "empty"]
    title: Text


@record
class Panel:
    """A derived view without questions of its own: a list of items, or a grid of rows × columns."""

    id: str
    title: Text
    kind: Literal["status", "bars", "grid"]
    reads: Text
    items: tuple[PanelItem, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[PanelRow, ...] = ()
    statuses: tuple[PanelStatus, ...] = ()
