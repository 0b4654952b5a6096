"""How the findings open: the conclusion, how many rules were tried, and the causes they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.rule import Cluster
from app.domain.rules import HEADLINE_CAUSES, RootCause
from app.reporting.context.source import Source

CLUSTERS: Final[dict[Cluster, str]] = {
    "alignment": "上下说的不是一件事",
    "method": "没有成套的方法",
    "process": "没有标准动作，或没有照做",
    "people": "人、岗、考核没有配齐",
    "data": "没有管用的数据",
    "compliance": "踩着合规红线",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause: how many fired rules share it, their codes, and the most urgent of them."""

    title: str
    count: int
    codes: tuple[str, ...]
    worst: str
    worst_code: str
    headline: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """The conclusion, the count of rules in ``lead``, and the causes (empty unless one is shared
    by enough rules).
    """

    headline: str
    lead: str
    causes: tuple[Cause, ...]
    causes_headline: str


def opening(source: Source) -> Opening:
    """Return how the findings of one diagnosis open."""
    causes = tuple(_cause(source, cause) for cause in source.diagnosis.diagnostics.root_causes)
    if not any(cause.headline for cause in causes):
        causes = ()
    return Opening(
        headline=_headline(source, causes),
        lead=_lead(source),
        causes=causes,
        causes_headline=_causes_headline(source, causes),
    )


def _headline(source: Source, causes: Sequence[Cause]) -> str:
    say, found = source.wording.translate, source.diagnosis.diagnostics
    if not found.findings and found.rejected:
        return say("命中的{}条都被顾问否决，没有留下发现").format(len(found.rejected))
    if not found.findings:
        quiet = len(source.model.rules) - len(found.undecided)
        if quiet < len(found.undecided):
            return say("还没有一条发现站得住：{}条规则缺数，判不了").format(len(found.undecided))
        if found.undecided:
            return say("判得了的{}条规则，没有一条命中").format(quiet)
        return say("{}条规则逐条核过，没有一条命中").format(len(source.model.rules))
    shared = next((cause for cause in causes if cause.headline), None)
    if shared is not None:
        return say("命中{}条，其中{}条同出一因：{}").format(
            len(found.fired()), shared.count, shared.title
        )
    if len(found.findings) == 1:
        return say("只命中一条：{}").format(found.findings[0].title)
    return say("命中{}条，先改{}条，第一条：{}").format(
        len(found.fired()), len(found.must), found.findings[0].title
    )


def _causes_headline(source: Source, causes: Sequence[Cause]) -> str:
    say = source.wording.translate
    shared = sum(cause.headline for cause in causes)
    return say("根因：{}类原因各自带出{}条以上").format(shared, HEADLINE_CAUSES)


def _lead(source: Source) -> str:
    """Return how many rules were tried, and what came of them; how many the consultant rejected."""
    say, found = source.wording.translate, source.diagnosis.diagnostics
    total, fired, open_rules = len(source.model.rules), len(found.fired()), len(found.undecided)
    rejected = len(found.rejected)
    text = say("{}条规则逐条核对你们的答案与数据：命中{}条，不成立{}条。").format(
        total, fired, total - fired - open_rules - rejected
    )
    if rejected:
        text += say("另有{}条命中后被顾问否决，连同理由列在附录。").format(rejected)
    if open_rules:
        text += say("另有{}条缺数，没有判定，列在「尚未评估」。").format(open_rules)
    if fired > len(found.findings):
        text += say("同一类问题只留最重的一条，其余并入它的证据，合成{}条。").format(
            len(found.findings)
        )
    return text


def _cause(source: Source, cause: RootCause) -> Cause:
    rules = source.model.rules
    shown = {
        item.rule.id: (finding, item)
        for finding in source.diagnosis.diagnostics.findings
        for item in (finding, *finding.collapsed)
    }
    order = {f.rule.id: place for place, f in enumerate(source.diagnosis.diagnostics.findings)}
    worst = min(cause.findings, key=lambda rule: order[shown[rule][0].rule.id])
    return Cause(
        title=source.wording.translate(CLUSTERS[cause.cluster]),
        count=len(cause.findings),
        codes=tuple(sorted(rules[rule].code for rule in cause.findings)),
        worst=shown[worst][1].title,
        worst_code=rules[worst].code,
        headline=cause.headline,
    )
