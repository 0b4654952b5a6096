"""Where what people said and what the numbers say cannot both be so, and what to ask next."""

from dataclasses import dataclass

from app.domain.contradictions import Contradictions, FoundContradiction
from app.domain.expression import Reference
from app.reporting.context.confidence import confidence_of
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class LoweredArea:
    """An area with what becomes of its confidence in words, 「高→中」; empty if it stays."""

    title: str
    change: str


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """One contradiction found.

    ``code`` is its own; ``claim`` is what was said, ``rated`` how high those asked rated it (empty
    where the claim is an item picked), ``refs`` the codes of the questions and facts it rests on;
    ``numbers`` are the sentences that do not agree; ``who`` is to be asked ``ask`` while looking at
    ``ask_to_see``; ``areas`` are those whose confidence falls.
    """

    code: str
    claim: str
    rated: str
    refs: tuple[str, ...]
    numbers: tuple[str, ...]
    who: str
    ask: str
    ask_to_see: str
    areas: tuple[LoweredArea, ...]


@dataclass(frozen=True, slots=True)
class ContradictionPart:
    """Claims against numbers.

    ``lead`` says how many pairs were compared and how many do not agree, ``effect`` how much
    confidence falls for it and what stays as it is (empty where nothing falls).
    """

    lead: str
    rows: tuple[ContradictionRow, ...]
    effect: str


def contradiction_part(source: Source) -> ContradictionPart | None:
    """Return the comparison; None where the model has no pairs or none could be compared."""
    found = source.diagnosis.contradictions
    compared = len(source.model.contradictions) - len(found.undecided)
    if not compared:
        return None
    return ContradictionPart(
        lead=_lead(source, found, compared),
        rows=tuple(_row(source, item) for item in found.found),
        effect=_effect(source, found),
    )


def _lead(source: Source, found: Contradictions, compared: int) -> str:
    translate = source.wording.translate
    if not found.found:
        return translate("{n}对说法与数字对照过，没有一对互相矛盾。").format(n=compared)
    text = translate("{n}对说法与数字对照过，{k}对不能同时成立。").format(
        n=compared, k=len(found.found)
    )
    return text + translate("不说谁对谁错：先问下面这一句，看过原件再改答复。")


def _row(source: Source, item: FoundContradiction) -> ContradictionRow:
    told, wording = item.contradiction, source.wording
    references = [ref for atom in item.trace.decisive() for ref in atom.references]
    return ContradictionRow(
        code=told.code,
        claim=told.claim,
        rated=_rated(source, references),
        refs=tuple(
            dict.fromkeys(code for reference in references if (code := wording.code(reference)))
        ),
        numbers=tuple(wording.sentence(sentence) for sentence in item.says),
        who=wording.roles(told.roles),
        ask=told.ask,
        ask_to_see=told.ask_to_see,
        areas=tuple(_area(source, area) for area in told.areas),
    )


def _rated(source: Source, references: list[Reference]) -> str:
    """Return the mean level chosen at each graded question the claim was made in."""
    wording, rated = source.wording, []
    for reference in dict.fromkeys(references):
        name = (source.model.vocabulary.canonical(reference) or reference.arguments)[0]
        question = source.model.questions.get(name)
        if question is None or question.type != "choice" or reference.function != "value":
            continue
        rated.append(
            wording.translate("「{title}」平均选{level}级").format(
                title=question.short or question.text,
                level=wording.score(source.diagnosis.questions[name].value),
            )
        )
    return wording.joined(rated)


def _area(source: Source, name: str) -> LoweredArea:
    area, diagnosis = source.model.areas[name], source.diagnosis
    title = f"{area.code} {area.title}"
    lowered = next((item for item in diagnosis.contradictions.lowered if item.area == name), None)
    if lowered is None:
        return LoweredArea(title, "")
    before, after = (
        source.wording.confidence(confidence_of(diagnosis, trust))
        for trust in (lowered.evidence, lowered.trust)
    )
    if before == after:
        return LoweredArea(title, source.wording.translate("仍为{word}").format(word=after))
    return LoweredArea(title, f"{before}→{after}")


def _effect(source: Source, found: Contradictions) -> str:
    wording, rating = source.wording, source.model.content.rating
    if not found.lowered:
        return ""
    return wording.translate(
        "每有一对，所在领域的可信系数乘{discount}，最低留{floor}，本次降了{n}个领域。"
        "得分、等级、阶段和问题清单都不因此变动；问清以后改了答复，可信度随之恢复。"
    ).format(
        discount=wording.plain(rating.contradiction_discount),
        floor=wording.percent(rating.contradiction_floor * 100),
        n=len(found.lowered),
    )
