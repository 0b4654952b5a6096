"""The controls of a plan as a form: what it takes, what it refuses, and both ways alike."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.controls import assumption_ranges, ranges
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.forms.plan_controls import PlanForm, foreign_names, plan_form, plan_texts
from tests.decisions import decisions
from tests.enterprises import private_domain_model
from tests.forms.english import HAN, english
from tests.forms.posting import posted


def typed(model: MaturityModel, **given: str) -> PlanForm:
    """Return the form with this typed in; names are spelt with underscores for hyphens."""
    known = plan_form(model).paths
    names = {
        name if name in known else name.replace("_", "-"): text for name, text in given.items()
    }
    return plan_form(model)(posted(*names.items()))


def error(model: MaturityModel, **given: str) -> str:
    """Return the one message about what was typed."""
    form = typed(model, **given)
    assert not form.validate()
    ((told,),) = form.errors.values()
    return str(told)


def test_nothing_typed_leaves_every_default(private_domain: MaturityModel) -> None:
    form = plan_form(private_domain)(MultiDict())
    assert form.validate()
    assert form.controls() == PlanControls()
    assert form.typed() == ()


def test_numbers_are_read_as_people_write_them(private_domain: MaturityModel) -> None:
    form = typed(
        private_domain,
        target_users="５万人",
        payroll_cap="15.5万元",
        productive_hours="6.5",
        hires_content="0",
        assume_buyer_share="12.5%",
        start="2026年12月3日",
        growth_buffer="no",
    )
    assert form.validate(), form.errors
    assert form.controls() == PlanControls(
        target_users=50_000,
        payroll_cap=Fraction(155_000),
        productive_hours=Fraction(13, 2),
        max_hires={"content": 0},
        assumptions={"buyer-share": Fraction(1, 8)},
        start=date(2026, 12, 3),
        growth_buffer=False,
    )


@settings(max_examples=60)
@given(decisions())
def test_every_permitted_decision_survives_the_form(controls: PlanControls) -> None:
    model = private_domain_model()
    # A SOP both added and dropped cannot even be said: the form has one choice per SOP.
    both = set(controls.add_sops) & set(controls.drop_sops)
    texts = plan_texts(model, controls)
    form = plan_form(model)(MultiDict(texts))
    assert form.validate(), form.errors
    read = form.controls()
    assert plan_texts(model, read) == texts
    if not both:
        assert set(read.add_sops) == set(controls.add_sops)
        assert set(read.drop_sops) == set(controls.drop_sops)
    for name in ("start", "target_users", "max_hires", "payroll_cap", "cadence", "growth_buffer"):
        assert getattr(read, name) == getattr(controls, name)


NAMES = st.sampled_from(list(plan_form(private_domain_model()).paths))
TEXTS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["NaN", "Infinity", "-0", "1e999", "9" * 70, "0x10", "٣", "½", "2027-02-30", "\x00", "<b>"]
    ),
    st.integers(-(10**15), 10**15).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=15).map(str),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.one_of(NAMES, st.text(max_size=20)), TEXTS), max_size=8))
def test_whatever_is_sent_is_read_or_refused_and_never_fails(pairs: list[tuple[str, str]]) -> None:
    model = private_domain_model()
    form = plan_form(model)(MultiDict(pairs))
    foreign_names(model, MultiDict(pairs))
    if form.validate():
        controls = form.controls()
        assert plan_form(model)(MultiDict(plan_texts(model, controls))).validate()
    assert all(isinstance(text, str) for _, text in form.typed())


def test_every_control_of_the_model_has_an_input(private_domain: MaturityModel) -> None:
    paths = set(plan_form(private_domain).paths.values())
    assert {path[0] for path in paths} >= set(ranges(private_domain)) | {"start", "service_mode"}
    named = {path[1] for path in paths if path[0] == "assumptions"}
    assert named == set(assumption_ranges(private_domain))
    assert {path[1] for path in paths if path[0] == "sops"} == set(private_domain.sops)


def test_a_model_without_staffing_offers_what_it_understands(
    kitchen_hygiene: MaturityModel,
) -> None:
    offered = {path[0] for path in plan_form(kitchen_hygiene).paths.values()}
    assert offered == {"start", "target_level"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"target_level": "6"}, "1到5之间的整数"),
        ({"target_users": "many"}, "「many」"),
        ({"productive_hours": "0"}, "大于0、不超过8的数字"),
        ({"productive_hours": "8.5"}, "大于0、不超过8的数字"),
        ({"payroll_cap": "-1"}, "0到10,000,000,000之间的数字"),
        ({"hires_content": "1.5"}, "0到10,000之间的整数"),
        ({"assume_buyer_share": "0.5"}, "1到100之间的数字（单位：%）"),
        ({"assume_buyer_share": "12.34567890123"}, "小数最多10位"),
        ({"start": "soon"}, "2026-12-01"),
        ({"city_tier": "moon"}, "选项里没有这一项"),
        ({"sop_live_commerce": "burn"}, "选项里没有这一项"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_refused_value_says_what_is_permitted(
    private_domain: MaturityModel, given: dict[str, str], told: str
) -> None:
    assert told in error(private_domain, **given)


def test_names_that_are_no_control_and_names_given_twice_are_told(
    private_domain: MaturityModel,
) -> None:
    sent = posted(("target_level", "3"), ("target_level", "4"), ("tenant_id", "x"), ("start", ""))
    assert set(foreign_names(private_domain, sent)) == {"target_level", "tenant_id"}


def test_an_english_reader_is_refused_in_english(private_domain: MaturityModel) -> None:
    form = plan_form(private_domain)(posted(("productive_hours", "9")), translate=english)
    assert not form.validate()
    ((told,),) = form.errors.values()
    assert told.startswith("This takes a number above 0 and not above 8 (unit: hours/day)")
    assert not HAN.search(told)
