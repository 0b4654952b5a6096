"""Issuing a report: frozen in one transaction, numbered, never twice the same nor overwritten."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.content.answers import read_assessment
from app.domain.response import PlanControls
from app.services.answers.answering import Given
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.importing import import_assessment
from app.services.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    ThrottledError,
)
from app.services.files import file_store
from app.services.plans.controls import controls_document
from app.services.releases import keep_model, model_of
from app.services.reports import version_jobs
from app.services.reports.board import readiness_of, versions_of
from app.services.reports.register import NotReadyError, Requested, request_report
from app.services.reports.version_jobs import cancel_report, check_report, retry_report
from app.services.work.waking import queue_of
from app.store.rows import (
    AuditEvent,
    Client,
    Consultancy,
    Engagement,
    Job,
    Member,
    PlanRevision,
    Report,
    TeamMember,
)
from app.store.scope import INSTALLATION
from tests.installations import NOW
from tests.kitchens import (
    ENGAGEMENT,
    LOCALE,
    add_kitchen,
    draw_quickly,
    fill_in,
    rename_client,
    work,
)
from tests.people import Installed


@pytest.fixture
def kitchen(installed: Installed) -> str:
    return add_kitchen(installed)


def issue(installed: Installed, note: str = "") -> Requested:
    return request_report(installed.acting("consultant"), ENGAGEMENT, LOCALE, note)


def counted(installed: Installed, row: type[Report] | type[Job]) -> int | None:
    with installed.acting().reading() as session:
        return session.scalar(select(func.count()).select_from(row))


def test_an_issued_report_freezes_all_it_is_made_from(installed: Installed, kitchen: str) -> None:
    issued = issue(installed, "first")
    acting = installed.acting("consultant")
    with acting.reading() as session:
        row = session.find(Report, issued.report)
        actions = session.scalars(select(AuditEvent.action)).all()
    assert row is not None
    assert (row.version, row.number, row.locale) == (1, "ZM-2026-0001", LOCALE)
    assert (row.issued_on, row.created_by) == (acting.today, acting.person)
    assert row.brand["name"] == installed.first.name
    diagnosis = current_diagnosis(acting, kitchen).diagnosis
    assert Fraction(row.headline["index"]) == diagnosis.scorecard.index
    assert row.headline["level"] == diagnosis.scorecard.level
    model = model_of(acting.database, acting.settings, row.release_digest)
    frozen = file_store(acting.settings).path(row.answers).read_bytes()
    assert read_assessment(frozen, "answers.yaml", model) == diagnosis.assessment
    assert row.as_of == diagnosis.as_of
    assert "report.requested" in actions
    # A worker was woken for the job, by its name and nothing else.
    with acting.reading() as session:
        job = session.scalars(select(Job)).one()
    assert queue_of(acting.settings).waiting() == {job.id}
    assert (job.kind, job.subject, job.input_hash) == ("report", row.id, row.digest)


def test_asking_again_without_a_change_gives_the_same_version(
    installed: Installed, kitchen: str
) -> None:
    first, second = issue(installed), issue(installed)
    assert first.fresh
    assert not second.fresh
    assert (second.report, second.version) == (first.report, 1)
    assert counted(installed, Report) == counted(installed, Job) == 1


def test_a_double_click_is_one_report_and_one_job(installed: Installed, kitchen: str) -> None:
    # The same at the same moment, each with a connection of its own.
    both = threading.Barrier(2)
    found: list[Requested] = []

    def click() -> None:
        both.wait()
        found.append(issue(installed))

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(found) == 2
    assert len({one.report for one in found}) == 1
    assert sorted(one.fresh for one in found) == [False, True]
    assert counted(installed, Report) == counted(installed, Job) == 1


def test_a_later_change_makes_the_next_version_and_says_what_changed(
    installed: Installed, kitchen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting = installed.acting("consultant")
    first = issue(installed)
    work(acting)
    before = versions_of(acting, kitchen).versions[0]
    fill_in(acting, kitchen, "covers", Given("covers-per-day", "given", Fraction(200), "E3", "x"))
    with acting.writing() as session:
        session.add(
            PlanRevision(
                engagement_id=kitchen,
                number=2,
                controls=controls_document(PlanControls(target_level=3)),
                at=NOW,
                by=acting.person,
            )
        )
        house = session.get_one(Consultancy, acting.tenant)
        house.brand_confidentiality = "For the board only."
    second = issue(installed)
    assert (second.version, second.fresh) == (2, True)
    work(acting)
    newest, oldest = versions_of(acting, kitchen).versions
    assert newest.changes == (("facts", 1), ("plan", 1), ("brand", 1))
    assert (newest.number, newest.plan_number) == (oldest.number, 2)
    # Version 1 stays as it was.
    assert oldest == replace(before, index=oldest.index)
    assert oldest.id == first.report


def test_each_language_is_compared_with_its_own_newest_version(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting = installed.acting()
    digest = keep_model(installed.database, installed.settings, "private-domain", NOW)
    with acting.writing() as session:
        session.add(Client(id="c" * 16, name="示例客户", created_at=NOW, created_by=acting.person))
        session.flush()
        engagement = Engagement(
            id=ENGAGEMENT,
            client_id="c" * 16,
            title="t",
            release_digest=digest,
            form="self-check",
            locale="zh-Hans",
            interviewed_on=NOW.date(),
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(engagement)
        session.flush()
        model = model_of(acting.database, acting.settings, digest)
        path = acting.settings.questionnaires / "private-domain" / "examples" / "self-check.yaml"
        said = read_assessment(path.read_bytes(), path.name, model)
        import_assessment(acting, session, engagement, said)
    came = []
    for locale in ("zh-Hans", "en", "zh-Hans", "en"):
        issued = request_report(acting, ENGAGEMENT, locale)
        work(acting)
        came.append((issued.version, issued.fresh))
    assert came == [(1, True), (2, True), (1, False), (2, False)]
    english, _chinese = versions_of(acting, ENGAGEMENT).versions
    assert english.changes == (("language", 1),)
    assert readiness_of(acting, ENGAGEMENT).same_as == 1


def test_numbers_run_through_the_consultancy_and_not_through_others(
    installed: Installed, kitchen: str
) -> None:
    add_kitchen(installed, engagement="f" * 16, name="Harbour Kitchen")
    add_kitchen(installed, tenant=installed.second, engagement="d" * 16)
    issue(installed)
    for who, engagement, number in (
        (installed.acting(), "f" * 16, "ZM-2026-0002"),
        (installed.acting(tenant=installed.second), "d" * 16, "ZM-2026-0001"),
    ):
        issued = request_report(who, engagement, LOCALE)
        with who.reading() as session:
            row = session.find(Report, issued.report)
        assert row is not None
        assert row.number == number


def test_a_version_that_came_to_nothing_gives_its_place_to_the_next(
    installed: Installed, kitchen: str
) -> None:
    acting = installed.acting("consultant")
    first = issue(installed)
    cancel_report(acting, kitchen, first.report)
    assert versions_of(acting, kitchen).versions[0].job.state == "cancelled"
    rename_client(acting, kitchen, "Harbour Kitchen")
    second = issue(installed)
    assert second.version == 1
    assert second.report != first.report
    assert counted(installed, Report) == 1


def test_asking_for_a_cancelled_version_again_begins_it_anew(
    installed: Installed, kitchen: str
) -> None:
    acting = installed.acting("consultant")
    first = issue(installed)
    cancel_report(acting, kitchen, first.report)
    again = issue(installed)
    assert (again.report, again.fresh) == (first.report, True)
    assert versions_of(acting, kitchen).versions[0].job.state == "queued"
    cancel_report(acting, kitchen, first.report)
    retry_report(acting, kitchen, first.report)
    assert versions_of(acting, kitchen).versions[0].job.state == "queued"
    assert counted(installed, Job) == 1


def test_what_has_ended_cannot_be_called_off(
    installed: Installed, kitchen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    acting = installed.acting("consultant")
    report = issue(installed).report
    work(acting)
    with pytest.raises(ConflictError) as told:
        cancel_report(acting, kitchen, report)
    assert told.value.code == "ended"
    retry_report(acting, kitchen, report)
    assert versions_of(acting, kitchen).versions[0].job.state == "done"


def test_a_day_has_so_many_drawings_and_no_more(
    installed: Installed, kitchen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_jobs, "A_DAY", 2)
    first = issue(installed)
    cancel_report(installed.acting(), kitchen, first.report)
    rename_client(installed.acting(), kitchen, "Harbour Kitchen")
    second = issue(installed)
    cancel_report(installed.acting(), kitchen, second.report)
    rename_client(installed.acting(), kitchen, "Hill Kitchen")
    with pytest.raises(ThrottledError):
        issue(installed)
    with pytest.raises(ThrottledError):
        retry_report(installed.acting(), kitchen, second.report)
    # Nobody else is kept from anything, and a day later neither is this one.
    add_kitchen(installed, tenant=installed.second, engagement="d" * 16)
    assert request_report(installed.acting(tenant=installed.second), "d" * 16, LOCALE).fresh
    tomorrow = installed.acting(now=NOW + timedelta(days=1, seconds=1))
    assert request_report(tomorrow, kitchen, LOCALE).fresh


# -- why not ---------------------------------------------------------------------------------------


def hindered(installed: Installed, engagement: str = ENGAGEMENT) -> list[tuple[str, str]]:
    """Return place and subject of every obstacle, after seeing that issuing is refused for it."""
    acting = installed.acting()
    with pytest.raises(NotReadyError) as told:
        request_report(acting, engagement, LOCALE)
    assert counted(installed, Report) == counted(installed, Job) == 0
    shown = readiness_of(acting, engagement).obstacles
    assert shown == told.value.obstacles
    return [(one.place, one.subject) for one in shown]


def test_nothing_answered_is_no_report(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    assert hindered(installed) == [("answers", "")]


def test_facts_that_contradict_each_other_are_named(installed: Installed, kitchen: str) -> None:
    more = Given("trained-handlers", "given", Fraction(40), "E2", "")
    fill_in(installed.acting(), kitchen, "trained", more)
    assert hindered(installed) == [("answers", "F02 Team")]
    (told,) = readiness_of(installed.acting(), kitchen).obstacles
    assert told.as_it_is
    assert "More people hold a certificate" in told.message


def test_characters_nobody_can_print_are_told_with_their_places(
    installed: Installed, kitchen: str
) -> None:
    acting = installed.acting()
    rename_client(acting, kitchen, "Riverside \ue000")
    with acting.writing() as session:
        session.get_one(Consultancy, acting.tenant).brand_confidentiality = "\U00012345"
    note = Given("covers-per-day", "given", Fraction(180), "E3", "till \ue001")
    fill_in(acting, kitchen, "covers", note)
    assert hindered(installed) == [
        ("client", "客户名称"),
        ("house", "保密声明"),
        ("answers", "F03 Covers a day"),
    ]
    values = [one.values["characters"] for one in readiness_of(acting, kitchen).obstacles]
    assert values == ["\ue000 U+E000", "\U00012345 U+12345", "\ue001 U+E001"]


def test_a_plan_that_no_longer_fits_is_named(installed: Installed, kitchen: str) -> None:
    acting = installed.acting()
    with acting.writing() as session:
        session.add(
            PlanRevision(
                engagement_id=kitchen,
                number=2,
                controls=controls_document(PlanControls(target_level=0)),
                at=NOW,
                by=acting.person,
            )
        )
    assert hindered(installed) == [("plan", "目标等级")]
    (told,) = readiness_of(acting, kitchen).obstacles
    assert told.values["given"] == "0"


def test_a_language_the_model_does_not_have_is_refused(installed: Installed, kitchen: str) -> None:
    with pytest.raises(RefusedError) as told:
        request_report(installed.acting(), kitchen, "fr")
    assert list(told.value.fields) == ["locale"]
    with pytest.raises(RefusedError):
        request_report(installed.acting(), kitchen, LOCALE, "x" * 501)


def test_an_archived_engagement_issues_nothing(installed: Installed, kitchen: str) -> None:
    acting = installed.acting()
    with acting.writing() as session:
        row = session.find(Engagement, kitchen)
        assert row is not None
        row.archived_at = NOW
    with pytest.raises(ConflictError) as told:
        request_report(acting, kitchen, LOCALE)
    assert told.value.code == "archived"


@pytest.mark.parametrize("change", [cancel_report, retry_report, check_report])
def test_only_the_team_and_only_who_writes_may_act(
    installed: Installed,
    change: Callable[..., None],
) -> None:
    kitchen = add_kitchen(installed, team=("consultant", "viewer"))
    report = issue(installed).report
    with pytest.raises(NotFoundError):
        change(installed.acting("colleague"), kitchen, report)
    with pytest.raises(NotFoundError):
        change(installed.acting(tenant=installed.second), kitchen, report)
    with pytest.raises(NotAllowedError):
        change(installed.acting("viewer"), kitchen, report)
    assert versions_of(installed.acting(), kitchen).versions[0].job.state == "queued"
    with pytest.raises(NotFoundError):
        request_report(installed.acting("colleague"), kitchen, LOCALE)
    with pytest.raises(NotAllowedError):
        request_report(installed.acting("viewer"), kitchen, LOCALE)


# -- who a job works for ---------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"disabled_at": NOW}])
def test_a_job_runs_with_the_rights_its_creator_has_now(
    installed: Installed,
    kitchen: str,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
) -> None:
    draw_quickly(monkeypatch)
    issue(installed)
    acting = installed.acting()
    with acting.writing() as session:
        person = session.find(Member, installed.first.people["consultant"].id)
        assert person is not None
        for name, value in change.items():
            setattr(person, name, value)
    work(acting)
    (version,) = versions_of(acting, kitchen).versions
    assert (version.job.state, version.files) == ("cancelled", {})


def test_a_creator_who_left_the_team_gets_no_report(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    kitchen = add_kitchen(installed, team=("consultant", "colleague"))
    request_report(installed.acting("colleague"), kitchen, LOCALE)
    acting = installed.acting()
    with acting.writing() as session:
        left = session.scalars(
            select(TeamMember).where(TeamMember.member_id == installed.first.people["colleague"].id)
        ).one()
        session.delete(left)
    work(acting)
    (version,) = versions_of(acting, kitchen).versions
    assert (version.job.state, version.files) == ("failed", {})
    assert "不在项目组里" in version.job.message


def test_the_jobs_of_a_deleted_consultancy_are_gone_with_it(
    installed: Installed, kitchen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    issue(installed)
    with installed.database.writing(INSTALLATION) as session:
        session.delete(session.get_one(Consultancy, installed.first.id))
    work(installed.acting(), timedelta(minutes=5))
    with installed.database.reading(INSTALLATION) as session:
        assert session.scalars(select(Job)).all() == []
        assert session.scalars(select(Report)).all() == []
