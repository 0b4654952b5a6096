"""Laws of the expression language, checked on generated expressions.

The generated trees are evaluated by a second, deliberately naive evaluator written here: truth as
the order false < unknown < true, where ``and`` is the minimum and ``or`` the maximum.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.expression import (
    UNKNOWN,
    Expression,
    ExpressionError,
    Kind,
    Reference,
    Value,
    parse,
)

FLAGS = ("A", "B", "C", "D")
NUMBERS = ("a", "b", "c", "d")
RANKS: Mapping[object, int] = {False: 0, UNKNOWN: 1, True: 2}
TRUTHS: tuple[Value, ...] = (False, UNKNOWN, True)

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Tree = tuple[Any, ...]
Answers = dict[str, Value]


class Model:
    """Capital names are flags, others numbers."""

    def kind_of(self, reference: Reference) -> Kind | None:
        word = reference.arguments[0]
        if word in FLAGS:
            return Kind.FLAG
        return Kind.NUMBER if word in NUMBERS else None

    def suggestions(self, reference: Reference) -> Sequence[str]:
        return ()


class Given:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def resolve(self, reference: Reference) -> Value:
        return self._answers[reference.arguments[0]]


# --- generated trees ------------------------------------------------------------------------

decimals = st.builds(lambda whole, part: f"{whole}.{part}", st.integers(0, 3), st.integers(0, 9))
numeric: st.SearchStrategy[Tree] = st.recursive(
    st.tuples(st.just("name"), st.sampled_from(NUMBERS))
    | st.tuples(st.just("literal"), decimals | st.integers(0, 4).map(str)),
    lambda inner: (
        st.tuples(st.sampled_from("+-*/"), inner, inner)
        | st.tuples(st.just("negate"), inner)
        | st.tuples(st.sampled_from(("min", "max", "mean")), inner, inner, inner)
        | st.tuples(st.just("clamp"), inner, inner, inner)
        | st.tuples(st.sampled_from(("floor", "ceil")), inner)
    ),
    max_leaves=3,
)
comparisons = st.tuples(st.sampled_from(tuple(COMPARE)), numeric, numeric)
chains = st.tuples(
    st.just("chain"), st.sampled_from(("<", "<=")), numeric, st.sampled_from(("<", "<=")), numeric,
    numeric,
)  # fmt: skip
flags = st.tuples(st.just("name"), st.sampled_from(FLAGS))


def logical(leaves: st.SearchStrategy[Tree], size: int) -> st.SearchStrategy[Tree]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.tuples(st.sampled_from(("and", "or")), inner, inner)
            | st.tuples(st.sampled_from(("and", "or")), inner, inner, inner)
            | st.tuples(st.just("not"), inner)
            | st.tuples(st.just("if"), inner, inner, inner)
        ),
        max_leaves=size,
    )


conditions = logical(comparisons | chains | flags, 4)
flag_trees = logical(flags | st.just(("truth", "true")), 8)

truths = st.sampled_from(TRUTHS)
quantities = st.just(UNKNOWN) | st.fractions(-4, 4, max_denominator=4)
assessments: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    dict.fromkeys(FLAGS, truths) | dict.fromkeys(NUMBERS, quantities)
)


def written(tree: Tree) -> str:
    """The source text of a tree."""
    head, *rest = tree
    match head:
        case "name" | "literal" | "truth":
            return str(rest[0])
        case "negate":
            return f"-({written(rest[0])})"
        case "not":
            return f"not ({written(rest[0])})"
        case "if":
            then, condition, otherwise = (f"({written(part)})" for part in rest)
            return f"{then} if {condition} else {otherwise}"
        case "chain":
            first, low, second, x, third = rest
            return f"({written(x)}) {first} ({written(low)}) {second} ({written(third)})"
        case "min" | "max" | "mean" | "clamp" | "floor" | "ceil":
            return f"{head}({', '.join(written(part) for part in rest)})"
        case _:
            return f" {head} ".join(f"({written(part)})" for part in rest)


def number(tree: Tree, answers: Answers) -> Any:
    """The value of a numeric tree, naively."""
    head, *rest = tree
    if head == "name":
        return answers[rest[0]]
    if head == "literal":
        return Fraction(rest[0])
    parts = [number(part, answers) for part in rest]
    if UNKNOWN in parts or (head == "/" and parts[1] == 0):
        return UNKNOWN
    naive: Mapping[str, Callable[..., Any]] = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "/": lambda x, y: x / y,
        "negate": lambda x: -x,
        "min": min,
        "max": max,
        "mean": lambda *xs: sum(xs) / Fraction(len(xs)),
        "clamp": lambda x, low, high: max(min(x, high), low),
        "floor": lambda x: Fraction(x.numerator // x.denominator),
        "ceil": lambda x: Fraction(-(-x.numerator // x.denominator)),
    }
    return naive[head](*parts)


def truth(tree: Tree, answers: Answers) -> Value:
    """The value of a condition, naively."""
    head, *rest = tree
    if head == "name":
        return answers[str(rest[0])]
    if head == "truth":
        return True
    if head in COMPARE:
        left, right = (number(part, answers) for part in rest)
        return UNKNOWN if UNKNOWN in (left, right) else COMPARE[head](left, right)
    if head == "chain":
        first, low, second, x, third = rest
        return truth(("and", (first, x, low), (second, low, third)), answers)
    parts = [truth(part, answers) for part in rest]
    if head == "if":
        then, condition, otherwise = parts
        return UNKNOWN if condition is UNKNOWN else (then if condition else otherwise)
    ranks = [RANKS[part] for part in parts]
    if head == "not":
        return TRUTHS[2 - ranks[0]]
    return TRUTHS[min(ranks) if head == "and" else max(ranks)]


def read(tree: Tree) -> Expression | None:
    """The parsed tree, or None when it is larger than the language allows."""
    try:
        return parse(written(tree), Model())
    except ExpressionError as error:
        if any(limit in str(error) for limit in ("deep", "characters", "parts")):
            return None
        raise


# --- laws -----------------------------------------------------------------------------------


@settings(deadline=None)
@given(conditions, assessments)
def test_conditions_agree_with_a_naive_evaluator(tree: Tree, answers: Answers) -> None:
    if (condition := read(tree)) is not None:
        assert condition.evaluate(Given(answers)) is truth(tree, answers)


@settings(deadline=None)
@given(numeric, assessments)
def test_formulas_agree_with_a_naive_evaluator(tree: Tree, answers: Answers) -> None:
    if (formula := read(tree)) is not None:
        result = formula.evaluate(Given(answers))
        assert result == number(tree, answers)
        assert result is UNKNOWN or isinstance(result, Fraction)


@settings(deadline=None)
@given(conditions | numeric, assessments)
def test_a_trace_comes_to_the_same_result(tree: Tree, answers: Answers) -> None:
    if (expression := read(tree)) is not None:
        trace = expression.trace(Given(answers))
        result = expression.evaluate(Given(answers))
        assert type(trace.result) is type(result)
        assert trace.result == result
        assert tuple(atom.shape for atom in trace.atoms()) == expression.atoms


@settings(deadline=None)
@given(conditions, assessments, assessments)
def test_an_answer_never_contradicts_what_was_decided_without_it(
    tree: Tree, answers: Answers, more: Answers
) -> None:
    if (condition := read(tree)) is not None:
        before = condition.evaluate(Given(answers))
        filled = {key: more[key] if old is UNKNOWN else old for key, old in answers.items()}
        assert before is UNKNOWN or condition.evaluate(Given(filled)) is before


@settings(deadline=None)
@given(conditions, assessments, assessments)
def test_answers_that_are_not_missing_cannot_decide_an_undecided_condition(
    tree: Tree, answers: Answers, more: Answers
) -> None:
    if (condition := read(tree)) is not None:
        trace = condition.trace(Given(answers))
        missing = {reference.arguments[0] for reference in trace.missing()}
        assert all(answers[word] is UNKNOWN for word in missing)
        filled = {key: old if key in missing else more[key] for key, old in answers.items()}
        filled = {key: filled[key] if old is UNKNOWN else old for key, old in answers.items()}
        if trace.result is UNKNOWN:
            assert condition.evaluate(Given(filled)) is UNKNOWN


@settings(deadline=None)
@given(flag_trees, assessments, assessments)
def test_the_decisive_atoms_alone_hold_the_result(
    tree: Tree, answers: Answers, other: Answers
) -> None:
    if (condition := read(tree)) is not None:
        trace = condition.trace(Given(answers))
        kept = {atom.source for atom in trace.decisive()}
        changed = {key: old if key in kept else other[key] for key, old in answers.items()}
        if trace.result is not UNKNOWN:
            assert condition.evaluate(Given(changed)) is trace.result


@settings(deadline=None)
@given(flag_trees, assessments)
def test_flips_turn_the_result_and_nothing_smaller_does(tree: Tree, answers: Answers) -> None:
    if (condition := read(tree)) is None:
        return
    trace = condition.trace(Given(answers))
    flips = trace.flips()
    if trace.result is UNKNOWN:
        assert flips == ()
        return
    target = not trace.result
    changed = answers | {flip.atom.source: flip.becomes for flip in flips}
    assert not flips or condition.evaluate(Given(changed)) is target
    largest = len(flips) - 1 if flips else len(FLAGS)
    for size in range(largest + 1):
        for names in combinations(FLAGS, size):
            for becomes in product((True, False), repeat=size):
                tried = answers | dict(zip(names, becomes, strict=True))
                assert condition.evaluate(Given(tried)) is not target


@pytest.mark.parametrize(("x", "y"), list(product(TRUTHS, repeat=2)))
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("not (A and B)", "not A or not B"),
        ("not (A or B)", "not A and not B"),
        ("A and B", "B and A"),
        ("A or B", "B or A"),
        ("A and (A or B)", "A"),
        ("A or A and B", "A"),
        ("not not A", "A"),
        ("A and (B or A)", "A and B or A and A"),
    ],
)
def test_kleene_laws_hold_for_all_truth_values(left: str, right: str, x: Value, y: Value) -> None:
    given_truths = Given({"A": x, "B": y})
    one, other = (parse(source, Model()).evaluate(given_truths) for source in (left, right))
    assert one is other


# --- junk -----------------------------------------------------------------------------------

WORDS = (
    "a A b B 1 0.5 007 1e9 'x' \"y\" true False and or not if else in is None lambda yield await "
    "( ) , + - * / ** // == != < <= > >= = : . [ ] { } @ ! ~ ; \\ # _ min( max( mean( clamp( "
    "floor( ceil( known( level( has( print( f' ' \" \n \t \x00 \ud800 ＞ １ “ 。 新 é ﬁ"
)
pieces = st.sampled_from(WORDS.split(" "))
soup = st.lists(pieces, max_size=25).map(" ".join) | st.lists(pieces, max_size=25).map("".join)


@settings(deadline=None, max_examples=500)
@given(st.text(max_size=60) | soup)
def test_junk_is_refused_with_a_place_and_nothing_else_happens(source: str) -> None:
    unanswered = Given(dict.fromkeys((*FLAGS, *NUMBERS), UNKNOWN))
    refusal: ExpressionError | None = None
    try:
        expression = parse(source, Model())
        expression.evaluate(unanswered)
        expression.trace(unanswered)
    except ExpressionError as error:
        refusal = error
    if refusal is not None:
        assert 0 <= refusal.offset <= len(source)
        assert str(refusal)
