"""The plan held against the limits: which steps a limit concerns, and the most they come to.

Pure arithmetic over the selected SOPs and the client's figures; the wording is elsewhere. Platform
and legal limits are taken from the model by id, so a model without one has no check of it. Three
house rules of the method stand beside them: messages per group and day, no sending at night, and
no selling to new friends for two days.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from app.domain.definitions.sop import Sop, SopStep
from app.domain.diagnosis import Diagnosis
from app.domain.figures import Figures

GROUP_MESSAGES_A_DAY: Final = 8
"""Most brand messages in one group on one day; above it members mute (domain, SOP-10)."""

NIGHT_FROM: Final = "21:00"
"""After this clock time nobody is written to unasked (domain, SOP-10)."""

QUIET_DAYS: Final = 2
"""Days after adding in which nothing is sold: the 48-hour rule (domain, RU-38)."""

WEEK: Final = 7
MONTH: Final = 30
NEARLY_FULL: Final = Fraction(4, 5)
SELLERS: Final = frozenset({"sales"})

Verdict = Literal["within", "arrange", "over"]
"""``arrange``: kept only if the calendar is arranged as the limit's conduct says."""


@dataclass(frozen=True, slots=True)
class Check:
    """One limit against the plan.

    ``limit`` is the id of a limit of the model, None for a house rule named by ``name``. ``most``
    is the largest figure found and ``bound`` what it may be, both in the unit of the limit;
    ``where`` names the steps or SOPs that reach ``most``, ``steps`` all step codes looked at.
    ``standing`` is the part of ``most`` that comes every day, where only some of it does.
    """

    name: str
    limit: str | None
    bound: Fraction
    most: Fraction
    where: tuple[str, ...]
    steps: tuple[str, ...]
    verdict: Verdict
    standing: int | None = None


def check_plan(diagnosis: Diagnosis) -> tuple[Check, ...]:
    """Return every check the model's limits and the client's figures allow."""
    sops = [selected.sop for selected in diagnosis.sops]
    limits = {
        limit.id: Fraction(limit.value)
        for limit in diagnosis.model.content.limits
        if limit.value is not None
    }
    checks = [*_message_checks(sops, limits), *_house_checks(sops)]
    figures = Figures.of(diagnosis.assessment)
    sizes: Sequence[Callable[[], Check | None]] = (
        lambda: _group_size(figures, limits),
        lambda: _customers_per_member(diagnosis, figures, limits),
        lambda: _customers_in_all(diagnosis, figures, limits),
    )
    return (*checks, *(check for size in sizes if (check := size()) is not None))


# -- messages --------------------------------------------------------------------------------------


def _message_checks(sops: Sequence[Sop], limits: Mapping[str, Fraction]) -> Iterable[Check]:
    sends = {sop.id: [step for step in sop.steps if _is_send(step)] for sop in sops}
    codes = tuple(step.code for steps in sends.values() for step in steps)
    if not codes:
        return
    by_code = {sop.id: sop.code for sop in sops}
    for name, limit, span in (
        ("customer-day", "mass-message-daily-setting", 1),
        ("customer-week", "mass-message-weekly-setting", WEEK),
        ("customer-month", "mass-message-monthly", MONTH),
    ):
        bound = limits.get(limit)
        if bound is None:
            continue
        counts = {sop: _most_within(steps, span) for sop, steps in sends.items()}
        if span == 1:
            most = max(counts.values())
        else:
            # The worst case: one customer caught by every SOP at its busiest in the same span.
            most = sum(counts.values())
        where = tuple(by_code[sop] for sop, count in counts.items() if count == most)
        verdict: Verdict = "within" if most <= bound else "over" if span == 1 else "arrange"
        yield Check(name, limit, bound, Fraction(most), where, codes, verdict)
    yield from _moments(sops, limits)


def _is_send(step: SopStep) -> bool:
    """Return whether a step writes to a list of customers.

    An answer within minutes of the customer's own step is none, nor is a daily round that goes to
    other people every day.
    """
    return (
        step.channel == "one-to-one"
        and step.owner != "customer"
        and step.timing.after is None
        and step.timing.every is None
    )


def _most_within(steps: Sequence[SopStep], span: int) -> int:
    """Return the most steps one customer can meet within ``span`` days of a SOP."""
    days = sorted(step.timing.day for step in steps)
    return max((sum(day <= other < day + span for other in days) for day in days), default=0)


def _moments(sops: Sequence[Sop], limits: Mapping[str, Fraction]) -> Iterable[Check]:
    bound = limits.get("moments-frequency")
    steps = [s for sop in sops for s in sop.steps if s.channel == "moments"]
    daily = [step for step in steps if step.timing.every == "day"]
    if bound is None or not steps:
        return
    most = Fraction(len(daily))
    yield Check(
        "moments-day",
        "moments-frequency",
        bound,
        most,
        tuple(step.code for step in daily),
        tuple(step.code for step in steps),
        "within" if most <= bound else "arrange",
    )


# -- house rules -----------------------------------------------------------------------------------


def _house_checks(sops: Sequence[Sop]) -> Iterable[Check]:
    yield from _group_day(sops)
    yield from _night(sops)
    yield from _quiet(sops)


def _group_day(sops: Sequence[Sop]) -> Iterable[Check]:
    """Count the standing daily slots of a group and what one event adds on its busiest day."""
    daily, extra, codes = 0, dict[str, int](), list[str]()
    for sop in sops:
        steps = [s for s in sop.steps if s.channel == "group" and s.driver != "new-friend"]
        codes += [step.code for step in steps]
        standing = sum(step.timing.every == "day" for step in steps)
        daily += standing
        days = [step.timing.day for step in steps if step.timing.every is None]
        if days:
            extra[sop.code] = max(days.count(day) for day in days)
    if not codes:
        return
    one_event = max(extra.values(), default=0)
    most, bound = Fraction(daily + one_event), Fraction(GROUP_MESSAGES_A_DAY)
    where = tuple(code for code, count in extra.items() if count == one_event)
    verdict: Verdict = "within" if most <= bound else "over"
    yield Check("group-day", None, bound, most, where, tuple(codes), verdict, daily)


def _night(sops: Sequence[Sop]) -> Iterable[Check]:
    timed = [s for sop in sops for s in sop.steps if s.timing.at and _reaches_customers(s)]
    late = tuple(step.code for step in timed if (step.timing.at or "") > NIGHT_FROM)
    if timed:
        codes = tuple(step.code for step in timed)
        verdict: Verdict = "arrange" if late else "within"
        yield Check("night", None, Fraction(0), Fraction(len(late)), late, codes, verdict)


def _reaches_customers(step: SopStep) -> bool:
    return step.channel in ("one-to-one", "group", "moments", "call")


def _quiet(sops: Sequence[Sop]) -> Iterable[Check]:
    selling = [
        step
        for sop in sops
        for step in sop.steps
        if step.driver == "new-friend" and step.owner in SELLERS and step.channel == "one-to-one"
    ]
    if not selling:
        return
    first = min(step.timing.day for step in selling)
    yield Check(
        "quiet",
        None,
        Fraction(QUIET_DAYS),
        Fraction(first),
        tuple(step.code for step in selling if step.timing.day == first),
        tuple(step.code for step in selling),
        "within" if first >= QUIET_DAYS else "over",
    )


# -- sizes -----------------------------------------------------------------------------------------


def _group_size(figures: Figures, limits: Mapping[str, Fraction]) -> Check | None:
    bound, size = limits.get("group-members"), figures.number("group-size")
    if bound is None or size is None:
        return None
    verdict: Verdict = "within" if size <= bound else "over"
    return Check("group-size", "group-members", bound, size, (), (), verdict)


def _customers_per_member(
    diagnosis: Diagnosis, figures: Figures, limits: Mapping[str, Fraction]
) -> Check | None:
    """Hold the users of one specialist against what one account can carry."""
    bound = limits.get("customers-per-member")
    users, people = figures.number("users"), figures.number("specialists")
    if bound is None or users is None or not people or _is_store_led(diagnosis):
        return None
    each = users / people
    verdict: Verdict = (
        "over" if each > bound else "arrange" if each > bound * NEARLY_FULL else "within"
    )
    return Check("member-size", "customers-per-member", bound, each, (), (), verdict)


def _is_store_led(diagnosis: Diagnosis) -> bool:
    staffing = diagnosis.staffing
    return staffing is not None and any(horizon.work.store_led for horizon in staffing.horizons)


def _customers_in_all(
    diagnosis: Diagnosis, figures: Figures, limits: Mapping[str, Fraction]
) -> Check | None:
    """Hold the users forecast for twelve months against what the enterprise may hold."""
    users = figures.number("users")
    if users is None:
        return None
    verified = figures.flag("wecom-verified")
    limit = "customers-unverified" if verified is False else "customers-per-enterprise"
    bound = limits.get(limit)
    if bound is None:
        return None
    ahead = Fraction(diagnosis.staffing.forecast.base[-1]) if diagnosis.staffing else users
    most = max(users, ahead)
    over: Verdict = "over" if verified is False else "arrange"
    return Check("all-size", limit, bound, most, (), (), "within" if most <= bound else over)
