"""The controls as the desk draws them: group by group, each with its default, range and meaning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from app.domain.assumptions import Assumed, assumptions_of
from app.domain.definitions.sop import Sop, SopStep
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.forms.numerals import shown_number, typed_number
from app.forms.plan_controls import ControlPath, QuantityField
from app.forms.plan_words import WORDS
from app.services.plans.gauges import Defaults, Gauge
from app.services.plans.reading import PlanReading, SopLine
from app.web.plan.differing import choice_title, decision_words
from app.web.plan.handing_in import HandedIn
from app.web.presenting import day, say

_HUNDRED: Final = 100
_FAR: Final = 10
"""An end of a range so many times beyond its slider's is there to catch slips of the keys."""
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider's span, its step and where it stands, as the browser reads them, and its ends.

    ``rests`` is where it stands while nobody decides.
    """

    low: str
    high: str
    step: str
    at: str
    rests: str
    low_words: str
    high_words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One control; ``kind`` is number, choice, day or sop.

    ``value`` is what its box holds (empty: the default), ``default`` says what that is and
    ``empty`` the same in a word or two, for the box itself. ``choices`` are (value, label) where it
    is a choice. ``aside`` stands beside the label; ``refusable`` offers to grant nobody; ``begins``
    heads the rows from here on.
    """

    name: str
    kind: str
    label: str
    value: str
    error: str
    unit: str = ""
    means: str = ""
    permitted: str = ""
    default: str = ""
    empty: str = ""
    slider: Slider | None = None
    choices: tuple[tuple[str, str], ...] = ()
    aside: str = ""
    refusable: bool = False
    begins: str = ""

    @property
    def is_switch(self) -> bool:
        """Whether its choices are so few that all of them are shown."""
        return 0 < len(self.choices) <= _FEW


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together.

    ``tucked`` are those of little use now, put away under ``tucked_title``. ``finds`` is the word
    above a search box, empty for none.
    """

    id: str
    title: str
    lead: str
    rows: tuple[Row, ...]
    finds: str
    tucked: tuple[Row, ...] = ()
    tucked_title: str = ""

    @property
    def changed(self) -> int:
        """How many of them are not left to their default."""
        return sum(bool(row.value) for row in (*self.rows, *self.tucked))

    @property
    def refused(self) -> int:
        """How many of them cannot be taken."""
        return sum(bool(row.error) for row in (*self.rows, *self.tucked))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a group is made of: Chinese keys, and the controls in it."""

    title: str
    controls: tuple[str, ...]
    lead: str = ""
    finds: str = ""


_GROUPS: Final[Mapping[str, _Plan]] = {
    "goal": _Plan("目标与时间", ("start", "target_users", "target_level")),
    "people": _Plan("人和钱", ("payroll_cap", "max_hires", "city_tier", "productive_hours")),
    "service": _Plan(
        "服务与工作量",
        (
            "service_mode",
            "tool_level",
            "tested_capacity",
            "growth_buffer",
            "online_users",
            "content_units_per_week",
            "leads_per_month",
            "sessions_per_day",
        ),
    ),
    "sops": _Plan(
        "SOP",
        ("sops",),
        "诊断已经选好一批，可以加做，也可以不做；加做的SOP要先有的SOP会一起带进来。",
        "找SOP",
    ),
    "cadence": _Plan(
        "步骤的节奏",
        ("cadence",),
        "有自己节奏的步骤可以改一周做几次；超过平台、法规或自家上限的不收。",
        "找步骤",
    ),
    "assume": _Plan(
        "测算假设",
        ("assumptions",),
        "没有事实可用时才用的数，每个都写明来路；有自己的数就填进来。",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """Draws the controls of one plan."""

    handed: HandedIn
    defaults: Defaults
    reading: PlanReading

    def groups(self) -> tuple[Group, ...]:
        """Return the groups that have a control."""
        rows: dict[str, list[Row]] = {}
        for name, path in self.handed.form.paths.items():
            if path[0] != "max_hires" or path in self.defaults.gauges:
                rows.setdefault(path[0], []).append(self._row(name, path))
        groups = (self._group(id_, plan, rows) for id_, plan in _GROUPS.items())
        return tuple(group for group in groups if group.rows)

    def _group(self, id_: str, plan: _Plan, rows: Mapping[str, list[Row]]) -> Group:
        own = [row for name in plan.controls for row in rows.get(name, ())]
        tucked = [row for row in own if row.name in self._unasked and not (row.value or row.error)]
        return Group(
            id=id_,
            title=say(plan.title),
            lead=say(plan.lead) if plan.lead else "",
            rows=tuple(row for row in own if row not in tucked),
            finds=say(plan.finds) if plan.finds else "",
            tucked=tuple(tucked),
            tucked_title=say("计划不用招的{n}个岗位", n=len(tucked)),
        )

    def _row(self, name: str, path: ControlPath) -> Row:
        match path[0]:
            case "sops":
                line = self._sops[path[1]]
                label = f"{line.code} {line.title}"
                return self._choice(name, "sop", label, aside=sop_words(line))
            case "max_hires":
                return self._hires(name, path)
            case "cadence":
                return self._step(name, path)
            case "assumptions":
                return self._assumption(name, path)
        label, default = say(WORDS[name].title), self._default(name)
        if self.handed.form.quantity(name) is not None:
            row = self._number(name, path, label, default=default, means=say(WORDS[name].means))
            return replace(row, empty=say("不设")) if name == "target_level" else row
        kind = "day" if name == "start" else "choice"
        return self._choice(name, kind, label, default=default, means=say(WORDS[name].means))

    # -- kinds of rows -------------------------------------------------------------------------

    def _choice(self, name: str, kind: str, label: str, **more: Any) -> Row:
        offered = getattr(self.handed.form[name], "choices", None) or ()
        return Row(
            name=name,
            kind=kind,
            label=label,
            value=self._values.get(name, ""),
            error=self.handed.errors.get(name, ""),
            choices=tuple((choice.value, choice.label) for choice in offered),
            **more,
        )

    def _number(self, name: str, path: ControlPath, label: str, **more: Any) -> Row:
        field, gauge = self.handed.form.quantity(name), self.defaults.gauges.get(path)
        assert field is not None  # noqa: S101  only numbers come here
        if gauge is not None and gauge.default is not None:
            more.setdefault("empty", figure(field, gauge.default))
        more.setdefault("empty", say("不设"))
        value = self._values.get(name, "")
        return Row(
            name=name,
            kind="number",
            label=label,
            value=value,
            error=self.handed.errors.get(name, ""),
            unit=field.unit,
            permitted=permitted_words(field) if _is_narrow(field, gauge) else "",
            slider=_slider(field, gauge) if gauge is not None else None,
            **more,
        )

    def _hires(self, name: str, path: ControlPath) -> Row:
        return self._number(
            name,
            path,
            self._posts[path[1]],
            default=say("默认要几个批几个"),
            empty=say("不限"),
            aside=asked_words(self.defaults.asked.get(path[1], 0)),
            refusable=True,
        )

    def _step(self, name: str, path: ControlPath) -> Row:
        sop, step = self._steps[path[1]]
        return self._number(
            name,
            path,
            f"{step.code} {step.action}",
            default=say("默认{value}", value=step.timing.shown),
            begins=f"{sop.code} {sop.title}" if self._is_first(sop, step) else "",
        )

    def _assumption(self, name: str, path: ControlPath) -> Row:
        found = self._assumed[path[1]]
        value = decision_words(self._model, path, found.value)
        if found.origin == "measured":
            default = say("默认{value}：这次诊断里测到的", value=value)
        else:
            grade = found.item.grade
            default = say("默认{value}：本模型的数，来源等级{grade}", value=value, grade=grade)
        return self._number(name, path, found.item.title, default=default, means=found.item.basis)

    # -- defaults --------------------------------------------------------------------------------

    def _default(self, name: str) -> str:
        """Say what stands where nobody decides."""
        spoken: dict[str, Callable[[], str]] = {
            "start": self._default_start,
            "target_users": self._default_users,
            "target_level": lambda: say("默认不设：照诊断选SOP，一个域最多升一级"),
            "payroll_cap": lambda: say("默认不设上限"),
            "growth_buffer": self._default_growth,
            "service_mode": lambda: self._default_choice("service_mode", self.defaults.mode),
            "city_tier": lambda: self._default_choice("city_tier", self.defaults.tier),
        }
        if name in spoken:
            return spoken[name]()
        gauge = self.defaults.gauges.get((name,))
        if gauge is None or gauge.default is None:
            return say("默认照诊断")
        return say("默认{value}", value=decision_words(self._model, (name,), gauge.default))

    def _default_start(self) -> str:
        return say("默认{day}：诊断日后两周", day=day(self.defaults.start))

    def _default_users(self) -> str:
        text, wished = say("默认不设：照现在的加与流算"), self.defaults.wished
        return text + (say("；客户说的目标是{n}人", n=shown_number(wished)) if wished else "")

    def _default_growth(self) -> str:
        return say("默认多备：月新增占用户的比例高") if self.defaults.growth else say("默认不多备")

    def _default_choice(self, name: str, chosen: str) -> str:
        return say("默认{value}", value=choice_title(self._model, name, chosen))

    # -- looked up once --------------------------------------------------------------------------

    @property
    def _model(self) -> MaturityModel:
        return self.handed.form.model

    @cached_property
    def _posts(self) -> Mapping[str, str]:
        staffing = self._model.content.staffing
        return {post.id: post.title for post in staffing.posts} if staffing is not None else {}

    @cached_property
    def _unasked(self) -> frozenset[str]:
        """The boxes of the posts nobody is hired for."""
        return frozenset(
            name
            for name, path in self.handed.form.paths.items()
            if path[0] == "max_hires" and not self.defaults.asked.get(path[1])
        )

    @cached_property
    def _values(self) -> Mapping[str, str]:
        return dict(self.handed.texts)

    @cached_property
    def _sops(self) -> Mapping[str, SopLine]:
        return {line.id: line for line in self.reading.sop_lines}

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Sop, SopStep]]:
        return {step.code: (sop, step) for sop in self._model.sops.values() for step in sop.steps}

    def _is_first(self, sop: Sop, step: SopStep) -> bool:
        """Tell whether a step is the first of its SOP on the sheet."""
        offered = self.handed.form.paths.values()
        return next(one for one in sop.steps if ("cadence", one.code) in offered) is step

    @cached_property
    def _assumed(self) -> Mapping[str, Assumed]:
        return assumptions_of(self.reading.source.diagnosis.basis.world, PlanControls())


def asked_words(asked: int) -> str:
    """Say how many people of a post the plan would hire."""
    return say("计划要招{n}人", n=asked) if asked > 0 else say("计划不用招")


def sop_words(line: SopLine) -> str:
    """Say where the diagnosis puts a SOP, and why."""
    return {
        "planned": lambda: say("要做：{why}", why=line.why),
        "standing": lambda: say("已经在做：它抬的域都站住了"),
        "unfit": lambda: say("用不上：不是这类企业的做法"),
        "waiting": lambda: say("现在不上，过关复评时再看"),
    }[line.state]()


def figure(field: QuantityField, value: Fraction) -> str:
    """Return a number as people read it in the unit of its box, at most two places."""
    shown = value * _HUNDRED if field.share else value
    return shown_number(Fraction(round(shown * _HUNDRED), _HUNDRED))


def permitted_words(field: QuantityField) -> str:
    """Say between which numbers a box may hold one."""
    low, high = (
        figure(field, bound) if isinstance(bound, Fraction) else ""
        for bound in (field.permitted.low, field.permitted.high)
    )
    if field.permitted.above:
        return say("可填大于{low}、不超过{high}的数", low=low, high=high)
    return say("可填{low}到{high}", low=low, high=high)


def _is_narrow(field: QuantityField, gauge: Gauge | None) -> bool:
    """Tell whether the range is worth a word: a guard against slips of the keys is not."""
    high = field.permitted.high
    return gauge is None or not isinstance(high, Fraction) or high <= _FAR * gauge.high


def _slider(field: QuantityField, gauge: Gauge) -> Slider:
    rests = next(place for place in (gauge.default, gauge.rests, gauge.high) if place is not None)
    at = field.data if isinstance(field.data, Fraction | int) else rests

    def typed(number: Fraction | int) -> str:
        shown = Fraction(number) * _HUNDRED if field.share else Fraction(number)
        return typed_number(Fraction(round(shown * _HUNDRED), _HUNDRED))

    def placed(number: Fraction | int) -> str:
        return typed(min(max(Fraction(number), gauge.low), gauge.high))

    return Slider(
        low=typed(gauge.low),
        high=typed(gauge.high),
        step=typed(gauge.step),
        at=placed(at),
        rests=placed(rests),
        low_words=figure(field, gauge.low),
        high_words=figure(field, gauge.high),
    )
