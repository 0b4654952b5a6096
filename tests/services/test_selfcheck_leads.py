"""Leads: seen by owners and consultants, accepted into an engagement that asks nothing twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.domain.model import MaturityModel
from app.forms.answer_input import AnswerInput
from app.services.answers.answering import SELF_CHECK, Given
from app.services.answers.assembling import FACTS, INTERVIEW
from app.services.answers.saving import Said, Typed, save_said
from app.services.answers.values import decoded
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.today import today
from app.services.engagements.undertaking import engagement_view
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.interviews.interviewing import interview_board
from app.services.interviews.questioning import open_interview
from app.services.selfcheck import leads
from app.services.selfcheck.answering import own_check, save_screen
from app.services.selfcheck.forgetting import DECLINED, erase, forget_self_checks
from app.services.selfcheck.leads import (
    Accepting,
    accept_lead,
    decline_lead,
    lead_behind,
    lead_page,
    lead_view,
    self_check_behind,
)
from app.services.selfcheck.result import own_result
from app.store.rows import Client, CurrentAnswer, Engagement, Lead, Response
from app.store.scope import INSTALLATION
from tests.installations import NOW
from tests.people import Installed
from tests.strangers import (
    ASKING,
    HEAD,
    Stranger,
    load_models_once,
    open_check,
    published,
    stranger,
)

WORDS = Accepting("红花制衣", "2026年11月诊断", "自查", "来自公开自查。")


@pytest.fixture
def house(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """An installation whose first consultancy has its self-check open."""
    load_models_once(monkeypatch)
    open_check(installed)
    return installed


@pytest.fixture
def asked(house: Installed) -> tuple[Stranger, str]:
    """A stranger who asked for a diagnosis, and the lead."""
    who = stranger(house).fill_in()
    return who, who.ask()


def answers_in(installed: Installed, engagement: str, kind: str) -> Mapping[str, CurrentAnswer]:
    with installed.acting().reading() as session:
        response = session.scalars(
            select(Response).where(Response.engagement_id == engagement, Response.kind == kind)
        ).one()
        rows = session.scalars(
            select(CurrentAnswer).where(CurrentAnswer.response_id == response.id)
        )
        return {row.item: row for row in rows}


# -- seeing ----------------------------------------------------------------------------------------


def test_owners_and_consultants_see_leads_and_viewers_do_not(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    _who, lead = asked
    for member in ("owner", "consultant", "colleague"):
        page = lead_page(house.acting(member))
        assert [line.company for line in page.lines] == [ASKING.company]
        assert lead_view(house.acting(member), lead).contact == ASKING.contact
        assert today(house.acting(member)).leads == 1
    viewer = house.acting("viewer")
    for look in (lambda: lead_page(viewer), lambda: lead_view(viewer, lead)):
        with pytest.raises(NotAllowedError):
            look()
    assert today(viewer).leads == 0


def test_another_consultancy_has_no_such_lead(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    _who, lead = asked
    foreign = house.acting("owner", house.second)
    assert lead_page(foreign).lines == ()
    for act in (
        lambda: lead_view(foreign, lead),
        lambda: accept_lead(foreign, lead, WORDS),
        lambda: decline_lead(foreign, lead, ""),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_a_lead_shows_the_same_result_as_the_stranger_saw(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    who, lead = asked
    seen = lead_view(house.acting(), lead)
    assert seen.result.printed.result.headline == own_result(who.acting()).printed.result.headline
    assert sum(page.done for page in seen.pages) == 28
    assert seen.consent.version == lead_row(house, lead).consent_version
    assert seen.role == "私域负责人"


def lead_row(installed: Installed, lead: str) -> Lead:
    with installed.database.reading(INSTALLATION) as session:
        return session.scalars(select(Lead).where(Lead.id == lead)).one()


def test_those_that_wait_come_first_then_the_newest(house: Installed) -> None:
    made = {}
    for place, name in enumerate(("甲", "乙", "丙")):
        who = stranger(house).fill_in()
        made[name] = who.ask(NOW + timedelta(hours=place), company=name)
    decline_lead(house.acting("consultant"), made["丙"], "")
    page = lead_page(house.acting())
    assert [line.company for line in page.lines] == ["乙", "甲", "丙"]
    assert (page.waiting, page.total, page.pages) == (2, 3, 1)


# -- accepting -------------------------------------------------------------------------------------


def test_accepting_makes_client_and_engagement_with_every_answer_filled_in(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    who, lead = asked
    acting = house.acting("consultant", now=NOW + timedelta(days=2))
    made = accept_lead(acting, lead, WORDS)
    assert (made.carried, made.left) == (28, 0)
    view = engagement_view(acting, made.engagement)
    assert (view.client_name, view.title, view.form) == ("红花制衣", "2026年11月诊断", "full")
    assert [member.id for member in view.team] == [acting.person]
    with acting.reading() as session:
        client = session.scalars(select(Client).where(Client.name == "红花制衣")).one()
    assert (client.archetype, client.city_tier, client.stores) == ("store-frequent", "other", 9)
    assert client.contact == f"{ASKING.person} {ASKING.contact}"
    assert client.note == "来自公开自查。"

    said = published()
    model = own_check(who.acting()).model
    for kind, parts in ((INTERVIEW, model.questions), (FACTS, model.fact_parts)):
        rows = answers_in(house, made.engagement, kind)
        assert set(rows) == {item for item in said if item in parts}
        for item, row in rows.items():
            assert decoded(row.value, parts[item].type) == said[item], item
            assert (row.evidence, row.actor, row.at) == ("E0", SELF_CHECK, NOW)
    (person,) = interview_board(acting, made.engagement).interviews
    assert (person.role, person.label, person.answered) == (HEAD, "自查", 18)
    assert person.concluded_at is None, "somebody has still to verify it"

    decided = lead_row(house, lead)
    assert (decided.state, decided.engagement_id, decided.decided_by) == (
        "accepted", made.engagement, acting.person,
    )  # fmt: skip
    assert lead_behind(acting, made.engagement) == lead
    seen = own_check(who.acting()).handed
    assert seen is not None
    assert seen.state == "accepted"


def test_the_engagement_is_diagnosed_from_them_and_a_verified_answer_takes_their_place(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    acting = house.acting("consultant")
    made = accept_lead(acting, asked[1], WORDS)
    diagnosis = current_diagnosis(acting, made.engagement).diagnosis
    (person,) = diagnosis.assessment.respondents
    assert len(person.answers) == 18
    assert {given.evidence for given in person.answers.values()} == {"E0"}
    assert diagnosis.assessment.client.archetype == "store-frequent"

    (response,) = (one.id for one in interview_board(acting, made.engagement).interviews)
    interview = open_interview(acting, made.engagement, response)
    posed = next(
        each for part in interview.parts for each in part.posed
        if each.standing is not None and each.item.id == "sop-completeness"
    )  # fmt: skip
    assert posed.standing is not None
    assert (posed.standing.actor, posed.who) == (SELF_CHECK, "")
    better = Said(posed.item.id, "3", "E2", "看过SOP目录")
    kept = save_said(acting, made.engagement, response, better, posed.standing.revision, "k1")
    assert kept.standing.actor == acting.person
    # What was claimed stays what it was, to be held against what was found.
    claimed = self_check_behind(acting, made.engagement)
    assert claimed is not None
    assert claimed.questions["sop-completeness"].score == 2
    assert claimed.scorecard.index == own_result(asked[0].acting()).index
    found = current_diagnosis(acting, made.engagement).diagnosis
    assert found.questions["sop-completeness"].score == 3


def test_the_self_check_behind_an_engagement_is_its_teams_alone(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    made = accept_lead(house.acting("consultant"), asked[1], WORDS)
    with pytest.raises(NotFoundError):
        self_check_behind(house.acting("viewer"), made.engagement)
    with pytest.raises(NotFoundError):
        self_check_behind(house.acting("owner", house.second), made.engagement)


def test_a_lead_is_accepted_once_whoever_tries(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    who, lead = asked
    accept_lead(house.acting("consultant"), lead, WORDS)
    for act in (
        lambda: accept_lead(house.acting("owner"), lead, WORDS),
        lambda: decline_lead(house.acting("owner"), lead, ""),
        lambda: erase(who.acting()),
    ):
        with pytest.raises(ConflictError):
            act()
    with house.database.reading(INSTALLATION) as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 1
        assert session.scalar(select(func.count()).select_from(Engagement)) == 1
    # It is kept as long as the engagement is.
    later = NOW + timedelta(days=400)
    assert forget_self_checks(house.database, house.settings, later) == 0


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (replace(WORDS, name=" "), "name"),
        (replace(WORDS, name="长" * 81), "name"),
        (replace(WORDS, title=""), "title"),
    ],
)
def test_words_no_client_could_have_leave_the_lead_as_it_is(
    house: Installed, asked: tuple[Stranger, str], words: Accepting, field: str
) -> None:
    with pytest.raises(RefusedError) as told:
        accept_lead(house.acting("consultant"), asked[1], words)
    assert field in told.value.fields
    assert lead_row(house, asked[1]).state == "new"
    with house.database.reading(INSTALLATION) as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 0


def test_half_a_handing_over_is_none(
    house: Installed, asked: tuple[Stranger, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: object) -> None:
        raise OSError("the disk is away")

    monkeypatch.setattr(leads, "_carry", breaks)
    with pytest.raises(OSError, match="away"):
        accept_lead(house.acting("consultant"), asked[1], WORDS)
    assert lead_row(house, asked[1]).state == "new"
    with house.database.reading(INSTALLATION) as session:
        for table in (Client, Engagement, Response):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_who_did_not_know_is_not_asked_again_as_if_nobody_had(house: Installed) -> None:
    who = stranger(house).fill_in()
    unknown = AnswerInput(None, unknown=True)
    save_screen(who.acting(), 2, [Typed("sop-completeness", unknown, 0)])
    save_screen(who.acting(), 9, [Typed("users", unknown, 0)])
    made = accept_lead(house.acting("consultant"), who.ask(), WORDS)
    assert (made.carried, made.left) == (27, 1)
    rows = answers_in(house, made.engagement, INTERVIEW)
    assert rows["sop-completeness"].kind == "unknown"
    assert "users" not in answers_in(house, made.engagement, FACTS)


def test_what_a_newer_release_asks_otherwise_is_left_to_be_asked_again(
    private_domain: MaturityModel,
) -> None:
    asked = private_domain.questions["sop-completeness"]
    reworded = replace(private_domain.questions["order-driving"], text="另一种问法")
    renamed = replace(private_domain.fact_parts["stores"], unit="个")
    newer = _Newer(
        questions={**private_domain.questions, "order-driving": reworded},
        fact_parts={**private_domain.fact_parts, "stores": renamed},
        areas=private_domain.areas,
        content=private_domain.content,
    )
    stored = {
        "sop-completeness": {"kind": "given", "value": 2},
        "order-driving": {"kind": "given", "value": 3},
        "stores": {"kind": "given", "value": "9"},
        "users": {"kind": "given", "value": "8600"},
    }
    carried = {one.item: one for one in leads._given(stored, private_domain, newer)}  # type: ignore[arg-type]  # a model as far as it is read
    assert set(carried) == {"sop-completeness", "users"}
    assert carried["users"] == Given("users", "given", Fraction(8600), "E0")
    # An anchor in other words is another question, though its own text is the same.
    assert asked.area is not None
    area = private_domain.areas[asked.area]
    newer.areas = {**private_domain.areas, asked.area: replace(area, anchors=area.anchors[::-1])}
    again = {one.item for one in leads._given(stored, private_domain, newer)}  # type: ignore[arg-type]  # as above
    assert again == {"users"}


class _Newer:
    """A newer release, as far as carrying answers over reads it."""

    def __init__(self, **parts: object) -> None:
        self.areas: Mapping[str, object] = {}
        vars(self).update(parts)


# -- declining -------------------------------------------------------------------------------------


def test_declining_tells_nobody_and_can_be_taken_back_until_it_is_deleted(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    who, lead = asked
    acting = house.acting("consultant")
    decline_lead(acting, lead, "不在服务范围")
    assert today(acting).leads == 0
    decline_lead(house.acting("owner"), lead, "规模太小")
    seen = lead_view(acting, lead)
    assert (seen.line.state, seen.reason, seen.decided_by) == (
        "declined", "规模太小", "衡石咨询consultant",
    )  # fmt: skip
    handed = own_check(who.acting()).handed
    assert handed is not None
    made = accept_lead(acting, lead, WORDS)
    assert lead_row(house, lead).state == "accepted"
    assert made.carried == 28


def test_a_declined_lead_is_gone_when_its_time_is_up(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    decline_lead(house.acting("consultant"), asked[1], "")
    forget_self_checks(house.database, house.settings, NOW + DECLINED)
    with pytest.raises(NotFoundError):
        accept_lead(house.acting("consultant"), asked[1], WORDS)


def test_a_reason_nobody_would_read_is_refused(
    house: Installed, asked: tuple[Stranger, str]
) -> None:
    with pytest.raises(RefusedError):
        decline_lead(house.acting("consultant"), asked[1], "长" * 501)
    assert lead_row(house, asked[1]).state == "new"
