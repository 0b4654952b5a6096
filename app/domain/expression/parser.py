"""Source text to tree: the standard library's ``ast`` behind a whitelist, with kinds checked.

Nothing is ever executed by the host language: its parser only gives the shape, and every shape
that is not listed here is refused.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NoReturn

from app.domain.expression.lexis import ALLOWED, Token, tokens
from app.domain.expression.syntax import Literal, Node, Operation, Read, operation
from app.domain.expression.terms import (
    BARE_NAME,
    MAX_DEPTH,
    MAX_NODES,
    REFERENCE_FUNCTIONS,
    VALUE_FUNCTIONS,
    ExpressionError,
    Kind,
    Reference,
    Vocabulary,
)

_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

_ARITHMETIC: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}

_BLANKS: Final = str.maketrans("\t\r\n", "   ")


def read(source: str, vocabulary: Vocabulary) -> Node:
    """Return the checked tree of ``source``; raise ``ExpressionError`` with a place otherwise."""
    words = tokens(source)
    line = source.translate(_BLANKS)
    indent = words[0].start
    try:
        tree = ast.parse(line[indent:], mode="eval")
    except SyntaxError as error:
        _refuse_syntax(words, indent + (error.offset or 1) - 1)
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("the expression is nested too deeply", indent) from None
    return _Reader(line, indent, vocabulary).node(tree.body, 1)


def _refuse_syntax(words: tuple[Token, ...], offset: int) -> NoReturn:
    last = words[-1]
    if not _ends_operand(last):
        raise ExpressionError(f"the expression breaks off after '{last.text}'", last.end)
    for before, word in pairwise(words):
        if _ends_operand(before) and _starts_operand(word):
            raise ExpressionError(
                f"an operator is missing between '{before.text}' and '{word.text}'", word.start
            )
    choices = [word for word in words if word.text == "if"]
    if len(choices) > sum(word.text == "else" for word in words):
        raise ExpressionError("this 'if' has no 'else'; write a if c else b", choices[-1].start)
    wrong = next((word for word in words if word.end > offset), last)
    raise ExpressionError(f"'{wrong.text}' cannot stand here; {ALLOWED}", wrong.start)


def _starts_operand(word: Token) -> bool:
    return word.sort != "operator" and word.text not in ("and", "or", "not", "if", "else")


def _ends_operand(word: Token) -> bool:
    return _starts_operand(word) or word.text == ")"


class _Reader:
    """Turns the host language's tree into ours, counting parts and checking kinds."""

    def __init__(self, line: str, indent: int, vocabulary: Vocabulary) -> None:
        self._line = line
        self._indent = indent
        self._vocabulary = vocabulary
        self._count = 0
        # The host parser counts columns in UTF-8 bytes; texts may hold Chinese.
        self._bytes = None if line.isascii() else line[indent:].encode()

    def _column(self, byte_column: int) -> int:
        if self._bytes is None:
            return self._indent + byte_column
        return self._indent + len(self._bytes[:byte_column].decode())

    def _offset(self, shape: ast.expr) -> int:
        return self._column(shape.col_offset)

    def _text(self, shape: ast.expr) -> str:
        end = shape.end_col_offset
        return self._line[
            self._offset(shape) : len(self._line) if end is None else self._column(end)
        ]

    def _step(self, shape: ast.expr, depth: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise ExpressionError(
                f"the expression has more than {MAX_NODES} parts", self._offset(shape)
            )
        if depth > MAX_DEPTH:
            raise ExpressionError(
                f"the expression is nested more than {MAX_DEPTH} levels deep", self._offset(shape)
            )

    def node(self, shape: ast.expr, depth: int) -> Node:
        self._step(shape, depth)
        match shape:
            case ast.Constant():
                return self._literal(shape)
            case ast.Name():
                return self._name(shape)
            case ast.BoolOp(op=operator, values=values):
                word = "and" if isinstance(operator, ast.And) else "or"
                return self._operation(shape, Kind.FLAG, word, self._flags(values, depth, word))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._operation(
                    shape, Kind.FLAG, "not", self._flags((operand,), depth, "not")
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negation(shape, operand, depth)
            case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _ARITHMETIC:
                sign = _ARITHMETIC[type(operator)]
                numbers = self._numbers((left, right), depth, f"'{sign}'")
                return self._operation(shape, Kind.NUMBER, sign, numbers)
            case ast.Compare():
                return self._comparison(shape, depth)
            case ast.IfExp():
                return self._conditional(shape, depth)
            case ast.Call():
                return self._call(shape, depth)
            case ast.Tuple():
                raise ExpressionError(f"lists are not allowed; {ALLOWED}", self._offset(shape))
            case _:
                raise ExpressionError(
                    f"'{self._text(shape)}' is not allowed; {ALLOWED}", self._offset(shape)
                )

    def _operation(
        self, shape: ast.expr, kind: Kind, operator: str, operands: tuple[Node, ...]
    ) -> Operation:
        return operation(kind, self._text(shape), self._offset(shape), operator, operands)

    def _need(self, node: Node, kind: Kind, place: str) -> Node:
        if node.kind is not kind:
            raise ExpressionError(
                f"{place} needs {kind.phrase}, but '{node.text}' is {node.kind.phrase}", node.offset
            )
        return node

    def _flags(self, shapes: Sequence[ast.expr], depth: int, word: str) -> tuple[Node, ...]:
        return tuple(
            self._need(self.node(shape, depth + 1), Kind.FLAG, f"'{word}'") for shape in shapes
        )

    def _numbers(self, shapes: Sequence[ast.expr], depth: int, place: str) -> tuple[Node, ...]:
        return tuple(
            self._need(self.node(shape, depth + 1), Kind.NUMBER, place) for shape in shapes
        )

    def _literal(self, shape: ast.Constant) -> Literal:
        text, offset = self._text(shape), self._offset(shape)
        match shape.value:
            case bool(flag):
                return Literal(Kind.FLAG, text, offset, (), flag)
            case str(words):
                return Literal(Kind.TEXT, text, offset, (), words)
            case int() | float():
                # From the source text: the host language has already rounded 0.45 to binary.
                return Literal(Kind.NUMBER, text, offset, (), Fraction(text))
            case _:
                raise ExpressionError(f"'{text}' is not allowed; {ALLOWED}", offset)

    def _negation(self, shape: ast.expr, operand: ast.expr, depth: int) -> Node:
        (number,) = self._numbers((operand,), depth, "'-'")
        if isinstance(number, Literal) and isinstance(number.value, Fraction):
            return Literal(Kind.NUMBER, self._text(shape), self._offset(shape), (), -number.value)
        return self._operation(shape, Kind.NUMBER, "negate", (number,))

    def _name(self, shape: ast.Name) -> Node:
        if shape.id in ("true", "false"):
            return Literal(Kind.FLAG, shape.id, self._offset(shape), (), shape.id == "true")
        return self._read(Reference(BARE_NAME, (shape.id,)), shape)

    def _read(self, reference: Reference, shape: ast.expr) -> Read:
        text, offset = self._text(shape), self._offset(shape)
        kind = self._vocabulary.kind_of(reference)
        if kind is None:
            raise ExpressionError(self._unknown(reference, offset, offset + len(text)), offset)
        return Read(kind, text, offset, (reference,), reference)

    def _unknown(self, reference: Reference, start: int, end: int) -> str:
        name = str(reference)
        if name in REFERENCE_FUNCTIONS or name in VALUE_FUNCTIONS:
            message = f"'{name}' is a function; write {name}(...)"
        else:
            message = f"unknown name '{name}'"
            nearest = ", ".join(self._vocabulary.suggestions(reference))
            if nearest:
                message += f"; did you mean {nearest}?"
        if "-" in (self._line[end : end + 1], self._line[start - 1 : start]):
            message += "; an id's hyphens are written as underscores"
        return message

    def _comparison(self, shape: ast.Compare, depth: int) -> Node:
        sides = [self.node(side, depth + 1) for side in (shape.left, *shape.comparators)]
        links = [
            self._link(left, sign, right)
            for (left, right), sign in zip(pairwise(sides), shape.ops, strict=True)
        ]
        if len(links) > 1:
            return self._operation(shape, Kind.FLAG, "and", tuple(links))
        return self._operation(shape, Kind.FLAG, links[0].operator, links[0].operands)

    def _link(self, left: Node, host: ast.cmpop, right: Node) -> Operation:
        sign = _COMPARISONS.get(type(host))
        if sign is None:
            raise ExpressionError(f"only == != < <= > >= compare; {ALLOWED}", left.offset)
        if left.kind is not right.kind:
            raise ExpressionError(
                f"'{left.text}' is {left.kind.phrase} and '{right.text}' is {right.kind.phrase}; "
                "only two of the same kind can be compared",
                right.offset,
            )
        if left.kind is not Kind.NUMBER and sign not in ("==", "!="):
            raise ExpressionError(
                f"'{left.text}' is {left.kind.phrase}; '{sign}' orders numbers only, use == or !=",
                left.offset,
            )
        text = f"{left.text} {sign} {right.text}"
        return operation(Kind.FLAG, text, left.offset, sign, (left, right))

    def _conditional(self, shape: ast.IfExp, depth: int) -> Node:
        then = self.node(shape.body, depth + 1)
        (condition,) = self._flags((shape.test,), depth, "if")
        otherwise = self._need(self.node(shape.orelse, depth + 1), then.kind, "'else'")
        return self._operation(shape, then.kind, "if", (then, condition, otherwise))

    def _call(self, shape: ast.Call, depth: int) -> Node:
        if not isinstance(shape.func, ast.Name) or shape.keywords:
            raise ExpressionError(
                f"only declared functions are called; {ALLOWED}", self._offset(shape)
            )
        function = shape.func.id
        if function in REFERENCE_FUNCTIONS:
            return self._reference_call(shape, function, depth)
        if function in VALUE_FUNCTIONS:
            return self._value_call(shape, function, depth)
        declared = (*REFERENCE_FUNCTIONS, *VALUE_FUNCTIONS)
        nearest = difflib.get_close_matches(function.lower(), declared, n=2)
        meant = f"did you mean {' or '.join(nearest)}? " if nearest else ""
        raise ExpressionError(
            f"unknown function '{function}'; {meant}declared are {', '.join(declared)}",
            self._offset(shape),
        )

    def _reference_call(self, shape: ast.Call, function: str, depth: int) -> Read:
        self._check_count(shape, function, REFERENCE_FUNCTIONS[function])
        names: list[str] = []
        for argument in shape.args:
            self._step(argument, depth + 1)
            if not isinstance(argument, ast.Name) or argument.id in ("true", "false"):
                raise ExpressionError(
                    f"{function}(...) takes ids, written plainly with underscores for hyphens, "
                    f"not '{self._text(argument)}'",
                    self._offset(argument),
                )
            names.append(argument.id)
        return self._read(Reference(function, tuple(names)), shape)

    def _value_call(self, shape: ast.Call, function: str, depth: int) -> Operation:
        self._check_count(shape, function, VALUE_FUNCTIONS[function])
        if function == "known":
            operands = tuple(self.node(argument, depth + 1) for argument in shape.args)
            return self._operation(shape, Kind.FLAG, function, operands)
        operands = self._numbers(shape.args, depth, f"{function}(...)")
        return self._operation(shape, Kind.NUMBER, function, operands)

    def _check_count(self, shape: ast.Call, function: str, limits: tuple[int, int]) -> None:
        fewest, most = limits
        if not fewest <= len(shape.args) <= most:
            number = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise ExpressionError(
                f"{function}(...) takes {number} argument{'s' if most > 1 else ''}, "
                f"not {len(shape.args)}",
                self._offset(shape),
            )
