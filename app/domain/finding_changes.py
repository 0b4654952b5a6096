"""Findings of two rounds: closed, still open, new; and whether practice or rules made it so.

A finding that cannot be decided any more is not closed, and one the consultant rejected is told as
rejected: only a rule that was read and did not hold is closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from app.domain.definitions.rule import Rule
from app.domain.diagnosis import Diagnosis
from app.domain.rules import Finding

FindingOutcome: TypeAlias = Literal[
    "closed",
    "open",
    "new",
    "undecided",  # it stood, and cannot be decided now
    "rejected",  # it stood, and the consultant does not let it stand now
    "retired",  # it stood, and the new release has no such rule
]

FindingCause: TypeAlias = Literal[
    "practice",
    "rules",  # the new release reads the old answers in this way already
    "first-assessed",  # the old answers could not decide it, or not under the new release
    "decision",  # the consultant had rejected it
]

_State: TypeAlias = Literal["absent", "standing", "rejected", "undecided", "quiet"]

_ENDED: Final[dict[_State, FindingOutcome]] = {
    "standing": "open",
    "quiet": "closed",
    "undecided": "undecided",
    "rejected": "rejected",
    "absent": "retired",
}


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding of either round. ``before`` and ``after`` are None where it did not stand.

    ``because`` is told of closed and new ones.
    """

    rule: Rule
    outcome: FindingOutcome
    because: FindingCause | None
    before: Finding | None
    after: Finding | None


def finding_changes(
    before: Diagnosis, rescored: Diagnosis, after: Diagnosis
) -> tuple[FindingChange, ...]:
    """Return every finding that stood in either round: what is open first, as it is urgent now.

    Then what ended, as it was urgent then. ``rescored`` is the diagnosis of the old answers under
    the new release.
    """
    return (*_standing(before, rescored, after), *_ended(before, rescored, after))


def _standing(before: Diagnosis, rescored: Diagnosis, after: Diagnosis) -> Iterator[FindingChange]:
    old = {finding.rule.id: finding for finding in before.diagnostics.every()}
    for finding in after.diagnostics.every():
        name = finding.rule.id
        if name in old:
            yield FindingChange(finding.rule, "open", None, old[name], finding)
        else:
            because = _arisen(_state(before, name), _state(rescored, name))
            yield FindingChange(finding.rule, "new", because, None, finding)


def _ended(before: Diagnosis, rescored: Diagnosis, after: Diagnosis) -> Iterator[FindingChange]:
    for finding in before.diagnostics.every():
        now = _state(after, finding.rule.id)
        if now == "standing":
            continue
        because = _gone(_state(rescored, finding.rule.id)) if now == "quiet" else None
        yield FindingChange(finding.rule, _ENDED[now], because, finding, None)


def _gone(rescored: _State) -> FindingCause:
    if rescored == "quiet":
        return "rules"
    return "first-assessed" if rescored == "undecided" else "practice"


def _arisen(before: _State, rescored: _State) -> FindingCause:
    if before == "rejected":
        return "decision"
    if rescored == "standing":
        return "rules"
    return "first-assessed" if "undecided" in (before, rescored) else "practice"


def _state(diagnosis: Diagnosis, rule: str) -> _State:
    found = diagnosis.diagnostics
    if rule not in diagnosis.model.rules:
        return "absent"
    if any(finding.rule.id == rule for finding in found.every()):
        return "standing"
    if any(finding.rule.id == rule for finding in found.rejected):
        return "rejected"
    if any(one.rule.id == rule for one in found.undecided):
        return "undecided"
    return "quiet"
