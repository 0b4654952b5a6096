"""Checks that no single item can make: ids exist, are unique, weights add up, nothing dangles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from app.content.coaching_checks import coaching_mistakes
from app.content.contradiction_checks import contradiction_mistakes
from app.content.limit_checks import limit_mistakes
from app.content.plan_checks import plan_mistakes
from app.content.references import Index, Mistake, repeated, unknown_id, unknown_ids
from app.domain.definitions.questionnaire import Question
from app.domain.model import ContentPath, ModelContent
from app.domain.ordering import cycle


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def reference_mistakes(content: ModelContent) -> Iterator[Mistake]:
    """Yield path and message of every mistake between items of ``content``."""
    index = Index(content)
    yield from _duplicates(content)
    yield from _structure(content, index)
    yield from _questionnaire(content, index)
    yield from _rules(content, index)
    yield from contradiction_mistakes(content, index)
    yield from plan_mistakes(content, index)
    yield from limit_mistakes(content, index)
    yield from coaching_mistakes(content, index)


def _duplicates(content: ModelContent) -> Iterator[Mistake]:
    collections: Mapping[str, Sequence[_Identified]] = {
        "lenses": content.lenses,
        "dimensions": content.dimensions,
        "archetypes": content.archetypes,
        "gates": content.gates,
        "panels": content.panels,
        "sections": content.sections,
        "forms": content.forms,
        "roles": content.roles,
        "channels": content.channels,
        "facts": content.facts,
        "fact_checks": content.fact_checks,
        "pulse": content.pulse,
        "rules": content.rules,
        "contradictions": content.contradictions,
        "sops": content.sops,
        "kpis": content.kpis,
        "post_cards": content.post_cards,
        "limits": content.limits,
        "benchmarks": content.benchmarks,
        "assumptions": content.assumptions,
        "frameworks": content.frameworks,
        "glossary": content.glossary,
    }
    for key, items in collections.items():
        for attribute in ("id", "code"):
            names = [getattr(item, attribute, None) for item in items]
            yield from repeated((key,), names, attribute)
    scored: list[tuple[ContentPath, str]] = []
    for place, dimension in enumerate(content.dimensions):
        scored.append((("dimensions", place, "id"), dimension.id))
        for inner, area in enumerate(dimension.areas):
            scored.append((("dimensions", place, "areas", inner, "id"), area.id))
    for place, section in enumerate(content.sections):
        for inner, question in enumerate(section.questions):
            scored.append((("sections", place, "questions", inner, "id"), question.id))
    seen: set[str] = set()
    for path, name in scored:
        if name in seen:
            yield path, f"「{name}」已用作另一个维度、领域或题目的id。"
        seen.add(name)


def _sums_tounknown_id(
    path: ContentPath, weights: Iterable[object], what: str
) -> Iterator[Mistake]:
    total = sum((Fraction(str(weight)) for weight in weights), Fraction(0))
    if total != 1:
        yield path, f"{what}的权重合计应为1，现在是{float(total):g}。"


def _structure(content: ModelContent, index: Index) -> Iterator[Mistake]:
    scale = content.scale
    numbers = [level.level for level in scale.levels]
    if numbers != list(range(scale.minimum, scale.maximum + 1)):
        yield ("scale", "levels"), f"等级应从{scale.minimum}到{scale.maximum}连续排列。"
    yield from _sums_tounknown_id(("lenses",), (lens.weight for lens in content.lenses), "各视角")
    grades = sorted(grade.code for grade in content.rating.evidence)
    if grades != ["E0", "E1", "E2", "E3"]:
        yield ("rating", "evidence"), "证据等级要写全E0、E1、E2、E3四级，各一次。"
    for lens in content.lenses:
        members = [dim.weight for dim in content.dimensions if dim.lens == lens.id]
        yield from _sums_tounknown_id(("dimensions",), members, f"视角「{lens.id}」下各维度")
    for place, dimension in enumerate(content.dimensions):
        path: ContentPath = ("dimensions", place)
        yield from unknown_id((*path, "lens"), dimension.lens, index.lenses, "视角")
        own = {area.id for area in dimension.areas}
        yield from unknown_ids((*path, "critical"), dimension.critical, own, "本维度领域")
        yield from _sums_tounknown_id(
            (*path, "areas"), (a.weight for a in dimension.areas), f"维度「{dimension.id}」下各领域"
        )
        for inner, area in enumerate(dimension.areas):
            at: ContentPath = (*path, "areas", inner)
            if len(area.anchors) != len(numbers):
                yield (*at, "anchors"), f"应有{len(numbers)}条等级描述，现在{len(area.anchors)}条。"
            if area.moves and len(area.moves) != len(numbers) - 1:
                yield (*at, "moves"), f"应有{len(numbers) - 1}条升级动作，现在{len(area.moves)}条。"
            yield from unknown_ids((*at, "requires"), area.requires, index.areas, "领域")
    requires = {a.id: a.requires for dim in content.dimensions for a in dim.areas}
    if loop := cycle(requires):
        yield ("dimensions",), f"领域的先后关系成环：{' → '.join(loop)}。"
    yield from _gates_and_panels(content, index)


def _gates_and_panels(content: ModelContent, index: Index) -> Iterator[Mistake]:
    for place, archetype in enumerate(content.archetypes):
        path: ContentPath = ("archetypes", place, "weights")
        yield from (
            ((*path, key), f"没有名为「{key}」的维度。")
            for key in archetype.weights
            if key not in index.dimensions
        )
        for lens in content.lenses:
            members = [dim.id for dim in content.dimensions if dim.lens == lens.id]
            given = [archetype.weights[key] for key in members if key in archetype.weights]
            if given:
                yield from _sums_tounknown_id(
                    path, given, f"类型「{archetype.id}」在视角「{lens.id}」下"
                )
    for place, gate in enumerate(content.gates):
        targets = index.dimensions | {"overall"}
        yield from unknown_id(("gates", place, "caps"), gate.caps, targets, "维度（或overall）")
        known = index.dimensions | index.areas
        yield from unknown_ids(("gates", place, "binds"), gate.binds, known, "维度或领域")
    for place, panel in enumerate(content.panels):
        path = ("panels", place)
        yield from unknown_ids((*path, "columns"), panel.columns, index.dimensions, "维度")
        for inner, row in enumerate(panel.rows):
            if len(row.cells) != len(panel.columns):
                yield (*path, "rows", inner, "cells"), f"应有{len(panel.columns)}格。"


def _questionnaire(content: ModelContent, index: Index) -> Iterator[Mistake]:
    weights: dict[str, list[object]] = {}
    for place, section in enumerate(content.sections):
        for inner, question in enumerate(section.questions):
            path: ContentPath = ("sections", place, "questions", inner)
            yield from _question(path, question, content, index)
            if question.area is not None:
                weights.setdefault(question.area, []).append(question.weight)
    for area, given in weights.items():
        yield from _sums_tounknown_id(("sections",), given, f"领域「{area}」下各题")
    for area in sorted(index.areas - set(weights)):
        yield ("sections",), f"领域「{area}」没有题目。"
    for place, fact in enumerate(content.facts):
        yield from unknown_ids(("facts", place, "roles"), fact.roles, index.roles, "角色")
        for inner, part in enumerate(fact.parts):
            if part.type in ("choice", "multi") and not part.choices:
                yield ("facts", place, "parts", inner), "选择类的信息要写choices。"
    for place, check in enumerate(content.fact_checks):
        yield from unknown_ids(("fact_checks", place, "facts"), check.facts, index.parts, "信息项")
    for place, item in enumerate(content.pulse):
        yield from unknown_id(("pulse", place, "area"), item.area, index.areas, "领域")
    for place, form in enumerate(content.forms):
        yield from unknown_ids(
            ("forms", place, "questions"), form.questions, index.questions, "题目"
        )
        yield from unknown_ids(("forms", place, "facts"), form.facts, index.facts, "信息")
        yield from unknown_ids(("forms", place, "pulse"), form.pulse, index.pulse, "脉搏题")


def _question(
    path: ContentPath, question: Question, content: ModelContent, index: Index
) -> Iterator[Mistake]:
    yield from unknown_id((*path, "area"), question.area, index.areas, "领域")
    yield from unknown_ids((*path, "primary"), question.primary, index.roles, "角色")
    yield from unknown_ids((*path, "secondary"), question.secondary, index.roles, "角色")
    yield from unknown_id((*path, "fallback"), question.fallback, index.parts, "信息项")
    yield from unknown_id((*path, "relative_to"), question.relative_to, index.benchmarks, "基准")
    if question.type == "text":
        return
    if question.area is None:
        yield path, "计分的题目要写area。"
    levels = content.scale.maximum - content.scale.minimum + 1
    if question.type == "choice" and question.choices and len(question.choices) != levels:
        yield (*path, "choices"), f"选项按等级计分，应有{levels}个，现在{len(question.choices)}个。"
    if question.type == "multi" and not question.items:
        yield path, "多选题要写items。"
    if question.type == "computed" and question.formula is None:
        yield path, "计算题要写formula。"
    if question.type in ("number", "computed"):
        linear = question.minimum is not None and question.maximum is not None
        if not question.bands and not linear:
            yield path, "数字题要写bands，或同时写minimum与maximum按线性计分。"
        yield from _bands(path, question, content)


def _bands(path: ContentPath, question: Question, content: ModelContent) -> Iterator[Mistake]:
    previous: Fraction | None = None
    for place, band in enumerate(question.bands):
        at: ContentPath = (*path, "bands", place)
        if not content.scale.minimum <= band.score <= content.scale.maximum:
            yield at, f"得分应在{content.scale.minimum}到{content.scale.maximum}之间。"
        last = place == len(question.bands) - 1
        bounds = [bound for bound in (band.below, band.up_to) if bound is not None]
        if len(bounds) != (0 if last else 1):
            yield at, "最后一档不写界限，其余每档写below或up_to之一。"
            continue
        if bounds:
            bound = Fraction(bounds[0])
            if previous is not None and bound < previous:
                yield at, "各档的界限要从小到大。"
            previous = bound


def _rules(content: ModelContent, index: Index) -> Iterator[Mistake]:
    for place, rule in enumerate(content.rules):
        path: ContentPath = ("rules", place)
        yield from unknown_id((*path, "area"), rule.area, index.areas, "领域")
        yield from unknown_ids((*path, "sops"), rule.sops, index.sops, "SOP")
        yield from unknown_ids((*path, "roles"), rule.roles, index.roles, "角色")
        yield from unknown_ids((*path, "kpis"), rule.kpis, index.kpis, "KPI")
        if rule.severity is not None and not 1 <= rule.severity <= 4:
            yield (*path, "severity"), "严重度是1到4。"
        if not rule.examples.fires or not rule.examples.stays_quiet:
            yield (*path, "examples"), "每条规则至少要有一个触发的例子和一个不触发的例子。"
