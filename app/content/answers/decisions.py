"""The ``decisions`` of an answers file: what the consultant says of the findings."""

from collections.abc import Hashable, Mapping
from typing import Any, Final, get_args

from app.content.answers.facts import title
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names
from app.content.answers.values import one_of, text
from app.content.strict_yaml import Path
from app.domain.bounds import FINDING_LIMIT, REASON_LIMIT, RECOMMEND_LIMIT
from app.domain.definitions.rule import Rule
from app.domain.model import MaturityModel
from app.domain.response import FindingDecision, FindingVerdict

_VERDICTS: Final[Mapping[str, FindingVerdict]] = {name: name for name in get_args(FindingVerdict)}
_WORDS: Final = {"finding": FINDING_LIMIT, "recommend": RECOMMEND_LIMIT}
_KEYS: Final = ("verdict", "reason", *_WORDS)


def read_decisions(
    path: Path, raw: Any, model: MaturityModel, mistakes: Mistakes
) -> dict[str, FindingDecision]:
    """Return the decisions by rule id, of rules that fire or not."""
    mapping = {} if raw is None else mistakes.mapping(path, raw) or {}
    names = Names.coded("规则", model.rules.values())
    found: dict[str, FindingDecision] = {}
    seen: dict[str, Hashable] = {}
    for key, given in mapping.items():
        if mistakes.full:
            break
        name = names.find(key)
        if name is None:
            mistakes.at_key(path, key, names.refusal(key))
            continue
        rule = model.rules[name]
        if name in seen:
            again = f"与「{seen[name]}」是同一条规则，写了两次，请删去一处。"
            mistakes.at_key(path, key, again, title(rule))
            continue
        seen[name] = key
        decision = _decision((*path, key), given, rule, mistakes)
        if decision is not None:
            found[name] = decision
    return found


def _decision(path: Path, raw: Any, rule: Rule, mistakes: Mistakes) -> FindingDecision | None:
    subject = title(rule)
    mapping = mistakes.mapping(path, raw, subject)
    if mapping is None:
        return None
    mistakes.keys(path, mapping, _KEYS, ("verdict",), subject)
    if "verdict" not in mapping:
        return None
    choose = one_of(Names.of("意见", _VERDICTS))
    chosen = mistakes.read((*path, "verdict"), mapping["verdict"], choose, subject)
    if chosen is None:
        return None
    verdict = _VERDICTS[chosen]
    reason = mistakes.optional(path, mapping, "reason", text(REASON_LIMIT), "", subject)
    words = {
        key: mistakes.optional(path, mapping, key, text(limit), None, subject)
        for key, limit in _WORDS.items()
    }
    if not _complete(path, mapping, verdict, mistakes, subject):
        return None
    wrong = verdict != "accepted" and not reason
    wrong |= verdict == "edited" and not any(words.values())
    return None if wrong else FindingDecision(verdict, reason, **words)


def _complete(
    path: Path,
    mapping: Mapping[Hashable, Any],
    verdict: FindingVerdict,
    mistakes: Mistakes,
    subject: str,
) -> bool:
    """Return whether everything is there that a verdict needs, and nothing it does not take."""
    given = {key for key in (*_WORDS, "reason") if mapping.get(key) is not None}
    complete = True
    if verdict != "accepted" and "reason" not in given:
        mistakes.at((*path, "reason"), "改写或否决一条发现要写明理由，请补上「reason」。", subject)
        complete = False
    if verdict == "edited" and given.isdisjoint(_WORDS):
        told = "改写要写出新的措辞：请补上「finding」或「recommend」；照原文请写accepted。"
        mistakes.at(path, told, subject)
        complete = False
    for key in _WORDS if verdict != "edited" else ():
        if key in given:
            told = f"只有edited才换措辞，verdict写的是{verdict}：请删去「{key}」，或改成edited。"
            mistakes.at_key(path, key, told, subject)
            complete = False
    return complete
