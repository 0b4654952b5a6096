"""What lies ahead for a contact, by day: phases, gates and the tasks due, as titles alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.model import MaturityModel
from app.domain.roadmap import Roadmap
from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached, gate_day
from app.services.coaching.reporters import own_store
from app.services.errors import NotFoundError
from app.services.portal.coached import shared_coaching
from app.services.portal.shared import newest_shared, portal_frame

AgendaKind: TypeAlias = Literal["begins", "gate", "task"]

_ORDER: Final = ("gate", "begins", "task")


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something on a day: a phase begins, a gate is checked, or ``count`` tasks of a SOP are due.

    ``key`` tells it from all others of the engagement; ``code`` is the SOP's. ``planned``: it comes
    after a gate nobody has decided yet, so its day may move.
    """

    day: date
    kind: AgendaKind
    title: str
    count: int
    key: str
    code: str = ""
    planned: bool = False


def agenda_of(acting: Acting, engagement: str, first: date, last: date) -> tuple[AgendaItem, ...]:
    """Return what lies between two days, a store manager's own tasks alone; by day.

    Of the plan that is coached; before there is one, the dates of the newest shared version. Raises
    ``NotFoundError``.
    """
    coached = shared_coaching(acting, engagement)
    if coached is None:
        found = tuple(_of_shared(acting, engagement))
    else:
        found = (*_coached_milestones(coached), *_tasks(acting, coached, first, last))
    within = (item for item in found if first <= item.day <= last)
    return tuple(sorted(within, key=lambda item: (item.day, _ORDER.index(item.kind), item.key)))


def milestones_of(
    acting: Acting, engagement: str, coached: Coached | None
) -> tuple[AgendaItem, ...]:
    """Return when phases begin and gates are checked, by day; raises ``NotFoundError``.

    ``coached`` is the plan the client is coached by (``shared_coaching``).
    """
    found = _of_shared(acting, engagement) if coached is None else _coached_milestones(coached)
    return tuple(sorted(found, key=lambda item: (item.day, _ORDER.index(item.kind))))


def _of_shared(acting: Acting, engagement: str) -> Iterator[AgendaItem]:
    portal_frame(acting, engagement)
    shared = None if acting.store else newest_shared(acting, engagement)
    diagnosis = shared.source.diagnosis if shared is not None else None
    if diagnosis is not None and diagnosis.plan.roadmap is not None:
        yield from _of_roadmap(diagnosis.model, diagnosis.plan.roadmap)


def _coached_milestones(coached: Coached) -> Iterator[AgendaItem]:
    """Yield the milestones as the gates decided so far leave them.

    A planned beginning whose day has gone by without its gate being decided is left out: the phase
    has not begun, and no day is known on which it will.
    """
    found = _of_roadmap(coached.model, coached.roadmap, coached.running.phase.id)
    for item in found:
        if not (item.kind == "begins" and item.planned and item.day < coached.today):
            yield item


def _of_roadmap(model: MaturityModel, roadmap: Roadmap, running: str = "") -> Iterator[AgendaItem]:
    """Yield when phases begin and their gates are checked.

    Gates before the phase ``running`` are decided; without one none is.
    """
    names = [planned.phase.id for planned in roadmap.phases]
    decided = names.index(running) if running else 0
    sure = True
    for place, planned in enumerate(roadmap.phases):
        title = f"{planned.phase.code} {planned.phase.title}"
        name = planned.phase.id
        yield AgendaItem(planned.start, "begins", title, 0, f"{name} begins", planned=not sure)
        gate = gate_day(model, planned)
        if gate is not None:
            yield AgendaItem(gate, "gate", title, 0, f"{name} gate", planned=not sure)
        sure = sure and (place < decided or gate is None)


def _tasks(acting: Acting, coached: Coached, first: date, last: date) -> Iterator[AgendaItem]:
    try:
        unit = own_store(acting, coached, "")
    except NotFoundError:
        # A store manager whose store takes no part (yet) has no tasks.
        return
    counts = Counter(
        (task.due, task.sop) for task in coached.tasks(first, last) if not unit or task.unit == unit
    )
    for (day, sop), count in counts.items():
        known = coached.model.sops[sop]
        key = f"{day.isoformat()} {sop}"
        yield AgendaItem(day, "task", f"{known.code} {known.title}", count, key, known.code)
