"""Plan controls as the database keeps them: JSON, exact, only what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from fractions import Fraction
from typing import Any, Final

from app.domain.response import PlanControls

_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "start": date.fromisoformat,
    "payroll_cap": Fraction,
    "productive_hours": Fraction,
    "add_sops": tuple,
    "drop_sops": tuple,
    "cadence": lambda given: {name: Fraction(value) for name, value in given.items()},
    "assumptions": lambda given: {name: Fraction(value) for name, value in given.items()},
}


def controls_document(controls: PlanControls) -> dict[str, Any]:
    """Return the controls that differ from the default, in JSON."""
    document = {}
    for field in fields(controls):
        value = getattr(controls, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if value != default:
            document[field.name] = _plain(value)
    return document


def controls_from(document: Mapping[str, Any]) -> PlanControls:
    """Return the controls that ``controls_document`` wrote; raises ``ValueError`` for others."""
    known = {field.name for field in fields(PlanControls)}
    if unknown := sorted(set(document) - known):
        raise ValueError(f"no such control: {', '.join(unknown)}")
    return PlanControls(
        **{name: _READERS.get(name, lambda same: same)(value) for name, value in document.items()}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return list(value) if isinstance(value, tuple) else value
