"""Who joins when: what the work needs now first, in monthly batches the team can take in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest
from math import ceil, floor
from typing import Final

from app.domain.hiring import FTE_STEP
from app.domain.sop_load import SPECIALIST
from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_hours import TIGHT
from app.reporting.context.staffing_view import NOBODY, StaffingView

DAYS_OF_MONTH: Final = 30
LATER_FROM: Final = Fraction(1, 2)
"""FTE beyond today's work from which hiring is worth putting off."""

WHOLE_FROM: Final = 2
"""FTE from which a post is hired in whole people."""


@dataclass(frozen=True, slots=True)
class HiringRow:
    """One batch: ``when`` it starts, the ``phase``, ``who`` joins, and ``why`` now and so many.

    ``late`` marks a batch that would come after its phase has ended.
    """

    when: str
    phase: str
    who: str
    why: str
    late: bool


@dataclass(frozen=True, slots=True)
class Joining:
    """The people who join a post in a phase: ``now`` for work that is counted, ``later`` beyond."""

    post: str
    now: Fraction
    later: Fraction


class Hiring:
    """The hiring sequence of one plan."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate

    def rows(self) -> tuple[HiringRow, ...]:
        """Return every batch in order; a phase without anybody new has none."""
        rows: list[HiringRow] = []
        for horizon in self._view.staffing.horizons:
            if not horizon.joiners:
                continue
            if horizon.work.pilot:
                rows.append(self._pilot(horizon))
                continue
            joining = self.joining(horizon)
            rows += self._batches(horizon, joining)
            later = [(item.post, item.later) for item in joining if item.later]
            if later:
                rows.append(self._later(horizon, later))
        return tuple(rows)

    def joining(self, horizon: Horizon) -> tuple[Joining, ...]:
        """Split who joins in a phase into those the counted work needs and those it does not yet.

        Posts without anybody come first, then those with the most work for their people.
        """
        view, found = self._view, []
        for post, fte in horizon.joiners.items():
            there = horizon.heads()[post] - fte
            counted = view.counted(horizon.phase, post)
            needed = counted.by_work - there if counted is not None else fte
            step = Fraction(1) if post == SPECIALIST or fte >= WHOLE_FROM else FTE_STEP
            now = min(fte, max(NOBODY, ceil(needed / step) * step))
            if fte - now < LATER_FROM:
                now = fte
            pressing = counted.by_work / there if counted is not None and there else None
            found.append((pressing, Joining(post, now, fte - now)))
        order = {post: place for place, post in enumerate(view.posts)}
        found.sort(
            key=lambda item: (item[0] is not None, -(item[0] or NOBODY), order[item[1].post])
        )
        return tuple(item for _, item in found)

    # -- rows ------------------------------------------------------------------------------

    def _pilot(self, horizon: Horizon) -> HiringRow:
        begin = self._view.phases[horizon.phase].start
        return HiringRow(
            when=self._say("{}前").format(self._wording.short_day(begin)),
            phase=self._phase(horizon),
            who=self._people(list(horizon.joiners.items())),
            why=self._say("试点只借人或调人，开工前到位；过了关再定长期岗位"),
            late=False,
        )

    def _batches(self, horizon: Horizon, joining: Sequence[Joining]) -> Iterator[HiringRow]:
        planned = self._view.phases[horizon.phase]
        heads = list(_in_turn(joining))
        team = self._before(horizon)
        share = Fraction(self._view.model.hiring_batch)
        sizes = list(batches(len(heads), team, share))
        for number, size in enumerate(sizes):
            start = planned.start + timedelta(days=DAYS_OF_MONTH * number)
            late = planned.phase.days is not None and start > planned.end
            yield HiringRow(
                when=self._wording.short_day(start),
                phase=self._phase(horizon),
                who=self._people(_summed(heads[:size])),
                why=self._why(horizon, number, len(sizes), team, start if late else None),
                late=late,
            )
            team += sum((part for _, part in heads[:size]), NOBODY)
            heads = heads[size:]

    def _why(
        self, horizon: Horizon, number: int, count: int, team: Fraction, late: date | None
    ) -> str:
        text = self._say(
            "现在的活就要：第{number}批，共{count}批；在岗{team}人，一批最多{most}人"
        ).format(
            number=number + 1,
            count=count,
            team=self._wording.plain(team),
            most=max(1, floor(floor(team) * Fraction(self._view.model.hiring_batch))),
        )
        if late is None:
            return text
        return text + self._say("；这时本期已经结束，要提前{months}个月开招").format(
            months=ceil((late - self._view.phases[horizon.phase].end).days / DAYS_OF_MONTH)
        )

    def _later(self, horizon: Horizon, later: list[tuple[str, Fraction]]) -> HiringRow:
        view = self._view
        loads = []
        for post, _ in later:
            counted = view.counted(horizon.phase, post)
            if counted is not None:
                loads.append(
                    self._say("{post}的活只要{work}人").format(
                        post=view.post(post), work=self._wording.number(counted.by_work, 1)
                    )
                )
        return HiringRow(
            when=self._say("负荷过{}时").format(self._wording.percent(TIGHT * 100)),
            phase=self._phase(horizon),
            who=self._people(later),
            why=self._say("公式要、现在的活还用不上：{}").format(self._wording.joined(loads)),
            late=False,
        )

    # -- words and figures -----------------------------------------------------------------

    def _phase(self, horizon: Horizon) -> str:
        return f"{self._view.code(horizon.phase)} {self._view.phase(horizon.phase)}"

    def _people(self, people: list[tuple[str, Fraction]]) -> str:
        return self._wording.joined(
            [
                self._say("{post}{fte}人").format(
                    post=self._view.post(post), fte=self._wording.plain(fte)
                )
                for post, fte in people
            ]
        )

    def _before(self, horizon: Horizon) -> Fraction:
        """Return the team at work before anybody joins in a phase."""
        here = sum(self._view.at_work(horizon).values(), NOBODY)
        return here - sum(horizon.joiners.values(), NOBODY)


def batches(heads: int, team: Fraction, share: Fraction) -> Iterator[int]:
    """Yield monthly batches: each at most ``share`` of the team then there, at least one person."""
    size = floor(team)
    while heads > 0:
        batch = min(heads, max(1, floor(size * share)))
        yield batch
        heads -= batch
        size += batch


def _in_turn(joining: Sequence[Joining]) -> Iterator[tuple[str, Fraction]]:
    """Yield who is needed now one by one: the first of every post, then the second, and so on."""
    waiting = [(item.post, _parts(item.now)) for item in joining]
    for turn in zip_longest(*(parts for _, parts in waiting)):
        yield from ((post, part) for (post, _), part in zip(waiting, turn, strict=True) if part)


def _parts(fte: Fraction) -> list[Fraction]:
    """Return FTE as whole people and the part of one that is left."""
    whole = floor(fte)
    return [Fraction(1)] * whole + ([fte - whole] if fte > whole else [])


def _summed(people: Sequence[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    sums: dict[str, Fraction] = {}
    for post, fte in people:
        sums[post] = sums.get(post, NOBODY) + fte
    return list(sums.items())
