"""How many hours a month the work of the plan takes, per post and phase, counted from below.

Σ minutes × monthly volume of the driver, over the steps of the SOPs at work, plus each post's
standing work and the hand-over before and after rest days (domain, section 17, counted bottom up).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias, TypeVar

from app.domain.definitions.sop import Driver, Sop, SopStep
from app.domain.definitions.staffing import StaffingModel
from app.domain.workload import Workload

HUNDREDTHS: Final = 100
TICKS_OF_MINUTE: Final = HUNDREDTHS * HUNDREDTHS
"""Minutes are kept to hundredths, volumes too; their product counts in ticks."""
TICKS_OF_HOUR: Final = 60 * TICKS_OF_MINUTE
NO_HOURS: Final = frozenset({"automation", "customer"})
"""Owners whose steps cost nobody's working time."""
OUTSIDE_TEAM: Final = ("ceo", "consultant")
"""Roles that give hours without belonging to the team: told beside the plan, not in its load."""
TOGETHER: Final = frozenset({"meeting", "training", "workshop"})
"""Channels in which everybody named spends the same minutes as the owner."""
STORE_POST: Final = "store-owner"
STORE_ROLE: Final = "store"
PER_STORE: Final = frozenset({"store-day", "store-week", "new-store"})
"""Drivers that already count every store."""
SPECIALIST: Final = "specialist"

Kind = Literal["routine", "set-up", "standing", "cover"]
"""Recurring SOP steps, one-off SOP steps, work outside the SOPs, handing over on rest days."""


@dataclass(frozen=True, slots=True)
class Work:
    """One line of a post's month: where it comes from, what makes it occur, and its hours.

    ``source`` is a SOP id, a standing work's id, or ``cover``. ``ticks`` is its time in
    ten-thousandths of a minute: whole numbers add up exactly and quickly. ``optional_ticks`` are
    those the SOP can do without for a while.
    """

    source: str
    kind: Kind
    driver: Driver | None
    ticks: int
    optional_ticks: int = 0

    @property
    def hours(self) -> Fraction:
        """Hours a month."""
        return Fraction(self.ticks, TICKS_OF_HOUR)

    @property
    def optional(self) -> Fraction:
        """Hours a month the SOP can do without for a while."""
        return Fraction(self.optional_ticks, TICKS_OF_HOUR)


@dataclass(frozen=True, slots=True)
class PostLoad:
    """Monthly hours of work of one post in one phase against the hours its people have.

    ``hours`` are those of all ``works``; ``excess`` what they exceed ``available`` by, or 0.
    ``trained`` are the hours the same people have once nobody is new any more.
    """

    post: str
    phase: str
    works: tuple[Work, ...]
    available: Fraction
    trained: Fraction
    hours: Fraction
    excess: Fraction

    def of_kind(self, kind: Kind) -> Fraction:
        """Return the hours of one kind of work."""
        return _hours(sum(work.ticks for work in self.works if work.kind == kind))

    def by_source(self) -> tuple[tuple[str, Fraction], ...]:
        """Return hours per source, the largest first."""
        return _summed((work.source, work.ticks) for work in self.works)

    def by_driver(self) -> Mapping[Driver, Fraction]:
        """Return hours per driver; cover has none."""
        pairs = ((work.driver, work.ticks) for work in self.works if work.driver is not None)
        return dict(_summed(pairs))


_Name = TypeVar("_Name", bound=str)


def _summed(pairs: Iterable[tuple[_Name, int]]) -> tuple[tuple[_Name, Fraction], ...]:
    totals: dict[_Name, int] = {}
    for name, ticks in pairs:
        totals[name] = totals.get(name, 0) + ticks
    largest_first = sorted(totals.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple((name, _hours(ticks)) for name, ticks in largest_first)


def _hours(ticks: int) -> Fraction:
    return Fraction(ticks, TICKS_OF_HOUR)


def monthly_hours(staffing: StaffingModel, hours_per_day: Fraction | None = None) -> Fraction:
    """Return one person's productive hours a month; ``hours_per_day`` overrides the model's."""
    daily = Fraction(staffing.productive_hours_per_day) if hours_per_day is None else hours_per_day
    return daily * Fraction(staffing.working_days_per_month)


Spread = Literal["one", "everyone", "stores"]
"""Whose minutes a share of a SOP is: one person's, everyone's in the post, or every store's."""


@dataclass(frozen=True, slots=True)
class Share:
    """The time a SOP asks of one role for each run of one driver, in hundredths of a minute."""

    role: str
    driver: Driver
    spread: Spread
    hundredths: int
    optional: int


SopProfile: TypeAlias = tuple[Share, ...]
"""What a SOP asks of every role, its steps added up."""


def sop_profile(sop: Sop, cadence: Mapping[str, Fraction]) -> SopProfile:
    """Return what a SOP asks of every role; ``cadence`` maps step codes to runs a week."""
    sums: dict[tuple[str, Driver, Spread], list[int]] = {}
    for step in sop.steps:
        minutes = round(Fraction(step.minutes) * _pace(step, cadence) * HUNDREDTHS)
        together = step.with_roles if step.channel in TOGETHER else ()
        for role in dict.fromkeys((step.owner, *together)):
            if role in NO_HOURS or not minutes:
                continue
            attends = step.channel == "training" and step.driver == "once" and role != step.owner
            spread: Spread = "everyone" if attends else "one"
            if role == STORE_ROLE and step.driver not in PER_STORE:
                spread = "stores"
            found = sums.setdefault((role, step.driver, spread), [0, 0])
            found[0] += minutes
            found[1] += minutes if step.optional else 0
    return tuple(Share(*key, *minutes) for key, minutes in sums.items())


def _pace(step: SopStep, cadence: Mapping[str, Fraction]) -> Fraction:
    """Return how often a step runs against its own cadence, where the client changed it."""
    wanted, usual = cadence.get(step.code), runs_a_week(step)
    return wanted / usual if wanted is not None and usual else Fraction(1)


class PhaseWork:
    """The hours of every SOP in one phase, computed once and added up in any combination.

    ``fte`` maps the posts staffed in the phase to their FTE; ``volumes`` are those of
    ``app.domain.workload``; ``profiles`` tell what each SOP asks of whom.
    """

    def __init__(
        self,
        staffing: StaffingModel,
        work: Workload,
        fte: Mapping[str, Fraction],
        volumes: Mapping[Driver, Fraction],
        profiles: Mapping[str, SopProfile],
    ) -> None:
        self._staffing = staffing
        self._stores = work.stores if work.store_led else 0
        self._fte = fte
        self._volumes = {driver: round(volume * HUNDREDTHS) for driver, volume in volumes.items()}
        self._profiles = profiles
        self._carriers: dict[str, str | None] = {}
        self._known: dict[str, tuple[tuple[str, Work], ...]] = {}
        self._beside: tuple[tuple[str, Work], ...] | None = None

    def of_sop(self, sop: str) -> tuple[tuple[str, Work], ...]:
        """Return (post, work) of a SOP, its one-off work included."""
        if sop not in self._known:
            self._known[sop] = tuple(self._work_of(sop))
        return self._known[sop]

    def beside_sops(self) -> tuple[tuple[str, Work], ...]:
        """Return (post, work) of the standing work and of covering each other's rest days."""
        if self._beside is None:
            self._beside = tuple(self._work_beside())
        return self._beside

    def _work_beside(self) -> Iterator[tuple[str, Work]]:
        for item in self._staffing.standing_work:
            # Head office visits stores where they carry the customers; a few shops need no coach.
            if item.driver in PER_STORE and not self._stores:
                continue
            post = next((name for name in item.posts if self._fte.get(name)), item.posts[0])
            ticks = round(Fraction(item.minutes) * HUNDREDTHS) * self._volumes[item.driver]
            if ticks:
                yield post, Work(item.id, "standing", item.driver, ticks)
        specialists = self._fte.get(SPECIALIST, Fraction(0))
        if specialists:
            handovers = specialists * Fraction(self._staffing.rest_days_per_month)
            minutes = self._staffing.handover_minutes
            yield (
                SPECIALIST,
                Work("cover", "cover", None, round(handovers * minutes * TICKS_OF_MINUTE)),
            )

    def _work_of(self, sop: str) -> Iterator[tuple[str, Work]]:
        sums: dict[tuple[str, Driver], tuple[int, int]] = {}
        for share in self._profiles[sop]:
            post = self.carrier(share.role)
            if post is None:
                continue
            volume = round(self._volumes[share.driver] * self._people(post, share.spread))
            ticks, optional = sums.get((post, share.driver), (0, 0))
            sums[post, share.driver] = (
                ticks + share.hundredths * volume,
                optional + share.optional * volume,
            )
        for (post, driver), (ticks, optional) in sums.items():
            if ticks:
                kind: Kind = "set-up" if driver == "once" else "routine"
                yield post, Work(sop, kind, driver, ticks, optional)

    def _people(self, post: str, spread: Spread) -> Fraction | int:
        if spread == "stores":
            return self._stores
        return max(Fraction(1), self._fte.get(post, Fraction(1))) if spread == "everyone" else 1

    def carrier(self, role: str) -> str | None:
        """Return the post that carries a role's steps in this phase; None outside the team.

        What a role without a staffed post would do falls to the specialist; without one it stays
        with the post, whose load then says that nobody is there. What a shop does itself falls to
        nobody at head office.
        """
        if role not in self._carriers:
            self._carriers[role] = self._find_carrier(role)
        return self._carriers[role]

    def outside(self, sop: str, role: str, introduced: bool) -> Fraction:
        """Return the hours a month a SOP asks of a role outside the team."""
        return _hours(
            sum(
                share.hundredths * self._volumes[share.driver]
                for share in self._profiles[sop]
                if share.role == role and (introduced or share.driver != "once")
            )
        )

    def _find_carrier(self, role: str) -> str | None:
        if role in OUTSIDE_TEAM:
            return None
        same_role = [post for post in self._staffing.posts if post.role == role]
        for post in same_role:
            if self._fte.get(post.id) or (post.office == "store" and self._stores):
                return post.id
        if role == STORE_ROLE:
            return None
        nobody = same_role[0].id if same_role else SPECIALIST
        return SPECIALIST if self._fte.get(SPECIALIST) else nobody


def runs_a_week(step: SopStep) -> Fraction | None:
    """Return how often a recurring step runs in a week by its own timing; None for one-off work."""
    if step.timing.every == "day":
        return Fraction(7)
    if step.timing.every == "week":
        return Fraction(1)
    return Fraction(12, 52) if step.timing.every == "month" else None


def post_loads(
    phase: str,
    ledger: PhaseWork,
    running: Sequence[tuple[str, bool, bool]],
    available: Mapping[str, tuple[Fraction, Fraction]],
) -> tuple[PostLoad, ...]:
    """Return the load of every post that has people or work.

    ``available`` maps posts to hours a month, now and trained; a post not in it has nobody.

    ``running`` lists the SOPs at work as (id, introduced in this phase, thinned); one-off work
    counts where a SOP is introduced.
    """
    works: dict[str, list[Work]] = {post: [] for post in available}
    for sop, introduced, thinned in running:
        for post, work in ledger.of_sop(sop):
            if work.kind == "set-up" and not introduced:
                continue
            if thinned and work.optional_ticks:
                work = without_optional(work)
            if work.ticks:
                works.setdefault(post, []).append(work)
    for post, work in ledger.beside_sops():
        works.setdefault(post, []).append(work)
    nobody = (Fraction(0), Fraction(0))
    return tuple(
        _load(post, phase, lines, available.get(post, nobody)) for post, lines in works.items()
    )


def _load(
    post: str, phase: str, lines: Sequence[Work], available: tuple[Fraction, Fraction]
) -> PostLoad:
    hours = _hours(sum(work.ticks for work in lines))
    now, trained = available
    excess = max(Fraction(0), hours - now)
    return PostLoad(post, phase, tuple(lines), now, trained, hours, excess)


def without_optional(work: Work) -> Work:
    """Return a line of work without what its SOP can do without."""
    return replace(work, ticks=work.ticks - work.optional_ticks, optional_ticks=0)
