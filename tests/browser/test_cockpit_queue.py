"""Answers on their way to the server: without a network, in a long queue, refused, signed out."""

import pytest
from playwright.sync_api import Page, Response, Route, expect

from app.settings import Settings
from app.store.answers import history_of
from app.store.database import Database
from app.store.scope import INSTALLATION
from tests.browser.cockpit import (
    answer_by_keys,
    begin,
    chosen,
    current,
    cut,
    history,
    saved,
)
from tests.browser.members import SignIn, give_password
from tests.browser.site import Site
from tests.browser.watching import Troubles
from tests.browser.windows import OpenPage

CUT = "ERR_INTERNET_DISCONNECTED"
HALF_AN_HOUR = 30 * 60_000
MANY = 40


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """A consultant at a desk."""
    return sign_in()


def test_what_is_answered_without_a_network_arrives_once_in_order(
    page: Page, sign_in: SignIn, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    address = begin(page, "operations", "断网")
    page.keyboard.press("2")
    saved(page)
    answered: list[str] = []
    for _ in range(2):
        cut(page)
        for _ in range(4):
            page.keyboard.press("ArrowDown")
            answered.append(current(page).get_attribute("data-item") or "")
            answer_by_keys(page)
        page.keyboard.press("ArrowRight")
        answered.append(current(page).get_attribute("data-item") or "")
        answer_by_keys(page)
        expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
        page.context.set_offline(False)
        saved(page, 60_000)
    shown = {item: chosen(page, item) for item in answered}
    other = sign_in("owner")
    other.goto(address)
    assert {item: chosen(other, item) for item in answered} == shown
    assert all(shown.values())
    assert len(history(other, address, answered[0])) == 1


def test_forty_answers_of_half_an_hour_without_a_network_arrive_once_and_in_order(
    open_page: OpenPage, site: str, demo_site: Site, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    page = open_page(site=site)
    page.clock.install()
    give_password(page)
    address = begin(page, "private-domain-head", "半小时")
    page.goto(f"{address}?everything=1")
    cut(page)
    answered = []
    for _ in range(MANY):
        answered.append(current(page).get_attribute("data-item") or "")
        answer_by_keys(page)
        page.keyboard.press("ArrowDown")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    page.clock.fast_forward(HALF_AN_HOUR)
    assert len(set(answered)) == MANY
    assert logged(demo_site, address) == [], "nothing has arrived yet"
    page.context.set_offline(False)
    saved(page, 60_000)
    assert logged(demo_site, address) == [(item, 1, True) for item in answered]


def logged(site: Site, address: str) -> list[tuple[str, int, bool]]:
    """Return what arrived for an interview, in the order it did: item, revision, if it stands."""
    database = Database(Settings(data=site.data).database_url)
    with database.reading(INSTALLATION) as session:
        rows = history_of(session, address.rsplit("/", 1)[1])
        found = [(row.item, row.revision, row.standing) for row in rows]
    database.dispose()
    return found


def test_a_long_queue_is_sent_at_a_pace_the_server_takes(page: Page, troubles: Troubles) -> None:
    troubles.expect(CUT)
    address = begin(page, "private-domain-head", "长队")
    page.goto(f"{address}?everything=1")
    cut(page)
    for _ in range(30):
        answer_by_keys(page)
        page.keyboard.press("ArrowDown")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    answers: list[int] = []
    page.on("response", lambda told: answers.append(told.status) if _is_save(told) else None)
    page.evaluate(
        """() => {
          const words = document.querySelector("#save-state [data-words]");
          window.read = [];
          const note = () => window.read.push(words.textContent);
          new MutationObserver(note).observe(words, { childList: true });
        }"""
    )
    page.context.set_offline(False)
    saved(page, 90_000)
    assert len(answers) >= 30
    assert set(answers) == {200}, "no answer was sent too soon"
    read: list[str] = page.evaluate("window.read")
    assert any(words.startswith("保存中，还有") for words in read), read
    page.reload()
    done = page.locator(".part:not(#part-facts) .question.is-done")
    expect(done).to_have_count(30)


def _is_save(told: Response) -> bool:
    return told.request.method == "POST" and told.url.endswith("/answers")


def test_a_server_that_takes_nothing_for_now_is_said_and_asked_again(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect("status of 429")
    begin(page, "sales", "稍后再传")
    first = current(page).get_attribute("data-item") or ""
    held = [True]

    def hold(route: Route) -> None:
        if held:
            route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "throttled"})
        else:
            route.continue_()

    page.route("**/answers", hold)
    page.keyboard.press("4")
    expect(page.locator("#save-state")).to_contain_text("服务器暂时不接收，1条待传")
    held.clear()
    saved(page, 30_000)
    page.unroute("**/answers")
    page.reload()
    assert chosen(page, first) == ["4"]


def test_answers_that_wait_in_a_closed_tab_are_sent_by_the_next_one(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    address = begin(page, "content", "关页")
    first = current(page).get_attribute("data-item") or ""
    cut(page)
    page.keyboard.press("3")
    expect(page.locator("#save-state")).to_contain_text("离线，1条待传", timeout=20_000)
    page.keyboard.press("q")
    page.keyboard.insert_text("我们没有选题会")
    expect(page.locator("#save-state")).to_contain_text("离线，2条待传")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    assert chosen(again, first) == ["3"]
    saved(again)
    again.evaluate("localStorage.clear()")
    again.reload()
    assert chosen(again, first) == ["3"]
    quote = again.locator(f".question[data-item='{first}'] [name$='_quote']")
    assert quote.input_value() == "我们没有选题会"
    assert history(again, address, first) == ["3 标准化", "3 标准化"], "the level, then its quote"


def test_the_list_of_interviews_sends_what_waits_too(page: Page, troubles: Troubles) -> None:
    troubles.expect(CUT)
    address = begin(page, "content", "列表补传")
    first = current(page).get_attribute("data-item") or ""
    cut(page)
    page.keyboard.press("3")
    expect(page.locator("#save-state")).to_contain_text("待传", timeout=20_000)
    context = page.context
    page.close()
    context.set_offline(False)
    board = context.new_page()
    board.goto(address.rsplit("/", 1)[0])
    expect(board.locator("#waiting")).to_be_hidden(timeout=30_000)
    board.evaluate("localStorage.clear()")
    board.goto(address)
    assert chosen(board, first) == ["3"]


def test_a_save_whose_answer_was_lost_on_the_way_is_not_doubled(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect("failed request: .*/answers")
    troubles.expect("console error: Failed to load resource: net::ERR_")
    address = begin(page, "it", "丢应答")
    first = current(page).get_attribute("data-item") or ""
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort("connectionreset")

    page.route("**/answers", lose_the_answer)
    page.keyboard.press("1")
    saved(page, 30_000)
    assert lost
    assert len(history(page, address, first)) == 1


def test_an_expired_sign_in_loses_nothing(page: Page, troubles: Troubles) -> None:
    troubles.expect("status of 401")
    troubles.expect("status of 403")
    begin(page, "store", "过期")
    first = current(page).get_attribute("data-item") or ""
    expect(page.locator("#so-far")).to_have_attribute("data-fresh", "", timeout=30_000)
    page.context.clear_cookies()
    with page.expect_response("**/so-far"):
        page.evaluate("document.querySelector('#so-far').dispatchEvent(new Event('refresh'))")
    page.keyboard.press("3")
    expect(page.locator("#signed-out")).to_be_visible(timeout=20_000)
    expect(page.locator("#save-state")).to_contain_text("待传")
    second = page.context.new_page()
    give_password(second)
    second.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page, 30_000)
    expect(page.locator("#signed-out")).to_be_hidden()
    page.reload()
    assert chosen(page, first) == ["3"]


def test_what_is_refused_is_said_beside_its_field_and_stays(page: Page, troubles: Troubles) -> None:
    troubles.expect("status of 422")
    begin(page, "ceo", "拒收")
    page.keyboard.press("/")
    page.keyboard.insert_text("预算月数")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("一年多")
    page.keyboard.press("Escape")
    refusal = current(page).locator("[data-error='value']")
    expect(refusal).to_contain_text("这里要填0到60之间的数字", timeout=20_000)
    expect(page.locator("#save-state")).to_contain_text("有1题要改")
    page.reload()
    assert chosen(page, "budget-months") == ["一年多"]
    page.locator("#q-budget-months-box").fill("12")
    saved(page)
    expect(page.locator("#q-budget-months [data-error]")).to_have_count(0)


def test_a_long_number_is_read_back_and_what_is_to_mend_elsewhere_is_pointed_to(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect("status of 422")
    address = begin(page, "ceo", "别处")
    page.keyboard.press("/")
    page.keyboard.insert_text("预算月数")
    page.keyboard.press("Enter")
    page.locator("#q-budget-months-box").fill("36000000")
    expect(current(page).locator("[data-reads]")).to_have_text("= 3600万")
    page.locator("#q-budget-months-box").fill("12")
    expect(current(page).locator("[data-reads]")).to_be_empty()
    saved(page)
    page.locator("#q-budget-months-box").fill("一年多")
    expect(page.locator("#save-state")).to_contain_text("有1题要改", timeout=20_000)
    # What is to be mended lies in this person's browser, and they are in another interview.
    begin(page, "store", "这里")
    page.get_by_role("button", name="去处理").click()
    expect(page.locator("#stuck")).to_contain_text("在另一场访谈里")
    page.goto(address)
    page.get_by_role("button", name="去处理").click()
    expect(page.locator("#q-budget-months-box")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("6")
    saved(page)
    expect(page.get_by_role("button", name="去处理")).to_be_hidden()
