"""Checks of limits: what they count exists, and no procedure breaks one by its own cadence."""

from collections.abc import Iterator
from typing import Final

from app.content.limit_wording import PERIODS, limit_named
from app.content.references import Index, Mistake, unknown_ids
from app.domain.definitions.limits import Limit
from app.domain.model import ContentPath, ModelContent
from app.domain.plan_limits import own_excess
from app.domain.touches import COUNTED, Touch, touches_of

LATEST: Final = 24
"""Hours of a day; a clock time is told by its hour."""


def limit_mistakes(content: ModelContent, index: Index) -> Iterator[Mistake]:
    """Yield path and message of every mistake in limits, and of every step that breaks one."""
    codes = {step.code for sop in content.sops for step in sop.steps}
    for place, limit in enumerate(content.limits):
        yield from _limit(("limits", place), limit, index, codes)
    yield from _procedures(content)


def _limit(path: ContentPath, limit: Limit, index: Index, codes: set[str]) -> Iterator[Mistake]:
    yield from unknown_ids((*path, "channels"), limit.channels, index.channels, "渠道")
    yield from unknown_ids((*path, "owners"), limit.owners, index.roles, "角色")
    for key, named in (
        ("steps", limit.steps),
        ("exempt", limit.exempt),
        ("kept_by", limit.kept_by),
    ):
        yield from unknown_ids((*path, key), named, codes, "SOP步骤")
    for inner, together in enumerate(limit.instead):
        yield from unknown_ids((*path, "instead", inner), together, codes, "SOP步骤")
    if limit.measure is None:
        return
    if not limit.conduct:
        yield path, "写了measure的限制会拿来拒绝排期，请在conduct里写明合规的做法。"
    if limit.measure == "consent":
        if not limit.kept_by:
            yield path, "measure为consent的，请在kept_by里写明由哪些步骤落实。"
    elif limit.value is None:
        yield path, "写了measure的限制要有value，程序才能比较。"
    elif limit.value < 0 or (
        limit.measure in ("latest-hour", "earliest-hour") and limit.value > LATEST
    ):
        yield (*path, "value"), "value不能为负；钟点写0到24之间的数。"
    if limit.measure in COUNTED and limit.period not in PERIODS:
        yield path, f"这个measure按时段计数，请写period：{'、'.join(PERIODS)}之一。"


def _procedures(content: ModelContent) -> Iterator[Mistake]:
    """Refuse every procedure that breaks a limit alone, at the timing of the steps that do."""
    customers = [role.id for role in content.roles if role.side == "customer"]
    counting = touches_of(customers, content.staffing)
    for place, sop in enumerate(content.sops):
        for limit in content.limits:
            found = own_excess(limit, sop, counting)
            for touch in found:
                inner = sop.steps.index(touch.step)
                yield ("sops", place, "steps", inner, "timing"), _excess(limit, found)


def _excess(limit: Limit, found: tuple[Touch, ...]) -> str:
    steps = "、".join(touch.step.code for touch in found)
    if limit.measure in COUNTED:
        total = sum(touch.times for touch in found)
        span = PERIODS.get(limit.period or "", "")
        start = f"第{steps}步{span}最多到{total}{limit.unit}，超过{limit_named(limit)}"
    else:
        start = f"第{steps}步不守{limit_named(limit)}"
    return f"{start}。合规的做法：{limit.conduct}"
