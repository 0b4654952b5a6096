"""Sending a questionnaire: once, whole, and final until the consultant gives it back."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.response import Assessment
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.answering import Given, save_answer
from app.services.answers.assembling import assembled, gather
from app.services.engagements.undertaking import engagement_view
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.interviews.interviewing import snapshot_of
from app.services.invitations.board import guest_board
from app.services.invitations.reminding import write_to
from app.services.releases import model_of
from app.services.respondents.consenting import agree, version_of, withdraw
from app.services.respondents.responding import open_questionnaire
from app.services.respondents.submitting import reopen, submit
from app.store.answers import history_of
from app.store.rows import Engagement, Job, OutgoingMail, Response
from tests.installations import NOW
from tests.people import Installed
from tests.respondents import (
    DOCUMENT,
    Company,
    company,
    consented,
    events,
    facts_sheet,
    saved,
    standing,
)

BENCH, OFFICE, FIGURES = 1, 2, 3


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def row_of(kitchen: Company, invitation: str) -> Response:
    row = kitchen.response(invitation)
    assert row is not None
    return row


def snapshot(kitchen: Company, response: str) -> str:
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        return snapshot_of(session, response)


def assessment(kitchen: Company) -> Assessment:
    """Return what the engine is told of the engagement."""
    acting = kitchen.acting()
    with acting.reading() as session:
        gathered = gather(session, open_engagement(acting, session, kitchen.engagement))
        row = session.find(Engagement, kitchen.engagement)
        assert row is not None
    model = model_of(acting.database, acting.settings, row.release_digest)
    return assembled(gathered, model)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do things in threads that start together; return what each returned or raised."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def do(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = work()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: Sequence[object]) -> list[Any]:
    return [error for error in results if isinstance(error, Exception)]


# -- once ------------------------------------------------------------------------------------------


def test_what_is_sent_counts_from_then_on_and_is_sealed(kitchen: Company) -> None:
    invitation = kitchen.invite("cook", "晚班")
    who = consented(kitchen, invitation)
    saved(who, BENCH, "raw-and-ready", 2)
    saved(who, BENCH, "cold-chain", None, key="b" * 24)
    assert assessment(kitchen).respondents == ()
    submit(who)
    row = row_of(kitchen, invitation)
    assert row.submitted_at == NOW
    assert row.snapshot == snapshot(kitchen, row.id)
    (person,) = assessment(kitchen).respondents
    assert (person.role, person.label) == ("cook", "晚班")
    assert {name: given.value for name, given in person.answers.items()} == {
        "raw-and-ready": 2,
        "cold-chain": None,
    }
    assert {given.evidence for given in person.answers.values()} == {"E0"}
    (event,) = events(kitchen, "response.submitted")
    assert event.detail == {
        "answers": 2,
        "unknown": 1,
        "figures": 0,
        "quotable": False,
        "snapshot": row.snapshot,
    }


def test_sending_ten_times_at_once_is_sending_once(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, BENCH, "cold-chain", 2)
    saved(who, FIGURES, "food-handlers", Fraction(12), key="b" * 24)
    results = at_once(*[lambda: submit(who)] * 10)
    assert results == [None] * 10
    assert len(events(kitchen, "response.submitted")) == 1
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        assert len(history_of(session, facts_sheet(kitchen))) == 1
        # Sending asks for no work and writes to nobody; if it ever does, then once.
        assert session.scalars(select(Job.id)).all() == []
        assert session.scalars(select(OutgoingMail.id)).all() == []
    row = row_of(kitchen, invitation)
    submit(replace(who, now=NOW + timedelta(hours=1)))
    assert row_of(kitchen, invitation).submitted_at == row.submitted_at


def test_many_people_agree_and_send_at_once_and_all_of_it_is_kept(kitchen: Company) -> None:
    people = [kitchen.respondent(kitchen.invite(label=str(number))) for number in range(8)]

    def everything(who: Acting) -> None:
        agree(who, DOCUMENT, version_of(DOCUMENT))
        saved(who, BENCH, "cold-chain", 2, key=who.person.ljust(24, "0"))
        saved(who, FIGURES, "food-handlers", Fraction(9), key=who.person.ljust(24, "1"))
        submit(who)

    results = at_once(*(lambda who=who: everything(who) for who in people))
    assert refusals(results) == []
    assert len(events(kitchen, "response.submitted")) == 8
    assert len(assessment(kitchen).respondents) == 8
    assert assessment(kitchen).facts["food-handlers"].value == 9


def test_a_save_that_races_the_sending_is_in_the_snapshot_or_refused(kitchen: Company) -> None:
    outcomes = set()
    for number in range(8):
        invitation = kitchen.invite(label=str(number))
        who = consented(kitchen, invitation)
        saved(who, BENCH, "cold-chain", 2)
        late = kitchen.respondent(invitation)

        def save(late: Acting = late) -> None:
            saved(late, BENCH, "cold-chain", 4, base=1, key="b" * 24)

        works = [save, lambda who=who: submit(who)]
        results = at_once(*(works if number % 2 else works[::-1]))
        row = row_of(kitchen, invitation)
        (value,) = standing(kitchen, row.id).values()
        refused = refusals(results)
        if refused:
            assert [error.code for error in refused] == ["submitted"]
        assert value == (2 if refused else 4)
        assert row.snapshot == snapshot(kitchen, row.id)
        outcomes.add(bool(refused))
    assert outcomes  # both orders are right; which one wins is not ours to say


def test_nothing_is_taken_after_sending_and_the_seal_stays(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, BENCH, "cold-chain", 2)
    submit(who)
    sealed = row_of(kitchen, invitation).snapshot
    with pytest.raises(ConflictError) as refused:
        saved(who, BENCH, "cold-chain", 4, base=1, key="b" * 24)
    assert refused.value.code == "submitted"
    row = row_of(kitchen, invitation)
    with pytest.raises(ConflictError):
        save_answer(who, row.id, Given("cold-chain", "given", 4), 1, "another-key")
    assert row_of(kitchen, invitation).snapshot == sealed == snapshot(kitchen, row.id)


def test_an_empty_questionnaire_is_not_sent(kitchen: Company) -> None:
    invitation = kitchen.invite()
    with pytest.raises(ConflictError):
        submit(kitchen.respondent(invitation))
    who = consented(kitchen, invitation)
    with pytest.raises(RefusedError):
        submit(who)
    saved(who, BENCH, "cold-chain", None)
    submit(who)
    assert row_of(kitchen, invitation).submitted_at is not None


def test_answers_withdrawn_after_sending_count_no_more(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, BENCH, "cold-chain", 2)
    submit(who)
    assert len(assessment(kitchen).respondents) == 1
    withdraw(who)
    assert assessment(kitchen).respondents == ()
    with pytest.raises(ConflictError):
        submit(who)
    agree(who, DOCUMENT, version_of(DOCUMENT))
    assert assessment(kitchen).respondents == ()
    submit(who)
    assert len(assessment(kitchen).respondents) == 1


def test_who_withdrew_is_neither_waited_for_nor_written_to(kitchen: Company) -> None:
    gone, waiting = kitchen.invite(label="a"), kitchen.invite(label="b")
    for invitation in (gone, waiting):
        kitchen.change(invitation, email="chef@kitchen.example")
    withdraw(consented(kitchen, gone))
    posted = write_to(kitchen.acting(), kitchen.engagement, None)
    assert (posted.sent, posted.finished) == (1, 1)
    states = {
        guest.id: guest.status for guest in guest_board(kitchen.acting(), kitchen.engagement).guests
    }
    assert states == {gone: "withdrawn", waiting: "sent"}
    assert engagement_view(kitchen.acting(), kitchen.engagement).progress.waiting == 1


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quotable", [False, True])
def test_words_reach_the_report_only_where_the_person_agreed_to_be_quoted(
    kitchen: Company, quotable: bool
) -> None:
    who = consented(kitchen, kitchen.invite())
    saved(who, BENCH, "cold-chain", 2, note="周日没人看")
    saved(who, OFFICE, "worst-shift", "停电那晚", key="b" * 24)
    saved(who, FIGURES, "food-handlers", Fraction(12), note="含学徒", key="c" * 24)
    submit(who, quotable=quotable)
    (person,) = assessment(kitchen).respondents
    said = {name: (given.value, given.note) for name, given in person.answers.items()}
    fact = assessment(kitchen).facts["food-handlers"]
    if quotable:
        assert said == {"cold-chain": (2, "周日没人看"), "worst-shift": ("停电那晚", "")}
        assert fact.note == "含学徒"
    else:
        assert said == {"cold-chain": (2, "")}
        assert fact.note == ""
    assert fact.value == 12


# -- company figures -------------------------------------------------------------------------------


def test_figures_go_to_the_one_sheet_when_they_are_sent_and_not_before(kitchen: Company) -> None:
    who = consented(kitchen, kitchen.invite())
    saved(who, FIGURES, "food-handlers", Fraction(12))
    saved(who, FIGURES, "trained-handlers", None, key="b" * 24)
    assert dict(assessment(kitchen).facts) == {}
    submit(who)
    facts = assessment(kitchen).facts
    assert {name: given.value for name, given in facts.items()} == {"food-handlers": 12}
    assert standing(kitchen, facts_sheet(kitchen)) == {"food-handlers": "12"}


def test_a_figure_the_consultant_has_stands_and_the_other_is_on_its_history(
    kitchen: Company,
) -> None:
    sheet = facts_sheet(kitchen)
    consultant = kitchen.acting()
    save_answer(consultant, sheet, Given("food-handlers", "given", Fraction(15)), 0, "by-hand-1")
    who = consented(kitchen, kitchen.invite())
    saved(who, FIGURES, "food-handlers", Fraction(12))
    submit(who)
    assert assessment(kitchen).facts["food-handlers"].value == 15
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        log = [(one.value, one.standing, one.actor) for one in history_of(session, sheet)]
    assert log == [("15", True, consultant.person), ("12", False, "")]


def test_figures_follow_their_answers_when_these_are_changed_and_sent_again(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, FIGURES, "food-handlers", Fraction(12))
    saved(who, FIGURES, "trained-handlers", Fraction(3), key="b" * 24)
    submit(who)
    sheet = facts_sheet(kitchen)
    corrected = Given("trained-handlers", "given", Fraction(4))
    save_answer(kitchen.acting(), sheet, corrected, 1, "by-hand-1")
    reopen(kitchen.acting(), kitchen.engagement, row_of(kitchen, invitation).id, "人数请核对")
    later = replace(who, now=NOW + timedelta(hours=1))
    saved(later, FIGURES, "food-handlers", Fraction(14), base=1, key="c" * 24)
    submit(later)
    # What the consultant corrected stays corrected.
    assert standing(kitchen, sheet) == {"food-handlers": "14", "trained-handlers": "4"}
    withdraw(replace(who, now=NOW + timedelta(hours=2)))
    assert standing(kitchen, sheet) == {"trained-handlers": "4"}


def test_nobody_sees_the_figures_others_gave(kitchen: Company) -> None:
    first = consented(kitchen, kitchen.invite(label="a"))
    saved(first, FIGURES, "food-handlers", Fraction(12))
    submit(first)
    second = open_questionnaire(consented(kitchen, kitchen.invite(label="b")))
    assert all(each.standing is None for page in second.pages for each in page.posed)


# -- given back ------------------------------------------------------------------------------------


def test_answers_given_back_can_be_changed_and_do_not_count_until_sent_again(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, BENCH, "cold-chain", 2)
    submit(who)
    row = row_of(kitchen, invitation)
    first_seal = row.snapshot
    reopen(kitchen.acting(), kitchen.engagement, row.id, "  冷库那题请再看一下 ")
    found = open_questionnaire(who)
    assert (found.state, found.reopen_reason) == ("answering", "冷库那题请再看一下")
    assert assessment(kitchen).respondents == ()
    saved(who, BENCH, "cold-chain", 3, base=1, key="b" * 24)
    submit(who)
    row = row_of(kitchen, invitation)
    assert (row.reopened_at, row.reopen_reason) == (None, "")
    assert row.snapshot not in (first_seal, None)
    (event,) = events(kitchen, "response.reopened")
    assert event.actor == kitchen.acting().name
    assert event.detail == {
        "role": "chef",
        "label": "",
        "snapshot": first_seal,
        "reason": "冷库那题请再看一下",
    }


def test_only_who_works_on_the_project_gives_answers_back_and_says_why(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, BENCH, "cold-chain", 2)
    response, engagement = row_of(kitchen, invitation).id, kitchen.engagement
    installed = kitchen.installed
    with pytest.raises(ConflictError):
        reopen(kitchen.acting(), engagement, response, "还没交")
    submit(who)
    for wrong in ("", "  ", "长" * 501):
        with pytest.raises(RefusedError):
            reopen(kitchen.acting(), engagement, response, wrong)
    with pytest.raises(NotAllowedError):
        reopen(kitchen.acting("viewer"), engagement, response, "x")
    strangers = (
        installed.acting("colleague"),
        installed.acting("owner", installed.second),
        who,
    )
    for stranger in strangers:
        with pytest.raises(NotFoundError):
            reopen(stranger, engagement, response, "x")
    with pytest.raises(NotFoundError):
        reopen(kitchen.acting(), engagement, facts_sheet(kitchen), "x")
    other = company(installed, mark="d")
    with pytest.raises(NotFoundError):
        reopen(other.acting(), other.engagement, response, "x")
    assert row_of(kitchen, invitation).submitted_at == NOW
    withdraw(who)
    with pytest.raises(ConflictError):
        reopen(kitchen.acting(), engagement, response, "x")
