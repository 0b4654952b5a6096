"""Standard operating procedures: dated steps with owner, channel, script, metric and minutes."""

from typing import Literal

from app.domain.definitions.record import Number, Text, record

Driver = Literal[
    "new-friend",
    "new-group",
    "group-day",
    "thousand-users",
    "thousand-records",
    "account-week",
    "content-unit",
    "session",
    "lead",
    "store-day",
    "store-week",
    "new-store",
    "new-hire",
    "event",
    "week",
    "month",
    "once",
]
"""What makes a step's work occur; ``app.domain.volumes`` tells how often a month."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@record
class Timing:
    """When a step runs.

    ``day`` counts from the trigger (D0; may be negative), ``until`` ends a span of days; ``after``
    is a delay in minutes on that day and ``at`` a clock time HH:MM. ``every`` makes the step recur;
    ``on`` (weekday) or ``month_day`` tells when. ``shown`` is the offset as printed.
    """

    shown: Text
    day: int = 0
    until: int | None = None
    at: str | None = None
    after: int | None = None
    every: Literal["day", "week", "month"] | None = None
    on: Weekday | None = None
    month_day: int | None = None


@record
class Metric:
    """The one number a step is judged by. ``kpi`` links to the catalogue where one exists.

    ``target`` is printed; ``value`` with ``better`` says which way is good when it is a number.
    """

    title: Text
    target: Text
    kpi: str | None = None
    value: Number | None = None
    better: Literal["higher", "lower"] = "higher"


@record
class SopStep:
    """One action. ``minutes`` are the owner's working minutes per run of ``driver``.

    ``optional`` steps are what a SOP can do without for a while: they are left out first when the
    team has fewer hours than the work. ``same_as`` names the step (by code) of another SOP that is
    the very same action, done once for both; it carries the minutes.
    """

    id: str
    code: str
    timing: Timing
    owner: str
    channel: str
    action: Text
    script: Text
    metric: Metric
    minutes: Number
    driver: Driver
    with_roles: tuple[str, ...] = ()
    optional: bool = False
    same_as: str | None = None


@record
class Sop:
    """A procedure a team can start on Monday.

    ``areas`` are the areas it lifts; it counts as proven when they all stand at the level the model
    calls proven. ``slots`` names what the client fills in before use (IP, gift, hero product…).
    ``applies`` is a condition without which the SOP makes no sense for an enterprise.
    """

    id: str
    code: str
    title: Text
    purpose: Text
    trigger: Text
    cadence: Text
    owner: str
    areas: tuple[str, ...]
    done_when: Text
    steps: tuple[SopStep, ...]
    slots: tuple[Text, ...] = ()
    requires: tuple[str, ...] = ()
    pitfall: Text = ""
    applies: str | None = None
