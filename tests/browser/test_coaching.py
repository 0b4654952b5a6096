"""A coaching quarter lived week by week in the browser, with a gate that fails; and a second round.

The application runs in this process, so that its clock can be set: every week is one visit.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from app.domain.actuals import A_WEEK, LAST_DAY
from app.services.accounts.sessions import open_device
from app.services.coaching.coached_plan import open_coached
from app.services.coaching.tasks import key_text, settle_tasks
from app.web.principal import MEMBER_COOKIE
from tests.browser.accessibility import check_accessibility
from tests.browser.windows import OpenPage
from tests.case_engagements import ENGAGEMENT
from tests.coached_cases import at, coach, copied, kept
from tests.installations import NOW
from tests.people import Installed

COACHING = f"/engagements/{ENGAGEMENT}/coaching"
START = NOW.date() - timedelta(days=NOW.date().weekday())
"""The first day of the pilot."""


@dataclass
class Life:
    """A served case, a window on it, and the clock of both."""

    installed: Installed
    page: Page
    clock: time_machine.Traveller

    def on(self, day: date) -> None:
        """Let it be noon of a day."""
        self.clock.move_to(datetime.combine(day, time(4, tzinfo=UTC)))


@pytest.fixture(scope="module")
def begun_folder(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(migrated_file, tmp_path_factory.mktemp("quarter"), coach)


@pytest.fixture
def life(begun_folder: Path, tmp_path: Path, open_page: OpenPage) -> Iterator[Life]:
    for installed in copied(begun_folder, tmp_path):
        with time_machine.travel(datetime.combine(START, time(4, tzinfo=UTC))) as clock:
            server = make_server("127.0.0.1", 0, installed.app, threaded=True)
            installed.app.config["SERVER_NAME"] = None
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            address = f"http://127.0.0.1:{server.port}"
            page = open_page(site=address)
            with installed.database.writing(installed.first.id) as session:
                person = installed.first.people["consultant"].id
                later = NOW + timedelta(days=200)
                token = open_device(session, person, later, "127.0.0.1", "test")
            page.context.add_cookies([{"name": MEMBER_COOKIE, "value": token, "url": address}])
            try:
                yield Life(installed, page, clock)
            finally:
                server.shutdown()
                thread.join()


def confirm(page: Page, *titles: str) -> None:
    """Say of lines of the gate that they are met."""
    for title in titles:
        page.get_by_label(f"{title}做到没有").select_option("yes")


def hold(page: Page) -> None:
    page.get_by_role("button", name="按现在的数评审").click()


def do_tasks(life: Life, week: date, percent: int) -> None:
    """Do a share of a week's tasks, spread evenly."""
    acting = at(life.installed, week + LAST_DAY)
    due = open_coached(acting, ENGAGEMENT).tasks(week, week + LAST_DAY)
    keys = [key_text(task.key) for place, task in enumerate(due) if place % 10 < percent // 10]
    settle_tasks(acting, ENGAGEMENT, keys, "done")


def tick_tasks(page: Page) -> None:
    """Tick two of the week's tasks on their page."""
    page.goto(f"{COACHING}/tasks")
    boxes = page.locator("main .runs input[type=checkbox]")
    for place in range(2):
        boxes.nth(place).check()
    page.get_by_role("button", name="按时做了").click()
    expect(page.get_by_text("2项任务记为按时做了")).to_be_visible()


def report(page: Page, figures: dict[str, str]) -> None:
    """Enter figures of the week on its page."""
    page.goto(COACHING)
    for name, value in figures.items():
        page.get_by_label(f"{name}本周实际", exact=True).fill(value)
    page.get_by_role("button", name="保存本周的数").click()
    expect(page.get_by_text("这一周的数已保存")).to_be_visible()


def live(life: Life, weeks: range, percent: int, figures: dict[str, str]) -> None:
    """Live weeks: on the last day of each, do a share of its tasks and enter its figures."""
    for number in weeks:
        week = START + number * A_WEEK
        life.on(week + LAST_DAY)
        do_tasks(life, week, percent)
        if number == weeks.start:
            tick_tasks(life.page)
        if figures:
            report(life.page, figures)


def pilot_figures(rate: str) -> dict[str, str]:
    """Return what is reported of a pilot's week."""
    return {"加粉率": rate, "进群率": "28"}


def align(life: Life, day: date) -> None:
    """Look at the gate of the alignment, confirm all of it, and pass."""
    page = life.page
    life.on(day)
    page.goto(f"{COACHING}/gate")
    confirm(page, "诊断与路线图被接受", "私域负责人", "一页纸战略")
    page.get_by_label("合规的实际值").fill("2")
    page.get_by_role("button", name="先看结果，不评审").click()
    expect(page.locator(".verdict")).to_contain_text("放行")
    hold(page)
    expect(page.get_by_text("评审结果：放行")).to_be_visible()


def review_pilot(page: Page) -> None:
    """Review the gate of the pilot: confirm what no figure tells, waive what cannot be told."""
    page.goto(f"{COACHING}/gate")
    confirm(page, "好于对照单位", "话术、分工、日报定稿")
    waiver = page.locator("tr", has=page.get_by_role("rowheader", name="达标的试点单位"))
    waiver.get_by_text("依据或豁免").click()
    waiver.get_by_label("达标的试点单位的依据").fill("只有一个试点单位")
    waiver.get_by_label("这一条不适用").check()
    hold(page)


def test_a_coaching_quarter_week_by_week_with_a_gate_that_fails_twice(life: Life) -> None:
    """Thirteen weeks: a pilot, its repair, back to the alignment, a second pilot, the model."""
    page = life.page
    align(life, START - timedelta(days=1))
    live(life, range(2), 70, pilot_figures("18"))
    life.on(START + timedelta(days=15))
    do_tasks(life, START + 2 * A_WEEK, 70)
    review_pilot(page)
    expect(page.get_by_text("评审结果：整改")).to_be_visible()
    expect(page.locator(".phase-line")).to_contain_text("整改到")
    check_accessibility(page)
    page.goto(f"{COACHING}/tasks")
    expect(page.locator(".task-board .badge", has_text="整改").first).to_be_visible()

    live(life, range(2, 5), 70, pilot_figures("24"))
    life.on(START + 5 * A_WEEK)
    page.goto("/today")
    page.goto(f"{COACHING}/gate")
    expect(page.locator(".phase-line")).to_contain_text("出口评审已到期")
    expect(page.locator(".verdict")).to_contain_text("退回「诊断与对齐」")
    check_accessibility(page)
    hold(page)
    expect(page.get_by_text("评审结果：停。路线图已按退回的阶段重排。")).to_be_visible()
    expect(page.locator(".phase-line")).to_contain_text("诊断与对齐")

    live(life, range(5, 7), 100, {})
    align(life, START + 7 * A_WEEK)
    live(life, range(7, 9), 100, pilot_figures("32"))
    life.on(START + 9 * A_WEEK + timedelta(days=3))
    do_tasks(life, START + 9 * A_WEEK, 100)
    review_pilot(page)
    expect(page.get_by_text("评审结果：放行")).to_be_visible()
    expect(page.locator(".phase-line")).to_contain_text("跑模型")
    live(life, range(10, 13), 100, {"7天首单率": "12"})
    expect(page.get_by_role("heading", name="走势")).to_be_visible()
    check_accessibility(page)


def test_a_re_diagnosis_is_begun_and_laid_beside_the_first_round(life: Life) -> None:
    page = life.page
    life.on(START + 13 * A_WEEK)
    page.goto(f"{COACHING}/rounds")
    page.get_by_role("link", name="开下一轮诊断").first.click()
    expect(page.get_by_text("看着旧答案会往旧答案靠")).to_be_visible()
    page.get_by_role("button", name="开始复诊").click()
    expect(page.get_by_text("复诊已建好")).to_be_visible()
    page.get_by_role("link", name="陪跑", exact=True).last.click()
    page.get_by_role("link", name="复诊", exact=True).click()
    expect(page.get_by_text("沿用的企业信息没有确认")).to_be_visible()
    expect(page.get_by_role("heading", name="两轮并排")).to_be_visible()
    expect(page.get_by_role("heading", name="发现的去向")).to_be_visible()
    check_accessibility(page)
