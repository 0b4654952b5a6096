"""Staffing parameters: capacity, service modes, posts, pay, drivers of SOP work."""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.record import Number, Text, record
from app.domain.definitions.sop import Driver


@record
class ServiceMode:
    """A depth of service by average order value: ``below`` is exclusive, the last has none."""

    id: str
    title: Text
    factor: Number
    below: Number | None = None


@record
class Post:
    """A post of the private-domain team.

    ``role`` is the role of the SOP steps it carries; ``office`` its place in the organisation;
    ``monthly_cost`` the loaded monthly cost in CNY per city tier.
    """

    id: str
    code: str
    title: Text
    role: str
    office: Literal["front", "middle", "back", "store"]
    duties: Text
    monthly_cost: Mapping[str, Number]
    shared: bool = False


@record
class CityTier:
    """A city tier for pay."""

    id: str
    title: Text


@record
class DriverVolume:
    """A driver of work: ``times`` a month for each ``unit`` of it (a group has 30 group days)."""

    id: Driver
    title: Text
    unit: Text
    times: Number


@record
class StandingWork:
    """Work of a post outside the SOPs: ``minutes`` per run of ``driver``.

    The first of ``posts`` that is staffed in a phase carries it.
    """

    id: str
    title: Text
    posts: tuple[str, ...]
    minutes: Number
    driver: Driver
    basis: Text


@record
class ReferenceLoad:
    """The enterprise behind ``base_capacity``: what one specialist's full load consists of.

    Users and new friends a month of one specialist, the share of friends in groups, and the size
    of a group. Where an enterprise differs, the two ways of counting people part.
    """

    users: int
    new_adds: int
    group_entry_rate: Number
    group_size: int


@record
class HiringStep:
    """One line of the hiring sequence."""

    stage: str
    posts: tuple[str, ...]
    text: Text


@record
class StaffingModel:
    """All configurable numbers of the staffing formula, with the source grade of each in ``basis``.

    Users and capacities in people, costs in CNY a month, hours as named.
    """

    base_capacity: int
    capacity_floor: int
    capacity_ceiling: int
    capacity_hard_stop: int
    capacity_range: Number
    service_modes: tuple[ServiceMode, ...]
    tool_factors: Mapping[int, Number]
    tool_area: str
    growth_buffer: Number
    growth_buffer_above: Number
    overload_tolerance: Number
    groups_per_specialist: int
    group_entry_rate: Number
    group_size: int
    labour_share: Number
    specialists_per_lead: int
    content_units_per_fte: int
    content_units_per_week: int
    small_pool: int
    traffic_adds_per_fte: int
    leads_per_sales: int
    separate_sales_aov: Number
    separate_sales_leads: int
    sessions_per_service: int
    session_rate: Number
    data_users_per_fte: int
    stores_per_coach: int
    customers_per_guide_low: int
    customers_per_guide_high: int
    store_led_stores: int
    store_led_archetypes: tuple[str, ...]
    online_share: Number
    focus_share: Number
    productive_hours_per_day: Number
    working_days_per_month: Number
    ramp_first_month: Number
    hiring_batch: Number
    posts: tuple[Post, ...]
    city_tiers: tuple[CityTier, ...]
    default_city_tier: str
    drivers: tuple[DriverVolume, ...]
    standing_work: tuple[StandingWork, ...]
    reference: ReferenceLoad
    rest_days_per_month: Number
    handover_minutes: int
    store_hours_per_day: Number
    hiring: tuple[HiringStep, ...]
    basis: Mapping[str, Text]
