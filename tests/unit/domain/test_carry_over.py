"""What a new round takes over from an earlier one: what ages slowly, and never a level."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import months_after
from app.domain.carry_over import CarryOver, Left, from_earlier_round, from_self_check
from app.domain.response import Answer, Assessment, ClientProfile, FactValue, Respondent
from tests.coached import MODEL
from tests.enterprises import AS_OF, Enterprise, enterprises
from tests.releases import release, with_question

FACTS = {
    "archetype": FactValue("store-frequent", "E2"),
    "city-tier": FactValue("tier-1"),
    "stores": FactValue(Fraction(20), "E3"),
    "users": FactValue(Fraction(5000), "E3"),
    "sensitive-data": FactValue(True, "E2"),
    "activity-trend": FactValue("down"),
}


def earlier(**facts: FactValue) -> Assessment:
    answers = {"strategy-shared": Answer(3, "E2"), "users-interviewed": Answer(Fraction(30))}
    return Assessment(
        form="full",
        client=ClientProfile("老客户"),
        facts=FACTS | {name.replace("_", "-"): value for name, value in facts.items()},
        respondents=(Respondent("ceo", "1", answers),),
    )


def carried(months: int, **facts: FactValue) -> CarryOver:
    return from_earlier_round(earlier(**facts), AS_OF, MODEL, "full", months_after(AS_OF, months))


def why(found: CarryOver) -> dict[str, str]:
    return {one.id: one.why for one in found.left}


def test_what_kind_of_company_it_is_is_carried_over_and_its_figures_are_asked_again() -> None:
    found = carried(3)
    assert set(found.facts) == {"archetype", "city-tier", "stores"}
    assert why(found)["users"] == "asked-again"
    assert found.given_on == AS_OF


def test_a_level_is_never_carried_over() -> None:
    found = carried(1)
    assert found.answers == {}
    assert Left("question", "strategy-shared", "asked-again") in found.left
    assert Left("question", "users-interviewed", "asked-again") in found.left


def test_what_guards_the_law_and_what_moves_fast_is_asked_again() -> None:
    found = carried(1)
    assert why(found)["sensitive-data"] == "asked-again"
    assert why(found)["activity-trend"] == "asked-again"


def test_a_fact_is_carried_over_to_the_day_its_author_says_and_no_further() -> None:
    assert "stores" in carried(3).facts
    assert why(carried(4))["stores"] == "too-old"
    assert "archetype" in carried(24).facts
    assert why(carried(25))["archetype"] == "too-old"


def test_what_was_seen_then_is_a_statement_now() -> None:
    found = carried(1, city_tier=FactValue("tier-1", "E0"))
    assert found.facts["archetype"] == FactValue("store-frequent", "E1")
    assert found.facts["stores"].evidence == "E1"
    assert found.facts["city-tier"].evidence == "E0"


def test_a_value_the_model_no_longer_permits_is_left_and_named() -> None:
    found = carried(1, archetype=FactValue("by-sea"), moons=FactValue(Fraction(2)))
    assert why(found)["archetype"] == "not-permitted"
    assert why(found)["moons"] == "gone"


def test_a_form_that_does_not_ask_a_fact_does_not_take_it_over() -> None:
    found = from_earlier_round(
        earlier(wecom_verified=FactValue(True)), AS_OF, MODEL, "self-check", AS_OF
    )
    assert why(found)["wecom-verified"] == "gone"
    assert "archetype" in found.facts


# -- from a self-check ---------------------------------------------------------------------------


def self_check(*people: dict[str, Answer]) -> Assessment:
    given_answers = people or ({"strategy-shared": Answer(4, "E2"), "learning": Answer(None)},)
    return Assessment(
        form="self-check",
        client=ClientProfile("来询客户"),
        facts={"users": FactValue(Fraction(5000), "E3"), "aov": FactValue(Fraction(300))},
        respondents=tuple(
            Respondent("private-domain-head", str(number), answers)
            for number, answers in enumerate(given_answers)
        ),
    )


def handed_on(check: Assessment, on: date = AS_OF) -> CarryOver:
    return from_self_check(check, AS_OF, MODEL, "full", on)


def test_a_self_check_is_handed_on_whole_and_only_as_claimed() -> None:
    found = handed_on(self_check())
    assert found.answers == {"strategy-shared": Answer(4, "E0")}
    assert found.facts == {
        "users": FactValue(Fraction(5000), "E0"),
        "aov": FactValue(Fraction(300), "E0"),
    }
    assert why(found) == {"learning": "unknown"}


def test_an_old_self_check_is_not_handed_on_at_all() -> None:
    months = MODEL.content.coaching.self_check_months
    assert handed_on(self_check(), months_after(AS_OF, months)).answers
    stale = handed_on(self_check(), months_after(AS_OF, months + 1))
    assert (stale.answers, stale.facts) == ({}, {})
    assert why(stale)["strategy-shared"] == "too-old"


def test_people_who_differ_leave_the_question_to_the_interview() -> None:
    found = handed_on(self_check({"strategy-shared": Answer(4)}, {"strategy-shared": Answer(2)}))
    assert found.answers == {}
    assert why(found) == {"strategy-shared": "disputed"}
    one_knows = handed_on(
        self_check({"strategy-shared": Answer(4)}, {"strategy-shared": Answer(None)})
    )
    assert one_knows.answers == {"strategy-shared": Answer(4, "E0")}


def test_a_question_of_the_self_check_alone_is_not_handed_on() -> None:
    narrow = release(MODEL, with_question("group-service-unique", lambda _: None))
    found = from_self_check(
        self_check({"group-service-unique": Answer(True)}), AS_OF, narrow, "full", AS_OF
    )
    assert why(found)["group-service-unique"] == "gone"


@settings(max_examples=40)
@given(drawn=enterprises(), months=st.integers(0, 40))
def test_every_answer_and_fact_is_either_carried_over_or_left_with_a_reason(
    drawn: Enterprise, months: int
) -> None:
    old = drawn.assessment()
    found = from_earlier_round(old, AS_OF, MODEL, "full", months_after(AS_OF, months))
    left = {(one.kind, one.id) for one in found.left}
    assert len(left) == len(found.left)
    assert {("fact", name) for name in old.facts} == left.union(
        ("fact", name) for name in found.facts
    ) - {one for one in left if one[0] == "question"}
    asked = {name for person in old.respondents for name in person.answers}
    assert {("question", name) for name in asked} == {one for one in left if one[0] == "question"}
    for name, fact in found.facts.items():
        assert fact.value == old.facts[name].value
        assert months <= MODEL.fact_of[name].keeps_months
    again = from_earlier_round(
        replace(old, facts=found.facts), AS_OF, MODEL, "full", months_after(AS_OF, months)
    )
    assert again.facts == found.facts
