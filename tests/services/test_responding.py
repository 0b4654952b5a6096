"""A respondent's answers: taken after consent, kept apart from everybody else's, never lost."""

import shutil
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.response import AnswerValue
from app.forms.answer_input import AnswerInput
from app.services.accounts.sessions import resume_respondent
from app.services.acting import Acting
from app.services.answers.answering import Given, save_answer
from app.services.answers.saving import Typed
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.releases import frozen
from app.services.respondents.consenting import (
    Document,
    agree,
    agreed_text,
    titles_in,
    version_of,
    withdraw,
)
from app.services.respondents.entering import MOST_DEVICES, enter, leave, opens
from app.services.respondents.responding import open_questionnaire, save_page
from app.store.answers import history_of
from app.store.record import FIRST
from app.store.releases import keep_release
from app.store.respondents import open_devices
from app.store.rows import ConsentText, Engagement
from tests.installations import NOW
from tests.kitchens import KITCHEN
from tests.people import Installed
from tests.respondents import DOCUMENT, Company, company, consented, events, saved, standing
from tests.workspace import counted


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def typed(item: str, value: AnswerValue | None, base: int = 0, **more: str) -> Typed:
    return Typed(item, AnswerInput(value=value, **more), base)  # type: ignore[arg-type] # words


# -- the link -------------------------------------------------------------------------------------


def test_a_link_opens_until_it_is_withdrawn_over_replaced_or_its_project_put_away(
    kitchen: Company,
) -> None:
    good, withdrawn, over, replaced = (kitchen.invite(label=name) for name in "abcd")
    tokens = [kitchen.token(name) for name in (good, withdrawn, over, replaced)]
    kitchen.change(withdrawn, revoked_at=NOW)
    kitchen.change(over, expires_at=NOW)
    kitchen.reissue(replaced)
    assert [opens(kitchen.caller(), token) for token in tokens] == [True, False, False, False]
    assert opens(kitchen.caller(), kitchen.token(replaced, 2))
    for token in (*tokens[1:], "zm_nothing", ""):
        with pytest.raises(NotFoundError):
            enter(kitchen.caller(), token)
    kitchen.put_away()
    assert not opens(kitchen.caller(), tokens[0])
    with pytest.raises(NotFoundError):
        enter(kitchen.caller(), tokens[0])


def test_every_dead_link_costs_the_same_queries_as_a_live_one(kitchen: Company) -> None:
    good, withdrawn, over = (kitchen.invite(label=name) for name in "abc")
    kitchen.change(withdrawn, revoked_at=NOW)
    kitchen.change(over, expires_at=NOW)
    asked = []
    for token in (*map(kitchen.token, (good, withdrawn, over)), "zm_mistyped", ""):
        with counted(kitchen.installed.database) as statements:
            opens(kitchen.caller(), token)
        asked.append([text for text in statements if "invitation" in text])
    assert len(asked[0]) == 1
    assert all(each == asked[0] for each in asked)


def test_opening_is_noted_once_and_only_when_the_link_is_exchanged(kitchen: Company) -> None:
    invitation = kitchen.invite()
    for _ in range(20):
        assert opens(kitchen.caller(), kitchen.token(invitation))
    assert kitchen.row(invitation).opened_at is None
    enter(kitchen.caller(), kitchen.token(invitation))
    enter(kitchen.caller(NOW + timedelta(hours=1)), kitchen.token(invitation))
    assert kitchen.row(invitation).opened_at == NOW
    assert [event.action for event in events(kitchen, "invitation.opened")] == ["invitation.opened"]


def test_a_device_goes_on_without_the_link_until_the_link_is_replaced(kitchen: Company) -> None:
    invitation = kitchen.invite()
    device = enter(kitchen.caller(), kitchen.token(invitation))

    def resumed() -> bool:
        found = resume_respondent(
            kitchen.installed.database, kitchen.installed.settings, device, NOW, "", "en"
        )
        return found is not None

    assert resumed()
    kitchen.reissue(invitation)
    assert not resumed()


def test_a_browser_that_opens_another_link_lets_go_of_the_first(kitchen: Company) -> None:
    first, second = kitchen.invite(label="a"), kitchen.invite(label="b")
    device = enter(kitchen.caller(), kitchen.token(first))
    with pytest.raises(NotFoundError):
        enter(kitchen.caller(), "zm_dead", brought=device)
    assert devices(kitchen, first) == 1
    other = enter(kitchen.caller(), kitchen.token(second), brought=device)
    assert (devices(kitchen, first), devices(kitchen, second)) == (0, 1)
    leave(kitchen.caller(), other)
    assert devices(kitchen, second) == 0


def test_only_so_many_devices_stay_open_the_oldest_makes_room(kitchen: Company) -> None:
    invitation = kitchen.invite()
    opened = [
        enter(kitchen.caller(NOW + timedelta(minutes=minute)), kitchen.token(invitation))
        for minute in range(MOST_DEVICES + 1)
    ]
    assert devices(kitchen, invitation) == MOST_DEVICES
    database, settings = kitchen.installed.database, kitchen.installed.settings
    assert resume_respondent(database, settings, opened[0], NOW, "", "en") is None
    assert resume_respondent(database, settings, opened[1], NOW, "", "en") is not None


def devices(kitchen: Company, invitation: str) -> int:
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        return len(open_devices(session, invitation))


# -- consent --------------------------------------------------------------------------------------


def test_without_consent_no_answer_is_taken(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = kitchen.respondent(invitation)
    assert open_questionnaire(who).state == "new"
    with pytest.raises(ConflictError) as refused:
        save_page(who, 1, [typed("cold-chain", 2)], "f" * 24)
    assert refused.value.code == "consent"
    assert kitchen.response(invitation) is None


def test_consent_keeps_the_text_its_version_and_the_time_before_the_first_question(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite("cook", "晚班")
    who = kitchen.respondent(invitation)
    agree(who, DOCUMENT, version_of(DOCUMENT))
    row = kitchen.response(invitation)
    assert row is not None
    assert (row.consented_at, row.consent_version) == (NOW, version_of(DOCUMENT))
    assert (row.kind, row.role, row.label, row.saved_at) == ("self", "cook", "晚班", None)
    agreed = agreed_text(who)
    assert agreed is not None
    assert version_of(agreed.document) == agreed.version
    assert agreed.document == DOCUMENT
    (event,) = events(kitchen, "response.consented")
    assert event.detail == {"version": version_of(DOCUMENT)}
    assert event.previous != FIRST


def test_a_changed_text_has_to_be_read_again(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = kitchen.respondent(invitation)
    newer: Document = {**DOCUMENT, "en": [("Who asks", "Somebody else")]}
    assert version_of(newer) != version_of(DOCUMENT)
    with pytest.raises(ConflictError) as refused:
        agree(who, newer, version_of(DOCUMENT))
    assert refused.value.code == "notice-changed"
    assert kitchen.response(invitation) is None


def test_agreeing_twice_is_agreeing_once(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    later = replace(who, now=NOW + timedelta(hours=1))
    agree(later, DOCUMENT, version_of(DOCUMENT))
    row = kitchen.response(invitation)
    assert row is not None
    assert row.consented_at == NOW
    assert len(events(kitchen, "response.consented")) == 1


def test_the_titles_of_the_notice_come_in_the_language_there_is(kitchen: Company) -> None:
    who = kitchen.respondent(kitchen.invite())
    assert titles_in(who, ["zh-Hans", "en"])["zh-Hans"].role == "Head chef"


def test_consent_withdrawn_keeps_everything_and_takes_no_more(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, 1, "cold-chain", 2)
    withdraw(who)
    withdraw(who)
    assert open_questionnaire(who).state == "withdrawn"
    with pytest.raises(ConflictError) as refused:
        saved(who, 1, "cold-chain", 3, base=1)
    assert refused.value.code == "withdrawn"
    row = kitchen.response(invitation)
    assert row is not None
    assert row.withdrawn_at == NOW
    assert row.consent_version == version_of(DOCUMENT)
    assert standing(kitchen, row.id) == {"cold-chain": 2}
    assert len(events(kitchen, "response.withdrawn")) == 1


def test_who_agrees_again_goes_on_where_they_stopped(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, 1, "cold-chain", 2)
    withdraw(who)
    agree(who, DOCUMENT, version_of(DOCUMENT))
    found = open_questionnaire(who)
    assert (found.state, found.done) == ("answering", 1)
    saved(who, 1, "cold-chain", 3, base=1)


def test_withdrawing_before_agreeing_changes_nothing(kitchen: Company) -> None:
    invitation = kitchen.invite()
    withdraw(kitchen.respondent(invitation))
    assert kitchen.response(invitation) is None
    assert events(kitchen, "response.withdrawn") == []


# -- answers --------------------------------------------------------------------------------------


def test_a_role_is_asked_what_it_can_answer_and_its_figures_last(kitchen: Company) -> None:
    chef = open_questionnaire(kitchen.respondent(kitchen.invite("chef")))
    assert [len(page.posed) for page in chef.pages] == [5, 2, 3]
    assert [each.item.id for each in chef.pages[-1].posed] == [
        "food-handlers",
        "trained-handlers",
        "allergens",
    ]
    cook = open_questionnaire(kitchen.respondent(kitchen.invite("cook")))
    assert [each.item.id for page in cook.pages for each in page.posed] == [
        "raw-and-ready",
        "cold-chain",
        "breaches-seen",
        "worst-shift",
    ]
    assert (cook.figures, cook.asked, cook.front) == (0, 4, True)


def test_a_page_takes_only_what_it_asks(kitchen: Company) -> None:
    invitation = kitchen.invite("cook")
    who = consented(kitchen, invitation)
    for item in ("tasks-signed", "food-handlers", "worst-shift", "no-such-item"):
        with pytest.raises(RefusedError):
            save_page(who, 1, [typed("raw-and-ready", 1), typed(item, None)], "f" * 24)
    with pytest.raises(NotFoundError):
        save_page(who, 3, [], "f" * 24)
    row = kitchen.response(invitation)
    assert row is not None
    assert standing(kitchen, row.id) == {}


def test_a_stale_save_overwrites_nothing_and_both_answers_stay_on_record(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    one = consented(kitchen, invitation)
    two = kitchen.respondent(invitation)
    saved(one, 1, "cold-chain", 2)
    kept = save_page(two, 1, [typed("cold-chain", 4)], "b" * 24)
    assert kept.saved == ()
    assert (kept.overtaken["cold-chain"].value, kept.overtaken["cold-chain"].revision) == (2, 1)
    row = kitchen.response(invitation)
    assert row is not None
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        log = [(one.value, one.standing) for one in history_of(session, row.id)]
    assert log == [(2, True), (4, False)]
    assert standing(kitchen, row.id) == {"cold-chain": 2}


def test_what_is_sent_unchanged_is_not_saved_again_whatever_others_did(kitchen: Company) -> None:
    invitation = kitchen.invite()
    one = consented(kitchen, invitation)
    saved(one, 1, "cold-chain", 2)
    saved(kitchen.respondent(invitation), 1, "cold-chain", 4, base=1, key="b" * 24)
    # The first phone still shows 2 and sends its page with another answer filled in.
    page = [typed("cold-chain", 2, base=1), typed("probe-calibrated", True)]
    kept = save_page(one, 1, page, "c" * 24)
    assert (kept.saved, kept.overtaken) == (("probe-calibrated",), {})
    row = kitchen.response(invitation)
    assert row is not None
    assert standing(kitchen, row.id)["cold-chain"] == 4


def test_the_same_page_sent_again_is_saved_once(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    page = [typed("cold-chain", 2), typed("checks-on-time", Fraction(80), note="周报")]
    kept = [save_page(who, 1, page, "a" * 24) for _ in range(3)]
    assert all(each == kept[0] for each in kept)
    assert set(kept[0].saved) == {"cold-chain", "checks-on-time"}
    row = kitchen.response(invitation)
    assert row is not None
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        assert [one.revision for one in history_of(session, row.id)] == [1, 1]


def test_the_same_page_sent_again_with_a_change_goes_on_top_of_itself(kitchen: Company) -> None:
    """Somebody presses "back" to a page the browser has kept, changes a mind, sends again."""
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    for level in (2, 3, 3):
        kept = save_page(who, 1, [typed("cold-chain", level)], "a" * 24)
        assert kept.overtaken == {}
    row = kitchen.response(invitation)
    assert row is not None
    assert standing(kitchen, row.id) == {"cold-chain": 3}
    # A late copy of the first sending must not pass for a newer wish.
    late = save_page(who, 1, [typed("cold-chain", 2)], "a" * 24)
    assert late.overtaken["cold-chain"].value == 3
    assert standing(kitchen, row.id) == {"cold-chain": 3}


def test_an_answer_can_be_taken_back(kitchen: Company) -> None:
    invitation = kitchen.invite()
    who = consented(kitchen, invitation)
    saved(who, 1, "cold-chain", 2)
    assert open_questionnaire(who).done == 1
    save_page(who, 1, [typed("cold-chain", None, base=1)], "b" * 24)
    assert open_questionnaire(who).done == 0


def test_nobody_writes_into_the_answers_of_another_link(kitchen: Company) -> None:
    own, other = kitchen.invite(label="a"), kitchen.invite(label="b")
    who = consented(kitchen, own)
    consented(kitchen, other)
    theirs = kitchen.response(other)
    assert theirs is not None
    with pytest.raises(NotFoundError):
        save_answer(who, theirs.id, Given("cold-chain", "given", 1), 0, "k" * 8)
    assert standing(kitchen, theirs.id) == {}


def test_a_member_is_no_respondent(kitchen: Company) -> None:
    with pytest.raises(NotFoundError):
        open_questionnaire(kitchen.acting())
    invitation = kitchen.invite()
    as_member = replace(kitchen.acting("owner"), person=invitation)
    with pytest.raises(NotFoundError):
        open_questionnaire(as_member)


def test_what_is_asked_is_frozen_when_the_answers_are_begun(
    kitchen: Company, tmp_path: Path
) -> None:
    invitation, late = kitchen.invite(label="a"), kitchen.invite(label="b")
    who = consented(kitchen, invitation)
    newer = tmp_path / "newer"
    shutil.copytree(KITCHEN, newer)
    (bench,) = (
        path for path in newer.rglob("*.yaml") if "cold stores watched?" in path.read_text()
    )
    bench.write_text(bench.read_text().replace("How are the cold stores watched?", "Watched?"))
    release = frozen(newer)
    with kitchen.installed.database.writing(None) as session:
        keep_release(session, release.digest, release.model, "2", release.archive, NOW)
    with kitchen.installed.database.writing(kitchen.tenant.id) as session:
        engagement = session.find(Engagement, kitchen.engagement)
        assert engagement is not None
        engagement.release_digest = release.digest

    def first_question(acting: Acting) -> str:
        item = open_questionnaire(acting).pages[0].posed[0].item
        return getattr(item, "text", "")

    assert first_question(who) == "How are the cold stores watched?"
    assert first_question(kitchen.respondent(late)) == "Watched?"


def test_two_links_of_one_name_both_lead_to_answers_of_their_own(kitchen: Company) -> None:
    """A link withdrawn unused makes room for another; replaced later, it must still open."""
    first = kitchen.invite(label="晚班")
    kitchen.change(first, revoked_at=NOW)
    second = kitchen.invite(label="晚班")
    kitchen.change(first, revoked_at=None)
    for invitation in (first, second):
        consented(kitchen, invitation)
    labels = [row.label for row in map(kitchen.response, (first, second)) if row is not None]
    assert labels == ["晚班", "晚班 2"]


def test_the_text_agreed_to_is_kept_once_for_everybody(kitchen: Company) -> None:
    for name in "abc":
        consented(kitchen, kitchen.invite(label=name))
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        kept = session.find(ConsentText, version_of(DOCUMENT))
    assert kept is not None
    assert kept.document == {"zh-Hans": [["谁在问", "我们"]], "en": [["Who asks", "We do"]]}
