"""Two plans' decisions against each other, named as people name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from app.domain.controls import steps_by_code
from app.domain.definitions.economics import Assumption
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.forms.numerals import shown_number
from app.forms.plan_controls import ADD, DROP, ControlPath, plan_form
from app.forms.plan_words import WORDS
from app.web.presenting import day, say

DEFAULTS: Final[Mapping[str, str]] = {
    "start": "诊断后14天",
    "target_users": "不设",
    "target_level": "不设",
    "payroll_cap": "不设",
    "max_hires": "要几个批几个",
    "sops": "照诊断",
    "cadence": "照SOP",
    "assumptions": "照模型",
}
"""What stands where nobody decided, where it says more than "the default"."""

_VERDICTS: Final = {ADD: "加做", DROP: "不做"}
_LEVELS: Final = ("tool_level", "target_level")


@dataclass(frozen=True, slots=True)
class Difference:
    """One control that differs: its input's name, what it is called, before and after in words."""

    name: str
    title: str
    before: str
    after: str


def differences(
    model: MaturityModel, before: PlanControls, after: PlanControls
) -> tuple[Difference, ...]:
    """Return every control in which two plans differ, in the order of the form."""
    return tuple(_differing(model, before, after))


def _differing(
    model: MaturityModel, before: PlanControls, after: PlanControls
) -> Iterator[Difference]:
    for name, path in plan_form(model).paths.items():
        old, new = decision(before, path), decision(after, path)
        if old != new:
            title = control_title(model, path)
            yield Difference(
                name, title, decision_words(model, path, old), decision_words(model, path, new)
            )


def decision(controls: PlanControls, path: ControlPath) -> Any:
    """Return what is decided of one control; None leaves the default."""
    name, *key = path
    if name == "sops":
        if key[0] in controls.add_sops:
            return ADD
        return DROP if key[0] in controls.drop_sops else None
    value = getattr(controls, name)
    return value.get(key[0]) if key else value


def control_title(model: MaturityModel, path: ControlPath) -> str:
    """Return what a control is called, with what it is about."""
    name, *key = path
    if name == "sops":
        return f"{model.sops[key[0]].code} {model.sops[key[0]].title}"
    if name == "max_hires":
        return say("{post}招聘", post=_posts(model)[key[0]])
    if name == "cadence":
        return say("步骤{code}每周次数", code=key[0])
    if name == "assumptions":
        return _assumption(model, key[0]).title
    return say(WORDS[name].title)


def decision_words(model: MaturityModel, path: ControlPath, value: Any) -> str:
    """Return one decision in words."""
    name, *key = path
    if value is None:
        return say(DEFAULTS.get(name, "默认"))
    if name == "sops":
        return say(_VERDICTS[value])
    if name == "max_hires":
        return say("一个不招") if value == 0 else say("最多{n}人", n=shown_number(value))
    if name == "assumptions":
        item = _assumption(model, key[0])
        if item.share:
            return f"{shown_number(value * 100)}%"
        return with_unit(shown_number(value), item.unit)
    if name in ("service_mode", "city_tier"):
        return choice_title(model, name, value)
    return _plain_words(name, value)


def _plain_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return say("多备") if value else say("不多备")
    if isinstance(value, date):
        return day(value)
    if name in _LEVELS:
        return f"L{value}"
    if name == "payroll_cap":
        return say("{n}元/月", n=shown_number(value))
    return with_unit(shown_number(Fraction(value)), say(WORDS[name].unit))


def with_unit(figure: str, unit: str) -> str:
    """Return a figure with its unit; a Latin word needs a blank before it."""
    return f"{figure} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else figure + unit


def choice_title(model: MaturityModel, name: str, value: str) -> str:
    """Return the title of a service mode or city tier."""
    staffing = model.content.staffing
    if staffing is None:
        return value
    offered = staffing.service_modes if name == "service_mode" else staffing.city_tiers
    return next((item.title for item in offered if item.id == value), value)


def step_title(model: MaturityModel, code: str) -> str:
    """Return what a step does."""
    return steps_by_code(model)[code].action


def _posts(model: MaturityModel) -> dict[str, str]:
    staffing = model.content.staffing
    return {post.id: post.title for post in staffing.posts} if staffing is not None else {}


def _assumption(model: MaturityModel, name: str) -> Assumption:
    return next(item for item in model.content.assumptions if item.id == name)
