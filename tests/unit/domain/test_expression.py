"""The language of conditions and formulas: what authors may write and what they are told."""

from __future__ import annotations

import copy
import difflib
import pickle
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from app.domain.expression import (
    MAX_NODES,
    UNKNOWN,
    Expression,
    ExpressionError,
    Kind,
    Reference,
    Unknown,
    Value,
    parse,
)


def name(word: str) -> Reference:
    return Reference("name", (word,))


REPLICATION = Reference("level", ("replication",))
STRATEGY = Reference("level", ("strategy",))
GROWTH_LOOP = Reference("has", ("loops", "growth"))
SOP_SHARE = Reference("share", ("sops_in_use", "welcome", "moments"))

KINDS: Mapping[Reference, Kind] = {
    name("stores"): Kind.NUMBER,
    name("users"): Kind.NUMBER,
    name("load_ratio"): Kind.NUMBER,
    name("F05"): Kind.NUMBER,
    name("mixed_groups"): Kind.FLAG,
    name("has_pilot"): Kind.FLAG,
    name("trend"): Kind.TEXT,
    name("city_tier"): Kind.TEXT,
    REPLICATION: Kind.NUMBER,
    STRATEGY: Kind.NUMBER,
    Reference("gap", ("strategy_shared",)): Kind.NUMBER,
    Reference("count", ("loops",)): Kind.NUMBER,
    GROWTH_LOOP: Kind.FLAG,
    SOP_SHARE: Kind.NUMBER,
    Reference("confidence", ("replication",)): Kind.TEXT,
}


class Model:
    """A vocabulary over the names above."""

    def kind_of(self, reference: Reference) -> Kind | None:
        return KINDS.get(reference)

    def suggestions(self, reference: Reference) -> Sequence[str]:
        spellings = [str(known) for known in KINDS]
        return difflib.get_close_matches(str(reference), spellings, n=2)


class Answers:
    """The answers of one assessment; what is not given is unanswered."""

    def __init__(self, answers: Mapping[Reference, Value | int]) -> None:
        self._answers = answers

    def resolve(self, reference: Reference) -> Value | int:
        return self._answers.get(reference, UNKNOWN)


def read(source: str, expects: Kind | None = None) -> Expression:
    return parse(source, Model(), expects=expects)


def value(source: str, **named: Value | int) -> Value:
    return read(source).evaluate(answers(**named))


def answers(
    more: Mapping[Reference, Value | int] | None = None, /, **named: Value | int
) -> Answers:
    return Answers({name(word): given for word, given in named.items()} | dict(more or {}))


def error(source: str, expects: Kind | None = None) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        read(source, expects)
    return caught.value


# --- values ---------------------------------------------------------------------------------


def test_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_unknown_stays_one_thing_through_copies_and_pickles() -> None:
    assert Unknown("unknown") is UNKNOWN
    assert copy.deepcopy(UNKNOWN) is UNKNOWN
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN
    assert repr(UNKNOWN) == "UNKNOWN"


def test_decimal_literals_are_exact() -> None:
    assert value("0.1 + 0.2 == 0.3") is True
    assert value("0.45") == Fraction(45, 100)
    assert value("-1.50") == Fraction(-3, 2)


def test_whole_number_answers_never_turn_into_floats() -> None:
    result = value("stores / 3", stores=10)
    assert result == Fraction(10, 3)
    assert isinstance(value("stores", stores=10), Fraction)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("stores * 2 - 1", 9),
        ("-stores + 7", 2),
        ("(stores + 1) / 4", Fraction(3, 2)),
        ("min(stores, 3, 4)", 3),
        ("max(stores, 3)", 5),
        ("mean(stores, 2, 3)", Fraction(10, 3)),
        ("clamp(4000 * 0.1, 800, 8000)", 800),
        ("clamp(9000, 800, 8000)", 8000),
        ("clamp(1530, 800, 8000)", 1530),
        ("floor(-2.5)", -3),
        ("ceil(29.4 - 0.10)", 30),
        ("ceil(9 - 0.10)", 9),
        ("30 if stores > 3 else 40", 30),
        ("30 if stores > 5 else 40", 40),
    ],
)
def test_formulas_compute_exactly(source: str, expected: Fraction | int) -> None:
    assert value(source, stores=5) == expected


def test_conditions_read_like_the_handbook() -> None:
    rule = read("stores >= 10 and level(replication) <= 2", Kind.FLAG)
    assert rule.evaluate(answers({REPLICATION: 1}, stores=300)) is True
    assert rule.evaluate(answers({REPLICATION: 1}, stores=3)) is False
    assert rule.evaluate(answers({REPLICATION: 4}, stores=300)) is False
    assert rule.evaluate(answers(stores=300)) is UNKNOWN
    assert rule.evaluate(answers({REPLICATION: 4})) is False


@pytest.mark.parametrize(
    ("load", "expected"),
    [("0.69", False), ("0.7", True), ("1", True), ("1.2", True), ("1.21", False)],
)
def test_a_chained_comparison_includes_its_bounds(load: str, expected: bool) -> None:
    assert value("0.7 <= load_ratio <= 1.2", load_ratio=Fraction(load)) is expected


def test_texts_and_flags_compare_for_equality() -> None:
    assert value("trend == 'down'", trend="down") is True
    assert value('city_tier != "一线"', city_tier="新一线") is True
    assert value("mixed_groups == true", mixed_groups=False) is False
    assert value("mixed_groups != False", mixed_groups=True) is True


def test_a_condition_may_span_lines_as_yaml_folds_them() -> None:
    assert value("  stores >= 10\n  and\tmixed_groups\n", stores=10, mixed_groups=True) is True


# --- unknown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "users + 1",
        "-users",
        "users * 0",
        "users == users",
        "not (users > 1)",
        "min(1, users)",
        "max(1, users)",
        "mean(1, users)",
        "clamp(1, 0, users)",
        "1 < stores < users",
        "1 if users > 1 else 1",
    ],
)
def test_what_cannot_do_without_an_unanswered_input_is_unknown(source: str) -> None:
    assert value(source, stores=5) is UNKNOWN


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("users > 1 and stores > 9", False),
        ("stores > 9 and users > 1", False),
        ("users > 1 or stores < 9", True),
        ("stores < 9 or users > 1", True),
        ("users < stores < 3", False),
        ("1 if stores < 9 else users", 1),
    ],
)
def test_what_can_do_without_it_is_decided(source: str, expected: Value) -> None:
    assert value(source, stores=5) == expected


def test_division_by_zero_is_unknown_and_asks_for_nothing() -> None:
    ratio = read("users / stores >= 2")
    assert ratio.evaluate(answers(users=10, stores=0)) is UNKNOWN
    assert ratio.trace(answers(users=10, stores=0)).missing() == ()
    assert value("1 / 0 > 3 and stores > 9", stores=5) is False


def test_known_asks_whether_an_input_is_there_and_is_always_decided() -> None:
    assert value("known(users)") is False
    assert value("known(users)", users=0) is True
    assert value("not known(users) or users < 3") is True
    assert value("known(users / stores)", users=1, stores=0) is False
    assert value("known(trend) and known(mixed_groups)", trend="", mixed_groups=False) is True


# --- what an expression tells about itself --------------------------------------------------


def test_references_are_listed_once_in_order_of_appearance() -> None:
    source = "users > 3 and (level(replication) < stores or has(loops, growth)) and users < 9"
    assert read(source).references == (name("users"), REPLICATION, name("stores"), GROWTH_LOOP)
    assert read("users if stores > 1 else F05").references == (
        name("users"),
        name("stores"),
        name("F05"),
    )
    assert [str(reference) for reference in read(source).references] == [
        "users",
        "level(replication)",
        "stores",
        "has(loops, growth)",
    ]


def test_the_kind_follows_from_the_source() -> None:
    assert read("share(sops_in_use, welcome, moments)").kind is Kind.NUMBER
    assert read("confidence(replication) == 'low'").kind is Kind.FLAG
    assert read("'a' if mixed_groups else trend").kind is Kind.TEXT


def test_an_expression_survives_pickling_and_equals_itself_respaced() -> None:
    rule = read("stores>=10 and not mixed_groups")
    again = pickle.loads(pickle.dumps(rule))
    assert again == rule
    assert hash(again) == hash(read("stores  >= 10 and (not mixed_groups)"))
    assert again.evaluate(answers(stores=10, mixed_groups=False)) is True
    assert rule != read("stores >= 11 and not mixed_groups")


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "offset", "message"),
    [
        ("", 0, "empty"),
        ("  \n", 0, "empty"),
        ("stores = 10", 7, "'=='"),
        ("stores ≥ 10", 7, "'>='"),
        ("stores ＞ 10", 7, "write '>'"),
        ("stores > １0", 9, "write '1'"),
        ("min（stores，2）", 3, "full-width"),
        ("trend == “down”", 9, "straight quotes"),
        ("trend == 'down", 9, "not closed"),
        ("trend == 'do\\x41'", 9, "not closed"),
        ("trend == f'down'", 9, "no prefix"),
        ("trend == 'do' 'wn'", 14, "two texts"),
        ("trend == 'a\u200bb'", 9, "printable"),
        ("stores ** 2 > 1", 7, "'**'"),
        ("stores // 2 > 1", 7, "'//'"),
        ("stores % 2 > 1", 7, "'%'"),
        ("stores & 2", 7, "'and'"),
        ("stores.real > 1", 6, "'.'"),
        ("stores[0] > 1", 6, "'['"),
        ("lambda: 1", 0, "'lambda'"),
        ("[s for s in stores]", 0, "'['"),
        ("(s for s in stores)", 3, "'for'"),
        ("stores is 3", 7, "'is'"),
        ("stores in (1, 2)", 7, "'in'"),
        ("None", 0, "'None'"),
        ("(x := 3)", 3, "':'"),
        ("1_000 > stores", 0, "'1_000' is not a number"),
        ("1e9 > stores", 0, "'1e9' is not a number"),
        ("0x1F > stores", 0, "'0x1F' is not a number"),
        ("007 > stores", 0, "write 7"),
        ("stores > 1 # many", 11, "'#'"),
        ("(stores > 1", 0, "never closed"),
        ("stores > 1)", 10, "closes nothing"),
        ("stores >", 8, "breaks off after '>'"),
        ("stores 10", 7, "operator is missing between 'stores' and '10'"),
        ("min(stores users)", 11, "operator is missing"),
        ("(stores) users", 9, "operator is missing"),
        ("1 if mixed_groups", 2, "no 'else'"),
        ("stores > > 1", 9, "'>' cannot stand here"),
        ("and mixed_groups", 0, "'and' cannot stand here"),
        ("min(stores,,1)", 11, "',' cannot stand here"),
        ("+stores", 0, "'+stores' is not allowed"),
        ("stores, users", 0, "lists are not allowed"),
        ("min(*stores)", 4, "'*stores' is not allowed"),
        ("print(stores)", 0, "unknown function 'print'"),
        ("levle(replication) > 2", 0, "did you mean level"),
        ("stores(3) > 2", 0, "unknown function 'stores'"),
        ("level(replication)(3)", 0, "only declared functions"),
        ("level > 2", 0, "write level(...)"),
        ("level() > 2", 0, "takes 1 argument, not 0"),
        ("has(loops)", 0, "takes 2 arguments, not 1"),
        ("clamp(stores, 1)", 0, "takes 3 arguments, not 2"),
        ("level(3) > 2", 6, "not '3'"),
        ("level('replication') > 2", 6, "takes ids"),
        ("has(loops, true)", 11, "takes ids"),
        ("store >= 10", 0, "did you mean stores"),
        ("stores > 1 and level(replicaton) > 2", 15, "did you mean level(replication)"),
        ("has-pilot", 0, "hyphens are written as underscores"),
        ("stores and mixed_groups", 0, "'and' needs a condition (true or false), but 'stores'"),
        ("not stores", 4, "'not' needs a condition"),
        ("mixed_groups + 1", 0, "'+' needs a number"),
        ("trend + 'x'", 0, "'+' needs a number"),
        ("-trend", 1, "'-' needs a number"),
        ("max(stores, trend)", 12, "max(...) needs a number"),
        ("stores == 'ten'", 10, "two of the same kind"),
        ("mixed_groups == 1", 16, "two of the same kind"),
        ("trend < 'x'", 0, "orders numbers only"),
        ("false < mixed_groups", 0, "orders numbers only"),
        ("1 if stores else 2", 5, "'if' needs a condition"),
        ("1 if mixed_groups else 'x'", 23, "'else' needs a number"),
        ("trend == '新客' and store > 1", 18, "unknown name 'store'"),
        ("\n  store > 1", 3, "unknown name 'store'"),
    ],
)
def test_everything_else_is_refused_with_its_place(source: str, offset: int, message: str) -> None:
    refusal = error(source)
    assert message in str(refusal)
    assert refusal.offset == offset


def test_a_formula_where_a_condition_is_expected_is_refused() -> None:
    refusal = error(" stores + 1", Kind.FLAG)
    assert (
        str(refusal) == "a condition (true or false) is expected here, but 'stores + 1' is a number"
    )
    assert refusal.offset == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("stores > 1" + " " * 1000, "1000 are allowed"),
        ("not " * 31 + "mixed_groups", "30 levels deep"),
        ("-" * 900 + "1", "deep"),
        ("(" * 450 + "1" + ")" * 450, "30 levels deep"),
        ("+".join(["1"] * 32), "30 levels deep"),
        (" or ".join(["mixed_groups"] * 40 + ["not has_pilot"] * 20), None),
        ("max(" + ",".join(["1"] * 30) + ")", None),
        ("max(" + ",".join(["1"] * 31) + ")", "1 to 30 arguments"),
    ],
)
def test_size_has_limits(source: str, message: str | None) -> None:
    if message is None:
        assert read(source).source == source
    else:
        assert message in str(error(source))


def test_more_parts_than_allowed_are_refused() -> None:
    fits = " or ".join(["F05>1"] * 66)  # 66 comparisons of 3 parts, and the `or`
    assert 66 * 3 + 1 <= MAX_NODES
    assert read(fits).kind is Kind.FLAG
    assert f"more than {MAX_NODES} parts" in str(error(fits + " or F05>1"))


@pytest.mark.parametrize("wrong", [1.5, None, "ten", True, [3]])
def test_an_answer_of_another_kind_than_declared_is_an_error_with_a_place(wrong: object) -> None:
    rule = read("mixed_groups or stores >= 10")
    given = Answers({name("mixed_groups"): False, name("stores"): wrong})  # type: ignore[dict-item]  # wrong on purpose
    for run in (rule.evaluate, rule.trace):
        with pytest.raises(ExpressionError, match="'stores' should be a number") as caught:
            run(given)
        assert caught.value.offset == 16


def test_a_number_is_not_taken_for_a_flag() -> None:
    with pytest.raises(ExpressionError, match="should be a condition"):
        value("not mixed_groups", mixed_groups=1)
