"""What a client's contacts see: shared versions, confirmed findings, and the talk about them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.services.diagnosis.deciding import Words, decide
from app.services.engagements.today import today
from app.services.engagements.undertaking import archive_engagement
from app.services.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
)
from app.services.portal.comments import COMMENT_LIMIT, say_of, thread_on, threads_of
from app.services.portal.findings import client_finding, client_findings, comment_as_client
from app.services.portal.home import portal_home
from app.services.portal.plan import client_plan
from app.services.portal.shared import (
    newest_shared,
    section_choice,
    shared_file,
    shared_section,
    shared_with_client,
)
from app.services.portal.sharing import share_report, shared_versions, withdraw_report
from tests.accounts import at, later
from tests.kitchens import rename_client
from tests.portal import BOSS, Clientele, clientele

__all__ = ["clientele"]


def test_nothing_is_seen_before_a_version_is_shared(clientele: Clientele) -> None:
    who = clientele.contact()
    report = clientele.issue()
    assert shared_with_client(who, clientele.engagement) == ()
    assert client_findings(who, clientele.engagement).version is None
    assert client_plan(who, clientele.engagement) is None
    home = portal_home(who, clientele.engagement)
    assert (home.newest, home.lights, home.dates) == (None, (), ())
    for read in (shared_file, section_choice):
        with pytest.raises(NotFoundError):
            read(who, clientele.engagement, report)


def test_a_shared_version_is_read_and_downloaded_and_its_readers_are_told(
    clientele: Clientele,
) -> None:
    who = clientele.contact()
    clientele.contact("store@riverside.example", "store", "Quay")
    before = len(clientele.post.collect())
    report = clientele.share()
    told = clientele.post.collect()[before:]
    assert [mail.to for mail in told] == [BOSS], "a store manager sees no report"
    assert "第1版" in told[0].subject
    (version,) = shared_with_client(who, clientele.engagement)
    assert (version.id, version.version) == (report, 1)
    assert shared_file(who, clientele.engagement, report).path.read_bytes().startswith(b"%PDF")
    choice = section_choice(who, clientele.engagement, report)
    section = shared_section(who, clientele.engagement, report, choice.sections[0][0])
    assert section is not None
    assert "<" in section.html
    with pytest.raises(NotFoundError):
        shared_section(who, clientele.engagement, report, "no-such-section")


def test_sharing_twice_writes_once(clientele: Clientele) -> None:
    clientele.contact()
    report = clientele.issue()
    assert share_report(clientele.consultant(), clientele.engagement, report) == 1
    assert share_report(clientele.consultant(), clientele.engagement, report) is None
    about = [mail for mail in clientele.post.collect() if "第1版" in mail.subject]
    assert len(about) == 1


def test_a_version_taken_back_is_gone_at_once(clientele: Clientele) -> None:
    who = clientele.contact()
    report = clientele.share()
    withdraw_report(clientele.consultant(), clientele.engagement, report)
    assert shared_versions(clientele.consultant(), clientele.engagement) == {}
    assert shared_with_client(who, clientele.engagement) == ()
    with pytest.raises(NotFoundError):
        shared_file(who, clientele.engagement, report)
    assert newest_shared(who, clientele.engagement) is None


def test_only_consultants_of_the_team_share(clientele: Clientele) -> None:
    report = clientele.issue()
    for who, error in (("viewer", NotAllowedError), ("colleague", NotFoundError)):
        with pytest.raises(error):
            share_report(clientele.installed.acting(who), clientele.engagement, report)
    with pytest.raises(NotAllowedError):
        share_report(clientele.contact(), clientele.engagement, report)


def test_a_client_sees_the_confirmed_findings_of_the_shared_version_alone(
    clientele: Clientele,
) -> None:
    who = clientele.contact()
    (first,) = clientele.accept()
    clientele.share()
    found = client_findings(who, clientele.engagement)
    assert [one.rule for one in found.findings] == [first]
    (second,) = clientele.accept()
    rename_client(clientele.installed.acting(), clientele.engagement, "Riverside & Sons")
    assert [one.rule for one in client_findings(who, clientele.engagement).findings] == [first]
    with pytest.raises(NotFoundError):
        client_finding(who, clientele.engagement, second)
    clientele.share()
    found = client_findings(who, clientele.engagement)
    assert found.version == 2
    assert {one.rule for one in found.findings} == {first, second}


def test_a_client_reads_the_consultants_words(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    words = Words("edited", "agreed in the meeting", "Two cooks share one sink", "Add a sink")
    decide(clientele.consultant(), clientele.engagement, rule, words, 1)
    clientele.share()
    page = client_finding(who, clientele.engagement, rule)
    assert page.finding.title == "Two cooks share one sink"
    assert page.card.recommend == "Add a sink"


def test_store_managers_see_neither_report_nor_findings_nor_plan(clientele: Clientele) -> None:
    (rule,) = clientele.accept()
    report = clientele.share()
    who = clientele.contact("store@riverside.example", "store", "Quay")
    engagement = clientele.engagement
    for refused in (
        lambda: shared_with_client(who, engagement),
        lambda: shared_file(who, engagement, report),
        lambda: section_choice(who, engagement, report),
        lambda: client_findings(who, engagement),
        lambda: client_finding(who, engagement, rule),
        lambda: client_plan(who, engagement),
        lambda: thread_on(who, engagement, rule),
        lambda: comment_as_client(who, engagement, rule, "?"),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert portal_home(who, engagement).newest is None


# -- talk ----------------------------------------------------------------------------------------


def test_a_comment_is_answered_and_both_sides_are_told(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    clientele.share()
    before = len(clientele.post.collect())
    comment_as_client(who, clientele.engagement, rule, " 我们上周已经改了 ")
    (thread,) = threads_of(clientele.consultant(), clientele.engagement)
    assert thread.waits
    assert _asked_today(clientele, "consultant") == [1]
    assert _asked_today(clientele, "colleague") == []
    say_of(clientele.consultant(), clientele.engagement, rule, "好，下次去看")
    said = thread_on(who, clientele.engagement, rule)
    assert [(one.ours, one.said) for one in said] == [
        (False, "我们上周已经改了"),
        (True, "好，下次去看"),
    ]
    (thread,) = threads_of(clientele.consultant(), clientele.engagement)
    assert not thread.waits
    assert _asked_today(clientele, "consultant") == []
    consultant = clientele.installed.first.people["consultant"].email
    told = clientele.post.collect()[before:]
    assert {mail.to for mail in told} == {consultant, BOSS}
    assert len(told) == 2


def _asked_today(clientele: Clientele, who: str) -> list[int]:
    """Return on how many findings clients wait for an answer, by engagement of the day's list."""
    lines = today(clientele.installed.acting(who)).lines
    return [task.number for line in lines for task in line.tasks if task.need == "comments"]


def test_a_person_gets_one_letter_a_day_and_none_is_lost(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    clientele.share()
    before = len(clientele.post.collect())
    for hour in range(6):
        said = f"comment {hour}"
        comment_as_client(at(who, later(hours=hour)), clientele.engagement, rule, said)
    assert len(clientele.post.collect(later(hours=6))) == before + 1
    assert len(clientele.post.collect(later(hours=23))) == before + 1
    assert len(clientele.post.collect(later(hours=24))) == before + 2
    assert len(clientele.post.collect(later(days=9))) == before + 2


def test_the_same_words_sent_twice_are_one_comment(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    clientele.share()
    for moment in (who.now, who.now + timedelta(seconds=1)):
        comment_as_client(replace(who, now=moment), clientele.engagement, rule, "twice")
    assert len(thread_on(who, clientele.engagement, rule)) == 1


def test_empty_and_endless_comments_are_refused(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    clientele.share()
    for said in ("  ", "x" * (COMMENT_LIMIT + 1)):
        with pytest.raises(RefusedError):
            comment_as_client(who, clientele.engagement, rule, said)
    assert thread_on(who, clientele.engagement, rule) == ()


def test_nobody_comments_on_what_is_not_shared_or_put_away(clientele: Clientele) -> None:
    who = clientele.contact()
    (rule,) = clientele.accept()
    with pytest.raises(NotFoundError):
        comment_as_client(who, clientele.engagement, rule, "early")
    clientele.share()
    with pytest.raises(NotFoundError):
        comment_as_client(who, clientele.engagement, "no-such-rule", "?")
    archive_engagement(clientele.consultant(), clientele.engagement, archived=True)
    with pytest.raises(ConflictError):
        comment_as_client(who, clientele.engagement, rule, "late")


def test_viewers_do_not_answer(clientele: Clientele) -> None:
    (rule,) = clientele.accept()
    with pytest.raises(NotAllowedError):
        say_of(clientele.installed.acting("viewer"), clientele.engagement, rule, "no")
