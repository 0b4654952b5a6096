"""What each control of the plan is called, counted in and good for: Chinese keys.

Posts, SOPs, steps and assumptions are named by the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ControlWords:
    """A control's name, its unit (may be empty) and what it means, in one plain sentence."""

    title: str
    unit: str = ""
    means: str = ""


WORDS: Final[Mapping[str, ControlWords]] = {
    "start": ControlWords(
        "开工日", "", "建设期的第1天；对齐排在它之前，SOP、招聘和关口都从它往后数。"
    ),
    "target_users": ControlWords(
        "12个月目标用户", "人", "一年后要有多少用户；每月要新增多少人，由它倒推。"
    ),
    "target_level": ControlWords(
        "目标等级", "级", "计划要把总等级做到哪一级；不够这一级的SOP进计划，够了的不再上。"
    ),
    "payroll_cap": ControlWords(
        "月人工上限", "元/月", "私域团队每月最多花多少，含现有的人；超了就从最闲的新岗位减起。"
    ),
    "city_tier": ControlWords("城市档", "", "按哪一档城市的薪酬算人工。"),
    "productive_hours": ControlWords(
        "每人每天有效工时",
        "小时/天",
        "一个人一天真正花在任务上的时间，开会和杂事不算；8小时是标准工作日（《劳动法》第36条）。",
    ),
    "max_hires": ControlWords("最多招", "人", "这个岗位最多再进几个人；0是一个不招。"),
    "service_mode": ControlWords("服务方式", "", "对每个用户服务得多深；越深，一名专员带得越少。"),
    "tool_level": ControlWords("工具成熟度", "级", "工具越顺手，一名专员带得越多。"),
    "tested_capacity": ControlWords(
        "每名专员承接", "人/专员", "试点实测一名专员带得动多少用户；填了就不用公式。"
    ),
    "growth_buffer": ControlWords("为增长多备人", "", "用户涨得快时，编制要不要先按更多的用户备。"),
    "online_users": ControlWords(
        "总部线上带的用户", "人", "门店带大头时，其中多少用户由总部专员直接服务。"
    ),
    "content_units_per_week": ControlWords(
        "每周内容", "条/周", "朋友圈、社群和短视频一周要出多少条；内容岗按它配。"
    ),
    "leads_per_month": ControlWords(
        "每月线索", "条/月", "每月多少条要人跟进成交的线索；销售岗按它配。"
    ),
    "sessions_per_day": ControlWords(
        "每天会话", "次/天", "客户每天主动找上来多少次；客服岗按它配。"
    ),
    "cadence": ControlWords("每周次数", "次/周", "这一步一周做几次；0是停做。"),
    "assumptions": ControlWords("测算假设"),
    "sops": ControlWords("SOP"),
}
"""By the name of the control in ``PlanControls``; ``sops`` stands for those added and dropped."""
