"""Stage and gates: three readings, the verdict, what still closes the gate, what pulls back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.domain.definitions.stage import StageModel
from app.domain.stage import GateCheck, StageVerdict
from app.reporting.charts import stage_chevrons, status_mark
from app.reporting.charts.status import Status
from app.reporting.context.findings_measures import figure
from app.reporting.context.source import Source
from app.reporting.context.stage_readings import Reading, Readings


@dataclass(frozen=True, slots=True)
class GateLine:
    """One line of an exit gate: sign and word, threshold, today's value, how to get there.

    ``needs`` is empty once the line is passed.
    """

    mark: Markup
    word: str
    title: str
    threshold: str
    today: str
    needs: str


@dataclass(frozen=True, slots=True)
class GatePart:
    """An exit gate: from which stage to which, the count of lines in a sentence, the lines."""

    title: str
    count: str
    lines: tuple[GateLine, ...]


@dataclass(frozen=True, slots=True)
class RegressLine:
    """A condition that pulls the verdict back: whether it holds, the word for it, the values."""

    text: str
    holds: bool
    word: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StagePart:
    """The stage section.

    ``drawing`` shows the stages with the readings; ``verdict`` names the stage, ``held_by`` what
    decided it in sentences; ``warnings`` (scale ahead, overdue) are to be acted on, ``note`` is
    not; ``purpose``, ``duration`` and ``team`` describe the stage. ``gate`` is its exit gate,
    ``preview`` the next stage's; either may be None.
    """

    headline: str
    drawing: Markup
    verdict: str
    held_by: tuple[str, ...]
    warnings: tuple[str, ...]
    note: str
    purpose: str
    duration: str
    team: str
    readings: tuple[Reading, ...]
    gate: GatePart | None
    preview: GatePart | None
    regress: tuple[RegressLine, ...]


def build(source: Source) -> StagePart | None:
    """Build the section; None when the model has no stages."""
    verdict, ladder = source.diagnosis.stage, source.model.content.stage_model
    if verdict is None or ladder is None:
        return None
    readings = Readings(source, verdict, ladder)
    stage = verdict.stage
    following = verdict.verdict + 1
    return StagePart(
        headline=_headline(source, verdict),
        drawing=_drawing(source, verdict, readings),
        verdict=f"{stage.code} {stage.title}",
        held_by=_held_by(source, verdict, ladder),
        warnings=_warnings(source, verdict, ladder),
        note=_note(source, verdict),
        purpose=stage.purpose,
        duration=stage.duration,
        team=stage.team,
        readings=readings.all(),
        gate=_gate(source, verdict, verdict.verdict),
        preview=_gate(source, verdict, following) if following < len(verdict.stages) else None,
        regress=tuple(
            RegressLine(
                text=rule.text,
                holds=bool(because := readings.holds(rule.when)),
                word=_regress_word(source, readings, rule.when),
                because=because,
            )
            for rule in ladder.regress
        ),
    )


def _passed(checks: Sequence[GateCheck]) -> int:
    return sum(check.passed is True for check in checks)


def _headline(source: Source, verdict: StageVerdict) -> str:
    say = source.wording.translate
    stage, checks = verdict.stage, verdict.gates[verdict.verdict]
    if checks and verdict.scale is None and all(check.passed is None for check in checks):
        return say("阶段还判不了：出口{}条都没有数").format(len(checks))
    gate = (
        say("出口{}条只过{}条") if _passed(checks) * 2 < len(checks) else say("出口{}条已过{}条")
    ).format(len(checks), _passed(checks))
    if verdict.overdue and verdict.months is not None:
        start = say("上线{}个月仍停在{}").format(source.wording.plain(verdict.months), stage.title)
    elif verdict.mismatch == "scale-ahead" and verdict.scale is not None:
        reached = verdict.stages[verdict.scale].title
        start = say("规模已到{}，根基只到{}").format(reached, stage.title)
    elif verdict.mismatch == "capability-ahead":
        start = say("能力已超过{}的规模，可以加快").format(stage.title)
    else:
        start = say("现在处在{}").format(stage.title)
    return say("{}：{}").format(start, gate) if checks else start


def _drawing(source: Source, verdict: StageVerdict, readings: Readings) -> Markup:
    say = source.wording.translate
    return stage_chevrons(
        [(stage.code, stage.title) for stage in verdict.stages],
        verdict.verdict,
        readings.drawn(),
        title=say("阶段判断：{}").format(verdict.stage.title),
        desc=say("规模、经济、能力三个读数各指在哪一个阶段，判定取在哪里"),
        theme=source.theme,
        words=source.words,
    )


def _held_by(source: Source, verdict: StageVerdict, ladder: StageModel) -> tuple[str, ...]:
    """Return which readings stand at the verdict: those that decided it."""
    say, at, sentences = source.wording.translate, verdict.verdict, []
    code = verdict.stage.code
    lag = 0 if verdict.economics is None else 1
    if verdict.scale == at:
        sentences.append(say("规模读数就在{}。").format(code))
    if verdict.economics == at:
        sentences.append(say("经济读数就在{}。").format(code))
    if verdict.capability is not None and verdict.capability + lag == at:
        below = verdict.stages[verdict.capability].code
        text = say("能力读数在{}，判定最多比它高一个阶段。") if lag else say("能力读数在{}。")
        sentences.append(text.format(below))
    weeks = verdict.data_weeks
    if (
        weeks is not None
        and weeks < ladder.data_weeks_minimum
        and ladder.data_cap == verdict.stage.id
    ):
        sentences.append(
            say("口径不变的数据只有{}周，不满{}周，判定不超过{}。").format(
                source.wording.plain(weeks), ladder.data_weeks_minimum, code
            )
        )
    if verdict.regress:
        sentences.append(say("退回条件成立，判定退回{}。").format(code))
    if not sentences:
        sentences.append(say("三个读数都缺数，先按{}准备。").format(code))
    return tuple(sentences)


def _warnings(source: Source, verdict: StageVerdict, ladder: StageModel) -> tuple[str, ...]:
    say, warnings = source.wording.translate, []
    if verdict.mismatch == "scale-ahead" and verdict.scale is not None:
        warnings.append(
            say(
                "规模走在前面{}个阶段：规模读数已到{}，判定只到{}。先补下面清单里没过的，再加人加钱。"
            ).format(
                verdict.ahead_by,
                verdict.stages[verdict.scale].title,
                verdict.stage.title,
            )
        )
    if verdict.overdue and verdict.months is not None:
        warnings.append(
            say("已超期：上线{}个月，{}最多给{}个月。").format(
                source.wording.plain(verdict.months),
                verdict.stages[_position(ladder)].title,
                ladder.overdue_months,
            )
        )
    return tuple(warnings)


def _position(ladder: StageModel) -> int:
    return [stage.id for stage in ladder.stages].index(ladder.overdue_stage)


def _note(source: Source, verdict: StageVerdict) -> str:
    say, following = source.wording.translate, verdict.verdict + 1
    if verdict.mismatch == "capability-ahead":
        return say("能力读数高于规模读数：做法已经教得会别人，可以加快引流和复制。")
    if verdict.preparing and following < len(verdict.stages):
        return say("出口清单已过七成以上：可以开始为{}备人备料，放行仍以全部通过为准。").format(
            verdict.stages[following].title
        )
    return ""


def _regress_word(source: Source, readings: Readings, condition: str) -> str:
    words = {True: "已触发", False: "今天没有触发", None: "缺数，判不了"}
    return source.wording.translate(words[readings.state(condition)])


def _gate(source: Source, verdict: StageVerdict, place: int) -> GatePart | None:
    checks = verdict.gates[place]
    if not checks:
        return None
    say, stage = source.wording.translate, verdict.stages[place]
    following = verdict.stages[place + 1 : place + 2]
    title = say("{}出口").format(f"{stage.code} {stage.title}")
    if following:
        title = f"{stage.code} {stage.title} → {following[0].code} {following[0].title}"
    failed = sum(check.passed is False for check in checks)
    count = say("{}条：已过{}条，未过{}条，未测{}条。").format(
        len(checks), _passed(checks), failed, len(checks) - _passed(checks) - failed
    )
    return GatePart(title, count, tuple(_line(source, check) for check in checks))


def _line(source: Source, check: GateCheck) -> GateLine:
    say = source.wording.translate
    words = replace(source.words, done=say("已过"), missing=say("未过"), unassessed=say("未测"))
    states: dict[bool | None, tuple[Status | None, str]] = {
        True: ("done", words.done),
        False: ("missing", words.missing),
        None: (None, words.unassessed),
    }
    status, word = states[check.passed]
    return GateLine(
        mark=status_mark(status, theme=source.theme, words=words),
        word=word,
        title=check.item.title,
        threshold=check.item.threshold,
        today=_today(source, check),
        needs="" if check.passed else check.item.needs,
    )


def _today(source: Source, check: GateCheck) -> str:
    """Return today's figure; for a line without a figure, the answer to its condition."""
    say, item = source.wording.translate, check.item
    if check.value is not None:
        if item.unit == say("级"):
            return f"L{int(check.value)}"
        return figure(source.wording, check.value, item.unit)
    if item.value is None and check.passed is not None:
        return say("是") if check.passed else say("否")
    return say("未测")
