"""What an evaluated expression tells about itself: atoms, what decided, what is missing, flips."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from app.domain.expression import (
    UNKNOWN,
    Atom,
    Expression,
    Flip,
    Kind,
    Reference,
    Trace,
    Value,
    parse,
)


class Model:
    """Capital names are flags, ``t_...`` are texts, all others numbers."""

    def kind_of(self, reference: Reference) -> Kind | None:
        word = reference.arguments[0]
        if reference.function == "has" or word.isupper():
            return Kind.FLAG
        return Kind.TEXT if word.startswith("t_") else Kind.NUMBER

    def suggestions(self, reference: Reference) -> Sequence[str]:
        return ()


class Answers:
    """Answers by the reference's spelling; what is not given is unanswered."""

    def __init__(self, given: dict[str, Value | int]) -> None:
        self._given = given

    def resolve(self, reference: Reference) -> Value | int:
        return self._given.get(str(reference), UNKNOWN)


def read(source: str) -> Expression:
    return parse(source, Model())


def trace(source: str, given: dict[str, Value | int] | None = None, **named: Value | int) -> Trace:
    return read(source).trace(Answers(named | (given or {})))


def sources(atoms: Sequence[Atom]) -> list[str]:
    return [atom.source for atom in atoms]


def changes(flips: Sequence[Flip]) -> list[tuple[str, bool]]:
    return [(flip.atom.source, flip.becomes) for flip in flips]


def test_an_atom_tells_both_sides_in_words_and_values() -> None:
    fired = trace("stores >= 10 and level(replication) <= 2", {"level(replication)": 1}, stores=300)
    assert fired.result is True
    assert fired.operator == "and"
    first, second = fired.atoms()
    assert (first.source, first.left, first.operator, first.right) == (
        "stores >= 10",
        "stores",
        ">=",
        "10",
    )
    assert (first.left_value, first.right_value, first.result) == (300, 10, True)
    assert isinstance(first.left_value, Fraction)
    assert second.references == (Reference("level", ("replication",)),)
    assert second.left_value == 1


def test_every_atom_is_traced_even_when_the_first_decides() -> None:
    stopped = trace("A and B or b > 1", A=False, B=True, b=0)
    assert [(atom.source, atom.result) for atom in stopped.atoms()] == [
        ("A", False),
        ("B", True),
        ("b > 1", False),
    ]


def test_a_flag_is_an_atom_without_a_right_side() -> None:
    (flag,) = trace("has(loops, growth)", {"has(loops, growth)": True}).atoms()
    assert (flag.left, flag.operator, flag.right) == ("has(loops, growth)", None, None)
    assert (flag.left_value, flag.right_value, flag.result) == (True, None, True)
    assert flag.threshold is None


def test_a_chained_comparison_gives_two_atoms() -> None:
    load = trace("0.7 <= load_ratio <= 1.2", load_ratio=Fraction("1.4"))
    assert [(atom.source, atom.result) for atom in load.atoms()] == [
        ("0.7 <= load_ratio", True),
        ("load_ratio <= 1.2", False),
    ]


def test_atoms_quote_the_source_even_among_chinese_texts_and_parentheses() -> None:
    tier = trace("not (t_tier == '一线' or (a + 1) * 2 < b)", t_tier="二线", a=1, b=3)
    assert sources(tier.atoms()) == ["t_tier == '一线'", "(a + 1) * 2 < b"]
    assert tier.atoms()[1].left == "(a + 1) * 2"
    assert [shape.offset for shape in read("A or\n b > 1").atoms] == [0, 6]


def test_an_atom_written_twice_is_listed_once() -> None:
    twice = trace("a > 1 and (b > 1 or a>1)", a=2, b=2)
    assert sources(twice.atoms()) == ["a > 1", "b > 1"]


def test_the_atoms_are_known_before_any_answer() -> None:
    shapes = read("a > 1 and not B").atoms
    assert [(shape.source, shape.number) for shape in shapes] == [("a > 1", 0), ("B", 1)]
    assert read("a + 1").atoms == ()


@pytest.mark.parametrize(
    ("source", "side", "moving", "operator", "limit"),
    [
        ("stores >= 10", "left", "stores", ">=", 10),
        ("10 <= stores", "right", "stores", ">=", 10),
        ("2 * 5 > a + b", "right", "a + b", "<", 10),
        ("a == -1", "left", "a", "==", -1),
        ("t_trend != 'down'", "left", "t_trend", "!=", "down"),
    ],
)
def test_a_threshold_tells_the_moving_side_and_the_constant(
    source: str, side: str, moving: str, operator: str, limit: Value
) -> None:
    threshold = read(source).atoms[0].threshold
    assert threshold is not None
    assert (threshold.side, threshold.moving) == (side, moving)
    assert (threshold.operator, threshold.limit) == (operator, limit)


def test_two_moving_sides_have_no_threshold() -> None:
    assert read("a > b").atoms[0].threshold is None
    assert read("1 > 2").atoms[0].threshold is None


@pytest.mark.parametrize(
    ("source", "decisive"),
    [
        ("T1 and T2", ["T1", "T2"]),
        ("T1 and F1 and F2", ["F1", "F2"]),
        ("T1 and F1 and U1", ["F1"]),
        ("T1 or F1 or T2 or U1", ["T1", "T2"]),
        ("F1 or F2", ["F1", "F2"]),
        ("not F1", ["F1"]),
        ("not (F1 or T1)", ["T1"]),
        ("T1 and U1 and U2", ["U1", "U2"]),
        ("U1 and (U2 or T1)", ["U1"]),
        ("F1 or U1 or U2 and F2", ["U1"]),
        ("T1 if T2 else F1", ["T1", "T2"]),
        ("T1 if F2 else F1", ["F2", "F1"]),
        ("T1 if U1 else F1", ["U1"]),
        ("U1 if T1 else U2", ["U1"]),
    ],
)
def test_the_decisive_atoms_carry_the_result(source: str, decisive: list[str]) -> None:
    given = trace(source, T1=True, T2=True, F1=False, F2=False)
    assert sources(given.decisive()) == decisive
    if given.result is UNKNOWN:
        assert [str(reference) for reference in given.missing()] == decisive
    else:
        assert given.missing() == ()


def test_an_undecided_rule_tells_what_it_waits_for_and_nothing_more() -> None:
    waiting = trace("a + b > c and (d > 1 or e > 1) and a > 0", a=1, e=5)
    assert waiting.result is UNKNOWN
    assert [str(reference) for reference in waiting.missing()] == ["b", "c"]


def test_inside_a_comparison_only_the_chosen_branch_is_waited_for() -> None:
    chosen = trace("(b if a > 1 else c) > 2", a=5)
    assert [str(reference) for reference in chosen.missing()] == ["b"]
    waiting = trace("(b if a > 1 else c) > 2")
    assert [str(reference) for reference in waiting.missing()] == ["a"]
    with_known = trace("(A and B) == C and known(d) == E", A=False, E=True, d=1)
    assert [str(reference) for reference in with_known.missing()] == ["C"]


def test_a_formula_has_a_value_and_tells_what_it_lacks() -> None:
    staff = trace("ceil(users / 4000) if stores < 3 else x", stores=2, users=36_000)
    assert (staff.operator, staff.result) == ("if", 9)
    assert sources(staff.atoms()) == ["stores < 3"]
    assert sources(staff.decisive()) == ["stores < 3"]
    assert staff.flips() == ()
    lacking = trace("ceil(users / capacity)", users=1)
    assert (lacking.operator, lacking.result, lacking.atoms()) == ("value", UNKNOWN, ())
    assert lacking.missing() == (Reference("name", ("capacity",)),)


@pytest.mark.parametrize(
    ("source", "flips"),
    [
        ("T1 and T2 and T3", [("T1", False)]),
        ("T1 or T2 or F1", [("T1", False), ("T2", False)]),
        ("T1 or U1", [("T1", False), ("U1", False)]),
        ("not F1", [("F1", True)]),
        ("not (F1 and F2 and T1)", [("F1", True), ("F2", True)]),
        ("(T1 or T2) and T3", [("T3", False)]),
        ("T1 and (T2 or T3)", [("T1", False)]),
        ("(T1 or T2) and (T3 or F1)", [("T3", False)]),
        ("T1 if T2 else F1", [("T1", False)]),
        ("(T1 or T3) if T2 else F1", [("T2", False)]),
        ("F1 and F2", [("F1", True), ("F2", True)]),
        ("F1 or F2", [("F1", True)]),
        ("F1 and U1", [("F1", True), ("U1", True)]),
        ("(T1 and T2) or (T1 and T3)", [("T1", False)]),
        ("(T2 and T1) or (T3 and T1)", [("T1", False)]),
        ("T1 or not T1", []),
        ("T1 and true", [("T1", False)]),
        ("true or T1", []),
        ("1 < 2", []),
        ("T1 and U1", []),
    ],
)
def test_flips_are_the_smallest_change_that_turns_the_result(
    source: str, flips: list[tuple[str, bool]]
) -> None:
    given = trace(source, T1=True, T2=True, T3=True, F1=False, F2=False)
    assert changes(given.flips()) == flips


def test_a_fired_rule_tells_the_threshold_that_would_turn_it() -> None:
    fired = trace("stores >= 10 and level(replication) <= 2", {"level(replication)": 1}, stores=300)
    (flip,) = fired.flips()
    assert flip.atom.source == "stores >= 10"
    assert flip.becomes is False
    assert flip.atom.threshold is not None
    assert flip.atom.threshold.limit == 10


def test_many_atoms_are_flipped_without_trying_every_combination() -> None:
    many = trace(" or ".join(f"a > {number}" for number in range(40)), a=100)
    assert len(many.flips()) == 40
    repeated = trace(" or ".join(f"a > {number}" for number in (*range(40), 7)), a=100)
    assert len(repeated.flips()) == 40
