"""Dated parameters: limits of platform, law and house, benchmarks. Each with source and grade."""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.kpi import SourceGrade
from app.domain.definitions.record import Number, Text, record
from app.domain.definitions.sop import Driver

LimitMeasure = Literal[
    "messages-per-customer",  # one-to-one messages one customer gets in the period
    "messages-per-group",  # brand messages in one group in the period
    "moments-posts",  # posts one customer sees in the period
    "transfers",  # hand-overs of one customer between members in the period
    "latest-hour",  # the clock time after which nobody is written to unasked
    "earliest-hour",  # the clock time before which nobody is
    "days-before-selling",  # days after adding in which nothing is sold
    "group-size",  # members of one group
    "customers-per-member",  # customers of one account
    "customers-per-enterprise",  # customers of the whole enterprise
    "customers-unverified",  # the same while the enterprise is not verified
    "consent",  # nobody is written to before notice and consent are live
]


@record
class Limit:
    """A limit as of a date: of the platform, of the law, or of the house (the method itself).

    ``value`` is None where it is a rule in words. ``measure`` says what a program counts against
    it; without one it is only printed. ``conduct`` is the lawful way to act instead.

    A step of a SOP concerns the limit when it is one of ``steps``, or stands in one of ``channels``
    and, where they are given, has one of ``owners`` and ``drivers``; never when it is ``exempt``
    (codes of steps that only answer a customer). Of each set of codes in ``instead`` one customer
    or group meets only one on a day: the others go to other people or give way. ``kept_by`` are the
    codes of the steps that bring about what a limit asks for.
    """

    id: str
    code: str
    title: Text
    kind: Literal["platform", "law", "house"]
    text: Text
    source: Text
    grade: SourceGrade
    as_of: str
    value: Number | None = None
    unit: Text = ""
    period: Literal["day", "week", "month", "quarter", "year", "once"] | None = None
    scope: Text = ""
    conduct: Text = ""
    measure: LimitMeasure | None = None
    channels: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    drivers: tuple[Driver, ...] = ()
    steps: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    instead: tuple[tuple[str, ...], ...] = ()
    kept_by: tuple[str, ...] = ()


@record
class Benchmark:
    """A reference value per archetype (key: archetype id or ``default``), for colouring only."""

    id: str
    code: str
    title: Text
    unit: Text
    values: Mapping[str, Number]
    basis: Text
    grade: SourceGrade
    as_of: str
    red: Mapping[str, Number] | None = None
