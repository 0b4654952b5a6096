"""What one phase asks of the team: users, groups, stores, new friends, and how often work occurs.

Both ways of counting people start from a ``Workload``: the staffing formula (top down) and the
minutes of the SOPs (bottom up). So they speak of the same enterprise in the same month.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from app.domain.definitions.sop import Driver
from app.domain.definitions.staffing import StaffingModel

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Workload:
    """What the staffing formula works from at one horizon, all per month unless named.

    ``online_users`` are the users central specialists look after; stores look after the rest.
    ``new_stores`` are the stores launched during the phase. A ``pilot`` has a part-time manager and
    is not judged by its margin yet.
    """

    users: int
    online_users: int
    new_adds: int
    stage: int
    growth: bool
    mean_group: int
    entry_rate: Fraction
    content_units_per_week: int
    leads: int
    sessions_per_day: int
    stores: int
    new_stores: int
    store_led: bool
    pilot: bool
    gmv_per_user: Fraction | None
    margin: Fraction | None
    separate_sales: bool

    @property
    def groups(self) -> int:
        """Active groups: users × entry rate ÷ members of a group, rounded up."""
        if not self.mean_group:
            return 0
        return ceil(self.online_users * self.entry_rate / self.mean_group)

    @property
    def central_adds(self) -> Fraction:
        """New friends a month that central specialists receive; stores receive the others."""
        return Fraction(self.new_adds * self.online_users, self.users) if self.users else Fraction()

    @property
    def new_groups(self) -> Fraction:
        """Groups opened a month for the new friends."""
        if not self.mean_group:
            return Fraction(0)
        return self.central_adds * self.entry_rate / self.mean_group


def reference_workload(staffing: StaffingModel, work: Workload) -> Workload:
    """Return the month of the one specialist whose full load ``base_capacity`` describes.

    It has no stores and no leads of its own; the depth of work is that of ``work``'s stage.
    """
    reference = staffing.reference
    return Workload(
        users=reference.users,
        online_users=reference.users,
        new_adds=reference.new_adds,
        stage=work.stage,
        growth=False,
        mean_group=reference.group_size,
        entry_rate=Fraction(reference.group_entry_rate),
        content_units_per_week=staffing.content_units_per_week,
        leads=0,
        sessions_per_day=ceil(reference.users * Fraction(staffing.session_rate)),
        stores=0,
        new_stores=0,
        store_led=False,
        pilot=False,
        gmv_per_user=None,
        margin=None,
        separate_sales=False,
    )


def volumes(
    staffing: StaffingModel,
    work: Workload,
    *,
    specialists: Fraction,
    depth: Fraction,
    hires: Fraction,
    months: Fraction,
) -> Mapping[Driver, Fraction]:
    """Return how often work of each driver occurs in a month of the phase.

    ``specialists`` are the accounts run, ``depth`` how much closer than the standard each user is
    served (1 ÷ factor of the service mode), ``hires`` the people who join during the phase, whose
    length is ``months``. One-off work is spread over the phase that introduces it.
    """
    units: dict[Driver, Fraction] = {
        "new-friend": work.central_adds,
        "new-group": work.new_groups,
        "group-day": Fraction(work.groups),
        "thousand-users": Fraction(work.online_users, THOUSAND) * depth,
        "thousand-records": Fraction(work.users, THOUSAND),
        "account-week": specialists,
        "content-unit": Fraction(work.content_units_per_week),
        "session": Fraction(work.sessions_per_day),
        "lead": Fraction(work.leads),
        "store-day": Fraction(work.stores),
        "store-week": Fraction(work.stores),
        "new-store": work.new_stores / months,
        "new-hire": hires / months,
        "event": Fraction(1),
        "week": Fraction(1),
        "month": Fraction(1),
        "once": 1 / months,
    }
    times = {driver.id: Fraction(driver.times) for driver in staffing.drivers}
    return {name: _hundredths(count * times.get(name, 1)) for name, count in units.items()}


def _hundredths(volume: Fraction) -> Fraction:
    """Return a volume to two places: what is printed, and arithmetic that stays quick."""
    return Fraction(round(volume * 100), 100)
