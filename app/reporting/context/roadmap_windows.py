"""The 30-60-90 one-pager: what opens in each month, whose it is, the number that shows it done."""

from dataclasses import dataclass
from typing import Final

from app.domain.initiatives import Initiative
from app.domain.model import MaturityModel
from app.domain.roadmap import Roadmap
from app.reporting.context.roadmap_change import change
from app.reporting.context.roadmap_phases import short_codes
from app.reporting.context.source import Source

WINDOWS: Final = ((1, 30), (31, 60), (61, 90))


@dataclass(frozen=True, slots=True)
class Item:
    """One initiative: owner, first day, and the number that shows it is done."""

    title: str
    owner: str
    starts: str
    done: str
    codes: str
    must: bool


@dataclass(frozen=True, slots=True)
class Window:
    """One month of the first ninety days: what opens in it and the gates that fall into it."""

    title: str
    dates: str
    items: tuple[Item, ...]
    gates: tuple[str, ...]


def windows(source: Source, roadmap: Roadmap) -> tuple[Window, ...]:
    """Return the three months; a number is named once only, by the initiative it fits first."""
    align = {item.phase.id for item in roadmap.phases if item.phase.kind == "align"}
    named: set[str] = set()
    result = []
    for first, last in WINDOWS:
        begin, end = roadmap.day(first), roadmap.day(last)
        own = [
            item
            for item in roadmap.initiatives
            if item.phase not in align and begin <= item.start <= end
        ]
        gates = [
            source.wording.translate("{day} {phase}关：{exit}").format(
                day=source.wording.short_day(phase.end),
                phase=phase.phase.title,
                exit=phase.phase.exit,
            )
            for phase in roadmap.phases
            if phase.phase.days is not None and begin <= phase.end <= end
        ]
        result.append(
            Window(
                title=source.wording.translate("第{}–{}天").format(first, last),
                dates=f"{source.wording.short_day(begin)}–{source.wording.short_day(end)}",
                items=tuple(_item(source, item, named) for item in own),
                gates=tuple(gates),
            )
        )
    return tuple(result)


def _item(source: Source, item: Initiative, named: set[str]) -> Item:
    wording = source.wording
    return Item(
        title=item.template.title,
        owner=wording.role(item.template.owner),
        starts=wording.translate("{}起").format(wording.short_day(item.start)),
        done=_done(source, item, named),
        codes=short_codes(source, item.sops),
        must=item.must,
    )


def _done(source: Source, item: Initiative, named: set[str]) -> str:
    """Return the number that shows an initiative is done.

    A metric its own steps are judged by, from today's value to the target of its phase; then one
    its findings name; else what the last of its steps is judged by.
    """
    lines = {line.kpi.id: line for line in source.diagnosis.plan.kpis}
    for name in dict.fromkeys((*_measured(source.model, item), *_cited(source.model, item))):
        text = change(source.wording, lines[name], item.phase) if name in lines else None
        if text is not None and name not in named:
            named.add(name)
            return source.wording.translate("{}（{}）").format(text, lines[name].kpi.code)
    metric = source.model.sops[item.sops[0]].steps[-1].metric
    return source.wording.beside(metric.title, metric.target)


def _measured(model: MaturityModel, item: Initiative) -> list[str]:
    return [
        step.metric.kpi
        for name in item.sops
        for step in model.sops[name].steps
        if step.metric.kpi is not None
    ]


def _cited(model: MaturityModel, item: Initiative) -> list[str]:
    return [kpi for rule in item.findings for kpi in model.rules[rule].kpis]
