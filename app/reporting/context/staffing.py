"""The staffing plan: how many people per post and phase, why that many, what a refusal costs."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from markupsafe import Markup

from app.domain.definitions.staffing import StaffingModel
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.context.source import Source
from app.reporting.context.staffing_formula import FormulaLine, FormulaText
from app.reporting.context.staffing_hours import Hours, Refusal
from app.reporting.context.staffing_table import Column, HeadRow, HeadTable, HiringRow, RangeRow

BASES = (
    "base_capacity",
    "service_modes",
    "tool_factors",
    "labour_share",
    "groups_per_specialist",
    "session_rate",
    "productive_hours_per_day",
    "posts",
)
STORE_BASES = ("online_share", "stores_per_coach")
"""Parameters whose source is printed, where the plan uses them."""


@dataclass(frozen=True, slots=True)
class StaffingPart:
    """The staffing section.

    ``headline`` says how many people and whether to hire; ``lead`` the way there in paragraphs.
    ``columns`` head the table of ``heads`` with its ``totals``. ``formula_title`` names the phase
    whose ``formula`` is printed line by line. ``warning`` tells that service is too heavy,
    ``store_led`` how stores carry the users; both may be empty. ``ranges`` are the outer cases.
    ``hours_chart`` (None without recurring work) and ``hours`` set SOP hours against people's.
    ``hiring_rules`` are the model's, ``hiring`` this plan's; ``sharing`` the posts shared.
    ``refusals`` say what falls off when a hire is refused, ``bases`` where the parameters are from.
    """

    headline: str
    lead: tuple[str, ...]
    columns: tuple[Column, ...]
    heads: tuple[HeadRow, ...]
    totals: tuple[HeadRow, ...]
    formula_title: str
    formula: tuple[FormulaLine, ...]
    warning: tuple[str, ...]
    store_led: str
    ranges: tuple[RangeRow, ...]
    hours_title: str
    hours_chart: Markup | None
    hours: tuple[str, ...]
    hiring_rules: tuple[str, ...]
    hiring: tuple[HiringRow, ...]
    sharing: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    bases: tuple[str, ...]


def build(source: Source) -> StaffingPart | None:
    """Build the section; None without a staffing plan."""
    plan, staffing = source.diagnosis.staffing, source.model.content.staffing
    if plan is None or staffing is None or source.diagnosis.roadmap is None:
        return None
    table = HeadTable(source, plan, staffing)
    hours = Hours(source, plan, staffing)
    full = decisive(plan)
    text = FormulaText(source, plan, staffing)
    phase = table.planned[full.phase].phase
    return StaffingPart(
        headline=_headline(source, plan, full),
        lead=_lead(source, plan, full),
        columns=table.columns(),
        heads=table.rows(),
        totals=table.totals(),
        formula_title=source.wording.translate("{phase}的{fte}人是这样算出来的").format(
            phase=phase.title, fte=source.wording.plain(full.fte)
        ),
        formula=text.lines(full),
        warning=_warning(source, plan, staffing, full),
        store_led=_store_led(source, plan, staffing, full),
        ranges=table.ranges(),
        hours_title=source.wording.translate("{}：SOP的工时，对人的工时").format(phase.title),
        hours_chart=hours.chart(full),
        hours=hours.reading(full),
        hiring_rules=_rules(source, staffing),
        hiring=table.hiring(),
        sharing=_sharing(source, plan, staffing, table),
        refusals=hours.refusals(_hiring_horizons(source, plan, full)),
        bases=_bases(staffing, full),
    )


def _bases(staffing: StaffingModel, full: Horizon) -> tuple[str, ...]:
    names = (*BASES, *(STORE_BASES if full.work.store_led else ()))
    return tuple(staffing.basis[name] for name in names if name in staffing.basis)


def decisive(plan: StaffingPlan) -> Horizon:
    """Return the first phase that staffs the whole pool; else the last one."""
    whole = [item for item in plan.horizons if not item.work.pilot]
    return whole[0] if whole else plan.horizons[-1]


def _hiring_horizons(source: Source, plan: StaffingPlan, full: Horizon) -> list[Horizon]:
    """Return the phase of the pilot and the one that staffs the whole pool, where they hire."""
    pilots = [item for item in _pilots(source, plan) if item.hires][-1:]
    return [*pilots, *([full] if full not in pilots and full.hires else [])]


def _pilots(source: Source, plan: StaffingPlan) -> list[Horizon]:
    roadmap = source.diagnosis.roadmap
    phases = {item.phase.id for item in roadmap.phases if item.phase.pilot} if roadmap else set()
    return [item for item in plan.horizons if item.phase in phases]


def _phase_title(source: Source, horizon: Horizon) -> str:
    roadmap = source.diagnosis.roadmap
    phases = roadmap.phases if roadmap else ()
    return next(item.phase.title for item in phases if item.phase.id == horizon.phase)


def _headline(source: Source, plan: StaffingPlan, full: Horizon) -> str:
    wording, t = source.wording, source.wording.translate
    found, phase = full.specialists, _phase_title(source, full)
    fte, cost = wording.plain(full.fte), wording.money(full.monthly_cost)
    if full.work.store_led and not full.work.pilot:
        text = t("{users}名用户由{stores}家店带，总部{fte}人、每月{cost}").format(
            users=wording.amount(full.work.users),
            stores=wording.number(full.work.stores),
            fte=fte,
            cost=cost,
        )
        return text + (t("；专员不加人") if "specialist" not in full.hires else "")
    if found.too_heavy and full.focus is not None:
        if full.focus.people < found.count:
            return t(
                "全员{mode}要{count}名专员，毛利养不起；只重服务前{top}，{people}名就够"
            ).format(
                mode=_mode(source, plan),
                count=found.count,
                top=wording.percent(_focus_share(source)),
                people=wording.plain(_specialists(full)),
            )
        return t(
            "按承接量要{count}名专员，毛利只养得起{affordable}名：先提单用户产出，再谈加人"
        ).format(count=found.count, affordable=found.affordable)
    hires = sum(full.hires.values(), Fraction(0))
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


def _mode(source: Source, plan: StaffingPlan) -> str:
    staffing = source.model.content.staffing
    modes = staffing.service_modes if staffing else ()
    return next((item.title for item in modes if item.id == plan.mode), "")


def _focus_share(source: Source) -> Fraction:
    staffing = source.model.content.staffing
    return Fraction(staffing.focus_share) * 100 if staffing else Fraction(0)


def _specialists(horizon: Horizon) -> Fraction:
    return next((item.fte for item in horizon.posts if item.post == "specialist"), Fraction(0))


def _lead(source: Source, plan: StaffingPlan, full: Horizon) -> tuple[str, ...]:
    wording, t = source.wording, source.wording.translate
    said = []
    ratio = source.diagnosis.load_ratio
    now = plan.current.get("specialist")
    if ratio is not None and now:
        text = t("今天{count}名专员带{users}名用户，负荷比{ratio}（满负荷为1）。").format(
            count=wording.plain(now),
            users=wording.amount(plan.forecast.base[0]),
            ratio=wording.number(ratio, 2),
        )
        if full.work.store_led:
            text += t("靠总部的人带全部用户带不动，要么招到{need}名，要么让门店带。").format(
                need=ceil(plan.forecast.base[0] / plan.capacity)
            )
        said.append(text)
    pilots = _pilots(source, plan)
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


def _warning(
    source: Source, plan: StaffingPlan, staffing: StaffingModel, full: Horizon
) -> tuple[str, ...]:
    """Tell that service costs more than the margin carries, and the three ways out in numbers."""
    wording, t = source.wording, source.wording.translate
    found, work, focus = full.specialists, full.work, full.focus
    if not found.too_heavy or focus is None or work.gmv_per_user is None or work.margin is None:
        return ()
    post = next(item for item in staffing.posts if item.id == "specialist")
    cost = Fraction(post.monthly_cost[plan.city_tier])
    share = work.margin * Fraction(staffing.labour_share)
    needed = found.count * cost / (work.online_users * share) if share else None
    said = [
        t(
            "服务太重：{users}名用户按每人{capacity}要{count}名专员，一个月{pay}；这些用户的毛利拿出{share}"
            "做专员人工，只养得起{affordable}名。因此不开招聘单。"
        ).format(
            users=wording.amount(work.online_users),
            capacity=wording.number(found.capacity),
            count=found.count,
            pay=wording.money(found.count * cost),
            share=wording.percent(Fraction(staffing.labour_share) * 100),
            affordable=found.affordable,
        )
    ]
    if focus.people < found.count:
        said.append(
            t(
                "一条路：重服务只给最值钱的{top_users}名用户（前{share}，{top}名专员），其余{rest_users}名"
                "转轻服务，每人带{rest_capacity}（{rest}名），合计{people}名。"
            ).format(
                top_users=wording.amount(focus.top_users),
                share=wording.percent(_focus_share(source)),
                top=focus.top_people,
                rest_users=wording.amount(focus.rest_users),
                rest_capacity=wording.number(focus.rest_capacity),
                rest=focus.rest_people,
                people=focus.people,
            )
        )
    else:
        said.append(t("服务已经是最轻的一档，分层也省不出人；现有专员不裁，但不再加。"))
    if needed is not None:
        said.append(
            t(
                "{way}：把单用户月GMV从{now}提到{then}，才养得起{count}名；在那之前，加人就是加亏损。"
            ).format(
                way=t("另一条路") if focus.people < found.count else t("只剩一条路"),
                count=found.count,
                now=wording.money(work.gmv_per_user),
                then=wording.money(needed),
            )
        )
    return tuple(said)


def _store_led(source: Source, plan: StaffingPlan, staffing: StaffingModel, full: Horizon) -> str:
    work = full.work
    if not work.store_led or work.pilot or not work.stores or full.guides_per_store is None:
        return ""
    wording, t = source.wording, source.wording.translate
    fewest, most = full.guides_per_store
    guides = str(fewest) if fewest == most else f"{fewest}–{most}"
    return t(
        "门店带用户：{users}名用户若都由总部带，按每人{capacity}要招{need}名专员。改由{stores}家店各出一名"
        "责任人（店长），每店约{each}名用户，要{guides}名导购（每人{low}–{high}名客户）；总部只留{online}名"
        "带不到店里的线上用户，另按每{per}家店配1名教练，共{coaches}名。"
    ).format(
        users=wording.amount(work.users),
        capacity=wording.number(plan.capacity),
        need=wording.number(ceil(work.users / plan.capacity)),
        stores=wording.number(work.stores),
        each=wording.number(Fraction(work.users, work.stores)),
        guides=guides,
        low=staffing.customers_per_guide_low,
        high=staffing.customers_per_guide_high,
        online=wording.amount(work.online_users),
        per=staffing.stores_per_coach,
        coaches=wording.plain(
            next((item.fte for item in full.posts if item.post == "coach"), Fraction(0))
        ),
    )


def _rules(source: Source, staffing: StaffingModel) -> tuple[str, ...]:
    """Return the model's hiring rules of the stages this plan goes through."""
    roadmap = source.diagnosis.roadmap
    phases = roadmap.phases if roadmap else ()
    stages = {item.phase.stage for item in phases if item.phase.kind != "align"}
    return tuple(step.text for step in staffing.hiring if step.stage in stages)


def _sharing(
    source: Source, plan: StaffingPlan, staffing: StaffingModel, table: HeadTable
) -> tuple[str, ...]:
    """Name who shares a part-time post, unless somebody already does its work today."""
    wording, t = source.wording, source.wording.translate
    titles = {post.id: post.title for post in staffing.posts}
    said: dict[str, None] = {}
    shown = {item.phase for group in table.groups for item in group}
    for horizon in plan.horizons:
        if horizon.phase not in shown:
            continue
        need = {item.post: item.fte for item in horizon.posts}
        for post, partner in horizon.sharing:
            there = plan.current.get(post, Fraction(0))
            if there >= need[post]:
                text = t("{post}只要{fte}人，现有{there}人已经够，继续兼。").format(
                    post=titles[post], fte=wording.plain(need[post]), there=wording.plain(there)
                )
            else:
                text = t("{post}只要{fte}人，与{partner}（{other}人）合成一个岗位。").format(
                    post=titles[post],
                    fte=wording.plain(need[post]),
                    partner=titles[partner],
                    other=wording.plain(need[partner]),
                )
            said[text] = None
    return tuple(said)
