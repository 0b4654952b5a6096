"""The plan held against the limits of platform, law and house.

A SOP that breaks a limit by itself is wrong and so is a figure beyond one: a breach. Where only
several SOPs together would break it, the plan gives way by rule: one customer or group meets first
what is dated, then what serves rather than sells, then the more important SOP; the rest waits.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.definitions.limits import Limit, LimitMeasure
from app.domain.definitions.sop import Sop, SopStep
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.domain.touches import COUNTED, Touch, Touches, one_of_each, touches_of

NEARLY_FULL: Final = Fraction(4, 5)
"""From this share of a limit on, the next account has to be prepared."""

Verdict: TypeAlias = Literal["within", "arrange", "over"]
"""``arrange``: kept because the plan gives way, or only if its owner acts in time."""


@dataclass(frozen=True, slots=True)
class Yield:
    """A step that gives way where several SOPs meet: runs in the crowded span, asked and kept.

    What it does not keep is postponed to the next span; a ``standing`` step, which comes every day
    or week anyway, is left out of this one.
    """

    sop: str
    step: str
    asked: int
    kept: int
    standing: bool


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """One limit against the plan.

    ``bound`` is what may be, in the unit of the limit, and ``most`` what one SOP alone (or the
    figure) comes to; None for a limit that is kept or not. ``together`` is what all SOPs come to in
    the worst case, before anything gives way. ``where`` are the codes of the SOPs or steps that
    come to ``most``; ``steps`` all step codes looked at, ``replies`` those exempt because they only
    answer a customer. Where several SOPs meet, ``order`` are the codes of the steps in the order in
    which they go first, ``yields`` what gives way.
    """

    limit: Limit
    bound: Fraction | None
    most: Fraction | None
    verdict: Verdict
    where: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    together: Fraction | None = None
    order: tuple[str, ...] = ()
    yields: tuple[Yield, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitReport:
    """Every check the model's limits and the client's figures allow, in the order of the limits."""

    checks: tuple[LimitCheck, ...]

    @property
    def breaches(self) -> tuple[LimitCheck, ...]:
        """Return the limits the plan or the client's figures break."""
        return tuple(check for check in self.checks if check.verdict == "over")

    def yielding(self, step: str) -> tuple[tuple[Limit, Yield], ...]:
        """Return where a step (by code) gives way, with the limit it gives way to."""
        return tuple(
            (check.limit, item)
            for check in self.checks
            for item in check.yields
            if item.step == step
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan leads to, as far as limits ask for it.

    ``users`` are the most there will be; ``store_led`` where stores, not specialists, hold the
    customers; ``needed`` are the ids of all SOPs that findings call for, also of those dropped.
    """

    users: Fraction | None = None
    store_led: bool = False
    needed: Collection[str] = ()


NOTHING_AHEAD: Final = Outlook()


def check_limits(
    model: MaturityModel,
    sops: Sequence[Sop],
    controls: PlanControls,
    figures: Figures,
    outlook: Outlook = NOTHING_AHEAD,
) -> LimitReport:
    """Hold the SOPs of a plan, given in order of importance, against the model's limits."""
    counting = touches_of(outside_roles(model), model.content.staffing, controls.cadence)
    plan = _Plan(model, sops, controls, figures, outlook, counting)
    checks = (
        plan.check(limit) for limit in model.content.limits if limit.measure is not None and sops
    )
    return LimitReport(tuple(check for check in checks if check is not None))


def at_work(sops: Iterable[Sop], thinned: Collection[str]) -> tuple[Sop, ...]:
    """Return SOPs as they are carried out: the ``thinned`` (by id) without optional steps."""
    return tuple(
        replace(sop, steps=tuple(step for step in sop.steps if not step.optional))
        if sop.id in thinned
        else sop
        for sop in sops
    )


def own_excess(limit: Limit, sop: Sop, touches: Touches) -> tuple[Touch, ...]:
    """Return the touches by which a SOP alone breaks a limit; nothing where it keeps it."""
    if limit.value is None:
        return ()
    bound = Fraction(limit.value)
    if limit.measure in COUNTED:
        found = touches.busiest(limit, sop)
        return found if sum(touch.times for touch in found) > bound else ()
    breaks = _STEPWISE.get(limit.measure) if limit.measure else None
    if breaks is None:
        return ()
    wrong = [step for step in touches.concerned(limit, sop) if breaks(step, bound)]
    return tuple(Touch(sop, step, 1) for step in wrong)


def _hour(step: SopStep) -> Fraction | None:
    if step.timing.at is None:
        return None
    hours, minutes = step.timing.at.split(":")
    return int(hours) + Fraction(int(minutes), 60)


def _is_late(step: SopStep, bound: Fraction) -> bool:
    hour = _hour(step)
    return hour is not None and hour > bound


def _is_early(step: SopStep, bound: Fraction) -> bool:
    hour = _hour(step)
    return hour is not None and hour < bound


def _sells_too_soon(step: SopStep, bound: Fraction) -> bool:
    return step.timing.every is None and step.timing.day < bound


_STEPWISE: Final[Mapping[LimitMeasure, Callable[[SopStep, Fraction], bool]]] = {
    "latest-hour": _is_late,
    "earliest-hour": _is_early,
    "days-before-selling": _sells_too_soon,
}


def outside_roles(model: MaturityModel) -> frozenset[str]:
    """Return the roles whose steps are no message of the enterprise: its customers."""
    return frozenset(role.id for role in model.content.roles if role.side == "customer")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The plan being checked."""

    model: MaturityModel
    sops: Sequence[Sop]
    controls: PlanControls
    figures: Figures
    outlook: Outlook
    counting: Touches

    def check(self, limit: Limit) -> LimitCheck | None:
        if limit.measure is None:
            return None
        if limit.measure == "consent":
            return self._consent(limit)
        if limit.value is None:
            return None
        if limit.measure in COUNTED:
            return self._counted(limit, Fraction(limit.value))
        if limit.measure in _STEPWISE:
            return self._stepwise(limit, Fraction(limit.value))
        return self._size(limit, Fraction(limit.value))

    def _steps(self, limit: Limit) -> tuple[SopStep, ...]:
        return tuple(step for sop in self.sops for step in self.counting.concerned(limit, sop))

    def _counted(self, limit: Limit, bound: Fraction) -> LimitCheck | None:
        steps = tuple(step.code for step in self._steps(limit))
        if not steps:
            return None
        own = {sop.code: self.counting.busiest(limit, sop) for sop in self.sops}
        counts = {code: sum(touch.times for touch in found) for code, found in own.items()}
        most = max(counts.values(), default=0)
        ranked = self._ranked(self._meeting(limit, own))
        together = sum(touch.times for touch in ranked)
        verdict: Verdict = "over" if most > bound else "arrange" if together > bound else "within"
        return LimitCheck(
            limit,
            bound,
            Fraction(most),
            verdict,
            where=tuple(code for code, count in counts.items() if count == most and most),
            steps=steps,
            replies=self._replies(limit),
            together=Fraction(together),
            order=tuple(touch.step.code for touch in ranked),
            yields=tuple(_giving_way(ranked, bound)),
        )

    def _meeting(self, limit: Limit, own: Mapping[str, tuple[Touch, ...]]) -> tuple[Touch, ...]:
        """Return the touches of all SOPs where the busiest days of each fall together."""
        standing = {t.step.code for found in own.values() for t in found if t.standing}
        replacing = {
            code
            for codes in limit.instead
            if not standing.isdisjoint(codes)
            for code in codes
            if code not in standing
        }
        if replacing:
            busiest = [self.counting.busiest(limit, sop, replacing) for sop in self.sops]
        else:
            busiest = list(own.values())
        return one_of_each(limit, [touch for found in busiest for touch in found])

    def _ranked(self, touches: Sequence[Touch]) -> tuple[Touch, ...]:
        """Return touches in the order in which they are kept."""
        rank = {sop.id: place for place, sop in enumerate(self.sops)}
        selling = self._selling_roles()
        return tuple(
            sorted(
                touches,
                key=lambda touch: (
                    touch.standing,
                    touch.step.owner in selling,
                    rank[touch.sop.id],
                    touch.step.timing.day,
                    touch.step.timing.at or "",
                    touch.step.code,
                ),
            )
        )

    def _selling_roles(self) -> frozenset[str]:
        return frozenset(
            owner
            for limit in self.model.content.limits
            if limit.measure == "days-before-selling"
            for owner in limit.owners
        )

    def _replies(self, limit: Limit) -> tuple[str, ...]:
        codes = {step.code for sop in self.sops for step in sop.steps}
        return tuple(code for code in limit.exempt if code in codes)

    def _stepwise(self, limit: Limit, bound: Fraction) -> LimitCheck | None:
        steps = self._steps(limit)
        if not steps:
            return None
        breaks = _STEPWISE[limit.measure] if limit.measure else _is_late
        wrong = tuple(step.code for step in steps if breaks(step, bound))
        if limit.measure == "days-before-selling":
            most = Fraction(min(step.timing.day for step in steps))
            where = tuple(step.code for step in steps if step.timing.day == most)
        else:
            most, where = Fraction(len(wrong)), wrong
        return LimitCheck(
            limit,
            bound,
            most,
            "over" if wrong else "within",
            where=where,
            steps=tuple(step.code for step in steps),
            replies=self._replies(limit),
        )

    def _consent(self, limit: Limit) -> LimitCheck | None:
        """Consent is kept where its SOP is in the plan, or nothing calls for it any more."""
        steps = tuple(step.code for step in self._steps(limit))
        keeping = [
            sop
            for sop in self.model.sops.values()
            if any(step.code in limit.kept_by for step in sop.steps)
        ]
        if not steps or not keeping:
            return None
        planned = {sop.id for sop in self.sops}
        missing = [s for s in keeping if s.id not in planned and s.id in self.outlook.needed]
        verdict: Verdict = "within"
        if missing:
            verdict = "over"
        elif any(sop.id in planned for sop in keeping):
            verdict = "arrange"
        return LimitCheck(limit, None, None, verdict, where=limit.kept_by, steps=steps)

    def _size(self, limit: Limit, bound: Fraction) -> LimitCheck | None:
        if limit.measure == "group-size":
            size = self.figures.number("group-size")
            return None if size is None else _sized(limit, bound, size)
        if limit.measure == "customers-per-member":
            each = self._customers_per_member()
            return None if each is None else _sized(limit, bound, each, full=bound * NEARLY_FULL)
        # An enterprise of which nobody said otherwise is taken as verified.
        unverified = self.figures.flag("wecom-verified") is False
        if unverified != (limit.measure == "customers-unverified"):
            return None
        most = self._customers_in_all()
        if most is None:
            return None
        if unverified:
            return _sized(limit, bound, most)
        # More can be applied for, so it is a matter of time, not a breach.
        return LimitCheck(limit, bound, most, "within" if most <= bound else "arrange")

    def _customers_per_member(self) -> Fraction | None:
        """Return the most customers one account holds: today's, or the capacity given."""
        users, people = self.figures.number("users"), self.figures.number("specialists")
        found = [Fraction(self.controls.tested_capacity or 0)]
        if users is not None and people and not self.outlook.store_led:
            found.append(users / people)
        return max(found) or None

    def _customers_in_all(self) -> Fraction | None:
        """Return the most customers there are, will be, or are aimed at."""
        users = self.figures.number("users")
        known = [users, self.outlook.users, self.controls.target_users]
        return max((Fraction(number) for number in known if number is not None), default=None)


def _sized(
    limit: Limit, bound: Fraction, most: Fraction, full: Fraction | None = None
) -> LimitCheck:
    if most > bound:
        return LimitCheck(limit, bound, most, "over")
    return LimitCheck(limit, bound, most, "within" if full is None or most <= full else "arrange")


def _giving_way(ranked: Sequence[Touch], bound: Fraction) -> Iterator[Yield]:
    """Yield what does not fit when touches are kept in their order until the bound is reached."""
    room = int(bound)
    for touch in ranked:
        kept = min(touch.times, room)
        room -= kept
        if kept < touch.times:
            yield Yield(touch.sop.code, touch.step.code, touch.times, kept, touch.standing)
