"""Where the hours of every post go, and how full they are by phase."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.sop_load import STORE_POST, PostLoad
from app.reporting.charts import (
    Contribution,
    LoadBar,
    LoadCell,
    LoadPart,
    LoadRow,
    WorkPanel,
    load_bars,
    load_grid,
    work_waterfalls,
)
from app.reporting.charts.numbers import Number
from app.reporting.context.staffing_newcomers import NewcomerRow, Newcomers
from app.reporting.context.staffing_view import NOBODY, StaffingView
from app.reporting.numerals import rounded

NAMED: Final = 3
"""Recurring SOPs named in a post's waterfall; the others are one piece."""

PANELS: Final = 2
"""Waterfalls in one drawing, so that a page may end between two of them."""

TIGHT: Final = Fraction(85, 100)
"""The load from which a post is called full: nobody plans the last hour of a month."""


@dataclass(frozen=True, slots=True)
class HoursPart:
    """Hours of work against hours of people.

    ``headline`` names the fullest post; ``waterfalls`` are the drawings of the main phase,
    ``grid`` the load of every post in every phase. ``overloads`` say what nobody has hours for
    (empty without), with ``overload_chart`` beside them. ``newcomers`` are the phases in which
    people join; ``notes`` tell of coaching, rest days and the stores' own share.
    """

    headline: str
    title: str
    waterfalls: tuple[Markup, ...]
    grid: Markup
    overloads: tuple[str, ...]
    overload_chart: Markup | None
    newcomers: tuple[NewcomerRow, ...]
    notes: tuple[str, ...]


class Hours:
    """The hours of one plan."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate
        self._theme = view.source.theme
        self._words = replace(view.source.words, capacity=self._say("可用工时"))

    def part(self) -> HoursPart | None:
        """Return the section; None where nobody is staffed."""
        view = self._view
        loads = [load for load in view.loads(view.full.phase) if load.works]
        if not loads:
            return None
        return HoursPart(
            headline=self._headline(loads),
            title=self._say("{}：每个岗位一个月的工时由什么构成").format(
                view.phase(view.full.phase)
            ),
            waterfalls=self._waterfalls(loads),
            grid=self._grid(),
            overloads=self._overloads(),
            overload_chart=self._overload_chart(),
            newcomers=Newcomers(view).rows(),
            notes=Newcomers(view).notes(view.full),
        )

    # -- conclusion ------------------------------------------------------------------------

    def _headline(self, loads: list[PostLoad]) -> str:
        over = {load.post: load for load in self._view.plan.overloads}
        if over:
            names = [self._view.post(post) for post in over]
            if all(load.hours <= load.trained for load in self._view.plan.overloads):
                text = self._say("新人上手前{posts}装不下，上手后装得下")
                return text.format(posts=self._wording.joined(names))
            return self._say("人比活少：{posts}有活没人做").format(
                posts=self._wording.joined(names)
            )
        own = [load for load in loads if load.post != STORE_POST and load.available]
        if not own:
            return self._say("工时：活与人")
        fullest = max(own, key=lambda load: load.hours / load.available)
        emptiest = min(own, key=lambda load: load.hours / load.available)
        return self._say(
            "活装得下：最满的是{full}，用掉{most}工时；最空的是{empty}，只用掉{least}"
        ).format(
            full=self._view.post(fullest.post),
            most=self._share(fullest),
            empty=self._view.post(emptiest.post),
            least=self._share(emptiest),
        )

    def _share(self, load: PostLoad) -> str:
        """Return how much of its hours a post uses; what exceeds them never reads 100 %."""
        if not load.available:
            return "∞" if load.hours else self._wording.percent(0)
        share = load.hours / load.available * 100
        close = load.excess > 0 and share < 101
        return self._wording.percent(share, 1 if close else 0)

    def _number(self, value: Number) -> str:
        return self._wording.number(Fraction(value))

    # -- drawings --------------------------------------------------------------------------

    def _waterfalls(self, loads: list[PostLoad]) -> tuple[Markup, ...]:
        drawings = []
        for first in range(0, len(loads), PANELS):
            drawn = loads[first : first + PANELS]
            names = [self._view.post(load.post) for load in drawn]
            drawings.append(
                work_waterfalls(
                    [self._panel(load) for load in drawn],
                    title=self._say("每月工时的构成：{}").format(self._wording.joined(names)),
                    desc=self._say("单位：小时；竖线是这个岗位可用的工时"),
                    format=self._number,
                    theme=self._theme,
                    words=self._words,
                )
            )
        return tuple(drawings)

    def _panel(self, load: PostLoad) -> WorkPanel:
        title = self._say("{post}（{share}）").format(
            post=self._title(load), share=self._share(load)
        )
        return WorkPanel(title, tuple(self._pieces(load)), load.available)

    def _title(self, load: PostLoad) -> str:
        if load.post != STORE_POST:
            return self._view.post(load.post)
        horizon = next(h for h in self._view.staffing.horizons if h.phase == load.phase)
        return self._say("{}家门店合计").format(self._wording.number(horizon.store_people))

    def _pieces(self, load: PostLoad) -> list[Contribution]:
        """Return routine SOPs by size, one-off work, work outside the SOPs, handing over."""
        routine = _by_source(load, "routine")
        pieces = [Contribution(self._view.work(name), hours) for name, hours in routine[:NAMED]]
        rest = routine[NAMED:]
        if len(rest) == 1:
            pieces.append(Contribution(self._view.work(rest[0][0]), rest[0][1]))
        elif rest:
            label = self._say("其余{}份例行SOP").format(len(rest))
            pieces.append(Contribution(label, sum((hours for _, hours in rest), NOBODY)))
        pieces += [
            Contribution(self._view.work(name), hours)
            for name, hours in _by_source(load, "standing")
        ]
        for kind, label in (
            ("set-up", self._say("引入新SOP（一次性）")),
            ("cover", self._say("休息日交接")),
        ):
            hours = sum((hours for _, hours in _by_source(load, kind)), NOBODY)
            if hours:
                pieces.append(Contribution(label, hours))
        return pieces

    def _grid(self) -> Markup:
        view = self._view
        columns = [(view.code(h.phase), view.phase(h.phase)) for h in view.staffing.horizons]
        rows = []
        for post in view.posts:
            loads = [view.load(horizon.phase, post) for horizon in view.staffing.horizons]
            if any(load is not None and load.works for load in loads):
                rows.append(LoadRow(view.post(post), tuple(self._cell(load) for load in loads)))
        return load_grid(
            columns,
            rows,
            title=self._say("各岗位各期的负荷：每月要做的工时占可用工时"),
            desc=self._say("竖线是100%；越过竖线的活没有人的时间去做"),
            theme=self._theme,
            words=self._words,
        )

    def _cell(self, load: PostLoad | None) -> LoadCell | None:
        if load is None:
            return None
        near = load.hours >= load.available * TIGHT
        return LoadCell(load.hours, load.available, self._share(load), near)

    # -- what does not fit -------------------------------------------------------------------

    def _overloads(self) -> tuple[str, ...]:
        """Say of every overload that is left, per post, in which phases and how much."""
        found: dict[str, list[PostLoad]] = {}
        for load in self._view.plan.overloads:
            found.setdefault(load.post, []).append(load)
        return tuple(self._overload(loads) for loads in found.values())

    def _overload(self, loads: list[PostLoad]) -> str:
        where = [self._excess(load) for load in loads]
        largest = max(loads, key=lambda load: load.excess)
        name, hours = largest.by_source()[0]
        said = self._say("{post}装不下：{where}。最大的一块是{work}（{hours}小时）；").format(
            post=self._view.post(loads[0].post),
            where=self._say("；").join(where),
            work=self._view.work(name),
            hours=self._wording.number(hours),
        )
        if all(load.hours <= load.trained for load in loads):
            return said + self._say("新人首月只顶一半，上手后有{hours}小时，就装得下。").format(
                hours=self._wording.number(largest.trained)
            )
        return said + self._say("能停的已经停了，多出的活没有人的时间去做。")

    def _excess(self, load: PostLoad) -> str:
        hours, available = rounded(load.hours), rounded(load.available)
        return self._say("{phase}每月{hours}小时的活只有{available}小时，多出{excess}小时").format(
            phase=self._view.phase(load.phase),
            hours=self._wording.number(hours),
            available=self._wording.number(available),
            excess=self._wording.number(hours - available),
        )

    def _overload_chart(self) -> Markup | None:
        worst: dict[str, PostLoad] = {}
        for load in self._view.plan.overloads:
            if load.post not in worst or load.excess > worst[load.post].excess:
                worst[load.post] = load
        if not worst:
            return None
        return load_bars(
            [
                LoadBar(
                    f"{self._view.post(load.post)} {self._view.code(load.phase)}",
                    tuple(LoadPart(p.label, p.value or 0) for p in self._pieces(load)),
                    load.available,
                )
                for load in worst.values()
            ],
            title=self._say("装不下的岗位：每月的活与可用的工时"),
            desc=self._say("每个岗位取多出最多的一期"),
            unit=self._say("小时"),
            format=self._number,
            theme=self._theme,
            words=self._words,
        )


def _by_source(load: PostLoad, kind: str) -> list[tuple[str, Fraction]]:
    """Return the hours of one kind of work per source, the largest first; none that print as 0."""
    sums: dict[str, Fraction] = {}
    for work in load.works:
        if work.kind == kind:
            sums[work.source] = sums.get(work.source, NOBODY) + work.hours
    return sorted(
        ((source, hours) for source, hours in sums.items() if rounded(hours)),
        key=lambda entry: (-entry[1], entry[0]),
    )
