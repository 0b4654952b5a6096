"""Ruling where roles disagree: what is shown, what is required, what stays on record."""

import pytest

from app.domain.response import Adjudication
from app.forms.answer_input import AnswerInput
from app.forms.messages import ValueRefusedError
from app.services.access import open_engagement
from app.services.answers.answering import StaleAnswerError, Standing
from app.services.answers.assembling import assembled, gather
from app.services.answers.history import answer_history
from app.services.errors import NotAllowedError, NotFoundError, RefusedError
from app.services.interviews.adjudicating import Case, adjudicate, docket, withdraw
from app.services.releases import model_of
from tests.interviews import Kitchen, at_once, kitchen
from tests.kitchens import add_kitchen
from tests.people import Installed

QUESTION = "cold-chain"


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    """A kitchen whose manager rates the cold chain 3, its chef 3, its one cook 1."""
    return kitchen(installed, answered=True)


def case_of(work: Kitchen, question: str = QUESTION) -> Case:
    found = docket(work.acting(), work.engagement).case(question)
    assert found is not None
    return found


def hear_cooks(work: Kitchen, *levels: int) -> None:
    for number, level in enumerate(levels):
        cook = work.begin("cook", f"{number}号")
        work.save(cook, QUESTION, level, note="他自己说的")


def rule(
    work: Kitchen,
    value: int = 2,
    base: int = 0,
    *,
    who: str = "consultant",
    reason: str = "看过三天的记录",
    key: str = "",
    question: str = QUESTION,
) -> Standing:
    said = AnswerInput(value, evidence="E2")
    key = key or f"{who}-{value}-{base}"
    return adjudicate(work.acting(who), work.engagement, question, said, reason, base, key)


def settled(work: Kitchen) -> Adjudication | None:
    acting = work.acting()
    with acting.reading() as session:
        gathered = gather(session, open_engagement(acting, session, work.engagement))
    digest = gathered.opened.engagement.release_digest
    model = model_of(acting.database, acting.settings, digest)
    return assembled(gathered, model).adjudications.get(QUESTION)


def test_the_question_roles_disagree_on_waits_for_a_ruling(work: Kitchen) -> None:
    found = docket(work.acting(), work.engagement)
    assert QUESTION in [case.question.id for case in found.open]
    assert [case.question.id for case in found.settled] == ["tasks-signed"]
    assert found.settled[0].ruling is not None
    assert found.settled[0].ruling.standing.note == "Ten signatures were all in one hand."


def test_a_front_line_of_fewer_than_three_is_not_shown_and_neither_is_the_gap(
    work: Kitchen,
) -> None:
    case = case_of(work)
    assert case.withheld
    assert [group.role.id for group in case.groups if group.role] == ["manager", "chef"]
    assert (case.gap, case.spread, case.front) == (None, None, None)


def test_from_three_on_the_front_line_is_shown_without_saying_who(work: Kitchen) -> None:
    hear_cooks(work, 1, 2)
    case = case_of(work)
    cooks = case.groups[-1]
    assert not case.withheld
    assert cooks.role is not None
    assert (cooks.role.id, len(cooks.voices)) == ("cook", 3)
    assert {voice.label for voice in cooks.voices} == {""}
    assert [voice.answer.value for voice in cooks.voices] == [1, 1, 2]
    assert case.gap is not None
    assert case.gap > 1
    named = next(group for group in case.groups if group.role and group.role.id == "manager")
    assert [voice.role for voice in named.voices] == ["manager"]


def test_a_ruling_counts_with_its_reason_until_it_is_withdrawn(work: Kitchen) -> None:
    rule(work)
    assert settled(work) == Adjudication(2, "看过三天的记录", "E2")
    found = docket(work.acting(), work.engagement)
    assert QUESTION not in [case.question.id for case in found.open]
    assert QUESTION in [case.question.id for case in found.settled]
    withdraw(work.acting("colleague"), work.engagement, QUESTION, "看错了表", 1, "withdrawn")
    assert settled(work) is None
    assert QUESTION in [one.question.id for one in docket(work.acting(), work.engagement).open]
    rule(work, 1, 2)
    assert settled(work) == Adjudication(1, "看过三天的记录", "E2")


def test_every_ruling_stays_on_record_with_who_and_why(work: Kitchen) -> None:
    rule(work)
    withdraw(work.acting("colleague"), work.engagement, QUESTION, "看错了表", 1, "withdrawn")
    sheet = docket(work.acting(), work.engagement).sheet
    assert sheet is not None
    told = answer_history(work.acting(), work.engagement, sheet, QUESTION).sayings
    assert [(one.said.kind, one.said.note, one.who) for one in told] == [
        ("cleared", "看错了表", work.acting("colleague").name),
        ("given", "看过三天的记录", work.acting().name),
    ]
    done = [action for action in work.actions() if action.startswith("adjudication")]
    assert done == ["adjudication.set", "adjudication.withdrawn"]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_ruling_without_a_reason_is_refused(work: Kitchen, reason: str) -> None:
    with pytest.raises(ValueRefusedError) as told:
        rule(work, reason=reason)
    assert told.value.field == "note"
    assert settled(work) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (AnswerInput(unknown=True, evidence="E2"), "value"),
        (AnswerInput(evidence="E2"), "value"),
        (AnswerInput(2), "evidence"),
    ],
)
def test_a_ruling_needs_a_value_and_its_evidence(
    work: Kitchen, said: AnswerInput, field: str
) -> None:
    with pytest.raises(ValueRefusedError) as told:
        adjudicate(work.acting(), work.engagement, QUESTION, said, "理由", 0, "some-key")
    assert told.value.field == field


def test_a_reason_as_long_as_the_report_takes_is_taken_and_no_longer(work: Kitchen) -> None:
    with pytest.raises(ValueRefusedError):
        rule(work, reason="长" * 501)
    rule(work, reason="长" * 500)


def test_two_who_rule_on_one_question_do_not_overwrite_each_other(work: Kitchen) -> None:
    rule(work, 2)
    with pytest.raises(StaleAnswerError) as told:
        rule(work, 1, who="colleague")
    assert told.value.standing.value == 2
    found = settled(work)
    assert found is not None
    assert found.value == 2


def test_the_same_ruling_ten_times_at_once_is_one(work: Kitchen) -> None:
    outcomes = at_once(10, lambda _n: rule(work, key="the-same-ruling"))
    assert len(set(outcomes)) == 1
    assert isinstance(outcomes[0], Standing)
    assert work.actions().count("adjudication.set") == 1
    with pytest.raises(RefusedError):
        rule(work, 1, key="the-same-ruling")


@pytest.mark.parametrize("question", ["worst-shift", "trained-share", "no-such", "food-handlers"])
def test_only_scored_questions_are_ruled_on(work: Kitchen, question: str) -> None:
    with pytest.raises(NotFoundError):
        rule(work, question=question)


def test_a_viewer_reads_rulings_and_makes_none(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant", "viewer"))
    work = Kitchen(installed)
    assert docket(work.acting("viewer"), work.engagement).open
    with pytest.raises(NotAllowedError):
        rule(work, who="viewer")
    with pytest.raises(NotFoundError):
        rule(work, who="colleague")


def test_a_ruling_can_be_seen_and_withdrawn_where_no_two_roles_answer_any_more(
    work: Kitchen,
) -> None:
    said = AnswerInput(True, evidence="E2")
    adjudicate(work.acting(), work.engagement, "probe-calibrated", said, "冰水试过", 0, "alone-1")
    case = case_of(work, "probe-calibrated")
    assert (case.settled, case.groups, case.revision) == (True, (), 1)
    withdraw(work.acting(), work.engagement, "probe-calibrated", "", 1, "alone-2")
    assert not case_of(work, "probe-calibrated").settled
