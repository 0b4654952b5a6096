"""The gate of the running phase: read, stated, reviewed, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from flask import Response, flash, g, make_response, redirect, request, url_for
from werkzeug.exceptions import UnprocessableEntity

from app.domain.definitions.gate import GateMetric
from app.domain.definitions.stage import GateItem
from app.domain.gate_reading import GateLine, is_bounded
from app.services.coaching.coached_plan import NotCoachedError
from app.services.coaching.gates import (
    GateView,
    LineSaid,
    LinesRefusedError,
    gate_of,
    hold_review,
    in_order,
)
from app.services.errors import ConflictError, RefusedError
from app.web.coaching import blueprint
from app.web.coaching.figures import FigureWords, number_of, share_words
from app.web.coaching.showing import CONFLICT, REFUSED, not_coached, shown
from app.web.policies import Right, policy
from app.web.presenting import say, short_day
from app.web.principal import acting
from app.web.wording import say_in

STATES: Final = {
    "passed": ("done", "过"),
    "failed": ("failed", "没过"),
    "missing": ("unknown", "缺数"),
    "waiting": ("waiting", "还没到"),
    "waived": ("stopped", "豁免"),
}
VERDICTS: Final = {
    "go": ("done", "放行"),
    "fix": ("part", "整改"),
    "stop": ("failed", "停"),
    "open": ("unknown", "还定不了"),
}
WHY: Final = {
    "sign": "出现了必须停下的信号",
    "past-repair": "有一条差得太远，整改来不及",
    "second-failure": "整改之后再评，还是没过",
}
_PREFIXES: Final = {"value": "v.", "note": "n.", "waived": "w."}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a gate as the page shows it.

    ``asks`` is what can be stated: ``number``, ``yes``, or empty where the actuals say it.
    """

    item: GateItem
    state: str
    word: str
    value: str
    detail: str
    asks: str
    said: LineSaid
    fault: str


@blueprint.get("/engagements/<engagement>/coaching/gate")
@policy(Right.MEMBER)
def gate(engagement: str) -> Response:
    """Show the gate of the running phase as it would be decided today."""
    return _page(engagement, {})


@blueprint.post("/engagements/<engagement>/coaching/gate")
@policy(Right.WRITE)
def review(engagement: str) -> Response:
    """Look at the gate with what is stated of its lines, or hold the review."""
    said = _said()
    if request.form.get("action") != "hold":
        return _page(engagement, said)
    seen = request.form.get("seen", "")
    if not seen.isdecimal():
        raise UnprocessableEntity
    try:
        held = hold_review(acting(), engagement, said, int(seen), request.form.get("note", ""))
    except LinesRefusedError:
        return _page(engagement, said)
    except RefusedError as error:
        told = " ".join(say(words, **error.values) for words in error.fields.values())
        return _page(engagement, said, told)
    except ConflictError as error:
        values = {name: _shown(value) for name, value in error.values.items()}
        return _page(engagement, said, say(error.message, **values), CONFLICT)
    flash(_told(held.verdict), "success" if held.verdict == "go" else "warning")
    return make_response(redirect(url_for("coaching.gate", engagement=engagement), 303))


def _shown(value: object) -> object:
    return short_day(value) if isinstance(value, date) else value


def _told(verdict: str) -> str:
    return say(
        {
            "go": "评审结果：放行。下一阶段从明天开始。",
            "fix": "评审结果：整改。涉及的SOP已排进任务，到期再评。",
            "stop": "评审结果：停。路线图已按退回的阶段重排。",
            "open": "还有条件没有数，这次不算评审不过；补齐后再评。",
        }[verdict]
    )


def _said() -> Mapping[str, LineSaid]:
    """Return what the form says of each line."""
    given: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        for field, prefix in _PREFIXES.items():
            if name.startswith(prefix):
                given.setdefault(name.removeprefix(prefix), {})[field] = value
                break
        else:
            if name not in ("csrf_token", "action", "seen", "note"):
                raise UnprocessableEntity
    return {
        name: LineSaid(one.get("value", ""), one.get("note", ""), "waived" in one)
        for name, one in given.items()
    }


def _page(
    engagement: str, said: Mapping[str, LineSaid], refusal: str = "", status: int = REFUSED
) -> Response:
    """Return the page with what was typed; ``status`` is that of a refusal or a fault."""
    who = acting()
    faults: Mapping[str, str] = {}
    try:
        try:
            found = gate_of(who, engagement, said)
        except LinesRefusedError as error:
            translate = say_in(g.locale)
            faults = {name: told.text(translate) for name, told in error.messages.items()}
            found = gate_of(who, engagement)
    except NotCoachedError:
        return not_coached(engagement, "gate")
    words = FigureWords(found.coached.model, g.locale)
    lines = _lines(found)
    # Of a gate that somebody else decided meanwhile, lines may have come that are not of this one.
    faults = {line.item.id: faults[line.item.id] for line in lines if line.item.id in faults}
    rows = [_row(found, line, said, faults) for line in lines]
    return shown(
        engagement,
        "gate",
        found.coached,
        status if faults or refusal else 200,
        found=found,
        rows=rows,
        verdict=VERDICTS[found.review.verdict] if found.review is not None else None,
        why=say(WHY[found.review.reason])
        if found.review is not None and found.review.reason is not None
        else "",
        states=STATES,
        verdicts=VERDICTS,
        reasons=WHY,
        share=share_words(found.loop.share) if found.loop is not None else "",
        sops=words.wording.sop,
        past_value=words_of_value,
        typed=bool(said),
        note=request.form.get("note", ""),
        refusal=refusal,
        faults=faults,
    )


def _lines(found: GateView) -> tuple[GateLine, ...]:
    return in_order(found.review) if found.review is not None else ()


def words_of_value(item: GateItem, value: Fraction | None) -> str:
    """Return a line's value with its unit; empty for a yes or no."""
    if value is None:
        return ""
    unit = item.unit
    joint = "" if unit in ("%", "") or not unit.isascii() else " "
    return f"{number_of(value)}{joint}{unit}"


def _row(
    found: GateView,
    line: GateLine,
    said: Mapping[str, LineSaid],
    faults: Mapping[str, str],
) -> LineRow:
    metric = line.item.metric or GateMetric()
    state, word = STATES[line.state]
    stated = found.said.get(line.item.id)
    asks = ""
    if metric.reading == "stated" or stated is not None or line.state in ("missing", "failed"):
        asks = "number" if is_bounded(metric) else "yes"
    if metric.reading in ("units-at-target", "rising", "on-time") and stated is None:
        asks = "waive"
    return LineRow(
        item=line.item,
        state=state,
        word=say(word),
        value=words_of_value(line.item, line.value),
        detail=_detail(line),
        asks=asks,
        said=said.get(line.item.id, LineSaid()),
        fault=faults.get(line.item.id, ""),
    )


def _detail(line: GateLine) -> str:
    """Return when a line was measured, over how many stores, and what was said of it."""
    parts = []
    if line.counted is not None:
        reached, reported, every = line.counted
        parts.append(
            say("{all}家里{reached}家达标，{reported}家报了数",
                all=every, reached=reached, reported=reported)
        )  # fmt: skip
    if line.on is not None and line.value is not None:
        parts.append(say("{day}的数", day=short_day(line.on)))
    elif line.on is not None:
        parts.append(say("{day}确认", day=short_day(line.on)))
    if line.past_repair:
        parts.append(say("低于停的线"))
    if line.note:
        parts.append(line.note)
    return say("；").join(parts)
