"""What an engagement lacks, where the consultant must rule, and the four steps with five lights."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings

from app.domain.adjudication import disagreements, open_adjudications
from app.domain.completeness import Completeness, Lack, completeness
from app.domain.engagement import (
    STEPS,
    EngagementRecord,
    EngagementState,
    Step,
    engagement_state,
    lights,
    undecided_findings,
)
from app.domain.index_shares import index_shares
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    FindingDecision,
    Respondent,
)
from app.domain.rules import MUST_FIX, SHOULD_FIX, evaluate_rules
from app.domain.world import World
from tests.enterprises import Enterprise, enterprises, private_domain_model
from tests.published_cases import CASES, published_case

TODAY = date(2026, 11, 21)
BLANK = Assessment("full", ClientProfile("小店", archetype="store-frequent", city_tier="other"))


def complete(assessment: Assessment) -> Completeness:
    return completeness(World(private_domain_model(), assessment))


def lacking(assessment: Assessment) -> list[str]:
    return [lack.kind for lack in complete(assessment).lacks]


def without_role(assessment: Assessment, role: str) -> Assessment:
    left = tuple(person for person in assessment.respondents if person.role != role)
    return replace(assessment, respondents=left)


# -- completeness ------------------------------------------------------------------------------


def test_a_new_engagement_lacks_everything_and_has_not_begun(
    private_domain: MaturityModel,
) -> None:
    found = complete(BLANK)
    assert [lack.kind for lack in found.lacks] == ["answers", "roles", "areas", "facts"]
    assert not found.begun, "the client's profile alone is no beginning"
    assert found.answered == 0
    assert found.open_areas == tuple(private_domain.areas)
    assert found.facts_given == 2
    assert found.facts_asked == len(private_domain.fact_parts)


@pytest.mark.parametrize("name", CASES)
def test_a_published_case_is_worth_issuing(name: str) -> None:
    found = complete(published_case(name))
    assert found.worth_issuing
    assert found.answered == 1
    assert found.facts_missing == ()


def test_the_roles_that_are_expected_are_those_of_the_enterprise_that_answer_first(
    private_domain: MaturityModel,
) -> None:
    roles = {role.role: role for role in complete(published_case(CASES[0])).roles}
    assert list(roles) == [r for r in private_domain.roles if r in roles]
    assert set(roles) == {
        "ceo",
        "regional-head",
        "private-domain-head",
        "operations",
        "store",
        "content",
        "sales",
        "it",
    }
    required = {role.role for role in roles.values() if role.required}
    assert required == {"ceo", "private-domain-head", "operations", "content", "it"}
    assert roles["operations"].respondents == 3
    assert 0 < roles["operations"].answered <= roles["operations"].questions


def test_a_diagnosis_waits_for_a_role_whose_questions_no_other_answers_first() -> None:
    case = published_case(CASES[0])
    assert complete(without_role(case, "it")).lacks[0] == Lack("roles", ("it",))


def test_a_diagnosis_does_not_wait_for_shops_a_company_does_not_have() -> None:
    found = complete(without_role(published_case(CASES[0]), "store"))
    assert found.worth_issuing
    assert found.roles_heard == len(found.roles) - 1


def test_a_role_that_knew_nothing_was_not_heard() -> None:
    case = published_case(CASES[0])
    silent = tuple(
        replace(person, answers=dict.fromkeys(person.answers, Answer(None)))
        if person.role == "ceo"
        else person
        for person in case.respondents
    )
    assert "roles" in lacking(replace(case, respondents=silent))


def test_some_facts_may_be_missing_and_too_many_may_not() -> None:
    case = published_case(CASES[0])
    few = dict(list(case.facts.items())[:-5])
    half = dict(list(case.facts.items())[:18])
    assert lacking(replace(case, facts=few)) == []
    assert complete(replace(case, facts=few)).facts_missing
    assert "facts" in lacking(replace(case, facts=half))


def test_an_invited_person_who_said_nothing_is_not_counted() -> None:
    silent = replace(BLANK, respondents=(Respondent("ceo", "", {}),))
    assert complete(silent).respondents == {}
    assert not complete(silent).begun


def test_one_fact_is_a_beginning() -> None:
    assert complete(replace(BLANK, facts={"users": FactValue(Fraction(1))})).begun


def test_a_form_one_person_fills_in_expects_no_role_in_particular(
    private_domain: MaturityModel,
) -> None:
    form = private_domain.forms["self-check"]
    answers = {name: Answer(2) for name in form.questions}
    facts = {
        part.id: FactValue(Fraction(5))
        for name in form.facts
        for part in private_domain.facts[name].parts
        if part.type == "number"
    }
    own = Assessment(
        form.id, BLANK.client, facts, (Respondent("private-domain-head", "", answers),)
    )
    found = complete(own)
    assert found.roles == ()
    assert found.worth_issuing


# -- where the consultant must rule ------------------------------------------------------------


Given = int | tuple[int, ...]


def told(roles: Mapping[str, Given]) -> tuple[Respondent, ...]:
    """Return people who place the shared strategy on a level, by role."""
    return tuple(
        Respondent(role, "", {"strategy-shared": Answer(level, "E3")})
        for role, levels in roles.items()
        for level in (levels if isinstance(levels, tuple) else (levels,))
    )


def open_in(roles: Mapping[str, Given], ruling: Adjudication | None = None) -> list[str]:
    rulings = {"strategy-shared": ruling} if ruling is not None else {}
    said = replace(BLANK, respondents=told(roles), adjudications=rulings)
    return [each.question for each in open_adjudications(World(private_domain_model(), said))]


@pytest.mark.parametrize(
    ("roles", "needed"),
    [
        ({"ceo": 4, "operations": 3}, True),
        ({"ceo": 3, "operations": 4}, True),
        ({"ceo": 4, "private-domain-head": 3, "operations": 3}, False),
        ({"ceo": 4, "private-domain-head": 3}, False),
        ({"ceo": 5, "private-domain-head": 3}, True),
        ({"ceo": 3, "operations": (1, 5)}, False),
        ({"ceo": (4, 5), "it": 3}, True),
        ({"ceo": 4, "it": 3}, False),
        ({"ceo": 5}, False),
    ],
)
def test_a_ruling_is_needed_from_one_level_between_the_sides_or_one_and_a_half_between_roles(
    roles: Mapping[str, Given], needed: bool
) -> None:
    assert bool(open_in(roles)) is needed


def test_a_ruling_closes_the_question() -> None:
    people = {"ceo": 5, "operations": 1}
    assert open_in(people) == ["strategy-shared"]
    assert open_in(people, Adjudication(2, "两边都看过文件")) == []


def test_role_means_stand_side_by_side_in_the_order_of_the_model() -> None:
    people = told({"operations": (1, 2), "store": 4, "ceo": (5, 4)})
    said = replace(BLANK, respondents=people)
    (found,) = disagreements(World(private_domain_model(), said))
    assert [(each.role, each.mean, each.answers) for each in found.means] == [
        ("ceo", Fraction(9, 2), 2),
        ("operations", Fraction(3, 2), 2),
        ("store", Fraction(4), 1),
    ]
    assert [each.weight for each in found.means] == [1, 0, Fraction(1, 2)]
    assert found.gap == Fraction(9, 2) - Fraction(11, 4)
    assert found.spread == 3


@pytest.mark.parametrize("name", CASES)
def test_what_weighs_and_differs_most_is_ruled_on_first(name: str) -> None:
    world = World(private_domain_model(), published_case(name))
    found = open_adjudications(world)
    assert found
    ranks = [each.weight * each.spread for each in found]
    assert ranks == sorted(ranks, reverse=True)
    assert not {each.question for each in found} & world.assessment.adjudications.keys()


@settings(max_examples=25)
@given(enterprise=enterprises())
def test_a_gap_is_never_wider_than_the_spread(enterprise: Enterprise) -> None:
    world = World(private_domain_model(), enterprise.assessment())
    shares = index_shares(world)
    for each in disagreements(world):
        assert each.gap is None or abs(each.gap) <= each.spread
        assert each.weight == shares.get(each.question, 0)
        assert len(each.means) > 1


# -- the four steps ----------------------------------------------------------------------------

ISSUED = complete(published_case(CASES[0]))
EMPTY = complete(BLANK)
PARTLY = complete(without_role(published_case(CASES[0]), "it"))


def progress(record: EngagementRecord, today: date = TODAY) -> dict[Step, str]:
    return {state.step: state.progress for state in engagement_state(record, today).steps}


def wants(state: EngagementState) -> dict[Step, tuple[str, ...]]:
    return {each.step: each.wants for each in state.steps}


def test_a_new_engagement_stands_at_the_first_step() -> None:
    state = engagement_state(EngagementRecord(EMPTY), TODAY)
    assert [each.step for each in state.steps] == list(STEPS)
    assert {each.progress for each in state.steps} == {"not-begun"}
    assert state.current.step == "diagnose"
    assert state.current.wants == ("answers", "roles", "areas", "facts")


def test_diagnose_is_under_way_until_the_diagnosis_is_worth_issuing() -> None:
    assert progress(EngagementRecord(PARTLY))["diagnose"] == "under-way"
    assert progress(EngagementRecord(ISSUED))["diagnose"] == "done"


@pytest.mark.parametrize(
    ("record", "standing", "wanted"),
    [
        (EngagementRecord(EMPTY), "not-begun", ("diagnosis",)),
        (EngagementRecord(PARTLY, decided=12), "under-way", ("diagnosis",)),
        (
            EngagementRecord(ISSUED, open_adjudications=2, undecided=3),
            "not-begun",
            ("adjudications", "findings"),
        ),
        (
            EngagementRecord(ISSUED, adjudications=3, undecided=1, decided=11),
            "under-way",
            ("findings",),
        ),
        (EngagementRecord(ISSUED, adjudications=3, decided=12), "done", ()),
    ],
)
def test_align_is_done_when_everything_was_ruled_on_and_decided(
    record: EngagementRecord, standing: str, wanted: tuple[str, ...]
) -> None:
    state = engagement_state(record, TODAY)
    assert progress(record)["align"] == standing
    assert wants(state)["align"] == wanted


ALIGNED = EngagementRecord(ISSUED, adjudications=3, decided=12)


@pytest.mark.parametrize(
    ("plan", "reported", "reports", "standing", "wanted"),
    [
        (None, None, 0, "not-begun", ("plan", "report")),
        (None, None, 1, "under-way", ("plan", "report")),
        (1, None, 0, "under-way", ("report",)),
        (1, 1, 1, "done", ()),
        (2, 1, 1, "under-way", ("report",)),
        (2, 2, 3, "done", ()),
    ],
)
def test_design_is_done_when_the_newest_plan_was_issued(
    plan: int | None,
    reported: int | None,
    reports: int,
    standing: str,
    wanted: tuple[str, ...],
) -> None:
    record = replace(ALIGNED, plan=plan, reported_plan=reported, reports=reports)
    assert progress(record)["design"] == standing
    assert wants(engagement_state(record, TODAY))["design"] == wanted


def test_coaching_begins_on_the_first_day_of_the_issued_plan() -> None:
    issued = replace(ALIGNED, plan=1, reported_plan=1, reports=1, plan_start=TODAY)
    eve = TODAY - timedelta(days=1)
    assert progress(issued)["coach"] == "under-way"
    assert progress(issued, eve)["coach"] == "not-begun"
    assert wants(engagement_state(issued, eve))["coach"] == ("start",)
    assert wants(engagement_state(ALIGNED, TODAY))["coach"] == ("report",)
    assert engagement_state(issued, TODAY).current.step == "coach"


def test_coaching_wants_a_gate_reviewed_once_it_is_due_and_has_begun_with_a_review() -> None:
    issued = replace(ALIGNED, plan=1, reported_plan=1, reports=1, plan_start=TODAY)
    due = replace(issued, gate_on=TODAY + timedelta(days=1))
    assert wants(engagement_state(due, TODAY))["coach"] == ()
    assert wants(engagement_state(due, TODAY + timedelta(days=1)))["coach"] == ("gate",)
    assert progress(replace(ALIGNED, reviewed=True))["coach"] == "under-way"


def test_an_answer_after_the_report_opens_alignment_until_coaching_runs_then_it_is_a_hint() -> None:
    issued = replace(ALIGNED, plan=1, reported_plan=1, reports=1, plan_start=TODAY)
    reopened = replace(issued, open_adjudications=1, undecided=2)
    eve = TODAY - timedelta(days=1)
    assert list(progress(reopened, eve).values()) == ["done", "under-way", "done", "not-begun"]
    assert engagement_state(reopened, eve).current.step == "align"
    assert engagement_state(reopened, eve).wants == ("adjudications", "findings")

    assert list(progress(reopened).values()) == ["done", "done", "done", "under-way"]
    due = engagement_state(replace(reopened, gate_on=TODAY), TODAY)
    assert due.current.step == "coach"
    assert due.wants == ("gate", "adjudications", "findings")
    planned_anew = engagement_state(replace(reopened, gate_on=TODAY, plan=2), TODAY)
    assert planned_anew.current.step == "design"
    assert planned_anew.wants == ("report", "gate", "adjudications", "findings")


def test_a_diagnosis_that_loses_its_ground_is_open_again_even_while_coaching_runs() -> None:
    coached = replace(ALIGNED, plan=1, reported_plan=1, reports=1, plan_start=TODAY)
    state = engagement_state(replace(coached, completeness=PARTLY), TODAY)
    assert [each.progress for each in state.steps] == ["under-way", "done", "done", "under-way"]
    assert state.current.step == "diagnose"


def test_findings_are_decided_one_by_one_and_a_rejected_one_lets_the_next_move_up() -> None:
    case = published_case(CASES[0])
    first = undecided_findings(evaluate_rules(World(private_domain_model(), case)))
    assert len(first) == MUST_FIX + SHOULD_FIX
    accepted = replace(case, decisions={first[0]: FindingDecision("accepted")})
    after = undecided_findings(evaluate_rules(World(private_domain_model(), accepted)))
    assert after == first[1:]
    rejected = replace(case, decisions={first[0]: FindingDecision("rejected", "现场看过，不成立")})
    moved = undecided_findings(evaluate_rules(World(private_domain_model(), rejected)))
    assert len(moved) == len(first)
    assert first[0] not in moved


# -- the five lights ---------------------------------------------------------------------------


def test_the_five_lights_show_what_stands_what_begins_and_what_is_missing() -> None:
    model = private_domain_model()
    for level, mark in ((1, "empty"), (2, "half"), (4, "full")):
        said = Enterprise(level=level, people=12, evidence=3).assessment()
        found = lights(World(model, said))
        assert [cell.id for cell in found] == [
            "strategy",
            "organisation",
            "process",
            "appraisal",
            "reports",
        ]
        assert {cell.status.mark for cell in found if cell.status} == {mark}


def test_a_light_is_out_while_nothing_is_known() -> None:
    assert {cell.status for cell in lights(World(private_domain_model(), BLANK))} == {None}


def test_a_model_without_a_status_panel_has_no_lights(private_domain: MaturityModel) -> None:
    bare = replace(private_domain, content=replace(private_domain.content, panels=()))
    assert lights(World(bare, BLANK)) == ()


def test_where_nobody_has_answered_there_is_nothing_to_decide() -> None:
    """No answer is no evidence, but it is not weak evidence either (RU-51)."""
    world = World(private_domain_model(), BLANK)
    assert world.measure("low_confidence_areas") is None
    assert evaluate_rules(world).findings == ()
    head = Respondent("private-domain-head", "", {"posts-filled": Answer(2, "E0")})
    begun = World(private_domain_model(), replace(BLANK, respondents=(head,)))
    assert begun.measure("low_confidence_areas") == 1
    assert undecided_findings(evaluate_rules(begun)) == ()
