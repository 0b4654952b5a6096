"""The gate of the running phase: read from the actuals, reviewed, and what follows kept.

A look changes nothing. A review is held with everything it rested on, and the roadmap is dated
anew from it (``coached_plan``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, cast

from app.domain.bounds import NOTE_LIMIT
from app.domain.check_in import CheckInBasis
from app.domain.definitions.gate import GateMetric
from app.domain.definitions.stage import GateItem
from app.domain.execution import OnTime, TrackedTask, on_time
from app.domain.gate_reading import GateEvidence, GateLine, LineState, Stated, is_bounded
from app.domain.gate_review import GateReview, GateVerdict, StopReason, gate_items, review_gate
from app.domain.roadmap import PlannedPhase
from app.forms.messages import Message
from app.forms.numerals import advice, parsed
from app.services.acting import Acting
from app.services.coaching.actuals import check_in_basis
from app.services.coaching.coached_plan import (
    A_DAY,
    Coached,
    gate_day,
    open_coached,
    phase_of,
    relived,
)
from app.services.coaching.reporters import must_report
from app.services.errors import ConflictError, RefusedError
from app.services.record.recording import record
from app.store.coaching import reviews_of
from app.store.errors import TakenError
from app.store.interviews import names_of
from app.store.rows import HeldReview

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class LineSaid:
    """What somebody says of a line on a page, as typed: a number, or yes or no; empty: nothing.

    ``waived`` sets the line aside, for the reason in ``note``.
    """

    value: str = ""
    note: str = ""
    waived: bool = False


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of a review that was held, as it was read then."""

    item: GateItem
    state: LineState
    value: Fraction | None
    on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review that was held; ``who`` is a name, ``current`` whether its plan still counts."""

    number: int
    phase: str
    on: date
    verdict: GateVerdict
    why: StopReason | None
    lines: tuple[PastLine, ...]
    repair_last: date | None
    sops: tuple[str, ...]
    back_to: str
    note: str
    who: str
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """The repair loop a phase is in: its days, its SOPs, and how much of it was done on time."""

    first: date
    last: date
    sops: tuple[str, ...]
    share: OnTime
    tasks: int
    over: bool


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate of the running phase as it would be decided today, and the reviews held.

    ``due`` is the day from which it is due, ``review`` what the actuals say; None for a phase
    without a gate. ``number`` is that of the newest review held, 0 for none: whoever holds the
    next one names it. ``after`` are the phases as a review of today would date them.
    """

    coached: Coached
    planned: PlannedPhase
    due: date | None
    review: GateReview | None
    said: Mapping[str, Stated]
    loop: Loop | None
    past: tuple[PastReview, ...]
    number: int
    after: tuple[PlannedPhase, ...]

    @property
    def is_due(self) -> bool:
        """Whether the gate is due on the day of the look."""
        return self.due is not None and self.coached.today >= self.due

    @property
    def begun(self) -> bool:
        """Whether the phase has begun."""
        return self.coached.today >= self.planned.start


def gate_of(
    acting: Acting, engagement: str, said: Mapping[str, LineSaid] | None = None
) -> GateView:
    """Return the gate of the running phase, read as of today with what is said of its lines.

    Raises ``NotFoundError``, ``NotCoachedError``, and ``LinesRefusedError`` for what cannot be
    read.
    """
    coached = open_coached(acting, engagement)
    with acting.reading() as session:
        rows = reviews_of(session, engagement)
        names = names_of(session, (row.by for row in rows))
    stated = _stated(coached, said or {})
    basis = check_in_basis(coached)
    review = None
    if gate_items(coached.model, coached.running.phase):
        review = _reviewed(coached, basis, stated)
    planned = coached.running
    return GateView(
        coached=coached,
        planned=planned,
        due=gate_day(coached.model, planned),
        review=review,
        said=stated,
        loop=_loop(coached, basis.tracked),
        past=tuple(_past(coached, row, names) for row in reversed(rows)),
        number=rows[-1].number if rows else 0,
        after=relived(coached, _row(coached, review, stated)).roadmap.phases if review else (),
    )


def _reviewed(coached: Coached, basis: CheckInBasis, stated: Mapping[str, Stated]) -> GateReview:
    evidence = GateEvidence(
        phase=coached.running,
        kpis={line.kpi.id: line for line in basis.lines},
        actuals=basis.actuals,
        stated=stated,
        tracked=basis.tracked,
        units=coached.taking_part,
        failed=coached.failed,
    )
    return review_gate(coached.model, evidence, coached.roadmap.tasks, coached.today)


# -- what is said of lines -----------------------------------------------------------------------


class LinesRefusedError(RefusedError):
    """What is said of lines cannot be taken: by line, each with its own message."""

    def __init__(self, messages: Mapping[str, Message]) -> None:
        super().__init__({name: message.key for name, message in messages.items()})
        self.messages = messages


def _stated(coached: Coached, said: Mapping[str, LineSaid]) -> Mapping[str, Stated]:
    """Return what was said of the lines since the phase was begun, today's words on top."""
    items = {item.id: item for item in gate_items(coached.model, coached.running.phase)}
    stated: dict[str, Stated] = {}
    for held in coached.reviews:
        if held.verdict in ("go", "stop"):
            stated = {}
        elif held.phase == coached.running.phase.id:
            stated |= {name: stated_from(each) for name, each in held.stated.items()}
    wrong: dict[str, Message] = {}
    for name, one in said.items():
        if name not in items:
            wrong[name] = Message("这里没有这一条，请刷新页面后重填。")
            continue
        found = _read(items[name], one, coached.today)
        if isinstance(found, Message):
            wrong[name] = found
        elif found is not None:
            stated[name] = found
    if wrong:
        raise LinesRefusedError(wrong)
    return {name: one for name, one in stated.items() if name in items}


def _read(item: GateItem, said: LineSaid, today: date) -> Stated | Message | None:
    note = said.note.strip()
    if len(note) > NOTE_LIMIT:
        return Message("说明最多{limit}个字。", {"limit": NOTE_LIMIT})
    if said.waived:
        if not note:
            return Message("豁免要写理由：为什么这一条不适用于这个客户。")
        return Stated(None, today, note, waived=True)
    if not said.value.strip():
        return None
    if not is_bounded(item.metric or GateMetric()):
        if said.value not in (YES, NO):
            return Message("请选「做到」或「没做到」。")
        return Stated(said.value == YES, today, note)
    value = parsed(said.value, item.unit)
    if value is None:
        return advice(said.value) or Message("请填一个数字，比如12.5；不知道就空着。")
    return Stated(value, today, note)


def stated_document(stated: Stated) -> dict[str, Any]:
    """Return what was said of a line, in JSON."""
    value = str(stated.value) if isinstance(stated.value, Fraction) else stated.value
    return {
        "value": value,
        "on": stated.on.isoformat(),
        "note": stated.note,
        "waived": stated.waived,
    }


def stated_from(document: Mapping[str, Any]) -> Stated:
    """Return what ``stated_document`` wrote."""
    value = document["value"]
    return Stated(
        Fraction(value) if isinstance(value, str) else value,
        date.fromisoformat(document["on"]),
        document["note"],
        document["waived"],
    )


# -- holding a review ----------------------------------------------------------------------------


def hold_review(
    acting: Acting,
    engagement: str,
    said: Mapping[str, LineSaid],
    seen: int,
    note: str = "",
) -> GateReview:
    """Hold the review of today and keep it with everything it rests on.

    ``seen`` is the number of the newest review on the page. Raises as ``gate_of``,
    ``NotAllowedError``, and ``ConflictError``: ``reviewed`` (somebody else was faster),
    ``no-gate``, ``not-begun``, ``repair-running`` (it would fail again before the loop is over),
    ``archived``.
    """
    acting.must_write()
    found = gate_of(acting, engagement, said)
    must_report(acting, found.coached, "")
    review = _decidable(found)
    if len(note.strip()) > NOTE_LIMIT:
        raise RefusedError({"note": "说明最多{limit}个字。"}, limit=NOTE_LIMIT)
    if found.number != seen:
        raise _outrun()
    own = {name: one for name, one in found.said.items() if one.on == acting.today}
    row = _row(found.coached, review, own)
    row.number, row.note = seen + 1, note.strip()
    row.at, row.by = acting.now, acting.person
    after = relived(found.coached, row)
    row.next_on = gate_day(after.model, after.running)
    try:
        with acting.writing() as session:
            session.add(row)
            record(
                acting, session, "coaching.reviewed", "engagement", engagement, engagement,
                phase=row.phase, verdict=row.verdict, number=row.number,
            )  # fmt: skip
    except TakenError:
        raise _outrun() from None
    return review


def _outrun() -> ConflictError:
    return ConflictError("reviewed", "刚刚有人做过一次评审，请看过结果再决定要不要再评。")


def _decidable(found: GateView) -> GateReview:
    """Return the review that can be held now; raises ``ConflictError``."""
    if found.review is None:
        raise ConflictError("no-gate", "这个阶段没有出口条件，到期自动进入下一阶段。")
    if not found.begun:
        raise ConflictError("not-begun", "这个阶段还没开始，不能评审。")
    review, loop = found.review, found.loop
    if review.reason == "second-failure" and loop is not None and not loop.over:
        raise ConflictError(
            "repair-running",
            "整改还没到期（{day}结束）。现在评审会算第二次不过而退回上一阶段，请到期再评。",
            day=loop.last,
        )
    return review


def _row(coached: Coached, review: GateReview, stated: Mapping[str, Stated]) -> HeldReview:
    return HeldReview(
        engagement_id=coached.engagement,
        number=(coached.reviews[-1].number if coached.reviews else 0) + 1,
        plan=coached.report.plan_number or 0,
        phase=review.phase.id,
        day=review.on,
        verdict=review.verdict,
        why=review.reason,
        stated={name: stated_document(one) for name, one in stated.items()},
        lines={line.item.id: _line_document(line) for line in review.lines},
        signs=[sign.id for sign in review.signs],
        repair_last=review.repair.last if review.repair is not None else None,
        sops=list(review.repair.sops) if review.repair is not None else [],
        back_to=review.back_to.id if review.back_to is not None else None,
        note="",
    )


def _line_document(line: GateLine) -> dict[str, Any]:
    return {
        "state": line.state,
        "value": None if line.value is None else str(line.value),
        "on": None if line.on is None else line.on.isoformat(),
        "short": str(line.short),
        "counted": list(line.counted) if line.counted is not None else None,
        "note": line.note,
    }


# -- reviews that were held ----------------------------------------------------------------------


def _past(coached: Coached, row: HeldReview, names: Mapping[str, str]) -> PastReview:
    model = coached.model
    phase = phase_of(model, row.phase)
    items = {item.id: item for item in gate_items(model, phase)}
    return PastReview(
        number=row.number,
        phase=phase.title,
        on=row.day,
        verdict=cast(GateVerdict, row.verdict),
        why=cast(StopReason | None, row.why),
        lines=tuple(
            _past_line(items[name], document)
            for name, document in row.lines.items()
            if name in items
        ),
        repair_last=row.repair_last,
        sops=tuple(row.sops),
        back_to=phase_of(model, row.back_to).title if row.back_to else "",
        note=row.note,
        who=names.get(row.by, ""),
        at=row.at,
        current=row.plan == coached.report.plan_number,
    )


def _past_line(item: GateItem, document: Mapping[str, Any]) -> PastLine:
    return PastLine(
        item,
        document["state"],
        None if document["value"] is None else Fraction(document["value"]),
        None if document["on"] is None else date.fromisoformat(document["on"]),
        document["note"],
    )


def _loop(coached: Coached, tracked: tuple[TrackedTask, ...]) -> Loop | None:
    held = coached.repair
    if held is None or held.repair_last is None:
        return None
    first, last = held.day + A_DAY, held.repair_last
    name = f"repair-{held.phase}-{first.isoformat()}"
    own = [one for one in tracked if one.task.key.run.startswith(name)]
    share = on_time(own, first, last, coached.today)
    return Loop(first, last, tuple(held.sops), share, len(own), coached.today > last)


STATES: Final[tuple[LineState, ...]] = ("failed", "missing", "waiting", "passed", "waived")
"""The order in which a page lists lines: what decides first."""


def in_order(review: GateReview) -> tuple[GateLine, ...]:
    """Return a review's lines, those that decide first."""
    return tuple(sorted(review.lines, key=lambda line: STATES.index(line.state)))
