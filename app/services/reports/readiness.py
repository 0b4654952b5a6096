"""Whether a report can be issued as things stand, and if not, every reason why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.content.answers.facts import contradictions
from app.content.problems import ContentError
from app.domain.controls import Range, Refusal
from app.domain.model import MaturityModel
from app.domain.response import Assessment
from app.forms.plan_words import WORDS
from app.services.answers.assembling import Gathered
from app.services.casework.assessing import refused_controls
from app.services.casework.unprintable import unprintable_texts
from app.services.diagnosis.diagnosing import Current

Place: TypeAlias = Literal["answers", "client", "house", "decisions", "plan"]
"""Where something is mended: interviews and facts, the client, the settings, findings, the plan."""

_EMPTY: Final = "还没有任何答案，也没有填过企业数据。先记录一场访谈或填写企业数据，再来出报告。"
_CONTROL: Final = "这一项的取值不在允许的范围内。"
_CONTROLS: Final[Mapping[str, str]] = {
    "before-diagnosis": "规划从{given}开始，早于诊断日{low}。",
    "below-users": "目标用户{given}人，比现在的{low}人还少。",
    "online-above-target": "总部线上带的用户{given}人，超过了规划的用户总数{high}人。",
    "below-level": "规划要到L{given}，低于现在的总等级L{low}。",
    "limit": "超过了平台、法规或机构自己的上限，最多{high}。",
}
_SOPS: Final = ("add_sops", "drop_sops")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why no report can be issued, and where it is mended.

    ``subject`` (what it concerns) is a Chinese key where ``keyed``, else words of the client or the
    model. ``message`` is a Chinese key that ``values`` fill in; where ``as_it_is`` it is a sentence
    of the model's or the program's in the language it has.
    """

    place: Place
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    keyed: bool = False
    as_it_is: bool = False


def obstacles(current: Current, model: MaturityModel) -> tuple[Obstacle, ...]:
    """Return every reason why a report of this state cannot be issued; none where it can.

    ``current`` speaks the reader's language; ``model`` is the release in its own.
    """
    assessment = current.assessment
    if is_empty(assessment):
        return (Obstacle("answers", _EMPTY),)
    return (
        *_contradictory_facts(current.model, assessment),
        *_unprintable(current.gathered, assessment, current.model),
        *_refused_controls(current, model),
    )


def is_empty(assessment: Assessment) -> bool:
    """Tell whether nobody answered anything yet."""
    answers = (given for person in assessment.respondents for given in person.answers.values())
    answered = any(given.value is not None for given in answers)
    return not (answered or assessment.facts or assessment.pulse)


def told_by(error: ContentError) -> tuple[Obstacle, ...]:
    """Return the mistakes that writing the answers file found and nobody foresaw."""
    return tuple(
        Obstacle("answers", problem.message, subject=problem.subject, as_it_is=True)
        for problem in error.problems
    )


def _contradictory_facts(model: MaturityModel, assessment: Assessment) -> Iterator[Obstacle]:
    for part, _subject, message in contradictions(model, assessment):
        fact = model.fact_of[part]
        subject = f"{fact.code} {fact.title}"
        yield Obstacle("answers", message, subject=subject, as_it_is=True)


def _unprintable(
    gathered: Gathered, assessment: Assessment, model: MaturityModel
) -> Iterator[Obstacle]:
    line = gathered.consultancy.brand_confidentiality
    for found in unprintable_texts(assessment, model, line):
        shown = " / ".join(f"{one} U+{ord(one):04X}" for one in found.characters)
        yield Obstacle(
            found.place,
            "这里有报告字体印不出来的字符：{characters}。请换个写法。",
            {"characters": shown},
            found.subject,
            keyed=found.keyed,
        )


def _refused_controls(current: Current, model: MaturityModel) -> Iterator[Obstacle]:
    assessment = current.assessment
    for refusal in refused_controls(model, assessment, current.diagnosis.as_of):
        name = str(refusal.field[0])
        yield Obstacle(
            "plan",
            _CONTROLS.get(refusal.reason, _CONTROL),
            _numbers(refusal),
            WORDS["sops" if name in _SOPS else name].title,
            keyed=True,
        )


def _numbers(refusal: Refusal) -> Mapping[str, str]:
    permitted = refusal.permitted
    low, high = (permitted.low, permitted.high) if isinstance(permitted, Range) else (None, None)
    return {"given": _plain(refusal.value), "low": _plain(low), "high": _plain(high)}


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):g}"
    return "" if value is None else str(value)
