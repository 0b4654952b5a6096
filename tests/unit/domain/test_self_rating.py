"""A self-check against the consultant's result: the difference is a finding of its own."""

from dataclasses import replace
from decimal import Decimal

from app.domain.definitions.coaching import CoachingModel, SelfRatingBands
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel, ModelContent
from app.domain.response import Answer, Assessment, ClientProfile, Respondent
from app.domain.self_rating import RatedGroup, SelfRating, compare_self_rating
from tests.coached import MODEL
from tests.enterprises import AS_OF
from tests.releases import release, with_question

SHARED = MODEL.forms["self-check"].questions


def checked(levels: dict[str, int], form: str, model: MaturityModel = MODEL) -> Diagnosis:
    """Return the diagnosis of choices answered with system data by the head."""
    answers = {name: Answer(level, "E3") for name, level in levels.items()}
    role = "private-domain-head" if form == "self-check" else "ceo"
    people = tuple(
        Respondent(name, "1", answers)
        for name in ({role} | ({"private-domain-head", "operations"} if form == "full" else set()))
    )
    return diagnose(model, Assessment(form, ClientProfile("客户"), respondents=people), AS_OF)


def rating(
    claimed: dict[str, int], found: dict[str, int], model: MaturityModel = MODEL
) -> SelfRating:
    made = compare_self_rating(checked(claimed, "self-check"), checked(found, "full", model))
    assert made is not None
    return made


def all_at(level: int) -> dict[str, int]:
    return dict.fromkeys(SHARED, level)


def group(made: SelfRating, name: str) -> RatedGroup:
    return next(one for one in made.dimensions if one.id == name)


def test_a_self_rating_half_a_level_too_high_is_a_finding() -> None:
    made = rating(all_at(4), all_at(2))
    assert made.overall.gap == 2
    assert made.overall.bias == "higher"
    assert made.is_finding
    assert rating(all_at(2), all_at(4)).overall.bias == "lower"
    assert not rating(all_at(3), all_at(3)).is_finding


def test_a_small_difference_is_none() -> None:
    claimed = all_at(2) | {SHARED[0]: 3, SHARED[5]: 3}
    made = rating(claimed, all_at(2))
    assert made.overall.gap > 0
    assert made.overall.bias == "alike"
    assert not made.is_finding


def test_only_questions_both_answered_are_compared() -> None:
    found = all_at(2) | {"user-understanding": 5}
    claimed = dict.fromkeys(SHARED[:4], 2)
    made = rating(claimed, found)
    assert made.overall.n <= 4
    assert made.overall.gap == 0
    assert {one.question for one in made.questions} <= set(SHARED[:4])
    assert compare_self_rating(checked({}, "self-check"), checked(found, "full")) is None


def test_one_dimension_may_be_overrated_while_the_whole_is_not() -> None:
    method = [name for name in SHARED if MODEL.dimension_of[_area(name)].id == "method"]
    claimed = all_at(2) | dict.fromkeys(method, 4)
    made = rating(claimed, all_at(2) | {name: 3 for name in SHARED if name not in method})
    assert group(made, "method").bias == "higher"
    assert group(made, "method").gap == 2
    assert group(made, "process").bias == "lower"
    assert made.overall.bias == "alike"
    assert made.is_finding


def _area(question: str) -> str:
    area = MODEL.questions[question].area
    assert area is not None
    return area


def test_a_dimension_of_one_question_is_told_and_no_finding() -> None:
    sizes = {one.id: one.n for one in rating(all_at(5), all_at(1)).dimensions}
    lonely = next(name for name, n in sizes.items() if n == 1)
    made = rating(all_at(5), all_at(1))
    assert group(made, lonely).gap == 4
    assert group(made, lonely).bias == "alike"


def test_the_threshold_is_the_model_s() -> None:
    def patient(content: ModelContent) -> ModelContent:
        bands = SelfRatingBands(overall=Decimal(3), dimension=Decimal(3))
        return replace(content, coaching=CoachingModel(self_rating=bands))

    assert not rating(all_at(4), all_at(2), release(MODEL, patient)).is_finding


def test_a_question_asked_in_other_words_is_marked() -> None:
    after = release(MODEL, with_question(SHARED[0], lambda q: replace(q, text="换了说法")))
    made = rating(all_at(4), all_at(2), after)
    marked = {one.question for one in made.questions if not one.same_words}
    assert marked == {SHARED[0]}


def test_the_largest_difference_comes_first() -> None:
    made = rating(all_at(2) | {SHARED[7]: 5}, all_at(2))
    assert made.questions[0].question == SHARED[7]
