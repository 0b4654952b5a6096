"""Data reports: the families of data with every metric, its formula, and whether it is seen."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.domain.definitions.questionnaire import Choice
from app.reporting.clauses import explained
from app.reporting.context.findings_measures import Measures
from app.reporting.context.five_ones_strategy import mark_words, marked, standing
from app.reporting.context.source import Source

METRICS: Final = "weekly-metrics"
FAMILIES: Final = "data-families"
DAYS: Final = "report-days"

MEMBERS: Final[dict[str, tuple[str, ...]]] = {
    "acquisition-data": ("exposed", "new-adds", "add-rate", "entry-rate", "deletion-rate"),
    "conversion-data": ("viewers", "watch-time", "clicks", "orders", "repurchasers", "gmv"),
    "input-output-data": (
        "acquisition-cost",
        "operating-cost",
        "sales-cost",
        "total-revenue",
        "profit",
        "ltv",
    ),
}
"""Which metrics belong to a family; one that stands in none is listed at the end."""

KPI_OF: Final = {
    "exposed": "exposure-scan",
    "new-adds": "new-adds",
    "add-rate": "add-rate",
    "entry-rate": "group-entry-rate",
    "deletion-rate": "deletion-7d",
    "watch-time": "live-watch-time",
    "clicks": "mini-program-click",
    "orders": "order-conversion",
    "repurchasers": "repurchase-rate",
    "gmv": "private-gmv",
    "acquisition-cost": "cac",
    "operating-cost": "operating-cost-per-user",
    "profit": "roi",
    "ltv": "ltv",
}
"""The KPI of the catalogue that is made from a metric."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what is counted, whether it is seen weekly, and the KPI made from it.

    ``kpi``, ``formula`` and ``today`` are empty where the catalogue has none.
    """

    title: str
    counts: str
    mark: Markup
    word: str
    kpi: str
    formula: str
    today: str


@dataclass(frozen=True, slots=True)
class Family:
    """One family of data: what it is for, how many of its metrics are seen, the metrics."""

    title: str
    count: str
    action: str
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """The data reports: conclusion, how fast they come, and the families."""

    headline: str
    speed: str
    code: str
    families: tuple[Family, ...]


def build_reports(source: Source) -> Reports | None:
    """Return the families of data; None for a model that asks about no metrics."""
    question = source.model.questions.get(METRICS)
    if question is None:
        return None
    seen = standing(source, METRICS)
    say = source.wording.translate
    if seen is None:
        headline = say("报表：{}个数每周看得到几个，还没有问").format(len(question.items))
    else:
        headline = say("报表：{}个数里每周看得到{}个").format(len(question.items), len(seen))
    return Reports(
        headline=headline,
        speed=_speed(source),
        code=question.code,
        families=_families(source, question.items),
    )


def _speed(source: Source) -> str:
    result = source.diagnosis.questions.get(DAYS)
    if result is None or result.value is None:
        return ""
    return source.wording.translate("一个周期结束后{}天出表。").format(
        source.wording.plain(result.value)
    )


def _families(source: Source, items: tuple[Choice, ...]) -> tuple[Family, ...]:
    say, seen = source.wording.translate, standing(source, METRICS)
    framework = source.model.frameworks.get(FAMILIES)
    groups: list[tuple[str, str, list[Choice]]] = []
    placed: set[str] = set()
    for family in framework.items if framework else ():
        members = [item for item in items if item.id in MEMBERS.get(family.id, ())]
        placed.update(item.id for item in members)
        if members:
            groups.append((family.title, family.action, members))
    others = [item for item in items if item.id not in placed]
    if others:
        groups.append((say("其他指标") if groups else say("每周的数"), "", others))
    measures = Measures(source)
    return tuple(
        Family(
            title=title,
            count=""
            if seen is None
            else say("{}项看得到{}项").format(len(members), sum(m.id in seen for m in members)),
            action=action,
            metrics=tuple(_metric(source, measures, item) for item in members),
        )
        for title, action, members in groups
    )


def _metric(source: Source, measures: Measures, item: Choice) -> Metric:
    seen = standing(source, METRICS)
    mark, word = marked(
        source, None if seen is None else item.id in seen, mark_words(source, "看得到", "看不到")
    )
    title, counts = explained(item.title)
    line = measures.line(KPI_OF.get(item.id, ""))
    measure = measures.measure(line.kpi.id) if line is not None else None
    return Metric(
        title=title,
        counts=counts,
        mark=mark,
        word=word,
        kpi=f"{line.kpi.code} {line.kpi.title}" if line else "",
        formula=line.kpi.formula if line else "",
        today=measure.today if measure is not None and measure.known else "",
    )
