"""Staffing counted twice: believable at every size, the difference explained to the last bit."""

from fractions import Fraction

import pytest

from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.domain.reconciliation import Reconciled
from tests.standard_enterprise import standard_diagnosis

SIZES = {
    "500": (500, 125, 0),
    "4,000": (4_000, 1_000, 0),
    "36,000 and hardly new": (36_000, 1_000, 0),
    "36,000 and a quarter new": (36_000, 9_000, 0),
    "1.3 million in 325 stores": (1_300_000, 14_500, 325),
}
"""Users, new friends a month, stores."""


def firm(model: MaturityModel, size: str) -> Diagnosis:
    users, new_adds, stores = SIZES[size]
    archetype = "store-frequent" if stores else None
    return standard_diagnosis(model, users, new_adds, stores=stores, archetype=archetype)


def specialists(diagnosis: Diagnosis) -> list[Reconciled]:
    return [item for item in diagnosis.plan.reconciled if item.post == "specialist"]


def running(diagnosis: Diagnosis) -> Reconciled:
    """The specialists of the first phase that is no pilot and lasts."""
    assert diagnosis.plan.staffing is not None
    phase = next(
        h.phase for h in diagnosis.plan.staffing.horizons if not h.work.pilot and h.length > 1
    )
    return next(item for item in specialists(diagnosis) if item.phase == phase)


@pytest.mark.parametrize("size", SIZES)
def test_causes_add_up_to_the_difference_exactly(private_domain: MaturityModel, size: str) -> None:
    for item in firm(private_domain, size).plan.reconciled:
        told = sum((cause.fte for cause in item.causes), Fraction(0))
        assert told == item.difference, (item.post, item.phase)


def test_the_reference_specialist_is_fully_used(private_domain: MaturityModel) -> None:
    """4,000 users, order value 300, 40 % in groups of 180, 1,000 new friends a month."""
    small = standard_diagnosis(private_domain, 4_000, 1_000, level=1)
    for diagnosis in (firm(private_domain, "4,000"), small):
        found = running(diagnosis)
        assert diagnosis.plan.staffing is not None
        horizon = next(h for h in diagnosis.plan.staffing.horizons if h.phase == found.phase)
        unused = next(cause.fte for cause in found.causes if cause.kind == "reference")
        full_load = 1 + unused / horizon.specialists.raw
        assert Fraction("0.8") <= full_load <= Fraction("1.2")


def test_a_small_pool_does_not_fill_a_person(private_domain: MaturityModel) -> None:
    found = running(firm(private_domain, "500"))
    assert found.by_formula == 1
    assert found.by_work < Fraction("0.75")
    assert found.causes[0].kind == "rounding"


def test_few_new_friends_leave_specialists_hours_to_spare(private_domain: MaturityModel) -> None:
    found = running(firm(private_domain, "36,000 and hardly new"))
    assert found.by_formula == 9
    assert Fraction("0.4") < found.by_work / found.by_formula < Fraction("0.7")
    assert (found.causes[0].kind, found.causes[0].name) == ("mix", "new-friend")
    assert found.causes[0].fte < 0


def test_the_more_new_friends_the_more_work(private_domain: MaturityModel) -> None:
    quiet = running(firm(private_domain, "36,000 and hardly new"))
    busy = running(firm(private_domain, "36,000 and a quarter new"))
    assert busy.by_work > quiet.by_work


def test_a_chain_lets_its_stores_do_the_work(private_domain: MaturityModel) -> None:
    chain = firm(private_domain, "1.3 million in 325 stores")
    found = running(chain)
    loads = {load.post: load for load in chain.plan.loads if load.phase == found.phase}
    assert found.by_formula < 40
    assert loads["store-owner"].hours > 5 * loads["specialist"].hours
    assert loads["store-owner"].excess == 0
    coaches = next(
        item for item in chain.plan.reconciled if (item.post, item.phase) == ("coach", found.phase)
    )
    assert coaches.by_formula == 13
    assert Fraction("0.7") < coaches.by_work / coaches.by_formula < Fraction("1.1")


@pytest.mark.parametrize("size", SIZES)
def test_every_post_is_within_reason_at_every_size(
    private_domain: MaturityModel, size: str
) -> None:
    """Nobody has more work than hours, except while new people are still being trained."""
    diagnosis = firm(private_domain, size)
    for load in diagnosis.plan.overloads:
        assert load.available < load.hours <= load.trained, (load.post, load.phase)
