"""What a client may decide: every control outside its range is refused, and nothing inside it."""

from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from app.domain.controls import Range, Refusal, assumption_ranges, ranges, refusals
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

TODAY = date(2026, 11, 21)


def refused(model: MaturityModel, **controls: Any) -> tuple[Refusal, ...]:
    return refusals(
        PlanControls(**controls), model=model, as_of=TODAY, users=Fraction(900), level=3
    )


def test_no_controls_no_refusals(private_domain: MaturityModel) -> None:
    assert refused(private_domain) == ()


def test_the_edge_of_every_range_is_permitted(private_domain: MaturityModel) -> None:
    assert not refused(
        private_domain,
        start=TODAY,
        target_users=900,
        tool_level=1,
        max_hires={"specialist": 0},
        payroll_cap=Fraction(0),
        productive_hours=Fraction(8),
        target_level=3,
        add_sops=("live-commerce",),
        drop_sops=("guest-sharing",),
        cadence={"10.1": Fraction(0)},
        assumptions={"buyer-share": Fraction(1)},
        online_users=900,
    )


@pytest.mark.parametrize(
    ("controls", "field", "reason", "permitted"),
    [
        (
            {"start": date(2026, 11, 20)},
            ("start",),
            "before-diagnosis",
            Range(TODAY),
        ),
        ({"target_users": 899}, ("target_users",), "below-users", Range(Fraction(900), whole=True)),
        (
            {"target_level": 2},
            ("target_level",),
            "below-level",
            Range(Fraction(3), Fraction(5), whole=True),
        ),
        (
            {"target_users": 1000, "online_users": 1001},
            ("online_users",),
            "online-above-target",
            Range(Fraction(1), Fraction(1000), whole=True),
        ),
        (
            {"productive_hours": Fraction(17, 2)},
            ("productive_hours",),
            "range",
            Range(Fraction(0), Fraction(8), above=True),
        ),
        (
            {"payroll_cap": Fraction(-1, 2)},
            ("payroll_cap",),
            "range",
            Range(Fraction(0), Fraction(10**10)),
        ),
        ({"drop_sops": ("gone",)}, ("drop_sops", 0), "unknown", None),
        (
            {"add_sops": ("live-commerce",), "drop_sops": ("guest-sharing", "live-commerce")},
            ("drop_sops", 1),
            "both",
            (),
        ),
        ({"max_hires": {"chef": 1}}, ("max_hires", "chef"), "unknown", None),
        ({"service_mode": "deluxe"}, ("service_mode",), "unknown", None),
        ({"city_tier": "moon"}, ("city_tier",), "unknown", None),
        ({"cadence": {"99.1": Fraction(1)}}, ("cadence", "99.1"), "unknown", None),
        ({"cadence": {"06.4": Fraction(1)}}, ("cadence", "06.4"), "triggered", None),
        ({"assumptions": {"luck": Fraction(1)}}, ("assumptions", "luck"), "unknown", None),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_a_bad_control_is_refused_with_field_and_permitted_range(
    private_domain: MaturityModel,
    controls: dict[str, Any],
    field: tuple[str | int, ...],
    reason: str,
    permitted: Range | tuple[str, ...] | None,
) -> None:
    (refusal,) = refused(private_domain, **controls)
    assert (refusal.field, refusal.reason) == (field, reason)
    if permitted is not None:
        assert refusal.permitted == permitted
    else:
        assert isinstance(refusal.permitted, tuple)
        assert refusal.permitted
        assert refusal.value not in refusal.permitted


def test_an_assumption_keeps_the_range_its_author_wrote(private_domain: MaturityModel) -> None:
    for name, permitted in assumption_ranges(private_domain).items():
        assert isinstance(permitted.high, Fraction)
        assert refused(private_domain, assumptions={name: permitted.high}) == ()
        beyond = refused(private_domain, assumptions={name: permitted.high + 1})
        assert [refusal.permitted for refusal in beyond] == [permitted]


def test_one_control_is_refused_once(private_domain: MaturityModel) -> None:
    assert len(refused(private_domain, target_users=-1)) == 1
    assert len(refused(private_domain, target_level=0)) == 1


def test_what_nobody_knows_refuses_nothing(private_domain: MaturityModel) -> None:
    controls = PlanControls(start=date(2001, 1, 1), target_users=1, target_level=1)
    assert refusals(controls, model=private_domain) == ()


def test_every_number_of_the_controls_has_a_range(private_domain: MaturityModel) -> None:
    spoken = {"start", "service_mode", "city_tier", "growth_buffer", "add_sops", "drop_sops"}
    names = {field.name for field in fields(PlanControls)} - spoken - {"assumptions"}
    assert set(ranges(private_domain)) == names


def test_a_model_without_staffing_offers_no_control_of_it(kitchen_hygiene: MaturityModel) -> None:
    assert set(ranges(kitchen_hygiene)) == {"target_level"}
