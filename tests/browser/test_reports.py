"""A consultant issues reports: watched, called off, begun again, downloaded, proved, looked at."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.settings import Settings
from app.store.database import Database
from app.store.doors import member_by_email
from app.store.scope import INSTALLATION
from tests.browser.accessibility import (
    LANGUAGES,
    check_accessibility,
    faults_on_every_screen,
)
from tests.browser.members import SignIn
from tests.browser.site import Site, running_copy
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed, Person, Tenant

KITCHEN: Final = f"/engagements/{ENGAGEMENT}/reports"
"""A small kitchen, whose report takes seconds."""
MOTHER_BABY, JEWELLERY, FRESH = "示例母婴连锁", "示例珠宝品牌", "示例鲜果连锁"
DRAWN: Final = 120_000
"""Milliseconds a report of a few pages may take on a machine that does other things too."""


@pytest.fixture(scope="module")
def workspace(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo workspace of these tests' own, with a kitchen beside its clients."""
    with running_copy(demo_data, tmp_path_factory.mktemp("reports")) as found:
        settings = Settings(data=found.data)
        database = Database(settings.database_url)
        house = demo_house(database)
        installed = Installed(database, settings, house, house)
        add_kitchen(installed, team=("owner", "consultant", "viewer"))
        database.dispose()
        yield found


def demo_house(database: Database) -> Tenant:
    """Return the demo consultancy with its people."""
    people, tenant = {}, ""
    with database.reading(INSTALLATION) as session:
        for who in ("owner", "consultant", "viewer"):
            row = member_by_email(session, f"{who}@example.com")
            assert row is not None
            people[who] = Person(row.id, row.name, who, row.email)
            tenant = row.tenant_id
    return Tenant(tenant, "示范咨询", people)


def open_reports(page: Page, client: str) -> None:
    """Go to a client's reports as a person finds them."""
    page.goto("/clients")
    page.get_by_role("link", name=client).first.click()
    page.get_by_role("link", name="首次诊断").first.click()
    tabs = page.get_by_role("navigation", name=re.compile("项目页面|Pages of"))
    tabs.get_by_role("link", name=re.compile("^(报告|Reports)")).click()
    page.wait_for_url("**/reports")


def at_work(page: Page, title: str) -> Locator:
    """Return the part of the page about what is being made."""
    return page.locator(".report-work", has=page.get_by_role("heading", name=title))


def call_off(page: Page) -> None:
    """Cancel what is at work and wait until it has stopped."""
    page.get_by_role("button", name="取消").click()
    expect(page.locator(".report-work")).to_have_count(0, timeout=DRAWN)
    expect(page.get_by_role("row", name=re.compile("第1版报告"))).to_contain_text("已取消")


def test_a_version_is_watched_downloaded_and_proved_byte_for_byte(
    sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in()
    page.goto(KITCHEN)
    expect(page.get_by_role("heading", name="还没有出过报告")).to_be_visible()
    page.get_by_label("这一版的说明").fill("补了冷库的记录")
    page.get_by_role("button", name="出第1版").click()
    expect(at_work(page, "正在生成第1版")).to_be_visible()
    expect(page.get_by_text("可以离开这一页")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("第1版报告"))
    pdf = row.get_by_role("link", name=re.compile("^PDF"))
    expect(pdf).to_be_visible(timeout=DRAWN)
    expect(page.locator("#versions-said")).to_have_text(re.compile("第1版报告.*已完成，可以下载"))
    expect(page.locator(".report-work")).to_have_count(0)
    expect(page.get_by_role("button", name="出第2版")).to_be_visible()
    expect(row).to_contain_text("补了冷库的记录")
    check_accessibility(page)

    kept = {}
    for name in ("PDF", "数据", "答案文件"):
        with page.expect_download() as coming:
            row.get_by_role("link", name=re.compile(f"^{name}")).click()
        kept[name] = tmp_path / coming.value.suggested_filename
        coming.value.save_as(kept[name])
    assert kept["PDF"].read_bytes().startswith(b"%PDF-")
    assert json.loads(kept["数据"].read_bytes())["overall"] is not None
    assert [path.suffix for path in kept.values()] == [".pdf", ".json", ".yaml"]

    row.get_by_role("button", name=re.compile("重新生成并核对")).click()
    expect(at_work(page, "正在重新生成第1版，与原件核对")).to_be_visible()
    expect(row).to_contain_text("与原件逐字节一致", timeout=DRAWN)
    check_accessibility(page)

    page.get_by_role("button", name="出第2版").click()
    expect(page.get_by_role("status").first).to_contain_text("什么都没有变，不用再出一版")
    expect(page.get_by_role("row", name=re.compile("版报告"))).to_have_count(1)


def test_what_waits_says_its_place_and_whatever_is_called_off_can_be_tried_again(
    sign_in: SignIn,
) -> None:
    first, second, third = sign_in(), sign_in("owner"), sign_in("owner")
    for page, client in ((first, MOTHER_BABY), (second, JEWELLERY), (third, MOTHER_BABY)):
        open_reports(page, client)
    for page in (first, second):
        page.get_by_role("button", name="出第1版").click()
        # Two are made at a time; how far each is shows in steps.
        expect(at_work(page, "正在生成第1版")).to_contain_text(
            re.compile(r"第\d+步，共11步"), timeout=DRAWN
        )
    third.get_by_role("radio", name="English").check()
    third.get_by_role("button", name="出第1版").click()
    waiting = at_work(third, "正在生成第2版")
    expect(waiting).to_contain_text("排队中，前面还有2个任务")
    waiting.get_by_role("button", name="取消").click()
    expect(waiting).to_have_count(0)
    expect(third.get_by_role("row", name=re.compile("第2版报告"))).to_contain_text("已取消")
    call_off(second)
    call_off(first)
    check_accessibility(second)
    # Nothing came of it: the next one is the first again.
    expect(first.get_by_role("button", name="出第1版")).to_be_visible()
    first.get_by_role("button", name=re.compile("重试.*第1版报告")).click()
    expect(at_work(first, "正在生成第1版")).to_be_visible()
    check_accessibility(first)
    call_off(first)


def test_a_chapter_is_looked_at_with_the_consultancys_own_face(
    sign_in: SignIn, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 100), "#7a1f3d").save(tmp_path / "logo.png")
    page = sign_in("owner")
    page.goto("/settings")
    page.get_by_label("联系方式").fill("lin@example.com")
    page.get_by_label("保密声明").fill("仅供董事会使用")
    page.get_by_label("主色").fill("#7a1f3d")
    page.get_by_role("button", name="保存报告信息").click()
    page.set_input_files("#logo-file", tmp_path / "logo.png")
    page.get_by_role("button", name="上传标志").click()

    open_reports(page, MOTHER_BABY)
    page.get_by_role("button", name="看预览").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("封面")
    inside = page.frame_locator(".report-frame")
    for words in (MOTHER_BABY, "lin@example.com", "仅供董事会使用", "预览，还没有出具"):
        expect(inside.get_by_text(words).first).to_be_visible()
    expect(inside.locator("img")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("章节").select_option(label="人员编制")
    page.get_by_label("语言", exact=True).select_option(label="English")
    page.get_by_role("button", name="看预览").click()
    expect(inside.get_by_role("heading", level=1)).to_contain_text("head office")
    page.get_by_role("link", name=re.compile("SOP手册")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SOP手册")


def test_who_only_looks_issues_nothing(sign_in: SignIn) -> None:
    page = sign_in("viewer")
    open_reports(page, JEWELLERY)
    expect(page.get_by_text("出报告请找项目组里的顾问")).to_be_visible()
    expect(
        page.locator("main").get_by_role("button", name=re.compile("出第|重试|取消"))
    ).to_have_count(0)


@LANGUAGES
def test_every_page_fits_the_screen_and_passes_the_checker(sign_in: SignIn, language: str) -> None:
    page = sign_in("owner", language)
    open_reports(page, FRESH)
    fresh = page.url
    wrong: list[str] = []
    for path in (fresh, "/reports", KITCHEN, f"{KITCHEN}/preview?section=scores"):
        page.goto(path)
        wrong += faults_on_every_screen(page, path, language)
    assert not wrong, "\n".join(wrong)
