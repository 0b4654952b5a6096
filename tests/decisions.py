"""Random but permitted decisions of a client about the plan."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Final, TypeVar

from hypothesis import strategies as st

from app.domain.controls import is_triggered, refusals, steps_by_code
from app.domain.diagnosis import Diagnosis
from app.domain.response import PlanControls
from tests.enterprises import AS_OF, MOST_USERS, private_domain_model

NOTHING: Final = PlanControls()

_Drawn = TypeVar("_Drawn")


def decisions(*, sops: bool = True, people: bool = True) -> st.SearchStrategy[PlanControls]:
    """Return a strategy for controls; without ``sops`` none is added or dropped.

    Without ``people`` neither hires nor payroll are limited. What the enterprise itself does not
    permit is for ``permitted`` to take out.
    """
    staffing = private_domain_model().content.staffing
    assert staffing is not None
    names = list(private_domain_model().sops)
    few = st.lists(st.sampled_from(names), max_size=4, unique=True).map(tuple)
    none = st.just(())
    return st.builds(
        PlanControls,
        start=_perhaps(_days().map(lambda days: AS_OF + timedelta(days=days))),
        target_users=_perhaps(st.integers(200, 2 * MOST_USERS)),
        service_mode=_perhaps(st.sampled_from([mode.id for mode in staffing.service_modes])),
        city_tier=_perhaps(st.sampled_from([tier.id for tier in staffing.city_tiers])),
        tool_level=_perhaps(st.integers(1, 5)),
        max_hires=refused_hires() if people else st.just({}),
        payroll_cap=_perhaps(payroll_caps()) if people else st.none(),
        productive_hours=_perhaps(st.integers(2, 16).map(lambda halves: Fraction(halves, 2))),
        target_level=_perhaps(st.integers(1, 5)),
        add_sops=few if sops else none,
        drop_sops=few if sops else none,
        cadence=_cadences(),
        tested_capacity=_perhaps(st.integers(500, 12_000)),
        growth_buffer=st.sampled_from([None, False, True]),
    )


def _perhaps(strategy: st.SearchStrategy[_Drawn]) -> st.SearchStrategy[_Drawn | None]:
    return st.one_of(st.none(), st.none(), strategy)


def _days() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 20), st.integers(0, 120))


def refused_hires() -> st.SearchStrategy[dict[str, int]]:
    """Return a strategy for the most people that may join some posts."""
    staffing = private_domain_model().content.staffing
    assert staffing is not None
    posts = st.sampled_from([post.id for post in staffing.posts])
    return st.dictionaries(posts, st.integers(0, 6), max_size=5)


def payroll_caps() -> st.SearchStrategy[Fraction]:
    """Return a strategy for payroll caps from nothing to a large team's, in CNY a month."""
    return st.one_of(st.integers(0, 100), st.integers(0, 2_000)).map(lambda k: Fraction(k * 1_000))


def _cadences() -> st.SearchStrategy[dict[str, Fraction]]:
    steps = steps_by_code(private_domain_model())
    weekly = [code for code, step in steps.items() if not is_triggered(step)]
    runs = st.integers(0, 14).map(Fraction)
    return st.dictionaries(st.sampled_from(weekly), runs, max_size=3)


def permitted(diagnosis: Diagnosis, controls: PlanControls) -> PlanControls:
    """Return ``controls`` without what this enterprise does not permit."""
    while refused := refusals(
        controls,
        model=diagnosis.model,
        as_of=AS_OF,
        users=diagnosis.basis.world.figures.number("users"),
        level=diagnosis.scorecard.level,
    ):
        for name in {refusal.field[0] for refusal in refused}:
            controls = replace(controls, **{str(name): getattr(NOTHING, str(name))})
    return controls
