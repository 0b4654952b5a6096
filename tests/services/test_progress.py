"""What lists show of an engagement is what its answers say, at every moment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.domain.adjudication import open_adjudications
from app.domain.engagement import undecided_findings
from app.services.access import open_engagement
from app.services.answers.answering import Given, save_answer
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.progress import read_for_progress, standing_progress, take_stock
from app.services.engagements.today import Line, refreshed, today
from app.services.engagements.undertaking import engagement_view
from app.services.invitations.inviting import Invited, revoke
from app.store.rows import (
    CurrentAnswer,
    DecidedFinding,
    Engagement,
    EngagementProgress,
    Job,
    PlanRevision,
    Report,
    ReportFile,
    Response,
)
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import answer, counted, invited


def kept(installed: Installed) -> EngagementProgress:
    with installed.acting().reading() as session:
        row = session.find(EngagementProgress, ENGAGEMENT)
    assert row is not None
    return row


def decide_everything(installed: Installed) -> None:
    """Rule on every question on which roles disagree, and accept every finding that waits."""
    acting = installed.acting("consultant")
    diagnosis = current_diagnosis(acting, ENGAGEMENT).diagnosis
    with acting.reading() as session:
        sheet = session.scalars(select(Response).where(Response.kind == "adjudication")).one()
    for number, one in enumerate(open_adjudications(diagnosis.basis.world)):
        ruling = Given(one.question, "given", round(one.means[0].mean), "E2", "seen on site")
        save_answer(acting, sheet.id, ruling, 0, f"ruling-{number}")
    while True:
        diagnosis = current_diagnosis(acting, ENGAGEMENT).diagnosis
        rules = undecided_findings(diagnosis.diagnostics)
        if not rules:
            return
        accepted = {"number": 1, "verdict": "accepted", "at": NOW, "by": acting.person}
        with acting.writing() as session:
            session.add_all(
                DecidedFinding(engagement_id=ENGAGEMENT, rule=rule, **accepted) for rule in rules
            )


def needs(line: Line) -> list[str]:
    return [task.need for task in line.tasks]


def test_what_is_kept_is_what_is_computed(installed: Installed) -> None:
    add_kitchen(installed)
    computed = engagement_view(installed.acting("consultant"), ENGAGEMENT)
    again = engagement_view(installed.acting("consultant"), ENGAGEMENT)
    assert standing_progress(kept(installed)) == computed.progress
    assert again == computed
    assert computed.progress.index is not None
    assert computed.progress.answered > 0


def test_an_answer_makes_what_was_kept_out_of_date(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    before = engagement_view(acting, ENGAGEMENT).progress
    with acting.reading() as session:
        answered = session.scalars(
            select(CurrentAnswer).where(CurrentAnswer.item == "cold-chain")
        ).first()
    assert answered is not None
    later = replace(acting, now=NOW + timedelta(hours=1))
    save_answer(later, answered.response_id, Given("cold-chain", "unknown"), 1, "k")
    assert standing_progress(kept(installed)) is None
    assert before.worked_at == NOW
    assert engagement_view(acting, ENGAGEMENT).progress.worked_at == later.now


def test_an_answer_that_comes_while_progress_is_computed_is_not_lost(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    with acting.reading() as session:
        known = read_for_progress(session, open_engagement(acting, session, ENGAGEMENT))
    invited(installed, ENGAGEMENT, Invited("cook", "Grill"))
    take_stock(acting, known)
    assert standing_progress(kept(installed)) is None
    assert engagement_view(acting, ENGAGEMENT).progress.waiting == 1


@pytest.mark.parametrize("other", [{"edition": 0}, {"document": {"from": "elsewhere"}}])
def test_what_another_program_kept_is_computed_anew(
    installed: Installed, other: dict[str, object]
) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    engagement_view(acting, ENGAGEMENT)
    with acting.writing() as session:
        session.execute(update(EngagementProgress).values(**other))
    assert standing_progress(kept(installed)) is None
    assert engagement_view(acting, ENGAGEMENT).progress.answered > 0


def test_people_are_counted_once_by_role_and_label(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    grill, pastry, gone = invited(
        installed,
        ENGAGEMENT,
        Invited("cook", "Grill"),
        Invited("cook", "Pastry"),
        Invited("cook", "Gone"),
    )
    with installed.acting("consultant").writing() as session:
        # The same person, asked by a consultant as well.
        session.add(
            Response(
                id="r" * 16,
                engagement_id=ENGAGEMENT,
                kind="interview",
                role="cook",
                label="Grill",
                release_digest="",
                created_at=NOW,
            )
        )
    answer(installed, pastry, ["cold-chain"], submitted=True)
    revoke(installed.acting("consultant"), ENGAGEMENT, [gone])
    view = engagement_view(installed.acting("consultant"), ENGAGEMENT)
    (cooks,) = [role for role in view.roles if role.role == "cook"]
    assert (cooks.people, cooks.begun, cooks.finished) == (2, 1, 1)
    assert view.progress.waiting == 1
    assert view.progress.expires_at == NOW + timedelta(days=30)
    assert grill != pastry


def test_steps_follow_what_is_on_record(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    decide_everything(installed)
    with acting.writing() as session:
        plan = session.find(PlanRevision, ENGAGEMENT, 1)
        assert plan is not None
        plan.controls = {"start": "2026-12-01"}
        engagement = session.find(Engagement, ENGAGEMENT)
        assert engagement is not None
        digest = engagement.release_digest
        session.add(_report(acting.person, digest))
    view = engagement_view(acting, ENGAGEMENT)
    assert view.progress.reports == 0, "a report without a file is not issued"
    with acting.writing() as session:
        session.add(
            ReportFile(
                report_id="p" * 16, format="pdf", digest="d", size=1, pages=1, produced_at=NOW
            )
        )
    view = engagement_view(acting, ENGAGEMENT)
    done = {step.step: step.progress for step in view.steps}
    assert (done["design"], done["coach"]) == ("done", "not-begun")
    later = replace(acting, now=NOW + timedelta(days=20))
    assert {s.step: s.progress for s in engagement_view(later, ENGAGEMENT).steps}["coach"] == (
        "under-way"
    )


def _report(person: str, digest: str) -> Report:
    known = {"id": "p" * 16, "engagement_id": ENGAGEMENT, "version": 1, "plan_number": 1}
    blank = {
        column.name: _blank(column.name)
        for column in Report.__table__.columns
        if not column.nullable and column.default is None and column.name not in known
    }
    blank.update(release_digest=digest, created_by=person, created_at=NOW)
    blank.pop("tenant_id", None)
    return Report(**known, **blank)


def _blank(name: str) -> object:
    if name in ("as_of", "issued_on"):
        return date(2026, 11, 22)
    return {} if name in ("brand", "headline", "changes") else "x"


# -- today ---------------------------------------------------------------------------------------


def test_an_engagement_is_listed_until_it_was_looked_at(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    (line,) = today(acting).lines
    assert line.stale
    assert line.tasks == ()
    assert "findings" in needs(refreshed(acting, ENGAGEMENT))
    (line,) = today(acting).lines
    assert not line.stale
    assert today(acting).counts.by_need["findings"] == 1


def test_a_fresh_engagement_asks_for_a_beginning(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    with installed.acting().writing() as session:
        session.execute(update(Engagement).values(interviewed_on=None))
    assert needs(refreshed(installed.acting("consultant"), ENGAGEMENT)) == ["begin"]


def test_an_interview_is_due_from_the_day_before_until_it_is_held(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    acting = installed.acting("consultant")
    for days, due, overdue in (
        (2, False, False),
        (1, True, False),
        (0, True, False),
        (-3, True, True),
    ):
        day = acting.today + timedelta(days=days)
        with acting.writing() as session:
            session.execute(update(Engagement).values(interviewed_on=day))
        line = refreshed(acting, ENGAGEMENT)
        found = [task for task in line.tasks if task.need == "interview"]
        assert [task.overdue for task in found] == [overdue] * due
        assert today(acting).counts.by_need["interview"] == due


def test_links_that_end_soon_press_and_ended_ones_more(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    invited(installed, ENGAGEMENT, Invited("cook", "Grill", days=10), Invited("cook", "Fry"))
    for days, pressing, overdue in ((0, False, False), (8, True, False), (11, True, True)):
        acting = installed.acting("consultant", now=NOW + timedelta(days=days))
        (people,) = [t for t in refreshed(acting, ENGAGEMENT).tasks if t.need == "people"]
        assert (people.number, people.pressing, people.overdue) == (2, pressing, overdue)


def test_a_plan_and_then_a_report_are_due_once_everything_is_decided(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    assert not {"plan", "report"} & set(needs(refreshed(acting, ENGAGEMENT)))
    decide_everything(installed)
    assert needs(refreshed(acting, ENGAGEMENT)) == ["report"]
    assert today(acting).counts.by_need["report"] == 1
    with acting.writing() as session:
        session.execute(delete(PlanRevision))
        # A statement over many rows goes past the count of changes; a row of its own does not.
        engagement = session.find(Engagement, ENGAGEMENT)
        assert engagement is not None
        engagement.title = "without a plan"
    assert needs(refreshed(acting, ENGAGEMENT)) == ["plan"]


def test_a_report_that_failed_is_news_until_it_is_made(installed: Installed) -> None:
    add_kitchen(installed)
    acting = installed.acting("consultant")
    with acting.writing() as session:
        engagement = session.find(Engagement, ENGAGEMENT)
        assert engagement is not None
        session.add(_report(acting.person, engagement.release_digest))
        session.add(
            Job(
                id="j" * 16,
                kind="report",
                subject="p" * 16,
                input_hash="h",
                state="failed",
                created_at=NOW,
                created_by=acting.person,
                finished_at=NOW - timedelta(days=9),
            )
        )
    assert today(acting).lines[0].tasks[0].need == "failed"
    assert needs(refreshed(acting, ENGAGEMENT))[0] == "failed"
    assert today(installed.acting("colleague")).lines == ()
    with acting.writing() as session:
        session.execute(update(Job).values(state="done", finished_at=NOW))
    assert today(acting).lines[0].tasks[0].need == "issued"
    later = replace(acting, now=NOW + timedelta(days=2))
    assert "issued" not in needs(today(later).lines[0])


def test_everybody_is_told_of_their_own_engagements_alone(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    for who in ("colleague", "viewer"):
        found = today(installed.acting(who))
        assert (found.lines, found.counts.engagements, found.clients) == ((), 0, 0)
    other = today(installed.acting("owner", installed.second))
    assert (other.lines, other.counts.engagements, other.clients) == ((), 0, 0)
    assert today(installed.acting("owner")).counts.engagements == 1


def test_the_day_costs_the_same_queries_for_5_and_for_60_engagements(installed: Installed) -> None:
    acting = installed.acting("owner")
    numbers = []
    for count in (5, 60):
        _kitchens(installed, count)
        with counted(installed.database) as statements:
            found = today(acting)
        assert found.counts.engagements == count
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def _kitchens(installed: Installed, count: int) -> None:
    """Have ``count`` engagements of the one client, without computing anything."""
    if not today(installed.acting()).counts.engagements:
        add_kitchen(installed, answered=False)
    with installed.acting().writing() as session:
        first = session.find(Engagement, ENGAGEMENT)
        assert first is not None
        have = len(session.scalars(select(Engagement.id)).all())
        session.add_all(
            Engagement(
                id=f"{number:016x}",
                client_id=first.client_id,
                title=f"n{number}",
                release_digest=first.release_digest,
                form="full",
                locale="en-GB",
                created_at=NOW,
                created_by=first.created_by,
            )
            for number in range(have, count)
        )
