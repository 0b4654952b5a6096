"""Runs the sample worlds of rules and contradictions.

Each must fire, stay quiet, or stay undecided as it says.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from app.content.expression_wording import explain_expression
from app.domain.definitions.rule import RuleExamples, Scalar
from app.domain.expression import UNKNOWN, ExpressionError, Reference, Unknown
from app.domain.model import ContentPath, MaturityModel


class SampleWorld:
    """Answers references from a written sample; what it leaves out is unknown."""

    def __init__(self, values: Mapping[str, Scalar]) -> None:
        self._values = {_spelling(name): value for name, value in values.items()}

    def resolve(self, reference: Reference) -> Fraction | str | bool | Unknown:
        """Return the sample's value for a reference."""
        value = self._values.get(_spelling(str(reference)))
        if value is None:
            return UNKNOWN
        return value if isinstance(value, bool | str) else Fraction(value)


def _spelling(name: str) -> str:
    return name.replace(" ", "")


def example_mistakes(model: MaturityModel) -> Iterator[tuple[ContentPath, str]]:
    """Yield path and message of every example that does not behave as it says."""
    for place, rule in enumerate(model.content.rules):
        yield from _mistakes(model, rule.when, rule.examples, ("rules", place, "examples"))
    for place, item in enumerate(model.content.contradictions):
        path = ("contradictions", place, "examples")
        yield from _mistakes(model, item.when, item.examples, path)


def _mistakes(
    model: MaturityModel, when: str, examples: RuleExamples, path: ContentPath
) -> Iterator[tuple[ContentPath, str]]:
    expression = model.expression(when)
    known = {_spelling(str(reference)) for reference in expression.references}
    groups = {
        "fires": (examples.fires, True),
        "stays_quiet": (examples.stays_quiet, False),
        "undecided": (examples.undecided, UNKNOWN),
    }
    for group, (samples, expected) in groups.items():
        for place, sample in enumerate(samples):
            at: ContentPath = (*path, group, place)
            strangers = sorted(name for name in sample if _spelling(name) not in known)
            if strangers:
                yield (
                    at,
                    f"条件里没有「{'、'.join(strangers)}」；可写：{'、'.join(sorted(known))}。",
                )
                continue
            try:
                result = expression.evaluate(SampleWorld(sample))
            except ExpressionError as error:
                yield at, f"{explain_expression(error)}。"
                continue
            if result is not expected:
                yield at, f"这个例子应{WORDS[group]}，实际{_outcome(result)}。"


WORDS: Mapping[str, str] = {"fires": "触发", "stays_quiet": "不触发", "undecided": "无法判定"}


def _outcome(result: object) -> str:
    if result is UNKNOWN:
        return "无法判定"
    return "触发" if result else "不触发"
