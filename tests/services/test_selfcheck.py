"""A stranger's self-check: begun with consent, answered, read, printed, handed over, forgotten."""

import hashlib
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from app.forms.answer_input import AnswerInput
from app.services.accounts.branding import BrandWords, change_brand, change_self_check, house_of
from app.services.accounts.throttling import Limit, forget_old_tries
from app.services.answers.saving import Typed
from app.services.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    ThrottledError,
)
from app.services.respondents.consenting import Document, version_of
from app.services.selfcheck import beginning, forgetting
from app.services.selfcheck.answering import begun_under, own_check, save_screen
from app.services.selfcheck.asking import asked_under
from app.services.selfcheck.beginning import LASTS, begin
from app.services.selfcheck.forgetting import DECLINED, WAITING, erase, forget_self_checks
from app.services.selfcheck.leads import decline_lead
from app.services.selfcheck.result import fact_conflicts, own_result
from app.store.rows import Attempt, AuditEvent, ConsentText, Lead, OutgoingMail, SelfCheck
from app.store.scope import INSTALLATION
from tests.accounts import dump
from tests.installations import NOW
from tests.people import Installed
from tests.strangers import (
    ASKING,
    HANDING,
    HEAD,
    NOTICE,
    SLUG,
    Stranger,
    caller,
    load_models_once,
    open_check,
    published,
    stored_answers,
    stranger,
)

DAY = timedelta(days=1)


@pytest.fixture
def house(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """An installation whose first consultancy has its self-check open."""
    load_models_once(monkeypatch)
    open_check(installed)
    return installed


def checks(installed: Installed) -> int:
    with installed.database.reading(INSTALLATION) as session:
        return session.scalar(select(func.count()).select_from(SelfCheck)) or 0


def leads(installed: Installed) -> list[Lead]:
    with installed.database.reading(INSTALLATION) as session:
        return list(session.scalars(select(Lead)))


# -- the switch ------------------------------------------------------------------------------------


def test_nobody_begins_where_the_self_check_is_not_open(installed: Installed) -> None:
    with pytest.raises(NotFoundError):
        stranger(installed)
    open_check(installed)
    begun = stranger(installed)
    change_self_check(installed.acting(), SLUG, is_open=False)
    with pytest.raises(NotFoundError):
        stranger(installed)
    # Whoever has begun goes on.
    assert begun.fill_in().ask()


def test_only_owners_open_it_and_two_consultancies_never_share_an_address(
    house: Installed,
) -> None:
    with pytest.raises(NotAllowedError):
        change_self_check(house.acting("consultant"), "other", is_open=True)
    with pytest.raises(RefusedError) as told:
        open_check(house, SLUG, house.second)
    assert "已经有别的机构" in told.value.fields["slug"]
    assert house_of(house.acting(tenant=house.second)).check_slug == ""


@pytest.mark.parametrize(
    "slug", ["", "ab", "-abc", "abc-", "a b c", "恒石咨询", "a/b", "x" * 41, "..", "abc\n"]
)
def test_an_address_that_is_none_is_refused(installed: Installed, slug: str) -> None:
    if slug == "abc\n":
        change_self_check(installed.acting(), slug, is_open=True)
        assert house_of(installed.acting()).check_slug == "abc"
        return
    with pytest.raises(RefusedError):
        change_self_check(installed.acting(), slug, is_open=True)


# -- beginning -------------------------------------------------------------------------------------


def test_beginning_keeps_the_consent_word_for_word_and_nothing_of_the_person(
    house: Installed,
) -> None:
    begun = stranger(house, address="198.51.100.77")
    with house.database.reading(INSTALLATION) as session:
        row = session.scalars(select(SelfCheck)).one()
        text = session.scalars(select(ConsentText)).one()
        events = session.scalars(
            select(AuditEvent.action).where(AuditEvent.action != "settings.self_check_changed")
        ).all()
    assert row.consent_version == text.digest == version_of(NOTICE)
    assert begun_under(begun.acting()).document == NOTICE
    assert row.expires_at == NOW + LASTS
    assert events == [], "who did a self-check stands in no record"
    kept = dump(house.database)
    assert begun.token not in kept
    assert hashlib.sha256(begun.token.encode()).hexdigest() in kept
    assert "198.51.100.77" not in kept


def test_what_is_agreed_to_is_what_was_on_the_page(house: Installed) -> None:
    changed: Document = {**NOTICE, "en": [("Other", "words.")]}
    with pytest.raises(ConflictError) as told:
        begin(caller(house), SLUG, HEAD, changed, version_of(NOTICE))
    assert told.value.code == "notice-changed"
    assert checks(house) == 0


@pytest.mark.parametrize("role", ["", "customer", "consultant", "automation", "nobody"])
def test_only_people_of_the_enterprise_fill_it_in(house: Installed, role: str) -> None:
    with pytest.raises(RefusedError):
        stranger(house, role=role)
    assert checks(house) == 0


def test_a_hall_behind_one_address_begins_and_a_flood_does_not(
    house: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert beginning.PER_ADDRESS[0].tries >= 200, "200 phones share one address"
    monkeypatch.setattr(beginning, "PER_ADDRESS", (Limit(3, DAY),))
    monkeypatch.setattr(beginning, "PER_HOUSE", (Limit(5, DAY),))
    for _ in range(3):
        stranger(house)
    with pytest.raises(ThrottledError):
        stranger(house)
    # Another address still may, until the consultancy has had its share.
    for _ in range(2):
        stranger(house, address="198.51.100.9")
    with pytest.raises(ThrottledError):
        stranger(house, address="198.51.100.10")
    assert checks(house) == 5
    open_check(house, "guanlan", house.second)
    stranger(house, slug="guanlan", address="198.51.100.11")
    assert stranger(house, now=NOW + 2 * DAY, address="198.51.100.12").token


def test_a_token_opens_one_address_alone_and_only_for_a_while(house: Installed) -> None:
    open_check(house, "guanlan", house.second)
    begun = stranger(house)
    assert begun.is_known()
    assert not Stranger(house.database, house.settings, "guanlan", begun.token).is_known()
    assert not Stranger(house.database, house.settings, SLUG, "zm_made-up").is_known()
    assert begun.is_known(NOW + LASTS - timedelta(seconds=1))
    assert not begun.is_known(NOW + LASTS)


# -- answering -------------------------------------------------------------------------------------


def test_everything_can_be_answered_screen_by_screen(house: Installed) -> None:
    begun = stranger(house)
    acting, said = begun.acting(), published()
    for page in own_check(acting).pages:
        typed = [Typed(each.item.id, AnswerInput(said[each.item.id]), 0) for each in page.posed]
        assert len(save_screen(acting, page.number, typed)) == page.asked
    own = own_check(acting)
    assert (own.done, own.next_open, own.rated) == (28, None, True)
    assert begun.answers() == stored_answers()


def test_it_asks_eighteen_questions_and_ten_facts_in_small_screens(house: Installed) -> None:
    own = own_check(stranger(house).acting())
    assert (own.questions, own.figures, own.done) == (18, 10, 0)
    assert all(len(page.posed) <= 6 for page in own.pages)
    assert own.next_open is own.pages[0]
    assert not own.rated


def test_a_screen_keeps_its_own_items_and_the_last_word_counts(house: Installed) -> None:
    begun = stranger(house)
    acting = begun.acting()
    first = own_check(acting).pages[0].posed[0].item.id
    other = own_check(acting).pages[1].posed[0].item.id
    assert save_screen(acting, 1, [Typed(first, AnswerInput(2), 0)]) == (first,)
    assert save_screen(acting, 1, [Typed(first, AnswerInput(2), 0)]) == ()
    save_screen(acting, 1, [Typed(first, AnswerInput(None, unknown=True), 0)])
    assert begun.answers()[first] == {"kind": "unknown", "value": None}
    save_screen(acting, 1, [Typed(first, AnswerInput(), 0)])
    assert first not in begun.answers()
    with pytest.raises(RefusedError):
        save_screen(acting, 1, [Typed(other, AnswerInput(2), 0)])
    with pytest.raises(NotFoundError):
        save_screen(acting, 99, [])


def test_a_member_is_no_visitor(house: Installed) -> None:
    stranger(house)
    for call in (own_check, own_result, erase):
        with pytest.raises(NotFoundError):
            call(house.acting())


# -- the result ------------------------------------------------------------------------------------


def test_the_result_is_the_reports_own_reading(house: Installed) -> None:
    begun = stranger(house).fill_in()
    found = own_result(begun.acting())
    printed = found.printed
    assert found.level == 2
    assert printed.result.index == f"{float(found.index or 0):.1f}"
    assert printed.result.factor.startswith("SOP体系")
    assert len(printed.result.moves) == 3
    assert printed.result.radar is not None
    assert printed.result.stage is not None
    (stage,) = (step.title for step in found.stages if step.is_now)
    assert stage == "ST1 跑模型"
    assert printed.result.label.startswith("可信度：自评。私域负责人1人答18题")
    english = own_result(begun.acting(locale="en")).printed.result
    assert english.index == printed.result.index
    assert "Self-assessed" in english.headline


def test_the_result_of_a_day_stays_that_of_the_day(house: Installed) -> None:
    begun = stranger(house).fill_in()
    first = own_result(begun.acting()).printed.cover.footer
    assert own_result(begun.acting(NOW + 20 * DAY)).printed.cover.footer == first
    begun.fill_in(NOW + 3 * DAY, stores=Fraction(12))
    assert own_result(begun.acting(NOW + 20 * DAY)).printed.cover.footer != first


def test_without_a_single_answer_there_is_no_result(house: Installed) -> None:
    begun = stranger(house)
    acting = begun.acting()
    first = own_check(acting).pages[0].posed[0].item.id
    for given in (None, AnswerInput(None, unknown=True)):
        if given is not None:
            save_screen(acting, 1, [Typed(first, given, 0)])
        with pytest.raises(ConflictError) as told:
            own_result(acting)
        assert told.value.code == "no-result"
    save_screen(acting, 1, [Typed(first, AnswerInput(3), 0)])
    assert own_result(acting).printed.scores.answers


def test_figures_that_cannot_all_be_true_are_told_with_the_fact(house: Installed) -> None:
    begun = stranger(house).fill_in(stores=Fraction(0))
    with pytest.raises(ConflictError) as told:
        own_result(begun.acting())
    assert told.value.code == "contradictory"
    (conflict,) = fact_conflicts(begun.acting())
    assert conflict.part in ("archetype", "stores")
    (english,) = fact_conflicts(begun.acting(locale="en"))
    assert english.message != conflict.message
    with pytest.raises(ConflictError):
        begun.ask()
    begun.fill_in()
    assert fact_conflicts(begun.acting()) == ()


def test_the_consultancys_brand_is_on_it(house: Installed) -> None:
    begun = stranger(house).fill_in()
    words = BrandWords("衡石增长", "周一鸣", "010-8888 0000", "仅供本人使用", "#1a6b5a")
    change_brand(house.acting(), words)
    cover = own_result(begun.acting()).printed.cover
    assert (cover.consultancy, cover.contact) == ("衡石增长", "010-8888 0000")
    assert cover.running_line == "仅供本人使用"
    house_seen = own_check(begun.acting()).house
    assert house_seen.colours["accent"] == "#1a6b5a"
    assert set(house_seen.colours) == {"accent", "accent-dark", "accent-soft", "accent-pale"}


# -- asking ----------------------------------------------------------------------------------------


def test_asking_keeps_who_asks_with_the_consent_and_tells_the_owners(house: Installed) -> None:
    begun = stranger(house).fill_in()
    lead = begun.ask(NOW + DAY)
    (row,) = leads(house)
    assert (row.id, row.company, row.contact) == (lead, ASKING.company, ASKING.contact)
    assert (row.consent_version, row.asked_at) == (version_of(HANDING), NOW + DAY)
    assert asked_under(begun.acting()).document == HANDING
    result = own_result(begun.acting())
    assert (Fraction(row.index or "0"), row.level) == (result.index, result.level)
    with house.database.reading(INSTALLATION) as session:
        mails = session.scalars(select(OutgoingMail)).all()
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "lead.asked")).one()
    assert [mail.recipient for mail in mails] == ["owner@a.example"]
    told = str([mail.values for mail in mails]) + str(event.detail) + event.actor + event.address
    for word in (ASKING.company, ASKING.person, ASKING.contact, "203.0.113.7"):
        assert word not in told, "neither letters nor the record say who it is"


def test_asking_twice_is_asking_once_and_the_answers_stand_from_then_on(house: Installed) -> None:
    begun = stranger(house).fill_in()
    assert begun.ask() == begun.ask(company="别的公司")
    assert len(leads(house)) == 1
    acting = begun.acting()
    first = own_check(acting).pages[0].posed[0].item.id
    with pytest.raises(ConflictError) as told:
        save_screen(acting, 1, [Typed(first, AnswerInput(5), 0)])
    assert told.value.code == "handed-over"
    assert own_check(acting).handed is not None


@pytest.mark.parametrize("words", [{"company": " "}, {"contact": ""}, {"note": "长" * 501}])
def test_a_request_nobody_could_answer_is_refused(house: Installed, words: dict[str, Any]) -> None:
    begun = stranger(house).fill_in()
    with pytest.raises(RefusedError):
        begun.ask(**words)
    assert leads(house) == []


# -- forgetting ------------------------------------------------------------------------------------


def test_whoever_wants_can_delete_everything_at_once(house: Installed) -> None:
    begun = stranger(house).fill_in()
    begun.ask()
    erase(begun.acting())
    assert not begun.is_known()
    assert (checks(house), leads(house)) == (0, [])
    assert ASKING.contact not in dump(house.database)
    with house.database.reading(INSTALLATION) as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all()
    assert actions[-1] == "lead.withdrawn", "that it was done stays on record, without a name"


@pytest.fixture
def states(house: Installed) -> dict[str, Stranger]:
    """Self-checks in every state: unused, half done, asked, declined."""
    found = {name: stranger(house) for name in ("unused", "answered", "asked", "declined")}
    for name in ("answered", "asked", "declined"):
        found[name].fill_in()
    found["asked"].ask()
    lead = found["declined"].ask(company="不做的公司")
    decline_lead(house.acting("consultant", now=NOW + 10 * DAY), lead, "不在范围内")
    return found


def test_what_nobody_handed_over_goes_after_thirty_days_and_what_was_declined_too(
    house: Installed, states: dict[str, Stranger]
) -> None:
    def swept(now_in_days: int) -> int:
        return forget_self_checks(house.database, house.settings, NOW + now_in_days * DAY)

    assert swept(29) == 0
    assert swept(30) == 2
    assert {row.company for row in leads(house)} == {ASKING.company, "不做的公司"}
    assert swept(10 + DECLINED.days - 1) == 0
    assert swept(10 + DECLINED.days) == 1
    assert [row.company for row in leads(house)] == [ASKING.company]
    assert swept(WAITING.days - 1) == 0
    assert swept(WAITING.days) == 1
    assert (checks(house), leads(house)) == (0, [])
    kept = dump(house.database)
    assert ASKING.contact not in kept
    assert "不做的公司" not in kept


def test_what_a_sweep_saw_too_early_is_looked_at_again(
    house: Installed, states: dict[str, Stranger], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [(house.first.id, one.acting().person) for one in states.values()]
    monkeypatch.setattr(forgetting, "due_checks", lambda *_given: everything)
    assert forget_self_checks(house.database, house.settings, NOW + DAY) == 0
    assert checks(house) == 4


def test_old_tries_are_swept_without_anybody_signing_in(house: Installed) -> None:
    stranger(house)
    forget_old_tries(house.database, NOW + DAY / 2)
    with house.database.reading(INSTALLATION) as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 2
    forget_old_tries(house.database, NOW + 2 * DAY)
    with house.database.reading(INSTALLATION) as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_published_answers_are_whole() -> None:
    assert len(published()) == 28
