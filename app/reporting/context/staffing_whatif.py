"""If a hire is refused: the whole plan made again without it, and what that plan loses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.plan import Plan, make_plan
from app.reporting.clauses import first_words
from app.reporting.context.staffing_view import NOBODY, StaffingView

MOST: Final = 8
"""What-ifs made at most: those of the posts with the most hires."""


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """What the plan becomes when nobody joins a post.

    ``saved`` is CNY a month at the end, ``index`` the index after the plan with its loss,
    ``stopped`` a clause each on the SOPs it stops and thins, ``kpis`` the targets it gives up,
    ``days`` the longest delay, ``besides`` who carries the work then or what nobody does. ``bites``
    marks a refusal that costs something the plan counts.
    """

    post: str
    who: str
    saved: str
    index: str
    stopped: tuple[str, ...]
    kpis: tuple[str, ...]
    days: str
    besides: tuple[str, ...]
    bites: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """A plan against the plan with one post's hires refused.

    ``index`` is negative where the money does more elsewhere; then ``gained`` counts the SOPs that
    money carries besides.
    """

    index: Fraction
    levels: int
    dropped: tuple[str, ...]
    thinned: tuple[str, ...]
    kpis: tuple[str, ...]
    days: int
    excess: Fraction
    saved: Fraction
    gained: int

    @property
    def bites(self) -> bool:
        """Return whether anything the plan counts is lost."""
        things = (self.dropped, self.thinned, self.kpis)
        return any(things) or self.index > 0 or self.days > 0 or self.excess > 0


def loss_between(plan: Plan, without: Plan) -> Loss:
    """Return what ``without`` loses against ``plan``."""
    index = NOBODY
    if plan.projection.index is not None and without.projection.index is not None:
        index = plan.projection.index - without.projection.index
    levels = max(0, (plan.projection.level or 0) - (without.projection.level or 0))
    had, kept = ({item.sop.id for item in each.sops} for each in (plan, without))
    lost = _lost_kpis(without) - _lost_kpis(plan)
    return Loss(
        index=index,
        levels=levels,
        dropped=tuple(item.sop.id for item in plan.sops if item.sop.id not in kept),
        thinned=tuple(sorted((without.thinned - plan.thinned) & kept)),
        kpis=tuple(line.kpi.id for line in plan.kpis if line.kpi.id in lost),
        days=_longest_delay(plan, without),
        excess=max(NOBODY, _excess(without) - _excess(plan)),
        saved=_last_cost(plan) - _last_cost(without),
        gained=len(kept - had),
    )


def _lost_kpis(plan: Plan) -> set[str]:
    return set(plan.sacrifice.kpis) if plan.sacrifice is not None else set()


def _excess(plan: Plan) -> Fraction:
    return max((load.excess for load in plan.overloads), default=NOBODY)


def _last_cost(plan: Plan) -> Fraction:
    horizons = plan.staffing.horizons if plan.staffing is not None else ()
    return horizons[-1].monthly_cost if horizons else NOBODY


def _longest_delay(plan: Plan, without: Plan) -> int:
    if plan.roadmap is None or without.roadmap is None:
        return 0
    begins = {item.template.id: item.start for item in plan.roadmap.initiatives}
    delays = [
        (item.start - begins[item.template.id]).days
        for item in without.roadmap.initiatives
        if item.template.id in begins
    ]
    return max([0, *delays])


class WhatIfs:
    """The what-ifs of one plan: each post with hires refused in turn."""

    def __init__(self, view: StaffingView) -> None:
        self._view = view
        self._wording = view.source.wording
        self._say = view.source.wording.translate

    def rows(self) -> tuple[RefusalRow, ...]:
        """Return a row per post with hires, the dearest refusal first."""
        plan = self._view.plan
        found = []
        for post, most in self._posts():
            without = self.plan_without(post)
            loss = loss_between(plan, without)
            found.append((loss, self._row(post, most, without, loss)))
        found.sort(key=lambda item: (-item[0].index, -item[0].excess, -item[0].days))
        return tuple(row for _, row in found)

    def plan_without(self, post: str) -> Plan:
        """Return the plan in which nobody joins a post."""
        controls = self._view.plan.controls
        refused = {**controls.max_hires, post: 0}
        return make_plan(self._view.source.diagnosis.basis, replace(controls, max_hires=refused))

    def _posts(self) -> list[tuple[str, Fraction]]:
        """Return the posts with hires and the most FTE of them in any phase, most first."""
        hires: dict[str, Fraction] = {}
        for horizon in self._view.staffing.horizons:
            for post, fte in horizon.hires.items():
                hires[post] = max(fte, hires.get(post, NOBODY))
        return sorted(hires.items(), key=lambda item: -item[1])[:MOST]

    def _row(self, post: str, most: Fraction, without: Plan, loss: Loss) -> RefusalRow:
        wording = self._wording
        stopped = [
            self._say(words).format(wording.joined([wording.sop(sop) for sop in sops]))
            for words, sops in (("停{}", loss.dropped), ("精简{}", loss.thinned))
            if sops
        ]
        return RefusalRow(
            post=post,
            who=self._say("{post}{fte}人").format(
                post=self._view.post(post), fte=wording.plain(most)
            ),
            saved=wording.money(loss.saved).replace("-", "−"),
            index=self._index(without, loss),
            stopped=tuple(stopped),
            kpis=tuple(self._view.source.model.kpis[kpi].code for kpi in loss.kpis),
            days=str(loss.days) if loss.days else "0",
            besides=tuple(self._besides(post, without, loss)),
            bites=loss.bites,
        )

    def _index(self, without: Plan, loss: Loss) -> str:
        if without.projection.index is None:
            return self._wording.number(None)
        index = self._wording.number(without.projection.index, 1)
        if not loss.index:
            return self._say("{}，不变").format(index)
        text = self._say("{index}（{lost}）").format(
            index=index, lost=self._wording.signed(-loss.index, 1)
        )
        return text + (self._say("，低{}级").format(loss.levels) if loss.levels else "")

    def _besides(self, post: str, without: Plan, loss: Loss) -> list[str]:
        """Say what has no hours at all then, who carries the work, and what nobody does."""
        said = []
        if loss.excess:
            worst = max(without.overloads, key=lambda load: load.excess)
            said.append(
                self._say("{post}每月仍有{hours}小时没人做").format(
                    post=self._view.post(worst.post), hours=self._wording.number(worst.excess)
                )
            )
        if loss.gained:
            said.append(
                self._say("省下的钱转给别的岗位，多做{}份SOP").format(
                    self._wording.number(loss.gained)
                )
            )
        said += self._carried(post, without)
        alone = self._alone(post, without)
        return [*said, alone] if alone else said

    def _carried(self, post: str, without: Plan) -> list[str]:
        """Name the posts whose load grows by a tenth of their hours or more in the main phase."""
        phase, said = self._view.full.phase, []
        for load in without.loads:
            before = self._view.load(phase, load.post)
            if load.phase != phase or load.post == post or before is None or not before.available:
                continue
            then, now = load.hours / load.available, before.hours / before.available
            if then - now >= Fraction(1, 10):
                said.append(
                    self._say("活转给{post}，负荷{now}→{then}").format(
                        post=self._view.post(load.post),
                        now=self._wording.percent(now * 100),
                        then=self._wording.percent(then * 100),
                    )
                )
        return said

    def _alone(self, post: str, without: Plan) -> str:
        """Say what each of those left then carries against the formula, or what nobody carries."""
        view, model = self._view, self._view.model
        horizon = next(
            item
            for item in (without.staffing.horizons if without.staffing else ())
            if item.phase == view.full.phase
        )
        left, work = horizon.heads().get(post, NOBODY), horizon.work
        carried: Mapping[str, tuple[int | Fraction, Fraction, str]] = {
            "specialist": (work.online_users, view.staffing.capacity, "名用户"),
            "coach": (work.stores, Fraction(model.stores_per_coach), "家店"),
            "service": (work.sessions_per_day, Fraction(model.sessions_per_service), "段会话/天"),
            "traffic": (work.new_adds, Fraction(model.traffic_adds_per_fte), "个月新增"),
            "sales": (work.leads, Fraction(model.leads_per_sales), "条月线索"),
            "content": (
                work.content_units_per_week,
                Fraction(model.content_units_per_fte),
                "条/周",
            ),
            "team-lead": (
                horizon.heads().get("specialist", NOBODY),
                Fraction(model.specialists_per_lead),
                "名专员",
            ),
        }
        if post == "team-lead":
            left += horizon.heads().get("manager", NOBODY)  # the manager leads too
        if post not in carried:
            if left:
                return ""
            return self._say("没有人{}").format(first_words(view.posts[post].duties))
        amount, limit, unit = carried[post]
        if not amount:
            return ""
        if not left:
            return self._say("{amount}{unit}没有专人接").format(
                amount=self._wording.number(amount), unit=self._say(unit)
            )
        if amount / left <= limit:
            return ""
        return self._say("每人{each}{unit}，公式上限{limit}").format(
            each=self._wording.number(amount / left),
            unit=self._say(unit),
            limit=self._wording.number(limit),
        )
