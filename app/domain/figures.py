"""The client's profile facts as exact numbers, texts and flags."""

from collections.abc import Mapping
from fractions import Fraction

from app.domain.response import Assessment, FactValue


class Figures:
    """Read access to fact parts; None where the client gave nothing."""

    def __init__(self, facts: Mapping[str, FactValue]) -> None:
        self._facts = facts

    @classmethod
    def of(cls, assessment: Assessment) -> "Figures":
        """Return the figures of an assessment, with archetype and city tier from the profile."""
        facts = dict(assessment.facts)
        for part, value in (
            ("archetype", assessment.client.archetype),
            ("city-tier", assessment.client.city_tier),
        ):
            if value is not None and part not in facts:
                facts[part] = FactValue(value)
        return cls(facts)

    def given(self, part: str) -> FactValue | None:
        """Return the fact part as given."""
        return self._facts.get(part)

    def number(self, part: str) -> Fraction | None:
        """Return a numeric fact part."""
        fact = self._facts.get(part)
        value = fact.value if fact else None
        return value if isinstance(value, Fraction) else None

    def text(self, part: str) -> str | None:
        """Return the chosen option of a fact part."""
        fact = self._facts.get(part)
        value = fact.value if fact else None
        return value if isinstance(value, str) else None

    def flag(self, part: str) -> bool | None:
        """Return a yes/no fact part."""
        fact = self._facts.get(part)
        value = fact.value if fact else None
        return value if isinstance(value, bool) else None

    def items(self, part: str) -> tuple[str, ...] | None:
        """Return the picked items of a multi fact part."""
        fact = self._facts.get(part)
        value = fact.value if fact else None
        return value if isinstance(value, tuple) else None
