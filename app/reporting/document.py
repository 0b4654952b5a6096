"""The diagnosis as data: ``diagnosis.json``, described by ``diagnosis.schema.json`` beside this.

Everything in it is taken from the same ``Source`` as the printed report. Numbers are JSON numbers
rounded half up to four places, items go by their printed codes, keys always stand in one order.
"""

import json
from pathlib import Path
from typing import Any, Final

from app.domain.contradictions import FoundContradiction
from app.domain.expression import Reference
from app.domain.rules import Finding, Undecided
from app.reporting import document_outlook, document_plan, document_scores, document_staffing
from app.reporting.conditions import Conditions
from app.reporting.context.source import Source
from app.reporting.document_values import JSON, Codes, number

SCHEMA_VERSION: Final = "2.1"
"""Grows with every change that a reader of the document would notice."""

SCHEMA_PATH: Final = Path(__file__).with_name("diagnosis.schema.json")


def diagnosis_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of ``diagnosis_document``."""
    schema: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return schema


def diagnosis_document(source: Source) -> dict[str, JSON]:
    """Return the whole diagnosis as JSON values."""
    diagnosis, codes = source.diagnosis, Codes(source.model)
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": diagnosis.as_of.isoformat(),
        "report": _edition(source),
        "model": _model(source),
        "client": _client(source),
        "form": diagnosis.assessment.form,
        **document_scores.scorecard(source, codes),
        "panels": document_scores.panels(source),
        "agreement": document_scores.agreement(source),
        "questions": document_scores.questions(source, codes),
        "facts": document_scores.facts(source),
        "pulse": document_scores.pulse(source),
        "findings": _findings(source, codes),
        "priorities": _priorities(source),
        "root_causes": _root_causes(source, codes),
        "rejected": [
            _finding(source, codes, finding, None) for finding in diagnosis.diagnostics.rejected
        ],
        "idle_decisions": _idle_decisions(source),
        "undecided": [_undecided(source, item) for item in diagnosis.diagnostics.undecided],
        "contradictions": _contradictions(source, codes),
        "stage": document_plan.stage(source),
        "plan": document_plan.plan(source, codes),
        "staffing": document_staffing.staffing(source, codes),
        "kpis": document_plan.kpis(source, codes),
        "economics": document_plan.economics(source),
        "business_case": document_outlook.business_case(source),
        "next_levels": document_outlook.next_levels(source, codes),
        "not_assessed": _not_assessed(source, codes),
    }


def _edition(source: Source) -> JSON:
    edition = source.edition
    return {
        "number": edition.number,
        "version": edition.version,
        "issued": edition.issued.isoformat(),
        "language": edition.locale,
        "template_version": edition.template_version,
        "digest": edition.digest,
    }


def _model(source: Source) -> JSON:
    content = source.model.content
    return {
        "id": content.id,
        "code": content.code,
        "title": content.title,
        "version": content.version,
        "digest": source.model.digest,
    }


def _client(source: Source) -> JSON:
    client = source.diagnosis.assessment.client
    return {
        "name": client.name,
        "archetype": client.archetype,
        "city_tier": client.city_tier,
        "industry": client.industry,
        "consultancy": client.consultancy,
        "consultant": client.consultant,
    }


def _findings(source: Source, codes: Codes) -> JSON:
    """Return every fired rule: those of a family stand behind the one that speaks for them."""
    entries: list[JSON] = []
    for head in source.diagnosis.diagnostics.findings:
        entries.append(_finding(source, codes, head, None))
        entries += [_finding(source, codes, item, head.rule.code) for item in head.collapsed]
    return entries


def _finding(source: Source, codes: Codes, finding: Finding, family_head: str | None) -> JSON:
    rule, wording, conditions = finding.rule, source.wording, Conditions(source)
    return {
        "code": rule.code,
        "id": rule.id,
        "title": finding.title,
        "area": codes.area(rule.area),
        "severity": finding.severity,
        "priority": number(finding.priority),
        "binds_gate": finding.binds_gate,
        "evidence": {
            "says": [wording.sentence(sentence) for sentence in finding.says],
            "conditions": [conditions.chip(atom) for atom in finding.trace.decisive()],
        },
        "root_cause": {"cluster": rule.cluster, "text": rule.cause},
        "consequence": rule.consequence,
        "recommendation": finding.recommend,
        "first_step": rule.first_step,
        "effort": rule.effort,
        "impact": rule.impact,
        "sops": codes.sops(rule.sops),
        "roles": codes.roles(rule.roles),
        "kpis": codes.kpis(rule.kpis),
        "flips": list(conditions.cheapest_change(finding.trace)),
        "open_prerequisites": [codes.area(area) for area in finding.open_prerequisites],
        "family_head": family_head,
        "collapsed": codes.rules(item.rule.id for item in finding.collapsed),
        "decision": _decision(finding),
    }


def _decision(finding: Finding) -> JSON:
    """Return what the consultant decided of a finding, with the rule's own words beside an edit."""
    found = finding.decision
    if found is None:
        return None
    own = {"title": finding.rule.finding, "recommendation": finding.rule.recommend}
    return {
        "verdict": found.verdict,
        "reason": found.reason,
        "original": own if found.verdict == "edited" else None,
    }


def _idle_decisions(source: Source) -> list[JSON]:
    """Return the decisions on rules that do not fire, in the order of the model."""
    given, found = source.diagnosis.assessment.decisions, source.diagnosis.diagnostics
    idle, undecided = found.idle(given), {item.rule.id for item in found.undecided}
    return [
        {
            "code": rule.code,
            "id": name,
            "verdict": given[name].verdict,
            "reason": given[name].reason,
            "because": "undecided" if name in undecided else "quiet",
        }
        for name, rule in source.model.rules.items()
        if name in idle
    ]


def _priorities(source: Source) -> JSON:
    diagnostics = source.diagnosis.diagnostics
    return {
        "must": [finding.rule.code for finding in diagnostics.must],
        "should": [finding.rule.code for finding in diagnostics.should],
        "later": [finding.rule.code for finding in diagnostics.later],
    }


def _root_causes(source: Source, codes: Codes) -> list[JSON]:
    return [
        {
            "cluster": cause.cluster,
            "findings": codes.rules(cause.findings),
            "headline": cause.headline,
        }
        for cause in source.diagnosis.diagnostics.root_causes
    ]


def _undecided(source: Source, item: Undecided) -> JSON:
    return {
        "code": item.rule.code,
        "id": item.rule.id,
        "title": item.rule.finding,
        "needs": [_need(source, reference) for reference in item.needs],
    }


def _contradictions(source: Source, codes: Codes) -> JSON:
    """Return the claims that numbers do not bear out, and the confidence that falls for it."""
    found = source.diagnosis.contradictions
    return {
        "found": [_contradiction(source, codes, item) for item in found.found],
        "undecided": [
            {
                "code": item.contradiction.code,
                "id": item.contradiction.id,
                "title": item.contradiction.title,
                "needs": [_need(source, reference) for reference in item.needs],
            }
            for item in found.undecided
        ],
        "lowered": {
            codes.area(item.area): {
                "evidence": number(item.evidence),
                "trust": number(item.trust),
            }
            for item in found.lowered
        },
    }


def _contradiction(source: Source, codes: Codes, item: FoundContradiction) -> JSON:
    told, conditions = item.contradiction, Conditions(source)
    return {
        "code": told.code,
        "id": told.id,
        "title": told.title,
        "claim": told.claim,
        "says": [source.wording.sentence(sentence) for sentence in item.says],
        "conditions": [conditions.chip(atom) for atom in item.trace.decisive()],
        "areas": [codes.area(area) for area in told.areas],
        "ask": {
            "roles": codes.roles(told.roles),
            "question": told.ask,
            "ask_to_see": told.ask_to_see,
        },
    }


def _need(source: Source, reference: Reference) -> JSON:
    return {
        "reads": str(reference),
        "code": source.wording.code(reference) or None,
        "label": source.wording.label(reference),
    }


def _not_assessed(source: Source, codes: Codes) -> JSON:
    found = source.diagnosis.not_assessed
    return {
        "questions": [question.code for question in found.questions],
        "facts": [fact.code for fact in found.facts],
        "areas": [codes.area(area) for area in found.areas],
    }
