"""The ``facts`` of an answers file, and the contradictions between them that refuse it."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from app.content.answers.graded import Graded, evidence_reader, graded, is_graded
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names, shown
from app.content.answers.readers import FACT_READERS, AnyReader, is_unknown
from app.content.answers.values import Reader, RefusalError, one_of
from app.content.strict_yaml import Path
from app.domain.definitions.questionnaire import Fact, FactPart
from app.domain.model import MaturityModel
from app.domain.response import Assessment, FactValue
from app.domain.world import World

ARCHETYPE: Final = "archetype"
CITY_TIER: Final = "city-tier"
"""The fact parts that say the same as ``client``."""


def title(item: Any) -> str:
    """Return code and id of an item, as messages name it."""
    return item.id if item.id == item.code else f"{item.code} {item.id}"


def archetype_reader(model: MaturityModel) -> Reader[str] | None:
    """Return a reader of the archetypes a client can be of; None when the model has none.

    One that takes over by a condition (``overlay``) is not chosen.
    """
    names = Names.coded(
        "企业类型", (item for item in model.content.archetypes if item.overlay is None)
    )
    conditions = {
        spelling: item.overlay
        for item in model.content.archetypes
        for spelling in (item.id, item.code)
        if item.overlay is not None
    }
    choose = one_of(names)

    def read(given: Any) -> str:
        if isinstance(given, str) and given in conditions:
            start = f"{shown(given)}不在这里选，满足「{conditions[given]}」时自动采用"
            raise RefusalError(((), f"{start}。这里请写：{'、'.join(names.listed)}。"))
        return choose(given)

    return read if names.ids else None


@dataclass(slots=True)
class Facts:
    """Fact values by part id, with the place of each."""

    values: dict[str, FactValue] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)


class FactReader:
    """Reads the mapping of facts for one model."""

    def __init__(self, model: MaturityModel, mistakes: Mistakes) -> None:
        self._model = model
        self._mistakes = mistakes
        self._names = Names.coded("信息", model.content.facts)
        self._evidence = evidence_reader(model)
        self._archetype = archetype_reader(model)

    def read(self, path: Path, raw: Any) -> Facts:
        """Return every fact that could be read; keep a mistake for every other."""
        facts = Facts()
        mapping = {} if raw is None else self._mistakes.mapping(path, raw) or {}
        seen: dict[str, Hashable] = {}
        for key, value in mapping.items():
            if self._mistakes.full:
                break
            name = self._names.find(key)
            if name is None:
                self._mistakes.at_key(path, key, self._refusal(key))
                continue
            fact = self._model.facts[name]
            if name in seen:
                again = f"与「{seen[name]}」是同一项信息，写了两次，请删去一处。"
                self._mistakes.at_key(path, key, again, title(fact))
                continue
            seen[name] = key
            for part, given in self._parts(fact, (*path, key), value):
                self._keep(facts, fact, part, given)
        return facts

    def _refusal(self, key: Hashable) -> str:
        fact = self._model.fact_of.get(str(key))
        if fact is not None:
            return f"「{key}」是{title(fact)}的一部分，请写成{fact.code}: {{{key}: …}}。"
        return self._names.refusal(key)

    def _parts(self, fact: Fact, path: Path, value: Any) -> Iterator[tuple[FactPart, Graded]]:
        """Yield each part of a fact with its value; a part inherits the evidence of its fact."""
        subject = title(fact)
        if len(fact.parts) == 1:
            given = graded(self._mistakes, path, value, self._evidence, subject)
            if given is not None:
                yield fact.parts[0], given
            return
        whole: Graded | None = Graded(value, path)
        if value is None or is_graded(value):
            whole = graded(self._mistakes, path, value, self._evidence, subject)
        if whole is None or is_unknown(whole.value):
            return
        ids = [part.id for part in fact.parts]
        if not isinstance(whole.value, dict):
            shape = ", ".join(f"{name}: …" for name in ids)
            message = f"这一项有{len(ids)}个数，请分开写：{{{shape}}}；写的是{shown(whole.value)}。"
            self._mistakes.at(whole.path, message, subject)
            return
        self._mistakes.keys(whole.path, whole.value, ids, subject=subject)
        for part in fact.parts:
            if part.id in whole.value:
                at = (*whole.path, part.id)
                inner = graded(self._mistakes, at, whole.value[part.id], self._evidence, subject)
                if inner is not None:
                    grade, note = inner.evidence or whole.evidence, inner.note or whole.note
                    yield part, Graded(inner.value, inner.path, grade, note)

    def _keep(self, facts: Facts, fact: Fact, part: FactPart, given: Graded) -> None:
        if is_unknown(given.value):
            return
        value = self._mistakes.read(given.path, given.value, self._reader(part), title(fact))
        if value is not None:
            facts.values[part.id] = FactValue(value, given.evidence, given.note)
            facts.places[part.id] = given.path

    def _reader(self, part: FactPart) -> AnyReader:
        if part.id == ARCHETYPE and part.type == "choice" and self._archetype is not None:
            return self._archetype
        return FACT_READERS[part.type](part)


def contradictions(model: MaturityModel, assessment: Assessment) -> Iterator[tuple[str, str, str]]:
    """Yield part id, subject and message of every fact check that refuses the assessment's facts.

    The part is the first of those concerned that was given.
    """
    world = World(model, assessment)
    for check in model.content.fact_checks:
        if model.expression(check.when).evaluate(world) is True:
            given = [part for part in check.facts if world.figures.given(part) is not None]
            for part in given[:1]:
                yield part, title(model.fact_of[part]), check.message


def numbers(values: Mapping[str, FactValue], part: str) -> Fraction | None:
    """Return a numeric fact part among ``values``."""
    value = values[part].value if part in values else None
    return value if isinstance(value, Fraction) else None
