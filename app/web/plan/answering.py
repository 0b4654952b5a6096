"""The answer to what stands on the desk, as the page shows it."""

from dataclasses import dataclass
from typing import Any

from flask import g

from app.domain.response import PlanControls
from app.services.plans.figures import PlanFigures, figures_of
from app.services.plans.prices import Limit, limits_in_force
from app.services.plans.reading import PlanReading, read_plan
from app.services.plans.what_if import Desk
from app.web.plan.comparing import comparison
from app.web.plan.differing import Difference, differences
from app.web.presenting import day, say, short_day


@dataclass(frozen=True)
class Answer:
    """One plan beside the one that counts.

    ``tiles`` are the figures seen first; ``changes`` the controls in which the two differ,
    ``compared`` what the two come to side by side. ``limits`` refuse somebody.
    """

    reading: PlanReading
    figures: PlanFigures
    tiles: list[dict[str, Any]]
    changes: tuple[Difference, ...]
    compared: list[dict[str, Any]]
    limits: tuple[Limit, ...]

    def said(self) -> str:
        """Return the answer in one sentence, for who hears the page."""
        tiles = say("，").join(f"{tile['label']}{tile['value']}" for tile in self.tiles[:4])
        headline = self.reading.headline
        return (
            say("{headline}。{figures}。", headline=headline, figures=tiles) if headline else tiles
        )


def answer_to(desk: Desk, controls: PlanControls) -> Answer:
    """Return what the plan of these controls comes to."""
    reading = read_plan(desk.current, desk.under(controls), g.locale)
    decided = read_plan(desk.current, desk.diagnosis, g.locale)
    figures = figures_of(reading)
    return Answer(
        reading=reading,
        figures=figures,
        tiles=_tiles(desk, reading, figures),
        changes=differences(desk.model, desk.decided, controls),
        compared=comparison(figures_of(decided), figures, reading.wording),
        limits=limits_in_force(reading),
    )


def _tiles(desk: Desk, reading: PlanReading, figures: PlanFigures) -> list[dict[str, Any]]:
    found = [_index(desk, reading, figures), _people(reading, figures), _payroll(reading, figures)]
    if reading.view is not None:
        found.append(_short(figures))
    found += [_result(reading, figures), _gate(figures)]
    return [tile for tile in found if tile]


def _index(desk: Desk, reading: PlanReading, figures: PlanFigures) -> dict[str, Any]:
    wording, card, lost = reading.wording, desk.diagnosis.scorecard, reading.plan.sacrifice
    if figures.index is None:
        return {"label": say("做完后的指数"), "value": "—", "note": say("评分还不够，算不出")}
    today = say("今天{index}，L{level}", index=wording.number(card.index, 1), level=card.level)
    note = say("L{level}；{today}", level=figures.level, today=today)
    if lost is not None and lost.index_lost > 0:
        full = wording.number(lost.full.index, 1)
        note += say("；人给够是{index}", index=full)
    return {
        "label": say("做完后的指数"),
        "value": wording.number(figures.index, 1),
        "note": note,
        "tone": "act" if lost is not None and lost.index_lost > 0 else "",
    }


def _people(reading: PlanReading, figures: PlanFigures) -> dict[str, Any]:
    wording, view = reading.wording, reading.view
    if view is None:
        return {"label": say("编制"), "value": "—", "note": say("用户数还没有，算不出")}
    asked = sum((need.fte for need in view.full.needs), view.full.fte * 0)
    there = wording.plain(view.staffing.current_fte) if view.staffing.current else "—"
    note = say("今天{n}人", n=there)
    if asked > view.full.fte:
        note = say("要{asked}人；今天{n}人", asked=wording.plain(asked), n=there)
    return {
        "label": say("编制（{phase}）", phase=figures.phase),
        "value": wording.plain(figures.people),
        "unit": say("人"),
        "note": note,
        "tone": "act" if asked > view.full.fte else "",
    }


def _payroll(reading: PlanReading, figures: PlanFigures) -> dict[str, Any]:
    wording, cap = reading.wording, reading.plan.controls.payroll_cap
    if figures.payroll is None or reading.view is None:
        return {}
    over = cap is not None and figures.payroll > cap
    note = say("今天{money}", money=wording.money(reading.view.staffing.current_cost()))
    if cap is not None:
        text = "上限{cap}，超{over}" if over else "上限{cap}以内"
        note = say(text, cap=wording.money(cap), over=wording.money(figures.payroll - cap))
    return {
        "label": say("最高的月人工"),
        "value": wording.money(figures.payroll),
        "note": note,
        "tone": "act" if over else "",
    }


def _short(figures: PlanFigures) -> dict[str, Any]:
    return {
        "label": say("装不下的岗位"),
        "value": str(len(figures.short)),
        "note": say("、").join(figures.short) if figures.short else say("每个岗位的活都装得下"),
        "tone": "act" if figures.short else "",
    }


def _result(reading: PlanReading, figures: PlanFigures) -> dict[str, Any]:
    wording = reading.wording
    if figures.result is None:
        return {}
    months = say("到第12个月还在亏")
    if figures.pays_from == 1:
        months = say("月月不亏")
    elif figures.pays_from is not None:
        months = say("第{n}个月起不亏", n=figures.pays_from)
    roi = (
        f"{wording.plain(figures.roi * 100)}%".replace("-", "−") if figures.roi is not None else "—"
    )
    return {
        "label": say("第一年的结余"),
        "value": wording.money(figures.result).replace("-", "−"),
        "note": say("投入产出比{roi}；{months}", roi=roi, months=months),
        "tone": "act" if figures.result < 0 else "",
    }


def _gate(figures: PlanFigures) -> dict[str, Any]:
    if figures.gate is None:
        return {}
    return {"label": say("第一道关"), "value": short_day(figures.gate), "note": day(figures.gate)}
