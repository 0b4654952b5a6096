"""The members' page: owners invite, change and shut out; nobody else does."""

from collections.abc import Iterator

import pytest
import time_machine

from app.services.accounts.joining import invite
from tests.accounts import Postbox, with_second_factor
from tests.installations import NOW
from tests.people import Installed

INVITED = {"email": "new@a.example", "name": "新同事", "role": "consultant"}


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


def test_an_owner_invites_and_sees_who_has_not_come_yet(installed: Installed) -> None:
    client = installed.browser()
    done = client.post("/members/invite", data=INVITED, follow_redirects=True)
    assert "邀请已发到new@a.example" in done.text
    path = Postbox(installed).newest_link()[0]
    assert path in done.text, "the owner can hand the link on"
    assert "新同事" in done.text
    again = client.post("/members/invite", data=INVITED)
    assert again.status_code == 422
    assert "已经邀请过" in again.text


def test_an_invitation_is_sent_again_and_taken_back(installed: Installed) -> None:
    client = installed.browser()
    client.post("/members/invite", data=INVITED)
    old = Postbox(installed).newest_link()[0]
    page = client.get("/members").text
    joining = page.split('action="/members/invitations/')[1].split("/")[0]
    done = client.post(f"/members/invitations/{joining}/again", follow_redirects=True)
    assert old not in done.text
    assert installed.browser(None).get(old).status_code == 404
    done = client.post(f"/members/invitations/{joining}/revoke", follow_redirects=True)
    assert "邀请已撤回" in done.text
    assert "没有等待接受的邀请" in done.text
    done = client.post(f"/members/invitations/{joining}/again", follow_redirects=True)
    assert "已经接受或撤回" in done.text


def test_a_changed_role_holds_for_the_next_request_of_the_member(installed: Installed) -> None:
    owner, deputy = installed.browser(), installed.browser("consultant")
    member = installed.first.people["consultant"].id
    assert deputy.get("/members").status_code == 403
    assert owner.post(f"/members/{member}/role", data={"role": "owner"}).status_code == 303
    assert deputy.get("/members").status_code == 200
    assert owner.post(f"/members/{member}/role", data={"role": "viewer"}).status_code == 303
    assert deputy.get("/members").status_code == 403
    refused = owner.post(f"/members/{member}/role", data={"role": "root"})
    assert refused.status_code == 422


def test_a_disabled_member_is_out_with_the_next_request(installed: Installed) -> None:
    owner, viewer = installed.browser(), installed.browser("viewer")
    member = installed.first.people["viewer"].id
    assert viewer.get("/profile").status_code == 200
    page = owner.post(f"/members/{member}/disable", follow_redirects=True).text
    assert "已停用" in page
    assert viewer.get("/profile").status_code == 303
    assert "启用后" in page
    owner.post(f"/members/{member}/enable")
    assert viewer.get("/profile").status_code == 303


def test_the_last_owner_is_told_what_to_do_first(installed: Installed) -> None:
    client = installed.browser()
    owner = installed.first.people["owner"].id
    page = client.get(f"/members/{owner}").text
    assert "请先把另一位成员设为所有者" in page
    done = client.post(f"/members/{owner}/disable", follow_redirects=True)
    assert "至少要有一位能登录的所有者" in done.text
    assert client.get("/members").status_code == 200


def test_an_owner_who_steps_down_leaves_the_members_page(installed: Installed) -> None:
    client = installed.browser()
    client.post(f"/members/{installed.first.people['consultant'].id}/role", data={"role": "owner"})
    owner = installed.first.people["owner"].id
    done = client.post(f"/members/{owner}/role", data={"role": "consultant"})
    assert done.location == "/"
    assert client.get("/members").status_code == 403


def test_a_lost_second_factor_is_reset_by_another_owner(installed: Installed) -> None:
    with_second_factor(installed, "consultant")
    client = installed.browser()
    member = installed.first.people["consultant"].id
    assert "重置两步验证" in client.get(f"/members/{member}").text
    done = client.post(f"/members/{member}/second-factor", follow_redirects=True)
    assert "两步验证已重置" in done.text
    own = installed.first.people["owner"].id
    done = client.post(f"/members/{own}/second-factor", follow_redirects=True)
    assert "请在个人资料里用密码关闭" in done.text


def test_requiring_a_second_factor_leads_everybody_to_it(installed: Installed) -> None:
    client, viewer = installed.browser(), installed.browser("viewer")
    client.post("/members/second-factor", data={"required": "yes"})
    assert viewer.get("/profile").location == "/second-factor?next=/profile"
    assert client.get("/members").location == "/second-factor?next=/members"


@pytest.mark.parametrize("who", ["consultant", "viewer", None])
def test_nobody_but_owners_reaches_the_members(installed: Installed, who: str | None) -> None:
    joining = invite(installed.acting(), "new@a.example", "新同事", "viewer")
    member = installed.first.people["viewer"].id
    client = installed.browser(who)
    expected = 303 if who is None else 403
    for path in ("/members", "/members/invite", f"/members/{member}"):
        assert client.get(path).status_code == expected
    for path in (
        "/members/invite",
        "/members/second-factor",
        f"/members/invitations/{joining}/again",
        f"/members/invitations/{joining}/revoke",
        f"/members/{member}/role",
        f"/members/{member}/disable",
        f"/members/{member}/enable",
        f"/members/{member}/second-factor",
    ):
        assert client.post(path, data={"role": "owner"}).status_code == expected


def test_another_consultancys_people_are_as_good_as_missing(installed: Installed) -> None:
    joining = invite(installed.acting(), "new@a.example", "新同事", "viewer")
    member = installed.first.people["viewer"].id
    client = installed.browser("owner", installed.second)
    assert "衡石咨询" not in client.get("/members").text
    for foreign, missing in (
        (f"/members/{member}", "/members/nobody"),
        (f"/members/{member}/disable", "/members/nobody/disable"),
        (f"/members/{member}/role", "/members/nobody/role"),
        (f"/members/{member}/second-factor", "/members/nobody/second-factor"),
        (f"/members/invitations/{joining}/again", "/members/invitations/none/again"),
        (f"/members/invitations/{joining}/revoke", "/members/invitations/none/revoke"),
    ):
        statuses = {
            client.post(path, data={"role": "viewer"}).status_code for path in (foreign, missing)
        }
        assert statuses in ({404}, {405})
    assert client.get(f"/members/{member}").status_code == 404
    assert installed.browser("viewer").get("/profile").status_code == 200


def test_marked_up_names_are_words(installed: Installed) -> None:
    client = installed.browser()
    name = "<script>alert(1)</script>{{ 7*7 }}"
    done = client.post("/members/invite", data={**INVITED, "name": name}, follow_redirects=True)
    assert "<script>alert" not in done.text
    assert "{{ 7*7 }}" in done.text
