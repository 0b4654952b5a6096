"""Every page of the workspace, the administration, one's account, and of those who are no members.

The installation is the populated one of ``tests/web/matrix``: the pages come from the URL map, so
that a new one is looked at without being listed here.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
import time_machine
from playwright.sync_api import Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from app.factory import create_app
from app.services.accounts import passwords
from app.settings import Settings
from app.store.database import Database
from app.store.rows import EngagementProgress, Member
from app.store.scope import INSTALLATION
from app.web.principal import LOCALE_COOKIE
from tests.browser.accessibility import faults_on_every_screen
from tests.browser.watching import Troubles
from tests.browser.windows import OpenPage
from tests.installations import NOW
from tests.people import SECRET, quick_hasher
from tests.web.matrix.cells import Cell, cells_of
from tests.web.matrix.holding import Stored
from tests.web.matrix.principals import PRINCIPALS, Door, Principal
from tests.web.matrix.world import World

AREAS: Final = {
    "owner": (
        "workspace", "coaching", "portfolio", "admin", "auth", "leads", "sharing", "pulse.poster",
    ),
    "viewer on the team": ("workspace", "admin"),
    "second factor due": ("auth.second_factor", "auth.set_up"),
    "anonymous": ("auth", "check.door", "portal.sign_in", "portal.enter", "pulse.sheet"),
    "respondent": ("respond",),
    "respondent who has submitted": ("respond.home", "respond.withdraw"),
    "client contact": ("portal",),
    "visitor": ("check",),
    "visitor who has asked": ("check.door", "check.erase", "check.notice", "check.result"),
}  # fmt: skip
"""Who is looking, and at which blueprints or pages."""
ELSEWHERE: Final = {"diagnosis", "interview", "plan", "reports", "site"}
"""Areas that are gone through by tests of their own, and what has no pages."""
NO_PAGES: Final = (
    "admin.logo",
    "check.colours",
    "check.logo",
    "check.report_file",
    "check.report_progress",
    "coaching.sheet",
    "portal.feed",
    "portal.file",
    "portal.kpi_sheet",
    "portal.section",
    "portal.style",
    "respond.photo",
    "respond.photos",
    "workspace.list_template",
    "workspace.progress_list",
    "workspace.today_line",
)
"""What a browser takes away or puts into another page."""
ASK_FOR_MORE: Final = (
    "admin.invite_member",
    "auth.forgot",
    "auth.password",
    "auth.sign_in",
    "portal.sign_in",
    "sharing.invite",
    "workspace.new_client",
    "workspace.new_invitation",
    "workspace.new_links",
)
"""Pages that come back with words beside their fields when nothing is filled in."""
LOCALES: Final = {"zh": "zh-Hans", "en": "en"}
ALIKE: Final = {("viewer on the team", "en")}
"""What a viewer sees is a part of what the owner does: once is enough to see what is left out."""


@dataclass(frozen=True, slots=True)
class Served:
    """The populated installation behind an address."""

    address: str
    world: World


@pytest.fixture(scope="module")
def served(populated: Stored, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the populated installation, running in this process at its own moment."""
    data = tmp_path_factory.mktemp("pages") / "data"
    shutil.copytree(populated.folder / "data", data)
    shutil.copyfile(populated.folder / "zhenmai.sqlite3", data / "zhenmai.sqlite3")
    settings = Settings(data=data, secret_key=SECRET, mail="file")
    database = Database(settings.database_url)
    app = create_app(settings, database)
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW):
        patch.setattr(passwords, "hasher", quick_hasher())
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            world = World(database, settings, app, dict(populated.houses))
            yield Served(f"http://127.0.0.1:{server.port}", world)
        finally:
            server.shutdown()
            thread.join()
            database.dispose()


def become(page: Page, served: Served, principal: Principal, locale: str) -> None:
    """Give a window somebody's session and language."""
    with served.world.database.writing(INSTALLATION) as session:
        session.execute(update(Member).values(locale=locale))
    for cookie in filter(None, (principal.cookie(served.world), f"{LOCALE_COOKIE}={locale}")):
        name, _, value = cookie.partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": served.address}])


def looks(world: World, principal: Principal) -> Iterator[Cell]:
    """Return one address for every page a person may open."""
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        names = {rule.endpoint, rule.endpoint.partition(".")[0]}
        if names.isdisjoint(AREAS[principal.name]) or rule.endpoint in NO_PAGES:
            continue
        for cell in cells_of(world, rule, principal):
            if cell.method == "GET" and cell.door is Door.OPEN and "/" not in cell.kind:
                yield cell
                break


def out_of_order(page: Page) -> bool:
    """Tell whether the list of what has to be corrected goes another way than the fields."""
    tops: list[float] = page.locator(".error-summary a").evaluate_all(
        "links => links.map(a => document.querySelector(a.hash).getBoundingClientRect().top)"
    )
    return tops != sorted(tops)


def test_no_area_is_left_out(served: Served) -> None:
    areas = {name.partition(".")[0] for names in AREAS.values() for name in names}
    assert areas | ELSEWHERE == set(served.world.app.blueprints)


@pytest.mark.parametrize(
    ("who", "language"),
    [(who, language) for who in AREAS for language in LOCALES if (who, language) not in ALIKE],
)
def test_every_page_fits_the_screen_and_passes_the_checker(
    open_page: OpenPage,
    served: Served,
    troubles: Troubles,
    caplog: pytest.LogCaptureFixture,
    who: str,
    language: str,
) -> None:
    caplog.set_level("WARNING", logger="werkzeug")
    world = served.world
    principal = next(one for one in PRINCIPALS if one.name == who)
    page = open_page(site=served.address)
    become(page, served, principal, LOCALES[language])
    wrong: list[str] = []
    for cell in looks(world, principal):
        answer = page.goto(cell.path)
        assert answer is not None
        if answer.url != f"{served.address}{cell.path}":
            continue  # it leads on to a page that is looked at by itself
        if answer.status >= 400:
            troubles.expect(f"status of {answer.status}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
        wrong += faults_on_every_screen(page, cell.name, language)
        if cell.endpoint in ASK_FOR_MORE:
            page.locator("main form[method=post] button[type=submit]").first.click()
            page.locator(".error-summary").wait_for()
            troubles.expect("status of 422")
            wrong += faults_on_every_screen(page, f"{cell.name}, sent empty", language)
            if out_of_order(page):
                wrong.append(f"{cell.name}: what to correct is not listed as the fields stand")
    assert not wrong, "\n".join(wrong)


def test_a_line_that_is_computed_later_brings_the_numbers_above_along(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page(site=served.address)
    become(page, served, next(one for one in PRINCIPALS if one.name == "owner"), "zh-Hans")
    with served.world.database.writing(INSTALLATION) as session:
        session.execute(update(EngagementProgress).values(edition=0))
    page.goto("/today")
    kinds = page.get_by_role("navigation", name="要办的事")
    expect(kinds.get_by_role("link", name="待定发现")).to_contain_text("2")
    expect(page.locator("main tbody tr")).to_have_count(2)
    expect(page.locator("main tbody")).not_to_contain_text("打开项目就会更新")
    expect(page.locator("#today-lead")).to_have_text("2个项目有事要办，共2个在做。")
