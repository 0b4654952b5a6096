"""Clients and engagements: who sees them, what is stored, what is written down."""

import pytest
from sqlalchemy import select

from app.services.engagements.clients import (
    ClientWords,
    archive_client,
    change_client,
    client_page,
    client_view,
    create_client,
)
from app.services.engagements.teams import join_team, leave_team, may_join
from app.services.engagements.undertaking import (
    EngagementWords,
    archive_engagement,
    begin_engagement,
    change_engagement,
    engagement_view,
)
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.store.rows import AuditEvent, Engagement, Release
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed

WORDS = ClientWords(
    "红花制衣", "服装零售", "store-frequent", "b2c", "tier-1", 300, "陈总", "老客户"
)
FULL = EngagementWords("首次诊断", "full", "zh-Hans")


def actions(installed: Installed) -> list[str]:
    with installed.acting().reading() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        return [row.action for row in rows]


def names(installed: Installed, who: str, words: str = "") -> list[str]:
    return [line.name for line in client_page(installed.acting(who), words).clients]


def test_a_client_keeps_what_was_said_of_it(installed: Installed) -> None:
    client = create_client(installed.acting("consultant"), WORDS)
    assert client_view(installed.acting("consultant"), client).words == WORDS
    changed = ClientWords("红花制衣", archetype="store-infrequent", stores=0)
    change_client(installed.acting("consultant"), client, changed)
    assert client_view(installed.acting("consultant"), client).words == changed
    assert actions(installed) == ["client.created", "client.changed"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (ClientWords(" "), "name"),
        (ClientWords("名" * 81), "name"),
        (ClientWords("x", archetype="no-such-type"), "archetype"),
        (ClientWords("x", archetype="b2b"), "archetype"),
        (ClientWords("x", note="n" * 2001), "note"),
    ],
)
def test_words_no_form_lets_through_are_refused(
    installed: Installed, words: ClientWords, field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        create_client(installed.acting(), words)
    assert field in refused.value.fields
    assert client_page(installed.acting()).total == 0


def test_who_sees_which_client(installed: Installed) -> None:
    own = create_client(installed.acting("consultant"), ClientWords("自己建的"))
    create_client(installed.acting("owner"), ClientWords("负责人建的"))
    add_kitchen(installed, team=("colleague", "viewer"))
    assert names(installed, "owner") == ["Riverside Kitchen", "自己建的", "负责人建的"]
    assert names(installed, "consultant") == ["自己建的"]
    assert names(installed, "colleague") == names(installed, "viewer") == ["Riverside Kitchen"]
    for stranger in ("colleague", "viewer"):
        with pytest.raises(NotFoundError):
            client_view(installed.acting(stranger), own)
    with pytest.raises(NotFoundError):
        client_view(installed.acting("owner", installed.second), own)


def test_a_search_looks_in_names_and_industries_for_the_very_letters(installed: Installed) -> None:
    acting = installed.acting()
    for name, industry in (("100%果汁", "饮品"), ("红花制衣", "100年老店"), ("Rose & Co", "花店")):
        create_client(acting, ClientWords(name, industry))
    assert names(installed, "owner", "100%") == ["100%果汁"]
    assert names(installed, "owner", "rose") == ["Rose & Co"]
    assert names(installed, "owner", "花") == ["Rose & Co", "红花制衣"]
    assert names(installed, "owner", "_") == []


def test_the_list_comes_in_pages_of_twenty_five(installed: Installed) -> None:
    acting = installed.acting()
    for number in range(28):
        create_client(acting, ClientWords(f"客户{number:02}"))
    first, second = client_page(acting), client_page(acting, page=2)
    assert (first.total, first.pages, len(first.clients), len(second.clients)) == (28, 2, 25, 3)


def test_an_archived_client_leaves_the_list_and_can_come_back(installed: Installed) -> None:
    acting = installed.acting("consultant")
    client = create_client(acting, WORDS)
    archive_client(acting, client, archived=True)
    assert names(installed, "owner") == []
    assert [line.id for line in client_page(acting, archived=True).clients] == [client]
    with pytest.raises(ConflictError):
        begin_engagement(acting, client, FULL)
    archive_client(acting, client, archived=False)
    assert names(installed, "owner") == ["红花制衣"]


def test_viewers_write_nothing(installed: Installed) -> None:
    add_kitchen(installed, team=("viewer",))
    client = engagement_view(installed.acting(), ENGAGEMENT).client
    viewer = installed.acting("viewer")
    before = actions(installed)
    for forbidden in (
        lambda: create_client(viewer, WORDS),
        lambda: change_client(viewer, client, WORDS),
        lambda: archive_client(viewer, client, archived=True),
        lambda: begin_engagement(viewer, client, FULL),
        lambda: change_engagement(viewer, ENGAGEMENT, EngagementWords("x", "full", "en-GB")),
        lambda: archive_engagement(viewer, ENGAGEMENT, archived=True),
        lambda: join_team(viewer, ENGAGEMENT, installed.first.people["colleague"].id),
        lambda: leave_team(viewer, ENGAGEMENT, installed.first.people["viewer"].id),
    ):
        with pytest.raises(NotAllowedError):
            forbidden()
    assert actions(installed) == before
    assert not engagement_view(viewer, ENGAGEMENT).writes


def test_an_engagement_is_bound_to_the_model_as_it_was(installed: Installed) -> None:
    acting = installed.acting("consultant")
    client = create_client(acting, WORDS)
    engagement = begin_engagement(acting, client, FULL)
    with acting.reading() as session:
        row = session.find(Engagement, engagement)
        assert row is not None
        release = session.scalars(select(Release)).one()
    assert (row.release_digest, release.model) == (release.digest, "private-domain")
    view = engagement_view(acting, engagement)
    assert [person.name for person in view.team] == [acting.name]
    assert (view.client_name, view.archetype) == ("红花制衣", "门店高频")
    assert (view.steps[0].step, view.steps[0].progress) == ("diagnose", "not-begun")
    assert [light.state for light in view.lights] == ["unknown"] * 5
    assert "engagement.created" in actions(installed)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (EngagementWords("", "full", "zh-Hans"), "title"),
        (EngagementWords("t", "customer-pulse", "zh-Hans"), "form"),
        (EngagementWords("t", "no-such-form", "zh-Hans"), "form"),
        (EngagementWords("t", "full", "fr"), "locale"),
    ],
)
def test_an_engagement_that_does_not_fit_the_model_is_refused(
    installed: Installed, words: EngagementWords, field: str
) -> None:
    client = create_client(installed.acting(), WORDS)
    with pytest.raises(RefusedError) as refused:
        begin_engagement(installed.acting(), client, words)
    assert field in refused.value.fields


def test_the_form_changes_only_while_nobody_has_answered(installed: Installed) -> None:
    acting = installed.acting("consultant")
    add_kitchen(installed, answered=False)
    change_engagement(acting, ENGAGEMENT, EngagementWords("t", "spot-check", "en-GB"))
    assert engagement_view(acting, ENGAGEMENT).form == "spot-check"
    add_kitchen(installed, engagement="f" * 16)
    with pytest.raises(RefusedError) as refused:
        change_engagement(acting, "f" * 16, EngagementWords("t", "spot-check", "en-GB"))
    assert "form" in refused.value.fields
    change_engagement(acting, "f" * 16, EngagementWords("新名字", "full", "en-GB"))
    assert engagement_view(acting, "f" * 16).title == "新名字"


def test_only_the_team_and_owners_open_an_engagement(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    for who in ("consultant", "owner"):
        assert engagement_view(installed.acting(who), ENGAGEMENT).id == ENGAGEMENT
    for who in ("colleague", "viewer"):
        with pytest.raises(NotFoundError):
            engagement_view(installed.acting(who), ENGAGEMENT)
    with pytest.raises(NotFoundError):
        engagement_view(installed.acting("owner", installed.second), ENGAGEMENT)
    with pytest.raises(NotFoundError):
        engagement_view(installed.acting("owner"), "0" * 16)


def test_a_member_joins_and_leaves_the_team(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    acting, colleague = installed.acting("consultant"), installed.first.people["colleague"]
    assert colleague.id in {one.id for one in may_join(acting, ENGAGEMENT)}
    join_team(acting, ENGAGEMENT, colleague.id)
    join_team(acting, ENGAGEMENT, colleague.id)
    assert engagement_view(installed.acting("colleague"), ENGAGEMENT).id == ENGAGEMENT
    assert colleague.id not in {one.id for one in may_join(acting, ENGAGEMENT)}
    leave_team(acting, ENGAGEMENT, colleague.id)
    with pytest.raises(NotFoundError):
        engagement_view(installed.acting("colleague"), ENGAGEMENT)
    with pytest.raises(ConflictError):
        leave_team(acting, ENGAGEMENT, acting.person)
    assert [name for name in actions(installed) if name.startswith("team.")] == [
        "team.joined",
        "team.left",
    ]


def test_nobody_of_another_consultancy_joins_a_team(installed: Installed) -> None:
    add_kitchen(installed)
    stranger = installed.second.people["consultant"]
    with pytest.raises(NotFoundError):
        join_team(installed.acting(), ENGAGEMENT, stranger.id)


def test_an_archived_engagement_is_kept_whole(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    archive_engagement(acting, ENGAGEMENT, archived=True)
    view = engagement_view(acting, ENGAGEMENT)
    assert view.archived_at == NOW
    assert client_page(acting).clients[0].engagements == ()
    assert view.progress.answered > 0
    archive_engagement(acting, ENGAGEMENT, archived=False)
    assert [one.id for one in client_page(acting).clients[0].engagements] == [ENGAGEMENT]
