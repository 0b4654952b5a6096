"""How to read the report: where its scores come from, what the words mean, who was asked."""

from dataclasses import dataclass

from app.domain.definitions.structure import Gate
from app.reporting.context.confidence import confidence_of, is_self_reported, overall_trust
from app.reporting.context.decisions import are_marked
from app.reporting.context.method_evidence import (
    EvidenceRow,
    RespondentRow,
    capped_answers,
    evidence_rows,
    respondent_rows,
    respondents,
    tally,
)
from app.reporting.context.scores_levels import gate_reason, level_of
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class MethodStep:
    """One step from answers to the level: its ``title``, the ``rule``, and ``here`` in numbers."""

    title: str
    rule: str
    here: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level: ``name`` with its number, the ``test`` that tells it from the next, and ``here``.

    ``here`` names the keys and steps that stand on it, ``current`` marks the overall level.
    """

    name: str
    test: str
    here: str
    current: bool


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate: ``title``, ``rule``, what it ``holds`` here, ``binding`` if it lowers a level."""

    title: str
    rule: str
    holds: str
    binding: bool


@dataclass(frozen=True, slots=True)
class Method:
    """The section on method.

    ``headline`` is what the conclusions rest on, ``lead`` how much that carries; ``steps`` lead
    from answers to the level, ``gates`` what can hold a level down; ``levels`` the vocabulary;
    ``evidence`` the grades; ``respondents`` who was asked (roles and counts, no names); ``marks``
    how the small codes and the plain dash are to be read.
    """

    headline: str
    lead: str
    steps: tuple[MethodStep, ...]
    gates: tuple[GateRow, ...]
    levels: tuple[LevelRow, ...]
    evidence: tuple[EvidenceRow, ...]
    respondents: tuple[RespondentRow, ...]
    marks: str


def build(source: Source) -> Method:
    """Build the section."""
    return Method(
        headline=_headline(source),
        lead=_lead(source),
        steps=_steps(source),
        gates=tuple(_gate(source, gate) for gate in source.model.content.gates),
        levels=_levels(source),
        evidence=evidence_rows(source),
        respondents=respondent_rows(source),
        marks=_marks(source),
    )


def _headline(source: Source) -> str:
    wording, translate = source.wording, source.wording.translate
    found = tally(source)
    if not found.answers:
        return translate("还没有人作答：下面只说明分数将怎样得出")
    if is_self_reported(source.diagnosis):
        return translate("结论来自{people}人自评的{answers}个回答，没有人核对过").format(
            people=found.people, answers=found.answers
        )
    people, _ = respondents(source)
    text = (
        translate("{people}人和顾问的{answers}个回答，{share}核对过实物或数据")
        if people < found.people
        else translate("结论来自{people}人的{answers}个回答，{share}核对过实物或数据")
    )
    return text.format(
        people=people, answers=found.answers, share=wording.percent(found.checked_share)
    )


def _lead(source: Source) -> str:
    wording, translate = source.wording, source.wording.translate
    diagnosis = source.diagnosis
    parts = []
    given = sum(part in diagnosis.assessment.facts for part in source.model.fact_parts)
    asked = _facts_asked(source)
    if asked and given:
        parts.append(
            translate("另有经营数据{given}项（共问{asked}项）").format(given=given, asked=asked)
        )
    elif asked:
        parts.append(translate("{asked}项经营数据一项也没有给").format(asked=asked))
    if diagnosis.pulse is not None:
        parts.append(translate("客户脉搏{n}份").format(n=diagnosis.pulse.customers))
    if diagnosis.assessment.adjudications:
        parts.append(translate("顾问裁定{n}题").format(n=len(diagnosis.assessment.adjudications)))
    text = translate("，").join(parts) + translate("。") if parts else ""
    trust = overall_trust(diagnosis)
    if trust is not None:
        told = (
            translate("证据折算并扣去矛盾，可信系数为{trust}，整体可信度：{word}。")
            if diagnosis.contradictions.lowered
            else translate("全部证据折算的可信系数为{trust}，整体可信度：{word}。")
        )
        text += told.format(
            trust=wording.number(trust, 2), word=wording.confidence(confidence_of(diagnosis, trust))
        )
    return text


def _facts_asked(source: Source) -> int:
    form = source.model.forms[source.diagnosis.assessment.form]
    return sum(
        len(fact.parts)
        for fact in source.model.content.facts
        if form.every_fact or fact.id in form.facts
    )


def _steps(source: Source) -> tuple[MethodStep, ...]:
    return tuple(
        step
        for step in (
            _answers_step(source),
            _people_step(source),
            _area_step(source),
            _dimension_step(source),
            _overall_step(source),
        )
    )


def _answers_step(source: Source) -> MethodStep:
    translate, content = source.wording.translate, source.model.content
    rule = translate("分级题选第几级记几分，数字题按分档，多选题按勾中的比例。")
    here = ""
    if source.model.forms[source.diagnosis.assessment.form].caps_by_evidence:
        caps = translate("、").join(
            translate("选{option}以上须有{needs}，否则记{cap}").format(
                option=cap.from_option, needs=cap.needs, cap=cap.cap
            )
            for cap in content.rating.evidence_caps
        )
        rule += translate("证据不够的要封顶：{caps}。").format(caps=caps) if caps else ""
        here = (
            translate("本次{n}个回答因证据不够被压低。").format(n=capped)
            if (capped := capped_answers(source))
            else translate("本次没有回答因此被压低。")
        )
    return MethodStep(translate("回答记分"), rule, here)


def _people_step(source: Source) -> MethodStep:
    wording, translate = source.wording, source.wording.translate
    rating = source.model.content.rating
    return MethodStep(
        translate("角色合并"),
        translate(
            "先求同一角色的平均，再按主答{primary}、旁证{secondary}加权；顾问裁定过的以裁定为准。"
        ).format(
            primary=wording.plain(rating.primary_weight),
            secondary=wording.plain(rating.secondary_weight),
        ),
        translate("本次裁定{n}题，理由见「认知差」。").format(
            n=len(source.diagnosis.assessment.adjudications)
        )
        if source.diagnosis.assessment.adjudications
        else "",
    )


def _area_step(source: Source) -> MethodStep:
    wording, translate = source.wording, source.wording.translate
    rating, scale = source.model.content.rating, source.model.content.scale
    areas = [area for area in source.diagnosis.scorecard.areas.values() if area.asked]
    return MethodStep(
        translate("题到领域"),
        translate(
            "按题目权重平均；缺答超过{limit}不评。得分满n−{tolerance}且门槛题满n−{margin}，才到第n级。"
        ).format(
            limit=wording.percent(rating.missing_limit * 100),
            tolerance=wording.number(scale.tolerance, 2),
            margin=rating.gate_margin,
        ),
        translate("问到{asked}个领域，评出{rated}个；门槛题压低{held}个。").format(
            asked=len(areas),
            rated=sum(area.score is not None for area in areas),
            held=sum(area.held_by is not None for area in areas),
        ),
    )


def _dimension_step(source: Source) -> MethodStep:
    translate = source.wording.translate
    found = source.diagnosis.scorecard.dimensions.values()
    rated = sum(item.score is not None for item in found)
    return MethodStep(
        translate("领域到八项"),
        translate("按领域权重平均；等级最多比其中的要害领域高{margin}级。").format(
            margin=source.model.content.rating.critical_margin
        ),
        translate("评出{rated}项；要害领域或门槛压低{held}项。").format(
            rated=rated, held=sum(bool(item.held_by) for item in found)
        ),
    )


def _overall_step(source: Source) -> MethodStep:
    wording, translate = source.wording, source.wording.translate
    card, scale = source.diagnosis.scorecard, source.model.content.scale
    known = [
        (lens, score)
        for lens in source.model.content.lenses
        if (score := card.lenses[lens.id]) is not None
    ]
    rule = translate("；").join(
        translate("{lens}占{weight}").format(
            lens=lens.title, weight=wording.percent(lens.weight * 100)
        )
        for lens in source.model.content.lenses
    )
    rule = translate("{weights}，合成总分，再折成0–100的指数。").format(weights=rule)
    here = ""
    if card.overall is not None and len(known) == len(source.model.content.lenses):
        terms = " + ".join(
            f"{wording.number(lens.weight, 2)}×{wording.number(score, 3)}" for lens, score in known
        )
        here = translate(
            "{terms} = {overall}；（{overall} − {low}）÷ {span} × 100 = {index}。"
        ).format(
            terms=terms,
            overall=wording.number(card.overall, 3),
            low=scale.minimum,
            span=scale.maximum - scale.minimum,
            index=wording.number(card.index, 1),
        )
    return MethodStep(translate("总分与指数"), rule, here)


def _gate(source: Source, gate: Gate) -> GateRow:
    """Return a gate with what it does here; overall gates and dimension gates alike."""
    translate, card = source.wording.translate, source.diagnosis.scorecard
    holders = source.wording.joined([level_of(source, name) for name in gate.binds])
    holds = translate("没有压住等级；{holders}").format(holders=holders)
    binding = False
    if gate.caps in source.model.dimensions:
        found = card.dimensions[gate.caps]
        if gate.id in found.held_by:
            binding = True
            holds = translate("把{title}压在L{level}；{holders}").format(
                title=source.model.dimensions[gate.caps].title, level=found.level, holders=holders
            )
    elif card.binding is not None and card.binding.gate.id == gate.id:
        binding = True
        holds = translate("把总等级压在L{level}；{holders}").format(
            level=card.level, holders=holders
        )
    return GateRow(gate.title, gate_reason(gate), holds, binding)


def _levels(source: Source) -> tuple[LevelRow, ...]:
    card = source.diagnosis.scorecard
    return tuple(
        LevelRow(
            name=source.wording.level(level.level),
            test=level.test,
            here=source.wording.joined(
                [
                    dimension.title
                    for dimension in source.model.content.dimensions
                    if card.dimensions[dimension.id].level == level.level
                ]
            ),
            current=card.level == level.level,
        )
        for level in source.model.content.scale.levels
    )


def _marks(source: Source) -> str:
    say = source.wording.translate
    text = say(
        "文中小字是出处：Q访谈题、F经营数据、RU规则、K指标、SOP作业手册，附录可查到原始回答。"
        "「—」是没有数据，「未评」是答得不够、不敢评。"
    )
    if are_marked(source):
        text += say(
            "「顾问确认」「顾问改写」是顾问逐条看过发现后的意见，改写前的原文、否决的发现和理由在附录；"
            "得分、门槛与阶段不因这些意见改变。"
        )
    return text
