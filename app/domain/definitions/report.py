"""A report's definition: which sections it has, in which order."""

from app.domain.definitions.record import record


@record
class ReportSection:
    """One section: ``id`` is its template and anchor; ``part`` the context field it needs."""

    id: str
    title: str
    part: str
    in_contents: bool = True


@record
class ReportDefinition:
    """What ``report.yaml`` of a report folder says. ``version`` names the templates' state."""

    id: str
    title: str
    version: str
    sections: tuple[ReportSection, ...]
