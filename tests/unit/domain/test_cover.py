"""The cheapest cover against trying everything: shared prices, several needs, obligations."""

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.cover import Choice, Cover, Option, Picks, cheapest, meets, option, price_of

PACKAGES = 2
"""The first charges are packages: the choice of the same place must take what asks for it."""


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    """Return a small cover with one to three needs, shared charges and obligations."""
    needs = draw(st.integers(1, 3))
    charges = draw(st.lists(st.integers(0, 30), min_size=PACKAGES, max_size=5))
    places = st.integers(0, len(charges) - 1)

    def options(place: int) -> tuple[Option, ...]:
        found = draw(
            st.lists(
                st.tuples(
                    st.integers(0, 40),
                    st.tuples(*[st.integers(0, 6)] * needs),
                    st.sets(places, max_size=3),
                ),
                min_size=1,
                max_size=3,
            )
        )
        own = [option(price, gains, sorted(asked)) for price, gains, asked in found]
        if place < PACKAGES:
            own.append(option(0, (1,) * needs, [place]))
        return tuple(own)

    count = draw(st.integers(2, 5))
    choices = tuple(
        Choice(options(place), 1 << place if place < PACKAGES else 0) for place in range(count)
    )
    wanted = tuple(draw(st.integers(1, 14)) for _ in range(needs))
    return Cover(wanted, choices, tuple(charges))


def everything(cover: Cover) -> list[Picks]:
    """Return all picks that meet a cover."""
    ways = [(None, *range(len(choice.options))) for choice in cover.choices]
    return [picks for picks in product(*ways) if meets(cover, picks)]


@given(cover=covers())
@example(
    cover=Cover(
        needs=(3,),
        choices=(
            Choice((option(10, (3,), [1]),), 1),
            Choice((option(0, (1,), [1]), option(1, (3,), [])), 2),
        ),
        charges=(0, 20),
    )
)
def test_nothing_cheaper_meets_the_needs(cover: Cover) -> None:
    possible = everything(cover)
    found = cheapest(cover)
    if not possible:
        assert found is None
    else:
        assert found is not None
        assert meets(cover, found)
        assert price_of(cover, found) == min(price_of(cover, picks) for picks in possible)


@given(cover=covers(), odd=st.booleans())
def test_what_is_refused_is_passed_over_for_the_next_cheapest(cover: Cover, odd: bool) -> None:
    def accept(picks: Picks) -> bool:
        return (sum(pick is not None for pick in picks) % 2 == 1) is odd

    possible = [picks for picks in everything(cover) if accept(picks)]
    found = cheapest(cover, accept)
    if not possible:
        assert found is None
    else:
        assert found is not None
        assert accept(found)
        assert price_of(cover, found) == min(price_of(cover, picks) for picks in possible)


def test_a_price_that_two_share_is_paid_once() -> None:
    shared = tuple(Choice((option(1, (1,), [0]),)) for _ in range(2))
    alone = tuple(Choice((option(8, (1,), []),)) for _ in range(2))
    cover = Cover((2,), (*shared, *alone), (10,))
    assert cheapest(cover) == (0, 0, None, None)
    assert price_of(cover, (0, 0, None, None)) == 12


def test_where_nothing_meets_the_needs_there_is_no_answer() -> None:
    assert cheapest(Cover((5,), (Choice((option(1, (2,), []),)),), ())) is None
