"""The stage verdict as the summary shows it: three readings on one line of stages."""

from dataclasses import dataclass

from markupsafe import Markup

from app.domain.figures import Figures
from app.domain.stage import StageVerdict
from app.reporting.charts import StageReading, stage_chevrons
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class SummaryStage:
    """The stage on the summary page.

    ``title`` is the verdict in words, ``drawing`` the stages with the readings, ``says`` what the
    readings mean together.
    """

    title: str
    drawing: Markup
    says: str


def summary_stage(source: Source) -> SummaryStage | None:
    """Return the stage; None where the model has no stages."""
    verdict = source.diagnosis.stage
    if verdict is None:
        return None
    translate = source.wording.translate
    title = translate("阶段判断：{stage}").format(stage=verdict.stage.title)
    if verdict.overdue:
        title += translate("，已经逾期")
    elif verdict.mismatch == "scale-ahead":
        title += translate("，规模走在能力前面")
    elif verdict.mismatch == "capability-ahead":
        title += translate("，能力走在规模前面")
    return SummaryStage(title, _drawing(source, verdict), _says(source, verdict))


def _drawing(source: Source, verdict: StageVerdict) -> Markup:
    wording, translate = source.wording, source.wording.translate
    users = Figures.of(source.diagnosis.assessment).number("users")
    economics, card = source.diagnosis.economics, source.diagnosis.scorecard
    ahead = verdict.mismatch == "scale-ahead"
    readings = (
        StageReading(
            translate("规模读数"),
            verdict.scale,
            "" if users is None else translate("用户{n}人").format(n=wording.amount(users)),
            alert=ahead,
        ),
        StageReading(
            translate("经济读数"),
            verdict.economics,
            translate("算不出LTV/CAC")
            if economics.ltv_cac is None
            else translate("LTV/CAC {n}").format(n=wording.number(economics.ltv_cac, 1)),
        ),
        StageReading(
            translate("能力读数"),
            verdict.capability,
            "" if card.level is None else translate("整体L{n}").format(n=card.level),
        ),
    )
    return stage_chevrons(
        [(stage.code, stage.title) for stage in verdict.stages],
        verdict.verdict,
        readings,
        title=translate("五个阶段、三个读数与判定"),
        theme=source.theme,
        words=source.words,
    )


def _says(source: Source, verdict: StageVerdict) -> str:
    wording, translate = source.wording, source.wording.translate
    ladder = source.model.content.stage_model
    parts = []
    if verdict.overdue and ladder is not None:
        parts.append(
            translate("上线{months}个月，满{limit}个月还在{stage}，算逾期").format(
                months=wording.plain(verdict.months),
                limit=ladder.overdue_months,
                stage=verdict.stage.title,
            )
        )
    if verdict.mismatch == "scale-ahead" and verdict.scale is not None:
        parts.append(
            translate("规模到了「{scale}」，比判定高{n}个阶段，先停放量、补能力").format(
                scale=verdict.stages[verdict.scale].title, n=verdict.ahead_by
            )
        )
    if verdict.mismatch == "capability-ahead":
        parts.append(translate("能力已经够用，差的是用户量，可以加快引流"))
    known = [check.passed for check in verdict.gates[verdict.verdict] if check.passed is not None]
    total = len(verdict.gates[verdict.verdict])
    if total:
        parts.append(
            translate("出口{total}条里，今天做到{passed}条、量不出{unknown}条").format(
                total=total, passed=sum(known), unknown=total - len(known)
            )
        )
    return translate("；").join(parts) + translate("。") if parts else ""
