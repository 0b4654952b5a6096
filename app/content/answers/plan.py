"""The ``plan`` of an answers file: what the client decides about the plan.

Ranges are the domain's (``app.domain.controls``); here they become readers, and what the domain
refuses becomes a mistake at the place where it is written.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from app.content.answers.control_wording import UNITS, refusal_sentence
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names, shown
from app.content.answers.readers import AnyReader
from app.content.answers.values import Reader, iso_date, number, one_of, several, yes_no
from app.content.strict_yaml import Path, parse
from app.domain.controls import (
    Range,
    Refusal,
    assumption_ranges,
    ranges,
    refusals,
    steps_by_code,
)
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

PLAN: Final = "plan"


@dataclass(frozen=True, slots=True)
class _Control:
    """How one control is written: a value, or a mapping from ``keys`` to values."""

    reader: Callable[[str], AnyReader]
    keys: Names | None = None


def read_plan(
    path: Path, raw: Any, model: MaturityModel, users: Fraction | None, mistakes: Mistakes
) -> PlanControls:
    """Return the controls; ``users`` are today's, against which others are checked."""
    mapping = {} if raw is None else mistakes.mapping(path, raw) or {}
    controls = _controls(model)
    mistakes.keys(path, mapping, controls)
    values: dict[str, Any] = {}
    for name, control in controls.items():
        if mapping.get(name) is None:
            continue
        at = (*path, name)
        if control.keys is not None:
            values[name] = _entries(at, mapping[name], control.keys, control.reader, mistakes)
        else:
            value = mistakes.read(at, mapping[name], control.reader(name))
            if value is not None:
                values[name] = value
    plan = PlanControls(**values)
    _tell(path, mapping, refusals(plan, model=model, users=users), model, mistakes)
    return plan


def refuse_controls(found: Iterable[Refusal], data: bytes, file: str, model: MaturityModel) -> None:
    """Raise ``ContentError`` with the place of every refused control; do nothing where none is.

    For what only the diagnosis knows. ``data`` must already have been accepted as an answers file.
    """
    refused = tuple(found)
    if not refused:
        return
    mistakes = Mistakes(data, file)
    _tell((PLAN,), parse(data, file).get(PLAN) or {}, refused, model, mistakes)
    mistakes.tell()


def _controls(model: MaturityModel) -> Mapping[str, _Control]:
    """Return the controls that a model's plan understands, in the order of ``PlanControls``."""
    content = model.content
    found = {"start": _Control(lambda _: iso_date), "target_level": _number(model, "target_level")}
    if content.sops:
        sops = several(Names.coded("SOP", model.sops.values()))
        found |= {
            "add_sops": _Control(lambda _: sops),
            "drop_sops": _Control(lambda _: sops),
            "cadence": _number(model, "cadence", _step_names(model)),
        }
    if content.assumptions:
        found["assumptions"] = _assumptions(model)
    staffing = content.staffing
    if staffing is None:
        return found
    modes = one_of(Names.of("服务方式", (mode.id for mode in staffing.service_modes)))
    tiers = one_of(Names.of("城市档", (tier.id for tier in staffing.city_tiers)))
    posts = Names.coded("岗位", staffing.posts)
    found |= {
        "service_mode": _Control(lambda _: modes),
        "city_tier": _Control(lambda _: tiers),
        "growth_buffer": _Control(lambda _: yes_no),
        "max_hires": _number(model, "max_hires", posts),
    }
    return found | {name: _number(model, name) for name in ranges(model) if name not in found}


def _number(model: MaturityModel, name: str, keys: Names | None = None) -> _Control:
    reader = within(ranges(model)[name], UNITS[name])
    return _Control(lambda _: reader, keys)


def _assumptions(model: MaturityModel) -> _Control:
    bounds = assumption_ranges(model)
    units = {item.id: f"单位：{item.unit}" for item in model.content.assumptions}
    readers = {name: within(found, units[name]) for name, found in bounds.items()}
    return _Control(readers.__getitem__, Names.of("测算假设", bounds))


def within(permitted: Range, note: str) -> Reader[Any]:
    """Return a reader of the numbers of a range: whole ones as int, others as Fraction."""
    low, high = permitted.low, permitted.high
    read = number(
        low if isinstance(low, Fraction) else None,
        high if isinstance(high, Fraction) else None,
        integer=permitted.whole,
        above=permitted.above,
        note=note,
    )
    return (lambda given: int(read(given))) if permitted.whole else read


def _step_names(model: MaturityModel) -> Names:
    """Return the names of steps: their codes, and their ids where only one step has it."""
    steps = steps_by_code(model)
    by_id: dict[str, list[str]] = {}
    for code, step in steps.items():
        by_id.setdefault(step.id, []).append(code)
    ids = {name: codes[0] for name, codes in by_id.items() if len(codes) == 1}
    return Names("SOP步骤", ids | {code: code for code in steps}, tuple(steps))


def _entries(
    path: Path,
    raw: Any,
    names: Names,
    reader: Callable[[str], AnyReader],
    mistakes: Mistakes,
) -> Mapping[str, Any]:
    """Read a mapping from names to values; a name nobody knows and one written twice are told."""
    found: dict[str, Any] = {}
    seen: dict[str, Hashable] = {}
    for key, given in (mistakes.mapping(path, raw) or {}).items():
        if mistakes.full:
            break
        name = names.find(spelling(key))
        if name is None:
            mistakes.at_key(path, key, names.refusal(spelling(key)))
        elif name in seen:
            mistakes.at_key(path, key, f"与{shown(seen[name])}是同一个，写了两次，请删去一处。")
        else:
            seen[name] = key
            value = mistakes.read((*path, key), given, reader(name))
            if value is not None:
                found[name] = value
    return found


def spelling(key: Hashable) -> Hashable:
    """Return a key as it is written: the code 10.1 is read as a number."""
    return f"{key:f}" if isinstance(key, Decimal) else key


def _tell(
    path: Path,
    mapping: Mapping[Hashable, Any],
    found: Iterable[Refusal],
    model: MaturityModel,
    mistakes: Mistakes,
) -> None:
    controls = _controls(model)
    for refusal in found:
        place = _place(mapping, refusal.field, controls[str(refusal.field[0])].keys)
        mistakes.at((*path, *place), refusal_sentence(refusal, model))


def _place(
    mapping: Mapping[Hashable, Any], field: tuple[str | int, ...], keys: Names | None
) -> Iterator[Hashable]:
    """Yield the keys that lead to a control as the file spells them."""
    name, *inner = field
    yield name
    if keys is None:
        yield from inner
        return
    written = mapping.get(name)
    for wanted in inner:
        yield next((key for key in written or () if keys.find(spelling(key)) == wanted), wanted)
