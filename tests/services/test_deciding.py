"""Deciding upon findings: appended, for a reason, never over somebody else's decision."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.domain.bounds import FINDING_LIMIT
from app.services.answers.answering import Given, save_answer
from app.services.diagnosis.deciding import (
    DecidedMeanwhileError,
    Words,
    accept_rest,
    decide,
    decisions_made,
)
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.store.answers import responses_of
from app.store.rows import AuditEvent, DecidedFinding
from tests.interviews import Kitchen
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed

RAW, COLD, QUIET = "raw-meets-ready", "cold-chain-unwatched", "plan-without-people"
ACCEPTED = Words("accepted")
REJECTED = Words("rejected", "Looked at the fridges together: all of them are logged.")


@pytest.fixture
def kitchen(installed: Installed) -> Kitchen:
    """The published kitchen, with two findings."""
    add_kitchen(installed, team=("consultant", "colleague", "viewer"))
    return Kitchen(installed)


def rows(kitchen: Kitchen) -> list[DecidedFinding]:
    with kitchen.acting().reading() as session:
        found = session.scalars(
            select(DecidedFinding).order_by(DecidedFinding.rule, DecidedFinding.number)
        )
        return list(found)


def test_an_accepted_finding_is_marked_and_nothing_else_changes(kitchen: Kitchen) -> None:
    before = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis
    made = decide(kitchen.acting(), ENGAGEMENT, RAW, ACCEPTED, 0)
    after = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis
    assert (made.number, made.words.verdict, made.who) == (1, "accepted", "衡石咨询consultant")
    assert [f.rule.id for f in after.diagnostics.findings] == [RAW, COLD]
    verdicts = [f.decision and f.decision.verdict for f in after.diagnostics.findings]
    assert verdicts == ["accepted", None]
    assert (after.scorecard, after.plan) == (before.scorecard, before.plan)


def test_an_edited_finding_speaks_in_the_consultants_words(kitchen: Kitchen) -> None:
    words = Words("edited", "The team says it this way", finding=" Raw fish lies above salads ")
    decide(kitchen.acting(), ENGAGEMENT, RAW, words, 0)
    (finding, _) = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis.diagnostics.findings
    assert finding.title == "Raw fish lies above salads"
    assert finding.recommend == finding.rule.recommend
    (row,) = rows(kitchen)
    assert (row.finding, row.recommend) == ("Raw fish lies above salads", "")


def test_a_rejected_finding_leaves_and_no_score_moves(kitchen: Kitchen) -> None:
    before = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis
    decide(kitchen.acting(), ENGAGEMENT, COLD, REJECTED, 0)
    after = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis
    assert [f.rule.id for f in after.diagnostics.findings] == [RAW]
    assert [f.rule.id for f in after.diagnostics.rejected] == [COLD]
    assert after.scorecard == before.scorecard


@pytest.mark.parametrize("verdict", ["edited", "rejected"])
@pytest.mark.parametrize("reason", ["", "   \n"])
def test_edit_and_rejection_need_a_reason(kitchen: Kitchen, verdict: str, reason: str) -> None:
    words = Words("edited" if verdict == "edited" else "rejected", reason, finding="Other words")
    with pytest.raises(RefusedError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, RAW, words, 0)
    assert list(refused.value.fields) == ["reason"]
    assert rows(kitchen) == []


def test_an_edit_that_changes_no_word_is_refused(kitchen: Kitchen) -> None:
    rule = current_diagnosis(kitchen.acting(), ENGAGEMENT).model.rules[RAW]
    words = Words("edited", "Because", finding=rule.finding, recommend=rule.recommend)
    with pytest.raises(RefusedError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, RAW, words, 0)
    assert list(refused.value.fields) == ["finding"]
    assert rows(kitchen) == []


def test_words_too_long_for_the_report_are_refused(kitchen: Kitchen) -> None:
    words = Words("edited", "Because", finding="x" * (FINDING_LIMIT + 1))
    with pytest.raises(RefusedError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, RAW, words, 0)
    assert list(refused.value.fields) == ["finding"]


def test_deciding_again_appends_and_overwrites_nothing(kitchen: Kitchen) -> None:
    decide(kitchen.acting(), ENGAGEMENT, RAW, ACCEPTED, 0)
    decide(kitchen.acting("colleague"), ENGAGEMENT, RAW, REJECTED, 1)
    made = decisions_made(kitchen.acting(), ENGAGEMENT, RAW)
    assert [(one.number, one.words.verdict) for one in made] == [(2, "rejected"), (1, "accepted")]
    assert [one.who for one in made] == ["衡石咨询colleague", "衡石咨询consultant"]
    standing = current_diagnosis(kitchen.acting(), ENGAGEMENT).assessment.decisions
    assert standing[RAW].verdict == "rejected"


def test_a_stale_decision_is_refused_and_says_what_stands(kitchen: Kitchen) -> None:
    decide(kitchen.acting("colleague"), ENGAGEMENT, RAW, REJECTED, 0)
    with pytest.raises(DecidedMeanwhileError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, RAW, ACCEPTED, 0)
    assert refused.value.standing.words == REJECTED
    assert refused.value.standing.who == "衡石咨询colleague"
    assert [row.verdict for row in rows(kitchen)] == ["rejected"]


def test_the_same_decision_sent_twice_is_one(kitchen: Kitchen) -> None:
    first = decide(kitchen.acting(), ENGAGEMENT, RAW, REJECTED, 0)
    again = decide(kitchen.acting(), ENGAGEMENT, RAW, REJECTED, 0)
    assert again == first
    assert len(rows(kitchen)) == 1


def test_of_decisions_at_the_same_moment_one_is_stored(kitchen: Kitchen) -> None:
    current_diagnosis(kitchen.acting(), ENGAGEMENT)

    def one(who: str) -> str:
        words = ACCEPTED if who == "consultant" else REJECTED
        try:
            return decide(kitchen.acting(who), ENGAGEMENT, RAW, words, 0).words.verdict
        except DecidedMeanwhileError as error:
            return f"after {error.standing.words.verdict}"

    with ThreadPoolExecutor(2) as people:
        said = list(people.map(one, ("consultant", "colleague")))
    (row,) = rows(kitchen)
    assert sorted(said) == sorted([row.verdict, f"after {row.verdict}"])


def test_a_finding_whose_condition_no_longer_holds_cannot_be_decided(kitchen: Kitchen) -> None:
    with pytest.raises(ConflictError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, QUIET, ACCEPTED, 0)
    assert refused.value.code == "gone"
    assert rows(kitchen) == []


def test_who_may_decide(kitchen: Kitchen) -> None:
    with pytest.raises(NotAllowedError):
        decide(kitchen.acting("viewer"), ENGAGEMENT, RAW, ACCEPTED, 0)
    with pytest.raises(NotAllowedError):
        accept_rest(kitchen.acting("viewer"), ENGAGEMENT, [RAW])
    foreign = kitchen.installed.acting("owner", kitchen.installed.second)
    for act in (
        lambda: decide(foreign, ENGAGEMENT, RAW, ACCEPTED, 0),
        lambda: accept_rest(foreign, ENGAGEMENT, [RAW]),
        lambda: decisions_made(foreign, ENGAGEMENT, RAW),
        lambda: decide(kitchen.acting(), ENGAGEMENT, "no-such-rule", ACCEPTED, 0),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert rows(kitchen) == []


def test_accepting_the_rest_leaves_alone_what_is_decided_or_gone(kitchen: Kitchen) -> None:
    decide(kitchen.acting("colleague"), ENGAGEMENT, COLD, REJECTED, 0)
    done = accept_rest(kitchen.acting(), ENGAGEMENT, [RAW, COLD, QUIET, "nothing", RAW])
    assert (done.accepted, done.left) == ((RAW,), (COLD, QUIET, "nothing"))
    assert [(row.rule, row.verdict) for row in rows(kitchen)] == [
        (COLD, "rejected"),
        (RAW, "accepted"),
    ]


def test_accepting_a_finding_somebody_rejected_at_the_same_moment_stores_nothing(
    kitchen: Kitchen,
) -> None:
    current_diagnosis(kitchen.acting(), ENGAGEMENT)

    def reject() -> str:
        try:
            decide(kitchen.acting("colleague"), ENGAGEMENT, COLD, REJECTED, 0)
        except DecidedMeanwhileError:
            return "rejected too late"
        return "rejected"

    def accept() -> str:
        try:
            done = accept_rest(kitchen.acting(), ENGAGEMENT, [RAW, COLD])
        except ConflictError:
            return "accepted too late"
        return "accepted" if COLD in done.accepted else "left alone"

    with ThreadPoolExecutor(2) as people:
        told = people.submit(reject), people.submit(accept)
        said = {future.result() for future in told}
    assert said in (
        {"rejected", "left alone"},
        {"rejected", "accepted too late"},
        {"rejected too late", "accepted"},
    )
    assert len([row for row in rows(kitchen) if row.rule == COLD]) == 1


def test_every_decision_is_on_record(kitchen: Kitchen) -> None:
    decide(kitchen.acting(), ENGAGEMENT, RAW, REJECTED, 0)
    accept_rest(kitchen.acting(), ENGAGEMENT, [COLD])
    with kitchen.acting().reading() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action.like("finding%")).order_by(AuditEvent.number)
        ).all()
    told = {event.action: event.detail for event in events}
    assert told == {
        "finding.rejected": {"code": "KH-02", "number": 1},
        "finding.rest_accepted": {"codes": "KH-01", "count": 1},
    }


def test_an_answer_that_changes_makes_a_finding_undecidable(kitchen: Kitchen) -> None:
    with kitchen.acting().reading() as session:
        chef = next(row for row in responses_of(session, ENGAGEMENT) if row.role == "chef")
    given = Given("checks-on-time", "given", Fraction(95), "E3")
    save_answer(kitchen.acting(), chef.id, given, 1, "mended")
    fired = current_diagnosis(kitchen.acting(), ENGAGEMENT).diagnosis.diagnostics.fired()
    assert COLD not in {rule.id for rule in fired}
    with pytest.raises(ConflictError) as refused:
        decide(kitchen.acting(), ENGAGEMENT, COLD, ACCEPTED, 0)
    assert refused.value.code == "gone"
