"""Third page of a self-check: what it cannot know, and what a full diagnosis adds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.reporting.context.source import Source

FULL: Final = "full"
"""Id of the form a self-check is compared with; without it the page tells no full diagnosis."""

MOST_AREAS: Final = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing the self-check cannot tell: what is missing, what follows, what mends it."""

    missing: str
    so: str
    mended_by: str


@dataclass(frozen=True, slots=True)
class Interview:
    """One role a full diagnosis would hear: minutes, and what it should have ready."""

    role: str
    minutes: str
    have_ready: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """The closing page.

    ``headline`` says how much a self-check sees; ``limits`` what it cannot tell; ``facts`` the
    facts left open; ``adds`` what a full diagnosis delivers; ``interviews`` whom it hears.
    """

    headline: str
    limits: tuple[Limit, ...]
    facts: str
    adds: tuple[str, ...]
    interviews: tuple[Interview, ...]


def beyond(source: Source) -> Beyond:
    """Build the page."""
    return Beyond(
        headline=_headline(source),
        limits=tuple(_limits(source)),
        facts=source.wording.joined(
            [f"{fact.code} {fact.title}" for fact in source.diagnosis.not_assessed.facts]
        ),
        adds=tuple(_adds(source)),
        interviews=_interviews(source),
    )


def _headline(source: Source) -> str:
    model, diagnosis = source.model, source.diagnosis
    seen = sum(area.score is not None for area in diagnosis.scorecard.areas.values())
    decided = len(model.rules) - len(diagnosis.diagnostics.undecided)
    return source.wording.translate("自查看到了{}个领域里的{}个，{}条规则判得出{}条").format(
        len(model.areas), seen, len(model.rules), decided
    )


def _limits(source: Source) -> Iterator[Limit]:
    say, model, diagnosis = source.wording.translate, source.model, source.diagnosis
    bands = model.content.rating.agreement
    answered = sum(result.score is not None for result in diagnosis.questions.values())
    if answered:
        yield Limit(
            say("{}道题全是自评，没有看过原件").format(answered),
            say("每一级都可能偏高，不能拿去定预算和编制"),
            say("每题看原件或系统数据；选到高级别却拿不出证据的，按封顶分计"),
        )
    people = len(diagnosis.assessment.respondents)
    if 0 < people < bands.minimum_group:
        yield Limit(
            say("只有{}个人作答").format(people),
            say("看不出高层与一线看到的是不是同一家公司"),
            say("同一组题问各个岗位，差满{}级就作为一条发现").format(
                source.wording.plain(bands.gap_finding)
            ),
        )
    blind = [
        model.areas[name] for name, area in diagnosis.scorecard.areas.items() if not area.asked
    ]
    if blind:
        named = [f"{area.code} {area.title}" for area in blind[:MOST_AREAS]]
        rest = say("等") if len(blind) > MOST_AREAS else ""
        yield Limit(
            say("{}个领域没有问：{}{}").format(len(blind), source.wording.joined(named), rest),
            say("这些领域既没有算高，也没有算低，是空白"),
            say("{}道题把{}个领域问全").format(len(model.questions), len(model.areas)),
        )
    undecided = diagnosis.diagnostics.undecided
    if undecided:
        yield Limit(
            say("{}条规则缺数字，判不出来").format(len(undecided)),
            say("没有列出的问题，不等于没有问题"),
            say("补齐删除率、复购率、执行率等数字后逐条判定，并写明什么情况下结论作废"),
        )
    if diagnosis.pulse is None and model.content.pulse:
        yield Limit(
            say("没有问过客户"),
            say("内容有没有用、消息多不多，是团队替客户答的"),
            say("请{}名以上客户匿名答{}道题，与自评对照").format(
                bands.pulse_minimum, len(model.content.pulse)
            ),
        )


def _adds(source: Source) -> Iterator[str]:
    say, content = source.wording.translate, source.model.content
    if FULL not in source.model.forms:
        return
    yield say("{}条规则逐条判定：每条发现写明谁说的、证据几级、根因、后果、第一步").format(
        len(source.model.rules)
    )
    if content.sops:
        steps = sum(len(sop.steps) for sop in content.sops)
        yield say("从{}份SOP、{}个步骤里选出用得上的，排好日期、责任人、话术和一个指标").format(
            len(content.sops), steps
        )
    if content.staffing is not None:
        yield say("按贵司的用户数、客单价和SOP工时算编制：分阶段几个人、每月多少钱、不批会怎样")
    if content.stage_model is not None:
        yield say("阶段判定与出口清单：今天的数对着门槛，逐条说能不能放大")
    if content.roadmap is not None:
        yield say("从对齐、试点到扩规模的路线图，每个关口写明过、改、停的数")
    if content.kpis:
        yield say("{}个指标的口径、今天的值和各阶段目标，外加各岗位考核卡").format(
            len(content.kpis)
        )


def _interviews(source: Source) -> tuple[Interview, ...]:
    if FULL not in source.model.forms:
        return ()
    return tuple(
        Interview(role.title, str(role.minutes), role.must_see)
        for role in source.model.content.roles
        if role.minutes and role.must_see
    )
