"""Owners, members and invitations to become one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.services.accounts import passwords
from app.services.accounts.founding import (
    Founding,
    first_owner_link,
    found_consultancy,
    may_found,
)
from app.services.accounts.joining import (
    Acceptance,
    accept,
    invite,
    invite_again,
    offer_of,
    revoke_joining,
)
from app.services.accounts.members import change_role, disable, enable, roster
from app.services.accounts.signing_in import sign_in
from app.services.acting import MemberRole
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.settings import Settings
from tests.accounts import (
    OTHER,
    PASSWORD,
    Postbox,
    caller,
    dump,
    give_password,
    later,
    signed_in,
    who_is,
)
from tests.installations import NOW
from tests.people import Installed

ACCEPTANCE = Acceptance("新同事", PASSWORD, "zh-Hans", "Asia/Shanghai")
FOUNDING = Founding("远山咨询", "陆远", "Lu@Far.example", PASSWORD, "zh-Hans", "Asia/Shanghai")


def newcomer(installed: Installed, role: MemberRole = "consultant") -> tuple[str, str]:
    """Invite somebody; return the invitation's id and the token from the mail."""
    found = invite(installed.acting(), "New@A.example", "新同事", role)
    return found, Postbox(installed).newest_link()[1]


def test_who_accepts_an_invitation_is_a_member_with_the_role_offered(installed: Installed) -> None:
    _joining, token = newcomer(installed, "viewer")
    offer = offer_of(caller(installed), token)
    assert offer is not None
    assert (offer.email, offer.consultancy) == ("new@a.example", "衡石咨询")
    found = who_is(installed, accept(caller(installed), token, ACCEPTANCE))
    assert found is not None
    assert found.acting.role == "viewer"
    assert sign_in(caller(installed), "new@a.example", PASSWORD)
    assert "新同事" in [line.name for line in roster(installed.acting()).members]
    assert not roster(installed.acting()).joinings


def test_an_invitation_is_accepted_once(installed: Installed) -> None:
    _joining, token = newcomer(installed)
    accept(caller(installed), token, ACCEPTANCE)
    assert offer_of(caller(installed), token) is None
    with pytest.raises(NotFoundError):
        accept(caller(installed), token, ACCEPTANCE)


def test_an_invitation_ends_after_seven_days(installed: Installed) -> None:
    _joining, token = newcomer(installed)
    assert offer_of(caller(installed, later(days=6, hours=23)), token) is not None
    assert offer_of(caller(installed, later(days=7)), token) is None


def test_a_revoked_invitation_opens_nothing(installed: Installed) -> None:
    joining, token = newcomer(installed)
    revoke_joining(installed.acting(), joining)
    assert offer_of(caller(installed), token) is None
    with pytest.raises(NotFoundError):
        accept(caller(installed), token, ACCEPTANCE)


def test_a_new_link_makes_the_old_one_void(installed: Installed) -> None:
    joining, old = newcomer(installed)
    invite_again(installed.acting(now=later(days=8)), joining)
    post = Postbox(installed)
    new = post.newest_link(later(days=8))[1]
    assert new != old
    assert offer_of(caller(installed, later(days=8)), old) is None
    assert offer_of(caller(installed, later(days=14)), new) is not None


def test_a_link_can_be_shown_again_also_after_a_change_of_key(installed: Installed) -> None:
    _joining, token = newcomer(installed)
    (line,) = roster(installed.acting()).joinings
    assert line.link is not None
    assert line.link.endswith(token)
    settings = Settings(
        data=installed.settings.data,
        secret_key="another key that only tests use, longer",
        old_secret_keys=(installed.settings.key,),
    )
    (line,) = roster(replace(installed.acting(), settings=settings)).joinings
    assert line.link is not None
    assert line.link.endswith(token)


def test_an_invitation_revoked_while_it_is_being_accepted_is_not_accepted(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    joining, token = newcomer(installed)
    hashed = passwords.hashed

    def while_hashing(password: str) -> str:
        revoke_joining(installed.acting(), joining)
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", while_hashing)
    with pytest.raises(NotFoundError):
        accept(caller(installed), token, ACCEPTANCE)
    assert len(roster(installed.acting()).members) == 4


def test_members_and_people_invited_already_are_not_invited(installed: Installed) -> None:
    newcomer(installed)
    for email in ("viewer@a.example", "new@a.example"):
        with pytest.raises(RefusedError) as refused:
            invite(installed.acting(), email, "谁", "viewer")
        assert set(refused.value.fields) == {"email"}


def test_an_address_with_an_account_elsewhere_cannot_be_taken(installed: Installed) -> None:
    invite(installed.acting(), "owner@b.example", "别家", "owner")
    token = Postbox(installed).newest_link()[1]
    with pytest.raises(RefusedError):
        accept(caller(installed), token, ACCEPTANCE)
    assert len(roster(installed.acting()).members) == 4
    assert offer_of(caller(installed), token) is not None


def test_another_consultancys_invitations_and_members_do_not_exist(installed: Installed) -> None:
    joining, _token = newcomer(installed)
    stranger = installed.acting(tenant=installed.second)
    member = installed.first.people["viewer"].id
    with pytest.raises(NotFoundError):
        revoke_joining(stranger, joining)
    with pytest.raises(NotFoundError):
        invite_again(stranger, joining)
    for change in (disable, enable):
        with pytest.raises(NotFoundError):
            change(stranger, member)
    with pytest.raises(NotFoundError):
        change_role(stranger, member, "owner")


@pytest.mark.parametrize("who", ["consultant", "viewer"])
def test_only_owners_manage_members(installed: Installed, who: str) -> None:
    acting = installed.acting(who)
    with pytest.raises(NotAllowedError):
        invite(acting, "x@a.example", "谁", "owner")
    with pytest.raises(NotAllowedError):
        change_role(acting, acting.person, "owner")
    with pytest.raises(NotAllowedError):
        roster(acting)


def test_a_lowered_role_holds_from_the_next_request_on(installed: Installed) -> None:
    _acting, _device, token = signed_in(installed, "consultant")
    change_role(installed.acting(), installed.first.people["consultant"].id, "viewer")
    found = who_is(installed, token)
    assert found is not None
    assert found.acting.role == "viewer"
    with pytest.raises(NotAllowedError):
        found.acting.must_write()


def test_a_disabled_member_is_out_at_once_and_old_sessions_stay_dead(installed: Installed) -> None:
    give_password(installed, "consultant")
    person = installed.first.people["consultant"]
    _acting, _device, token = signed_in(installed, "consultant")
    disable(installed.acting(), person.id)
    assert who_is(installed, token) is None
    enable(installed.acting(), person.id)
    assert who_is(installed, token) is None
    assert sign_in(caller(installed), person.email, PASSWORD)


def test_the_last_owner_stays(installed: Installed) -> None:
    owner = installed.first.people["owner"].id
    with pytest.raises(ConflictError):
        change_role(installed.acting(), owner, "consultant")
    with pytest.raises(ConflictError):
        disable(installed.acting(), owner)
    deputy = installed.first.people["consultant"].id
    change_role(installed.acting(), deputy, "owner")
    disable(installed.acting(), deputy)
    with pytest.raises(ConflictError):
        change_role(installed.acting(), owner, "viewer")
    enable(installed.acting(), deputy)
    change_role(installed.acting(), owner, "viewer")


def test_two_owners_cannot_both_step_down_at_once(installed: Installed) -> None:
    people = [installed.first.people["owner"].id, installed.first.people["consultant"].id]
    change_role(installed.acting(), people[1], "owner")

    def step_down(member: str) -> bool:
        try:
            change_role(installed.acting(), member, "viewer")
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, people)) == [False, True]


def owner_token(installed: Installed) -> str:
    """Return the token of a fresh link for the first owner."""
    link = first_owner_link(installed.database, installed.settings, NOW)
    assert link is not None
    return link.rsplit("/", 1)[1]


@pytest.fixture
def blank(installed: Installed) -> Installed:
    """An installation nobody has founded anything in yet."""
    with installed.database.engine.begin() as connection:
        for table in ("audit_event", "member", "consultancy"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return installed


def test_the_first_owner_founds_the_consultancy_and_is_signed_in(blank: Installed) -> None:
    token = owner_token(blank)
    found = who_is(blank, found_consultancy(caller(blank), token, FOUNDING))
    assert found is not None
    assert (found.acting.role, found.consultancy) == ("owner", "远山咨询")
    assert found.email == "lu@far.example"
    assert sign_in(caller(blank), "lu@far.example", PASSWORD)
    assert first_owner_link(blank.database, blank.settings, NOW) is None
    assert not may_found(caller(blank), token)
    with pytest.raises(NotFoundError):
        found_consultancy(caller(blank), token, FOUNDING)


def test_a_link_printed_again_makes_the_earlier_one_void(blank: Installed) -> None:
    old = owner_token(blank)
    link = first_owner_link(blank.database, blank.settings, later(minutes=1))
    assert link is not None
    assert not may_found(caller(blank), old)
    assert may_found(caller(blank), link.rsplit("/", 1)[1])


def test_the_first_link_ends_after_a_day(blank: Installed) -> None:
    token = owner_token(blank)
    assert may_found(caller(blank, later(hours=23)), token)
    assert not may_found(caller(blank, later(hours=24)), token)


def test_the_first_link_founds_one_consultancy_however_often_it_is_pressed(
    blank: Installed,
) -> None:
    token = owner_token(blank)

    def press(number: int) -> bool:
        founding = replace(FOUNDING, email=f"owner{number}@far.example")
        try:
            found_consultancy(caller(blank), token, founding)
        except NotFoundError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(press, range(3))) == 1


def test_a_weak_password_leaves_the_link_as_it_is(blank: Installed) -> None:
    token = owner_token(blank)
    with pytest.raises(RefusedError):
        found_consultancy(caller(blank), token, replace(FOUNDING, password="password1234"))
    assert may_found(caller(blank), token)


def test_links_to_found_and_to_join_are_nowhere_stored(blank: Installed) -> None:
    token = owner_token(blank)
    assert token not in dump(blank.database)
    opened = found_consultancy(caller(blank), token, FOUNDING)
    found = who_is(blank, opened)
    assert found is not None
    invite(found.acting, "new@far.example", "新同事", "consultant")
    joining = Postbox(blank).newest_link()[1]
    held = dump(blank.database)
    for secret in (token, opened, joining, PASSWORD, OTHER):
        assert secret not in held


def test_the_record_is_written_by_the_right_consultancy(installed: Installed) -> None:
    acting = installed.acting(tenant=installed.second)
    with acting.writing() as session:
        record(acting, session, "test.done")
    invite(acting, "new@b.example", "新同事", "viewer")
    assert not roster(installed.acting()).joinings
