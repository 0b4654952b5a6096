"""Which names an author may use in a condition or formula of a given model, and of which kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from app.domain.expression import Kind, Reference

if TYPE_CHECKING:
    from app.domain.model import ModelContent

MEASURES: Final[Mapping[str, str]] = {
    "load_ratio": "专员负荷比",
    "capacity": "每名专员承接用户数",
    "ltv": "用户终身价值",
    "cac": "买家获客成本",
    "ltv_cac": "LTV/CAC",
    "roi": "月度投入产出比",
    "payback_months": "回本月数",
    "growth_rate": "月新增占比",
    "gmv_per_user": "单用户月GMV",
    "private_share": "私域占总GMV",
    "index": "总指数",
    "overall_level": "总等级",
    "alpha": "认知一致系数α",
    "alignment": "各题r_wg",
    "low_confidence_areas": "低可信领域数",
    "scale_stage": "规模读数所在阶段",
    "stage": "判定阶段",
}
"""Numbers the engine computes from facts and scores, by the name conditions use."""

_FACT_KINDS: Final = {"number": Kind.NUMBER, "choice": Kind.TEXT, "yes-no": Kind.FLAG}


def identifier(name: str) -> str:
    """Return an id or code as conditions spell it: ``Q-M1.1`` → ``Q_M1_1``."""
    return name.replace("-", "_").replace(".", "_")


class ModelVocabulary:
    """The names of one model. Ids and printed codes are both understood."""

    def __init__(self, content: "ModelContent") -> None:
        self._names: dict[str, tuple[str, Kind]] = {name: (name, Kind.NUMBER) for name in MEASURES}
        self._scored: dict[str, str] = {}
        self._levelled: dict[str, str] = {}
        self._questions: dict[str, str] = {}
        self._valued: dict[str, str] = {}
        self._items: dict[str, dict[str, str]] = {}
        self._item_owner: dict[str, str] = {}
        self._canonical: dict[Reference, tuple[str, ...] | None] = {}
        self._read_structure(content)
        self._read_questions(content)
        self._read_facts(content)

    def _read_structure(self, content: "ModelContent") -> None:
        for dimension in content.dimensions:
            self._add_scored(dimension.id, dimension.code)
            for area in dimension.areas:
                self._add_scored(area.id, area.code)

    def _add_scored(self, name: str, code: str) -> None:
        for spelling in (name, code):
            self._levelled[identifier(spelling)] = name
            self._scored[identifier(spelling)] = name

    def _read_questions(self, content: "ModelContent") -> None:
        for section in content.sections:
            for question in section.questions:
                for spelling in {question.id, question.code}:
                    name = identifier(spelling)
                    self._questions[name] = question.id
                    if question.type != "text":
                        self._scored.setdefault(name, question.id)
                    if question.type in ("number", "computed", "choice"):
                        self._valued[name] = question.id
                    if question.type == "multi":
                        self._add_items(name, question.id, (i.id for i in question.items))

    def _read_facts(self, content: "ModelContent") -> None:
        for fact in content.facts:
            for part in fact.parts:
                spellings = {part.id} | ({fact.code} if len(fact.parts) == 1 else set())
                for spelling in spellings:
                    name = identifier(spelling)
                    if part.type == "multi":
                        self._add_items(name, part.id, (c.id for c in part.choices))
                    else:
                        self._names[name] = (part.id, _FACT_KINDS[part.type])

    def _add_items(self, name: str, owner: str, items: Iterable[str]) -> None:
        self._items[name] = {identifier(item): item for item in items}
        self._item_owner[name] = owner

    def kind_of(self, reference: Reference) -> Kind | None:
        """Return the kind of value a reference yields, or None when a name in it is unknown."""
        if reference.function == "name":
            entry = self._names.get(reference.arguments[0])
            return entry[1] if entry else None
        if self.canonical(reference) is None:
            return None
        return Kind.FLAG if reference.function == "has" else Kind.NUMBER

    def canonical(self, reference: Reference) -> tuple[str, ...] | None:
        """Return the ids a reference speaks of (thing, then items), or None when unknown."""
        if reference not in self._canonical:
            self._canonical[reference] = self._look_up(reference)
        return self._canonical[reference]

    def _look_up(self, reference: Reference) -> tuple[str, ...] | None:
        head, *rest = reference.arguments
        if reference.function in ("has", "count", "share"):
            items = self._items.get(head)
            if items is None or any(item not in items for item in rest):
                return None
            return (self._item_owner[head], *(items[item] for item in rest))
        if reference.function == "name":
            entry = self._names.get(head)
            return (entry[0],) if entry else None
        found = self._table(reference.function).get(head)
        return None if found is None else (found,)

    def _table(self, function: str) -> Mapping[str, str]:
        return {
            "level": self._levelled,
            "confidence": self._levelled,
            "score": self._scored,
            "value": self._valued,
            "gap": self._questions,
        }.get(function, {})

    def suggestions(self, reference: Reference) -> Sequence[str]:
        """Return the names that could have stood in place of an unknown one."""
        head, *rest = reference.arguments
        if reference.function == "name":
            return sorted(self._names)
        if reference.function in ("has", "count", "share"):
            return (
                sorted(self._items[head]) if rest and head in self._items else sorted(self._items)
            )
        return sorted(self._table(reference.function))
