"""What a rejection takes out of the plan is told before it happens, and is what then happens."""

import pytest

from app.services.diagnosis.deciding import Words, decide
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.diagnosis.reading import read_diagnosis
from app.services.diagnosis.rejecting import what_leaves
from app.services.errors import NotFoundError
from tests.case_engagements import ENGAGEMENT, add_case
from tests.people import Installed


@pytest.fixture
def case(installed: Installed) -> Installed:
    """The second published case."""
    add_case(installed)
    return installed


def test_what_is_told_to_leave_is_what_leaves(case: Installed) -> None:
    acting = case.acting("consultant")
    before = read_diagnosis(acting, ENGAGEMENT)
    told = what_leaves(before, "zombie-groups", acting.locale)
    decide(acting, ENGAGEMENT, "zombie-groups", Words("rejected", "已关掉"), 0)
    after = current_diagnosis(acting, ENGAGEMENT).diagnosis
    codes = [
        {item.sop.code for item in diagnosis.plan.sops} for diagnosis in (before.diagnosis, after)
    ]
    assert codes[0] - codes[1] == {sop.code for sop in (*told.gone, *told.also_gone)} == {"SOP-20"}
    assert told.index.after == before.wording.number(after.plan.projection.index, 1)
    assert told.index.before != told.index.after
    first = [[f.rule.id for f in d.diagnostics.must] for d in (before.diagnosis, after)]
    assert [one.rule for one in told.promoted] == [
        rule for rule in first[1] if rule not in first[0]
    ]


def test_a_sop_others_ask_for_stays_and_says_who_asks(case: Installed) -> None:
    acting = case.acting("consultant")
    reading = read_diagnosis(acting, ENGAGEMENT)
    told = what_leaves(reading, "no-standard-process", acting.locale)
    kept = {sop.code: sop.because for sop in told.kept}
    assert "SOP-10" in kept
    assert "ST" in kept["SOP-10"]
    assert "RU-15" not in " ".join(kept.values())


def test_the_milder_finding_of_a_family_is_named_as_heir(case: Installed) -> None:
    acting = case.acting("consultant")
    reading = read_diagnosis(acting, ENGAGEMENT)
    head = next(f for f in reading.diagnosis.diagnostics.findings if f.collapsed)
    told = what_leaves(reading, head.rule.id, acting.locale)
    assert told.heir is not None
    assert told.heir.rule in {item.rule.id for item in head.collapsed}


def test_nothing_can_be_told_of_a_rule_that_does_not_fire(case: Installed) -> None:
    acting = case.acting("consultant")
    reading = read_diagnosis(acting, ENGAGEMENT)
    with pytest.raises(NotFoundError):
        what_leaves(reading, "no-such-rule", acting.locale)
