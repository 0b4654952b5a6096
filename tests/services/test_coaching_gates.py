"""Gates of coaching: reviewed from actuals, repaired, gone back from; kept with the evidence."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.actuals import A_WEEK
from app.domain.roadmap import PlannedPhase
from app.services.coaching.coached_plan import Coached
from app.services.coaching.gates import (
    GateView,
    LineSaid,
    LinesRefusedError,
    gate_of,
    hold_review,
)
from app.services.coaching.tasks import tasks_of
from app.services.engagements.today import today
from app.services.engagements.undertaking import archive_engagement, engagement_view
from app.services.errors import ConflictError, NotAllowedError
from tests.case_engagements import ENGAGEMENT
from tests.coached_cases import (
    STORES,
    at,
    coach,
    copied,
    hand_over,
    kept,
    live,
    standing,
    with_stores,
)
from tests.installations import NOW
from tests.people import Installed

START = NOW.date() - timedelta(days=NOW.date().weekday())
"""The first day of the pilot where a case has not begun yet."""
CONFIRMED = {
    name: LineSaid("yes", "签字存档") for name in ("accepted", "head-appointed", "strategy-signed")
} | {"compliance": LineSaid("2")}
SEEN_THERE = {name: LineSaid("yes", "当场核对") for name in ("beats-controls", "handed-over")}
GOOD = {"add-rate": "31", "group-entry-rate": "28"}


def day(number: int) -> date:
    return START + timedelta(days=number - 1)


def phase(coached: Coached, name: str) -> PlannedPhase:
    return next(one for one in coached.roadmap.phases if one.phase.id == name)


def look(installed: Installed, on: date, said: dict[str, LineSaid] | None = None) -> GateView:
    return gate_of(at(installed, on), ENGAGEMENT, said)


def begin_pilot(installed: Installed) -> None:
    coach(installed)
    hold_review(at(installed, day(0)), ENGAGEMENT, CONFIRMED, 0)
    with_stores(installed, ENGAGEMENT, day(1))


@pytest.fixture(scope="module")
def pilot_folder(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose alignment passed its gate, with three stores in its pilot."""
    return kept(migrated_file, tmp_path_factory.mktemp("pilot"), begin_pilot)


@pytest.fixture
def coached_pilot(pilot_folder: Path, tmp_path: Path) -> Iterator[Installed]:
    """That case in a database of the test's own."""
    yield from copied(pilot_folder, tmp_path)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)  # the others: SQLite
def test_a_quarter_with_a_gate_that_fails_is_repaired_and_goes_on(installed: Installed) -> None:
    begin_pilot(installed)
    for week in (day(1), day(8), day(15)):
        live(installed, ENGAGEMENT, week, share=Fraction(7, 10), figures=GOOD, stores=STORES,
             at_stores="31")  # fmt: skip
    first = hold_review(at(installed, day(16)), ENGAGEMENT, SEEN_THERE, 1, "先整改")
    assert first.verdict == "fix"
    assert [line.item.id for line in first.failed] == ["without-coach"]
    coached = standing(installed, ENGAGEMENT, day(17))
    assert phase(coached, "pilot").end == day(31)
    assert coached.gate_on == day(32)
    loop = [line for line in tasks_of(at(installed, day(18)), ENGAGEMENT).lines if line.repair]
    assert loop
    found = look(installed, day(18))
    assert found.loop is not None
    assert {line.sop for line in loop} <= {coached.model.sops[s].code for s in found.loop.sops}

    # Reviewed before the loop is over it would fail for good, so it is not taken.
    with pytest.raises(ConflictError) as early:
        hold_review(at(installed, day(22)), ENGAGEMENT, {}, 2)
    assert early.value.code == "repair-running"

    for week in (day(22), day(29)):
        live(installed, ENGAGEMENT, week, figures=GOOD, stores=STORES, at_stores="32")
    assert look(installed, day(36)).is_due
    assert hold_review(at(installed, day(36)), ENGAGEMENT, {}, 2).verdict == "go"
    coached = standing(installed, ENGAGEMENT, day(37))
    assert coached.running.phase.id == "model"
    assert coached.running.start == day(37)
    assert [held.verdict for held in coached.reviews] == ["go", "fix", "go"]


def test_a_gate_failing_twice_goes_back_one_phase_and_its_tasks_come_again(
    coached_pilot: Installed,
) -> None:
    installed = coached_pilot
    bad = GOOD | {"group-entry-rate": "22"}
    for week in (day(1), day(8), day(15)):
        live(installed, ENGAGEMENT, week, figures=bad, stores=STORES, at_stores="31")
    assert hold_review(at(installed, day(16)), ENGAGEMENT, SEEN_THERE, 1).verdict == "fix"
    for week in (day(22), day(29)):
        live(installed, ENGAGEMENT, week, figures=bad, stores=STORES, at_stores="31")
    view = look(installed, day(32))
    assert [one.phase.id for one in view.after][:2] == ["align", "pilot"]
    held = hold_review(at(installed, day(32)), ENGAGEMENT, {}, 2)
    assert (held.verdict, held.reason) == ("stop", "second-failure")
    coached = standing(installed, ENGAGEMENT, day(33))
    assert coached.running.phase.id == "align"
    assert coached.failed == ()
    again = {task.key.run for task in coached.tasks(day(33), day(60)) if task.phase == "align"}
    assert all(run.startswith("2/") for run in again)
    # What was done before the review is still told by the roadmap of then.
    assert standing(installed, ENGAGEMENT, day(33)).tasks(day(1), day(7))


def test_missing_figures_are_named_and_use_up_no_review(coached_pilot: Installed) -> None:
    installed = coached_pilot
    live(installed, ENGAGEMENT, day(1), figures={"add-rate": "31"}, stores=STORES[:1],
         at_stores="31")  # fmt: skip
    live(installed, ENGAGEMENT, day(8))
    found = look(installed, day(12))
    assert found.review is not None
    assert found.review.verdict == "open"
    missing = {line.item.id for line in found.review.missing}
    assert {"group-entry", "beats-controls", "units-at-target"} <= missing
    hold_review(at(installed, day(12)), ENGAGEMENT, {}, 1)
    assert standing(installed, ENGAGEMENT, day(13)).failed == ()


def test_a_review_keeps_what_it_rested_on_whatever_is_said_later(coached_pilot: Installed) -> None:
    installed = coached_pilot
    for week in (day(1), day(8), day(15)):
        live(installed, ENGAGEMENT, week, figures=GOOD | {"group-entry-rate": "22"},
             stores=STORES, at_stores="31")  # fmt: skip
    hold_review(at(installed, day(16)), ENGAGEMENT, SEEN_THERE, 1, "进群差一点")
    live(installed, ENGAGEMENT, day(8), figures={"group-entry-rate": "30"})
    held = look(installed, day(17)).past[0]
    lines = {line.item.id: line for line in held.lines}
    assert held.note == "进群差一点"
    assert lines["group-entry"].state == "failed"
    assert lines["group-entry"].value == 22
    assert lines["handed-over"].note == "当场核对"
    # What was confirmed need not be confirmed again.
    found = look(installed, day(17))
    assert found.review is not None
    assert "handed-over" not in {line.item.id for line in found.review.missing}


def test_a_line_is_waived_for_a_reason_alone_and_numbers_go_where_numbers_belong(
    coached_pilot: Installed,
) -> None:
    installed = coached_pilot
    with pytest.raises(LinesRefusedError) as refused:
        look(installed, day(5), {
            "group-entry": LineSaid(waived=True), "handed-over": LineSaid("27"),
            "add-rate": LineSaid("很高"), "gone": LineSaid("yes"),
        })  # fmt: skip
    assert set(refused.value.messages) == {"group-entry", "handed-over", "add-rate", "gone"}
    found = look(installed, day(5), {"group-entry": LineSaid(note="不建群的业务", waived=True)})
    assert found.review is not None
    states = {line.item.id: line.state for line in found.review.lines}
    assert states["group-entry"] == "waived"


def test_who_was_outrun_or_only_looks_holds_no_review(coached_pilot: Installed) -> None:
    installed = coached_pilot
    with pytest.raises(NotAllowedError):
        hold_review(at(installed, day(5), "viewer"), ENGAGEMENT, {}, 1)
    with pytest.raises(ConflictError) as outrun:
        hold_review(at(installed, day(5)), ENGAGEMENT, {}, 0)
    assert outrun.value.code == "reviewed"
    archive_engagement(at(installed, day(5)), ENGAGEMENT, archived=True)
    with pytest.raises(ConflictError) as archived:
        hold_review(at(installed, day(5)), ENGAGEMENT, {}, 1)
    assert archived.value.code == "archived"


def needs(installed: Installed, on: date) -> set[str]:
    acting = at(installed, on)
    engagement_view(acting, ENGAGEMENT)
    return {task.need for line in today(acting).lines for task in line.tasks}


def test_a_gate_due_this_week_is_on_the_day_s_list(coached_pilot: Installed) -> None:
    assert "gate" not in needs(coached_pilot, day(9))
    assert "gate" in needs(coached_pilot, day(10))
    view = engagement_view(at(coached_pilot, day(16)), ENGAGEMENT)
    coaching = view.steps[-1]
    assert (coaching.step, coaching.progress) == ("coach", "under-way")
    assert view.progress.gate_on == day(16)


def test_before_the_first_review_the_issued_plan_says_when_its_gate_is_due(
    coached_case: Installed,
) -> None:
    assert "gate" not in needs(coached_case, NOW.date())
    hand_over(coached_case, ENGAGEMENT)
    assert "gate" in needs(coached_case, NOW.date())


def test_the_weeks_before_a_review_are_told_by_the_roadmap_of_then(
    coached_pilot: Installed,
) -> None:
    coached = standing(coached_pilot, ENGAGEMENT, day(5))
    assert coached.stretches[0].last == day(0)
    assert coached.weeks[0] <= day(1) - 2 * A_WEEK
    assert coached.tasks(day(-13), day(0))
