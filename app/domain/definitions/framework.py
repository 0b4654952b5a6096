"""The named parts of the method: funnel, calendars, journeys, loops, canvases, and the glossary."""

from app.domain.definitions.record import Text, record


@record
class FrameworkItem:
    """One element of a framework. Empty fields are not printed."""

    id: str
    title: Text
    text: Text
    when: Text = ""
    trigger: Text = ""
    action: Text = ""
    script: Text = ""
    visual: Text = ""
    metric: Text = ""
    owner: str | None = None
    sops: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@record
class Framework:
    """A named structure of the method, such as the seven-step funnel or the ten columns."""

    id: str
    title: Text
    purpose: Text
    origin: Text
    items: tuple[FrameworkItem, ...]


@record
class Term:
    """One entry of the glossary."""

    id: str
    term: Text
    meaning: Text
