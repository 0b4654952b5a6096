"""The two published cases, answered by several roles, as their files tell them."""

from functools import cache
from pathlib import Path
from typing import Final

from app.content.answers import read_assessment
from app.domain.response import Assessment
from tests.enterprises import private_domain_model

FOLDER: Final = (
    Path(__file__).resolve().parents[1] / "questionnaires" / "private-domain" / "examples"
)
CASES: Final = ("case-1-mother-baby", "case-2-jewellery")


@cache
def published_case(name: str) -> Assessment:
    """Return the assessment of one of ``CASES``."""
    file = FOLDER / f"{name}.yaml"
    return read_assessment(file.read_bytes(), file.name, private_domain_model())
