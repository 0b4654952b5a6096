"""The customer pulse beside what the team says of itself."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.pulse import Pulse, PulseLine
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class PulseRow:
    """One pulse item cross-checked with an area.

    ``code`` and ``text`` are the item, ``area`` the area it checks, ``answers`` how many answered
    it; ``customers`` and ``team`` the
    printed scores, ``gap`` their difference (team − customers); ``says`` it in words; ``serious``
    marks a difference that is a finding.
    """

    code: str
    text: str
    area: str
    answers: str
    customers: str
    team: str
    gap: str
    says: str
    serious: bool


@dataclass(frozen=True, slots=True)
class PulsePart:
    """What customers say.

    ``lead`` how many were asked and whether that suffices; ``rows`` the cross-checked items;
    ``others`` one sentence per item that stands alone (NPS, frequency, number of texts).
    """

    lead: str
    rows: tuple[PulseRow, ...]
    others: tuple[str, ...]


def pulse_part(source: Source) -> PulsePart | None:
    """Return the customers' side; None where no customer answered."""
    pulse = source.diagnosis.pulse
    if pulse is None:
        return None
    return PulsePart(
        lead=_lead(source, pulse),
        rows=tuple(_row(source, line, pulse) for line in pulse.lines if line.mean is not None),
        others=tuple(text for line in pulse.lines if (text := _other(source, line))),
    )


def _lead(source: Source, pulse: Pulse) -> str:
    translate, bands = source.wording.translate, source.model.content.rating.agreement
    if not pulse.enough:
        return translate("有{n}名客户作答，不满{minimum}名：只列出来，不与团队评分比较。").format(
            n=pulse.customers, minimum=bands.pulse_minimum
        )
    findings = sum(line.finding for line in pulse.lines)
    text = translate("{n}名客户作答，与团队评出的领域得分对照；差满{bound}级算一条发现，").format(
        n=pulse.customers, bound=source.wording.plain(bands.pulse_gap)
    )
    return text + (
        translate("本次有{k}条。").format(k=findings) if findings else translate("本次没有。")
    )


def _row(source: Source, line: PulseLine, pulse: Pulse) -> PulseRow:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    area = source.model.areas[line.item.area] if line.item.area else None
    team = source.diagnosis.scorecard.areas[area.id].score if area else None
    says = translate("未比较")
    if line.gap is not None:
        if not line.finding:
            says = translate("两边接近")
        else:
            says = (
                translate("团队自我感觉好于客户感受")
                if line.gap > 0
                else translate("客户感受好于团队自评")
            )
    return PulseRow(
        code=line.item.code,
        text=line.item.text,
        area=f"{area.code} {area.title}" if area else translate("—"),
        answers=wording.number(line.n),
        customers=wording.score(line.mean if line.n >= bands.minimum_group else None),
        team=wording.score(team if pulse.enough else None),
        gap=wording.signed(line.gap),
        says=says,
        serious=line.finding,
    )


def _other(source: Source, line: PulseLine) -> str:
    wording, translate = source.wording, source.wording.translate
    if line.nps is not None:
        return translate("推荐意愿NPS为{nps}（{n}人答）：打9–10分的占比减去0–6分的占比。").format(
            nps=wording.signed(line.nps, 0), n=line.n
        )
    if line.counts and line.n:
        parts = [
            wording.beside(
                choice.title, wording.percent(_percent(line.counts.get(choice.id, 0), line.n))
            )
            for choice in line.item.choices
        ]
        return translate("「{text}」：{parts}（{n}人答）。").format(
            text=line.item.text, parts=wording.joined(parts), n=line.n
        )
    if line.texts:
        return translate("「{text}」收到{n}条原话，未征得本人同意不引用。").format(
            text=line.item.text, n=len(line.texts)
        )
    return ""


def _percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole)
