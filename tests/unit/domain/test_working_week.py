"""The merged week: every recurring step once, at its time, within the hours customers are awake."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.definitions.sop import Driver, Sop, SopStep
from app.domain.model import MaturityModel
from app.domain.working_week import (
    BY_TURNS,
    HANDS_OFF,
    TOUCHING,
    RoleWeek,
    WeekEntry,
    merged_weeks,
    person_minutes,
    quiet_hours,
    stated_minutes,
)


def entries_of(week: RoleWeek, code: str) -> list[WeekEntry]:
    return [entry for entry in week.entries if code in entry.codes]


def changed(model: MaturityModel, code: str, **fields: object) -> Sop:
    """Return the SOP of a step with other values in its timing."""
    sop = next(sop for sop in model.sops.values() if any(s.code == code for s in sop.steps))

    def edited(step: SopStep) -> SopStep:
        return replace(step, timing=replace(step.timing, **fields)) if step.code == code else step  # type: ignore[arg-type] # fields of Timing by name

    return replace(sop, steps=tuple(edited(step) for step in sop.steps))


def test_every_recurring_step_has_its_days_once(private_domain: MaturityModel) -> None:
    sops = list(private_domain.sops.values())
    weeks = merged_weeks(sops, stated_minutes)
    for step in (step for sop in sops for step in sop.steps):
        if step.timing.every is None or step.owner in HANDS_OFF:
            continue
        week = weeks[step.owner]
        days = [entry.day for entry in entries_of(week, step.code)]
        monthly = [item for item in week.monthly if item.step.code == step.code]
        expected = {"day": [0, 1, 2, 3, 4, 5, 6], "month": []}.get(step.timing.every)
        assert days == expected if expected is not None else len(days) == 1, step.code
        assert len(monthly) == (step.timing.every == "month")


def test_one_time_of_one_day_is_one_entry(private_domain: MaturityModel) -> None:
    for week in merged_weeks(list(private_domain.sops.values()), stated_minutes).values():
        slots = [(entry.day, entry.at) for entry in week.entries if entry.at]
        assert len(slots) == len(set(slots))
        assert slots == sorted(slots)


def test_a_meeting_stands_in_the_week_of_everybody_who_takes_part(
    private_domain: MaturityModel,
) -> None:
    weeks = merged_weeks([private_domain.sops["weekly-review"]], stated_minutes)
    (held,) = entries_of(weeks["private-domain-head"], "24.2")
    (joined,) = entries_of(weeks["content"], "24.2")
    assert "24.2" not in held.joins
    assert "24.2" in joined.joins
    assert (held.day, held.at) == (joined.day, joined.at) == (0, "14:00")
    assert held.minutes == joined.minutes


def test_an_action_that_two_procedures_share_is_done_once(private_domain: MaturityModel) -> None:
    sops = [private_domain.sops["moments-calendar"], private_domain.sops["store-guide-daily"]]
    apart = merged_weeks(sops, stated_minutes)
    shared = merged_weeks(sops, stated_minutes, same={"21.5": "11.2"})
    assert not entries_of(shared.get("store", RoleWeek("store", (), ())), "21.5")
    both = entries_of(shared["operations"], "11.2")
    assert [entry.codes[:2] for entry in both] == [("11.2", "21.5")] * 7
    assert shared["operations"].minutes == apart["operations"].minutes


def test_a_shared_action_whose_other_half_is_not_planned_stays(
    private_domain: MaturityModel,
) -> None:
    alone = [private_domain.sops["store-guide-daily"]]
    weeks = merged_weeks(alone, stated_minutes, same={"21.5": "11.2"})
    assert len(entries_of(weeks["store"], "21.5")) == 7


@pytest.mark.parametrize(("at", "moved"), [("22:40", "21:00"), ("06:30", "08:00")])
def test_customers_are_written_to_within_the_hours_of_the_limits(
    private_domain: MaturityModel, at: str, moved: str
) -> None:
    quiet = quiet_hours(private_domain.content.limits)
    sop = changed(private_domain, "10.5", at=at)
    (week,) = [merged_weeks([sop], stated_minutes, quiet=quiet)["operations"]]
    assert {entry.at for entry in entries_of(week, "10.5")} == {moved}


def test_answers_and_work_behind_the_counter_keep_their_time(private_domain: MaturityModel) -> None:
    quiet = quiet_hours(private_domain.content.limits)
    sops = [private_domain.sops["moments-calendar"], private_domain.sops["store-guide-daily"]]
    weeks = merged_weeks(sops, stated_minutes, quiet=quiet)
    assert {entry.at for entry in entries_of(weeks["operations"], "11.4")} == {"21:30"}
    assert {entry.at for entry in entries_of(weeks["store"], "21.6")} == {"21:25"}


def test_nothing_of_the_whole_model_reaches_customers_at_night(
    private_domain: MaturityModel,
) -> None:
    quiet = quiet_hours(private_domain.content.limits)
    assert (quiet.earliest, quiet.latest) == ("08:00", "21:00")
    sops = list(private_domain.sops.values())
    for week in merged_weeks(sops, stated_minutes, quiet=quiet).values():
        for entry in week.entries:
            touching = [
                step
                for step in entry.steps
                if step.channel in TOUCHING and step.code not in quiet.answers
            ]
            assert not touching or not entry.at or "08:00" <= entry.at <= "21:00"


@pytest.mark.parametrize(
    ("runs", "days", "minutes"),
    [
        (0, [], 0),
        (3, [0, 2, 4], 6),
        (7, [0, 1, 2, 3, 4, 5, 6], 14),
        (14, [0, 1, 2, 3, 4, 5, 6], 28),
    ],
)
def test_a_cadence_of_the_client_s_own_fills_its_days(
    private_domain: MaturityModel, runs: int, days: list[int], minutes: int
) -> None:
    sop = private_domain.sops["daily-community"]
    week = merged_weeks([sop], stated_minutes, cadence={"10.3": Fraction(runs)})["operations"]
    found = entries_of(week, "10.3")
    assert [entry.day for entry in found] == days
    assert sum((entry.minutes for entry in found), Fraction(0)) == minutes


def test_minutes_are_those_of_one_person(private_domain: MaturityModel) -> None:
    staffing = private_domain.content.staffing
    assert staffing is not None
    volumes: dict[Driver, Fraction] = {
        "group-day": Fraction(30 * 18),
        "week": Fraction(433, 100),
        "store-day": Fraction(300),
    }
    people = {"operations": Fraction(2), "store": Fraction(10)}
    names = ("daily-community", "store-guide-daily", "weekly-review")
    sops = [private_domain.sops[name] for name in names]
    weeks = merged_weeks(sops, person_minutes(staffing, volumes, people))
    # 18 groups shared by two: 9 groups × 1.5 minutes.
    assert entries_of(weeks["operations"], "10.1")[0].minutes == Fraction(27, 2)
    # One of the two makes the check of the week, on Thursday.
    assert entries_of(weeks["operations"], "24.4")[0].minutes == 30
    assert entries_of(weeks["store"], "21.1")[0].minutes == 8
    assert "week" in BY_TURNS
    assert weeks["operations"].minutes[3] == weeks["operations"].minutes[2] + 30
