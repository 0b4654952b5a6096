"""Staffing sections for tests: both cases as they are, and with people and money refused."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from app.reporting.context import staffing
from app.reporting.context.source import Source
from app.reporting.context.staffing_view import StaffingView
from app.reporting.document import diagnosis_document
from tests.reports.sample_sources import case, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")
SHORT = "case-1-mother-baby"


@cache
def refused(name: str = SHORT) -> Source:
    """Return a case whose client grants no content, one specialist, and 150,000 CNY a month."""
    assessment = case(name).diagnosis.assessment
    controls = replace(
        assessment.controls,
        max_hires={"content": 0, "specialist": 1},
        payroll_cap=Fraction(150_000),
    )
    return source_of(replace(assessment, controls=controls))


SOURCES = dict.fromkeys(CASES, case) | {f"{name}-refused": refused for name in CASES}


@cache
def source(name: str) -> Source:
    return SOURCES[name](name.removesuffix("-refused"))


@cache
def built(name: str) -> staffing.StaffingPart:
    part = staffing.build(source(name))
    assert part is not None
    return part


@cache
def document(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(diagnosis_document(source(name))))
    return read


def view_of(name: str) -> StaffingView:
    view = StaffingView.of(source(name))
    assert view is not None
    return view


EVERY = pytest.mark.parametrize("name", SOURCES)
