"""Agreement statistics of the shared questions, each with one plain sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.perception import QuestionAgreement
from app.reporting.context.perception_views import QuestionView
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic over all shared questions.

    ``name`` is its printed name, ``measures`` what it measures, ``value`` today's figure with
    what it is of, ``bound`` the bound it is judged by, ``says`` one plain sentence.
    """

    name: str
    measures: str
    value: str
    bound: str
    says: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One shared question in the table of agreement.

    ``code`` and ``title`` name it; ``answers`` is the number of answers; ``top``, ``front``,
    ``gap``, ``sd``, ``rwg`` and ``ad`` are printed figures or a dash; ``says`` reads the gap and
    the spread in words; ``serious`` marks a gap that is a finding.
    """

    code: str
    title: str
    answers: str
    top: str
    front: str
    gap: str
    sd: str
    rwg: str
    ad: str
    says: str
    serious: bool


def statistics(source: Source, views: Sequence[QuestionView]) -> tuple[Statistic, ...]:
    """Return gap, SD, r_wg, AD and α, leaving out what the answers cannot carry."""
    built = (
        _gap(source, views),
        _sd(source, views),
        _rwg(source, views),
        _ad(source, views),
        _alpha(source, views),
    )
    return tuple(statistic for statistic in built if statistic is not None)


def agreement_rows(source: Source, views: Sequence[QuestionView]) -> tuple[AgreementRow, ...]:
    """Return the questions with a gap, and those whose answers are split, in the order given.

    A question that only one side answered, and answered alike, has nothing to tell here.
    """
    wording, bands = source.wording, source.model.content.rating.agreement
    rows = []
    for view in views:
        stats = view.agreement
        alike = stats is None or stats.sd is None or _is_aligned(source, stats.sd)
        if view.gap is None and alike:
            continue
        rows.append(
            AgreementRow(
                code=view.question.code,
                title=view.question.short or view.question.text,
                answers=wording.number(view.answers),
                top=wording.score(view.top),
                front=wording.score(view.front),
                gap=wording.signed(view.gap),
                sd=wording.number(_decimal(stats.sd if stats else None), 1),
                rwg=wording.number(_decimal(stats.rwg if stats else None), 2),
                ad=wording.number(_decimal(stats.ad if stats else None), 1),
                says=_row_words(source, view),
                serious=view.gap is not None and abs(view.gap) >= Fraction(bands.gap_finding),
            )
        )
    return tuple(rows)


def gap_side(source: Source, gap: Fraction) -> str:
    """Return which side scores higher."""
    translate = source.wording.translate
    return translate("高层看得更高") if gap > 0 else translate("一线看得更高")


def gap_words(source: Source, gap: Fraction) -> str:
    """Return size and direction of a gap in words."""
    translate, bands = source.wording.translate, source.model.content.rating.agreement
    size = abs(gap)
    if size < Fraction(bands.gap_watch):
        return translate("两边接近")
    side = gap_side(source, gap)
    if size >= Fraction(bands.gap_serious):
        return translate("{side}，严重").format(side=side)
    if size >= Fraction(bands.gap_finding):
        return side
    return translate("{side}，留意").format(side=side)


def _row_words(source: Source, view: QuestionView) -> str:
    translate, bands = source.wording.translate, source.model.content.rating.agreement
    words = [gap_words(source, view.gap)] if view.gap is not None else []
    sd = view.agreement.sd if view.agreement else None
    # Where the sides differ, a small spread only says that few people stand on one of them.
    apart = view.gap is not None and abs(view.gap) >= Fraction(bands.gap_watch)
    if sd is not None and not (apart and _is_aligned(source, sd)):
        words.append(_sd_word(source, sd))
    return translate("；").join(words)


def _is_aligned(source: Source, sd: float) -> bool:
    return Decimal(repr(sd)) < source.model.content.rating.agreement.sd_aligned


def _sd_word(source: Source, sd: float) -> str:
    translate, bands = source.wording.translate, source.model.content.rating.agreement
    if _is_aligned(source, sd):
        return translate("说法一致")
    if Decimal(repr(sd)) <= bands.sd_split:
        return translate("说法不一")
    return translate("说法分裂")


def _gap(source: Source, views: Sequence[QuestionView]) -> Statistic | None:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    gaps = [view.gap for view in views if view.gap is not None]
    if not gaps:
        return None
    above, below = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    large = sum(abs(gap) >= Fraction(bands.gap_finding) for gap in gaps)
    return Statistic(
        name=translate("方向差G"),
        measures=translate("高层均分减一线均分，先算各角色的平均"),
        value=translate("平均{mean}级").format(mean=wording.signed(_mean(gaps))),
        bound=translate("满{finding}级为发现，满{serious}级为严重").format(
            finding=wording.plain(bands.gap_finding), serious=wording.plain(bands.gap_serious)
        ),
        says=translate(
            "{n}道可比的题：高层更高{above}道，一线更高{below}道；差满{bound}级的{large}道。"
        ).format(
            n=len(gaps),
            above=above,
            below=below,
            large=large,
            bound=wording.plain(bands.gap_finding),
        ),
    )


def _sd(source: Source, views: Sequence[QuestionView]) -> Statistic | None:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    values = _values(views, lambda stats: stats.sd)
    if not values:
        return None
    split = sum(value > bands.sd_split for value in values)
    aligned = sum(value < bands.sd_aligned for value in values)
    return Statistic(
        name=translate("标准差SD"),
        measures=translate("同一道题上，各人的回答散得多开"),
        value=translate("平均{mean}级").format(mean=wording.number(_mean(values), 1)),
        bound=translate("低于{aligned}为一致，高于{split}为分裂").format(
            aligned=wording.plain(bands.sd_aligned), split=wording.plain(bands.sd_split)
        ),
        says=translate("{n}道题里，{aligned}道说法一致，{split}道说法分裂。").format(
            n=len(values), aligned=aligned, split=split
        ),
    )


def _rwg(source: Source, views: Sequence[QuestionView]) -> Statistic | None:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    values = _values(views, lambda stats: stats.rwg)
    if not values:
        return None
    strong = sum(value >= bands.rwg_strong for value in values)
    none = sum(value < bands.rwg_weak for value in values)
    return Statistic(
        name="r_wg",
        measures=translate("比起闭着眼睛乱选，大家的回答集中了多少；1为完全一致"),
        value=translate("平均{mean}").format(mean=wording.number(_mean(values), 2)),
        bound=translate("{strong}起为强，低于{weak}等于没有共识").format(
            strong=wording.number(bands.rwg_strong, 2), weak=wording.number(bands.rwg_weak, 2)
        ),
        says=translate("{n}道题里，{strong}道共识强，{none}道谈不上共识。").format(
            n=len(values), strong=strong, none=none
        ),
    )


def _ad(source: Source, views: Sequence[QuestionView]) -> Statistic | None:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    values = _values(views, lambda stats: stats.ad)
    if not values:
        return None
    beyond = sum(value > bands.ad_acceptable for value in values)
    return Statistic(
        name=translate("平均偏离AD"),
        measures=translate("每个人离中间那个回答平均多远，与r_wg互相核对"),
        value=translate("平均{mean}级").format(mean=wording.number(_mean(values), 1)),
        bound=translate("不超过{bound}级可以接受").format(
            bound=wording.number(bands.ad_acceptable, 2)
        ),
        says=translate("{n}道题里，{beyond}道超出可接受的范围。").format(
            n=len(values), beyond=beyond
        ),
    )


def _alpha(source: Source, views: Sequence[QuestionView]) -> Statistic | None:
    wording, translate = source.wording, source.wording.translate
    bands, alpha = source.model.content.rating.agreement, source.diagnosis.alpha
    if alpha is None:
        return None
    return Statistic(
        name=translate("一致系数α"),
        measures=translate("合看全部共答题，各人说的是不是同一家公司；0等于瞎猜"),
        value=wording.number(alpha, 2),
        bound=translate("{reliable}起可靠，低于{tentative}不可靠").format(
            reliable=wording.number(bands.alpha_reliable, 2),
            tentative=wording.number(bands.alpha_tentative, 3),
        ),
        says=_alpha_sentence(source, alpha, views),
    )


def _alpha_sentence(source: Source, alpha: Fraction, views: Sequence[QuestionView]) -> str:
    """Return what an alignment index of ``alpha`` says beside the spread of single questions.

    α compares the disagreement inside questions with that between them. Where nearly all answers
    are alike everywhere there is little to tell apart, and α is low although people agree.
    """
    translate, bands = source.wording.translate, source.model.content.rating.agreement
    if alpha >= Fraction(bands.alpha_reliable):
        return translate("各角色描述的是同一家公司，分数可以直接用。")
    if alpha >= Fraction(bands.alpha_tentative):
        return translate("大体是同一家公司，单题的分数要连同差距一起看。")
    spreads = _values(views, lambda stats: stats.sd)
    if spreads and _mean(spreads) < Fraction(bands.sd_aligned):
        return translate("单题看说法接近，α低是因为回答都挤在相邻的一两级；以方向差为准。")
    return translate("各角色描述的不是同一家公司：先对事实，再谈方案。")


def _values(
    views: Sequence[QuestionView], read: Callable[[QuestionAgreement], float | Fraction | None]
) -> list[Decimal]:
    found = [_decimal(read(view.agreement)) for view in views if view.agreement is not None]
    return [value for value in found if value is not None]


def _decimal(value: float | Fraction | None) -> Decimal | None:
    """Return a statistic as a decimal; a float as the decimal it is written as."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    return None if value is None else Decimal(repr(value))


def _mean(values: Sequence[Fraction] | Sequence[Decimal]) -> Fraction:
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)
