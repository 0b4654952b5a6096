"""How the report says numbers, names and conditions in its language.

Every number that reaches paper goes through here once, so that a table, a chart and a sentence
never differ. Fixed words are looked up in the language's catalogue by their Chinese text.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.expression import Reference, Value
from app.domain.model import MaturityModel, slots
from app.domain.response import Confidence
from app.domain.rules import Sentence
from app.domain.vocabulary import MEASURES
from app.reporting.numerals import NOTHING, ChineseNumerals, Number, numerals_of, rounded
from app.reporting.phrases import SOURCE_LOCALE, Translate, translation

OPERATORS: Final = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
CONFIDENCE: Final[dict[Confidence, str]] = {"high": "高", "medium": "中", "low": "低"}
RATIO_MEASURES: Final = frozenset({"alpha", "load_ratio", "ltv_cac", "roi"})
PERCENT_MEASURES: Final = frozenset({"growth_rate", "private_share"})


class Wording:
    """The words of one report: its model's names and its language's way with numbers."""

    def __init__(self, model: MaturityModel, locale: str = SOURCE_LOCALE) -> None:
        self.model = model
        self.translate: Translate = translation(locale)
        self._numerals: ChineseNumerals = numerals_of(locale)
        self._labels = _reference_labels(model, self.translate)

    # -- numbers ---------------------------------------------------------------------------

    def number(self, value: Number | None, places: int = 0) -> str:
        """Return a number with thousands separators and fixed places; a dash for None."""
        return NOTHING if value is None else f"{rounded(value, places):,}"

    def plain(self, value: Number | None) -> str:
        """Return a number with at most one place, without a trailing zero."""
        if value is None:
            return NOTHING
        shown = rounded(value, 1)
        return f"{shown:,}".removesuffix(".0")

    def percent(self, value: Number | None, places: int = 0) -> str:
        """Return a value that already is in percent."""
        return NOTHING if value is None else f"{self.number(value, places)}%"

    def score(self, value: Number | None) -> str:
        """Return a score on the scale, one place."""
        return self.number(value, 1)

    def signed(self, value: Number | None, places: int = 1) -> str:
        """Return a difference with its sign; the minus is a real minus."""
        if value is None:
            return NOTHING
        shown = rounded(value, places)
        return f"+{shown}" if shown > 0 else str(shown).replace("-", "−")

    def money(self, value: Number | None) -> str:
        """Return CNY, shortened from ten thousand (Chinese) or a million (English) on."""
        return NOTHING if value is None else self._numerals.money(value)

    def amount(self, value: Number | None) -> str:
        """Return a count of people: in full below a million, shortened above it."""
        return NOTHING if value is None else self._numerals.amount(value)

    def followed(self, sentence: str) -> str:
        """Return a sentence of content ready for the next one."""
        return self._numerals.followed(sentence)

    def beside(self, name: str, value: str) -> str:
        """Return a name with its value: 「门店3.0」, "Stores 3.0"."""
        return self._numerals.beside(name, value)

    def with_unit(self, figure: str, unit: str) -> str:
        """Return a printed figure with its unit."""
        return figure if figure == NOTHING else self._numerals.with_unit(figure, unit)

    def money_unit(self, unit: str) -> str | None:
        """Return what follows the currency in a unit of money, ``/月``; None for other units."""
        currency = self._numerals.currency
        return unit.removeprefix(currency) if unit.startswith(currency) else None

    def day(self, value: date) -> str:
        """Return a date in full."""
        return self._numerals.day(value)

    def short_day(self, value: date) -> str:
        """Return a date without its year."""
        return self._numerals.short_day(value)

    def tick(self, value: date) -> str:
        """Return a date as short as an axis needs it."""
        return self._numerals.tick(value)

    # -- names -----------------------------------------------------------------------------

    def level(self, level: int | None) -> str:
        """Return a level as printed: its number and name."""
        if level is None:
            return self.translate("未评级")
        name = next(item.name for item in self.model.content.scale.levels if item.level == level)
        return f"L{level} {name}"

    def confidence(self, word: Confidence) -> str:
        """Return a confidence word."""
        return self.translate(CONFIDENCE[word])

    def role(self, role: str) -> str:
        """Return a role's title."""
        return self.model.roles[role].title

    def roles(self, roles: Sequence[str]) -> str:
        """Return role titles as a list in words."""
        return self.joined([self.role(role) for role in roles])

    def joined(self, words: Sequence[str]) -> str:
        """Return words as a list in words."""
        return self._numerals.listed(words)

    def sop(self, sop: str) -> str:
        """Return a SOP as ``SOP-22 title``."""
        found = self.model.sops[sop]
        return f"{found.code} {found.title}"

    def kpi(self, kpi: str) -> str:
        """Return a KPI as ``K03 title``."""
        found = self.model.kpis[kpi]
        return f"{found.code} {found.title}"

    # -- conditions ------------------------------------------------------------------------

    def label(self, reference: Reference) -> str:
        """Return what a reference means, in words a client uses."""
        canonical = self.model.vocabulary.canonical(reference) or reference.arguments
        name, *items = canonical
        thing = self.thing(reference)
        if reference.function in ("has", "share"):
            inside = self.joined([self._item_title(name, item) for item in items])
            return self.translate("{}：{}").format(thing, inside)
        pattern = {
            "level": self.translate("{}等级"),
            "score": self.translate("{}得分"),
            "gap": self.translate("{}认知差"),
            "count": self.translate("{}项数"),
            "confidence": self.translate("{}可信度"),
        }.get(reference.function)
        return pattern.format(thing) if pattern else thing

    def thing(self, reference: Reference) -> str:
        """Return what a reference speaks of, without what of it is looked at."""
        canonical = self.model.vocabulary.canonical(reference) or reference.arguments
        return self._labels.get(
            (_family(reference.function), canonical[0]), (canonical[0], "", "")
        )[0]

    def code(self, reference: Reference) -> str:
        """Return the printed code of what a reference speaks of; empty for computed numbers."""
        canonical = self.model.vocabulary.canonical(reference) or reference.arguments
        return self._labels.get((_family(reference.function), canonical[0]), ("", "", ""))[1]

    def value(self, reference: Reference, value: Value | None) -> str:
        """Return a value with the unit of its reference."""
        if isinstance(value, bool):
            return self.translate("是") if value else self.translate("否")
        if isinstance(value, str):
            return self._choice_title(reference, value)
        if not isinstance(value, Fraction):
            return self.translate("未知")
        if reference.function == "level":
            return f"L{int(value)}"
        canonical = self.model.vocabulary.canonical(reference) or reference.arguments
        unit = self._labels.get((_family(reference.function), canonical[0]), ("", "", ""))[2]
        if reference.function in ("score", "gap", "confidence"):
            return self.number(value, 1)
        if self.money_unit(unit) == "":
            return self.money(value)
        shown = self.plain(value)
        return self.with_unit(shown, unit) if reference.function in ("name", "value") else shown

    def sentence(self, sentence: Sentence) -> str:
        """Return an evidence sentence with its values filled in."""
        text = sentence.template
        for source, value in zip(slots(sentence.template), sentence.values, strict=True):
            reference = self._single_reference(source)
            shown = self._slot(reference, value)
            text = text.replace("{" + source + "}", shown, 1)
        return text

    def _slot(self, reference: Reference | None, value: Fraction) -> str:
        if reference is None:
            return self.plain(value)
        if reference.function == "level":
            return str(int(value))
        if reference.function in ("score", "gap"):
            return self.number(value, 1)
        if reference.arguments[0] in RATIO_MEASURES:
            return self.number(value, 2)
        return self.plain(value)

    def _single_reference(self, source: str) -> Reference | None:
        references = self.model.expression(source).references
        return references[0] if len(references) == 1 else None

    def _item_title(self, owner: str, item: str) -> str:
        question = self.model.questions.get(owner)
        if question is not None:
            choices = question.items
        else:
            choices = self.model.fact_parts[owner].choices
        return next((choice.title for choice in choices if choice.id == item), item)

    def _choice_title(self, reference: Reference, value: str) -> str:
        canonical = self.model.vocabulary.canonical(reference)
        part = self.model.fact_parts.get(canonical[0]) if canonical else None
        choices = part.choices if part else ()
        return next((choice.title for choice in choices if choice.id == value), value)


def _family(function: str) -> str:
    """Return which table of labels a reference function reads."""
    return "name" if function == "name" else "thing"


def _reference_labels(
    model: MaturityModel, translate: Translate
) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return (title, code, unit) of everything a reference can speak of."""
    labels: dict[tuple[str, str], tuple[str, str, str]] = {}
    for dimension in model.content.dimensions:
        labels["thing", dimension.id] = (dimension.title, dimension.code, "")
        for area in dimension.areas:
            labels["thing", area.id] = (area.title, area.code, "")
    for question in model.questions.values():
        title = question.short or question.text
        labels["thing", question.id] = (title, question.code, question.unit)
    for fact in model.content.facts:
        for part in fact.parts:
            # A single part's own title is the question asked; the fact's title is its name.
            title = fact.title if len(fact.parts) == 1 else part.title
            labels["name", part.id] = (title, fact.code, part.unit)
            labels["thing", part.id] = (title, fact.code, part.unit)
    for name, title in MEASURES.items():
        labels["name", name] = (translate(title), "", "%" if name in PERCENT_MEASURES else "")
    return labels
