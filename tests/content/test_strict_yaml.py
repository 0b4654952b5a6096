"""Strict YAML: what is read, what is refused and where, and how places are found."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.content.problems import ContentError
from app.content.strict_yaml import Entry, Positions, entry, locate, parse


def refused(data: bytes | str) -> list[str]:
    """Return the messages with which ``data`` is refused."""
    with pytest.raises(ContentError) as caught:
        parse(data.encode() if isinstance(data, str) else data, "a.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("300", 300),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("0.45", Decimal("0.45")),
        ("1.50", Decimal("1.50")),
        ("1e3", Decimal("1e3")),
        ("123456789012345678901", Decimal(123456789012345678901)),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_numbers_are_exact_and_only_true_false_null_have_a_meaning(
    written: str, meant: object
) -> None:
    value = parse(f"a: {written}".encode(), "a.yaml")["a"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "True", "NULL", "1_000", "12:30", "01", "0x10", "0b1", ".5", "5.",
        "1,000", "１２", "2026-12-01", "1.2.3", "-x", "+", ".inf", "nan", "=", "1e", "12a",
    ],
)  # fmt: skip
def test_whatever_else_is_written_stays_a_text(text: str) -> None:
    assert parse(f"a: {text}".encode(), "a.yaml") == {"a": text}


@pytest.mark.parametrize("quoted", ['"5"', "'true'", '"null"', '""', "|-\n  5"])
def test_a_quoted_scalar_is_a_text(quoted: str) -> None:
    assert isinstance(parse(f"a: {quoted}".encode(), "a.yaml")["a"], str)


def test_a_list_is_a_tuple_and_a_byte_order_mark_is_no_content() -> None:
    assert parse(b"\xef\xbb\xbfa: [1, [x]]\n", "a.yaml") == {"a": (1, ("x",))}


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ("", "a.yaml: ", "空"),
        ("  \n\t\n", "a.yaml: ", "空"),
        ("# 只有注释\n", "a.yaml: ", "没有内容"),
        ("a: &x 1\nb: *x\n", "a.yaml:1:4: ", "锚点"),
        ("a: *x\n", "a.yaml:1:4: ", "别名"),
        ("a: !!str 5\n", "a.yaml:1:4: ", "标签"),
        ("a: !!python/object/apply:os.system [ls]\n", "a.yaml:1:4: ", "标签"),
        ("b: {}\na:\n  <<: {c: 1}\n", "a.yaml:3:3: ", "合并键"),
        ("? [a]\n: 1\n", "a.yaml:1:3: ", "键必须是一个词"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: ", "一个YAML文档"),
        ("a:\n\t- b\n", "a.yaml:2:1: ", "Tab"),
        ("a: [1, 2\nb: 3\n", "a.yaml:2:2: ", "右方括号"),
        ("a: {b: 1\nc: 3\n", "a.yaml:2:2: ", "右花括号"),
        ('a: "没有结束\n', "a.yaml:2:1: ", "引号没有配对"),
        ("a: b: c\n", "a.yaml:1:5: ", "给整段文字加引号"),
        ("a: 1\nb\n", "a.yaml:3:1: ", "半角冒号"),
        ("a: 1\n   b: 2\n", "a.yaml:2:5: ", "缩进"),
        ('a: "\\q"\n', "a.yaml:1:5: ", "单引号"),
        ("a: @x\n", "a.yaml:1:4: ", "加引号"),
        ("甲: 乙\n丙: 丁\x07戊\n", "a.yaml:2:5: ", "U+0007"),
        ("a: " + "1" * 41, "a.yaml:1:4: ", "加引号写成文字"),
        ("[" * 41 + "]" * 41, "a.yaml:1:41: ", "嵌套"),
    ],
)
def test_a_violation_is_told_with_its_place_and_what_to_do(
    data: str, place: str, words: str
) -> None:
    (message,) = refused(data)
    assert message.startswith(place)
    assert words in message


def test_all_keys_written_twice_are_told_at_once() -> None:
    assert [message.split(" ")[0] for message in refused("a: 1\nb: {c: 1, c: 2}\na: 2\n")] == [
        "a.yaml:2:11:",
        "a.yaml:3:1:",
    ]


def test_a_file_in_another_encoding_is_told_where_it_stops_being_utf_8() -> None:
    (message,) = refused("name: x\n客户: caf".encode() + b"\xe9\n")
    assert message.startswith("a.yaml:2:8: ")
    assert "UTF-8" in message


def test_ten_megabytes_are_refused_unread() -> None:
    (message,) = refused(b"a: 1\n" * 2_000_000)
    assert "10.0 MB" in message


def test_more_values_than_a_file_may_hold_are_refused() -> None:
    with pytest.raises(ContentError, match="超过10个节点"):
        parse(b"[" + b"1," * 20 + b"]", "a.yaml", 10)


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(bomb)[0].startswith("a.yaml:1:4: ")


FILE = "甲: 1\nlist:\n  - x\n  - {y: [1, 2], 5: z}\n"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("甲",), (1, 4)),
        (("list",), (3, 3)),
        (("list", 0), (3, 5)),
        (("list", 1), (4, 5)),
        (("list", 1, "y", 1), (4, 13)),
        (("list", 1, 5), (4, 20)),
        (("list", 1, "gone"), (4, 5)),
        (("list", 7, "y"), (3, 3)),
        (("nowhere", 3), (1, 1)),
    ],
)
def test_a_path_leads_to_its_value_or_to_what_is_left_of_it(
    path: tuple[Any, ...], place: tuple[int, int]
) -> None:
    assert locate(FILE.encode(), path) == place


def test_a_key_has_a_place_of_its_own() -> None:
    positions = Positions(FILE.encode())
    assert positions.of_key((), "list") == (2, 1)
    assert positions.of_key(("list", 1), 5) == (4, 17)
    assert positions.of_key(("list", 1), "gone") == (4, 5)


def test_one_entry_is_read_without_the_rest_of_the_file() -> None:
    assert entry(b"# x\na: [1]\nmodel:  kitchen\nb: [", "a.yaml", "model") == Entry("kitchen", 3, 9)
    assert entry(b"a: 1\n", "a.yaml", "model") is None
    with pytest.raises(ContentError, match="映射"):
        entry(b"- a\n", "a.yaml", "model")


_keys = st.sampled_from(["a", "b", "键", "c d"])
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
_trees = st.recursive(
    # YAML 1.1 writes 1e3 as a plain text, 1.2 reads it as a number.
    st.integers(-(10**9), 10**9)
    | st.booleans()
    | st.none()
    | _texts.filter(lambda text: text[:1] not in "+-0123456789"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=20,
)


class WithoutAliases(yaml.SafeDumper):
    """Writes an object in full each time; PyYAML would refer to the first."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[int, int]]]:
    yield path, (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(value, (*path, key.value))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _places(item, (*path, index))


@given(_trees, st.booleans())
def test_what_pyyaml_writes_is_read_back_and_stands_where_pyyaml_says(
    tree: Any, flow: bool
) -> None:
    data = yaml.dump(
        tree, Dumper=WithoutAliases, allow_unicode=True, default_flow_style=flow
    ).encode()
    assert _listed(parse(data, "a.yaml")) == tree
    positions = Positions(data)
    for path, place in _places(yaml.compose(data, Loader=yaml.SafeLoader)):
        assert positions.of(path) == place
