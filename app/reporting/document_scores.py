"""The scores of the JSON document: scorecard, panels, questions, facts, agreement, pulse."""

from app.domain.diagnosis import PanelCell, PanelView
from app.domain.figures import Figures
from app.domain.pulse import PulseLine
from app.domain.scorecard import DimensionScore, GateResult
from app.domain.scoring import AreaScore, QuestionResult
from app.reporting.context.confidence import confidence_of, is_self_reported, overall_trust
from app.reporting.context.source import Source
from app.reporting.document_values import JSON, Codes, answer, number, numbers


def scorecard(source: Source, codes: Codes) -> dict[str, JSON]:
    """Return index, levels, gates, dimensions and areas."""
    card, model = source.diagnosis.scorecard, source.model
    known_lenses = {name: score for name, score in card.lenses.items() if score is not None}
    return {
        "index": number(card.index),
        "overall": number(card.overall),
        "overall_by_score": card.by_score,
        "overall_level": card.level,
        "confidence": _confidence(source),
        "binding_gate": _gate(card.binding, codes) if card.binding else None,
        "red_flags": [{"id": gate.id, "text": gate.red_flag} for gate in card.red_flags()],
        "lenses": numbers(known_lenses),
        "dimensions": {
            model.dimensions[name].code: _dimension(source, codes, name, found)
            for name, found in card.dimensions.items()
        },
        "areas": {
            codes.area(name): _area(source, name, found) for name, found in card.areas.items()
        },
    }


def _confidence(source: Source) -> JSON:
    trust = overall_trust(source.diagnosis)
    return {
        "word": confidence_of(source.diagnosis, trust) if trust is not None else None,
        "trust": number(trust),
        "self_reported": is_self_reported(source.diagnosis),
    }


def _gate(result: GateResult, codes: Codes) -> JSON:
    return {
        "id": result.gate.id,
        "title": result.gate.title,
        "ceiling": result.ceiling,
        "binds": [codes.scored(name) for name in result.binds],
        "reason": result.gate.reason,
    }


def _dimension(source: Source, codes: Codes, name: str, found: DimensionScore) -> JSON:
    dimension = source.model.dimensions[name]
    rated = found.score is not None
    return {
        "id": name,
        "title": dimension.title,
        "lens": dimension.lens,
        "weight": number(found.weight),
        "score": number(found.score),
        "level": found.level,
        "by_score": found.by_score,
        "held_by": [codes.scored(item) for item in found.held_by],
        "target": number(source.target(name)),
        "trust": number(found.trust),
        "confidence": confidence_of(source.diagnosis, found.trust) if rated else None,
    }


def _area(source: Source, name: str, found: AreaScore) -> JSON:
    area = source.model.areas[name]
    return {
        "id": name,
        "title": area.title,
        "dimension": source.model.dimension_of[name].code,
        "asked": found.asked,
        "score": number(found.score),
        "level": found.level,
        "held_by": found.held_by,
        "missing": number(found.missing),
        "trust": number(found.trust),
        "confidence": confidence_of(source.diagnosis, found.trust) if found.asked else None,
    }


def panels(source: Source) -> dict[str, JSON]:
    """Return the panels by id: lines of a list by id, or a grid of rows by column id."""
    return {view.panel.id: _panel(view) for view in source.diagnosis.panels}


def _panel(view: PanelView) -> JSON:
    if view.panel.kind == "grid":
        rows: dict[str, JSON] = {
            row.id: {
                column: _cell(cell) for column, cell in zip(view.panel.columns, cells, strict=True)
            }
            for row, cells in zip(view.panel.rows, view.grid, strict=True)
        }
        return {"title": view.panel.title, "kind": "grid", "rows": rows}
    return {
        "title": view.panel.title,
        "kind": view.panel.kind,
        "items": {cell.id: _cell(cell) for cell in view.cells},
    }


def _cell(cell: PanelCell) -> JSON:
    return {
        "title": cell.title,
        "value": number(cell.value),
        "level": cell.level,
        "status": cell.status.mark if cell.status else None,
    }


def agreement(source: Source) -> JSON:
    """Return α and, for every question somebody answered, the agreement statistics."""
    diagnosis = source.diagnosis
    return {
        "alpha": number(diagnosis.alpha),
        "questions": {
            source.question_code(name): {
                "gap": number(found.gap),
                "sd": number(found.sd),
                "rwg": number(found.rwg),
                "ad": number(found.ad),
                "n": found.n,
            }
            for name, found in diagnosis.agreements.items()
            if found.n
        },
    }


def questions(source: Source, codes: Codes) -> dict[str, JSON]:
    """Return what the answers to each scored question come to, by code."""
    return {
        source.question_code(name): _question(source, codes, name, result)
        for name, result in source.diagnosis.questions.items()
        if source.model.questions[name].type != "text"
    }


def _question(source: Source, codes: Codes, name: str, result: QuestionResult) -> JSON:
    question = source.model.questions[name]
    adjudication = source.diagnosis.assessment.adjudications.get(name)
    items = None
    if result.items is not None:
        items = [item.id for item in question.items if item.id in result.items]
    return {
        "id": name,
        "type": question.type,
        "area": codes.area(question.area) if question.area else None,
        "score": number(result.score),
        "value": number(result.value),
        "items": items,
        "trust": number(result.trust),
        "answers": result.answers,
        "roles": {
            codes.role(role): {
                "mean": number(mean) if source.printable(role, count) else None,
                "n": count,
            }
            for role, (mean, count) in result.role_means.items()
        },
        "adjudicated": adjudication.reason if adjudication else None,
    }


def facts(source: Source) -> dict[str, JSON]:
    """Return every fact asked for, by the id of its part; ``value`` null where nobody gave it."""
    diagnosis, model = source.diagnosis, source.model
    form, given = model.forms[diagnosis.assessment.form], Figures.of(diagnosis.assessment)
    found: dict[str, JSON] = {}
    for fact in model.content.facts:
        if not (form.every_fact or fact.id in form.facts):
            continue
        for part in fact.parts:
            value = given.given(part.id)
            found[part.id] = {
                "code": fact.code,
                "title": part.title,
                "value": answer(value.value) if value else None,
                "unit": part.unit,
                "evidence": value.evidence if value else None,
            }
    return found


def pulse(source: Source) -> JSON:
    """Return what customers said; null without customers."""
    found = source.diagnosis.pulse
    if found is None:
        return None
    return {
        "customers": found.customers,
        "enough": found.enough,
        "items": {line.item.code: _pulse_line(source, line) for line in found.lines},
    }


def _pulse_line(source: Source, line: PulseLine) -> JSON:
    area = line.item.area
    return {
        "id": line.item.id,
        "text": line.item.text,
        "area": source.model.areas[area].code if area else None,
        "n": line.n,
        "mean": number(line.mean),
        "nps": number(line.nps),
        "counts": dict(line.counts),
        "gap": number(line.gap),
        "finding": line.finding,
    }
