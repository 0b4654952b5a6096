"""Why to ask something next, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.next_questions import NextQuestion, Reason
from app.forms.factory import input_name
from app.forms.fields.value import Item
from app.web.interview.speaking import Speaker

_TOLD: Final = 2
"""Reasons told, the largest; a hint is read between two questions."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to ask next: its code and name, where it is on the page, and why."""

    item: str
    code: str
    text: str
    url: str
    why: str


def hints(found: Sequence[NextQuestion], speaks: Speaker, page: str) -> tuple[Hint, ...]:
    """Return what to ask next, each with its reasons in words; ``page`` is the interview's."""
    return tuple(_hint(each, speaks, page) for each in found)


def _hint(found: NextQuestion, speaks: Speaker, page: str) -> Hint:
    model = speaks.model
    if found.kind == "fact":
        fact = model.facts[found.item]
        named: Item = model.fact_parts[found.parts[0]] if found.parts else fact.parts[0]
        code, text = fact.code, fact.title
    else:
        named = model.questions[found.item]
        code, text = speaks.code(named), speaks.short_title(named)
    why = speaks.say("；").join(_words(reason, speaks) for reason in found.reasons[:_TOLD])
    return Hint(named.id, code, text, f"{page}#{input_name(named)}", why[:1].upper() + why[1:])


def _words(reason: Reason, speaks: Speaker) -> str:
    say, model, wording = speaks.say, speaks.model, speaks.wording
    if reason.kind == "rules":
        by_code = {rule.code: rule for rule in model.rules.values()}
        first = by_code[reason.ids[0]].finding.rstrip("。.")
        if len(reason.ids) > 1:
            return say("能定下「{finding}」等{n}条结论", finding=first, n=len(reason.ids))
        return say("能定下「{finding}」", finding=first)
    if reason.kind == "unanswered":
        return say("还没有人答，占总分{share}", share=_share(reason.gain, speaks))
    if reason.kind == "weak-evidence":
        return say(
            "现在只有{has}，看到{wants}才能算足",
            has=_grade(reason.has, speaks),
            wants=_grade(reason.wants, speaks),
        )
    if reason.kind == "role-missing":
        return say("{roles}是主答人，还没有答过", roles=wording.roles(reason.ids))
    titles = {found.code: found.title for found in model.contradictions.values()}
    told = titles[reason.ids[0]]
    if reason.kind == "contradiction":
        return say("与数字对不上：{told}", told=told)
    return say("只有说法，还缺数字来对：{told}", told=told)


def _grade(code: str | None, speaks: Speaker) -> str:
    titles = {grade.code: grade.title for grade in speaks.model.content.rating.evidence}
    return f"{code} {titles[code]}" if code in titles else ""


def _share(gain: Fraction, speaks: Speaker) -> str:
    trust = speaks.model.trusts[speaks.model.content.rating.yes_evidence]
    return speaks.wording.percent(gain / trust * 100 if trust else gain * 100, 1)
