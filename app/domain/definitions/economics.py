"""Unit economics: assumptions with their grade, and LTV, CAC, ROI, payback from facts."""

from app.domain.definitions.kpi import SourceGrade
from app.domain.definitions.record import Number, Text, record


@record
class Assumption:
    """A named number the arithmetic needs and no fact gives. Editable; printed with its grade.

    ``minimum`` and ``maximum`` are what a client may set. ``low`` and ``high`` are between which
    values it plausibly lies: the sensitivity moves it from one to the other, and leaves it alone
    where they are missing. ``share`` marks a share of 1, printed in per cent.
    """

    id: str
    title: Text
    value: Number
    unit: Text
    grade: SourceGrade
    basis: Text
    minimum: Number
    maximum: Number
    low: Number | None = None
    high: Number | None = None
    share: bool = False


@record
class CaseReference:
    """A published case result: shown as reference only, never as a target."""

    id: str
    title: Text
    text: Text
    caution: Text
