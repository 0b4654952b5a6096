"""The report's charts: plain values in, one SVG with its alternative text out.

Every function is pure and returns a ``Markup`` string that stands inline in HTML and PDF alike.
Sizes are user units of 1/96 inch; a chart of the default width fills the 170 mm text column.
Fixed words come from ``Words``, colours and font from ``Theme``, numbers are printed by the
``format`` the caller passes, so that a chart and the table beside it agree.
"""

from app.reporting.charts.bars import BarRow, Contribution, bar_list, waterfall
from app.reporting.charts.colour import contrast_ratio, darken_to_contrast, mix
from app.reporting.charts.forecast import Scenario, forecast_chart
from app.reporting.charts.gantt import GanttGate, GanttPhase, GanttRow, gantt
from app.reporting.charts.gaps import GapRow, gap_plot
from app.reporting.charts.heatmap import HeatRow, heatmap
from app.reporting.charts.kpitree import KpiNode, kpi_tree
from app.reporting.charts.load import LoadBar, LoadPart, load_bars
from app.reporting.charts.loadgrid import LoadCell, LoadRow, load_grid
from app.reporting.charts.numbers import chinese_amount, percent, plain, score, signed_score
from app.reporting.charts.organisation import OrgUnit, organisation_chart
from app.reporting.charts.perception import PerceptionRow, RoleScore, perception_plot
from app.reporting.charts.postwork import WorkPanel, work_waterfalls
from app.reporting.charts.processmap import ProcessStep, process_map
from app.reporting.charts.radar import RadarAxis, radar
from app.reporting.charts.stages import StageReading, stage_chevrons
from app.reporting.charts.standings import StandingPoint, standings_chart
from app.reporting.charts.status import StatusItem, status_mark, status_panel
from app.reporting.charts.theme import COLUMN, Theme, Words
from app.reporting.charts.tornado import TornadoMark, TornadoRow, tornado

__all__ = [
    "COLUMN",
    "BarRow",
    "Contribution",
    "GanttGate",
    "GanttPhase",
    "GanttRow",
    "GapRow",
    "HeatRow",
    "KpiNode",
    "LoadBar",
    "LoadCell",
    "LoadPart",
    "LoadRow",
    "OrgUnit",
    "PerceptionRow",
    "ProcessStep",
    "RadarAxis",
    "RoleScore",
    "Scenario",
    "StageReading",
    "StandingPoint",
    "StatusItem",
    "Theme",
    "TornadoMark",
    "TornadoRow",
    "Words",
    "WorkPanel",
    "bar_list",
    "chinese_amount",
    "contrast_ratio",
    "darken_to_contrast",
    "forecast_chart",
    "gantt",
    "gap_plot",
    "heatmap",
    "kpi_tree",
    "load_bars",
    "load_grid",
    "mix",
    "organisation_chart",
    "percent",
    "perception_plot",
    "plain",
    "process_map",
    "radar",
    "score",
    "signed_score",
    "stage_chevrons",
    "standings_chart",
    "status_mark",
    "status_panel",
    "tornado",
    "waterfall",
    "work_waterfalls",
]
