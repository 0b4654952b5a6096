"""Unit economics: assumptions with their grade, and LTV, CAC, ROI, payback from facts."""

from app.domain.definitions.kpi import SourceGrade
from app.domain.definitions.record import Number, record


@record
class Assumption:
    """A named number the arithmetic needs and no fact gives. Editable; printed with its grade."""

    id: str
    title: str
    value: Number
    unit: str
    grade: SourceGrade
    basis: str
    minimum: Number
    maximum: Number


@record
class CaseReference:
    """A published case result: shown as reference only, never as a target."""

    id: str
    title: str
    text: str
    caution: str
