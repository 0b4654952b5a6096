"""Engagements: begun, changed, put away; who works on them; how they look from every page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.bounds import NAME_LIMIT
from app.domain.definitions.questionnaire import Fact, Role
from app.domain.definitions.structure import Area
from app.domain.engagement import Wanting
from app.domain.model import MaturityModel
from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.engagements.clients import open_client
from app.services.engagements.progress import (
    LightState,
    Progress,
    read_for_progress,
    standing_progress,
    take_stock,
)
from app.services.engagements.teams import Person
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.releases import keep_model, languages_of, model_of, offered_models
from app.store.answers import responses_of
from app.store.clients import team_members
from app.store.progress import find_progress
from app.store.rows import Engagement, Member, TeamMember
from app.store.scope import ScopedSession
from app.store.types import new_id

StepWord: TypeAlias = Literal["not-begun", "under-way", "done"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One of the four steps; ``current`` is the one to work on."""

    step: str
    progress: StepWord
    current: bool


@dataclass(frozen=True, slots=True)
class LightView:
    """One of the five ones."""

    id: str
    title: str
    state: LightState


@dataclass(frozen=True, slots=True)
class RoleView:
    """The people of one role; ``wanted`` where the diagnosis cannot do without it."""

    role: str
    title: str
    people: int
    begun: int
    finished: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class LackView:
    """What a diagnosis still lacks, by name: nothing, roles, areas or facts."""

    kind: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngagementView:
    """What every page of an engagement shows of it, and what its own page says.

    ``wants`` is what to do next, the first thing first (``EngagementState.wants``); ``progress``
    has the numbers.
    """

    id: str
    title: str
    client: str
    client_name: str
    archetype: str
    form: str
    form_title: str
    locale: str
    model_title: str
    model_version: str
    interviewed_on: date | None
    created_at: datetime
    archived_at: datetime | None
    writes: bool
    steps: tuple[StepView, ...]
    lights: tuple[LightView, ...]
    wants: tuple[Wanting, ...]
    lacks: tuple[LackView, ...]
    team: tuple[Person, ...]
    roles: tuple[RoleView, ...]
    level_name: str
    progress: Progress

    @property
    def share_answered(self) -> Fraction:
        """The share of the scored questions that have a score, 0–1."""
        found = self.progress
        return Fraction(found.answered, found.asked) if found.asked else Fraction(0)


def engagement_view(acting: Acting, engagement: str) -> EngagementView:
    """Return an engagement as its pages show it; raises ``NotFoundError``."""
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        team = team_members(session, engagement)
        found = standing_progress(find_progress(session, engagement))
        known = read_for_progress(session, opened) if found is None else None
    if known is not None:
        found = take_stock(acting, known)
    assert found is not None  # noqa: S101  one of the two
    model = model_of(
        acting.database, acting.settings, opened.engagement.release_digest, acting.locale
    )
    return _view(acting, opened, team, found, model)


def _view(
    acting: Acting,
    opened: Opened,
    team: Sequence[Member],
    found: Progress,
    model: MaturityModel,
) -> EngagementView:
    engagement, client = opened.engagement, opened.client
    state = found.state(acting.today)
    archetype = model.archetypes.get(client.archetype)
    return EngagementView(
        id=engagement.id,
        title=engagement.title,
        client=client.id,
        client_name=client.name,
        archetype=archetype.title if archetype else "",
        form=engagement.form,
        form_title=model.forms[engagement.form].title,
        locale=engagement.locale,
        model_title=model.content.title,
        model_version=model.content.version,
        interviewed_on=engagement.interviewed_on,
        created_at=engagement.created_at,
        archived_at=engagement.archived_at,
        writes=acting.role in ("owner", "consultant"),
        steps=tuple(
            StepView(step.step, step.progress, step is state.current) for step in state.steps
        ),
        lights=_lights(found, model),
        wants=state.wants,
        lacks=tuple(
            LackView(lack.kind, _titles(lack.kind, lack.ids, model))
            for lack in found.completeness.lacks
        ),
        team=tuple(Person(one.id, one.name, one.role) for one in team),
        roles=_roles(found, model),
        level_name=_level_name(found.level, model),
        progress=found,
    )


def _lights(found: Progress, model: MaturityModel) -> tuple[LightView, ...]:
    panel = next((one for one in model.content.panels if one.kind == "status"), None)
    items = panel.items if panel else ()
    return tuple(
        LightView(item.id, item.title, found.lights.get(item.id, "unknown")) for item in items
    )


def _titles(kind: str, ids: Collection[str], model: MaturityModel) -> tuple[str, ...]:
    known: dict[str, Mapping[str, Role | Area | Fact]] = {
        "roles": model.roles,
        "areas": model.areas,
        "facts": model.facts,
    }
    named = known.get(kind, {})
    return tuple(named[name].title for name in ids if name in named)


def _roles(found: Progress, model: MaturityModel) -> tuple[RoleView, ...]:
    """Return the roles with people, and those a diagnosis waits for, in the order of the model."""
    counted = {one.role: one for one in found.people}
    required = {one.role for one in found.completeness.roles if one.required}
    rows = []
    for role in model.content.roles:
        people = counted.get(role.id)
        if people is not None:
            row = RoleView(
                role.id, role.title, people.people, people.begun, people.finished,
                role.id in required,
            )  # fmt: skip
            rows.append(row)
        elif role.id in required:
            rows.append(RoleView(role.id, role.title, 0, 0, 0, True))
    return tuple(rows)


def _level_name(level: int | None, model: MaturityModel) -> str:
    levels = model.content.scale.levels
    return next((one.name for one in levels if one.level == level), "")


# -- beginning and changing --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EngagementWords:
    """What is said of an engagement: its title, form, report language, day of the interviews."""

    title: str
    form: str
    locale: str
    interviewed_on: date | None = None


def report_languages(acting: Acting, engagement: str) -> tuple[str, ...]:
    """Return the languages a report of an engagement can be in; raises ``NotFoundError``."""
    with acting.reading() as session:
        digest = open_engagement(acting, session, engagement).engagement.release_digest
    return languages_of(acting.database, acting.settings, digest)


def engagement_model(acting: Acting, engagement: str) -> MaturityModel:
    """Return the release an engagement is bound to, in the person's language."""
    with acting.reading() as session:
        digest = open_engagement(acting, session, engagement).engagement.release_digest
    return model_of(acting.database, acting.settings, digest, acting.locale)


def begin_engagement(acting: Acting, client: str, words: EngagementWords) -> str:
    """Begin an engagement under the newest release of the model; return its id.

    Whoever begins it is on its team. Raises ``NotFoundError`` (no such client for this person),
    ``NotAllowedError``, ``ConflictError`` ("archived") and ``RefusedError``.
    """
    digest = newest_release(acting)
    check_engagement(acting, digest, words)
    with acting.writing() as session:
        row = open_client(acting, session, client)
        if row.archived_at is not None:
            raise ConflictError("archived", "这个客户已经归档。请先恢复客户，再新建项目。")
        return add_engagement(acting, session, row.id, digest, words).id


def newest_release(acting: Acting) -> str:
    """Return the digest of the newest release of the model, which new work is begun under.

    Raises ``NotAllowedError``, and ``NotFoundError`` where the installation offers none.
    """
    acting.must_write()
    offered = offered_models(acting.settings)
    if not offered:
        raise NotFoundError
    return keep_model(acting.database, acting.settings, offered[0].model, acting.now)


def add_engagement(
    acting: Acting, session: ScopedSession, client: str, digest: str, words: EngagementWords
) -> Engagement:
    """Store a new engagement of a client in the transaction at work, whoever acts on its team.

    ``words`` come from ``check_engagement``.
    """
    engagement = Engagement(
        id=new_id(),
        client_id=client,
        title=words.title,
        release_digest=digest,
        form=words.form,
        locale=words.locale,
        interviewed_on=words.interviewed_on,
        created_at=acting.now,
        created_by=acting.person,
    )
    session.add(engagement)
    session.flush()
    session.add(TeamMember(engagement_id=engagement.id, member_id=acting.person))
    _record(acting, session, "engagement.created", engagement, model=digest[:12])
    return engagement


def change_engagement(acting: Acting, engagement: str, words: EngagementWords) -> None:
    """Change what is said of an engagement.

    The form can be another only while nobody has answered: ``RefusedError``.
    """
    acting.must_write()
    with acting.reading() as session:
        digest = open_engagement(acting, session, engagement).engagement.release_digest
    check_engagement(acting, digest, words)
    with acting.writing() as session:
        row = open_engagement(acting, session, engagement).engagement
        if words.form != row.form and responses_of(session, engagement):
            raise RefusedError({"form": "已经有人作答，不能再换问卷。要用另一份问卷，请新建项目。"})
        row.title, row.form, row.locale = words.title, words.form, words.locale
        row.interviewed_on = words.interviewed_on
        _record(acting, session, "engagement.changed", row)


def archive_engagement(acting: Acting, engagement: str, *, archived: bool) -> None:
    """Put an engagement away, or take it out again; nothing in it changes."""
    acting.must_write()
    with acting.writing() as session:
        row = open_engagement(acting, session, engagement).engagement
        if (row.archived_at is not None) == archived:
            return
        row.archived_at = acting.now if archived else None
        _record(acting, session, f"engagement.{'archived' if archived else 'restored'}", row)


def check_engagement(acting: Acting, digest: str, words: EngagementWords) -> None:
    """Refuse words that do not fit the release, whichever way they come in: ``RefusedError``."""
    model = model_of(acting.database, acting.settings, digest)
    wrong = {}
    if not words.title.strip() or len(words.title) > NAME_LIMIT:
        wrong["title"] = "请填写项目名称。"
    form = model.forms.get(words.form)
    if form is None or not (form.every_question or form.questions):
        wrong["form"] = "请选择问卷。"
    if words.locale not in languages_of(acting.database, acting.settings, digest):
        wrong["locale"] = "请选择语言。"
    if wrong:
        raise RefusedError(wrong)


def _record(
    acting: Acting, session: ScopedSession, action: str, row: Engagement, **detail: str
) -> None:
    record(acting, session, action, "engagement", row.id, row.id, title=row.title, **detail)
