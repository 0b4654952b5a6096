"""Deciding a plan: appended, never over somebody else's, and what counts is what reports use."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.response import PlanControls
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.errors import ConflictError, NotAllowedError, NotFoundError
from app.services.plans.revisions import (
    ControlsRefusedError,
    RevisedMeanwhileError,
    Revision,
    revise,
    revision,
    revisions,
)
from app.services.plans.what_if import open_desk
from app.store.rows import AuditEvent
from tests.installations import NOW
from tests.interviews import Kitchen
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed

HIGHER = PlanControls(target_level=3)
LATER = PlanControls(start=date(2027, 3, 1))


@pytest.fixture
def kitchen(installed: Installed) -> Kitchen:
    """The published kitchen; its example decides a plan of its own."""
    add_kitchen(installed, team=("consultant", "colleague", "viewer"))
    return Kitchen(installed)


def numbers(kitchen: Kitchen) -> list[int]:
    return [one.number for one in revisions(kitchen.acting(), ENGAGEMENT)]


def standing(kitchen: Kitchen) -> int:
    return open_desk(kitchen.acting(), ENGAGEMENT).number


def test_a_decided_plan_is_the_next_revision_and_counts(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    kept = revise(kitchen.acting(), ENGAGEMENT, HIGHER, " Ask more of the team. ", seen)
    assert (kept.number, kept.note, kept.who) == (
        seen + 1, "Ask more of the team.", "衡石咨询consultant",
    )  # fmt: skip
    desk = open_desk(kitchen.acting(), ENGAGEMENT)
    assert (desk.number, desk.decided) == (seen + 1, HIGHER)
    assert current_diagnosis(kitchen.acting(), ENGAGEMENT).assessment.controls == HIGHER


def test_an_older_revision_stays_as_it_was_decided(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    first = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "first", seen)
    later = Kitchen(kitchen.installed)
    revise(later.acting("colleague"), ENGAGEMENT, LATER, "second", first.number)
    assert revision(kitchen.acting(), ENGAGEMENT, first.number) == first
    assert numbers(kitchen)[:2] == [first.number + 1, first.number]


def test_a_plan_decided_over_another_is_refused_and_the_other_told(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    kept = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "mine", seen)
    with pytest.raises(RevisedMeanwhileError) as refused:
        revise(kitchen.acting("colleague"), ENGAGEMENT, LATER, "theirs", seen)
    assert refused.value.standing == kept
    assert numbers(kitchen)[0] == kept.number


def test_two_at_the_very_same_moment_make_one_revision_and_one_refusal(kitchen: Kitchen) -> None:
    seen = standing(kitchen)

    def decide(who: str, controls: PlanControls) -> Revision | RevisedMeanwhileError:
        try:
            return revise(kitchen.acting(who), ENGAGEMENT, controls, who, seen)
        except RevisedMeanwhileError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        tries = [
            pool.submit(decide, "consultant", HIGHER),
            pool.submit(decide, "colleague", LATER),
        ]
        found = [one.result() for one in tries]
    (kept,) = [one for one in found if isinstance(one, Revision)]
    (refused,) = [one for one in found if isinstance(one, RevisedMeanwhileError)]
    assert refused.standing.controls == kept.controls
    assert numbers(kitchen).count(seen + 1) == 1


def test_the_same_decision_sent_twice_is_one_revision(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    once = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "why", seen)
    again = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "why", seen)
    assert again == once
    assert numbers(kitchen).count(once.number) == 1


def test_a_plan_that_says_the_same_is_no_revision(kitchen: Kitchen) -> None:
    seen = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "", standing(kitchen)).number
    with pytest.raises(ConflictError) as refused:
        revise(kitchen.acting(), ENGAGEMENT, HIGHER, "again", seen)
    assert refused.value.code == "unchanged"
    assert numbers(kitchen)[0] == seen


def test_a_plan_that_cannot_be_carried_out_is_not_kept(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    day = open_desk(kitchen.acting(), ENGAGEMENT).diagnosis.as_of
    early = replace(HIGHER, start=day - timedelta(days=1))
    with pytest.raises(ControlsRefusedError) as refused:
        revise(kitchen.acting(), ENGAGEMENT, early, "", seen)
    assert [refusal.reason for refusal in refused.value.refusals] == ["before-diagnosis"]
    assert set(refused.value.fields) == {"start"}
    assert standing(kitchen) == seen


def test_who_only_looks_and_who_is_not_on_the_team_decide_nothing(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    with pytest.raises(NotAllowedError):
        revise(kitchen.acting("viewer"), ENGAGEMENT, HIGHER, "", seen)
    stranger = kitchen.installed.acting(tenant=kitchen.installed.second)
    for attempt in (
        lambda: revise(stranger, ENGAGEMENT, HIGHER, "", seen),
        lambda: revisions(stranger, ENGAGEMENT),
        lambda: revision(stranger, ENGAGEMENT, 1),
        lambda: open_desk(stranger, ENGAGEMENT),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_a_revision_nobody_made_is_not_found(kitchen: Kitchen) -> None:
    with pytest.raises(NotFoundError):
        revision(kitchen.acting(), ENGAGEMENT, 99)


def test_deciding_is_on_record_with_number_and_origin(kitchen: Kitchen) -> None:
    seen = standing(kitchen)
    first = revise(kitchen.acting(), ENGAGEMENT, HIGHER, "", seen)
    second = revise(kitchen.acting(), ENGAGEMENT, LATER, "", first.number)
    revise(kitchen.acting(), ENGAGEMENT, HIGHER, "", second.number, taken_from=first.number)
    with kitchen.acting().reading() as session:
        found = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "plan.revised").order_by(AuditEvent.at)
        ).all()
    assert [event.engagement_id for event in found] == [ENGAGEMENT] * 3
    details = sorted((event.detail for event in found), key=lambda detail: detail["number"])
    assert details == [
        {"number": first.number},
        {"number": second.number},
        {"number": second.number + 1, "taken_from": first.number},
    ]
    assert all(event.at == NOW for event in found)
