"""The way into the portal: invited, written to, let in once, shut out."""

from datetime import timedelta

import pytest

from app.services.errors import NotAllowedError, NotFoundError, RefusedError, ThrottledError
from app.services.portal.contacts import ContactWords, contact_list, invite_contact, shut_out
from app.services.portal.entering import LASTS, ask_link, enter_portal, opens_portal
from app.services.portal.sessions import IDLE, LONGEST, leave_portal
from app.services.portal.shared import engagements_shared, portal_frame
from tests.accounts import caller, dump, later
from tests.installations import NOW
from tests.kitchens import add_kitchen
from tests.portal import BOSS, Clientele, clientele

__all__ = ["clientele"]

OTHER = "f" * 16


def test_an_invited_contact_enters_and_sees_the_engagement(clientele: Clientele) -> None:
    who = clientele.contact()
    assert [one.id for one in engagements_shared(who)] == [clientele.engagement]
    assert portal_frame(who, clientele.engagement).client == "Riverside Kitchen"


def test_a_link_lets_in_once(clientele: Clientele) -> None:
    clientele.invite()
    _path, token = clientele.post.newest_link()
    knocking = caller(clientele.installed)
    assert all(opens_portal(knocking, token) for _look in range(20))
    assert clientele.who(enter_portal(knocking, token)) is not None
    assert not opens_portal(knocking, token)
    with pytest.raises(NotFoundError):
        enter_portal(knocking, token)


def test_a_link_asked_for_works_for_half_an_hour(clientele: Clientele) -> None:
    clientele.contact()
    ask_link(caller(clientele.installed), f" {BOSS.upper()} ")
    _path, token = clientele.post.newest_link()
    over = NOW + LASTS
    assert opens_portal(caller(clientele.installed, over - timedelta(seconds=1)), token)
    with pytest.raises(NotFoundError):
        enter_portal(caller(clientele.installed, over), token)


def test_the_link_of_an_invitation_works_for_a_week(clientele: Clientele) -> None:
    clientele.invite()
    _path, token = clientele.post.newest_link()
    assert opens_portal(caller(clientele.installed, later(days=6)), token)
    assert not opens_portal(caller(clientele.installed, later(days=7)), token)


def test_an_unknown_address_is_answered_like_a_known_one_and_gets_nothing(
    clientele: Clientele,
) -> None:
    ask_link(caller(clientele.installed), "nobody@riverside.example")
    assert clientele.post.collect() == []


def test_the_sixth_link_within_an_hour_is_refused_known_or_not(clientele: Clientele) -> None:
    clientele.invite()
    for email in (BOSS, "nobody@riverside.example"):
        for _time in range(5):
            ask_link(caller(clientele.installed), email)
        with pytest.raises(ThrottledError):
            ask_link(caller(clientele.installed), email)
        ask_link(caller(clientele.installed, later(hours=1, seconds=1)), email)


def test_somebody_of_two_consultancies_gets_a_link_to_each(clientele: Clientele) -> None:
    installed = clientele.installed
    theirs = add_kitchen(installed, tenant=installed.second, engagement=OTHER)
    clientele.invite()
    words = ContactWords("周老板", BOSS, "boss")
    invite_contact(installed.acting("consultant", installed.second), theirs, words)
    before = len(clientele.post.collect())
    ask_link(caller(installed), BOSS)
    sent = clientele.post.collect()[before:]
    assert sorted(mail.to for mail in sent) == [BOSS, BOSS]
    opened = []
    for mail in sent:
        clientele.post.taken = [mail]
        found = clientele.who(clientele.enter())
        assert found is not None
        opened += [one.id for one in engagements_shared(found.acting)]
    assert sorted(opened) == sorted([clientele.engagement, theirs])


def test_no_table_holds_a_live_secret(clientele: Clientele) -> None:
    clientele.invite()
    _path, link = clientele.post.newest_link()
    device = clientele.enter()
    kept = dump(clientele.installed.database)
    assert link not in kept
    assert device not in kept


def test_a_device_ends_when_idle_when_old_and_when_left(clientele: Clientele) -> None:
    clientele.invite()
    device = clientele.enter()
    assert clientele.who(device, NOW + IDLE) is not None
    assert clientele.who(device, NOW + 2 * IDLE) is not None, "coming by keeps it open"
    assert clientele.who(device, NOW + LONGEST + timedelta(seconds=1)) is None
    found = clientele.who(device)
    assert found is not None
    leave_portal(found.acting, found.device)
    assert clientele.who(device) is None


def test_entering_anew_ends_the_session_the_browser_brought(clientele: Clientele) -> None:
    clientele.invite()
    first = clientele.enter()
    ask_link(caller(clientele.installed), BOSS)
    second = clientele.enter(brought=first)
    assert clientele.who(first) is None
    assert clientele.who(second) is not None


def test_a_contact_who_is_shut_out_is_out_with_the_next_request(clientele: Clientele) -> None:
    contact = clientele.invite()
    device = clientele.enter()
    ask_link(caller(clientele.installed), BOSS)
    _path, link = clientele.post.newest_link()
    shut_out(clientele.consultant(), clientele.engagement, contact)
    assert clientele.who(device) is None
    assert not opens_portal(caller(clientele.installed), link)
    before = len(clientele.post.collect())
    ask_link(caller(clientele.installed), BOSS)
    assert len(clientele.post.collect()) == before
    (line,) = contact_list(clientele.consultant(), clientele.engagement)
    assert line.revoked_at == NOW


def test_inviting_again_lets_back_in_by_a_new_link_alone(clientele: Clientele) -> None:
    contact = clientele.invite()
    device = clientele.enter()
    shut_out(clientele.consultant(), clientele.engagement, contact)
    assert clientele.invite() == contact
    assert clientele.who(device) is None
    assert clientele.who(clientele.enter()) is not None


def test_a_contact_sees_no_engagement_it_was_not_let_into(clientele: Clientele) -> None:
    other = add_kitchen(clientele.installed, engagement=OTHER, name="Hillside")
    who = clientele.contact()
    assert [one.id for one in engagements_shared(who)] == [clientele.engagement]
    with pytest.raises(NotFoundError):
        portal_frame(who, other)


def test_another_role_signs_the_contact_out(clientele: Clientele) -> None:
    clientele.invite()
    device = clientele.enter()
    clientele.invite(role="store", store="人民路店")
    assert clientele.who(device) is None


def test_a_store_manager_needs_a_store(clientele: Clientele) -> None:
    with pytest.raises(RefusedError) as refusal:
        clientele.invite(role="store")
    assert list(refusal.value.fields) == ["store"]


def test_viewers_and_strangers_invite_nobody(clientele: Clientele) -> None:
    words = ContactWords("周老板", BOSS, "boss")
    with pytest.raises(NotAllowedError):
        invite_contact(clientele.installed.acting("viewer"), clientele.engagement, words)
    with pytest.raises(NotFoundError):
        invite_contact(clientele.installed.acting("colleague"), clientele.engagement, words)
    assert clientele.post.collect() == []
