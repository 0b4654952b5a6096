"""Reads ``report.yaml``: the sections of a report and their order."""

from pathlib import Path

from pydantic import ValidationError

from app.content.loader import strict_validator
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import locate, parse
from app.content.wording import explain
from app.domain.definitions.report import ReportDefinition


def read_report(folder: Path) -> ReportDefinition:
    """Return the definition in ``folder/report.yaml``; raises ``ContentError`` with places."""
    path = folder / "report.yaml"
    data = path.read_bytes()
    name = f"{folder.name}/report.yaml"
    values = parse(data, name)
    try:
        definition: ReportDefinition = strict_validator(ReportDefinition).validate_python(values)
    except ValidationError as error:
        raise ContentError(
            [
                Problem(name, *locate(data, detail["loc"]), "", explain(detail))
                for detail in error.errors(include_url=False)
            ]
        ) from None
    return definition
