"""The plan keeps every limit: alone a SOP may not break one, together the SOPs give way by rule."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cadences import excessive_controls
from app.domain.definitions.sop import Sop, Timing
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.domain.plan_limits import (
    LimitCheck,
    LimitReport,
    Outlook,
    at_work,
    check_limits,
    outside_roles,
    own_excess,
)
from app.domain.response import FactValue, PlanControls
from app.domain.touches import COUNTED, touches_of


def report(
    model: MaturityModel,
    *sops: str | Sop,
    controls: PlanControls | None = None,
    outlook: Outlook | None = None,
    facts: Mapping[str, int | bool] | None = None,
) -> LimitReport:
    figures = {
        name: FactValue(value if isinstance(value, bool) else Fraction(value))
        for name, value in (facts or {}).items()
    }
    return check_limits(
        model,
        [model.sops[sop] if isinstance(sop, str) else sop for sop in sops],
        controls or PlanControls(),
        Figures(figures),
        outlook or Outlook(),
    )


def checks(found: LimitReport) -> dict[str, LimitCheck]:
    return {check.limit.code: check for check in found.checks}


def moved(model: MaturityModel, sop: str, code: str, **timing: object) -> Sop:
    """Return a SOP with the timing of one step changed."""
    found = model.sops[sop]
    steps = tuple(
        replace(step, timing=Timing(shown="", **timing)) if step.code == code else step  # type: ignore[arg-type] # fields of Timing by name
        for step in found.steps
    )
    return replace(found, steps=steps)


# -- what is counted -------------------------------------------------------------------------------


def test_a_plan_without_procedures_is_held_against_nothing(private_domain: MaturityModel) -> None:
    assert report(private_domain, facts={"users": 10**6}).checks == ()


def test_no_procedure_of_the_model_breaks_a_limit_alone(private_domain: MaturityModel) -> None:
    for sop in private_domain.sops:
        assert report(private_domain, sop).breaches == ()


def test_answers_within_minutes_are_no_messages_to_a_list(private_domain: MaturityModel) -> None:
    check = checks(report(private_domain, "new-friend-welcome"))["LI-03"]
    assert "06.1" not in check.steps
    assert {"06.4", "06.5", "06.6"} <= set(check.steps)
    assert check.most == 1


def test_two_posts_to_different_people_are_one_for_each(private_domain: MaturityModel) -> None:
    check = checks(report(private_domain, "moments-calendar"))["LI-11"]
    assert {"11.2", "11.3"} <= set(check.steps)
    assert check.most == 1
    assert check.verdict == "within"


def test_answering_comments_late_is_not_sending_late(private_domain: MaturityModel) -> None:
    check = checks(report(private_domain, "moments-calendar"))["HO-02"]
    assert check.verdict == "within"
    assert check.replies == ("11.4",)


def test_a_step_at_nine_is_in_time_and_a_minute_later_is_not(private_domain: MaturityModel) -> None:
    late = moved(private_domain, "daily-community", "10.6", every="day", at="21:01")
    assert checks(report(private_domain, "daily-community"))["HO-02"].verdict == "within"
    found = checks(report(private_domain, late))["HO-02"]
    assert (found.verdict, found.where) == ("over", ("10.6",))


def test_nobody_is_woken(private_domain: MaturityModel) -> None:
    early = moved(private_domain, "moments-calendar", "11.2", every="day", at="07:45")
    assert checks(report(private_domain, "moments-calendar"))["HO-03"].verdict == "within"
    assert checks(report(private_domain, early))["HO-03"].where == ("11.2",)


def test_optional_steps_left_out_are_not_counted(private_domain: MaturityModel) -> None:
    (thin,) = at_work([private_domain.sops["daily-community"]], {"daily-community"})
    full = checks(report(private_domain, "daily-community"))["HO-01"]
    assert checks(report(private_domain, thin))["HO-01"].most == (full.most or 0) - 2


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "code", "verdict"),
    [
        ({"group-size": 500}, "LI-15", "within"),
        ({"group-size": 501}, "LI-15", "over"),
        ({"users": 200, "wecom-verified": False}, "LI-13", "within"),
        ({"users": 201, "wecom-verified": False}, "LI-13", "over"),
        ({"users": 50_000, "wecom-verified": True}, "LI-14", "within"),
        ({"users": 50_001, "wecom-verified": True}, "LI-14", "arrange"),
        ({"users": 16_000, "specialists": 1}, "LI-12", "within"),
        ({"users": 16_001, "specialists": 1}, "LI-12", "arrange"),
        ({"users": 20_001, "specialists": 1}, "LI-12", "over"),
    ],
)
def test_figures_are_held_against_sizes(
    private_domain: MaturityModel, facts: dict[str, int | bool], code: str, verdict: str
) -> None:
    found = report(private_domain, "daily-community", facts=facts)
    assert checks(found)[code].verdict == verdict
    assert [check.limit.code for check in found.breaches] == ([code] if verdict == "over" else [])


def test_the_target_counts_as_users_to_come(private_domain: MaturityModel) -> None:
    controls = PlanControls(target_users=80_000)
    found = report(private_domain, "daily-community", controls=controls, facts={"users": 100})
    check = checks(found)["LI-14"]
    assert check.most == 80_000
    assert check.verdict == "arrange"


def test_stores_not_accounts_hold_the_customers_of_a_store_led_firm(
    private_domain: MaturityModel,
) -> None:
    led, facts = Outlook(store_led=True), {"users": 10**6, "specialists": 2}
    found = report(private_domain, "daily-community", outlook=led, facts=facts)
    assert "LI-12" not in checks(found)


def test_consent_is_kept_by_its_procedure_and_missed_when_dropped(
    private_domain: MaturityModel,
) -> None:
    needed = Outlook(needed={"compliance-cleanup"})
    kept = report(private_domain, "compliance-cleanup", "win-back", outlook=needed)
    assert checks(kept)["LA-01"].verdict == "arrange"
    assert checks(kept)["LA-01"].where == ("27.3",)
    dropped = report(private_domain, "win-back", outlook=needed)
    assert checks(dropped)["LA-01"] in dropped.breaches
    assert checks(report(private_domain, "win-back"))["LA-01"].verdict == "within"


def test_customers_are_handed_over_twice_at_most(private_domain: MaturityModel) -> None:
    found = checks(report(private_domain, "compliance-cleanup", "new-hire-ramp"))["LI-18"]
    assert [found.most, found.together] == [1, 2]
    assert found.verdict == "within"


# -- together --------------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn, model: MaturityModel) -> tuple[list[str], dict[str, Fraction]]:
    """Return SOPs in some order of importance, and cadences for some of their steps."""
    sops = draw(st.lists(st.sampled_from(sorted(model.sops)), unique=True, min_size=1))
    codes = sorted(step.code for sop in sops for step in model.sops[sop].steps)
    runs = st.integers(0, 120).map(lambda quarters: Fraction(quarters, 4))
    return sops, draw(st.dictionaries(st.sampled_from(codes), runs, max_size=3))


@given(data=st.data())
def test_what_is_kept_never_breaks_a_limit(
    private_domain: MaturityModel, data: st.DataObject
) -> None:
    sops, cadence = data.draw(plans(private_domain))
    controls = PlanControls(cadence=cadence)
    excess = {item.field[1] for item in excessive_controls(private_domain, controls)}
    legal = {code: runs for code, runs in cadence.items() if code not in excess}
    found = report(private_domain, *sops, controls=replace(controls, cadence=legal))
    for check in found.checks:
        if check.limit.measure not in COUNTED:
            continue
        assert check.verdict != "over"
        assert check.bound is not None
        assert check.together is not None
        given_up = sum(item.asked - item.kept for item in check.yields)
        assert check.together - given_up <= check.bound
        assert (check.verdict == "arrange") == bool(check.yields)


def test_the_more_important_procedure_goes_first(private_domain: MaturityModel) -> None:
    one, other = "member-day", "koc-programme"
    first = checks(report(private_domain, one, other))["LI-03"]
    assert first.order[0] == "16.2"
    assert {item.sop for item in first.yields} == {"SOP-14"}
    turned = checks(report(private_domain, other, one))["LI-03"]
    assert {item.sop for item in turned.yields} == {"SOP-16"}


def test_what_sells_waits_for_what_serves(private_domain: MaturityModel) -> None:
    found = checks(report(private_domain, "win-back", "referral", "tagging-tiers"))["LI-03"]
    assert found.order[0] == "25.3"
    assert {item.sop for item in found.yields} == {"SOP-18", "SOP-19"}


def test_an_event_takes_the_slot_meant_for_it(private_domain: MaturityModel) -> None:
    # 16.4 stands in for 10.4 on member day, 16.3 comes on top of the day's slots three days before.
    alone = checks(report(private_domain, "daily-community"))["HO-01"]
    found = checks(report(private_domain, "daily-community", "member-day"))["HO-01"]
    assert found.most == alone.most
    assert found.together == (alone.together or 0) + 1


def test_a_report_tells_where_a_step_gives_way(private_domain: MaturityModel) -> None:
    found = report(private_domain, "member-day", "koc-programme")
    assert [limit.code for limit, _ in found.yielding("14.3")] == ["LI-03"]
    assert found.yielding("16.2") == ()


# -- what a client may not set ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "runs", "limit", "allowed"),
    [("11.5", 14, "LI-03", 13), ("10.4", 70, "HO-01", 28), ("11.2", 8, "LI-11", 7)],
)
def test_a_cadence_beyond_a_limit_is_told_with_the_most_it_may_be(
    private_domain: MaturityModel, code: str, runs: int, limit: str, allowed: int
) -> None:
    (excess,) = excessive_controls(private_domain, PlanControls(cadence={code: Fraction(runs)}))
    assert (excess.field, excess.limit.code) == (("cadence", code), limit)
    assert excess.allowed == allowed
    at_most = PlanControls(cadence={code: Fraction(allowed)})
    assert excessive_controls(private_domain, at_most) == ()


def test_two_steps_of_one_slot_are_both_told(private_domain: MaturityModel) -> None:
    both = PlanControls(cadence={"11.2": Fraction(14), "11.3": Fraction(14)})
    fields = [excess.field for excess in excessive_controls(private_domain, both)]
    assert fields == [("cadence", "11.2"), ("cadence", "11.3")]


def test_a_round_twice_a_day_meets_the_same_customer(private_domain: MaturityModel) -> None:
    once_and_a_bit = PlanControls(cadence={"21.4": Fraction(8)})
    assert excessive_controls(private_domain, once_and_a_bit) == ()
    (twice,) = excessive_controls(private_domain, PlanControls(cadence={"21.4": Fraction(14)}))
    assert twice.most == 2


def test_a_capacity_beyond_what_an_account_holds_is_told(private_domain: MaturityModel) -> None:
    assert excessive_controls(private_domain, PlanControls(tested_capacity=20_000)) == ()
    (excess,) = excessive_controls(private_domain, PlanControls(tested_capacity=20_001))
    assert (excess.field, excess.limit.code) == (("tested_capacity",), "LI-12")


def test_a_procedure_that_writes_twice_a_day_is_caught_alone(private_domain: MaturityModel) -> None:
    limit = next(one for one in private_domain.content.limits if one.code == "LI-03")
    counting = touches_of(outside_roles(private_domain), private_domain.content.staffing)
    twice = moved(private_domain, "member-day", "16.5", day=-5)
    assert [touch.step.code for touch in own_excess(limit, twice, counting)] == ["16.2", "16.5"]
    assert own_excess(limit, private_domain.sops["member-day"], counting) == ()
