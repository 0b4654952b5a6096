"""What an interviewer reads when a control of the plan cannot be taken."""

from datetime import date
from fractions import Fraction
from typing import Final

from app.content.answers.naming import Names, shown
from app.content.answers.values import number_range
from app.content.limit_wording import PERIODS, limit_named
from app.content.numbers import plain
from app.domain.cadences import Excess
from app.domain.controls import Range, Refusal
from app.domain.model import MaturityModel

UNITS: Final = {
    "target_users": "单位：人",
    "tool_level": "工具成熟度的级别",
    "max_hires": "这个岗位最多再招几人，0是不招",
    "payroll_cap": "单位：元/月，含现有人员",
    "productive_hours": "单位：小时/天；标准工作日8小时，见《劳动法》第36条",
    "target_level": "计划要到的总等级",
    "cadence": "单位：次/周，0是停做",
    "tested_capacity": "单位：人/专员",
    "online_users": "单位：人",
    "content_units_per_week": "单位：条/周",
    "leads_per_month": "单位：条/月",
    "sessions_per_day": "单位：次/天",
}
"""What each control counts, for the range in a message."""

KINDS: Final = {
    "max_hires": "岗位",
    "service_mode": "服务方式",
    "city_tier": "城市档",
    "add_sops": "SOP",
    "drop_sops": "SOP",
    "cadence": "SOP步骤",
    "assumptions": "测算假设",
}


def refusal_sentence(refusal: Refusal, model: MaturityModel) -> str:
    """Return why a control is refused and what is permitted, as one or two sentences."""
    field, permitted = str(refusal.field[0]), refusal.permitted
    given = _given(refusal.value)
    if refusal.excess is not None:
        return _limit_sentence(refusal.excess, given)
    if isinstance(permitted, tuple):
        return _name_sentence(refusal, field, permitted, model)
    if refusal.reason == "before-diagnosis":
        return (
            f"计划的开始日早于诊断日，写的是{given}；应不早于{permitted.low}。"
            "诊断日依次取--as-of、interviewed_on、当天。"
        )
    if refusal.reason == "below-users":
        return f"目标用户比facts里今天的用户还少，写的是{given}；应是{_range(permitted, field)}。"
    if refusal.reason == "online-above-target":
        return (
            f"总部线上带的用户比目标用户还多，写的是{given}；应是{_range(permitted, field)}，"
            "online_users是其中由专员直接服务的那一部分。"
        )
    if refusal.reason == "below-level":
        return f"目标等级比今天的总等级还低，写的是{given}；应是{_range(permitted, field)}。"
    return f"应是{_range(permitted, field)}，写的是{given}。"


def _name_sentence(
    refusal: Refusal, field: str, permitted: tuple[str, ...], model: MaturityModel
) -> str:
    if refusal.reason == "both":
        sop = model.sops[str(refusal.value)]
        return f"{sop.code} {sop.title}又写在add_sops里又写在drop_sops里，请删去一处。"
    if refusal.reason == "triggered":
        return (
            f"步骤{refusal.value}跟着客户或活动的进度走，没有自己的周节奏，定不了每周次数，请删去这一行；"
            f"能定次数的步骤共{len(permitted)}个，如{'、'.join(permitted[:3])}。"
        )
    return Names.of(KINDS.get(field, "名字"), permitted).refusal(refusal.value)


def _limit_sentence(excess: Excess, given: str) -> str:
    """Return which limit a control breaks: its number, source and date, and the lawful way."""
    limit, most, allowed = excess.limit, plain(excess.most), plain(excess.allowed)
    start, end = f"写的是{given}，", f"最多写{allowed}。"
    if excess.field[0] == "cadence":
        span = PERIODS.get(limit.period or "", "")
        start = f"写的是每周{given}次，{span}最多会到{most}{limit.unit}，"
        end = f"这一步每周最多{allowed}次。"
    return f"{start}超过{limit_named(limit)}。{end}合规的做法：{limit.conduct}"


def _range(permitted: Range, field: str = "") -> str:
    low = permitted.low if isinstance(permitted.low, Fraction) else None
    high = permitted.high if isinstance(permitted.high, Fraction) else None
    return number_range(
        low, high, integer=permitted.whole, above=permitted.above, note=UNITS.get(field, "")
    )


def _given(value: Fraction | date | int | str) -> str:
    if isinstance(value, bool | str | date):
        return shown(str(value))
    return f"「{plain(value)}」"
