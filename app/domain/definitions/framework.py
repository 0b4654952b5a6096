"""The named parts of the method: funnel, calendars, journeys, loops, canvases, and the glossary."""

from app.domain.definitions.record import record


@record
class FrameworkItem:
    """One element of a framework. Empty fields are not printed."""

    id: str
    title: str
    text: str
    when: str = ""
    trigger: str = ""
    action: str = ""
    script: str = ""
    visual: str = ""
    metric: str = ""
    owner: str | None = None
    sops: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@record
class Framework:
    """A named structure of the method, such as the seven-step funnel or the ten columns."""

    id: str
    title: str
    purpose: str
    origin: str
    items: tuple[FrameworkItem, ...]


@record
class Term:
    """One entry of the glossary."""

    id: str
    term: str
    meaning: str
