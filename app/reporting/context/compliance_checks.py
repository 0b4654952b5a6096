"""How the plan stands against each limit, in words: what it comes to, and how it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.limits import Limit, LimitMeasure
from app.domain.plan_limits import (
    LimitCheck,
    Verdict,
)
from app.reporting.context.appendix_answers import figure
from app.reporting.context.compliance_limits import limit_value
from app.reporting.context.source import Source

VERDICTS: Final[Mapping[Verdict, str]] = {
    "within": "在限内",
    "arrange": "排期后在限内",
    "over": "超限",
}
CODES_NAMED: Final = 6
"""Steps named where several meet; of more the number is told."""

COMES_TO: Final[Mapping[tuple[LimitMeasure, str], str]] = {
    ("messages-per-customer", "day"): "单份SOP里，同一位客户一天最多{}条",
    ("messages-per-customer", "week"): "单份SOP里，同一位客户一周最多{}条",
    ("messages-per-customer", "month"): "单份SOP里，同一位客户一个月最多{}条",
    ("messages-per-group", "day"): "单份SOP里，同一个群一天最多{}条",
    ("moments-posts", "day"): "单份SOP里，同一位客户一天最多看到{}条",
    ("transfers", "quarter"): "单份SOP里，同一位客户90天内最多转{}次",
}
TOGETHER: Final[Mapping[LimitMeasure, str]] = {
    "messages-per-customer": "；全部SOP撞在一起{}条",
    "messages-per-group": "；几份SOP撞在同一天{}条",
    "moments-posts": "；几份SOP撞在同一天{}条",
    "transfers": "；几份SOP相加{}次",
}
NEXT: Final[Mapping[str, str]] = {
    "day": "次日",
    "week": "下一周",
    "month": "下一月",
    "quarter": "90天以后",
}
SIZES: Final[Mapping[LimitMeasure, str]] = {
    "group-size": "现在平均每群{}人",
    "customers-per-member": "每名专员最多带{}人",
    "customers-per-enterprise": "12个月内最多到{}人",
    "customers-unverified": "12个月内最多到{}人",
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One limit against the plan: its code, the rule, what the plan comes to, and the verdict.

    ``keeps`` says how the limit is kept where the calendar must be arranged for it, or what to do
    instead where it is broken; ``steps`` counts the steps looked at and ``codes`` names them.
    """

    code: str
    rule: str
    bound: str
    comes_to: str
    verdict: str
    kind: Verdict
    keeps: str
    steps: int
    codes: str


def check_row(source: Source, check: LimitCheck) -> CheckRow:
    """Put one check into words."""
    limit = check.limit
    return CheckRow(
        code=limit.code,
        rule=limit.title,
        bound=limit_value(source, limit),
        comes_to=_comes_to(source, check),
        verdict=_verdict(source, check),
        kind=check.verdict,
        keeps=_keeps(source, check),
        steps=len(check.steps),
        codes=" ".join(check.steps),
    )


def breach_line(source: Source, check: LimitCheck) -> str:
    """Return a broken limit as a sentence: figure, limit, source, date and the lawful way."""
    say, limit = source.wording.translate, check.limit
    return say("{}，超过{} {}（{}；{}，截至{}，{}级）。{}").format(
        _comes_to(source, check),
        limit.code,
        limit.title,
        limit_value(source, limit),
        limit.source,
        limit.as_of,
        limit.grade,
        limit.conduct,
    )


def _verdict(source: Source, check: LimitCheck) -> str:
    if check.verdict == "arrange" and check.limit.measure in SIZES:
        return source.wording.translate("要提前办")
    return source.wording.translate(VERDICTS[check.verdict])


def _comes_to(source: Source, check: LimitCheck) -> str:
    say, limit = source.wording.translate, check.limit
    measure = limit.measure
    if measure is None or check.most is None:
        return _kept_by(source, check)
    most, where = figure(check.most), " ".join(check.where)
    if measure in SIZES:
        return say(SIZES[measure]).format(most)
    if measure in ("latest-hour", "earliest-hour"):
        return _outside_hours(source, check)
    if measure == "days-before-selling":
        return say("最早第{}天开口卖：{}").format(most, where)
    text = say(COMES_TO.get((measure, limit.period or ""), "单份SOP里最多{}")).format(most)
    if check.together is not None and check.together > check.most:
        text += say(TOGETHER[measure]).format(figure(check.together))
    return text


def _kept_by(source: Source, check: LimitCheck) -> str:
    say, codes = source.wording.translate, " ".join(check.where)
    if check.verdict == "over":
        return say("有触达客户的步骤，却没有落实同意的{}").format(codes)
    if check.verdict == "within":
        return say("没有规则要求补做，照现行做法")
    return say("由{}落实").format(codes)


def _outside_hours(source: Source, check: LimitCheck) -> str:
    say = source.wording.translate
    text = say("没有这个钟点以外的步骤")
    if check.where:
        text = say("{}步在这个钟点以外：{}").format(len(check.where), " ".join(check.where))
    if check.replies:
        text += say("；{}只回客户自己的留言，不算").format(" ".join(check.replies))
    return text


def _keeps(source: Source, check: LimitCheck) -> str:
    """Return how the limit is kept; empty where nothing need be done."""
    say, limit = source.wording.translate, check.limit
    if check.verdict == "within":
        return ""
    if check.verdict == "over":
        return say("{}（依据：{}，截至{}，{}级）").format(
            limit.conduct, limit.source, limit.as_of, limit.grade
        )
    if limit.measure == "consent":
        return say("{}完成之前不做任何触达").format(" ".join(check.where))
    if not check.yields:
        return limit.conduct
    return _giving_way(source, check, limit)


def _giving_way(source: Source, check: LimitCheck, limit: Limit) -> str:
    """Say what goes first and what waits where several SOPs meet."""
    say = source.wording.translate
    yielding = {item.step for item in check.yields}
    first = [code for code in check.order if code not in yielding]
    # A slot of every day is not made up for; what is meant for one person is.
    skips = limit.measure in ("messages-per-group", "moments-posts")
    left_out = [item.step for item in check.yields if item.standing and skips]
    later = [item.step for item in check.yields if not (item.standing and skips)]
    said = []
    if first:
        said.append(say("先发{}").format(_named(source, first)))
    if later:
        until = say(NEXT.get(limit.period or "", "以后"))
        said.append(say("{}顺延到{}").format(_named(source, later), until))
    if left_out:
        said.append(say("{}当天停发").format(_named(source, left_out)))
    return say("撞上时：{}").format(say("；").join(said))


def _named(source: Source, codes: Sequence[str]) -> str:
    named = source.wording.joined(codes[:CODES_NAMED])
    if len(codes) <= CODES_NAMED:
        return named
    return source.wording.translate("{}等{}步").format(named, len(codes))
