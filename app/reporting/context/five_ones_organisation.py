"""The organisation: which posts the next months need, which are filled, which stand empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from markupsafe import Markup

from app.domain.definitions.roadmap import Phase
from app.domain.definitions.staffing import Post, StaffingModel
from app.domain.staffing_plan import CURRENT_STAFF, Horizon, StaffingPlan
from app.reporting.charts import OrgUnit, organisation_chart
from app.reporting.charts.organisation import PostState
from app.reporting.clauses import short_title
from app.reporting.context.five_ones_strategy import standing
from app.reporting.context.source import Source

OWNERS: Final = "function-owners"
OVERALL: Final = "overall"
HEAD: Final = "head"
STORE_POST: Final = "store-owner"
FIRST_MONTHS: Final = 3

Office = Literal["front", "middle", "back", "store"]
OFFICES: Final[dict[Office, str]] = {
    "front": "前台",
    "middle": "中台",
    "back": "后台",
    "store": "门店",
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """The chart with what it was drawn for.

    ``headline`` counts what is missing, ``basis`` names phase and date the posts are for, ``later``
    what comes on top in later phases; ``owners`` tells which functions have a named owner.
    """

    headline: str
    drawing: Markup
    basis: str
    later: str
    owners: str
    owners_code: str


def build_organisation(source: Source) -> Organisation | None:
    """Return the organisation; None without a staffing plan."""
    plan, parameters = source.diagnosis.plan.staffing, source.model.content.staffing
    if plan is None or parameters is None or not plan.horizons:
        return None
    say = source.wording.translate
    horizon = _first_months(source, plan)
    teams = _teams(source, parameters, plan, horizon)
    vacant = [post.label for team in teams for post in team.children if post.state == "vacant"]
    owners, code = _owners(source)
    return Organisation(
        headline=_headline(source, _phase_title(source, horizon), vacant),
        drawing=organisation_chart(
            _head(source, parameters, teams),
            title=say("私域组织架构"),
            desc=say("前台、中台、后台与门店各岗位：在岗、兼任还是空缺"),
            theme=source.theme,
            words=source.words,
        ),
        basis=_basis(source, horizon),
        later=_later(source, parameters, plan, horizon),
        owners=owners,
        owners_code=code,
    )


def _first_months(source: Source, plan: StaffingPlan) -> Horizon:
    """Return the last build phase that ends within the first months, else the first one."""
    kinds = {phase.id: phase.kind for phase in _phases(source)}
    build = [horizon for horizon in plan.horizons if kinds.get(horizon.phase) != "align"]
    early = [horizon for horizon in build if horizon.months <= FIRST_MONTHS]
    return (early[-1:] or build[:1] or list(plan.horizons))[0]


def _phases(source: Source) -> tuple[Phase, ...]:
    roadmap = source.model.content.roadmap
    return roadmap.phases if roadmap is not None else ()


def _phase_title(source: Source, horizon: Horizon) -> str:
    titles = {phase.id: phase.title for phase in _phases(source)}
    return titles.get(horizon.phase, horizon.phase)


def _headline(source: Source, phase: str, vacant: Sequence[str]) -> str:
    say = source.wording.translate
    if not vacant:
        return say("组织：「{}」要用的岗位都有人，再把职责写下来").format(phase)
    return say("组织：「{}」要用的岗位，还缺{}").format(phase, source.wording.joined(list(vacant)))


def _head(source: Source, parameters: StaffingModel, teams: tuple[OrgUnit, ...]) -> OrgUnit:
    say, items = source.wording.translate, standing(source, OWNERS)
    post = next((post for post in parameters.posts if post.id == HEAD), None)
    state: PostState = "unknown"
    if items is not None:
        state = "filled" if OVERALL in items else "vacant"
    return OrgUnit(
        label=post.title if post else say("负责人"),
        note="",
        state=state,
        children=teams,
    )


def _teams(
    source: Source, parameters: StaffingModel, plan: StaffingPlan, horizon: Horizon
) -> tuple[OrgUnit, ...]:
    say = source.wording.translate
    needs = {need.post: need.fte for need in horizon.needs}
    refused = horizon.refused()
    if horizon.store_people:
        needs[STORE_POST] = Fraction(horizon.store_people)
    teams = []
    for office, title in OFFICES.items():
        posts = tuple(
            _post(source, post, needs.get(post.id), refused.get(post.id), plan)
            for post in parameters.posts
            if post.office == office and (needs.get(post.id) or plan.current.get(post.id))
        )
        if posts:
            band = say("门店") if office == "store" else say("总部")
            teams.append(OrgUnit(label=say(title), band=band, children=posts))
    return tuple(teams)


def _post(
    source: Source, post: Post, need: Fraction | None, refused: Fraction | None, plan: StaffingPlan
) -> OrgUnit:
    """Return a post with what is there, what is needed, and what of it is not granted."""
    say, plain = source.wording.translate, source.wording.plain
    wanted = need or Fraction(0)
    current = plan.current.get(post.id)
    if current is None and post.id not in CURRENT_STAFF and post.office != "store":
        # No fact asks about this post (a coach, a team lead): the plan adds it.
        note = say("新设，需{}人").format(plain(wanted))
        return OrgUnit(post.title, note=note + _cut(source, wanted, refused), state="vacant")
    if current is None:
        note = say("需{}人").format(plain(wanted))
        return OrgUnit(post.title, note=note + _cut(source, wanted, refused), state="unknown")
    note = say("在岗{}，需{}").format(plain(current), plain(wanted))
    return OrgUnit(
        label=post.title,
        note=note + _cut(source, wanted, refused),
        state=_state(current, wanted),
    )


def _cut(source: Source, wanted: Fraction, refused: Fraction | None) -> str:
    if refused is None:
        return ""
    return source.wording.translate("，只批{}").format(source.wording.plain(wanted - refused))


def _state(current: Fraction, wanted: Fraction) -> PostState:
    if current < wanted:
        return "vacant"
    return "shared" if current < 1 else "filled"


def _basis(source: Source, horizon: Horizon) -> str:
    say = source.wording.translate
    return say("按「{}」阶段定编：服务{}名用户，共{}人（全职折算）。").format(
        _phase_title(source, horizon),
        source.wording.number(horizon.work.online_users),
        source.wording.plain(horizon.fte),
    )


def _later(source: Source, parameters: StaffingModel, plan: StaffingPlan, horizon: Horizon) -> str:
    """Return what the next larger phase needs on top."""
    say = source.wording.translate
    place = plan.horizons.index(horizon)
    following = next((h for h in plan.horizons[place + 1 :] if h.fte > horizon.fte), None)
    if following is None:
        return ""
    titles = {post.id: post.title for post in parameters.posts}
    hires = [
        say("{}{}人").format(titles[post], source.wording.plain(fte))
        for post, fte in following.hires.items()
    ]
    if not hires:
        return ""
    return say("到「{}」末，比今天还要加：{}。").format(
        _phase_title(source, following), source.wording.joined(hires)
    )


def _owners(source: Source) -> tuple[str, str]:
    """Return which functions have a named owner, in a sentence, and the question's code."""
    question, items = source.model.questions.get(OWNERS), standing(source, OWNERS)
    if question is None or items is None:
        return "", ""
    say = source.wording.translate
    named = [short_title(i.title) for i in question.items if i.id in items]
    open_ones = [short_title(i.title) for i in question.items if i.id not in items]
    if not named:
        text = say("{}项职能没有一项有指名负责人。").format(len(question.items))
    elif not open_ones:
        text = say("{}项职能都有指名负责人。").format(len(question.items))
    else:
        text = say("有指名负责人的：{}；没有的：{}。").format(
            source.wording.joined(named), source.wording.joined(open_ones)
        )
    return text, question.code
