"""An interview as it is asked: the questions of a role, in its time boxes, with what was said."""

from datetime import timedelta

import pytest

from app.domain.pace import BREAK
from app.services.answers.history import answer_history
from app.services.errors import NotFoundError
from app.services.interviews.interviewing import open_sheet
from app.services.interviews.questioning import FACTS_KEY, Interview, open_interview
from app.services.interviews.so_far import read_so_far
from tests.interviews import Kitchen, kitchen
from tests.people import Installed


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


def shown(work: Kitchen, response: str, *, everything: bool = False) -> Interview:
    return open_interview(work.acting(), work.engagement, response, everything=everything)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def asked(interview: Interview) -> dict[str, list[str]]:
    return {part.key: [each.item.id for each in part.posed] for part in interview.parts}


def test_a_role_is_asked_its_questions_and_the_facts_it_can_give(work: Kitchen) -> None:
    interview = shown(work, work.begin("manager"))
    assert asked(interview) == {
        FACTS_KEY: ["archetype", "food-handlers", "trained-handlers", "covers-per-day", "delivery"],
        "bench": ["tasks-signed"],
        "office": ["plan-in-use", "worst-shift"],
    }
    # Facts come in ahead; the interview opens at its first question.
    assert interview.part(None).key == "bench"
    assert interview.part("office").key == "office"
    assert interview.part("no-such-part").key == "bench"


def test_everything_can_be_asked_of_staff_and_of_a_customer_their_own_alone(
    work: Kitchen,
) -> None:
    manager, guest = work.begin("manager"), work.begin("guest")
    whole = shown(work, manager, everything=True)
    assert sum(len(part.posed) for part in whole.parts) == 9 + 6
    assert "trained-share" not in asked(whole)["office"]
    assert shown(work, manager).beyond == 6
    assert asked(shown(work, guest, everything=True)) == {"office": ["worst-shift"]}


def test_what_was_answered_beyond_the_role_stays_to_be_seen(work: Kitchen) -> None:
    cook = work.begin("cook")
    assert "tasks-signed" not in asked(shown(work, cook))["bench"]
    work.save(cook, "tasks-signed", "80")
    assert "tasks-signed" in asked(shown(work, cook))["bench"]


def test_facts_given_in_one_interview_are_seen_in_the_next(work: Kitchen) -> None:
    manager, chef = work.begin("manager"), work.begin("chef")
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    work.save(sheet, "food-handlers", "12", evidence="E2")
    for response in (manager, chef, sheet):
        part = shown(work, response).part(FACTS_KEY)
        posed = next(each for each in part.posed if each.item.id == "food-handlers")
        assert part.response == sheet
        assert posed.standing is not None
        assert (posed.standing.value, posed.who) == ("12", work.acting().name)
    assert asked(shown(work, sheet)).keys() == {FACTS_KEY}


def test_time_is_counted_by_what_was_answered_and_breaks_are_not(work: Kitchen) -> None:
    chef = work.begin("chef")
    work.save(chef, "cold-chain", 2, after=minutes(3))
    work.save(chef, "checks-on-time", "90", after=minutes(5))
    work.save(chef, "plan-in-use", 1, after=minutes(9))
    work.save(chef, "raw-and-ready", 1, after=minutes(9) + BREAK)
    spent = {part.key: part.spent for part in shown(work, chef).parts}
    assert spent == {FACTS_KEY: None, "bench": minutes(5), "office": minutes(4)}


def test_only_interviews_and_the_sheet_are_opened_here(work: Kitchen) -> None:
    rulings = open_sheet(work.acting(), work.engagement, "adjudication")
    for response in (rulings, "0123456789abcdef"):
        with pytest.raises(NotFoundError):
            shown(work, response)


def test_the_history_of_an_answer_tells_who_said_what_and_what_became_of_it(
    work: Kitchen,
) -> None:
    chef = work.begin("chef")
    work.save(chef, "cold-chain", 2, note="log of May")
    work.save(chef, "cold-chain", 1, who="colleague", after=timedelta(seconds=9))
    work.save(chef, "cold-chain", None, 1, after=timedelta(minutes=1))
    found = answer_history(work.acting(), work.engagement, chef, "cold-chain")
    told = [(one.said.kind, one.said.value, one.who, one.counted) for one in found.sayings]
    mine, theirs = work.acting().name, work.acting("colleague").name
    assert told == [
        ("cleared", None, mine, True),
        ("given", 1, theirs, False),
        ("given", 2, mine, True),
    ]
    for item in ("trained-share", "no-such-item"):
        with pytest.raises(NotFoundError):
            answer_history(work.acting(), work.engagement, chef, item)


# -- what the answers say so far ----------------------------------------------------------


def test_what_is_worth_asking_next_changes_with_every_answer(work: Kitchen) -> None:
    chef = work.begin("chef")
    before = read_so_far(work.acting(), work.engagement, chef)
    first = before.next[0].item
    assert before.next[0].reasons
    assert before.scorecard.index is None
    value: dict[str, object] = {"number": "90", "choice": 2, "yes-no": "yes", "multi": []}
    question = before.model.questions[first]
    work.save(chef, first, value[question.type], evidence="E3")
    after = read_so_far(work.acting(), work.engagement, chef)
    assert first not in [each.item for each in after.next]


def test_facts_that_cannot_both_be_true_are_told_at_once(work: Kitchen) -> None:
    manager = work.begin("manager")
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    work.save(sheet, "food-handlers", "9")
    assert not read_so_far(work.acting(), work.engagement, manager).conflicts
    work.save(sheet, "trained-handlers", "12")
    (told,) = read_so_far(work.acting(), work.engagement, manager).conflicts
    assert (told.fact.code, told.part) == ("F02", "trained-handlers")
    assert "certificate" in told.message


def test_on_the_sheet_of_facts_facts_are_asked_next(work: Kitchen) -> None:
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    assert {each.kind for each in read_so_far(work.acting(), work.engagement, sheet).next} == {
        "fact"
    }
