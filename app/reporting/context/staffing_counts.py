"""Staffing counted twice, side by side: by formula, by hours of work, and why the two part."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.domain.reconciliation import Reconciled
from app.domain.sop_load import SPECIALIST
from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_causes import CauseWords
from app.reporting.context.staffing_view import StaffingView
from app.reporting.numerals import NOTHING, rounded

PLACES: Final = 2
FEWEST, MOST = 2, 5
"""Causes told in words at least and at most; what is left is told as one figure."""

NOTABLE: Final = Fraction(1, 20)
"""FTE from which the two counts of a post are said to differ."""


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause in words, and the FTE by which it moves the count by work."""

    says: str
    fte: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """One post (or one phase of a post) counted twice, in FTE with two places.

    ``difference`` is work less formula as printed; the printed ``causes`` and the ``rest`` (empty
    where nothing is left) add up to it exactly. ``granted`` is what the plan staffs, with what it
    asks for beside it where that is more; ``more`` marks more work than the formula sees.
    """

    label: str
    formula: str
    work: str
    difference: str
    granted: str
    causes: tuple[CauseLine, ...]
    rest: str
    more: bool


@dataclass(frozen=True, slots=True)
class BothCounts:
    """Both counts of the main phase per post, and of the specialists per phase.

    ``headline`` says where they part most, ``lead`` how the plan uses them; ``specialists`` is
    empty where there is one phase only.
    """

    headline: str
    lead: str
    posts: tuple[CountRow, ...]
    specialists: tuple[CountRow, ...]


class Counts:
    """Prints the two counts of one plan."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate
        self._words = CauseWords(view)

    def both(self) -> BothCounts | None:
        """Return the comparison; None where no work was counted."""
        view, full = self._view, self._view.full
        found = [view.counted(full.phase, post) for post in view.posts]
        counted = [item for item in found if item is not None]
        if not counted:
            return None
        rows = tuple(self._row(full, item, view.post(item.post), MOST) for item in counted)
        return BothCounts(
            headline=self._headline(counted),
            lead=self._lead(full),
            posts=rows,
            specialists=self._by_phase(),
        )

    def _by_phase(self) -> tuple[CountRow, ...]:
        """Return the specialists of every other phase; what reads the same stands in one row."""
        view, rows = self._view, list[CountRow]()
        for horizon in view.staffing.horizons:
            counted = view.counted(horizon.phase, SPECIALIST)
            if counted is None or horizon is view.full:
                continue
            title = f"{view.code(horizon.phase)} {view.phase(horizon.phase)}"
            row = self._row(horizon, counted, title, FEWEST + 1)
            if rows and replace(rows[-1], label=title) == row:
                row = replace(row, label=self._wording.joined([rows.pop().label, title]))
            rows.append(row)
        return tuple(rows)

    def _headline(self, counted: list[Reconciled]) -> str:
        more = [item for item in counted if item.difference >= NOTABLE]
        less = [item for item in counted if item.difference <= -NOTABLE]
        widest = max(counted, key=lambda item: abs(item.difference))
        if not more and not less:
            return self._say("两种算法对得上：{count}个岗位的工时与公式相差都不到0.05人").format(
                count=len(counted)
            )
        return self._say(
            "两种算法：{more}个岗位的活比公式多，{less}个比公式少；差得最多的是{post}，{difference}人"
        ).format(
            more=len(more),
            less=len(less),
            post=self._view.post(widest.post),
            difference=self._wording.signed(widest.difference, 1),
        )

    def _lead(self, full: Horizon) -> str:
        text = self._say(
            "按公式，是从{users}名用户、内容条数、会话数和门店数往下推人；按工时，是把每份SOP的分钟数乘上"
            "每月次数加起来，再除以每人{hours}小时。公式定底数，活比人多的岗位按工时加人；活比公式少的岗位，"
            "差额先不招，负荷过85%再开。"
        )
        return text.format(
            users=self._wording.amount(full.work.online_users),
            hours=self._wording.number(self._view.each, 1),
        )

    def _row(self, horizon: Horizon, counted: Reconciled, label: str, most: int) -> CountRow:
        work = rounded(counted.by_work, PLACES)
        difference = work - rounded(counted.by_formula, PLACES)
        told, left = list[CauseLine](), difference
        for place, cause in enumerate(counted.causes[:most]):
            fte = rounded(cause.fte, PLACES)
            # Once the rest is smaller than what is told last, further causes tell little.
            if not fte or (place >= FEWEST and abs(left) < abs(fte)):
                break
            told.append(CauseLine(self._words.of(horizon, counted, cause), self._signed(fte)))
            left -= fte
        return CountRow(
            label=label,
            formula=self._wording.number(counted.by_formula, PLACES),
            work=self._wording.number(counted.by_work, PLACES),
            difference=self._signed(difference),
            granted=self._granted(horizon, counted.post),
            causes=tuple(told),
            rest=self._signed(left) if left else "",
            more=counted.difference >= NOTABLE,
        )

    def _granted(self, horizon: Horizon, post: str) -> str:
        fte = horizon.heads().get(post)
        if fte is None:
            return NOTHING
        short = horizon.refused().get(post)
        if short is None:
            return self._wording.plain(fte)
        return self._say("{fte}（要{asked}）").format(
            fte=self._wording.plain(fte), asked=self._wording.plain(fte + short)
        )

    def _signed(self, fte: Decimal) -> str:
        return self._wording.signed(fte, PLACES)
