"""The staffing plan: how many people per post and phase, why that many, what a refusal costs."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from app.domain.staffing_plan import Horizon
from app.reporting.context.source import Source
from app.reporting.context.staffing_cost import Costs, CostTable
from app.reporting.context.staffing_counts import BothCounts, Counts
from app.reporting.context.staffing_formula import FormulaLine, FormulaText
from app.reporting.context.staffing_hiring import Hiring, HiringRow
from app.reporting.context.staffing_hours import Hours, HoursPart
from app.reporting.context.staffing_sacrifice import SacrificePart, Sacrifices
from app.reporting.context.staffing_table import Column, HeadRow, HeadTable, RangeRow
from app.reporting.context.staffing_view import NOBODY, StaffingView
from app.reporting.context.staffing_ways import store_led, too_heavy
from app.reporting.context.staffing_whatif import RefusalRow, WhatIfs

BASES: Final = (
    "base_capacity",
    "service_modes",
    "tool_factors",
    "labour_share",
    "groups_per_specialist",
    "session_rate",
    "productive_hours_per_day",
    "reference",
    "standing_work",
    "ramp_first_month",
    "hiring_batch",
    "posts",
)
STORE_BASES: Final = ("online_share", "stores_per_coach", "store_hours_per_day")
"""Parameters whose source is printed, where the plan uses them."""


@dataclass(frozen=True, slots=True)
class StaffingPart:
    """The staffing section.

    ``headline`` says how many people and whether to hire, or what too few people cost; ``lead`` the
    way there in paragraphs, ``alarms`` what does not fit: work without hours, a payroll cap that
    cannot be kept (both may be empty). ``columns`` head the table of ``heads`` with its ``totals``.
    ``formula_title`` names the phase whose ``formula`` is printed line by line. ``warning`` tells
    that service is too heavy, ``store_led`` how stores carry the users; both may be empty.
    ``ranges`` are the outer cases. ``counts`` sets the formula against the work, ``hours`` the work
    against the people (both None without work). ``hiring`` are the batches under ``hiring_title``,
    ``hiring_rules`` the model's, ``sharing`` the posts shared. ``cost`` is the payroll by month.
    ``sacrifice`` is what was given up (None without), ``refusals`` what each refused hire would
    cost, ``refusals_title`` their conclusion and ``refusals_note`` what they are held against;
    ``bases`` tell where the parameters are from.
    """

    headline: str
    lead: tuple[str, ...]
    alarms: tuple[str, ...]
    columns: tuple[Column, ...]
    heads: tuple[HeadRow, ...]
    totals: tuple[HeadRow, ...]
    formula_title: str
    formula: tuple[FormulaLine, ...]
    warning: tuple[str, ...]
    store_led: str
    ranges: tuple[RangeRow, ...]
    counts: BothCounts | None
    hours: HoursPart | None
    hiring_title: str
    hiring: tuple[HiringRow, ...]
    hiring_rules: tuple[str, ...]
    sharing: tuple[str, ...]
    cost: CostTable
    sacrifice: SacrificePart | None
    refusals_title: str
    refusals: tuple[RefusalRow, ...]
    refusals_note: str
    bases: tuple[str, ...]


def build(source: Source) -> StaffingPart | None:
    """Build the section; None without a staffing plan."""
    view = StaffingView.of(source)
    if view is None:
        return None
    full, table, costs = view.full, HeadTable(view), Costs(view)
    hours, hiring, refusals = Hours(view).part(), Hiring(view).rows(), WhatIfs(view).rows()
    return StaffingPart(
        headline=headline(view),
        lead=_lead(view),
        alarms=(*(hours.overloads if hours else ()), *costs.over_cap()),
        columns=table.columns(),
        heads=table.rows(),
        totals=table.totals(),
        formula_title=source.wording.translate("{phase}的{fte}人是这样算出来的").format(
            phase=view.phase(full.phase), fte=source.wording.plain(full.fte)
        ),
        formula=FormulaText(view).lines(full),
        warning=too_heavy(view, full),
        store_led=store_led(view, full),
        ranges=table.ranges(),
        counts=Counts(view).both(),
        hours=hours,
        hiring_title=_hiring_title(view, hiring),
        hiring=hiring,
        hiring_rules=_rules(view) if hiring else (),
        sharing=_sharing(view, table),
        cost=costs.table(),
        sacrifice=Sacrifices(view).part(),
        refusals_title=_refusals_title(source, refusals),
        refusals=refusals,
        refusals_note=_refusals_note(view),
        bases=_bases(view),
    )


def _bases(view: StaffingView) -> tuple[str, ...]:
    names = (*BASES, *(STORE_BASES if view.full.work.store_led else ()))
    return tuple(view.model.basis[name] for name in names if name in view.model.basis)


def _refusals_title(source: Source, refusals: tuple[RefusalRow, ...]) -> str:
    t = source.wording.translate
    biting = [row.who for row in refusals if row.bites]
    if not refusals:
        return ""
    if not biting:
        return t("如果不批某个岗位：指数和SOP都不变，代价只在谁来接")
    if len(biting) == len(refusals):
        return t("如果不批某个岗位：每一个都有代价，最贵的是{who}").format(who=biting[0])
    return t("如果不批某个岗位：{all}个里{biting}个有代价，最贵的是{who}").format(
        all=len(refusals), biting=len(biting), who=biting[0]
    )


def _hiring_title(view: StaffingView, hiring: tuple[HiringRow, ...]) -> str:
    t = view.source.wording.translate
    if hiring:
        return t("先招谁，分几批")
    return t("一个人都没批，也就没有招聘") if view.plan.cuts else t("一个人都不用招")


def _refusals_note(view: StaffingView) -> str:
    wording, index = view.source.wording, view.plan.projection.index
    said = wording.translate(
        "每一行都把整份计划按「这个岗位一个人不进」重排一遍：装不下的活先精简、再推后、再停；试点必做、合规和"
        "别的SOP要靠的不停。"
    )
    if index is None:
        return said
    return said + wording.translate("照现在的计划做完，指数是{}。").format(wording.number(index, 1))


# -- headline and lead ---------------------------------------------------------------------------


def headline(view: StaffingView) -> str:
    """Return the section's first sentence: users, people, cost, and who is not granted."""
    found = view.plan.sacrifice
    if found is not None and view.full.refused():
        return _short_headline(view)
    wording, t = view.source.wording, view.source.wording.translate
    full, plan = view.full, view.staffing
    fte, cost = wording.plain(full.fte), wording.money(full.monthly_cost)
    if full.work.store_led and not full.work.pilot:
        text = t("{users}名用户由{stores}家店带，总部{fte}人、每月{cost}").format(
            users=wording.amount(full.work.users),
            stores=wording.number(full.work.stores),
            fte=fte,
            cost=cost,
        )
        return text + (t("；专员不加人") if "specialist" not in full.hires else "")
    if full.specialists.too_heavy and full.focus is not None:
        return _heavy_headline(view)
    hires = sum(full.hires.values(), NOBODY)
    phase = view.phase(full.phase)
    if plan.current and hires:
        return t("{phase}要{fte}人、每月{cost}：现有{now}人，要补{hires}人").format(
            phase=phase,
            fte=fte,
            cost=cost,
            now=wording.plain(plan.current_fte),
            hires=wording.plain(hires),
        )
    if plan.current:
        return t("现有{now}人够用：到{phase}要{fte}人，一个不用加").format(
            now=wording.plain(plan.current_fte), phase=phase, fte=fte
        )
    return t("{phase}要{fte}人、每月{cost}").format(phase=phase, fte=fte, cost=cost)


def _short_headline(view: StaffingView) -> str:
    """Return the conclusion where people were refused: how many, and what it costs."""
    wording, t, found = view.source.wording, view.source.wording.translate, view.plan.sacrifice
    asked = sum((need.fte for need in view.full.needs), NOBODY)
    said = t("{phase}要{asked}人只批{granted}人").format(
        phase=view.phase(view.full.phase),
        asked=wording.plain(asked),
        granted=wording.plain(view.full.fte),
    )
    if found is None or not (found.dropped or found.index_lost):
        return said + t("，计划不用停SOP")
    return said + t("：停{dropped}份SOP，指数少{index}").format(
        dropped=len(found.dropped), index=wording.number(found.index_lost, 1)
    )


def _heavy_headline(view: StaffingView) -> str:
    """Return the conclusion where the margin does not pay for the service."""
    wording, t, full = view.source.wording, view.source.wording.translate, view.full
    found = full.specialists
    if full.focus is not None and full.focus.people < found.count:
        mode = next((m.title for m in view.model.service_modes if m.id == view.staffing.mode), "")
        return t("全员{mode}要{count}名专员，毛利养不起；只重服务前{top}，{people}名就够").format(
            mode=mode,
            count=found.count,
            top=wording.percent(Fraction(view.model.focus_share) * 100),
            people=wording.plain(full.heads().get("specialist", NOBODY)),
        )
    return t(
        "按承接量要{count}名专员，毛利只养得起{affordable}名：先提单用户产出，再谈加人"
    ).format(count=found.count, affordable=found.affordable)


def _lead(view: StaffingView) -> tuple[str, ...]:
    wording, t = view.source.wording, view.source.wording.translate
    plan, said = view.staffing, []
    ratio = view.source.diagnosis.load_ratio
    now = plan.current.get("specialist")
    if ratio is not None and now:
        text = t("今天{count}名专员带{users}名用户，负荷比{ratio}（满负荷为1）。").format(
            count=wording.plain(now),
            users=wording.amount(plan.forecast.base[0]),
            ratio=wording.number(ratio, 2),
        )
        if view.full.work.store_led:
            text += t("靠总部的人带全部用户带不动，要么招到{need}名，要么让门店带。").format(
                need=ceil(plan.forecast.base[0] / plan.capacity)
            )
        said.append(text)
    pilots = _pilots(view)
    if pilots:
        text = t("试点只用{fte}人").format(fte=wording.plain(pilots[-1].fte))
        if plan.current_fte > pilots[-1].fte:
            text += t("，从现有{now}人里抽，其余的人照旧管存量用户").format(
                now=wording.plain(plan.current_fte)
            )
        said.append(text + t("；关没过之前不招长期岗位。"))
    if not plan.current:
        said.append(t("现有人数没有填（F10、F11），下表的「要补」按0人起算。"))
    return tuple(said)


def _pilots(view: StaffingView) -> list[Horizon]:
    pilots = {name for name, item in view.phases.items() if item.phase.pilot}
    return [item for item in view.staffing.horizons if item.phase in pilots]


def _rules(view: StaffingView) -> tuple[str, ...]:
    """Return the model's hiring rules of the stages in which somebody joins."""
    joined = [view.phases[item.phase].phase for item in view.staffing.horizons if item.joiners]
    stages = {phase.stage for phase in joined if phase.kind != "align"}
    return tuple(step.text for step in view.model.hiring if step.stage in stages)


def _sharing(view: StaffingView, table: HeadTable) -> tuple[str, ...]:
    """Name who shares a part-time post, unless somebody does its work today."""
    wording, t = view.source.wording, view.source.wording.translate
    said: dict[str, str] = {}
    shown = {item.phase for group in table.groups for item in group}
    for horizon in view.staffing.horizons:
        if horizon.phase not in shown:
            continue
        need = horizon.heads()
        for post, partner in horizon.sharing:
            there = view.staffing.current.get(post, NOBODY)
            text = t("{post}只要{fte}人，与{partner}（{other}人）合成一个岗位。").format(
                post=view.post(post),
                fte=wording.plain(need[post]),
                partner=view.post(partner),
                other=wording.plain(need[partner]),
            )
            if there >= need[post]:
                text = t("{post}只要{fte}人，现有{there}人已经够，继续兼。").format(
                    post=view.post(post),
                    fte=wording.plain(need[post]),
                    there=wording.plain(there),
                )
            said.setdefault(post, text)
    return tuple(said.values())
