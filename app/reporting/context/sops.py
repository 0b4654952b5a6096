"""The SOP pack: one card per planned procedure, the week of every role, the first days' tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.definitions.sop import Driver, SopStep
from app.domain.figures import Figures
from app.domain.planning import SelectedSop, Task, by_sop
from app.reporting.context.sops_calendar import (
    DayTask,
    ListedWeek,
    calendar_note,
    first_tasks,
    listed_weeks,
)
from app.reporting.context.sops_posters import Poster, posters
from app.reporting.context.sops_weeks import weeks_of
from app.reporting.context.source import Source
from app.reporting.context.staffing_newcomers import store_minutes
from app.reporting.context.staffing_view import StaffingView

RULES_NAMED: Final = 1
FIRST_DAYS: Final = 15
SHARED_SLOT: Final = 4
"""A blank that so many procedures share is worth filling in first."""

PER_RUN: Final[dict[Driver, str]] = {
    "new-friend": "每位新好友{}分钟",
    "new-group": "每开一个群{}分钟",
    "group-day": "每群每天{}分钟",
    "thousand-users": "每千名在管用户每月{}分钟",
    "thousand-records": "每千名用户每月{}分钟",
    "account-week": "每个账号每周{}分钟",
    "content-unit": "每条成品{}分钟",
    "session": "每段会话{}分钟",
    "lead": "每条线索{}分钟",
    "store-day": "每店每天{}分钟",
    "store-week": "每店每周{}分钟",
    "new-store": "每铺开一家店{}分钟",
    "new-hire": "每位新人{}分钟",
    "event": "每场{}分钟",
    "week": "每周{}分钟",
    "month": "每月{}分钟",
    "once": "一次{}分钟",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: when, whose, where, what and how to say it, what shows it done, its minutes."""

    code: str
    when: str
    owner: str
    along: str
    channel: str
    action: str
    script: str
    metric: str
    target: str
    kpi: str
    minutes: str


@dataclass(frozen=True, slots=True)
class SopCard:
    """One procedure a manager can start from this card alone.

    ``why`` says what called it into this plan; ``slots`` are to be filled in before use;
    ``opens`` says on which day and in which phase it begins (empty without a roadmap).
    """

    code: str
    title: str
    purpose: str
    why: str
    trigger: str
    owner: str
    cadence: str
    opens: str
    slots: tuple[str, ...]
    steps: tuple[StepRow, ...]
    done_when: str
    pitfall: str


@dataclass(frozen=True, slots=True)
class SopPack:
    """The SOP section.

    ``headline`` says how many of the model's procedures run and when. ``cards`` stand in the order
    in which they open. ``posters`` are the weeks of the front-line roles, ``weeks`` those of the
    others; ``tasks`` the one-off tasks from the first day of the plan to day 15, ``tasks_title``
    their heading and ``tasks_note`` the days off they avoid.
    """

    headline: str
    lead: tuple[str, ...]
    cards: tuple[SopCard, ...]
    posters: tuple[Poster, ...]
    weeks: tuple[ListedWeek, ...]
    tasks_title: str
    tasks_note: str
    tasks: tuple[DayTask, ...]


def build(source: Source) -> SopPack | None:
    """Build the section; None for a plan without procedures."""
    selected, roadmap = source.diagnosis.plan.sops, source.diagnosis.plan.roadmap
    if not selected:
        return None
    tasks = by_sop(roadmap.tasks) if roadmap else {}
    opening = {name: _opens(own) for name, own in tasks.items()}
    ordered = sorted(selected, key=lambda item: (opening.get(item.sop.id, date.max), item.sop.code))
    weeks = weeks_of(source, [item.sop for item in ordered])
    calendar = source.diagnosis.basis.calendar
    return SopPack(
        headline=_headline(source, ordered, opening),
        lead=_lead(source, ordered),
        cards=tuple(_card(source, item, opening.get(item.sop.id)) for item in ordered),
        posters=posters(source, weeks, source.diagnosis.plan.limits),
        weeks=listed_weeks(source, weeks),
        tasks_title=source.wording.translate("开工前到第{}天：一次性的事，逐日销账").format(
            FIRST_DAYS
        ),
        tasks_note=(
            calendar_note(source, calendar, roadmap.phases[0].start, roadmap.phases[-1].end)
            if roadmap
            else ""
        ),
        tasks=(first_tasks(source, roadmap, roadmap.day(FIRST_DAYS), calendar) if roadmap else ()),
    )


def _opens(tasks: Sequence[Task]) -> date:
    """Return the day a procedure's own work begins; what it prepares lies before."""
    own = [task.start for task in tasks if task.step.timing.day >= 0]
    return min(own or [task.start for task in tasks])


def _headline(source: Source, ordered: Sequence[SelectedSop], opening: Mapping[str, date]) -> str:
    t, roadmap = source.wording.translate, source.diagnosis.plan.roadmap
    text = t("{}份SOP").format(len(ordered))
    if roadmap is not None:
        last = roadmap.day(FIRST_DAYS)
        early = sum(day <= last for day in opening.values())
        text = t("{count}份SOP：第{days}天前只上{early}份").format(
            count=len(ordered), days=FIRST_DAYS, early=early
        )
    minutes = _store_minutes(source, ordered)
    if minutes and source.diagnosis.plan.staffing and _stores(source):
        return text + t("，一家店一天{}分钟").format(source.wording.number(minutes))
    minutes = _daily_minutes(ordered, "group-day")
    if minutes:
        return text + t("，一个群一天{}分钟").format(source.wording.number(minutes))
    return text


def _stores(source: Source) -> bool:
    return bool(Figures.of(source.diagnosis.assessment).number("stores"))


def _store_minutes(source: Source, ordered: Sequence[SelectedSop]) -> Fraction:
    """Return what a store's day takes: as the staffing counts it, else what its steps come to."""
    view = StaffingView.of(source)
    counted = store_minutes(view, view.full) if view is not None else None
    return _daily_minutes(ordered, "store-day") if counted is None else counted


def _daily_minutes(ordered: Sequence[SelectedSop], driver: Driver) -> Fraction:
    steps = (step for item in ordered for step in item.sop.steps)
    return sum((Fraction(s.minutes) for s in steps if s.driver == driver), Fraction(0))


def _lead(source: Source, ordered: Sequence[SelectedSop]) -> tuple[str, ...]:
    wording, t = source.wording, source.wording.translate
    called = sum(bool(item.rules) for item in ordered)
    staged = len(ordered) - called
    steps = sum(len(item.sop.steps) for item in ordered)
    left = len(source.model.sops) - len(ordered)
    said = [
        t(
            "模型里{all}份SOP，这份计划用{used}份、{steps}步：{called}份由前面的问题引出，{staged}份是"
            "{stage}阶段的必备；其余{left}份现在不上，过关复评时再看。"
        ).format(
            all=len(source.model.sops),
            used=len(ordered),
            steps=steps,
            called=called,
            staged=staged,
            stage=source.diagnosis.stage.stage.title if source.diagnosis.stage else t("现"),
            left=left,
        ),
        t(
            "一张卡发给一个负责人就能开工：先把花括号里的空填成自己的话，再照时点做，每一步只看一个数。"
            "话术是提示，请按IP的口气改写。"
        ),
    ]
    slots = list(dict.fromkeys(slot for item in ordered for slot in item.sop.slots))
    common = [
        slot for slot in slots if sum(slot in item.sop.slots for item in ordered) >= SHARED_SLOT
    ]
    if common:
        said.append(
            t("最先要填的空（多张卡共用）：{}。").format(
                wording.joined(["{" + slot + "}" for slot in common])
            )
        )
    return tuple(said)


def _card(source: Source, item: SelectedSop, opens: date | None) -> SopCard:
    wording, sop = source.wording, item.sop
    return SopCard(
        code=sop.code,
        title=sop.title,
        purpose=sop.purpose,
        why=why(source, item),
        trigger=sop.trigger,
        owner=wording.role(sop.owner),
        cadence=sop.cadence,
        opens=_opening_words(source, sop.id, opens),
        slots=sop.slots,
        steps=tuple(_step(source, step) for step in sop.steps),
        done_when=sop.done_when,
        pitfall=sop.pitfall,
    )


def why(source: Source, item: SelectedSop) -> str:
    """Return what called a procedure into the plan: findings in words, further ones by code."""
    t, model = source.wording.translate, source.model
    ranks, titles = {}, {}
    for place, finding in enumerate(source.diagnosis.diagnostics.findings):
        for member in (finding, *finding.collapsed):
            ranks[member.rule.id], titles[member.rule.id] = place, member.title
    rules = sorted(item.rules, key=lambda name: ranks[name])
    named = [f"{model.rules[name].code} {titles[name]}" for name in rules]
    text = t("；").join(named[:RULES_NAMED])
    if len(rules) > RULES_NAMED:
        codes = [model.rules[name].code for name in rules[RULES_NAMED:]]
        text += t("；另有{}").format(source.wording.joined(codes))
    stage = item.stage
    if stage is not None and model.content.stage_model is not None:
        found = next(each for each in model.content.stage_model.stages if each.id == stage)
        demanded = t("{code} {title}阶段必备").format(code=found.code, title=found.title)
        text = text + t("；") + demanded if text else demanded
    if item.chosen:
        return t("贵司自己要求加入")
    if not text and item.supports:
        above = source.wording.joined([model.sops[name].code for name in item.supports])
        return t("{codes}建在它上面，而它还没有立住").format(codes=above)
    return text


def _opening_words(source: Source, sop: str, opens: date | None) -> str:
    roadmap = source.diagnosis.plan.roadmap
    if opens is None or roadmap is None:
        return ""
    phase = next(
        (
            planned.phase
            for planned in roadmap.phases
            for item in roadmap.initiatives
            if sop in item.sops and item.phase == planned.phase.id
        ),
        None,
    )
    day = source.wording.day(opens)
    if phase is None:
        return day
    return source.wording.translate("{}（{}）").format(day, f"{phase.code} {phase.title}")


def _step(source: Source, step: SopStep) -> StepRow:
    wording, t = source.wording, source.wording.translate
    channels = {channel.id: channel.title for channel in source.model.content.channels}
    kpi = step.metric.kpi
    minutes = t(PER_RUN[step.driver]).format(wording.plain(step.minutes)) if step.minutes else ""
    return StepRow(
        code=step.code,
        when=step.timing.shown,
        owner=wording.role(step.owner),
        along=wording.roles(step.with_roles),
        channel=channels.get(step.channel, step.channel),
        action=step.action,
        script=step.script,
        metric=step.metric.title,
        target=step.metric.target,
        kpi=source.model.kpis[kpi].code if kpi is not None else "",
        minutes=minutes,
    )
