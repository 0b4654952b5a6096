"""The round that follows: what it takes over, what it asks again, what moved in between."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.domain.response import Answer
from app.services.answers.answering import Given, save_answer
from app.services.answers.assembling import FACTS
from app.services.coaching.rounds import begin_round, compare_rounds, round_offer, round_place
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.importing import import_assessment
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.settings import Settings
from app.store.answers import responses_of
from app.store.rows import Engagement, Response, TeamMember
from tests.case_engagements import ENGAGEMENT, add_case
from tests.coached_cases import copied, kept
from tests.installations import NOW
from tests.people import Installed
from tests.published_cases import published_case

CASE = "case-2-jewellery"
LATER = NOW + timedelta(days=100)
NOTE = "沿用上一轮，待确认"


@pytest.fixture(scope="module")
def case_folder(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(migrated_file, tmp_path_factory.mktemp("round"), add_case)


@pytest.fixture
def case(case_folder: Path, tmp_path: Path) -> Iterator[Installed]:
    yield from copied(case_folder, tmp_path)


def begin(installed: Installed, title: str = "三个月复诊") -> str:
    acting = installed.acting("consultant", now=LATER)
    return begin_round(acting, ENGAGEMENT, title, LATER.date(), NOTE)


def answer_again(installed: Installed, engagement: str) -> None:
    """Answer the new round as the old one, with every level of one area two higher."""
    acting = installed.acting("owner", now=LATER)
    said = published_case(CASE)
    model = current_diagnosis(acting, engagement).model
    area = model.content.dimensions[0].areas[0].id

    def better(name: str, given: Answer) -> Answer:
        if model.questions[name].area != area or not isinstance(given.value, int):
            return given
        return replace(given, value=min(5, given.value + 2), evidence="E3")

    people = tuple(
        replace(
            person, answers={name: better(name, given) for name, given in person.answers.items()}
        )
        for person in said.respondents
    )
    with acting.writing() as session:
        row = session.find(Engagement, engagement)
        assert row is not None
        # What was taken over is all said again by the file.
        session.execute(
            delete(Response)
            .where(Response.engagement_id == engagement)
            .execution_options(synchronize_session=False)
        )
        import_assessment(acting, session, row, replace(said, respondents=people))


def test_a_round_takes_over_what_keeps_and_asks_every_level_again(case: Installed) -> None:
    offer = round_offer(case.acting("consultant", now=LATER), ENGAGEMENT)
    made = begin(case)
    acting = case.acting("consultant", now=LATER)
    current = current_diagnosis(acting, made)
    assert current.assessment.respondents == ()
    facts = current.assessment.facts
    assert 0 < len(facts) < len(published_case(CASE).facts)
    assert len(offer.facts) == len(facts)
    assert {fact.note for fact in facts.values()} == {NOTE}
    assert "users" not in facts
    place = round_place(acting, made)
    assert place.earlier == ENGAGEMENT
    assert not any(one.confirmed for one in place.carried)
    assert round_place(acting, ENGAGEMENT).later == made
    # Whoever was on the team of the first round is on that of the second.
    assert current_diagnosis(case.acting("viewer", now=LATER), made).assessment.facts == facts


def test_a_fact_taken_over_is_confirmed_by_saying_it_again(case: Installed) -> None:
    made = begin(case)
    acting = case.acting("consultant", now=LATER)
    first = round_place(acting, made).carried[0]
    fact = current_diagnosis(acting, made).assessment.facts[first.part]
    with acting.reading() as session:
        (sheet,) = (row.id for row in responses_of(session, made) if row.kind == FACTS)
    given = Given(first.part, "given", fact.value, fact.evidence or "E0", "")
    save_answer(acting, sheet, given, 1, "confirmed")
    carried = {one.part: one.confirmed for one in round_place(acting, made).carried}
    assert carried.pop(first.part) is True
    assert not any(carried.values())


def test_one_round_follows_another_and_nobody_begins_it_twice(case: Installed) -> None:
    begin(case)
    with pytest.raises(ConflictError) as again:
        begin(case, "又一次")
    assert again.value.code == "begun"
    acting = case.acting("consultant", now=LATER)
    with pytest.raises(RefusedError):
        begin_round(acting, ENGAGEMENT, "太早", published_case(CASE).interviewed_on, NOTE)
    with pytest.raises(NotAllowedError):
        begin_round(case.acting("viewer"), ENGAGEMENT, "旁观", None, NOTE)
    with pytest.raises(NotFoundError):
        begin_round(case.acting("colleague"), ENGAGEMENT, "外人", None, NOTE)
    with pytest.raises(NotFoundError):
        compare_rounds(acting, ENGAGEMENT)


def test_what_moved_is_told_as_practice_where_the_rules_are_the_same(case: Installed) -> None:
    made = begin(case)
    answer_again(case, made)
    acting = case.acting("consultant", now=LATER)
    found = compare_rounds(acting, made).found
    assert found.same_release
    assert found.overall.by_rules == 0
    assert found.overall.by_practice is not None
    assert found.overall.by_practice > 0
    area = found.after.model.content.dimensions[0].areas[0].id
    moved = {change.id for change in found.areas if change.by_practice}
    assert moved == {area}
    outcomes = {change.outcome for change in found.findings}
    assert {"closed", "open"} <= outcomes
    # Whoever is on the team of the new round alone sees no comparison.
    with acting.writing() as session:
        session.add(TeamMember(engagement_id=made, member_id=case.first.people["colleague"].id))
    with pytest.raises(NotFoundError):
        compare_rounds(case.acting("colleague", now=LATER), made)


def test_a_new_release_is_told_apart_from_practice(case: Installed, tmp_path: Path) -> None:
    edited = tmp_path / "questionnaires"
    shutil.copytree(case.settings.questionnaires / "private-domain", edited / "private-domain")
    path = next((edited / "private-domain" / "sections").glob("*.yaml"))
    lines = path.read_text(encoding="utf-8")
    path.write_text(f"{lines}\n# another release\n", encoding="utf-8")
    settings = Settings(
        data=case.settings.data, secret_key=case.settings.secret_key, mail="file",
        questionnaires=edited,
    )  # fmt: skip
    newer = replace(case, settings=settings)
    assert not round_offer(newer.acting("consultant", now=LATER), ENGAGEMENT).same_release
    made = begin(newer)
    answer_again(newer, made)
    found = compare_rounds(newer.acting("consultant", now=LATER), made)
    assert not found.found.same_release
    assert found.found.overall.by_rules == 0
    assert found.left_out == ()
