"""A model as plain data, for ``content show`` and other programs."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from app.domain.definitions.questionnaire import Question
from app.domain.model import MaturityModel


def describe_model(
    model: MaturityModel, translations: Sequence[MaturityModel] = ()
) -> dict[str, Any]:
    """Return the whole model as JSON-ready data; each item with id, code and titles by language.

    All other texts are in the language of ``model``.
    """
    data = _described(model)
    for translated in translations:
        _add_titles(data, _described(translated))
        data["languages"].append(translated.content.language)
    return data


def _add_titles(data: Any, translated: Any) -> None:
    """Add the titles of a model's translation to those of the same items."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "titles":
                value.update(translated[key])
            else:
                _add_titles(value, translated[key])
    elif isinstance(data, list):
        for one, other in zip(data, translated, strict=True):
            _add_titles(one, other)


def _described(model: MaturityModel) -> dict[str, Any]:
    content = model.content
    language = content.language
    ladder, staffing, roadmap = content.stage_model, content.staffing, content.roadmap

    def items(records: Any) -> list[dict[str, Any]]:
        return [_item(record, language) for record in records]

    return {
        "id": content.id,
        "code": content.code,
        "version": content.version,
        "digest": model.digest,
        "titles": {language: content.title},
        "languages": [language],
        "scale": plain(content.scale),
        "rating": plain(content.rating),
        "lenses": items(content.lenses),
        "dimensions": [
            _item(dimension, language, leave={"areas"}) | {"areas": [a.id for a in dimension.areas]}
            for dimension in content.dimensions
        ],
        "areas": [
            _item(area, language) | {"dimension": model.dimension_of[area.id].id}
            for area in model.areas.values()
        ],
        "archetypes": items(content.archetypes),
        "gates": items(content.gates),
        "panels": items(content.panels),
        "facts": items(content.facts),
        "fact_checks": plain(content.fact_checks),
        "sections": [
            _item(section, language, leave={"questions"})
            | {"questions": [q.id for q in section.questions]}
            for section in content.sections
        ],
        "questions": [
            _item(question, language) | {"options": _options(model, question)}
            for question in model.questions.values()
        ],
        "pulse": items(content.pulse),
        "forms": [_form(model, form, language) for form in content.forms],
        "rules": items(model.rules.values()),
        "contradictions": items(model.contradictions.values()),
        "sops": items(model.sops.values()),
        "kpis": items(content.kpis),
        "post_cards": items(content.post_cards),
        "stages": items(ladder.stages if ladder else ()),
        "stage_model": plain(ladder),
        "roles": items(content.roles),
        "channels": items(content.channels),
        "posts": items(staffing.posts if staffing else ()),
        "staffing": plain(staffing),
        "roadmap": plain(roadmap),
        "limits": items(content.limits),
        "benchmarks": items(content.benchmarks),
        "assumptions": items(content.assumptions),
        "cases": items(content.cases),
        "frameworks": items(content.frameworks),
        "glossary": items(content.glossary),
    }


def plain(value: Any) -> Any:
    """Return content records as JSON-ready values; exact numbers become int or float."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _item(
    record: Any, language: str, leave: frozenset[str] | set[str] = frozenset()
) -> dict[str, Any]:
    """Return one item with ``titles``; its id stands for a printed code it does not have."""
    data = {key: value for key, value in plain(record).items() if key not in leave}
    title = next(
        (data[key] for key in ("title", "text", "finding", "term", "meaning") if data.get(key)), ""
    )
    return {"id": data["id"], "code": data.get("code", data["id"]), "titles": {language: title}} | {
        key: value for key, value in data.items() if key not in ("id", "code")
    }


def _options(model: MaturityModel, question: Question) -> list[str]:
    if question.type != "choice":
        return []
    if question.choices:
        return [choice.title for choice in question.choices]
    return list(model.areas[question.area].anchors) if question.area else []


def _form(model: MaturityModel, form: Any, language: str) -> dict[str, Any]:
    data = _item(form, language)
    if form.every_question:
        data["questions"] = list(model.questions)
    if form.every_fact:
        data["facts"] = list(model.facts)
    return data
