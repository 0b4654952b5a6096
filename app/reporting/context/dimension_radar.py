"""The radar of all dimensions, as full and short reports open with it."""

from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.reporting.charts import RadarAxis, radar
from app.reporting.context.scores_levels import chart_score
from app.reporting.context.source import Source

FEWEST_AXES: Final = 3
MOST_AXES: Final = 10


def dimension_radar(source: Source, title: str, width: float) -> Markup | None:
    """Return scores with levels and targets; None where too few dimensions are rated.

    A dimension through which the binding gate holds the overall level is marked.
    """
    card, scale = source.diagnosis.scorecard, source.model.content.scale
    binding = card.binding.binds if card.binding is not None else ()
    axes = []
    for dimension in source.model.content.dimensions:
        found = card.dimensions[dimension.id]
        label = dimension.title if found.level is None else f"{dimension.title} L{found.level}"
        flag = source.wording.translate("压级") if dimension.id in binding else ""
        axes.append(RadarAxis(label, found.score, source.target(dimension.id), flag=flag))
    rated = sum(axis.now is not None for axis in axes)
    if rated < FEWEST_AXES or len(axes) > MOST_AXES:
        return None
    return radar(
        axes,
        title=title,
        low=Fraction(scale.minimum - 1),
        high=scale.maximum,
        rings=[(level.level, str(level.level)) for level in scale.levels],
        format=chart_score(source),
        theme=source.theme,
        words=source.words,
        width=width,
    )
