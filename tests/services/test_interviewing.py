"""Interviews: begun once, closed once, and never lost to two people doing the same."""

from datetime import timedelta

import pytest

from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.interviews.interviewing import (
    begin_interview,
    conclude_interview,
    discard_interview,
    interview_board,
    open_sheet,
    rename_interview,
    reopen_interview,
    snapshot_of,
)
from app.services.interviews.questioning import open_interview
from app.services.interviews.together import HERE, be_present, changes_since
from app.services.invitations.inviting import Invited
from app.store.rows import Response
from tests.installations import NOW
from tests.interviews import Kitchen, at_once, kitchen
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import answer, counted, invited


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


def test_a_role_is_interviewed_once_under_a_label(work: Kitchen) -> None:
    work.begin("cook")
    with pytest.raises(RefusedError) as told:
        work.begin("cook")
    assert "没有标签" in told.value.fields["label"]
    work.begin("cook", "夜班")
    with pytest.raises(RefusedError) as told:
        work.begin("cook", "夜班", who="colleague")
    assert told.value.values == {"label": "夜班"}
    work.begin("chef", "夜班")
    board = interview_board(work.acting(), work.engagement)
    listed = {(one.role, one.label) for one in board.interviews}
    assert listed == {("cook", ""), ("cook", "夜班"), ("chef", "夜班")}


def test_two_who_begin_the_same_interview_at_once_begin_one(work: Kitchen) -> None:
    people = ("consultant", "colleague")
    outcomes = at_once(6, lambda n: work.begin("cook", "夜班", who=people[n % 2]))
    assert sum(isinstance(one, str) for one in outcomes) == 1
    assert sum(isinstance(one, RefusedError) for one in outcomes) == 5
    assert len(interview_board(work.acting(), work.engagement).interviews) == 1


@pytest.mark.parametrize("role", ["logger", "nobody", ""])
def test_only_roles_that_are_asked_something_are_interviewed(work: Kitchen, role: str) -> None:
    with pytest.raises(RefusedError) as told:
        work.begin(role)
    assert "role" in told.value.fields
    offered = interview_board(work.acting(), work.engagement).roles
    assert [one.id for one in offered] == ["manager", "chef", "cook", "inspector", "guest"]


def test_who_only_looks_begins_nothing_and_a_stranger_finds_nothing(installed: Installed) -> None:
    work = kitchen(installed)
    with pytest.raises(NotFoundError):
        work.begin(who="viewer")
    with pytest.raises(NotFoundError):
        begin_interview(installed.acting("owner", installed.second), work.engagement, "chef", "")
    assert work.begin(who="owner")


def test_a_viewer_on_the_team_sees_the_board_and_changes_nothing(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("consultant", "viewer"))
    work = Kitchen(installed)
    chef = work.begin()
    viewer = work.acting("viewer")
    assert [one.id for one in interview_board(viewer, ENGAGEMENT).interviews] == [chef]
    for forbidden in (conclude_interview, discard_interview, reopen_interview):
        with pytest.raises(NotAllowedError):
            forbidden(viewer, ENGAGEMENT, chef)
    with pytest.raises(NotAllowedError):
        open_sheet(viewer, ENGAGEMENT, "facts")


def test_the_board_tells_how_far_everybody_is(work: Kitchen) -> None:
    chef = work.begin("chef")
    work.save(chef, "cold-chain", 2)
    work.save(chef, "probe-calibrated", "unknown")
    work.save(chef, "raw-and-ready", 1)
    work.save(chef, "raw-and-ready", None, 1)
    (link,) = invited(work.installed, work.engagement, Invited("cook", "夜班"))
    answer(work.installed, link, ["cold-chain"], submitted=True)
    board = interview_board(work.acting(), work.engagement)
    (shown,) = board.interviews
    # The chef is asked seven questions; taking an answer back leaves it open.
    assert (shown.answered, shown.asked, shown.complete) == (2, 7, False)
    (guest,) = board.by_link
    assert (guest.role, guest.label, guest.answered, guest.concluded_at) == ("cook", "夜班", 1, NOW)
    assert board.facts is not None
    assert (board.facts.answered, board.fact_parts) == (0, 6)


def test_an_answer_beyond_what_the_role_is_asked_counts_on_both_sides(work: Kitchen) -> None:
    cook = work.begin("cook")
    before = interview_board(work.acting(), work.engagement).interviews[0]
    work.save(cook, "tasks-signed", "80")
    after = interview_board(work.acting(), work.engagement).interviews[0]
    assert (after.answered, after.asked) == (before.answered + 1, before.asked + 1)


def test_who_has_an_interview_open_is_named_until_they_leave(work: Kitchen) -> None:
    chef = work.begin()
    be_present(work.acting("colleague"), work.engagement, chef, "cold-chain")
    (shown,) = interview_board(work.acting(), work.engagement).interviews
    assert shown.present == (work.acting("colleague").name,)
    (other,) = changes_since(work.acting(), work.engagement, chef, "").others
    assert (other.name, other.item) == (work.acting("colleague").name, "cold-chain")
    assert changes_since(work.acting("colleague"), work.engagement, chef, "").others == ()
    gone = work.acting(after=HERE + timedelta(seconds=1))
    assert interview_board(gone, work.engagement).interviews[0].present == ()


def test_presence_of_one_person_in_two_windows_is_one(work: Kitchen) -> None:
    chef = work.begin()
    acting = work.acting("colleague")
    outcomes = at_once(8, lambda n: be_present(acting, work.engagement, chef, f"item-{n}"))
    assert outcomes == [None] * 8
    assert len(changes_since(work.acting(), work.engagement, chef, "").others) == 1


def test_an_interview_begun_by_mistake_can_be_removed_an_answered_one_cannot(
    work: Kitchen,
) -> None:
    chef, cook = work.begin("chef"), work.begin("cook")
    work.save(chef, "cold-chain", 2)
    work.save(chef, "cold-chain", None, 1)
    with pytest.raises(ConflictError):
        discard_interview(work.acting(), work.engagement, chef)
    discard_interview(work.acting(), work.engagement, cook)
    left = interview_board(work.acting(), work.engagement).interviews
    assert [one.id for one in left] == [chef]
    assert "interview.discarded" in work.actions()


def test_a_label_can_be_changed_but_not_to_one_that_is_taken(work: Kitchen) -> None:
    work.begin("cook", "早班")
    night = work.begin("cook", "夜班")
    with pytest.raises(RefusedError):
        rename_interview(work.acting(), work.engagement, night, "早班")
    rename_interview(work.acting(), work.engagement, night, "晚班")
    labels = {one.label for one in interview_board(work.acting(), work.engagement).interviews}
    assert labels == {"早班", "晚班"}


def test_closing_ten_times_at_once_closes_once(work: Kitchen) -> None:
    chef = work.begin()
    work.save(chef, "cold-chain", 2)
    digests = set(at_once(10, lambda _n: conclude_interview(work.acting(), work.engagement, chef)))
    assert len(digests) == 1
    assert work.actions().count("interview.concluded") == 1


def test_a_closed_interview_takes_no_answer_until_it_is_opened_again(work: Kitchen) -> None:
    chef = work.begin()
    work.save(chef, "cold-chain", 2)
    digest = conclude_interview(work.acting(), work.engagement, chef)
    with pytest.raises(ConflictError) as told:
        work.save(chef, "cold-chain", 3, 1)
    assert told.value.code == "submitted"
    assert len(work.log(chef)) == 1
    reopen_interview(work.acting("colleague"), work.engagement, chef)
    reopen_interview(work.acting("colleague"), work.engagement, chef)
    assert work.actions().count("interview.reopened") == 1
    work.save(chef, "cold-chain", 3, 1)
    assert conclude_interview(work.acting(), work.engagement, chef) != digest


def test_a_save_that_races_the_closing_is_in_the_snapshot_or_refused(work: Kitchen) -> None:
    chef = work.begin()

    def act(number: int) -> object:
        if number == 4:
            return conclude_interview(work.acting(), work.engagement, chef)
        return work.save(chef, "cold-chain", number % 4, number // 2, f"racing-save-{number}")

    outcomes = at_once(8, act)
    assert all(not isinstance(one, Exception) or isinstance(one, ConflictError) for one in outcomes)
    with work.acting().reading() as session:
        row = session.find(Response, chef)
        assert row is not None
        assert row.snapshot == snapshot_of(session, chef) == outcomes[4]


def test_the_sheet_of_facts_is_one_however_many_open_it_first(work: Kitchen) -> None:
    people = ("consultant", "colleague")
    sheets = at_once(8, lambda n: open_sheet(work.acting(people[n % 2]), work.engagement, "facts"))
    assert len(set(sheets)) == 1
    assert isinstance(sheets[0], str)


def test_the_board_asks_the_same_few_questions_of_the_database_however_long_it_is(
    work: Kitchen,
) -> None:
    def statements() -> int:
        with counted(work.installed.database) as asked:
            interview_board(work.acting(), work.engagement)
        return len(asked)

    work.begin("chef")
    first = statements()
    for number in range(12):
        cook = work.begin("cook", f"{number}号")
        work.save(cook, "cold-chain", 1)
    assert statements() == first <= 5


def test_an_interview_asks_the_same_few_questions_of_the_database_however_full_it_is(
    work: Kitchen,
) -> None:
    chef = work.begin("chef")

    def statements() -> int:
        with counted(work.installed.database) as asked:
            open_interview(work.acting(), work.engagement, chef)
        return len(asked)

    work.save(chef, "cold-chain", 2)
    first = statements()
    for item, value in (("checks-on-time", "90"), ("raw-and-ready", 1), ("cleaning-schedule", [])):
        work.save(chef, item, value)
        be_present(work.acting("colleague"), work.engagement, chef, item)
    assert statements() == first <= 9
