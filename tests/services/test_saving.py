"""Saving what is taken down: nothing overwritten, nothing doubled, nothing that was not asked."""

from datetime import timedelta

import pytest

from app.forms.answer_input import AnswerInput
from app.forms.messages import ValueRefusedError
from app.services.answers.saving import FormKept, Outcome, Typed, save_form
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.interviews.interviewing import conclude_interview, open_sheet
from app.services.interviews.together import changes_since
from tests.interviews import Kitchen, at_once, kitchen
from tests.kitchens import add_kitchen
from tests.people import Installed
from tests.workspace import counted

OTHER = "f" * 16


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


@pytest.fixture
def chef(work: Kitchen) -> str:
    return work.begin("chef")


def test_an_answer_is_kept_with_what_stands_beside_it(work: Kitchen, chef: str) -> None:
    saved = work.save(chef, "checks-on-time", "76.5", evidence="E3", note=" till \r\n week 40 ")
    assert (saved.standing.revision, saved.standing.value) == (1, "153/2")
    assert (saved.standing.evidence, saved.standing.note) == ("E3", "till \n week 40")
    assert saved.standing.actor == work.acting().person


def test_a_stale_save_overwrites_nothing_and_both_values_are_on_record(
    work: Kitchen, chef: str
) -> None:
    work.save(chef, "cold-chain", 2)
    late = work.save(chef, "cold-chain", 1, who="colleague", after=timedelta(seconds=5))
    assert late.stale
    assert (late.standing.value, late.standing.revision) == (2, 1)
    assert late.who == work.acting().name
    log = [(row.value, row.standing, row.actor) for row in work.log(chef, "cold-chain")]
    assert log == [
        (2, True, work.acting().person),
        (1, False, work.acting("colleague").person),
    ]
    # Having seen it, the colleague may still decide otherwise.
    settled = work.save(chef, "cold-chain", 1, 1, "now-on-top", who="colleague")
    assert (settled.stale, settled.standing.value, settled.standing.revision) == (False, 1, 3)


def test_two_who_answer_at_the_same_moment_do_not_overwrite_each_other(
    work: Kitchen, chef: str
) -> None:
    people = ("consultant", "colleague")
    outcomes = at_once(
        8, lambda n: work.save(chef, "cold-chain", n % 4, 0, f"at-once-{n}", who=people[n % 2])
    )
    kept = [one for one in outcomes if isinstance(one, Outcome)]
    assert len(kept) == 8
    assert sum(not one.stale for one in kept) == 1
    (winner,) = (one.standing for one in kept if not one.stale)
    assert {one.standing.value for one in kept} == {winner.value}
    log = work.log(chef, "cold-chain")
    assert [row.standing for row in log].count(True) == 1
    assert sorted(row.revision for row in log) == list(range(1, 9))


def test_the_same_save_ten_times_at_once_is_one_revision_and_one_reply(
    work: Kitchen, chef: str
) -> None:
    replies = at_once(10, lambda _n: work.save(chef, "cold-chain", 2, 0, "the-same-key"))
    assert len({reply.standing for reply in replies if isinstance(reply, Outcome)}) == 1
    assert all(isinstance(reply, Outcome) for reply in replies)
    assert len(work.log(chef)) == 1


@pytest.mark.parametrize("changed", [{"value": 1}, {"item": "raw-and-ready"}, {"base": 3}])
def test_a_key_used_for_something_else_is_refused(
    work: Kitchen, chef: str, changed: dict[str, object]
) -> None:
    work.save(chef, "cold-chain", 2, 0, "the-same-key")
    again = {"item": "cold-chain", "value": 2, "base": 0, **changed}
    with pytest.raises(RefusedError) as told:
        work.save(chef, str(again["item"]), again["value"], int(str(again["base"])), "the-same-key")
    assert "key" in told.value.fields
    assert len(work.log(chef)) == 1


@pytest.mark.parametrize("item", ["trained-share", "covers-per-day", "no-such-item", "felt-clean"])
def test_what_is_not_asked_in_an_interview_is_not_answered_there(
    work: Kitchen, chef: str, item: str
) -> None:
    with pytest.raises(RefusedError) as told:
        work.save(chef, item, "1")
    assert "item" in told.value.fields
    assert work.log(chef) == []


def test_customers_answer_their_own_questions_and_the_sheet_takes_facts_alone(
    work: Kitchen,
) -> None:
    guest = work.begin("guest")
    assert work.save(guest, "worst-shift", "一小时").standing.value == "一小时"
    with pytest.raises(RefusedError):
        work.save(guest, "cold-chain", 1)
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    assert work.save(sheet, "covers-per-day", "180").standing.value == "180"
    with pytest.raises(RefusedError):
        work.save(sheet, "cold-chain", 1)


@pytest.mark.parametrize(
    ("value", "beside", "field"),
    [
        (7, {}, "value"),
        ("9" * 400, {}, "value"),
        ([1], {}, "value"),
        (float("nan"), {}, "value"),
        (2, {"evidence": "E9"}, "evidence"),
        (2, {"note": "字" * 501}, "note"),
        (2, {"note": ["x"]}, "note"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_field_and_not_stored(
    work: Kitchen, chef: str, value: object, beside: dict[str, object], field: str
) -> None:
    with pytest.raises(ValueRefusedError) as told:
        work.save(chef, "cold-chain", value, 0, "refused-key", **beside)  # type: ignore[arg-type]  # what a script may send
    assert told.value.field == field
    assert work.log(chef) == []


def test_an_answer_goes_only_into_a_response_of_the_engagement_named(
    installed: Installed, work: Kitchen, chef: str
) -> None:
    add_kitchen(installed, engagement=OTHER, answered=False, team=("consultant",))
    theirs = Kitchen(installed, OTHER)
    with pytest.raises(NotFoundError):
        theirs.save(chef, "cold-chain", 2)
    with pytest.raises(NotFoundError):
        theirs.save(open_sheet(work.acting(), OTHER, "adjudication"), "cold-chain", 2)
    assert work.log(chef) == []


def test_nobody_outside_the_team_saves_and_viewers_do_not_either(
    installed: Installed,
) -> None:
    add_kitchen(installed, answered=False, team=("consultant", "viewer"))
    work = Kitchen(installed)
    chef = work.begin("chef")
    with pytest.raises(NotAllowedError):
        work.save(chef, "cold-chain", 2, who="viewer")
    with pytest.raises(NotFoundError):
        work.save(chef, "cold-chain", 2, who="colleague")
    assert work.log(chef) == []


def test_saving_takes_one_transaction_and_a_handful_of_statements(work: Kitchen, chef: str) -> None:
    def statements(number: int) -> int:
        with counted(work.installed.database) as asked:
            work.save(chef, "cold-chain", number % 4, number, f"counted-{number}")
        return len(asked)

    counts = {statements(number) for number in range(1, 4)} | {statements(0)}
    assert max(counts) <= 14


# -- a whole form --------------------------------------------------------------------------


def form(work: Kitchen, chef: str, *typed: Typed) -> FormKept:
    return save_form(work.acting(), work.engagement, chef, typed, "one-form")


def test_a_form_saves_what_was_changed_and_nothing_else(work: Kitchen, chef: str) -> None:
    work.save(chef, "cold-chain", 2, evidence="E1", note="log")
    kept = form(
        work,
        chef,
        Typed("cold-chain", AnswerInput(2, evidence="E1", note="log"), 1),
        Typed("probe-calibrated", AnswerInput(True), 0),
        Typed("raw-and-ready", AnswerInput(), 0),
    )
    assert kept.saved == ("probe-calibrated",)
    assert not kept.stale
    assert [row.item for row in work.log(chef)].count("cold-chain") == 1
    assert not work.log(chef, "raw-and-ready")


def test_a_form_sent_twice_saves_once(work: Kitchen, chef: str) -> None:
    typed = Typed("cold-chain", AnswerInput(2), 0)
    first, second = form(work, chef, typed), form(work, chef, typed)
    assert first.saved == second.saved == ("cold-chain",)
    assert len(work.log(chef)) == 1


def test_a_form_does_not_overwrite_what_somebody_else_saved_meanwhile(
    work: Kitchen, chef: str
) -> None:
    work.save(chef, "cold-chain", 2, who="colleague")
    work.save(chef, "probe-calibrated", "yes", who="colleague")
    kept = form(
        work,
        chef,
        Typed("cold-chain", AnswerInput(3, note="mine"), 0),
        Typed("probe-calibrated", AnswerInput(), 0),
        Typed("raw-and-ready", AnswerInput(1), 0),
    )
    # What was left as it was shown is no answer, and so no conflict.
    assert kept.saved == ("raw-and-ready",)
    assert set(kept.stale) == {"cold-chain"}
    told = kept.stale["cold-chain"]
    assert (told.standing.value, told.who) == (2, work.acting("colleague").name)
    assert [(row.value, row.standing) for row in work.log(chef, "cold-chain")] == [
        (2, True),
        (3, False),
    ]


def test_a_form_with_the_same_answer_as_somebody_else_is_no_conflict(
    work: Kitchen, chef: str
) -> None:
    work.save(chef, "cold-chain", 2, who="colleague")
    assert not form(work, chef, Typed("cold-chain", AnswerInput(2), 0)).stale


def test_a_form_of_a_closed_interview_is_refused_whole(work: Kitchen, chef: str) -> None:
    conclude_interview(work.acting(), work.engagement, chef)
    with pytest.raises(ConflictError):
        form(work, chef, Typed("cold-chain", AnswerInput(2), 0))
    assert work.log(chef) == []


# -- two people in one interview -----------------------------------------------------------


def test_others_see_what_changed_and_nothing_where_nothing_did(work: Kitchen, chef: str) -> None:
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    begun = changes_since(work.acting("colleague"), work.engagement, chef, "")
    assert begun.answers == ()
    work.save(chef, "cold-chain", 2)
    work.save(sheet, "covers-per-day", "180")
    seen = changes_since(work.acting("colleague"), work.engagement, chef, begun.stamp)
    assert {(one.kind, one.standing.item, one.who) for one in seen.answers} == {
        ("interview", "cold-chain", work.acting().name),
        ("facts", "covers-per-day", work.acting().name),
    }
    assert changes_since(work.acting(), work.engagement, chef, seen.stamp).answers == ()
    work.save(chef, "cold-chain", None, 1)
    assert changes_since(work.acting(), work.engagement, chef, seen.stamp).answers
    conclude_interview(work.acting(), work.engagement, chef)
    closed = changes_since(work.acting(), work.engagement, chef, seen.stamp)
    assert closed.concluded_at is not None
