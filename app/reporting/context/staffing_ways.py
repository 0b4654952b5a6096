"""How the users are carried: service the margin does not pay for, and stores in the lead."""

from fractions import Fraction
from math import ceil

from app.domain.sop_load import SPECIALIST
from app.domain.staffing_plan import Horizon
from app.reporting.context.staffing_view import NOBODY, StaffingView


def too_heavy(view: StaffingView, full: Horizon) -> tuple[str, ...]:
    """Tell that service costs more than the margin carries, and the three ways out in numbers."""
    wording, t = view.source.wording, view.source.wording.translate
    staffing = view.model
    found, work, focus = full.specialists, full.work, full.focus
    if not found.too_heavy or focus is None or work.gmv_per_user is None or work.margin is None:
        return ()
    cost = view.staffing.post_costs[SPECIALIST]
    share = work.margin * Fraction(staffing.labour_share)
    needed = found.count * cost / (work.online_users * share) if share else None
    said = [
        t(
            "服务太重：{users}名用户按每人{capacity}要{count}名专员，一个月{pay}；这些用户的毛利拿出{share}"
            "做专员人工，只养得起{affordable}名。因此不开专员的招聘单。"
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
                share=wording.percent(Fraction(staffing.focus_share) * 100),
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


def store_led(view: StaffingView, full: Horizon) -> str:
    """Tell how stores carry the users instead of people at head office; empty without stores."""
    work = full.work
    if not work.store_led or work.pilot or not work.stores or full.guides_per_store is None:
        return ""
    wording, t = view.source.wording, view.source.wording.translate
    staffing, capacity = view.model, view.staffing.capacity
    fewest, most = full.guides_per_store
    guides = str(fewest) if fewest == most else f"{fewest}–{most}"
    return t(
        "门店带用户：{users}名用户若都由总部带，按每人{capacity}要招{need}名专员。改由{stores}家店各出一名"
        "责任人（店长），每店约{each}名用户，要{guides}名导购（每人{low}–{high}名客户）；总部只留{online}名"
        "带不到店里的线上用户，另按每{per}家店配1名教练，共{coaches}名。"
    ).format(
        users=wording.amount(work.users),
        capacity=wording.number(capacity),
        need=wording.number(ceil(work.users / capacity)),
        stores=wording.number(work.stores),
        each=wording.number(Fraction(work.users, work.stores)),
        guides=guides,
        low=staffing.customers_per_guide_low,
        high=staffing.customers_per_guide_high,
        online=wording.amount(work.online_users),
        per=staffing.stores_per_coach,
        coaches=wording.plain(full.by_formula.get("coach", NOBODY)),
    )
