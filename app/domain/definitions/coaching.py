"""The numbers of coaching and of looking back: bands, spans, thresholds, smallest cells."""

from decimal import Decimal

from app.domain.definitions.record import Number, record


@record
class DeviationBands:
    """From which deviation on a KPI is amber, and from which red; shares of 1, better is positive.

    A deviation down to −``amber`` is on plan, below −``red`` it is red. The defaults are the usual
    five and fifteen per cent of management reports (grade OPJ).
    """

    amber: Number = Decimal("0.05")
    red: Number = Decimal("0.15")


@record
class SelfRatingBands:
    """From which difference on a self-rating is a finding, in levels of the scale (grade OPJ).

    ``overall`` over all questions both answered, ``dimension`` over those of one dimension, of
    which there must be ``questions`` at least.
    """

    overall: Number = Decimal("0.5")
    dimension: Number = 1
    questions: int = 2


@record
class CoachingModel:
    """What coaching and the portfolio count with. A model without it gets these defaults.

    ``on_time_kpi`` is the KPI that tasks done on time are the actual of; its bound of good tells
    from where on work counts as carried out. ``compare_weeks`` are the weeks before and after an
    adoption that a KPI is averaged over. ``benchmark_clients`` is the smallest number of clients a
    benchmark may rest on, and the smallest by which two published ones may differ.
    ``self_check_months`` is how long the answers of a self-check may be handed on.
    """

    bands: DeviationBands = DeviationBands()
    self_rating: SelfRatingBands = SelfRatingBands()
    on_time_kpi: str | None = None
    compare_weeks: int = 4
    benchmark_clients: int = 5
    self_check_months: int = 3
