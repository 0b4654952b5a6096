"""SOP hours against people's hours, and what falls off when a hire is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.definitions.staffing import StaffingModel
from app.domain.sop_load import PostLoad, monthly_hours
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.charts import LoadBar, LoadPart, load_bars
from app.reporting.context.source import Source

STORE_POST = "store-owner"
PARTS = 2
"""Pieces of a bar that are named; the rest is one piece."""

BARS = 4
"""Posts drawn: the fullest; the others are told in words."""

REFUSALS = 8
"""Refused hires told: those that hurt first."""

NOTABLE = Fraction(1, 50)
"""A post filled less than this by SOP work is not worth a word."""

DAYS_OF_MONTH = 30
MINUTES_OF_HOUR = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """What happens when the last hire of a post in a phase is refused.

    ``hours`` are the hours of recurring SOP work a month without anyone to do them, ``dropped`` the
    SOPs that no longer fit, lowest priority first, ``besides`` what else gets worse; ``bites`` is
    false where all recurring work still fits.
    """

    post: str
    who: str
    phase: str
    hours: str
    dropped: tuple[str, ...]
    besides: str
    bites: bool


class Hours:
    """The recurring SOP work of one plan."""

    def __init__(self, source: Source, plan: StaffingPlan, staffing: StaffingModel) -> None:
        self.source = source
        self.plan = plan
        self.staffing = staffing
        self.say = source.wording.translate
        self.each = monthly_hours(staffing)
        self.posts = {post.id: post for post in staffing.posts}
        self.loads = {(load.phase, load.post): load for load in source.diagnosis.loads}
        roadmap = source.diagnosis.roadmap
        self.priority = {
            name: (item.urgent, item.priority)
            for item in (roadmap.initiatives if roadmap else ())
            for name in item.sops
        }

    def of(self, horizon: Horizon) -> tuple[PostLoad, ...]:
        """Return the loads of a phase's posts that have recurring work, without the stores'."""
        return tuple(
            load
            for load in self.source.diagnosis.loads
            if load.phase == horizon.phase
            and load.post != STORE_POST
            and load.hours > load.available * NOTABLE
        )

    def chart(self, horizon: Horizon) -> Markup | None:
        """Draw load against capacity per post; None without recurring work."""
        fullest = sorted(self.of(horizon), key=lambda load: -load.hours / load.available)[:BARS]
        if not fullest:
            return None
        return load_bars(
            [
                LoadBar(self.posts[load.post].title, self._parts(load), load.available)
                for load in fullest
            ],
            title=self.say("各岗位每月的SOP例行工时与可用工时"),
            desc=self.say("每人每月{hours}小时有效工时").format(
                hours=self.source.wording.number(self.each, 1)
            ),
            unit=self.say("小时"),
            format=lambda value: self.source.wording.number(Fraction(value)),
            theme=self.source.theme,
            words=self.source.words,
        )

    def _parts(self, load: PostLoad) -> tuple[LoadPart, ...]:
        named = [(self._name(sop), hours) for sop, hours in load.by_sop[:PARTS] if hours]
        rest = sum((hours for _, hours in load.by_sop[PARTS:]), Fraction(0))
        if rest:
            named.append((self.say("其余"), rest))
        return tuple(LoadPart(name, hours) for name, hours in named)

    def _name(self, sop: str) -> str:
        return self.source.model.sops[sop].title

    def reading(self, horizon: Horizon) -> tuple[str, ...]:
        """Say per overloaded post what causes it, then how far the rest is filled."""
        said = [self._specialists(horizon)]
        others = [load for load in self.of(horizon) if load.post != "specialist"]
        over = [load for load in others if load.hours > load.available]
        said += [self._over(load) for load in over]
        calm = [load for load in others if load not in over]
        if calm:
            said.append(
                self.say("其余岗位装得下：{}。").format(
                    self.source.wording.joined(
                        [f"{self.posts[load.post].title}{self._filled(load)}" for load in calm]
                    )
                )
            )
        said.append(self._stores(horizon))
        return tuple(text for text in said if text)

    def _filled(self, load: PostLoad) -> str:
        return self.source.wording.percent(load.hours / load.available * 100)

    def _over(self, load: PostLoad) -> str:
        wording = self.source.wording
        sop, most = load.by_sop[0]
        return self.say(
            "{post}超了：每月要{hours}小时，只有{available}小时，其中{sop}占{share}。"
        ).format(
            post=self.posts[load.post].title,
            hours=wording.number(load.hours),
            available=wording.number(load.available),
            sop=wording.sop(sop),
            share=wording.percent(most / load.hours * 100),
        )

    def _specialists(self, horizon: Horizon) -> str:
        """Set the people the capacity asks for against those the minutes of the SOPs ask for."""
        load = self.loads.get((horizon.phase, "specialist"))
        if load is None or not load.hours:
            return ""
        wording, t = self.source.wording, self.say
        top_down, bottom_up = load.available / self.each, load.hours / self.each
        sop, most = load.by_sop[0]
        text = t(
            "专员有两种算法。自上而下按承接量是{down}名；自下而上把SOP的例行分钟数加起来，"
            "每月{hours}小时，要{up}名，最大的一块是{sop}（{share}）。"
        ).format(
            down=wording.plain(top_down),
            hours=wording.number(load.hours),
            up=wording.number(bottom_up, 1),
            sop=wording.sop(sop),
            share=wording.percent(most / load.hours * 100),
        )
        if bottom_up > top_down:
            return text + t("SOP比人多出{}小时：先把这一块自动化或减频，再谈加人。").format(
                wording.number(load.hours - load.available)
            )
        if bottom_up * 2 < top_down:
            return text + t(
                "例行动作只填了{share}的工时，其余是一对一答疑和跟进；所以编制由服务深度决定，"
                "砍SOP省不出人，减轻服务才省得出。"
            ).format(share=wording.percent(bottom_up / top_down * 100))
        return text + t("两种算法对得上，留有{}的余量。").format(
            wording.percent((1 - bottom_up / top_down) * 100)
        )

    def _stores(self, horizon: Horizon) -> str:
        load = self.loads.get((horizon.phase, STORE_POST))
        if load is None or not load.hours or not horizon.work.stores:
            return ""
        minutes = load.hours * MINUTES_OF_HOUR / (horizon.work.stores * DAYS_OF_MONTH)
        return self.say("门店的份额不在上图里：每店每天约{}分钟，由店长和当班导购分着做。").format(
            self.source.wording.number(minutes)
        )

    # -- refused hires ---------------------------------------------------------------------

    def refusals(self, horizons: Sequence[Horizon]) -> tuple[Refusal, ...]:
        """Return, for the last hire of every post in some phases, what its absence means.

        Hires whose work then does not get done come first; the same loss is told once.
        """
        found: dict[tuple[str, tuple[str, ...]], Refusal] = {}
        for horizon in horizons:
            for post, hire in horizon.hires.items():
                refusal = self._refusal(horizon, post, hire)
                found.setdefault((post, refusal.dropped), refusal)
        return tuple(sorted(found.values(), key=lambda item: not item.bites))[:REFUSALS]

    def _refusal(self, horizon: Horizon, post: str, hire: Fraction) -> Refusal:
        wording, t = self.source.wording, self.say
        need = next(item for item in horizon.posts if item.post == post)
        unit = min(Fraction(1), hire)
        left = need.fte - unit
        load = self.loads.get((horizon.phase, post))
        work = [(sop, hours) for sop, hours in (load.by_sop if load else ()) if hours]
        total = sum((hours for _, hours in work), Fraction(0))
        missing = max(Fraction(0), total - left * self.each)
        who = t("第{}名{}").format(need.people, self.posts[post].title)
        if unit < 1:
            who = t("{post}的{fte}人").format(post=self.posts[post].title, fte=wording.plain(unit))
        return Refusal(
            post=post,
            who=who,
            phase=self._phase_title(horizon),
            hours=wording.number(missing) if missing else "0",
            dropped=self._dropped(work, missing),
            besides=self._besides(horizon, post, left),
            bites=bool(missing),
        )

    def _phase_title(self, horizon: Horizon) -> str:
        roadmap = self.source.model.content.roadmap
        phases = roadmap.phases if roadmap else ()
        return next((p.title for p in phases if p.id == horizon.phase), horizon.phase)

    def _dropped(self, work: Sequence[tuple[str, Fraction]], missing: Fraction) -> tuple[str, ...]:
        """Return SOPs that no longer fit, lowest priority first, until the hours suffice."""
        names = []
        lowest = (False, Fraction(0))
        for sop, hours in sorted(work, key=lambda item: self.priority.get(item[0], lowest)):
            if missing <= 0:
                break
            part = hours > missing
            names.append(
                self.say("{sop}减{hours}小时").format(
                    sop=self.source.wording.sop(sop), hours=self.source.wording.number(missing)
                )
                if part
                else self.say("{sop}停（{hours}小时）").format(
                    sop=self.source.wording.sop(sop), hours=self.source.wording.number(hours)
                )
            )
            missing -= hours
        return tuple(names)

    def _besides(self, horizon: Horizon, post: str, left: Fraction) -> str:
        """Say what one person then carries, against what the formula allows."""
        work, model = horizon.work, self.staffing
        carried: Mapping[str, tuple[int | Fraction, Fraction, str]] = {
            "specialist": (work.online_users, self.plan.capacity, "名用户"),
            "coach": (work.stores, Fraction(model.stores_per_coach), "家店"),
            "service": (work.sessions_per_day, Fraction(model.sessions_per_service), "段会话/天"),
            "traffic": (work.new_adds, Fraction(model.traffic_adds_per_fte), "个月新增"),
            "sales": (work.leads, Fraction(model.leads_per_sales), "条月线索"),
            "content": (
                work.content_units_per_week,
                Fraction(model.content_units_per_fte),
                "条/周",
            ),
        }
        if post == "team-lead":
            led = next((i.fte for i in horizon.posts if i.post == "specialist"), Fraction(0))
            carried = {post: (led, Fraction(model.specialists_per_lead), "名专员")}
            left += 1  # the manager leads too
        if post not in carried:
            return "" if left else self._nobody(post)
        if post == "traffic" and work.stage <= 1:
            return "" if left else self.say("试点的引流由专员兼着做")
        amount, limit, unit = carried[post]
        wording = self.source.wording
        if not left:
            return self.say("{amount}{unit}没有专人接").format(
                amount=wording.number(amount), unit=self.say(unit)
            )
        return self.say("每人{each}{unit}，公式上限{limit}").format(
            each=wording.number(amount / left), unit=self.say(unit), limit=wording.number(limit)
        )

    def _nobody(self, post: str) -> str:
        """Say what nobody does then, in the first words of the post's duties."""
        duty = re.split("[：，。]", self.posts[post].duties)[0]
        return self.say("没有人{}").format(duty)
