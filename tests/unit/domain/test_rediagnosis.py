"""Two diagnoses side by side: what practice changed, what the model did, what was found."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.rule import Rule
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel, ModelContent
from app.domain.rediagnosis import Rediagnosis, ScoreChange, compare
from app.domain.rescoring import LeftOut, question_changes, rescorable
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    FactValue,
    FindingDecision,
    PlanControls,
    Respondent,
)
from tests.coached import MODEL
from tests.enterprises import AS_OF, Enterprise, enterprises
from tests.releases import Change, release, with_question, with_rule
from tests.standard_enterprise import standard_enterprise

NEXT_YEAR = AS_OF.replace(year=AS_OF.year + 1)


def enterprise(level: int = 2) -> Assessment:
    """Return a standard enterprise whose figures are whole where the questions ask for that."""
    plain = standard_enterprise(MODEL, 5000, 300, level=level, stores=20)
    answers = dict(plain.respondents[0].answers)
    for name, answer in answers.items():
        if MODEL.questions[name].integer and isinstance(answer.value, Fraction):
            answers[name] = replace(answer, value=Fraction(round(answer.value)))
    people = tuple(replace(person, answers=answers) for person in plain.respondents)
    return replace(plain, respondents=people)


def answered(assessment: Assessment, question: str, value: AnswerValue | None) -> Assessment:
    """Return an assessment in which everybody answers one question so; None leaves it out."""
    people = []
    for person in assessment.respondents:
        answers = dict(person.answers)
        answers.pop(question, None)
        if value is not None:
            answers[question] = Answer(value, "E3")
        people.append(replace(person, answers=answers))
    return replace(assessment, respondents=tuple(people))


def compared(
    old: Assessment, new: Assessment, after: MaturityModel = MODEL, before: MaturityModel = MODEL
) -> Rediagnosis:
    first = diagnose(before, old, AS_OF)
    rescored = (
        first if after is before else diagnose(after, rescorable(old, after).assessment, AS_OF)
    )
    return compare(first, rescored, diagnose(after, new, NEXT_YEAR))


def change_of(changes: tuple[ScoreChange, ...], name: str) -> ScoreChange:
    return next(one for one in changes if one.id == name)


def outcomes(found: Rediagnosis) -> Mapping[str, str]:
    return {
        one.rule.id: one.outcome + (f" by {one.because}" if one.because else "")
        for one in found.findings
    }


# -- scores --------------------------------------------------------------------------------------


def test_under_one_release_all_change_is_practice() -> None:
    found = compared(enterprise(2), enterprise(3))
    assert found.same_release
    assert found.overall.by_rules == 0
    assert found.overall.total == found.overall.by_practice
    assert found.overall.by_practice is not None
    assert found.overall.by_practice > 0
    assert all(not one.by_rules for one in (*found.dimensions, *found.areas, *found.lenses))
    assert found.overall.levels_by_practice == 1
    assert found.overall.levels_by_rules == 0


def stricter(question: Question) -> Question:
    """Count every figure one band lower."""
    bands = tuple(replace(band, score=max(1, band.score - 1)) for band in question.bands)
    return replace(question, bands=bands)


def test_with_the_same_answers_all_change_is_the_model() -> None:
    after = release(MODEL, with_question("users-interviewed", stricter))
    found = compared(enterprise(3), enterprise(3), after)
    area = change_of(found.areas, "user-insight")
    assert not found.same_release
    assert area.by_practice == 0
    assert area.by_rules is not None
    assert area.by_rules < 0
    assert area.total == area.by_rules
    assert change_of(found.areas, "strategy").total == 0
    assert found.questions.rescored == ("users-interviewed",)
    assert found.questions.reworded == ()


def test_practice_and_model_are_told_apart_where_both_moved() -> None:
    after = release(MODEL, with_question("users-interviewed", stricter))
    found = compared(enterprise(2), enterprise(4), after)
    area = change_of(found.areas, "user-insight")
    assert area.is_split
    assert area.by_rules is not None
    assert area.by_practice is not None
    assert area.by_rules < 0 < area.by_practice
    assert area.by_rules + area.by_practice == area.total


def without_question(content: ModelContent) -> ModelContent:
    """Drop a question that no condition reads."""
    return with_question("disband-rule", lambda _: None)(content)


def test_a_question_the_new_release_dropped_is_named_and_its_answers_left_out() -> None:
    after = release(MODEL, without_question)
    old = answered(enterprise(), "disband-rule", True)
    ready = rescorable(old, after)
    assert ready.left_out == (LeftOut("question", "disband-rule", "gone"),)
    assert all("disband-rule" not in p.answers for p in ready.assessment.respondents)
    found = compared(old, ready.assessment, after)
    assert found.questions.only_before == ("disband-rule",)
    assert found.questions.only_after == ()
    area = change_of(found.areas, "group-lifecycle")
    assert area.by_practice == 0
    assert area.by_rules  # the yes no longer counts


def test_a_question_new_in_the_release_counts_as_practice_and_says_so() -> None:
    before = release(MODEL, without_question, digest="old")
    new = answered(enterprise(), "disband-rule", True)
    found = compared(enterprise(), new, MODEL, before)
    area = change_of(found.areas, "group-lifecycle")
    assert found.questions.only_after == ("disband-rule",)
    assert area.by_practice
    assert area.unasked == Fraction("0.2")  # the question's weight in its area
    dimension = change_of(found.dimensions, "process")
    assert 0 < dimension.unasked < area.unasked
    assert 0 < found.overall.unasked < dimension.unasked
    assert change_of(found.areas, "strategy").unasked == 0


def test_a_change_whose_middle_is_unknown_is_told_and_not_split() -> None:
    weights = {
        "user-understanding": Decimal("0.1"),
        "users-interviewed": Decimal("0.1"),
        "journey-stages": Decimal("0.8"),
    }

    def weighted(name: str) -> Change:
        return with_question(name, lambda question: replace(question, weight=weights[name]))

    after = release(MODEL, *(weighted(name) for name in weights))
    old = answered(enterprise(), "journey-stages", None)
    found = compared(old, enterprise(), after)
    area = change_of(found.areas, "user-insight")
    assert area.before.score is not None
    assert area.rescored.score is None  # four fifths of the weight were never answered
    assert area.total is not None
    assert not area.is_split
    assert area.by_practice is None


def with_new_area(content: ModelContent) -> ModelContent:
    """Add an area with a question of its own to the first dimension and section."""
    area = replace(content.dimensions[0].areas[0], id="culture", code="M9", requires=())
    question = replace(
        content.sections[0].questions[0], id="culture-lived", code="Q-M9.1", area="culture"
    )
    dimension = replace(content.dimensions[0], areas=(*content.dimensions[0].areas, area))
    section = replace(content.sections[0], questions=(*content.sections[0].questions, question))
    return replace(
        content,
        dimensions=(dimension, *content.dimensions[1:]),
        sections=(section, *content.sections[1:]),
    )


def test_an_area_one_release_alone_has_is_told_without_a_change() -> None:
    wider = release(MODEL, with_new_area)
    new = answered(enterprise(), "culture-lived", 3)
    area = change_of(compared(enterprise(), new, wider).areas, "culture")
    assert area.presence == "after"
    assert area.after.score == 3
    assert area.unasked == 1
    assert area.total is None
    back = compared(new, enterprise(), MODEL, wider)
    area = change_of(back.areas, "culture")
    assert area.presence == "before"
    assert area.total is None
    assert back.areas[-1].id == "culture"


def test_old_answers_are_compared_as_the_new_release_scores_them() -> None:
    after = release(MODEL, with_question("users-interviewed", stricter))
    first = diagnose(MODEL, enterprise(), AS_OF)
    with pytest.raises(ValueError, match="as the new release scores them"):
        compare(first, first, diagnose(after, enterprise(), NEXT_YEAR))


def test_the_stage_is_read_three_times() -> None:
    found = compared(enterprise(2), enterprise(4))
    assert found.stage.before == found.stage.rescored
    assert found.before.stage is not None
    assert found.stage.before == found.before.stage.stage.id
    assert found.after.stage is not None
    assert found.stage.after == found.after.stage.stage.id


# -- what the new release cannot read ------------------------------------------------------------


def test_a_value_the_new_release_does_not_permit_is_left_out_and_named() -> None:
    narrow = release(MODEL, with_question("users-interviewed", lambda q: replace(q, maximum=1)))
    old = answered(enterprise(), "users-interviewed", Fraction(40))
    ready = rescorable(old, narrow)
    assert ready.left_out == (LeftOut("question", "users-interviewed", "not-permitted"),)


def test_roles_facts_rulings_and_decisions_are_read_as_the_new_release_knows_them() -> None:
    old = enterprise()
    old = replace(
        old,
        facts={**old.facts, "moons": FactValue(Fraction(2)), "archetype": FactValue("by-sea")},
        respondents=(*old.respondents, Respondent("astrologer", "1", {})),
        adjudications={
            "strategy-shared": Adjudication(99, "太高"),
            "horoscope": Adjudication(1, ""),
        },
        decisions={"no-such-rule": FindingDecision("accepted")},
        controls=PlanControls(add_sops=("no-such-sop", "win-back"), target_users=9000),
    )
    ready = rescorable(old, MODEL)
    assert set(ready.left_out) == {
        LeftOut("fact", "moons", "gone"),
        LeftOut("fact", "archetype", "not-permitted"),
        LeftOut("role", "astrologer", "gone"),
        LeftOut("question", "strategy-shared", "not-permitted"),
        LeftOut("question", "horoscope", "gone"),
        LeftOut("rule", "no-such-rule", "gone"),
    }
    assert ready.assessment.controls == PlanControls(add_sops=("win-back",), target_users=9000)
    diagnose(MODEL, ready.assessment, AS_OF)


def test_a_form_the_new_release_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no form"):
        rescorable(replace(enterprise(), form="long"), MODEL)


def test_rewording_and_recounting_a_question_are_two_things() -> None:
    after = release(
        MODEL,
        with_question("strategy-shared", lambda q: replace(q, text="换了说法")),
        with_question("budget-months", stricter),
    )
    found = question_changes(MODEL, "full", after, "full")
    assert found.reworded == ("strategy-shared",)
    assert found.rescored == ("budget-months",)
    assert (found.only_before, found.only_after) == ((), ())


def test_new_anchors_are_new_words_for_the_question_they_answer() -> None:
    def renamed(content: ModelContent) -> ModelContent:
        first = content.dimensions[0]
        area = replace(first.areas[0], anchors=("新", *first.areas[0].anchors[1:]))
        return replace(
            content,
            dimensions=(
                replace(first, areas=(area, *first.areas[1:])),
                *content.dimensions[1:],
            ),
        )

    found = question_changes(MODEL, "full", release(MODEL, renamed), "full")
    assert found.reworded == ("strategy-shared",)


# -- findings ------------------------------------------------------------------------------------


def rule_about(area: str) -> Rule:
    """Return a rule that fires at level 2 or below of one area and reads nothing else."""
    return next(
        rule
        for rule in MODEL.rules.values()
        if rule.area == area and rule.when == f"level({area.replace('-', '_')}) <= 2"
    )


GUESSED = rule_about("user-insight")


def test_a_finding_is_closed_open_or_new() -> None:
    name = GUESSED.id
    low, high = enterprise(2), enterprise(4)
    assert outcomes(compared(low, high))[name] == "closed by practice"
    assert outcomes(compared(low, low))[name] == "open"
    assert outcomes(compared(high, low))[name] == "new by practice"
    assert name not in outcomes(compared(high, high))


def test_a_rule_made_milder_closes_by_rules_and_one_made_stricter_opens_by_rules() -> None:
    name = GUESSED.id
    milder = release(MODEL, with_rule(name, lambda r: replace(r, when="level(user_insight) <= 1")))
    assert outcomes(compared(enterprise(2), enterprise(2), milder))[name] == "closed by rules"
    stricter_rule = release(
        MODEL, with_rule(name, lambda r: replace(r, when="level(user_insight) <= 3"))
    )
    assert outcomes(compared(enterprise(3), enterprise(3), stricter_rule))[name] == "new by rules"


def test_a_finding_nobody_can_decide_any_more_is_not_closed() -> None:
    name = GUESSED.id
    unasked = enterprise(2)
    for question in ("user-understanding", "users-interviewed", "journey-stages"):
        unasked = answered(unasked, question, None)
    assert outcomes(compared(enterprise(2), unasked))[name] == "undecided"
    assert outcomes(compared(unasked, enterprise(2)))[name] == "new by first-assessed"


def test_a_rejected_finding_is_told_as_rejected_and_a_retired_rule_as_retired() -> None:
    name, low = GUESSED.id, enterprise(2)
    rejected = replace(low, decisions={name: FindingDecision("rejected", "客户没有群")})
    assert outcomes(compared(low, rejected))[name] == "rejected"
    assert outcomes(compared(rejected, low))[name] == "new by decision"
    retired = release(MODEL, with_rule(name, lambda _: None))
    assert outcomes(compared(low, low, retired))[name] == "retired"


def test_what_stands_now_comes_first_in_its_order_of_urgency() -> None:
    found = compared(enterprise(2), enterprise(3))
    kinds = [one.outcome in ("open", "new") for one in found.findings]
    assert kinds == sorted(kinds, reverse=True)
    standing = [one.rule.id for one in found.findings if one.after is not None]
    assert standing == [one.rule.id for one in found.after.diagnostics.every()]


# -- for every pair of rounds --------------------------------------------------------------------

STRICTER = release(
    MODEL,
    with_question("users-interviewed", stricter),
    with_question("budget-months", stricter),
    with_rule(GUESSED.id, lambda rule: replace(rule, when="level(user_insight) <= 3")),
)


@settings(max_examples=8)
@example(old=Enterprise(seed=1, people=0), new=Enterprise(seed=2, people=10))
@given(old=enterprises(), new=enterprises())
def test_what_practice_and_rules_changed_adds_up_and_every_finding_is_told_once(
    old: Enterprise, new: Enterprise
) -> None:
    found = compared(old.assessment(), new.assessment(), STRICTER)
    for one in (found.overall, *found.lenses, *found.dimensions, *found.areas):
        if one.by_rules is not None and one.by_practice is not None:
            assert one.by_rules + one.by_practice == one.total
        assert 0 <= one.unasked <= 1
    told = [one.rule.id for one in found.findings]
    assert len(told) == len(set(told))
    before = {one.rule.id for one in found.before.diagnostics.every()}
    after = {one.rule.id for one in found.after.diagnostics.every()}
    assert set(told) == before | after
    assert {one.rule.id for one in found.findings if one.outcome == "open"} == before & after
    assert {one.rule.id for one in found.findings if one.outcome == "new"} == after - before


@settings(max_examples=8)
@given(drawn=enterprises())
def test_one_round_against_itself_changes_nothing(drawn: Enterprise) -> None:
    found: Diagnosis = diagnose(MODEL, drawn.assessment(), AS_OF)
    same = compare(found, found, found)
    for one in (same.overall, *same.lenses, *same.dimensions, *same.areas):
        assert one.total in (0, None)
        assert one.unasked == 0
    assert {one.outcome for one in same.findings} <= {"open"}
    assert same.questions.only_before == same.questions.only_after == ()
