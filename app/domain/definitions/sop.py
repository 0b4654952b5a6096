"""Standard operating procedures: dated steps with owner, channel, script, metric and minutes."""

from typing import Literal

from app.domain.definitions.record import Number, record

Driver = Literal["new-friend", "group-day", "store-day", "event", "week", "month", "once"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@record
class Timing:
    """When a step runs.

    ``day`` counts from the trigger (D0; may be negative), ``until`` ends a span of days; ``after``
    is a delay in minutes on that day and ``at`` a clock time HH:MM. ``every`` makes the step recur;
    ``on`` (weekday) or ``month_day`` tells when. ``shown`` is the offset as printed.
    """

    shown: str
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

    title: str
    target: str
    kpi: str | None = None
    value: Number | None = None
    better: Literal["higher", "lower"] = "higher"


@record
class SopStep:
    """One action. ``minutes`` are the owner's working minutes per run of ``driver``."""

    id: str
    code: str
    timing: Timing
    owner: str
    channel: str
    action: str
    script: str
    metric: Metric
    minutes: Number
    driver: Driver
    with_roles: tuple[str, ...] = ()


@record
class Sop:
    """A procedure a team can start on Monday.

    ``areas`` are the areas it lifts; it counts as proven when they all stand at the level the model
    calls proven. ``slots`` names what the client fills in before use (IP, gift, hero product…).
    ``applies`` is a condition without which the SOP makes no sense for an enterprise.
    """

    id: str
    code: str
    title: str
    purpose: str
    trigger: str
    cadence: str
    owner: str
    areas: tuple[str, ...]
    done_when: str
    steps: tuple[SopStep, ...]
    slots: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    pitfall: str = ""
    applies: str | None = None
