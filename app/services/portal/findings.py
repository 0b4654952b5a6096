"""The findings as a client reads them: those the consultant confirmed or put in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.rules import Finding
from app.reporting.context.findings import VOICES_SHOULD, Card, Cards
from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.services.portal.comments import (
    Comment,
    comment_counts,
    say_of,
    thread_on,
)
from app.services.portal.home import accepted
from app.services.portal.shared import NewestShared, newest_shared

NOT_PLACED = 0


@dataclass(frozen=True, slots=True)
class ClientFinding:
    """One finding in the list; ``tier`` is must, should or later; ``comments`` how many."""

    rule: str
    tier: str
    title: str
    area: str
    recommend: str
    owners: str
    comments: int


@dataclass(frozen=True, slots=True)
class ClientFindings:
    """The confirmed findings of the newest shared version by urgency; ``version`` None: none."""

    version: int | None
    findings: tuple[ClientFinding, ...]


@dataclass(frozen=True, slots=True)
class ClientFindingPage:
    """One finding: the report's card, its neighbours by rule, and what was said of it."""

    finding: ClientFinding
    card: Card
    before: ClientFinding | None
    after: ClientFinding | None
    talk: tuple[Comment, ...]


def client_findings(acting: Acting, engagement: str) -> ClientFindings:
    """Return the findings a client sees; raises ``NotFoundError`` and ``NotAllowedError``."""
    shared = newest_shared(acting, engagement)
    if shared is None:
        return ClientFindings(None, ())
    counts = comment_counts(acting, engagement)
    return ClientFindings(shared.version, tuple(_list(shared, counts)))


def client_finding(acting: Acting, engagement: str, rule: str) -> ClientFindingPage:
    """Return one finding; raises ``NotFoundError`` for one that the client does not see."""
    shared = newest_shared(acting, engagement)
    if shared is None or rule not in accepted(shared):
        raise NotFoundError
    lines = _list(shared, {})
    at = next(place for place, line in enumerate(lines) if line.rule == rule)
    finding = next(f for f in _findings(shared) if f.rule.id == rule)
    card = Cards(shared.source).card(finding, lines[at].tier, at + 1, VOICES_SHOULD)
    return ClientFindingPage(
        finding=lines[at],
        card=card,
        before=lines[at - 1] if at else None,
        after=lines[at + 1] if at + 1 < len(lines) else None,
        talk=thread_on(acting, engagement, rule),
    )


def comment_as_client(acting: Acting, engagement: str, rule: str, said: str) -> None:
    """Add a contact's words to a finding they see.

    Raises what ``say_of`` raises, and ``NotFoundError`` for a finding that is not shared.
    """
    shared = newest_shared(acting, engagement)
    if shared is None or rule not in accepted(shared):
        raise NotFoundError
    say_of(acting, engagement, rule, said)


def _findings(shared: NewestShared) -> Sequence[Finding]:
    return shared.source.diagnosis.diagnostics.findings


def _list(shared: NewestShared, counts: Mapping[str, int]) -> list[ClientFinding]:
    found = shared.source.diagnosis.diagnostics
    wanted, wording = set(accepted(shared)), shared.source.wording
    tiers = (("must", found.must), ("should", found.should), ("later", found.later))
    return [
        ClientFinding(
            rule=finding.rule.id,
            tier=tier,
            title=finding.title,
            area=shared.source.model.areas[finding.rule.area].title,
            recommend=finding.recommend,
            owners=wording.roles(finding.rule.roles),
            comments=counts.get(finding.rule.id, 0),
        )
        for tier, findings in tiers
        for finding in findings
        if finding.rule.id in wanted
    ]
