"""Words of the trade beside a question: found where they stand, the longer before the shorter."""

from app.web.respond.terms import MOST, Terms

CHINESE = Terms({"复购": "再次购买", "复购率": "再买的人占多少", "SOP": "写成一页的做法"})
ENGLISH = Terms({"Touchpoint": "where users see us", "SOP": "a way of working on one page"})


def words(terms: Terms, *texts: str) -> list[str]:
    return [term.word for term in terms.within(*texts)]


def test_the_longer_of_two_words_is_meant() -> None:
    assert words(CHINESE, "复购率怎么算？") == ["复购率"]
    assert words(CHINESE, "复购率和复购") == ["复购率", "复购"]


def test_a_word_is_explained_once_in_the_order_it_is_met() -> None:
    assert words(CHINESE, "SOP有没有？", "按SOP做", "复购") == ["SOP", "复购"]


def test_other_words_are_found_whole_in_any_case_and_number() -> None:
    assert words(ENGLISH, "Which touchpoints are there?") == ["Touchpoint"]
    assert words(ENGLISH, "Aesop reads a sop-like SOPs") == ["SOP"]


def test_nobody_reads_more_than_a_few() -> None:
    many = Terms({f"word{number}": "…" for number in range(9)})
    assert len(many.within(" ".join(f"word{number}" for number in range(9)))) == MOST


def test_a_model_without_a_glossary_explains_nothing() -> None:
    assert Terms({}).within("私域") == ()
