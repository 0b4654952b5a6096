"""The cheapest way to the next level, as printed: what to do in which order, for what, how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.level_needs import Clears
from app.domain.move_costs import MOVE_EFFORT
from app.domain.next_level import Move, NextLevel
from app.domain.world import OVERALL
from app.reporting.context.source import Source

MOST_POSTS: Final = 2
"""Posts named with their hours; the others are in the sum."""


MOST_TITLES: Final = 6
"""Areas to be measured first that are named; of more nothing is gained by a list."""


@dataclass(frozen=True, slots=True)
class WayRow:
    """The moves of one area on a way.

    ``place`` counts the areas, ``levels`` is from where to where, ``texts`` what to do for each
    level, ``sops`` codes of the SOPs that come with it, ``purpose`` what it is for, ``hours`` what
    it takes (empty where nothing tells the effort).
    """

    place: str
    code: str
    title: str
    levels: str
    texts: tuple[str, ...]
    sops: tuple[str, ...]
    purpose: str
    hours: str


@dataclass(frozen=True, slots=True)
class Way:
    """The cheapest way of a dimension, or of the whole, to its next level.

    ``headline`` says where it leads and what it takes, ``running`` what its SOPs take every month
    from then on, ``unknown`` what should be measured first because it could change the way. Without
    rows ``blocked`` says why there is no way.
    """

    headline: str
    rows: tuple[WayRow, ...]
    running: str
    unknown: str
    blocked: str


@dataclass(frozen=True, slots=True)
class KeyWay:
    """The way of one of the other dimensions on one line, ``first`` the move it begins with."""

    title: str
    levels: str
    moves: str
    first: str
    hours: str
    running: str


class Ways:
    """Writes the ways of one diagnosis."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate
        self._ways = source.diagnosis.next_levels()

    def way(self, target: str) -> Way:
        """Return the way of a dimension, or of ``overall``."""
        found = self._ways[target]
        return Way(
            headline=self._headline(found),
            rows=self._rows(found),
            running=self._running(found),
            unknown=self._unknown(found),
            blocked=self._blocked(found),
        )

    def reads(self) -> str:
        """Return how the ways were found, and what their hours are made of."""
        model = self._source.model
        text = self._say(
            "一步是一个领域升一级；先决条件没到L{standing}的领域不先动，补先决条件的步子也算在内。"
            "各种组合都比过，没有更省的。"
        ).format(standing=model.content.rating.standing_level)
        roadmap, minimum = model.content.roadmap, model.content.scale.minimum
        if roadmap is None or model.content.staffing is None:
            return text
        days = [
            self._say("升到L{level}算{days}个工作日").format(
                level=minimum + step, days=times * roadmap.effort_days[size]
            )
            for step, (size, times) in enumerate(MOVE_EFFORT, start=1)
        ]
        return text + self._say(
            "工时＝动作本身（{days}）＋带进来的SOP建立一次和首月运行；同一份SOP只算一次，已在用的不算。"
        ).format(days=self._wording.joined(days))

    def areas(self, target: str) -> frozenset[str]:
        """Return the areas a way moves."""
        return frozenset(move.area for move in self._ways[target].moves)

    def key_way(self, dimension: str) -> KeyWay:
        """Return the way of a dimension on one line."""
        found, model = self._ways[dimension], self._source.model
        groups = _by_area(found.moves)
        moves = [f"{model.areas[area].code} {_levels(steps)}" for area, steps in groups.items()]
        first = self._texts(found.moves[:1])
        hours = self._hours(found.hours)
        return KeyWay(
            title=model.dimensions[dimension].title,
            levels=_arrow(found.today, found.level) if found.moves else _level(found.today),
            moves=self._wording.joined(moves) or self._blocked(found),
            first=first[0] if first else "",
            hours=hours,
            running=self._hours(found.monthly) if found.monthly else "",
        )

    def _headline(self, way: NextLevel) -> str:
        if not way.moves or way.level is None:
            return ""
        name = self._wording.level(way.level)
        if way.hours is None:
            return self._say("升到{level}最省的走法：{moves}步").format(
                level=name, moves=len(way.moves)
            )
        return self._say("升到{level}最省的走法：{moves}步，约{hours}").format(
            level=name, moves=len(way.moves), hours=self._hours(way.hours)
        )

    def _rows(self, way: NextLevel) -> tuple[WayRow, ...]:
        model = self._source.model
        rows, before = [], Fraction(0)
        for place, (area, steps) in enumerate(_by_area(way.moves).items(), start=1):
            spent = sum((step.hours for step in steps), Fraction(0))
            sops = [sop for step in steps for sop in step.sops]
            rows.append(
                WayRow(
                    place=str(place),
                    code=model.areas[area].code,
                    title=model.areas[area].title,
                    levels=_levels(steps),
                    texts=self._texts(steps),
                    sops=tuple(model.sops[sop].code for sop in sops),
                    purpose=self._purpose(steps),
                    hours=self._part(before, spent) if way.hours is not None else "",
                )
            )
            before += spent
        return tuple(rows)

    def _texts(self, steps: Sequence[Move]) -> tuple[str, ...]:
        model, minimum = self._source.model, self._source.model.content.scale.minimum
        found = []
        for step in steps:
            moves, place = model.areas[step.area].moves, step.start - minimum
            if place < len(moves):
                found.append(moves[place])
        return tuple(found)

    def _purpose(self, steps: Sequence[Move]) -> str:
        """Return what moves are for: what they clear, then the score they raise."""
        clears = dict.fromkeys(why for step in steps for why in step.clears)
        areas = self._source.model.areas
        waiting = [areas[why.of].code for why in clears if why.kind == "prerequisite"]
        told = []
        if waiting:
            names = self._wording.joined(waiting)
            told.append(self._say("先有它，才能动{areas}").format(areas=names))
        told += [self._cleared(why) for why in clears if why.kind != "prerequisite"]
        return self._say("；").join(told)

    def _cleared(self, why: Clears) -> str:
        content = self._source.model.content
        if why.kind == "gate":
            gate = next(gate for gate in content.gates if gate.id == why.of)
            return self._say("过「{gate}」").format(gate=gate.title)
        if why.kind == "critical":
            title = self._source.model.dimensions[why.of].title
            return self._say("{dimension}的关键领域，它不升，等级不动").format(dimension=title)
        if why.of == OVERALL:
            return self._say("抬高总分")
        title = self._source.model.dimensions[why.of].title
        return self._say("抬高{dimension}的得分").format(dimension=title)

    def _running(self, way: NextLevel) -> str:
        """Return what the SOPs of a way take every month, by whom; empty where nothing is known."""
        if not way.monthly or way.heads is None or not way.moves:
            return ""
        text = self._say("带进来的SOP此后每月要{hours}").format(hours=self._hours(way.monthly))
        staffing = self._source.model.content.staffing
        titles = {post.id: post.title for post in staffing.posts} if staffing else {}
        shown = [
            self._wording.beside(titles[post], self._hours(hours))
            for post, hours in list(way.posts.items())[:MOST_POSTS]
            if hours * 2 >= 1
        ]
        if shown:
            text += self._say("（{}）").format(self._wording.joined(shown))
        if way.heads:
            text += self._say("，总部约{people}人").format(
                people=self._wording.number(way.heads, 1)
            )
        return text + self._in_plan(way) + self._say("。")

    def _in_plan(self, way: NextLevel) -> str:
        """Return whether the people of the plan do that work already."""
        plan = self._source.diagnosis.plan
        planned = {item.sop.id for item in plan.sops} | {sop.id for sop in plan.standing}
        beside = [self._source.model.sops[sop].code for sop in way.sops if sop not in planned]
        if not beside:
            return self._say("，编制里都已算上")
        return self._say("，{sops}不在计划里，要另外配人").format(sops=self._wording.joined(beside))

    def _unknown(self, way: NextLevel) -> str:
        if not way.measure_first or way.blocked is not None:
            return ""
        return self._say("先量再动：{areas}还没有评级，评出来可能改变这条走法。").format(
            areas=self._titles(way.measure_first)
        )

    def _blocked(self, way: NextLevel) -> str:
        if way.blocked is None:
            return ""
        if way.blocked == "top":
            return self._say("已在最高一级，守住即可")
        if way.blocked == "unrated":
            if not 0 < len(way.measure_first) <= MOST_TITLES:
                return self._say("还没有评")
            return self._say("还没有评，先量{areas}").format(areas=self._titles(way.measure_first))
        gate = next((g for g in self._source.model.content.gates if g.id == way.gate), None)
        title = gate.title if gate is not None else ""
        if way.blocked == "gate":
            return self._say("「{gate}」挡着，动哪个领域都过不去").format(gate=title)
        return self._say("「{gate}」不只看等级，算不出最省的走法").format(gate=title)

    def _titles(self, areas: Sequence[str]) -> str:
        found = [self._source.model.areas[area] for area in areas]
        return self._wording.joined([f"{area.code} {area.title}" for area in found])

    def _hours(self, hours: Fraction | None) -> str:
        if hours is None:
            return ""
        return self._say("{hours}小时").format(hours=self._wording.number(hours))

    def _part(self, before: Fraction, hours: Fraction) -> str:
        """Return a row's hours, rounded so that the rows come out at the rounded sum."""
        return self._hours(_whole(before + hours) - _whole(before))


def _whole(hours: Fraction) -> Fraction:
    return Fraction(int(hours + Fraction(1, 2)))


def _by_area(moves: Sequence[Move]) -> Mapping[str, tuple[Move, ...]]:
    groups: dict[str, tuple[Move, ...]] = {}
    for move in moves:
        groups[move.area] = (*groups.get(move.area, ()), move)
    return groups


def _levels(steps: Sequence[Move]) -> str:
    return _arrow(steps[0].start, steps[-1].level)


def _arrow(start: int | None, level: int | None) -> str:
    return f"{_level(start)}→{_level(level)}"


def _level(level: int | None) -> str:
    return "" if level is None else f"L{level}"
