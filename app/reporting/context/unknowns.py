"""Section "not assessed": how much of the picture is known, and what would complete it."""

from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.reporting.charts import BarRow, bar_list
from app.reporting.context import unknowns_tables as tables
from app.reporting.context.source import Source
from app.reporting.context.unknowns_weight import known_share, question_weights


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure with what it counts."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What this report does not know.

    ``headline`` says how much of the picture is known; ``figures`` are its key numbers;
    ``evidence`` draws the index by evidence grade (None where nothing is answered) and
    ``evidence_reads`` says what it means; ``first`` names the answers that would decide most rules.
    ``unsure`` tells where people answered "don't know" although others knew, ``alone`` which
    scores rest on one person. The tables are empty tuples where nothing is open; ``areas`` lists
    the areas that could not be rated; ``gates`` belong to the exit gate of ``stage``;
    ``contradictions`` names the claims that could not be held against a number, with what is
    missing (empty if none).
    """

    headline: str
    figures: tuple[KeyFigure, ...]
    evidence: Markup | None
    evidence_reads: str
    first: str
    weak_areas: tuple[tables.WeakArea, ...]
    questions: tuple[tables.OpenQuestion, ...]
    facts: tuple[tables.OpenFact, ...]
    rules: tuple[tables.OpenRule, ...]
    areas: str
    gates: tuple[tables.OpenGate, ...]
    stage: str
    contradictions: str
    unsure: str
    alone: str


def build(source: Source) -> Unknowns:
    """Build the section."""
    stage = source.diagnosis.stage
    return Unknowns(
        headline=_headline(source),
        figures=_figures(source),
        evidence=_evidence(source),
        evidence_reads=_evidence_reads(source),
        first=tables.first_answers(source),
        weak_areas=tables.weak_areas(source),
        questions=tables.open_questions(source),
        facts=tables.open_facts(source),
        rules=tables.open_rules(source),
        areas=source.wording.joined(tables.open_areas(source)),
        gates=tables.open_gates(source),
        stage=f"{stage.stage.code} {stage.stage.title}" if stage else "",
        contradictions=tables.open_contradictions(source),
        unsure=tables.unsure(source),
        alone=tables.single_sources(source),
    )


def _headline(source: Source) -> str:
    diagnosis, say = source.diagnosis, source.wording.translate
    share = known_share(diagnosis)
    scored = len(question_weights(diagnosis))
    undecided = len(diagnosis.diagnostics.undecided)
    rules = len(source.model.rules)
    if not share.answered:
        return say("没有一道计分题得到答复：{}条规则里{}条判不出").format(rules, undecided)
    if share.answered < 1 or undecided:
        # 99.6 % must not read as all of it.
        known = source.wording.percent(min(share.answered * 100, Fraction(99)))
        if not undecided:
            return say("看清了{}：还有{}道题空着，规则已全部判定").format(
                known, len(diagnosis.not_assessed.questions)
            )
        return say("只看清了{}：{}条规则里有{}条还判不出").format(known, rules, undecided)
    weak = source.wording.percent(share.weak * 100)
    return say("{}道题全部有答复，但{}的分量还只凭口头或举例").format(scored, weak)


def _figures(source: Source) -> tuple[KeyFigure, ...]:
    diagnosis, say = source.diagnosis, source.wording.translate
    share = known_share(diagnosis)
    missing = diagnosis.not_assessed
    return (
        KeyFigure(source.wording.percent(share.answered * 100), say("指数的分量有答复")),
        KeyFigure(source.wording.percent(share.weak * 100), say("只凭口头或举例（E0–E1）")),
        KeyFigure(str(len(missing.questions)), say("道题没有答复")),
        KeyFigure(str(len(missing.facts)), say("项画像事实不全")),
        KeyFigure(str(len(diagnosis.diagnostics.undecided)), say("条规则判不出")),
        KeyFigure(str(len(tables.open_gates(source))), say("条关口未测量")),
    )


def _evidence(source: Source) -> Markup | None:
    share, say = known_share(source.diagnosis), source.wording.translate
    if not share.answered:
        return None
    titles = {grade.code: grade.title for grade in source.model.content.rating.evidence}
    rows = [
        BarRow(f"{code} {titles[code]}", part * 100)
        for code, part in sorted(share.by_grade.items())
    ]
    if share.answered < 1:
        rows.append(BarRow(say("没有答复"), (1 - share.answered) * 100, alert=True))
    return bar_list(
        rows,
        title=say("指数的分量按证据等级拆开"),
        format=lambda value: source.wording.percent(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )


def _evidence_reads(source: Source) -> str:
    share, say = known_share(source.diagnosis), source.wording.translate
    if not share.answered:
        return ""
    seen = share.answered - share.weak
    text = say("指数的{}看到了实物或系统数据，{}只听到口头说法或一次举例。").format(
        source.wording.percent(seen * 100), source.wording.percent(share.weak * 100)
    )
    if share.answered < 1:
        text += say("另有{}没有答复，不计入得分。").format(
            source.wording.percent((1 - share.answered) * 100)
        )
    return text
