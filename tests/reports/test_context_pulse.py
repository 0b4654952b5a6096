"""The pulse report: means, distribution and recommendation of enough customers, and their words."""

import pytest

from app.domain.model import MaturityModel
from app.reporting.context import pulse
from app.reporting.context.source import Source
from tests.reports.diagnosed import pulse_of, source_of

TEN = [
    {
        "knows-purpose": 4,
        "content-helps": 1 if n < 5 else 3,
        "frequency-right": "too-much" if n < 6 else "right",
        "would-recommend": 10 if n < 2 else 3,
        "stop-one-thing": "别再发券" if n % 2 else "少发拼团",
    }
    for n in range(10)
]


@pytest.fixture
def ten(private_domain: MaturityModel) -> Source:
    return source_of(private_domain, pulse_of(*TEN))


def test_the_headline_gives_recommendation_and_the_lowest_item(ten: Source) -> None:
    assert pulse.build(ten).result.headline == "10名客户：NPS −60，最低的是内容价值（2.0）"


def test_the_distribution_of_an_item_adds_up(ten: Source) -> None:
    row = next(row for row in pulse.build(ten).result.items if row.code == "CP-2")
    assert (row.mean, row.shares) == ("2.0", ("50%", "0%", "50%", "0%", "0%"))
    assert row.lowest


def test_what_most_say_about_frequency_is_named(ten: Source) -> None:
    spread = next(s for s in pulse.build(ten).result.spreads if s.title.startswith("CP-3"))
    assert spread.says == "10人答，说得最多的是「太多了」，占60%。"


def test_what_to_stop_is_counted_and_unattributed(ten: Source) -> None:
    (texts,) = pulse.build(ten).result.texts
    assert texts.texts == (("别再发券", "5人"), ("少发拼团", "5人"))


def test_the_next_move_belongs_to_the_level_customers_give(ten: Source) -> None:
    remedy = pulse.build(ten).result.remedies[0]
    area = ten.model.areas["content-value"]
    assert (remedy.area, remedy.move) == ("A1 内容价值", area.moves[1])


def test_fewer_than_the_minimum_are_called_a_hint(ten: Source) -> None:
    assert "不满30名" in pulse.build(ten).result.lead


def test_enough_customers_may_be_compared(private_domain: MaturityModel) -> None:
    source = source_of(private_domain, pulse_of(*TEN, *TEN, *TEN))
    assert "够与团队自评对照" in pulse.build(source).result.lead


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_answers_of_one_or_two_customers_are_not_printed(
    private_domain: MaturityModel, count: int
) -> None:
    result = pulse.build(source_of(private_domain, pulse_of(*TEN[:count]))).result
    assert [result.items, result.spreads, result.texts, result.figures] == [(), (), (), ()]


def test_an_item_that_too_few_answered_is_left_out(private_domain: MaturityModel) -> None:
    rare = [{**given, "answers-in-time": 5} if n < 2 else given for n, given in enumerate(TEN)]
    result = pulse.build(source_of(private_domain, pulse_of(*rare))).result
    assert "CP-4" not in [row.code for row in result.items]
