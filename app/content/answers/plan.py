"""The ``plan`` of an answers file: what the client decides about the plan."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names, shown
from app.content.answers.readers import AnyReader
from app.content.answers.values import iso_date, one_of, whole, yes_no
from app.content.strict_yaml import Path
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

USERS: Final = whole(1, 10**9, "单位：人")

_WITHOUT_STAFFING: Final[Mapping[str, AnyReader]] = {"start": iso_date}
_WITH_STAFFING: Final[Mapping[str, AnyReader]] = {
    "start": iso_date,
    "target_users": USERS,
    "tested_capacity": whole(1, 100_000, "单位：人/专员"),
    "growth_buffer": yes_no,
    "online_users": USERS,
    "content_units_per_week": whole(1, 10_000, "单位：条/周"),
    "leads_per_month": whole(0, 10**8, "单位：条/月"),
    "sessions_per_day": whole(0, 10**8, "单位：次/天"),
}


def plan_readers(model: MaturityModel) -> Mapping[str, AnyReader]:
    """Return a reader for each control the model's plan understands."""
    staffing = model.content.staffing
    if staffing is None:
        return _WITHOUT_STAFFING
    modes = Names.of("服务方式", (mode.id for mode in staffing.service_modes))
    tiers = Names.of("城市档", (tier.id for tier in staffing.city_tiers))
    return {**_WITH_STAFFING, "service_mode": one_of(modes), "city_tier": one_of(tiers)}


def read_plan(
    path: Path, raw: Any, model: MaturityModel, users: Fraction | None, mistakes: Mistakes
) -> PlanControls:
    """Return the controls; ``users`` are today's, against which online users are checked."""
    mapping = {} if raw is None else mistakes.mapping(path, raw) or {}
    readers = plan_readers(model)
    mistakes.keys(path, mapping, readers)
    values = {
        key: mistakes.optional(path, mapping, key, reader, None) for key, reader in readers.items()
    }
    target, online = values.get("target_users"), values.get("online_users")
    if target is not None and online is not None and online > max(target, users or 0):
        message = (
            f"总部线上带的用户（{shown(online)}）比目标用户（{shown(target)}）还多，"
            "请核对：online_users是其中由专员直接服务的那一部分。"
        )
        mistakes.at((*path, "online_users"), message)
    return PlanControls(**values)
