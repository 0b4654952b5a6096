"""How many people: the method's four worked examples as printed there, and the edges between."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.definitions.staffing import StaffingModel
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile, FactValue, PlanControls
from app.domain.staffing import (
    PostNeed,
    affordable,
    capacity_of,
    coaches_needed,
    content_needed,
    data_needed,
    focus_service,
    managers_needed,
    sales_needed,
    service_mode,
    specialists_needed,
    tool_factor,
    traffic_needed,
)
from app.domain.staffing_plan import people_of, post_needs
from app.domain.workload import Workload
from app.domain.world import World

LOADED_COST = Fraction(10_000)


@pytest.fixture
def staffing(private_domain: MaturityModel) -> StaffingModel:
    """The staffing parameters of the private-domain model."""
    found = private_domain.content.staffing
    assert found is not None
    return found


EXAMPLE_A = Workload(
    users=36_000,
    online_users=36_000,
    new_adds=1_000,
    stage=2,
    growth=False,
    mean_group=180,
    entry_rate=Fraction("0.4"),
    content_units_per_week=60,
    leads=0,
    sessions_per_day=150,
    stores=0,
    new_stores=0,
    store_led=False,
    pilot=False,
    gmv_per_user=Fraction(20),
    margin=Fraction("0.5"),
    separate_sales=False,
)
"""30,000 users growing by a fifth in half a year, average order 300, tools at level 3."""


def capacity(staffing: StaffingModel, aov: int, tool_level: int | None) -> Fraction:
    mode = service_mode(staffing, Fraction(aov), None)
    return capacity_of(staffing, mode, tool_factor(staffing, tool_level))


# -- worked example A ----------------------------------------------------------------------------


def test_example_a_needs_nine_specialists(staffing: StaffingModel) -> None:
    per_head = capacity(staffing, 300, 3)
    assert per_head == 4_000
    found = specialists_needed(staffing, per_head, EXAMPLE_A, LOADED_COST)
    assert found.raw == 9
    assert found.count == 9
    assert found.groups == 80
    assert Fraction(found.groups, found.count) < 9
    assert (found.affordable, found.too_heavy) == (10, False)


def test_example_a_with_a_buffer_for_growth_needs_ten(staffing: StaffingModel) -> None:
    growing = replace(EXAMPLE_A, growth=True)
    found = specialists_needed(staffing, Fraction(4_000), growing, LOADED_COST)
    assert (found.raw, found.count) == (Fraction("9.9"), 10)


def test_example_a_comes_to_sixteen_and_a_half_posts(staffing: StaffingModel) -> None:
    need = {post: fte for post, (fte, _) in post_needs(staffing, EXAMPLE_A, 9).items() if fte}
    assert need == {
        "specialist": 9,
        "manager": 1,
        "content": 3,
        "traffic": 1,
        "service": 2,
        "data": Fraction("0.5"),
    }
    assert sum(need.values()) == Fraction("16.5")


# -- worked example B ----------------------------------------------------------------------------

EXAMPLE_B = replace(
    EXAMPLE_A,
    users=3_000,
    online_users=3_000,
    stage=1,
    content_units_per_week=20,
    sessions_per_day=15,
    pilot=True,
    gmv_per_user=None,
)


def test_example_b_pilots_with_one_specialist_a_part_manager_and_half_a_content_post(
    staffing: StaffingModel,
) -> None:
    found = specialists_needed(staffing, capacity(staffing, 300, 3), EXAMPLE_B, LOADED_COST)
    assert (found.raw, found.count) == (Fraction("0.75"), 1)
    need = post_needs(staffing, EXAMPLE_B, found.count)
    assert need["manager"][0] == Fraction("0.5")
    assert need["content"][0] == Fraction("0.5")
    assert need["service"][0] == need["sales"][0] == need["coach"][0] == 0


# -- worked example C ----------------------------------------------------------------------------


def test_example_c_is_led_by_stores_with_thirteen_coaches(staffing: StaffingModel) -> None:
    per_head = capacity(staffing, 300, 3)
    assert Fraction(1_300_000) / per_head == 325
    led = replace(
        EXAMPLE_A, users=1_300_000, online_users=130_000, stores=325, store_led=True, stage=3
    )
    assert coaches_needed(staffing, led) == 13
    found = specialists_needed(staffing, per_head, led, LOADED_COST)
    # 289 groups ask for 12; a tenth of the users, served centrally, asks for 33, not 325.
    assert found.count == 33


def test_without_stores_in_the_lead_there_are_no_coaches(staffing: StaffingModel) -> None:
    assert coaches_needed(staffing, replace(EXAMPLE_A, stores=325)) == 0


# -- worked example D ----------------------------------------------------------------------------

EXAMPLE_D = replace(
    EXAMPLE_A,
    users=60_000,
    online_users=60_000,
    gmv_per_user=Fraction(40),
    margin=Fraction("0.35"),
    separate_sales=True,
)


def test_example_d_asks_for_thirty_where_the_margin_carries_twenty_five(
    staffing: StaffingModel,
) -> None:
    per_head = capacity(staffing, 8_000, 2)
    assert per_head == 2_040
    found = specialists_needed(staffing, per_head, EXAMPLE_D, LOADED_COST)
    assert (found.count, found.affordable, found.too_heavy) == (30, 25, True)


def test_example_d_serves_the_top_fifth_heavily_and_the_rest_lightly(
    staffing: StaffingModel,
) -> None:
    mode = service_mode(staffing, Fraction(8_000), None)
    focus = focus_service(staffing, mode, tool_factor(staffing, 2), EXAMPLE_D)
    assert (focus.top_users, focus.top_people) == (12_000, 6)
    assert focus.rest_capacity == 5_100
    assert (focus.rest_users, focus.rest_people) == (48_000, 10)
    assert focus.people == 16


# -- capacity ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aov", "users"),
    [(199, 6_000), (200, 4_000), (1_999, 4_000), (2_000, 2_400), (9_999, 2_400), (10_000, 1_200)],
)
def test_dearer_goods_mean_deeper_service(staffing: StaffingModel, aov: int, users: int) -> None:
    assert capacity(staffing, aov, 3) == users


@pytest.mark.parametrize(
    ("level", "users"), [(1, 3_400), (2, 3_400), (3, 4_000), (4, 4_600), (5, 5_000), (None, 4_000)]
)
def test_better_tools_stretch_a_specialist(
    staffing: StaffingModel, level: int | None, users: int
) -> None:
    assert capacity(staffing, 300, level) == users


def test_capacity_stays_between_its_floor_and_its_ceiling(staffing: StaffingModel) -> None:
    concierge = service_mode(staffing, Fraction(50_000), None)
    light = service_mode(staffing, Fraction(50), None)
    assert capacity_of(staffing, concierge, Fraction(1, 2)) == 800
    assert capacity_of(staffing, light, Fraction(3)) == 8_000


def test_a_service_mode_the_client_chose_beats_the_order_value(staffing: StaffingModel) -> None:
    assert service_mode(staffing, Fraction(50_000), "light").id == "light"
    assert service_mode(staffing, None, None).id == "standard"


def client(
    model: MaturityModel, controls: PlanControls, users: int = 36_000, specialists: str = "9"
) -> World:
    facts = {
        "aov": FactValue(Fraction(300)),
        "users": FactValue(Fraction(users)),
        "specialists": FactValue(Fraction(specialists)),
    }
    return World(model, Assessment("full", ClientProfile("某企业"), facts, controls=controls))


def test_a_figure_tested_in_the_pilot_overrides_the_formula_up_to_the_platforms_limit(
    private_domain: MaturityModel,
) -> None:
    assert client(private_domain, PlanControls()).measure("capacity") == 4_000
    tested = client(private_domain, PlanControls(tested_capacity=5_200))
    assert tested.measure("capacity") == 5_200
    boasted = client(private_domain, PlanControls(tested_capacity=60_000))
    assert boasted.measure("capacity") == 20_000


def test_the_load_is_users_per_specialist_against_capacity(private_domain: MaturityModel) -> None:
    assert client(private_domain, PlanControls()).measure("load_ratio") == 1
    # Nobody named: somebody does it beside other work, which is a tenth of a post.
    nobody = client(private_domain, PlanControls(), users=800, specialists="0")
    assert nobody.measure("load_ratio") == 2


# -- the other posts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("users", "people"), [(4_000, 1), (4_400, 1), (4_401, 2), (8_400, 2), (1, 1), (0, 0)]
)
def test_a_tenth_of_overload_is_tolerated_before_one_more_is_hired(
    staffing: StaffingModel, users: int, people: int
) -> None:
    work = replace(EXAMPLE_A, users=users, online_users=users)
    found = specialists_needed(staffing, Fraction(4_000), work, LOADED_COST)
    assert found.by_capacity == people


def test_many_small_groups_ask_for_more_people_than_users_do(staffing: StaffingModel) -> None:
    crowded = replace(EXAMPLE_A, mean_group=40)
    found = specialists_needed(staffing, Fraction(4_000), crowded, LOADED_COST)
    assert (found.groups, found.by_groups, found.count) == (360, 15, 15)


def test_the_range_spans_a_quarter_more_and_less_capacity(staffing: StaffingModel) -> None:
    found = specialists_needed(staffing, Fraction(4_000), EXAMPLE_A, LOADED_COST)
    assert (found.aggressive, found.count, found.conservative) == (8, 9, 12)


def test_the_guard_is_silent_without_margin_or_sales(staffing: StaffingModel) -> None:
    assert affordable(staffing, replace(EXAMPLE_A, margin=None), LOADED_COST) is None
    assert affordable(staffing, replace(EXAMPLE_A, gmv_per_user=None), LOADED_COST) is None


@pytest.mark.parametrize(
    ("specialists", "leads"), [(1, 0), (10, 0), (11, 1), (20, 1), (21, 2), (30, 2)]
)
def test_one_manager_is_enough_and_leads_come_above_ten(
    staffing: StaffingModel, specialists: int, leads: int
) -> None:
    assert managers_needed(staffing, specialists) == (1, leads)


def test_content_is_half_a_post_only_in_a_small_pool(staffing: StaffingModel) -> None:
    assert content_needed(staffing, replace(EXAMPLE_B, content_units_per_week=22)) == Fraction(1, 2)
    assert content_needed(staffing, replace(EXAMPLE_A, content_units_per_week=22)) == 1
    assert content_needed(staffing, replace(EXAMPLE_A, content_units_per_week=23)) == 2


def test_traffic_is_half_a_post_until_the_model_is_proven(staffing: StaffingModel) -> None:
    assert traffic_needed(staffing, replace(EXAMPLE_A, stage=1)) == Fraction(1, 2)
    assert traffic_needed(staffing, replace(EXAMPLE_A, new_adds=10_001)) == 2


def test_sales_is_a_post_of_its_own_only_where_a_person_must_close(
    staffing: StaffingModel,
) -> None:
    assert sales_needed(staffing, replace(EXAMPLE_A, leads=500)) == 0
    assert sales_needed(staffing, replace(EXAMPLE_D, leads=121)) == 2


@pytest.mark.parametrize(
    ("stage", "users", "fte"),
    [(1, 3_000, "0.2"), (2, 900_000, "0.5"), (3, 299_999, "1"), (3, 300_000, "2"), (4, 1, "1")],
)
def test_data_grows_from_a_shared_fifth_to_one_and_more(
    staffing: StaffingModel, stage: int, users: int, fte: str
) -> None:
    assert data_needed(staffing, replace(EXAMPLE_A, stage=stage, users=users)) == Fraction(fte)


def test_parts_of_posts_are_shared_out_and_rounded_up_to_people() -> None:
    parts = {"specialist": "1", "manager": "0.5", "content": "0.5", "traffic": "0.5", "data": "0.2"}
    posts = [PostNeed(post, Fraction(fte), 1, "", Fraction(0)) for post, fte in parts.items()]
    assert people_of(posts) == 3
