"""Authors read in Chinese what is wrong with a condition; no sentence is forgotten."""

import ast
import re
from pathlib import Path

import pytest

from app.content.expression_wording import explain_expression
from app.domain.expression import ExpressionError, Kind, parse
from app.domain.model import MaturityModel

ENGINE = Path(__file__).resolve().parents[2] / "app" / "domain" / "expression"
BAD = (
    "", "stores 10", "stores >", "1 if mixed_groups", "stores > > 1", "(stores", "stores)",
    "stores ** 2", "stores // 2", "1_000 > 1", "007 > 1", "stores ＞ 1", "stores ≥ 1", "stores = 1",
    "stores > 1 ? 2", "'x", "'a' 'b'", "f'a'", "lambda > 1", "[1]", "stores, users", "+stores",
    "print(stores)", "levle(replication) > 2", "zzzz(1) > 2", "level(replication)(3)",
    "level > 2", "level() > 2", "share(loops_running) > 1", "level(3) > 2", "store >= 10",
    "qqqq >= 10", "has-pilot", "stores and mixed_groups", "mixed_groups + 1", "stores == 'ten'",
    "activity_trend < 'x'", "stores in users", "stores", "(" * 40 + "1" + ")" * 40,
    "stores > 1" + " or stores > 1" * 100, "stores" + " + stores" * 300,
    "“x” == 1", "stores\u3000> 1",
)  # fmt: skip


@pytest.mark.parametrize("source", BAD)
def test_every_mistake_is_told_in_chinese(private_domain: MaturityModel, source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source, private_domain.vocabulary, expects=Kind.FLAG)
    told = explain_expression(caught.value)
    assert told != str(caught.value)
    assert re.search(r"[\u4e00-\u9fff]", told)
    assert not re.search(r"\b(is|are|the|allowed|write|needs|unknown)\b", told), told


def test_every_sentence_of_the_engine_has_its_counterpart() -> None:
    sentences = [
        _shown(call.args[0])
        for path in ENGINE.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "ExpressionError"
        and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ]
    assert len(sentences) > 20
    for sentence in sentences:
        told = explain_expression(ExpressionError(sentence, 0))
        assert told != sentence, sentence


def _shown(node: ast.expr) -> str:
    """Return a message as it would read, with something plausible in its gaps."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _filled(ast.unparse(part))
        for part in node.values
    )


def _filled(gap: str) -> str:
    if "phrase" in gap:
        return "a number"
    if "ALLOWED" in gap:
        return "allowed are names"
    if any(word in gap for word in ("len(", "MAX_", "number")):
        return "3"
    return "" if "'s' if" in gap or "meant" in gap else "x"
