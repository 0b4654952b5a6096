"""Deciding upon findings: accepted, put in other words, or rejected; nothing is ever overwritten.

Whoever decides names the decision they had seen (``seen``, 0 for none). Where somebody decided
meanwhile nothing is stored and both decisions are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from app.domain.bounds import FINDING_LIMIT, REASON_LIMIT, RECOMMEND_LIMIT
from app.domain.definitions.rule import Rule
from app.domain.diagnosis import Diagnosis
from app.domain.response import FindingVerdict
from app.domain.rules import Finding
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.diagnosis.diagnosing import Current, current_diagnosis
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.store.decisions import decisions_on, standing_decisions
from app.store.errors import TakenError
from app.store.interviews import names_of
from app.store.rows import DecidedFinding
from app.store.scope import ScopedSession

DECIDED, GONE = "decided", "gone"


@dataclass(frozen=True, slots=True)
class Words:
    """What a consultant says of a finding. Words left empty are those of the rule."""

    verdict: FindingVerdict
    reason: str = ""
    finding: str = ""
    recommend: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it stands on record; ``who`` is a name."""

    number: int
    words: Words
    who: str
    at: datetime


class DecidedMeanwhileError(ConflictError):
    """Somebody else decided in between: ``standing`` is what counts now."""

    def __init__(self, standing: Decided) -> None:
        super().__init__(
            DECIDED, "{who}刚刚决定过这条发现，您的决定没有保存。", who=standing.who or "—"
        )
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of accepting several findings: rule ids accepted, and those left alone."""

    accepted: tuple[str, ...]
    left: tuple[str, ...]


def decisions_made(acting: Acting, engagement: str, rule: str) -> tuple[Decided, ...]:
    """Return every decision on a finding, the newest first; raises ``NotFoundError``."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return tuple(reversed(_history(session, engagement, rule)))


def decide(acting: Acting, engagement: str, rule: str, words: Words, seen: int) -> Decided:
    """Decide upon the finding of a rule and return how it stands.

    Raises ``NotFoundError``, ``NotAllowedError``, ``RefusedError`` (by field), ``ConflictError``
    ("gone": the rule does not fire any more) and ``DecidedMeanwhileError``. The same decision
    sent twice is one decision.
    """
    acting.must_write()
    finding = _finding_of(current_diagnosis(acting, engagement), rule)
    words = _checked(finding, words)
    try:
        with acting.writing() as session:
            open_engagement(acting, session, engagement)
            return _append(acting, session, engagement, finding.rule, words, seen)
    except TakenError:
        # Both had seen the same: the other one was first to be stored.
        with acting.reading() as session:
            raise DecidedMeanwhileError(_history(session, engagement, rule)[-1]) from None


def undecided(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """Return the findings nobody has decided upon, most urgent first."""
    return tuple(f for f in diagnosis.diagnostics.findings if f.decision is None)


def accept_rest(acting: Acting, engagement: str, rules: Iterable[str]) -> Accepted:
    """Accept those of the findings that nobody has decided upon and that still stand.

    Raises ``NotFoundError``, ``NotAllowedError`` and ``ConflictError`` ("decided": somebody decided
    upon one of them at the same moment; nothing is stored).
    """
    acting.must_write()
    current = current_diagnosis(acting, engagement)
    open_ = {finding.rule.id: finding.rule.code for finding in undecided(current.diagnosis)}
    wanted = tuple(dict.fromkeys(rules))
    accepted = []
    try:
        with acting.writing() as session:
            open_engagement(acting, session, engagement)
            decided = standing_decisions(session, engagement)
            for rule in wanted:
                if rule in open_ and rule not in decided:
                    _store(acting, session, engagement, rule, Words("accepted"), 1)
                    accepted.append(rule)
            if accepted:
                codes = [open_[rule] for rule in accepted]
                told = {"codes": " ".join(codes), "count": len(codes)}
                action = "finding.rest_accepted"
                record(acting, session, action, "engagement", engagement, engagement, **told)
    except TakenError:
        raise ConflictError(
            DECIDED, "有人同时在决定这些发现，这一次没有保存。请看过现在的状态再确认。"
        ) from None
    return Accepted(tuple(accepted), tuple(rule for rule in wanted if rule not in accepted))


# -- checking ----------------------------------------------------------------------------------


def _finding_of(current: Current, rule: str) -> Finding:
    if rule not in current.model.rules:
        raise NotFoundError
    found = current.diagnosis.diagnostics
    for finding in (*found.every(), *found.rejected):
        if finding.rule.id == rule:
            return finding
    raise ConflictError(GONE, "答案变了，这条发现的条件已经不成立。您的决定没有保存。")


def _checked(finding: Finding, words: Words) -> Words:
    """Return the words as they are stored; raises ``RefusedError`` for those the engine refuses."""
    rule, edited = finding.rule, words.verdict == "edited"
    kept = Words(
        words.verdict,
        words.reason.strip(),
        _own(words.finding, rule.finding) if edited else "",
        _own(words.recommend, rule.recommend) if edited else "",
    )
    wrong = {}
    if words.verdict != "accepted" and not kept.reason:
        wrong["reason"] = (
            "请写明为什么改写，报告附录会印出来。"
            if edited
            else "请写明为什么否决，报告附录会印出来。"
        )
    if edited and not (kept.finding or kept.recommend):
        wrong["finding"] = "措辞和原文一样。要照原文，请直接确认；要改写，请改发现或建议。"
    for name, text, limit in (
        ("reason", kept.reason, REASON_LIMIT),
        ("finding", kept.finding, FINDING_LIMIT),
        ("recommend", kept.recommend, RECOMMEND_LIMIT),
    ):
        if len(text) > limit:
            wrong[name] = "写得太长了，请缩短。"
    if wrong:
        raise RefusedError(wrong)
    return kept


def _own(typed: str, original: str) -> str:
    """Return the consultant's words; empty where they are the rule's."""
    words = typed.strip()
    return "" if words == original.strip() else words


# -- storing -----------------------------------------------------------------------------------


def _append(
    acting: Acting, session: ScopedSession, engagement: str, rule: Rule, words: Words, seen: int
) -> Decided:
    rows = decisions_on(session, engagement, rule.id)
    names = names_of(session, (row.by for row in rows))
    standing = decisions_of(rows, names)[-1] if rows else None
    number = standing.number if standing is not None else 0
    if standing is not None and number != seen:
        if standing.words == words and rows[-1].by == acting.person and number == seen + 1:
            return standing
        raise DecidedMeanwhileError(standing)
    _store(acting, session, engagement, rule.id, words, number + 1)
    action = f"finding.{words.verdict}"
    told = {"code": rule.code, "number": number + 1}
    record(acting, session, action, "finding", rule.id, engagement, **told)
    return Decided(number + 1, words, acting.name, acting.now)


def _store(
    acting: Acting, session: ScopedSession, engagement: str, rule: str, words: Words, number: int
) -> None:
    session.add(
        DecidedFinding(
            engagement_id=engagement,
            rule=rule,
            number=number,
            verdict=words.verdict,
            reason=words.reason,
            finding=words.finding,
            recommend=words.recommend,
            at=acting.now,
            by=acting.person,
        )
    )


def _history(session: ScopedSession, engagement: str, rule: str) -> list[Decided]:
    rows = decisions_on(session, engagement, rule)
    names = names_of(session, (row.by for row in rows))
    return decisions_of(rows, names)


def decisions_of(rows: Sequence[DecidedFinding], names: Mapping[str, str]) -> list[Decided]:
    """Return decisions on record as people read them, in their order."""
    return [
        Decided(
            row.number,
            Words(cast(FindingVerdict, row.verdict), row.reason, row.finding, row.recommend),
            names.get(row.by, ""),
            row.at,
        )
        for row in rows
    ]
