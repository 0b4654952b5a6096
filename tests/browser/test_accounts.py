"""How people get in: founding, an invitation by mail, two-step sign-in, devices, a new password."""

import re
import time
from dataclasses import dataclass
from typing import Final

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_accessibility
from tests.browser.letters import letter_to, link_in
from tests.browser.site import Site
from tests.browser.watching import Troubles
from tests.browser.windows import DESKTOP, PHONE, OpenPage

OWNER, GUEST = "shen@example.com", "qiao@example.com"
FIRST: Final = "第一位所有者-的密码-2026"
SECOND: Final = "受邀顾问-的密码-2026"
THIRD: Final = "忘记以后-新设的密码-2026"
HALF_A_MINUTE: Final = 30


def heading(page: Page, words: str) -> None:
    """Expect to be on a page, and have the checker find nothing on it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    check_accessibility(page)


def found(page: Page, link: str) -> None:
    """Found the consultancy by the link the installation printed."""
    page.goto(link)
    heading(page, "开始使用诊脉")
    page.get_by_role("button", name="开始设置").click()
    heading(page, "建立咨询机构")
    page.get_by_label("咨询机构名称").fill("白露咨询")
    page.get_by_label("姓名").fill("沈一苇")
    page.get_by_label("邮箱").fill(OWNER)
    page.get_by_label("密码").fill(FIRST)
    page.get_by_role("button", name="建立并登录").click()
    page.wait_for_url("**/today")


def invite(page: Page) -> None:
    """Invite a colleague, then have two-step sign-in asked of everybody."""
    page.goto("/members")
    heading(page, "机构成员")
    page.get_by_role("link", name="邀请成员").click()
    heading(page, "邀请成员")
    page.get_by_label("邮箱").fill(GUEST)
    page.get_by_label("姓名").fill("乔木")
    page.get_by_role("button", name="发出邀请").click()
    expect(page.get_by_role("table", name="等待接受的邀请")).to_contain_text("乔木")
    check_accessibility(page)
    page.get_by_role("switch", name="所有成员必须开启两步验证").check()
    page.locator("form", has=page.get_by_role("switch")).get_by_role("button").click()


@dataclass(frozen=True, slots=True)
class Authenticator:
    """What somebody has after the set-up: the secret, the code it took, the codes to recover by."""

    secret: str
    used: str
    recovery: list[str]

    def next_code(self) -> str:
        """Return a code that was not shown yet, whatever the clock did meanwhile."""
        return pyotp.TOTP(self.secret).at(int(time.time()) + HALF_A_MINUTE)


def set_up(page: Page) -> Authenticator:
    """Set two-step sign-in up, which stands before every other page."""
    heading(page, "两步验证")
    page.get_by_role("button", name="开始设置").click()
    expect(page.get_by_role("img", name="两步验证二维码")).to_be_visible()
    secret = page.locator("main code").inner_text().replace(" ", "")
    check_accessibility(page)
    used = pyotp.TOTP(secret).now()
    page.get_by_label("验证码").fill(used)
    page.get_by_role("button", name="开启两步验证").click()
    heading(page, "两步验证已开启")
    codes = page.locator("main li code").all_inner_texts()
    page.get_by_role("link", name="已经收好，继续").click()
    return Authenticator(secret, used, codes)


def join(page: Page, link: str) -> Authenticator:
    """Accept the invitation as its reader would."""
    page.goto(link)
    heading(page, "加入诊脉工作台")
    page.get_by_role("button", name="继续").click()
    heading(page, "加入白露咨询")
    expect(page.get_by_label("姓名")).to_have_value("乔木")
    page.get_by_label("密码").fill(SECOND)
    page.get_by_role("button", name="加入并登录").click()
    kept = set_up(page)
    page.wait_for_url("**/today")
    return kept


def sign_in(page: Page, password: str) -> None:
    """Give address and password."""
    page.goto("/sign-in")
    page.get_by_label("邮箱").fill(GUEST)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def show(page: Page, code: str) -> None:
    """Give a code of the authenticator, or one to recover by."""
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="验证", exact=True).click()


def go_by_the_menu(phone: Page, place: str, title: str) -> None:
    """Go to one of the main places where no row has room for them, with the keys alone."""
    places = phone.get_by_role("navigation", name="主要页面")
    expect(places).to_have_count(1)
    expect(places.get_by_role("link", name=place)).to_have_count(0)
    places.get_by_text("菜单").press("Enter")
    check_accessibility(phone)
    places.get_by_role("link", name=place).press("Enter")
    heading(phone, title)


def test_from_the_invitation_in_the_mail_to_a_device_signed_out_from_afar(
    open_page: OpenPage, empty_site: tuple[Site, str], troubles: Troubles
) -> None:
    troubles.expect("status of 422")  # a wrong password, and a code that was used before
    troubles.expect("status of 404")  # the invitation, opened a second time
    site, first_link = empty_site
    owner = open_page(site=site.url)
    found(owner, first_link)
    invite(owner)
    set_up(owner)
    heading(owner, "机构成员")

    letter = letter_to(site, GUEST, "邀请您加入")
    assert "沈一苇邀请您加入白露咨询" in letter
    phone = open_page(PHONE, site=site.url)
    authenticator = join(phone, link_in(letter))
    go_by_the_menu(phone, "全景", "客户全景")
    owner.goto(link_in(letter))
    heading(owner, "这个链接不能用了")

    desk = open_page(DESKTOP, site=site.url)
    sign_in(desk, FIRST)
    expect(desk.locator(".error-summary")).to_contain_text("邮箱或密码不对")
    heading(desk, "登录")
    sign_in(desk, SECOND)
    heading(desk, "两步验证")
    show(desk, authenticator.used)
    expect(desk.locator(".error-summary")).to_contain_text("已经用过")
    show(desk, authenticator.next_code())
    desk.wait_for_url("**/today")

    desk.goto("/profile/devices")
    heading(desk, "登录的设备")
    rows = desk.get_by_role("table", name="登录的设备").locator("tbody tr")
    expect(rows).to_have_count(2)
    other = rows.filter(has_not_text="这台设备")
    other.get_by_role("button", name=re.compile("^退出")).click()
    expect(desk.get_by_role("status").first).to_contain_text("已退出登录")
    expect(rows).to_have_count(1)
    phone.goto("/today")
    heading(phone, "登录")

    phone.get_by_role("link", name="忘记密码").click()
    heading(phone, "忘记密码")
    phone.get_by_label("邮箱").fill(GUEST)
    phone.get_by_role("button", name="发送链接").click()
    heading(phone, "请查收邮件")
    phone.goto(link_in(letter_to(site, GUEST, "重设")))
    phone.get_by_role("button", name="继续").click()
    heading(phone, "设定新密码")
    phone.get_by_label("新密码").fill(THIRD)
    phone.get_by_role("button", name="保存新密码").click()
    desk.goto("/today")
    heading(desk, "登录")
    sign_in(phone, THIRD)
    show(phone, authenticator.recovery[0])
    phone.wait_for_url("**/today")
    assert "密码已在" in letter_to(site, GUEST, "密码已更改")
